"""Readers: the three text formats, nothing lost or doubled, and bad input told in plain words."""

import gzip
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.ingest.readers import read, read_bytes
from archive.ingest.records import InvalidRecord, Limits, Record
from config.tests.bounds import peak_bytes


def one(data: str | bytes, name: str = "a.txt") -> Record:
    """The only record of a file that must have exactly one."""
    (found,) = read_bytes(data.encode() if isinstance(data, str) else data, name)
    assert isinstance(found, Record), found
    return found


def refusal(data: str | bytes, name: str = "a.txt") -> str:
    """Why the only record of a file is refused."""
    (found,) = read_bytes(data.encode() if isinstance(data, str) else data, name)
    assert isinstance(found, InvalidRecord), found
    assert found.locator.startswith(name)
    return found.reason


def line(**values) -> str:
    """One line of JSON."""
    return json.dumps(values, ensure_ascii=False)


# --- plain text


def test_the_first_line_is_the_headline():
    record = one("Broen åpner igen\n\nTrafikken kan køre fra mandag.\n\nDet siger politiet.")
    assert record.headline == "Broen åpner igen"
    assert record.standfirst == ""
    assert record.body == "Trafikken kan køre fra mandag.\n\nDet siger politiet."
    assert (record.date, record.date_origin, record.media_type) == ("", "", "text/plain")


def test_a_headline_of_one_sentence_may_end_in_a_full_stop():
    text = "Den siste fergen har forlatt kaia i havnebyen for godt i år.\n\nNå kommer broen."
    assert one(text).headline == "Den siste fergen har forlatt kaia i havnebyen for godt i år."


def test_a_long_first_line_of_one_sentence_stays_whole():
    headline = "Ifølge kommunen " + "blev planen om den nye bro vedtaget " * 4 + "i går"
    assert one(f"{headline}\n\nMere tekst.").headline == headline


@pytest.mark.parametrize(
    "date", ["2021", "2021-06", "2021-06-15", "2021-06~", "2021-13", "unknown"]
)
def test_a_date_head_is_taken_off_and_kept_as_written(date):
    record = one(f" date {date} Broen åpner\n\nTrafikken kører.")
    assert (record.date, record.date_origin) == (date, "head")
    assert (record.headline, record.body) == ("Broen åpner", "Trafikken kører.")


def test_the_word_date_in_a_headline_is_no_head():
    record = one("Date set for the new bridge\n\nIt opens in May.")
    assert record.headline == "Date set for the new bridge"
    assert record.date == ""


def test_a_first_line_that_is_a_standfirst_gives_the_headline_from_its_first_sentence():
    record = one(
        " date 2021-06 Kommunen vil bygge en ny bro over fjorden næste år. Det siger borgmesteren, "
        "der venter store besparelser.\n\nPlanen er ny.\n\nDen koster meget."
    )
    assert record.headline == "Kommunen vil bygge en ny bro over fjorden næste år."
    assert record.standfirst == "Det siger borgmesteren, der venter store besparelser."
    assert record.body == "Planen er ny.\n\nDen koster meget."
    assert "headline taken from the standfirst" in record.notes


def test_a_text_of_one_paragraph_keeps_its_rest_as_body():
    record = one("Broen er åben igen efter reparationen. " + "Trafikken kører som normalt. " * 9)
    assert record.headline == "Broen er åben igen efter reparationen."
    assert record.standfirst == ""
    assert record.body.startswith("Trafikken kører som normalt.")


def test_an_abbreviation_or_an_initial_does_not_end_the_headline():
    record = one(
        "Borgmester Ole B. Lund og ca. 20 andre fik den 3. maj en pris for f.eks. broen. Festen var "
        "stor og blev holdt på rådhuset.\n\nMere."
    )
    assert record.headline.endswith("f.eks. broen.")


def test_what_stands_between_headline_and_byline_is_the_standfirst():
    record = one(
        "Fergen slutter\n\nEtter femti år er det over. Nå kommer broen.\n\nNTB\n\n"
        "3. mai 2021 12:30\n\nMange møtte fram på kaia."
    )
    assert record.standfirst == "Etter femti år er det over. Nå kommer broen."
    assert record.body.startswith("NTB\n\n3. mai 2021 12:30")


def test_a_headline_wrapped_over_two_lines_is_one():
    record = one(
        "Regjeringen vil bygge en ny og mye lengre bro over\nfjorden neste år\n\nDet sier hun."
    )
    assert record.headline == "Regjeringen vil bygge en ny og mye lengre bro over fjorden neste år"
    assert record.body == "Det sier hun."


