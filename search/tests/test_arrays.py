"""What is read from a segment's file at once is what Whoosh's own readers read one by one."""

from __future__ import annotations

import pickle
import random
import re
from collections import Counter
from html import unescape
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from archive.dates import to_ordinal
from archive.models import Article
from search.analysis.beginnings import Beginnings, WordFinder
from search.analysis.stemming import stem
from search.analysis.tokens import fold, matches
from search.engines.base import FACETS, DateFilter, FacetFilter, SearchRequest, Sort
from search.engines.whoosh import arrays, blocks, columns, live
from search.engines.whoosh.evaluate import evaluate
from search.engines.whoosh.execute import first
from search.engines.whoosh.highlight import Marker
from search.engines.whoosh.snippets import snippet, stretches
from search.engines.whoosh.wanted import Wanted
from search.engines.whoosh.wordlist import WordList, merged
from search.query import nodes, parse_query
from search.tests.newsroom import write

_WORDS = ["kaj", "bro", "skole", "færge", "havn", "tog", "vej", "hus", "by", "sne", "Bro", "kajer"]
_ASK = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(params=[1000, 15], ids=["one group", "two groups"])
def filled(request, index, monkeypatch):
    """Several segments with deletions; articles with names, dates and sources, and without."""
    monkeypatch.setattr(live, "_LARGE", request.param)
    chance = random.Random(11)
    for size in (40, 3, 20, 6):
        articles = []
        for _ in range(size):
            body = " ".join(chance.choices(_WORDS, range(12, 0, -1), k=chance.randrange(1, 60)))
            articles.append(
                write(
                    body,
                    headline=" ".join(chance.choices(_WORDS, k=3)),
                    language=chance.choice(["da", "sv", ""]),
                    date=chance.choice(["", "2020", "2020-05", "2020-05-17", "2021-01-02"]),
                    names={"kaj": chance.choice(["Kaj Holm", "Kaj Ek"])} if "kaj" in body else {},
                )
            )
        index.apply([article.pk for article in articles], [])
    gone = list(Article.objects.values_list("pk", flat=True))[::7]
    Article.objects.filter(pk__in=gone).update(status="trash")
    index.apply(gone, [])
    return index


@pytest.mark.django_db
def test_every_term_is_found_with_its_documents_weights_and_positions(filled) -> None:
    checked = 0
    for leaf in filled.snapshot().leaves:
        arrays = leaf.arrays
        for reader, base in zip(arrays.readers, arrays.bases.tolist(), strict=False):
            for field, term in reader.all_terms():
                matcher = reader._terms.matcher(field, term, reader.schema[field].format)
                expected = []
                while matcher.is_active():
                    positions = (
                        tuple(matcher.value_as("positions"))
                        if matcher.supports("positions")
                        else ()
                    )
                    expected.append((matcher.id() + base, matcher.weight(), positions))
                    matcher.next()
                found = arrays.postings(field, term.decode())
                mine = (found.docs >= base) & (found.docs < base + reader.doc_count_all())
                assert found.docs[mine].tolist() == [row[0] for row in expected]
                assert found.weights[mine].tolist() == [row[1] for row in expected]
                if any(row[2] for row in expected):
                    places = set(arrays.places(field, term.decode()).tolist())
                    assert {(doc << 32) + at for doc, _, row in expected for at in row} <= places
                checked += 1
    assert checked > 100


@pytest.mark.django_db
def test_a_term_that_is_not_there_has_no_documents(filled) -> None:
    for leaf in filled.snapshot().leaves:
        for term in ("", "nothing", "ka", "kajj", "\U0001f600", "x" * 5000):
            assert leaf.arrays.frequency("text", term) == 0
            assert not len(leaf.arrays.postings("nofield", term).docs)


