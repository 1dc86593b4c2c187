"""Training on text that other models labelled: what is taken, what two models agree on, features."""

import gzip
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from archive.entities.corpora import CORPORA, GoldSentence
from archive.entities.e5 import PackedE5
from archive.entities.encoded import Sentences, with_features_of
from archive.entities.features import FeatureExtractor
from archive.entities.gazetteer import NameList, WordList
from archive.entities.silver import Silver, agreed, read_silver, unmarked, write_silver
from archive.entities.tagger import Weights

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")


def sure(*likeliest: dict[int, float]) -> np.ndarray:
    rows = np.full((len(likeliest), len(LABELS)), 0.001, np.float32)
    for row, odds in zip(rows, likeliest, strict=True):
        for label, share in odds.items():
            row[label] = share
    return rows / rows.sum(axis=1, keepdims=True)


def test_two_models_tell_how_they_doubt_together():
    one = sure({1: 0.99}, {2: 0.99}, {0: 0.99}, {3: 0.6, 1: 0.4})
    other = sure({1: 0.99}, {2: 0.99}, {0: 0.99}, {1: 0.7, 3: 0.3})
    tags, doubts = agreed(one, other, LABELS)
    assert tags == ("B-PER", "I-PER", "O", "B-PER")
    assert list(doubts) == [3]
    assert doubts[3] == pytest.approx({"B-PER": 0.555, "B-LOC": 0.445}, abs=0.01)


def test_no_name_goes_on_as_another_kind():
    both = sure({1: 0.99}, {4: 0.6, 2: 0.4})
    tags, doubts = agreed(both, both, LABELS)
    assert tags == ("B-PER", "I-PER")
    assert doubts[1] == pytest.approx({"I-PER": 0.4, "I-LOC": 0.6}, abs=0.01)


def test_silver_sentences_come_back_from_their_file(tmp_path):
    path = tmp_path / "silver.jsonl.gz"
    doubts = {1: {"I-PER": 0.6, "B-LOC": 0.4}}
    silver = [
        Silver("nn", ("Olav", "Ås"), ("B-PER", "I-PER"), doubts),
        Silver("da", ("Ja",), ("O",)),
    ]
    assert write_silver(path, silver) == 2
    assert read_silver(path) == silver
    with gzip.open(path, "wt") as file:
        file.write('{"text": "Ja"}\n')
    with pytest.raises(ValueError, match=r"has no lines of lang, tokens, tags and doubts"):
        read_silver(path)


