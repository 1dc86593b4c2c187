"""Finding names: exact offsets, sensible kinds, agreement over an article, no text that fails."""

import threading
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.entities.corpora import read_iob2
from archive.entities.extract import KINDS, Span, extract, model_version
from archive.entities.features import FeatureExtractor, shape
from archive.entities.gazetteer import NameList, WordList
from archive.entities.listed import ListedNames
from archive.entities.mixing import mean, without_light_features
from archive.entities.repeated import repeated
from archive.entities.tagger import Tagger, Weights
from archive.entities.voting import OTHER, PERSON, PLACE, Mention, vote

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"


def kinds(text: str, language: str | None = None) -> dict[str, str]:
    return {span.text: span.kind for span in extract(text, language)}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "da",
            "Statsminister Mette Frederiksen rejser til Stockholm for at mødes med Nato.",
            {"Mette Frederiksen": "person", "Stockholm": "place", "Nato": "organisation"},
        ),
        (
            "nb",
            "Lærer Kari Hansen flyttet fra Bergen til Oslo, skriver Aftenposten.",
            {
                "Kari Hansen": "person",
                "Bergen": "place",
                "Oslo": "place",
                "Aftenposten": "organisation",
            },
        ),
        (
            "nn",
            "Ordføraren Olav Haugen reiste frå Førde til Noreg si hovudstad Oslo.",
            {"Olav Haugen": "person", "Førde": "place", "Oslo": "place"},
        ),
        (
            "sv",
            "Enligt polisen i Göteborg greps Anders Svensson utanför Ericssons kontor i Kista.",
            {"Göteborg": "place", "Anders Svensson": "person"},
        ),
        (
            "en",
            "Prime Minister Boris Johnson met officials of the United Nations in London.",
            {"Boris Johnson": "person", "United Nations": "organisation", "London": "place"},
        ),
    ],
)
def test_names_are_found_with_their_kind_in_five_languages(language, text, expected):
    found = kinds(text, language)
    assert expected.items() <= found.items()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("sv", "Vita huset vill inte svara.", {"Vita huset": "organisation"}),
        ("sv", "Nu väntar alla på Vita husets besked.", {"Vita husets": "organisation"}),
        ("sv", "I går möttes FN:s säkerhetsråd.", {"FN:s säkerhetsråd": "organisation"}),
        ("sv", "Hjälpen når inte Gazaremsan.", {"Gazaremsan": "place"}),
        ("nn", "Det kvite huset seier nei.", {"Det kvite huset": "organisation"}),
        ("nb", "Nordisk råd møtes i dag.", {"Nordisk råd": "organisation"}),
        # Not what only begins like one, nor within a longer name, nor an English adjective.
        ("nb", "Det norske nettet vokser.", {}),
        ("en", "They served Mediterranean food.", {}),
        ("sv", "Det vita huset vid sjön är sålt.", {}),
    ],
)
def test_names_of_our_own_lists_are_found_where_the_model_passes_over_them(
    language, text, expected
):
    assert kinds(text, language) == expected


def test_a_name_of_the_lists_within_a_longer_one_is_left_alone():
    listed = ListedNames.of([("Norges Bank", "organisation")], WordList.load())
    forms = ["Direktør", "i", "Norges", "Bank", "Watch", "Norges", "Banks", "dør"]
    assert list(listed.missed(forms, [(2, 5)], "nb")) == [((5, 7), "organisation")]
    assert list(listed.missed(forms, [(2, 3), (5, 7)], "nb")) == [((2, 4), "organisation")]


def test_a_language_not_given_still_finds_names():
    text = "Kari Hansen reiste til Oslo."
    assert {"Kari Hansen", "Oslo"} <= set(kinds(text))
    assert kinds(text, "xx") == kinds(text, None)


def test_a_genitive_stays_in_the_form_as_written():
    assert "USA's" in kinds("Det var USA's ansvar, sagde han.", "da")
    assert "USA:s" in kinds("Det är USA:s ansvar, sade han.", "sv")