@pytest.mark.django_db
def test_the_list_of_words_is_that_of_the_segments_with_their_articles(filled) -> None:
    for leaf in filled.snapshot().leaves:
        expected: Counter[str] = Counter()
        for reader in leaf.arrays.readers:
            for term in reader.lexicon("exact"):
                expected[term.decode()] += reader.doc_frequency("exact", term)
        words = leaf.arrays.words("exact")
        assert dict(words) == expected

        def chosen(lines: np.ndarray, words: WordList = words) -> dict[str, int]:
            assert lines.tolist() == sorted(set(lines.tolist()))
            return {words.word(line): int(words.counts[line]) for line in lines.tolist()}

        for part in ("k", "ka", "kaj", "o", "zz", "'"):
            begun = {word: count for word, count in expected.items() if word.startswith(part)}
            assert chosen(words.with_prefix(part)) == begun
            assert words.begins(part) == bool(begun)
            assert words.count_of(part) == expected[part]
            assert chosen(words.containing([part, "sn"])) == {
                word: count for word, count in expected.items() if part in word or "sn" in word
            }


def test_a_list_of_words_is_kept_in_a_file_and_a_damaged_one_is_not_believed(tmp_path) -> None:
    words = merged([(["bro", "kaj", "år"], np.array([2, 3, 1]))])
    words.save(tmp_path / "list")
    assert list(WordList.load(tmp_path / "list")) == [("bro", 2), ("kaj", 3), ("år", 1)]
    raw = (tmp_path / "list").read_bytes()
    for damaged in (b"", b"\xff\xff", raw[:9], raw[:-3], b"\xff" + raw[1:]):
        (tmp_path / "list").write_bytes(damaged)
        with pytest.raises((OSError, ValueError)):
            WordList.load(tmp_path / "list")


def test_words_of_several_segments_are_one_list() -> None:
    words = merged([(["bro", "kaj"], np.array([2, 3])), (["kaj", "år"], np.array([4, 1]))])
    assert list(words) == [("bro", 2), ("kaj", 7), ("år", 1)]
    assert not list(merged([([], np.zeros(0, dtype=np.int64))]))


_LETTERS = "abko'æя"
_LISTS = st.dictionaries(
    st.text(_LETTERS, min_size=1, max_size=6), st.integers(1, 9), min_size=1, max_size=40
)


@given(_LISTS, st.text("abko?*", min_size=1, max_size=6))
def test_a_pattern_finds_what_a_plain_comparison_finds(counts, pattern) -> None:
    words = WordList(sorted(counts), np.array([counts[word] for word in sorted(counts)]))
    pattern = re.sub(r"\*+", "*", pattern)
    letter = "(?:[^']|aa|ae|oe)"
    shape = "".join({"?": letter, "*": "[^']*"}.get(sign, sign) for sign in pattern)
    expected = [word for word in sorted(counts) if re.fullmatch(shape, word)]
    assert [words.word(line) for line in words.matching(pattern).tolist()] == expected


@given(_LISTS, st.text("abko", min_size=1, max_size=6), st.integers(1, 2))
def test_like_words_are_those_a_plain_comparison_finds(counts, wanted, edits) -> None:
    words = WordList(sorted(counts), np.array([counts[word] for word in sorted(counts)]))
    expected = [
        word
        for word in sorted(counts)
        if word[0] == wanted[0] and OSA.distance(word, wanted) <= edits
    ]
    found = words.near(wanted, edits, wanted[0])
    assert [words.word(line) for line in found.tolist()] == expected


@given(_LISTS, st.integers(1, 10))
def test_the_commonest_words_are_those_of_most_articles_without_names(counts, most) -> None:
    words = WordList(sorted(counts), np.array([counts[word] for word in sorted(counts)]))
    plain = [(word, counts[word]) for word in sorted(counts) if not word.endswith("'")]
    expected = sorted(plain, key=lambda row: -row[1])[:most]
    assert words.commonest(np.arange(len(counts)), most) == expected


_POSTINGS = st.dictionaries(
    st.integers(0, 2**31), st.lists(st.integers(0, 2**32 - 1), max_size=6), min_size=1, max_size=60
)


