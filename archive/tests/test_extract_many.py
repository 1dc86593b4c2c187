"""Reading the sentences of a text together, and scoring the model by sentences and documents."""

import gzip
import json
from itertools import accumulate
from pathlib import Path

import numpy as np
from django.core.management import call_command

from archive.entities.corpora import CORPORA, GoldSentence, documents
from archive.entities.extract import extract
from archive.entities.features import FeatureExtractor
from archive.entities.gazetteer import NameList, WordList
from archive.entities.tagger import Tagger
from archive.tests.test_extract import wide_and_deep


def test_sentences_read_together_do_not_see_each_other():
    extractor = FeatureExtractor(
        NameList([("oslo", "city"), ("kari", "given")]), WordList.build({"nb": ["reiste"]})
    )
    sentences = [["Kari", "Hansen", "reiste"], ["Oslo"], ["Til", "Oslo", "."], ["I", "Oslo"]]
    features = sorted(
        {f for one in sentences for row in extractor.features(one, "nb") for f in row}
    )
    weights = wide_and_deep(features)
    tagger = Tagger(weights, extractor)
    lengths = [len(one) for one in sentences]
    together = tagger.emissions(sentences, "nb")
    path, sure = tagger.best(together, lengths), tagger.marginals(together, lengths)
    ends = list(accumulate(lengths))
    for one, length, end in zip(sentences, lengths, ends, strict=True):
        alone = tagger.emissions([one], "nb")
        assert np.allclose(together[end - length : end], alone, atol=1e-4)
        assert path[end - length : end] == tagger.best(alone, [length])
        assert np.allclose(sure[end - length : end], tagger.marginals(alone, [length]), atol=1e-4)


def test_a_long_text_read_in_parts_gives_the_names_of_each_paragraph():
    paragraph = "Kari Hansen flyttet fra Bergen til Oslo, skriver avisen. Det var i fjor."
    found = [(span.start, span.text) for span in extract(paragraph, "nb")]
    assert [text for _, text in found] == ["Kari Hansen", "Bergen", "Oslo"]
    count = 2000
    step = len(paragraph) + 2
    many = extract("\n\n".join([paragraph] * count), "nb")
    expected = [(start + step * n, text) for n in range(count) for start, text in found]
    assert [(span.start, span.text) for span in many] == expected


def test_sentences_of_a_document_become_one_text_with_its_names():
    first = GoldSentence("nb_norne", "nb", "dev", "Oslo er by.", ((0, 4, "LOC"),), "a")
    other = GoldSentence("nb_norne", "nb", "dev", "Nei.", (), "b")
    second = GoldSentence("nb_norne", "nb", "dev", "I Oslo.", ((2, 6, "LOC"),), "a")
    trained = GoldSentence("nb_norne", "nb", "train", "Oslo.", ((0, 4, "LOC"),), "a")
    alone = GoldSentence("sv_klintan", "sv", "dev", "Hej.", ())
    whole = documents([first, other, second, trained, alone, alone])
    assert [one.text for one in whole] == [
        "Oslo er by.\n\nI Oslo.",
        "Nei.",
        "Oslo.",
        "Hej.",
        "Hej.",
    ]
    assert [whole[0].text[start:end] for start, end, _ in whole[0].spans] == ["Oslo", "Oslo"]


def test_scores_are_told_by_sentences_and_by_documents(tmp_path: Path, capsys):
    rows = {
        "da_danplus_ddt": [("Han bor i København.", "København", "LOC", "d1")] * 2
        + [("Hun bor der.", "", "", "d2")],
    }
    (tmp_path / "ner").mkdir()
    for dataset in CORPORA:
        with gzip.open(tmp_path / "ner" / f"{dataset}.jsonl.gz", "wt", encoding="utf-8") as file:
            for number, (text, name, label, document) in enumerate(rows.get(dataset, [])):
                at = text.find(name)
                spans = [{"start": at, "end": at + len(name), "label": label}] if name else []
                row = {"id": number, "doc_id": document, "split": "dev", "text": text}
                file.write(json.dumps({**row, "spans": spans}) + "\n")
    call_command("train_extractor", data=tmp_path, evaluate_only=True)
    told = capsys.readouterr().out
    assert "dev, sentences: 3," in told
    assert "dev, documents: 2," in told
    lines = [line.split() for line in told.splitlines() if line.startswith("da_danplus_ddt")]
    assert [line[3:] for line in lines] == [["100.0"] * 3] * 2
