"""Decoding: the encodings of Nordic archives, honest notes, and binary data refused."""

import codecs
import gzip
import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.ingest.decoding import BinaryData, Decoded, decode

NORDIC = "Blåbærsyltetøy på bordet i Malmö – «godt», sa Åse.\nÄven på ön.\n"


def test_utf_8_is_read_without_a_note():
    assert decode(NORDIC.encode()) == Decoded(NORDIC, "utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_decides_and_is_taken_off(encoding):
    found = decode(("\ufeff" + NORDIC).encode(encoding))
    assert (found.text, found.encoding, found.replaced) == (NORDIC, encoding, 0)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_nul_bytes(encoding):
    found = decode(NORDIC.encode(encoding))
    assert (found.text, found.encoding) == (NORDIC, encoding)


@pytest.mark.parametrize("text", [NORDIC, "Blåbærsyltetøy", "ø", "Han sa: «Nei»", "på vej " * 999])
def test_nordic_windows_1252_never_becomes_central_european(text):
    found = decode(text.encode("windows-1252"))
    assert (found.text, found.encoding) == (text, "windows-1252")
    assert "decoded as Windows-1252" in found.notes


def test_latin_1_is_read_as_its_superset():
    text = "Blåbær og rømme, ärter och gröt"
    assert decode(text.encode("latin-1")).text == text
    assert decode(text.encode("latin-1"), "iso-8859-1").encoding == "windows-1252"


def test_a_declared_encoding_is_followed_when_it_fits():
    text = "Zażółć gęślą jaźń"
    found = decode(text.encode("iso8859-2"), "ISO-8859-2")
    assert found.text == text
    assert found.encoding == "iso8859-2"


@pytest.mark.parametrize(
    "label", ["utf-8", "latin-1", "no-such-encoding", "base64", "rot13", "", "\0"]
)
def test_a_lying_or_unknown_label_does_no_harm(label):
    assert decode(NORDIC.encode("windows-1252"), label).text == NORDIC


def test_utf_8_labelled_latin_1_is_read_as_utf_8():
    assert decode(NORDIC.encode(), "latin-1").text == NORDIC


def test_a_stray_byte_in_utf_8_does_not_spoil_the_rest():
    data = NORDIC.encode() + b"Bl\xe5 sk\xe6rm. " + NORDIC.encode()
    found = decode(data)
    assert found.text == NORDIC + "Blå skærm. " + NORDIC
    assert (found.encoding, found.replaced) == ("utf-8", 2)
    assert found.notes == ("2 bytes did not fit UTF-8 and were read as Windows-1252",)


def test_a_file_cut_inside_a_letter_is_still_utf_8():
    found = decode((NORDIC + "på").encode()[:-1])
    assert found.text.startswith(NORDIC)
    assert found.encoding == "utf-8"


def test_utf_8_encoded_twice_is_mended_and_said():
    twice = NORDIC.encode().decode("windows-1252", "ignore")
    found = decode("blåbærsyltetøy".encode().decode("windows-1252").encode())
    assert found.text == "blåbærsyltetøy"
    assert "twice" in found.notes[0]
    assert twice != NORDIC


def test_an_article_about_broken_letters_is_left_as_it_is():
    text = "Når «ø» bliver til «Ã¸», er teksten læst forkert."
    assert decode(text.encode()).text == text


def test_nul_bytes_in_a_text_are_left_for_cleaning():
    assert decode(b"Nu er det\x00 slut, siger han til avisen.").text.count("\x00") == 1


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%abc", "PDF"),
        (b"PK\x03\x04" + bytes(30), "zip"),
        (gzip.compress(b"text"), "gzip"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "JPEG"),
        (b"\x7fELF" + bytes(60), "program"),
        (b"ID3\x04\x00\x00\x00", "sound"),
        (bytes(range(32)) * 100, "binary"),
        (bytes(5000), "binary"),
        (b"\x81\x8d\x8f\x90\x9d" * 100, "encoding that is not known"),
        (codecs.BOM_UTF16_LE + b"\x01\x00\x02\x00" * 400, "only begins like text"),
        (codecs.BOM_UTF16_LE + b"\x00binary\x00\x01\x02", "only begins like text"),
        (codecs.BOM_UTF16_LE + hashlib.shake_128(b"1").digest(4000), "only begins like text"),
        (codecs.BOM_UTF16_BE + hashlib.shake_128(b"2").digest(301), "only begins like text"),
        (codecs.BOM_UTF16_LE + b"bush hid the facts in the report", "only begins like text"),
        (codecs.BOM_UTF16_LE + "\ue123\ue321 og".encode("utf-16-le") * 9, "only begins like text"),
    ],
)
def test_binary_data_is_refused_by_its_kind(data, kind):
    with pytest.raises(BinaryData, match=kind):
        decode(data)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8", "utf-32-le"])
@pytest.mark.parametrize(
    "text",
    [
        "Правительство объявило о новых мерах в понедельник.",
        "Η κυβέρνηση ανακοίνωσε νέα μέτρα.",
        "أعلنت الحكومة إجراءات جديدة يوم الاثنين.",
        "הממשלה הודיעה על צעדים חדשים.",
        "政府周一宣布了新措施，马尔默市长说：“这很好。”",
        "政府週一宣佈新措施，香港市民話：「咁都得嘅？」",
        "政府は月曜日に新しい対策を発表した。渋谷区の人々は喜んだ。",
        "정부는 월요일에 새로운 조치를 발표했다.",
        "सरकार ने सोमवार को नए उपायों की घोषणा की।",
        "Ráđđehus almmuhii ođđa doaimmaid, ja ǥõõlbâž.",
        "天气好",  # its bytes are ASCII
        "朱镕基",  # one of three in no old character set
        "马尔默 Malmö",
        "瑞典日报 (Svenska Dagbladet): žlutý Кабул",
        "ø",
        "",
    ],
)
def test_real_text_of_any_script_is_read(text, encoding):
    assert decode(("\ufeff" + text).encode(encoding)).text == text
    assert decode(("\ufeff" + text * 40).encode(encoding)).text == text * 40


@pytest.mark.parametrize(
    "text", ["ID3 er en bil", "BZh betyder intet", "Rar! sagde han", "MZ er en"]
)
def test_words_that_begin_like_a_file_are_words(text):
    assert decode(text.encode()).text == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
@example("")
def test_utf_8_text_comes_back_as_it_was(text):
    found = decode(b"\xef\xbb\xbf" + text.encode())
    assert found.text == text


@given(
    st.binary(max_size=400), st.sampled_from([None, "utf-8", "utf-16", "latin-1", "cp865", "hex"])
)
def test_any_bytes_are_decoded_or_refused(data, declared):
    try:
        found = decode(data, declared)
    except BinaryData as error:
        assert error.args[0]  # noqa: PT017 - either outcome is right, this one with its reason
    else:
        assert isinstance(found.text, str)
        assert found.replaced >= 0