def test_a_photo_credit_holds_two_names():
    found = kinds("Møtet i går.\n\nFoto: Kari Hansen/Reuters", "nb")
    assert found.get("Kari Hansen") == "person"
    assert found.get("Reuters") == "organisation"


def assert_sound(text: str, spans: list[Span]) -> None:
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
        assert span.kind in KINDS
        assert 0 <= span.confidence <= 1
        end = span.end


@settings(max_examples=60, deadline=None)
@given(st.text(), st.sampled_from([None, "da", "nb", "nn", "sv", "en", "tlh"]))
def test_no_text_is_too_strange(text, language):
    assert_sound(text, extract(text, language))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "Oslo\0Bergen \0 Kari Hansen",
        "\ud800 Kari \udfff Hansen i Oslo",
        "\ufeffKari Hansen\u200b bor i\u00a0Oslo.",
        "👩‍👩‍👧 Kari Hansen 👍🏽 Oslo",
        "A" * 100_000,
        "Kari Hansen " * 5_000,
        "/" * 1_000,
        "Foto: ////",
    ],
)
def test_damaged_text_gives_exact_offsets(text):
    assert_sound(text, extract(text, "nb"))


@pytest.mark.slow
def test_two_megabytes_of_text_are_read():
    text = "Kari Hansen reiste fra Oslo til Bergen i går.\n" * 45_000
    assert len(text) > 2_000_000
    spans = extract(text, "nb")
    assert len(spans) >= 45_000
    assert_sound(text, spans)


@pytest.mark.parametrize("gap", ["\n\n", "\r\n\r\n", "\n   \t\n", "\u2029"])
def test_offsets_are_exact_whatever_the_white_space(gap):
    text = f"  Kari Hansen til Oslo{gap}\t Hun   reiste  fra \u00a0Bergen.{gap}"
    spans = extract(text, "nb")
    assert_sound(text, spans)
    assert {"Kari Hansen", "Oslo", "Bergen"} <= {span.text for span in spans}


def test_the_same_text_gives_the_same_names_in_many_threads():
    text = "Kari Hansen møtte Boris Johnson i London, skriver Aftenposten og NTB."
    expected = extract(text, "nb")
    results = []

    def run() -> None:
        for number in range(20):
            extract(f"Nytt ord{number}{threading.get_ident()} i Oslo.", "nb")
            results.append(extract(text, "nb"))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 80
    assert all(result == expected for result in results)


def test_the_version_names_the_trained_file():
    assert model_version().startswith("crf-")
    assert model_version() == model_version()


def odds(person: float = 0, organisation: float = 0, place: float = 0, other: float = 0):
    return np.array([person, organisation, place, other], np.float32)


def mention(form: str, kind: int, share, *, sentence: int = 0, confidence: float = 0.5) -> Mention:
    forms = tuple(form.split())
    return Mention(sentence, 0, len(forms), forms, kind, confidence, share)


def test_sure_mentions_decide_about_a_doubtful_one():
    sure = [
        mention("Taleban", 1, odds(organisation=0.99), sentence=n, confidence=0.99) for n in (0, 1)
    ]
    doubtful = mention("Talebans", 0, odds(person=0.5, organisation=0.4), sentence=2)
    assert [m.kind for m in vote([*sure, doubtful])] == [1, 1, 1]


def test_a_sure_mention_is_not_outvoted():
    others = [mention("Paris", 2, odds(place=0.8), sentence=n) for n in range(5)]
    sure = mention("Paris", 0, odds(person=0.97), confidence=0.97)
    assert vote([*others, sure])[-1].kind == PERSON


def test_a_surname_takes_the_kind_of_the_full_name():
    full = mention("Ida Trane", 0, odds(person=0.99), confidence=0.99)
    surname = mention("Trane", 2, odds(person=0.3, place=0.5), sentence=1)
    assert vote([full, surname])[1].kind == PERSON