def put(path: Path, *rows: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def test_no_marked_sentence_and_none_twice_is_taken(tmp_path):
    marked = "Kari bor i Oslo, sier hun."
    put(
        tmp_path / "parole_danish/docs.jsonl.gz",
        {"ner_gold_sents": 0, "text": "Han bor i Skive nu. Han bor i SKIVE, nu! Kort."},
        {"ner_gold_sents": 3, "text": "Dette er et mærket dokument."},
    )
    put(
        tmp_path / "parole_danish/en_translations.jsonl.gz",
        {"text": "She lives in London now. Obama spoke in Aarhus."},
    )
    put(tmp_path / "langid/news_sentences_by_origin.jsonl.gz", {"text": "Obama spoke in Aarhus!"})
    news = {"lang": "nb", "sentences": ["Kari bor i Oslo - sier hun!", "Ola bor i Bergen."]}
    put(tmp_path / "parallel/ntrex_docs.jsonl.gz", news, {"lang": "de", "sentences": ["Ja."]})
    put(tmp_path / "retrieval/norquad_news/corpus.jsonl.gz", {"text": "Ola bor i Bergen."})
    put(tmp_path / "retrieval/danfever/corpus.jsonl.gz", {"text": "Slaget stod ved Hova (1275)."})
    gold = [GoldSentence("nb_norne", "nb", "test", marked, ())]
    more = tmp_path / "nn.txt"
    more.write_text("Ho bur , seier ho , i Flora .\nOla bor i Bergen .\n", encoding="utf-8")
    texts = [("nn", more)]
    taken = [(one.language, " ".join(one.forms)) for one in unmarked(tmp_path, gold, texts)]
    assert taken == [
        ("da", "Han bor i Skive nu ."),
        ("en", "She lives in London now ."),
        ("nb", "Ola bor i Bergen ."),
        ("nn", "Ho bur , seier ho , i Flora ."),
        ("nn", "Ola bor i Bergen ."),
        ("da", "Slaget stod ved Hova ( 1275 ) ."),
    ]
    spaced = list(unmarked(tmp_path, gold))[-1].spaced
    assert spaced == (True, True, True, True, True, False, False, False)


def test_frequent_features_of_silver_sentences_get_rows_and_doubts_are_told():
    extractor = FeatureExtractor(NameList([]), WordList({}))
    weights = Weights(
        ("B-LOC", "I-LOC", "O"), {"w=i": 0}, np.ones((1, 3), np.float32), np.zeros((3, 3), "f")
    )
    silver = [Silver("nb", ("i", "Skien"), ("O", "B-LOC"))] * 8
    silver += [Silver("nb", ("i", "Vang"), ("O", "B-LOC"), {1: {"B-LOC": 0.75, "O": 0.25}})]
    wider = with_features_of(silver, weights, extractor)
    assert wider.rows["w=i"] == 0
    assert "w=skien" in wider.rows
    assert "w=vang" not in wider.rows
    assert wider.state.shape == (len(wider.rows), 3)
    assert not wider.state[1:].any()
    gold = [GoldSentence("nb_norne", "nb", "train", "i Skien", ((2, 7, "LOC"),))]
    sentences = Sentences(gold, silver[-1:], wider, extractor)
    batch = sentences.batch(np.array([0, 1]))
    assert batch.labels.tolist() == [[2, 0], [2, 0]]
    assert batch.shares.tolist() == [[[0, 0, 1], [1, 0, 0]], [[0, 0, 1], [0.75, 0, 0.25]]]
    assert batch.mask.all()
    assert len(batch.starts) == 4
    assert wider.rows["w=skien"] in batch.rows


def packed(path: Path, pieces: list[str], numbers: np.ndarray) -> Path:
    """Write a file of the form: one block of 32 numbers, and pieces of words scored by length."""
    text = "".join(pieces).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in pieces)]).astype("<u4")
    scores = np.array([-1.0 / len(piece) for piece in pieces], "<f4")
    head = b"form" + struct.pack("<I7ifi", 1, 32, 0, 1, 32, 1, 4, 1, 1e-12, 32)
    head += struct.pack("<i4iQ", len(pieces), 0, 2, 1, 3, len(text))
    head += ends.tobytes() + scores.tobytes() + text + struct.pack("<iI", 0, 0)
    name = b"emb.word"
    offset = len(head) + 4 + 2 + len(name) + 21
    entry = struct.pack("<iH", 1, len(name)) + name + struct.pack("<BIQQ", 1, 32, offset, 18)
    halves = (numbers + 8).astype(np.uint8)
    block = np.float16(0.5).tobytes() + (halves[:16] | halves[16:] << 4).tobytes()
    path.write_bytes(head + entry + block)
    return path


def test_the_packed_model_gives_its_numbers_and_pieces(tmp_path):
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁Ka", "Ka", "bul", "b", "u", "l", "s"]
    numbers = np.arange(32) % 16 - 8
    model = PackedE5(packed(tmp_path / "model.bin", pieces, numbers))
    assert model.width == 32
    assert np.array_equal(model.tensor("emb.word", 1, 32), numbers[None] * 0.5)
    assert [pieces[i] for i in model.pieces("Kabuls", True)] == ["▁Ka", "bul", "s"]
    assert [pieces[i] for i in model.pieces("Kabul", False)] == ["Ka", "bul"]
    assert [pieces[i] for i in model.pieces("s☃s", False)] == ["s", "<unk>", "s"]


def test_another_file_is_no_packed_model(tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(bytes(200))
    with pytest.raises(ValueError, match=r"model.bin is not a packed multilingual-e5-small"):
        PackedE5(path)
    path.write_bytes(b"form")
    with pytest.raises(ValueError, match=r"model.bin is not a packed multilingual-e5-small"):
        PackedE5(path)


def test_training_tells_that_the_silver_file_is_missing(tmp_path):
    (tmp_path / "ner").mkdir()
    for dataset in CORPORA:
        put(tmp_path / "ner" / f"{dataset}.jsonl.gz")
    with pytest.raises(CommandError, match=r"Missing file: .*nosuch"):
        call_command("train_extractor", data=tmp_path, silver=tmp_path / "nosuch.jsonl.gz")


def test_a_further_text_begins_with_its_language(tmp_path):
    given = {"e5": tmp_path / "model.bin", "output": tmp_path / "silver.jsonl.gz"}
    with pytest.raises(CommandError, match=r"--text fi: begin with da, nb, nn, sv, en"):
        call_command("label_silver", text=["fi:wiki.txt"], **given)


def test_a_model_to_go_on_from_that_is_missing_is_told(tmp_path):
    (tmp_path / "ner").mkdir()
    for dataset in CORPORA:
        put(tmp_path / "ner" / f"{dataset}.jsonl.gz")
    with pytest.raises(CommandError, match=r"Missing file: .*nosuch"):
        call_command("train_extractor", data=tmp_path, go_on=tmp_path / "nosuch.npz")