def test_a_text_without_any_sentence_gets_its_first_words_as_headline():
    record = one("ord og flere ord " * 100)
    assert len(record.headline) <= 200
    assert record.text.split() == ("ord og flere ord " * 100).split()


def test_the_original_bytes_are_kept():
    data = "Overskrift\r\n\r\nBrødtekst på dansk\x00".encode("windows-1252")
    record = one(data)
    assert record.raw == data
    assert record.encoding == "windows-1252"
    assert "1 control character removed" in record.notes
    assert "decoded as Windows-1252" in record.notes


_WORDS = st.text(st.sampled_from("abcÅØ AB. 12,:\n\n–!?/"), max_size=400)


@given(_WORDS)
def test_plain_text_is_neither_lost_nor_doubled(text):
    for record in read_bytes(text.encode(), "a.txt"):
        if isinstance(record, Record):
            assert "".join(record.text.split()) == "".join(text.split())
            assert record.headline


# --- a head of Key: value lines


@pytest.mark.parametrize(
    "keys",
    [
        ("Headline", "Date", "Source", "Language", "Byline", "Standfirst"),
        ("Overskrift", "Dato", "Kilde", "Sprog", "Af", "Manchet"),
        ("Tittel", "Dato", "Kilde", "Språk", "Av", "Ingress"),
        ("Overskrift", "Dato", "Kjelde", "Mål", "Forfattar", "Ingress"),
        ("RUBRIK", "DATUM", "KÄLLA", "SPRÅK", "FÖRFATTARE", "INGRESS"),
    ],
)
def test_a_head_is_read_in_five_languages(keys):
    values = ("Broen åpner", "2021-06", "Fjordposten", "Norsk", "Kari Li", "Etter ti år.")
    head = "\n".join(f"{key}: {value}" for key, value in zip(keys, values, strict=True))
    record = one(f"{head}\n\nTrafikken går igjen.\n\nSlik er det.")
    found = (record.headline, record.date, record.source, record.language, record.byline)
    assert found == ("Broen åpner", "2021-06", "Fjordposten", "nb", "Kari Li")
    assert record.standfirst == "Etter ti år."
    assert record.body == "Trafikken går igjen.\n\nSlik er det."
    assert record.date_origin == "head"


@pytest.mark.parametrize(
    "first",
    [
        "Breaking: the bridge is open",
        "Kilde: Regjeringen vil bygge en ny bro over fjorden",
        "Source: minister to step down over the bridge affair",
        "Av: og til er det best å la være",
        "Statsministeren: – Vi må bygge",
        "10:30 Broen åpner",
    ],
)
def test_a_headline_with_a_colon_is_no_head(first):
    record = one(f"{first}\n\nMer tekst her.")
    assert record.headline == first
    assert record.extra == {}


def test_unknown_keys_of_a_head_are_kept():
    record = one("Title: Broen\nSection: Innenriks\nEdition: 2\n\nTekst.")
    assert record.extra == {"Section": "Innenriks", "Edition": "2"}


def test_text_that_follows_a_head_without_a_blank_line_is_not_taken_for_keys():
    record = one("Title: Broen\nDate: 2021\nOSLO: Broen åpner i dag.\nDet sier ordføreren.")
    assert record.body == "OSLO: Broen åpner i dag.\nDet sier ordføreren."
    assert record.date == "2021"


def test_a_head_without_a_headline_takes_it_from_the_text():
    record = one("Date: 2021-06\nSource: Fjordposten\n\nBroen åpner\n\nTrafikken går.")
    assert (record.headline, record.body) == ("Broen åpner", "Trafikken går.")


def test_a_headline_repeated_in_the_text_is_kept_once():
    record = one("Title: Broen åpner\n\nBroen åpner\n\nTrafikken går.")
    assert record.body == "Trafikken går."


def test_a_value_may_run_over_indented_lines():
    record = one("Title: Broen\n  åpner igjen\nDate: 2021\n\nTekst.")
    assert record.headline == "Broen åpner igjen"


def test_a_head_between_dashes_is_read():
    record = one("---\ntitle: Broen\ndate: 2021-06\n---\n\nTekst.")
    assert (record.headline, record.date, record.body) == ("Broen", "2021-06", "Tekst.")