def test_a_surname_that_no_list_has_is_the_person_beyond_doubt():
    full = mention("Ida Trane", 0, odds(person=0.99), confidence=0.99)
    places = [mention("Trane", 2, odds(place=0.85), sentence=n) for n in (1, 2, 3)]
    assert {one.kind for one in vote([full, *places], lambda form: False)} == {PERSON}
    assert vote([full, *places], lambda form: form == "Trane")[-1].kind == PLACE
    genitive = mention("Tranes", 2, odds(place=0.85), sentence=4)
    assert vote([full, *places, genitive], lambda form: form == "trane")[-1].kind == PLACE
    sure = mention("Trane", 2, odds(place=0.95), sentence=5)
    assert vote([full, sure], lambda form: False)[-1].kind == PLACE
    likely = replace(full, odds=odds(person=0.95))
    assert vote([likely, *places], lambda form: False)[-1].kind == PLACE


def test_a_surname_that_is_a_town_only_in_a_far_language_is_the_person():
    text = (
        "Syukuro Manabe, Klaus Hasselmann och Giorgio Parisi får årets Nobelpris i fysik.\n\n"
        "Den andra hälften går till Parisi, som har upptäckt mönster i system som verkar röriga."
    )
    kinds = {span.kind for span in extract(text, "sv") if span.text.endswith("Parisi")}
    assert kinds == {"person"}


def found_again(full: str, text: str, words: tuple[str, ...] = (), **given) -> list[str]:
    """The names found again in the sentences of a text that stand behind a sure one."""
    sure = replace(mention(full, PERSON, odds(person=0.99), confidence=0.99), **given)
    sentences = [full.split(), *(sentence.split() for sentence in text.split("|"))]
    again = repeated([sure], sentences, lambda word: word in words)
    assert all(one.kind == PERSON for one in again)
    return [" ".join(sentences[one.sentence][one.first : one.end]) for one in again]


def test_a_surname_is_found_again_where_the_model_passed_it_over():
    text = "Trane advarede igen .|Det er Tranes tredje tale , siger Ida Trane .|Tak til Trane ."
    assert found_again("Ida Trane", text) == ["Trane", "Tranes", "Ida Trane", "Trane"]
    assert found_again("Ida Tranes", "Trane sagde nej .|Ida Trane gik .") == ["Trane", "Ida Trane"]


def test_a_surname_in_a_longer_name_or_a_heading_in_capitals_is_not_taken_for_the_person():
    assert found_again("Ida Trane", "Her kom Bo Trane .|Et Trane Museum aabner .") == []
    assert found_again("Ida Trane", "Trane Backs New Plan") == []
    assert found_again("Ida Trane", "En trane fløj over søen .") == []
    assert found_again("Ida May", "It was in May .", words=("may",)) == []
    assert found_again("Ida Trane", "Trane gik .", confidence=0.8) == []


def test_the_model_finds_each_place_of_a_person_it_is_sure_of():
    text = (
        "USA's præsident, Joe Biden, rejser til Kyiv.\n\nBiden advarede Rusland om nye sanktioner.\n\n"
        "Biden har sagt, at ingen soldater sendes af sted."
    )
    starts = [span.start for span in extract(text, "da") if "Biden" in span.text]
    assert len(starts) == text.count("Biden")


def test_a_title_read_into_a_name_is_cut_off():
    full = mention("Ida Trane", 0, odds(person=0.99), confidence=0.99)
    long = mention("Parti-talsmand Ida Trane", OTHER, odds(person=0.3, other=0.5), sentence=1)
    cut = vote([full, long])[1]
    assert (cut.forms, cut.first, cut.end, cut.kind) == (("Ida", "Trane"), 1, 3, PERSON)


def test_word_shapes_tell_capitals_small_letters_and_digits():
    assert [shape(word) for word in ("Jens", "USA", "Nato-chef", "2021", "A", "eBay", "–")] == [
        "Aa",
        "A",
        "Aa-a",
        "9",
        "A1",
        "aAa",
        "–1",
    ]


