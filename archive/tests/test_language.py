"""Language detection: five languages, others named as such, and no claim without evidence.

The scores on real text stand in ``archive/text/language_model.md``; the tests marked ``shared``
keep them from sinking.
"""

import gzip
import json
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.text import language_model
from archive.text.language import LANGUAGES, Detected, canonical_code, detect
from archive.text.train_language import held_out

SENTENCES = {
    "da": "Kommunen har besluttet, at den nye bro skal åbne for cyklister allerede efter påske.",
    "nb": "Kommunen har bestemt at den nye broen skal åpne for syklister allerede etter påske.",
    "nn": "Kommunen har vedteke at den nye brua skal opne for syklistar allereie etter påske.",
    "sv": "Kommunen har beslutat att den nya bron ska öppna för cyklister redan efter påsk.",
    "en": "The council has decided that the new bridge will open to cyclists right after Easter.",
}
OTHERS = {
    "de": "Die Gemeinde hat beschlossen, dass die neue Brücke schon nach Ostern geöffnet wird.",
    "nl": "De gemeente heeft besloten dat de nieuwe brug al na Pasen opengaat voor fietsers.",
    "fi": "Kunta on päättänyt, että uusi silta avataan pyöräilijöille heti pääsiäisen jälkeen.",
    "is": "Sveitarfélagið hefur ákveðið að nýja brúin verði opnuð strax eftir páska.",
    "fr": "La commune a décidé que le nouveau pont ouvrira aux cyclistes juste après Pâques.",
    "ru": "Это русский текст о новом мосте, который откроют весной.",
}
_SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.parametrize(("code", "text"), SENTENCES.items())
def test_a_sentence_is_recognised_with_confidence(code, text):
    found = detect(text)
    assert found.language == code
    assert found.confidence > 0.7
    assert [c for c, _ in found.alternatives if c == code] == []


@pytest.mark.parametrize(("code", "text"), OTHERS.items())
def test_another_language_is_called_by_its_name(code, text):
    assert detect(text).language == code


def test_capitals_do_not_matter():
    for code, text in SENTENCES.items():
        assert detect(text.upper()).language == code


@pytest.mark.parametrize(
    "text", ["", " \n", "12345", "– … !", "Ja", "no", "https://example.org/da"]
)
def test_a_text_that_does_not_say_has_no_language(text):
    assert detect(text) == Detected("", 0.0)


def test_a_name_alone_is_no_evidence():
    assert detect("Kabul").confidence < 0.5


def test_the_usual_language_of_the_source_decides_in_doubt_only():
    doubtful = "Ole Lund er død"
    assert detect(doubtful, prior="da").language == "da"
    assert detect(doubtful, prior="nb").language == "nb"
    assert detect(SENTENCES["sv"], prior="da").language == "sv"
    assert detect(SENTENCES["en"], prior="xx").language == "en"


def test_addresses_are_not_read_as_words():
    with_links = SENTENCES["da"] + " https://www.example.org/the-new-bridge-is-open-now " * 3
    assert detect(with_links).language == "da"


def test_detection_is_the_same_in_many_threads():
    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda text=text: answers.append(detect(text).language))
        for text in SENTENCES.values()
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(answers) == dict.fromkeys(LANGUAGES, 4)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("no", "nb"), ("nb-NO", "nb"), ("nn_NO", "nn"), ("NOR", "nb"), ("Norsk bokmål", "nb"),
        ("Nynorsk", "nn"), ("no-nynorsk", "nn"), ("da", "da"), ("dan", "da"), ("Danish", "da"),
        ("Svenska", "sv"), ("se", "sv"), ("sv-FI", "sv"), ("Samisk", "sme"), ("en-GB", "en"), ("ENGLISH", "en"),
        ("de-AT", "de"), ("fi", "fi"), ("klingonsk", ""), ("xx", ""), ("", ""), ("12", ""),
        ("zz-very-long-code", ""), ("sr-Latn-long", ""), ("en-a", ""), ("da_DK_x", ""),
    ],
)  # fmt: skip
def test_tags_and_names_of_languages_become_one_code(value, code):
    assert canonical_code(value) == code


@given(st.text(max_size=300))
def test_any_text_gives_a_probability(text):
    found = detect(text)
    assert 0 <= found.confidence <= 1
    assert bool(found.language) == bool(found.confidence) or found.confidence == 0
    assert sum(share for _, share in found.alternatives) + found.confidence <= 1.001


@given(
    st.text(max_size=60)
    | st.lists(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), max_size=5).map("-".join)
)
@example("samisk")
def test_any_text_is_a_code_or_none(text):
    assert canonical_code(text) == canonical_code(canonical_code(text) or text)


def test_features_do_not_depend_on_the_run():
    assert language_model.features("Å gå").tolist() != []
    assert sorted(language_model.features("På ø").tolist()) == sorted(
        language_model.features("PÅ Ø!").tolist()
    )
    assert not np.any(language_model.logits("12 345"))


def test_the_model_is_small_and_holds_no_code():
    assert language_model.PATH.stat().st_size < 1_500_000
    with np.load(language_model.PATH, allow_pickle=False) as stored:
        assert stored["table"].shape == (language_model.SIZE, len(language_model.CLASSES))


def _rows(name: str) -> Iterator[dict]:
    path = _SHARED / name
    if not path.exists():
        pytest.skip("the data sets do not lie beside the project")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _accuracy(pairs: list[tuple[str, str]]) -> dict[str, float]:
    """The share found right, by language."""
    asked = Counter(code for code, _ in pairs)
    right = Counter(code for code, text in pairs if detect(text).language == code)
    return {code: right[code] / asked[code] for code in asked}


@pytest.mark.shared
def test_news_sentences_it_was_not_trained_on_are_recognised():
    pairs = [
        (row["lang"], row["text"])
        for name in ("da_danplus_ddt", "nb_norne", "nn_norne", "sv_klintan")
        for row in _rows(f"ner/{name}.jsonl.gz")
        if row["split"] in ("dev", "test") and len(row["text"].split()) >= 5
    ]
    found = _accuracy(pairs[::4])
    assert min(found.values()) > 0.94
    assert sum(found.values()) / len(found) > 0.97


@pytest.mark.shared
def test_translated_news_it_was_not_trained_on_is_recognised():
    pairs = [
        (row["lang"], row["text"])
        for row in _rows("langid/ntrex_lines.jsonl.gz")
        if len(row["langs"]) == 1 and held_out(row["doc_id"])
    ]
    found = _accuracy(pairs)
    assert set(found) == {*LANGUAGES, "de", "nl", "fi", "is", "fo"}
    assert min(found.values()) > 0.96