def test_the_text_may_follow_its_own_key():
    record = one("Title: Broen\nText: Broen åpnet mandag.\n\nAlle er glade.")
    assert record.body == "Broen åpnet mandag.\n\nAlle er glade."


def test_an_address_that_is_no_web_address_is_kept_aside():
    record = one("Title: Broen\nUrl: javascript:alert(1)\n\nTekst.")
    assert record.url == ""
    assert record.extra == {"Url": "javascript:alert(1)"}


# --- JSON Lines


def test_a_line_of_json_becomes_a_record():
    data = line(id=17, title="Broen åpner", text="Trafikken går.\n\nSlik er det.", date="2021-06",
                source="Fjordposten", lang="no", author=["Kari Li", "Per Bø"],
                url="https://example.org/1", section="Innenriks")  # fmt: skip
    record = one(data, "a.jsonl")
    assert record.locator == "a.jsonl#1"
    assert record.external_id == "17"
    assert (record.headline, record.body) == ("Broen åpner", "Trafikken går.\n\nSlik er det.")
    assert (record.date, record.date_origin) == ("2021-06", "json")
    assert (record.source, record.language, record.byline) == (
        "Fjordposten",
        "nb",
        "Kari Li; Per Bø",
    )
    assert record.url == "https://example.org/1"
    assert record.extra == {"section": "Innenriks"}
    assert record.raw == data.encode()


def test_one_bad_line_does_not_stop_the_others():
    data = "\n".join([line(title="En", text="a"), "{broken", "", "[1]", "null", line(title="To")])
    found = list(read_bytes(data.encode(), "a.jsonl"))
    assert [r.locator for r in found] == [f"a.jsonl#{n}" for n in (1, 2, 4, 5, 6)]
    assert [isinstance(r, Record) for r in found] == [True, False, False, False, True]
    assert "a list, not an object" in found[2].reason
    assert found[1].raw == b"{broken"


def test_each_value_of_the_wrong_kind_is_handled():
    record = one(line(title=1984, text=["Første", "andre"], date=None, source={"name": "Posten"},
                      author=[{"name": "Kari Li"}, None], url=False, lang=3.5), "a.jsonl")  # fmt: skip
    assert (record.headline, record.body, record.source) == ("1984", "Første\n\nandre", "Posten")
    assert record.byline == "Kari Li"
    assert (record.url, record.language, record.date) == ("", "", "")
    assert record.extra == {"url": False, "lang": "3.5"}


@pytest.mark.parametrize(
    ("value", "date"),
    [
        (2021, "2021"),
        (20210830, "20210830"),
        (1630355880, "2021-08-30T20:38:00+00:00"),
        (1630355880000, "2021-08-30T20:38:00+00:00"),
        ("30. aug. 2021", "30. aug. 2021"),
    ],
)
def test_a_number_may_be_a_date(value, date):
    assert one(line(title="a", date=value), "a.jsonl").date == date


def test_lone_surrogates_and_nul_cannot_reach_the_store():
    data = r'{"title": "Bro\ud800en", "text": "a\u0000b", "tag": ["x\u0000", "\udfff"], "n": NaN, "i": 1e999}'
    record = one(data, "a.jsonl")
    assert record.headline == "Bro\ufffden"
    assert record.body == "ab"
    assert record.extra == {"tag": ["x", "\ufffd"], "n": "nan", "i": "inf"}
    json.dumps(record.extra, allow_nan=False, ensure_ascii=False).encode()


def test_a_repeated_key_is_noted_and_the_last_is_used():
    record = one('{"title": "A", "title": "B", "text": "c"}', "a.jsonl")
    assert record.headline == "B"
    assert "title is given twice; the last is used" in record.notes


def test_two_keys_for_one_field_lose_nothing():
    record = one(line(title="A", headline="B", text="c"), "a.jsonl")
    assert record.headline == "A"
    assert record.extra == {"headline": "B"}


def test_an_object_without_a_title_takes_it_from_the_text():
    record = one(line(id="x", text="Broen åpner\n\nTrafikken går."), "a.jsonl")
    assert (record.headline, record.body) == ("Broen åpner", "Trafikken går.")


def test_a_headline_alone_is_an_article():
    record = one(line(title="Broen åpner"), "a.jsonl")
    assert (record.headline, record.body) == ("Broen åpner", "")
    assert "a headline without a text" in record.notes