def test_a_word_list_forgets_nothing_and_seldom_invents(tmp_path):
    words = [f"ord{number}" for number in range(5000)]
    WordList.build({"da": words, "sv": ["flygplats"]}).save(tmp_path / "words")
    known = WordList.load(tmp_path / "words")
    assert all("da" in known.languages(word) for word in words)
    invented = sum("da" in known.languages(f"x{number}") for number in range(5000))
    assert invented < 250
    assert known.languages("flygplats")[-1:] == ("sv",)


def test_a_name_list_overlooks_genitives_and_finds_the_longest_name():
    names = NameList([("oslo", "city"), ("new york", "city"), ("new york times", "media")])
    assert names.kinds("Oslos") == ("city",)
    assert names.kinds("oslofjorden") == ()
    assert list(names.matches(["i", "new", "york", "times", "new", "york"])) == [
        (1, 4, "media"),
        (4, 6, "city"),
    ]


def test_the_sums_of_the_tagger_are_those_of_the_features_one_by_one():
    extractor = FeatureExtractor(NameList([("oslo", "city")]), WordList.build({"nb": ["reiste"]}))
    tokens = ["Kari", "Hansen", "reiste", "til", "Oslo", "."]
    rows = extractor.features(tokens, "nb")
    features = sorted({feature for row in rows for feature in row})
    state = np.random.default_rng(1).normal(size=(len(features), 3)).astype(np.float32)
    numbers = {feature: row for row, feature in enumerate(features)}
    weights = Weights(("B-PER", "I-PER", "O"), numbers, state, np.zeros((3, 3), np.float32))
    expected = np.array([state[[numbers[feature] for feature in row]].sum(axis=0) for row in rows])
    tagger = Tagger(weights, extractor)
    assert np.allclose(tagger.emissions([tokens], "nb"), expected, atol=1e-4)


def test_the_best_path_and_the_marginals_are_those_of_trying_every_path():
    rng = np.random.default_rng(2)
    transitions = rng.normal(size=(3, 3)).astype(np.float32)
    weights = Weights(("B-PER", "I-PER", "O"), {}, np.zeros((0, 3), np.float32), transitions)
    tagger = Tagger(weights, FeatureExtractor(NameList([]), WordList({})))
    emissions = rng.normal(size=(4, 3)).astype(np.float32)
    paths = list(np.ndindex(3, 3, 3, 3))
    scores = np.array(
        [
            sum(emissions[i, label] for i, label in enumerate(path))
            + sum(transitions[a, b] for a, b in pairwise(path))
            for path in paths
        ]
    )
    assert tuple(tagger.best(emissions, [4])) == paths[int(scores.argmax())]
    shares = np.exp(scores) / np.exp(scores).sum()
    expected = np.zeros((4, 3))
    for path, share in zip(paths, shares, strict=True):
        for i, label in enumerate(path):
            expected[i, label] += share
    assert np.allclose(tagger.marginals(emissions, [4]), expected, atol=1e-4)


def test_weights_come_back_from_their_file_as_they_were(tmp_path):
    state = np.array([[0.5, -1, 0], [2, 0, 0.25]], np.float32)
    weights = Weights(("B-PER", "I-PER", "O"), {"w=ø": 0, "w=\\t": 1}, state, np.eye(3, dtype="f"))
    weights.save(tmp_path / "weights.npz")
    again = Weights.load(tmp_path / "weights.npz")
    assert again.labels == weights.labels
    assert again.rows == weights.rows
    assert np.array_equal(again.state, state)
    assert np.array_equal(again.transitions, weights.transitions)


def wide_and_deep(features: list[str]) -> Weights:
    rng = np.random.default_rng(3)
    return Weights(
        ("B-PER", "I-PER", "O"),
        {feature: row for row, feature in enumerate(features)},
        rng.normal(size=(len(features), 7)).astype(np.float32),
        rng.normal(size=(3, 3)).astype(np.float32),
        rng.normal(size=(1, 4)).astype(np.float32),
        rng.normal(size=(4, 3)).astype(np.float32),
    )