@given(postings=_POSTINGS)
def test_a_block_reads_back_as_written(postings: dict[int, list[int]]) -> None:
    has_places = bool(next(iter(postings.values())))
    docs = sorted(postings)
    places = [sorted(set(postings[doc])) or [0] for doc in docs]
    if has_places:
        joined = np.array([at for row in places for at in row], dtype=np.uint32)
        data = blocks.encode(np.array(docs), np.array(list(map(len, places))), joined)
    else:
        data = blocks.encode(np.array(docs))
    raw = pickle.loads(data)
    assert blocks.documents(raw[0]).tolist() == docs
    weights = [float(len(row)) if has_places else 1.0 for row in places]
    assert blocks.weights_of(raw[1], len(docs)).tolist() == weights
    if has_places:
        counts, positions = blocks.positions(raw[2])
        assert counts.tolist() == [len(row) for row in places]
        assert positions.tolist() == [at for row in places for at in row]
        assert list(raw[2]) == [np.array(row, dtype="<u4").tobytes() for row in places]


_COLUMN = st.lists(st.lists(st.sampled_from(["da", "sv", "nb", "kl"]), max_size=3, unique=True))


@given(column=_COLUMN.filter(bool), data=st.data())
def test_values_are_counted_as_one_by_one(column: list[list[str]], data) -> None:
    names = sorted({value for values in column for value in values})
    codes = [names.index(value) for values in column for value in values]
    starts = np.cumsum([0, *map(len, column)])
    found = columns.Values(names, np.array(codes, dtype=np.int32), starts)
    docs = np.array(sorted(data.draw(st.sets(st.integers(0, len(column) - 1)))), dtype=np.int64)
    expected = Counter(value for doc in docs.tolist() for value in column[doc])
    assert dict(zip(names, found.counted(docs).tolist(), strict=True)) == {
        name: expected[name] for name in names
    }
    assert [found.of(doc) for doc in range(len(column))] == column
    wanted = data.draw(st.sets(st.sampled_from(["", "da", "kl", "xx"])))
    assert found.having(wanted).tolist() == [
        bool(wanted & set(values)) or ("" in wanted and not values) for values in column
    ]
    former = data.draw(st.lists(st.sampled_from(["da", "sv", "kl", "xx"]), max_size=3, unique=True))
    pairs = [(name, data.draw(st.sampled_from(["nb", "new"]))) for name in former]
    today = [{dict(pairs).get(value, value) for value in values} for values in column]
    again = found.renamed(pairs)
    assert [sorted(again.of(doc)) for doc in range(again.count)] == [sorted(one) for one in today]
    twice = columns.joined([found, found])
    assert [twice.of(doc) for doc in range(twice.count)] == column * 2


@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 10**6))),
    wanted=st.integers(1, 60),
    few=st.integers(0, 30),
)
def test_the_first_rows_are_those_of_a_whole_sort(rows, wanted: int, few: int) -> None:
    from search.engines.whoosh import execute

    arrays = [np.array([row[n] for row in rows], dtype=np.int64) for n in range(3)]
    before, execute._FEW = execute._FEW, few
    try:
        found = first([lambda at, a=array: a[at] for array in arrays], len(rows), wanted)
    finally:
        execute._FEW = before
    expected = sorted(rows)[:wanted]
    assert [rows[at] for at in found.tolist()] == expected


_TEXTS = ["kaj", "bro", "kaj bro", "kaj OR sne", "-bro", '"kaj bro"', "ka*", "headline:tog", ""]
_FILTERS = st.lists(
    st.builds(
        FacetFilter,
        st.sampled_from(["language", "year", "person", "source"]),
        st.lists(st.sampled_from(["da", "sv", "2020", "2021", "1", "2", ""]), max_size=2).map(
            tuple
        ),
        st.lists(st.sampled_from(["da", "2020", "1", ""]), max_size=1).map(tuple),
    ),
    max_size=2,
    unique_by=lambda one: one.facet,
)
_DAYS = st.sampled_from([None, DateFilter(unknown=True)]) | st.builds(
    DateFilter,
    st.dates(min_value=__import__("datetime").date(2020, 1, 1)),
    st.none(),
    st.booleans(),
)


