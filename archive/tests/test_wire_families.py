"""What texts are recognised by: sketches, candidates, and whether two are one story."""

import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.wire import families as wire

BODY = (
    "Statsministeren sagde torsdag aften, at regeringen vil fremlægge en ny aftale om havnen i "
    "Vadby, og at arbejdet kan begynde til foråret. Aftalen er støttet af fem partier. Den koster "
    "480 millioner kroner over fire år, oplyser ministeriet. Fiskerne har ventet på den siden "
    "stormen ødelagde molen for tre år siden, og formanden for deres forening siger, at han er "
    "lettet. Borgmesteren kalder det en god dag for byen. Anlægget skal stå færdigt før sommeren, "
    "og imens må færgen lægge til ved den gamle kaj på den anden side af fjorden."
)
OTHER = (
    "En elg gik mandag morgen ind på skolegården i Lillestrand, hvor eleverne måtte blive inde i "
    "to timer. Viltnemnda fik til sidst lokket dyret tilbage til skogen med epler. Rektor roser de "
    "yngste elevene for å ha holdt seg rolige. Det er tredje gang på en måned at dyr er sett nær "
    "skolen, og kommunen vurderer nå om gjerdet rundt plassen skal gjøres høyere før vinteren."
)
_words = st.lists(st.sampled_from([f"ord{number}" for number in range(12)]))


def of(body: str, headline: str = "", standfirst: str = "") -> wire.Shingles:
    return wire.shingles(headline, standfirst, body)


def same(one: wire.Shingles, other: wire.Shingles, *, strictly: bool = False) -> bool:
    return wire.is_same_story(one, other, wire.likeness(one, other), strictly=strictly)


# --- What counts ------------------------------------------------------------------------------


def test_another_headline_caption_credit_and_byline_make_no_other_story():
    dressed = (
        "Af Bo Lind\n\n30. aug. 2021 22:38\n\nFoto: Ida Krog/Ritzau Scanpix\n\n"
        f"Havnen får penge\n\n{BODY}\n\nMolen ved Vadby. Arkivfoto: Per Holm\n\n/ritzau/"
    )
    assert np.array_equal(of(BODY, "Ny aftale"), of(dressed, "Fiskerne jubler"))


def test_a_head_that_the_body_repeats_is_taken_once():
    standfirst = "Fem partier støtter en ny aftale om havnen i Vadby."
    assert np.array_equal(of(BODY, "", standfirst), of(f"{standfirst}\n\n{BODY}", "", standfirst))


def test_case_signs_and_white_space_play_no_part():
    assert np.array_equal(of(BODY), of(BODY.upper().replace(",", " –").replace(" ", "  ")))


def test_a_shortened_version_is_the_same_story_and_another_text_is_not():
    sentences = BODY.split(". ")
    assert same(of(BODY), of(". ".join(sentences[:4]) + "."))
    assert same(of(f"{BODY}\n\n{OTHER}"), of(BODY))
    assert not same(of(BODY), of(OTHER))


def test_of_one_source_or_far_apart_only_what_is_nearly_the_same_is_one_story():
    first, second = BODY[: len(BODY) // 2], BODY[len(BODY) // 2 :]
    one, other = of(f"{first} {OTHER}"), of(f"{OTHER} {second}")
    assert same(one, other)
    assert not same(one, other, strictly=True)
    assert same(one, of(f"{first} {OTHER}"), strictly=True)


def test_a_round_up_is_no_version_of_each_little_story_in_it():
    rng = np.random.default_rng(7)
    filler = " ".join(f"ord{number}" for number in rng.integers(0, 10**6, 3000))
    assert not same(of(BODY), of(f"{filler} {BODY}"))


def test_notes_are_one_story_only_with_much_the_same_headline_and_text():
    notice = "Artiklen er kun for abonnenter. Log ind for at læse videre."
    assert not same(of(notice, "Elg på skolegården i Lillestrand"), of(notice, "Ny havn i Vadby"))
    assert same(of(notice, "Ny havn i Vadby"), of(notice, "Ny havn i Vadby!"))
    assert not same(of(notice, "Ny havn i Vadby"), of(f"{notice} {BODY}", "Ny havn i Vadby"))


def test_a_text_of_next_to_nothing_is_recognised_by_nothing():
    for body in ("", "Se video.", "…", "\n\n", "Foto: Bo Lind"):
        assert of(body, "Se her").size == 0
        assert wire.sketch(of(body)) == []


def test_a_huge_text_is_read_up_to_a_bound():
    words = " ".join(map(str, range(50_000)))
    assert of(words).size <= wire.LONGEST


# --- What always holds ------------------------------------------------------------------------


@given(st.text(max_size=400), st.text(max_size=100), st.text(max_size=100))
def test_any_text_has_a_sketch_of_its_lowest_shingles(body, headline, standfirst):
    found = of(body, headline, standfirst)
    assert found.size == 0 or found.size >= wire.SHORTEST
    assert np.array_equal(found, np.unique(found))
    assert wire.sketch(found) == sorted(found.tolist())[: wire.SKETCH]
    assert all(-(2**31) <= one < 2**31 for one in wire.sketch(found))


@given(_words, _words)
def test_likeness_is_mutual_and_between_nothing_and_all(one, other):
    first, second = wire.hashes(" ".join(one)), wire.hashes(" ".join(other))
    there, back = wire.likeness(first, second), wire.likeness(second, first)
    assert there == back
    assert 0 <= there.jaccard <= there.containment <= 1
    assert there.jaccard <= there.of_longer <= there.containment
    for strictly in (False, True):
        assert same(first, second, strictly=strictly) == same(second, first, strictly=strictly)


@given(st.integers(0, 8), st.integers(4, 9))
def test_dropping_sentences_at_the_end_keeps_a_candidate(start, length):
    sentences = [f"{part}." for part in f"{BODY} {OTHER}".split(".") if part.strip()]
    whole = of(" ".join(sentences))
    part = of(" ".join(sentences[: max(length, 4)]))
    shared = set(wire.sketch(whole)) & set(wire.sketch(part))
    assert len(shared) >= wire.SHARED
    postings = {shingle: [1] for shingle in wire.sketch(whole)}
    assert wire.candidates(wire.sketch(part), postings, 10) == [(1, len(shared))]


def test_candidates_share_enough_and_those_that_share_most_come_first():
    postings = {number: [1] for number in range(9)} | {20 + number: [2] for number in range(3)}
    for number in range(5):
        postings[number] = [1, 3]
    assert wire.candidates([*range(9), 20, 21, 22], postings, 10) == [(1, 9), (3, 5)]
    assert wire.candidates([*range(9), 20, 21, 22], postings, 1) == [(1, 9)]


# --- Real texts -------------------------------------------------------------------------------


@pytest.mark.shared
def test_real_cross_postings_between_newspapers_are_found(shared):
    path = shared / "data" / "near_duplicates" / "norec_crossposts.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf8") as lines:
        rows = [json.loads(line) for line in lines]
    wanted = {row["b"] for row in rows if row["b"]}
    with gzip.open(shared / "data" / "norec" / "reviews.jsonl.gz", "rt", encoding="utf8") as lines:
        twins = {row["id"]: row for line in lines if (row := json.loads(line))["id"] in wanted}
    pairs = [(row, twins[row["b"]]) for row in rows if row["b"] in twins and row["jaccard4"] >= 0.3]
    assert len(pairs) > 60
    found = sum(
        same(
            of(row["a_text"]),
            of(twin["text"], twin["title"] or ""),
            strictly=row["a_source"] == twin["source"],
        )
        for row, twin in pairs
    )
    assert found / len(pairs) > 0.93