@pytest.mark.parametrize("depth", [60, 990, 200_000])
@pytest.mark.parametrize("shape", ['{"a":', "["])
def test_a_nesting_bomb_is_refused(depth, shape):
    reason = refusal(shape * depth, "a.jsonl")
    assert "nested" in reason


def test_brackets_in_the_text_are_no_nesting():
    assert one(line(title="a", text="[{" * 500 + '\\"[' * 90), "a.jsonl").body.startswith("[{[{")


def test_a_number_too_long_to_read_is_refused():
    assert "number too long" in refusal('{"title": "a", "n": ' + "9" * 9000 + "}", "a.jsonl")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16", "utf-16-le"])
def test_json_lines_in_any_encoding(encoding):
    data = "\r\n".join([line(title="Blåbær"), line(title="Rømme på ø")]) + "\r\n"
    found = list(read_bytes(data.encode(encoding), "a.jsonl"))
    assert [r.headline for r in found] == ["Blåbær", "Rømme på ø"]


def test_a_compressed_file_is_read(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(line(title=f"nr {n}") for n in range(5)).encode()))
    assert [r.headline for r in read(path)] == [f"nr {n}" for n in range(5)]


def test_a_compressed_file_cut_short_gives_what_came_before(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    lines = "\n".join(line(title=f"nr {n}", text=str(n**99) * 9) for n in range(500))
    path.write_bytes(gzip.compress(lines.encode())[:-2000])
    *records, last = read(path)
    assert len(records) > 10
    assert "damaged or cut short" in last.reason


def test_a_compression_bomb_is_stopped(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb") as file:
        for _ in range(40):
            file.write(b"\n" + b" " * 1_000_000)
    *_, last = read(path)
    assert "unpacks to far more" in last.reason


def test_a_big_file_is_read_in_constant_memory(tmp_path):
    path = tmp_path / "a.jsonl"
    row = line(title="Broen", text="Trafikken går. " * 200) + "\n"
    with path.open("w") as file:
        for _ in range(4_000):
            file.write(row)
    assert path.stat().st_size > 12_000_000
    work = """
from pathlib import Path
from archive.ingest.readers import read
assert sum(1 for _ in read(Path(sys.argv[1]))) == 4_000
"""
    assert peak_bytes(work, path) < 2_000_000


def test_a_json_file_holds_one_article_or_a_list():
    one_article = json.dumps({"title": "Broen", "text": "Åpner."}, indent=2)
    assert one(one_article, "a.json").headline == "Broen"
    assert one(one_article, "a.txt").headline == "Broen"
    found = list(read_bytes(json.dumps([{"title": "A"}, 7, {"title": "B"}]).encode(), "a.json"))
    assert [r.locator for r in found] == ["a.json#1", "a.json#2", "a.json#3"]
    assert json.loads(found[2].raw) == {"title": "B"}
    assert "empty" in refusal("[]", "a.json")
    assert "no valid JSON" in refusal('{"title": "A"', "a.json")


def test_json_lines_under_another_name_are_read():
    data = "\n".join([line(title="A"), line(title="B")])
    assert [r.headline for r in read_bytes(data.encode(), "a.txt")] == ["A", "B"]


# --- bad input


@pytest.mark.parametrize("tag", ["zz-very-long-code", "sr-Latn-long", "en-a"])
def test_a_malformed_language_tag_stops_nothing(tag, tmp_path):
    path = tmp_path / "a.jsonl"
    tags = ["da", tag, "da", "da"]
    path.write_text("\n".join(line(title="Broen", text="Den åbner.", lang=t) for t in tags))
    records = list(read(path))
    assert [record.language for record in records] == ["da", "", "da", "da"]
    assert records[1].extra == {"lang": tag}
    assert "will be detected" in records[1].notes[0]


def test_a_name_that_no_file_can_have_is_told(tmp_path):
    (found,) = read(tmp_path / "a\0b.txt")
    assert "cannot be opened" in found.reason


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.json"])
def test_an_empty_file_is_refused(name):
    assert "empty" in refusal(b"", name)


@pytest.mark.parametrize("data", [" ", "\n\n\t\n", "\ufeff", "\u200b\n"])
def test_a_blank_file_is_refused(data):
    assert "blank" in refusal(data)


def test_a_date_alone_is_refused():
    assert "no text after it" in refusal(" date 2021-06 ")


def test_a_head_alone_is_refused():
    assert "neither a headline nor a text" in refusal("Date: 2021-06\nSource: Fjordposten\n")


def test_a_binary_file_is_refused_with_what_it_is():
    assert "this is a PDF document" in refusal(b"%PDF-1.7\n" + bytes(range(256)))
    assert "binary" in refusal(bytes(range(256)) * 40)


def test_a_web_page_is_not_read_as_plain_text():
    assert "web page" in refusal("<!DOCTYPE html><html><p>Hej</p></html>")


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_twenty_megabytes_of_one_line_are_refused_quickly(name):
    assert "characters" in refusal(b"a" * 20_000_000) or "bytes" in refusal(b"a" * 20_000_000, name)


def test_a_line_that_is_too_long_does_not_stop_the_next():
    data = line(title="A") + "\n" + "x" * 3000 + "\n" + line(title="B") + "\n"
    found = list(
        read_bytes(data.encode(), "a.jsonl", limits=Limits(line_bytes=1000, kept_bytes=10))
    )
    assert [type(r) for r in found] == [Record, InvalidRecord, Record]
    assert found[1].locator == "a.jsonl#2"
    assert found[1].raw == b"x" * 10
    assert found[2].locator == "a.jsonl#3"


def test_a_file_over_the_limit_is_refused(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"a b. " * 1000)
    (found,) = read(path, limits=Limits(file_bytes=1000, kept_bytes=100))
    assert "at most 1,000" in found.reason
    assert len(found.raw) == 100


def test_a_text_over_the_limit_is_refused_in_json_too():
    (found,) = read_bytes(line(title="a", text="b" * 999).encode(), "a.jsonl",
                          limits=Limits(record_characters=500))  # fmt: skip
    assert "text has 999 characters" in found.reason


def test_a_headline_too_long_is_divided_where_a_sentence_ends():
    title = "Broen åpner i dag etter ti år. " + "Det er en glad dag for alle i byen. " * 30
    record = one(line(title=title, text="Mer."), "a.jsonl")
    assert record.headline == "Broen åpner i dag etter ti år."
    assert record.standfirst.startswith("Det er en glad dag")


def test_a_headline_that_cannot_be_divided_is_refused():
    assert "headline has 2,000 characters" in refusal(line(title="x" * 2000, text="b"), "a.jsonl")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    (found,) = read(tmp_path / "none.txt")
    assert "no such file" in found.reason
    (found,) = read(tmp_path)
    assert "folder" in found.reason


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters(codec=None)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "title", "text", "date", "lang", "author", "x", "\0"]), inner
        )
    ),
    max_leaves=20,
)