@pytest.mark.django_db
@_ASK
@given(text=st.sampled_from(_TEXTS), filters=_FILTERS, date=_DAYS, sort=st.sampled_from(list(Sort)))
def test_facets_timeline_total_and_order_are_as_counted_by_hand(
    filled, text: str, filters, date, sort: Sort
) -> None:
    node = parse_query(text).node
    request = SearchRequest(
        query=node, filters=tuple(filters), date=date, sort=sort, limit=1000, facets=FACETS,
        facet_limit=1000, timeline="day", snippets=False,
    )  # fmt: skip
    results = filled.search(request)
    rows = _by_hand(filled, request)
    kept = [row for row in rows if all(_passes(row, one) for one in filters)]
    assert results.total == len(kept) == len(results.hits)
    assert {hit.pk for hit in results.hits} == {row["pk"] for row in kept}
    for facet in FACETS:
        others = [row for row in rows if all(_passes(row, o) for o in filters if o.facet != facet)]
        expected = Counter(value for row in others for value in row[facet] or [""])
        given = {value.value: value.count for value in results.facets[facet] if value.count}
        assert given == expected, facet
    days = Counter((row["earliest"], row["latest"], row["precision"]) for row in kept)
    assert {
        (to_ordinal(row.earliest), to_ordinal(row.latest)): row.count for row in results.timeline
    } == _by_days(days)
    if sort is Sort.NEWEST:
        assert [hit.pk for hit in results.hits] == [
            row["pk"] for row in sorted(kept, key=lambda row: (-row["moment"], -row["pk"]))
        ]


def _by_days(days) -> dict[tuple[int, int], int]:
    found: Counter[tuple[int, int]] = Counter()
    for (earliest, latest, _), count in days.items():
        found[earliest, latest] += count
    return dict(found)


def _by_hand(index, request: SearchRequest) -> list[dict]:
    """Every document that satisfies query and date, with its columns, one by one."""
    from search.engines.whoosh.compile import compile_query

    snapshot = index.snapshot()
    compiled = compile_query(request.query, snapshot)
    rows = []
    for leaf in snapshot.leaves:
        for doc in evaluate(compiled, leaf)[0].tolist():
            reader, number = leaf.arrays.place(doc)
            row = {
                name: reader.column_reader(name, translate=False)[number]
                for name in ("pk", "earliest", "latest", "precision", "moment")
            }
            for facet in FACETS:
                raw = reader.column_reader(facet, translate=False)[number].decode()
                row[facet] = raw.split("\x1f") if raw else []
            if _within(row, request.date):
                rows.append(row)
    return rows


def _within(row: dict, date: DateFilter | None) -> bool:
    if date is None:
        return True
    known = row["precision"] > 0
    if date.unknown:
        return not known
    lower = row["earliest"] if date.certainly else row["latest"]
    return known and lower >= to_ordinal(date.first)


def _passes(row: dict, chosen: FacetFilter) -> bool:
    values = set(row[chosen.facet]) or {""}
    if chosen.include and not values & set(chosen.include):
        return False
    return not values & set(chosen.exclude)


@pytest.mark.django_db
@_ASK
@given(
    words=st.lists(st.sampled_from([*_WORDS, "Kaj", "kajs", "Ek", "broer", "og", "Holms"])),
    query=st.sampled_from(["kaj", "Kaj", "bro sne", "=kaj", "ka* OR Holm", '"kaj bro" sne', "og"]),
)
def test_the_quick_look_at_a_word_marks_what_the_thorough_one_does(
    filled, words: list[str], query: str
) -> None:
    marker = Marker(parse_query(query).node, filled.snapshot())
    text = " ".join(f"({word}," if place % 3 else f"{word}." for place, word in enumerate(words))
    places = list(matches(text))
    assert [word for _, _, word in places] == words
    hits = [(begin, end) for begin, end, _ in marker.hits(text, "da")]
    singles = [
        (begin, end)
        for begin, end, word in places
        if any(marker._is(wanted, word, fold(word), "da") for wanted in marker.words)
    ]
    assert set(singles) <= set(hits)
    if not marker.phrases:
        assert singles == hits


