"""Cuts a text into snippets where its hits stand together, and writes them as HTML.

A text is taken as the chunks between its white space, which are had in a tenth of the time of its
words: only chunks that were not met before are looked into.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape
from typing import TypeAlias

from search.analysis.tokens import matches

#: The hits in a chunk: where each begins and stops, and which word of the query it is.
Hits: TypeAlias = tuple[tuple[int, int, int], ...]
#: The hits of a text: place of the chunk -> hits in it.
Places: TypeAlias = dict[int, Hits]

#: Chunks before the first hit of a snippet, chunks of a snippet, and snippets of an article.
_BEFORE, _LENGTH, _SNIPPETS = 8, 32, 2
#: Letters of the longest chunk: scripts without spaces write whole paragraphs as one.
_LONGEST = 80
#: Signs that end a chunk of which the rest is a word.
_STOPS = frozenset('.,;:?!)]”»"')
#: Plain chunks that were met before: most of any text. So many are kept.
_plain: set[str] = set()
_MOST_KNOWN = 200_000


def chunks_of(text: str) -> list[str]:
    """Return what stands between the white space of a text; overlong chunks are cut at words."""
    chunks = text.split()
    if len(max(chunks, key=len, default="")) > _LONGEST:
        return [piece for chunk in chunks for piece in _pieces(chunk)]
    return chunks


def _pieces(chunk: str) -> Iterator[str]:
    if len(chunk) <= _LONGEST:
        yield chunk
        return
    at = last = 0
    for begin, stop, _ in words_in(chunk):
        if stop - at > _LONGEST // 2 and last > at:
            yield chunk[at:begin]
            at = begin
        last = stop
    yield chunk[at:]


def odd(chunks: set[str]) -> list[str]:
    """Return the chunks that are not just one word of letters, with a sign after it or none."""
    unknown = chunks - _plain
    if not unknown:
        return []
    found = [chunk for chunk in unknown if not _is_plain(chunk)]
    if len(_plain) > _MOST_KNOWN:
        _plain.clear()
    _plain.update(unknown.difference(found))
    return found


def _is_plain(chunk: str) -> bool:
    return chunk.isalpha() or (chunk[-1] in _STOPS and chunk[:-1].isalpha())


def words_in(chunk: str) -> tuple[tuple[int, int, str], ...]:
    """Return the words of a chunk: where each begins and stops, and the word as written."""
    word = chunk[:-1] if chunk[-1] in _STOPS else chunk
    if word.isalpha():
        return ((0, len(word), word),)
    return tuple(matches(chunk))


def best(found: Places) -> Iterator[int]:
    """Yield where the best stretches begin: those with most different words, then most hits."""
    places = sorted(found)
    inside: Counter[int] = Counter()
    ranked: list[tuple[int, int, int]] = []
    first = 0
    for last, place in enumerate(places):
        inside.update(number for _, _, number in found[place])
        while places[first] < place - (_LENGTH - _BEFORE):
            for _, _, number in found[places[first]]:
                inside[number] -= 1
                if not inside[number]:
                    del inside[number]
            first += 1
        ranked.append((-len(inside), first - last, places[first]))
    taken: list[int] = []
    for _, _, place in sorted(ranked):
        start = max(place - _BEFORE, 0)
        if all(abs(start - other) >= _LENGTH for other in taken):
            taken.append(start)
            yield start
            if len(taken) == _SNIPPETS:
                return


def stretch(chunks: list[str], found: Places, start: int) -> str:
    """Return the snippet that begins at a chunk, with dots where the text goes on."""
    shown = as_html(chunks, found, start, start + _LENGTH)
    goes_on = len(chunks) > start + _LENGTH
    return f"{'… ' if start else ''}{shown}{' …' if goes_on else ''}"


def as_html(chunks: list[str], found: Places, start: int, end: int) -> str:
    """Return chunks escaped, one space between them, their hits in <mark>."""
    parts: list[str] = []
    at = start
    for place in sorted(place for place in found if start <= place < end):
        if place > at:
            parts.append(escape(" ".join(chunks[at:place])))
        parts.append(_marked(chunks[place], found[place]))
        at = place + 1
    if at < min(end, len(chunks)):
        parts.append(escape(" ".join(chunks[at:end])))
    return " ".join(parts)


def _marked(chunk: str, hits: Hits) -> str:
    parts: list[str] = []
    at = 0
    for begin, stop, _ in hits:
        parts.append(f"{escape(chunk[at:begin])}<mark>{escape(chunk[begin:stop])}</mark>")
        at = stop
    return "".join(parts) + escape(chunk[at:])