@given(_JSON)
def test_any_json_gives_a_record_that_can_be_stored_or_a_reason(value):
    for found in read_bytes(json.dumps(value).encode(), "a.jsonl"):
        if isinstance(found, InvalidRecord):
            assert found.reason
        else:
            assert found.headline
            stored = [found.headline, found.standfirst, found.body, found.byline, found.date,
                      found.source, found.external_id, json.dumps(found.extra, allow_nan=False)]  # fmt: skip
            assert "\0" not in "".join(stored).encode().decode()
            assert r"\u0000" not in stored[-1]


@settings(max_examples=300)
@given(st.binary(max_size=500), st.sampled_from(["a.txt", "a.jsonl", "a.json", "a.jsonl.gz", ""]))
def test_any_bytes_give_records_or_reasons(data, name):
    assert all(isinstance(f, Record | InvalidRecord) for f in read_bytes(data, name))


@given(st.text(st.sampled_from("Title:Date2021 \n\t-:{}[]\"'\\,textKilde"), max_size=200))
def test_any_text_like_a_head_gives_records_or_reasons(text):
    for name in ("a.txt", "a.json", "a.jsonl"):
        assert all(isinstance(f, Record | InvalidRecord) for f in read_bytes(text.encode(), name))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(
    "data", [random.Random(1).randbytes(50_000), b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20]
)
def test_a_file_that_is_no_text_is_refused_once_whatever_its_name(data, pack):
    packed = pack(data)
    (refused,) = read_bytes(packed, "a.jsonl")
    assert isinstance(refused, InvalidRecord)
    assert "not JSON Lines" in refused.reason
    assert refused.raw[:100] == data[:100]


def test_a_damaged_beginning_does_not_hide_the_lines_after_it():
    data = b"\x01\x02\x03" * 200 + b"\n" + line(title="a", text="b").encode() + b"\n"
    found = list(read_bytes(data, "a.jsonl"))
    assert [type(one) for one in found] == [InvalidRecord, Record]