_TEXT = st.text(alphabet="abæÅø9e .,-'’´:sS_\u0301\u00ad<&漢éßčʼ½\n", max_size=300)


@settings(max_examples=1500, deadline=None)
@example(text="9:S:S", forms={"s"})
@example(text="USA:s Sas :s's", forms={"s"})
@example(text="a:s’b", forms={"b"})
@given(
    text=_TEXT,
    forms=st.sets(st.text(alphabet="abæåøoe9sčé漢", min_size=1, max_size=9), min_size=1),
)
def test_no_word_is_overlooked_for_its_beginning(text: str, forms: set[str]) -> None:
    beginnings = Beginnings.of(fold(form) for form in forms)
    assert all(fold(form).startswith(beginnings.folded) for form in forms)
    found = {begin: (end, word) for begin, end, word in WordFinder(text).beginning(beginnings)}
    words = {begin: (end, word) for begin, end, word in matches(text)}
    assert found.items() <= words.items()
    for begin, (_, word) in words.items():
        assert begin in found or not fold(word).startswith(beginnings.folded)


@pytest.mark.parametrize("language", ["da", "nb", "nn", "sv", "en", "de"])
@given(word=st.text(alphabet="abdegiklnorstuvyæøåäö'", min_size=1, max_size=14))
@settings(max_examples=150, deadline=None)
def test_a_word_begins_as_what_is_looked_for_of_its_stem(language: str, word: str) -> None:
    for text in (word, *(word + ending for ending in _ENDINGS)):
        wanted = Wanted(0, stems={stem(text, language)})
        assert fold(text).startswith(tuple(wanted.beginnings(language)))


#: Endings that stemmers take off or change.
_ENDINGS = [
    "erne",
    "ernes",
    "hedens",
    "lig",
    "igst",
    "løst",
    "else",
    "elsens",
    "arnas",
    "ornas",
    "lösts",
    "fulla",
    "dt",
    "gt",
    "vt",
    "leg",
    "heten",
    "sjonen",
    "ing",
    "ied",
    "ies",
    "y",
    "ization",
    "ational",
    "fully",
    "ability",
    "ably",
    "iveness",
    "encies",
    "logies",
    "bbed",
    "izing",
    "sses",
    "ely",
]


@given(text=_TEXT.map(lambda text: text * 5), chosen=st.sets(st.integers(0, 400)))
def test_snippets_say_what_the_text_says(text: str, chosen: set[int]) -> None:
    text = text.strip()
    hits = [
        (begin, end, place % 3)
        for place, (begin, end, _) in enumerate(matches(text))
        if place in chosen
    ]
    cut = stretches(text, hits)
    assert 1 <= len(cut) <= 2
    assert all(end <= start for (_, end), (start, _) in pairwise(cut))
    for start, end in cut:
        inside = [one for one in hits if start <= one[0] and one[1] <= end]
        assert inside or not hits
        html = snippet(text, hits, start, end)
        assert html.count("<mark>") == html.count("</mark>") == len(inside)
        plain = unescape(html.replace("<mark>", "").replace("</mark>", ""))
        shown = plain.removeprefix("… ").removesuffix(" …")
        assert shown == " ".join(text[start:end].split())


def test_the_cache_has_room_for_a_large_archive_unless_its_owner_set_a_limit(
    settings, monkeypatch
) -> None:
    monkeypatch.setattr(arrays.CACHE, "limit", 100)
    settings.SEARCH_CACHE_MB = 64
    arrays.make_room(1_000_000)
    assert arrays.CACHE.limit == 100
    settings.SEARCH_CACHE_MB = 0
    arrays.make_room(1_000_000)
    assert arrays.CACHE.limit > 1_000_000_000
    arrays.make_room(10)
    assert arrays.CACHE.limit > 1_000_000_000


def test_nodes_without_words_mark_nothing() -> None:
    assert not Marker(nodes.Has("date"), None)  # type: ignore[arg-type]