def test_hidden_units_see_the_sums_of_a_token():
    extractor = FeatureExtractor(NameList([("oslo", "city")]), WordList.build({"nb": ["reiste"]}))
    tokens = ["Kari", "Hansen", "reiste", "til", "Oslo", "."]
    rows = extractor.features(tokens, "nb")
    weights = wide_and_deep(sorted({feature for row in rows for feature in row}))
    sums = np.array(
        [weights.state[[weights.rows[feature] for feature in row]].sum(axis=0) for row in rows]
    )
    expected = sums[:, :3] + np.maximum(sums[:, 3:] + weights.bias, 0) @ weights.output
    assert np.allclose(Tagger(weights, extractor).emissions([tokens], "nb"), expected, atol=1e-3)


def test_the_mean_of_models_scores_as_their_scores_do_on_average():
    extractor = FeatureExtractor(NameList([]), WordList({}))
    tokens = ["Kari", "Hansen", "reiste"]
    features = sorted({feature for row in extractor.features(tokens, "nb") for feature in row})
    deep = wide_and_deep(features)
    linear = Weights(deep.labels, deep.rows, deep.state[:, 1:4].copy(), deep.transitions * 2)
    both = mean([linear, deep, deep], [0.4, 0.3, 0.3])
    expected = 0.4 * Tagger(linear, extractor).emissions([tokens], "nb")
    expected += 0.6 * Tagger(deep, extractor).emissions([tokens], "nb")
    assert np.allclose(Tagger(both, extractor).emissions([tokens], "nb"), expected, atol=1e-3)
    assert np.allclose(both.transitions, deep.transitions * 1.4)
    assert mean([linear], [1.0]).state.shape == linear.state.shape


def with_context(weights: Weights, seed: int) -> Weights:
    rng = np.random.default_rng(seed)
    return replace(
        weights,
        context=rng.normal(size=(3, 4, 2)).astype(np.float32),
        context_bias=rng.normal(size=(1, 2)).astype(np.float32),
        context_output=rng.normal(size=(2, 3)).astype(np.float32),
    )


def test_context_units_see_the_hidden_units_around_within_the_sentence():
    extractor = FeatureExtractor(NameList([]), WordList({}))
    tokens = ["Kari", "Hansen", "reiste"]
    rows = extractor.features(tokens, "nb")
    deep = wide_and_deep(sorted({feature for row in rows for feature in row}))
    weights = with_context(deep, 5)
    sums = np.array([deep.state[[deep.rows[f] for f in row]].sum(axis=0) for row in rows])
    hidden = np.maximum(sums[:, 3:] + deep.bias, 0)
    around = np.stack([np.vstack([np.zeros(4), hidden[:-1]]), hidden])
    around = np.concatenate([around, np.vstack([hidden[1:], np.zeros(4)])[None]])
    units = np.einsum("ptu,puc->tc", around, weights.context) + weights.context_bias
    expected = Tagger(deep, extractor).emissions([tokens], "nb")
    expected = expected + np.maximum(units, 0) @ weights.context_output
    many = Tagger(weights, extractor).emissions([tokens] * 3, "nb")
    assert np.allclose(many, np.concatenate([expected] * 3), atol=1e-3)


def test_the_mean_keeps_the_context_of_each_model_to_itself(tmp_path):
    extractor = FeatureExtractor(NameList([]), WordList({}))
    tokens = ["Kari", "Hansen", "reiste"]
    features = sorted({feature for row in extractor.features(tokens, "nb") for feature in row})
    one, other = with_context(wide_and_deep(features), 5), with_context(wide_and_deep(features), 6)
    expected = 0.25 * Tagger(one, extractor).emissions([tokens], "nb")
    expected += 0.75 * Tagger(other, extractor).emissions([tokens], "nb")
    both = mean([one, other], [0.25, 0.75])
    assert np.allclose(Tagger(both, extractor).emissions([tokens], "nb"), expected, atol=1e-3)
    both.save(tmp_path / "weights.npz")
    again = Weights.load(tmp_path / "weights.npz")
    assert np.allclose(again.context, both.context, atol=2e-3)
    assert np.array_equal(again.context_output, both.context_output)


