"""The alphabets of the interface's languages: what comes after z, and under which letter."""

from archive.text.normalise import fold_letters

# Danish and Norwegian end in æ ø å and Swedish in å ä ö; each files its neighbours' letters with
# its own. "aa" is å in Danish and Norwegian names (Aabenraa is found under Å), not in Swedish.
_DANISH = {"æ": "æ", "ä": "æ", "ø": "ø", "ö": "ø", "å": "å"}
_SWEDISH = {"å": "å", "ä": "ä", "æ": "ä", "ö": "ö", "ø": "ö"}
_ENGLISH = {"å": "a", "ä": "a", "ø": "o", "ö": "o", "æ": "ae"}
_ORDER = dict.fromkeys(("da", "nb", "nn", "no"), ("æøå", _DANISH))
_ORDER["sv"] = ("åäö", _SWEDISH)
_DOUBLE_A = frozenset({"da", "nb", "nn", "no"})
#: The letter under which names stand that begin with none.
NO_LETTER = "#"
#: Longest key kept, in bytes; and what stands before the key of a name that begins with no letter.
_LONGEST_KEY = 80
_LAST = b"\xff"
#: The first bytes of the keys of names that begin with a letter, as a range.
FIRST_BYTES = (21, 21 + 29)
_BASE = "abcdefghijklmnopqrstuvwxyz"


#: The orders in which names are filed, by the language that names each: its alphabet's last letters.
ORDERS = {"da": ("da", "nb", "nn", "no"), "sv": ("sv",), "en": ()}


def _order(language: str) -> tuple[str, dict[str, str]]:
    """Last letters and filing of a language; English has none: it reads ø as o and å as a."""
    return _ORDER.get(language.split("-")[0], ("", _ENGLISH))


def order_of(language: str) -> str:
    """The order ("da", "sv" or "en") in which a reader of this language looks names up."""
    code = language.split("-")[0]
    return next((order for order, codes in ORDERS.items() if code in codes), "en")


def alphabet(language: str) -> str:
    """The capital letters of a language's alphabet, in order."""
    return (_BASE + _order(language)[0]).upper()


class _Ranks(dict[str, tuple[int, ...]]):
    """Where each letter, figure or space stands in the alphabet of a language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        last, self._filed = _order(language)
        self._letters = _BASE + last

    def __missing__(self, char: str) -> tuple[int, ...]:
        ranks = []
        for letter in self._filed.get(char) or fold_letters(char):
            place = self._letters.find(letter)
            if place >= 0:
                ranks.append(place + 20)
            elif letter.isdigit():
                ranks.append(10 + int(letter) % 10 if letter.isascii() else 19)
            elif letter.isalpha():
                ranks.append(100 + ord(letter))
            elif letter.isspace():
                ranks.append(0)
        self[char] = tuple(ranks)
        return self[char]


_RANKS = {order: _Ranks(order) for order in ORDERS}


def sort_key(name: str, language: str) -> tuple[list[int], str]:
    """A key that sorts names as a dictionary of `language` does; marks and case come last."""
    text = name.casefold()
    if language.split("-")[0] in _DOUBLE_A:
        text = text.replace("aa", "å")
    ranks = _RANKS[order_of(language)]
    return [rank for char in text for rank in ranks[char]], name


def stored_key(name: str, order: str) -> bytes:
    """A key to keep in a column: bytes sort as the names do in this order, in any database.

    Names that begin with no letter come last.
    """
    ranks, _ = sort_key(name, order)
    key = bytearray(_LAST if first_letter(name, order) == NO_LETTER else b"")
    for rank in ranks[:_LONGEST_KEY]:
        if rank < 100:
            key.append(rank + 1)
        else:
            key += bytes([200]) + chr(rank - 100).encode("utf-8", "replace")
    return bytes(key[:_LONGEST_KEY])


def key_range(letter: str, order: str) -> tuple[bytes, bytes]:
    """The first key of the names under a letter and the first behind them.

    Raises ValueError when the alphabet has no such letter.
    """
    if letter == NO_LETTER:
        return _LAST, b"\xff\xff"
    place = alphabet(order).index(letter) + 21
    return bytes([place]), bytes([place + 1])


def first_letter(name: str, language: str) -> str:
    """The capital letter under which a name is filed, `NO_LETTER` where it begins with none."""
    last, filed = _order(language)
    text = name.casefold().lstrip("\"'’‘“”«»„(-–")
    if language.split("-")[0] in _DOUBLE_A and text.startswith("aa"):
        return "Å"
    letter = (filed.get(text[:1]) or fold_letters(text[:1]))[:1]
    return letter.upper() if letter and letter in _BASE + last else NO_LETTER
