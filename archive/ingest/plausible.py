"""Whether decoded characters can be a text: what binary data looks like when read as characters."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_SAMPLE = 65_536
#: The share of characters that no text has, or of letters no one language has, that a text may have.
_FORGIVEN = 0.1
#: Controls but for those that part words and lines, places without a character, private use.
_NO_TEXT = frozenset({"Cc", "Cn", "Co", "Cs"})
_PARTING = frozenset("\t\n\r\f\v\x85\ufeff")
#: Han, kana and Hangul: every second code point of the first 65,536 is one of them.
_EAST_ASIAN = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
#: What a country of East Asia writes with; other letters stand there as quotations.
_COUNTRIES = ("gb2312", "big5hkscs", "euc_jis_2004", "cp949")
_ELSEWHERE = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1256", "cp1257", "cp1258")
#: Different letters from which on one rare character more or less does not decide.
_MANY = 20


def looks_random(text: str) -> bool:
    """Return whether more than a tenth of the text is what no text has: controls, private use."""
    characters = Counter(text[:_SAMPLE])
    odd = sum(number for char, number in characters.items() if _is_odd(char))
    return odd > _FORGIVEN * characters.total()


def _is_odd(char: str) -> bool:
    return char == "\ufffd" or (char not in _PARTING and unicodedata.category(char) in _NO_TEXT)


def is_of_no_language(text: str, data: bytes) -> bool:
    """Return whether UTF-16 characters are bytes of something else that were taken two by two.

    Such pairs are mostly Han, of which a language uses few of the many there are: no one character
    set of East Asia has them all. Of a short text, where one rare name is a large share, its bytes
    must be ASCII too. Text without those letters is never suspected.
    """
    # Each letter once, so that a rare one in a name that returns counts no more than any other.
    letters = {char for char in text[:_SAMPLE] if char > "\x7f" and char.isalpha()}
    asian = sum(map(len, _EAST_ASIAN.findall("".join(letters))))
    if 2 * asian <= len(letters) or (len(letters) < _MANY and not data.isascii()):
        return False
    unlike = min(sum(not _has(country, char) for char in letters) for country in _COUNTRIES)
    return unlike > _FORGIVEN * len(letters)


def _has(charset: str, char: str) -> bool:
    """Whether a letter is of a character set, or of one that may be quoted in it."""
    if _EAST_ASIAN.match(char):
        return _can_encode(charset, char)
    return any(_can_encode(other, char) for other in (charset, *_ELSEWHERE))


def _can_encode(charset: str, char: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