def test_features_that_change_scores_least_are_left_out():
    weights = wide_and_deep([f"w={number}" for number in range(10)])
    weights.state[3] = weights.state[7] = 0
    weights.state[5] = 0.001
    lighter = without_light_features(weights, 0.3)
    assert sorted(lighter.rows) == [f"w={number}" for number in (0, 1, 2, 4, 6, 8, 9)]
    assert np.array_equal(lighter.state[lighter.rows["w=9"]], weights.state[9])
    assert lighter.state.shape == (7, 7)


def test_hidden_units_take_a_byte_a_weight_in_the_file(tmp_path):
    weights = wide_and_deep([f"w={number}" for number in range(500)])
    weights.save(tmp_path / "weights.npz")
    again = Weights.load(tmp_path / "weights.npz")
    steps = np.abs(weights.state[:, 3:]).max(axis=0) / 127
    assert np.all(np.abs(again.state[:, 3:] - weights.state[:, 3:]) <= steps / 2 + 2e-3)
    assert np.array_equal(again.bias, weights.bias)
    assert np.array_equal(again.output, weights.output)


def test_sentences_of_universal_ner_are_read_with_exact_offsets(tmp_path):
    path = tmp_path / "en_ewt-ud-train.iob2"
    path.write_text(
        "# newdoc id = d\n# sent_id = d-1\n# text = Al-Zaman wo n't leave New York.\n"
        "1\tAl\tB-ORG\t-\tx\n2\t-\tI-ORG\t-\tx\n3\tZaman\tI-ORG\t-\tx\n4\two\tO\n"
        "5\tn't\tO\n6\tleave\tB-OTH\n7\tNew\tB-LOC\n8\tYork\tI-LOC\n9\t.\tO\n\n",
        encoding="utf-8",
    )
    (sentence,) = read_iob2(path)
    assert (sentence.dataset, sentence.language, sentence.part) == ("en_uner_ewt", "en", "train")
    names = [(sentence.text[start:end], label) for start, end, label in sentence.spans]
    assert names == [("Al-Zaman", "ORG"), ("New York", "LOC")]
    path.write_text("# text = Oslo\n1\tBergen\tB-LOC\n\n", encoding="utf-8")
    with pytest.raises(ValueError, match="Bergen"):
        read_iob2(path)
    with pytest.raises(ValueError, match="Universal NER"):
        read_iob2(tmp_path / "names.txt")


def test_an_ordinary_word_made_from_a_name_is_none():
    assert "Amerikanske" not in kinds("Amerikanske soldater forlader Kabul.", "da")
    assert "British" not in kinds("The British soldiers left Kabul.", "en")


@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed articles do not lie beside the project")
def test_the_seeds_give_the_names_that_a_reader_sees():
    found: dict[str, set[str]] = {}
    for path in sorted(SEEDS.glob("*.txt")):
        for span in extract(path.read_text(encoding="utf-8")):
            found.setdefault(span.text, set()).add(span.kind)
    for person in (
        "Joe Biden",
        "Zabihullah Mujahid",
        "Antony Blinken",
        "Frank McKenzie",
        "Annegret Kramp-Karrenbauer",
        "Jeppe Kofod",
        "Donald Trump",
    ):
        assert "person" in found.get(person, ()), person
    for organisation in ("Taliban", "CNN", "Reuters", "Nato"):
        assert "organisation" in found.get(organisation, ()), organisation
    for place in ("Kabul", "Afghanistan", "Doha"):
        assert "place" in found.get(place, ()), place
