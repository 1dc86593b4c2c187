"""Writes posting lists in Whoosh's format, thousands of short ones in one step.

Most terms stand in a few documents only. Their lists have one shape, so that the bytes of all of
them are laid out by NumPy; the pickles within are made of fixed pieces. (Formats: whoosh.codec.whoosh3;
opcodes: pickletools.)
"""

from __future__ import annotations

from pickle import dumps

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC

from search.engines.whoosh import blocks
from search.engines.whoosh.inversion import Ints, Lists

Bytes = NDArray[np.uint8]

#: What the table of terms tells of a list: Whoosh's W3TermInfo and where the list lies.
INFO = np.dtype(
    [
        ("inline", "u1"), ("weight", ">f4"), ("count", ">u4"), ("least", "u1"), ("most", "u1"),
        ("highest", ">f4"), ("first", ">u4"), ("last", ">u4"), ("offset", ">i8"), ("length", ">i4"),
    ]
)  # fmt: skip
#: Postings in a block. Whoosh's 128 suits reading one by one; we read whole lists.
_BLOCK = 4096
#: Lists of fewer postings are written as tuples, as Whoosh does: raw arrays would be larger.
_SHORT = 64
#: Most occurrences of a term in one document in such a list: its positions take one byte to count.
_MOST = 255 // blocks.ITEM

# A short list: magic bytes, length of its only block, pickle of what Whoosh knows of the block
# (number of postings, last document, highest weight, compression, shortest and longest length),
# and the beginning of the pickle of the block itself.
_HEAD = np.dtype(
    [
        ("magic", "S4"), ("size", ">i4"),
        ("info", "S3"), ("count_op", "S1"), ("count", "u1"), ("last_op", "S1"), ("last", "<i4"),
        ("highest_op", "S1"), ("highest", ">f8"), ("compression", "S2"),
        ("least_op", "S1"), ("least", "u1"), ("most_op", "S1"), ("most", "u1"), ("end", "S2"),
        ("block", "S3"),
    ]
)  # fmt: skip
_INT = np.dtype([("op", "S1"), ("value", "<i4")])
_FLOAT = np.dtype([("op", "S1"), ("value", ">f8")])
_STRING = np.dtype([("op", "S1"), ("length", "u1")])
_MARK, _TUPLE, _NONE = ord("("), ord("t"), ord("N")
_END = np.frombuffer(b"\x87.", dtype="u1")  # a tuple of three, the end


def encode(lists: Lists, lengths: NDArray[np.uint8] | None, offset: int) -> tuple[bytes, Bytes]:
    """Return the bytes of some posting lists, and what the table of terms tells of each.

    `lengths` are those of the field in each document as Whoosh's byte, None for a field without
    positions; `offset` is where the bytes will lie in the file.
    """
    counts = np.diff(lists.places)
    if lengths is None:
        counts = np.ones_like(counts)
    begins = lists.starts[:-1]
    infos = np.zeros(len(begins), dtype=INFO)
    infos["count"] = np.diff(lists.starts)
    infos["weight"] = np.add.reduceat(counts, begins)
    infos["highest"] = np.maximum.reduceat(counts, begins)
    infos["first"] = lists.docs[begins]
    infos["last"] = lists.docs[lists.starts[1:] - 1]
    if lengths is not None:
        given = lengths[lists.docs]
        infos["least"] = np.minimum.reduceat(given, begins)
        infos["most"] = np.maximum.reduceat(given, begins)
    is_short = (infos["count"] < _SHORT) & (infos["highest"] <= _MOST)
    short = np.flatnonzero(is_short)
    out = bytearray(_short_lists(lists, short, infos, lengths is not None))
    infos["offset"][short] += offset
    for number in np.flatnonzero(~is_short).tolist():
        start = len(out)
        _long_list(out, lists, number, lengths)
        infos["offset"][number] = offset + start
        infos["length"][number] = len(out) - start
    return bytes(out), infos


def _short_lists(lists: Lists, short: Ints, infos: NDArray[np.void], has_positions: bool) -> Bytes:
    """The bytes of some lists, and into `infos` where they lie."""
    sizes = np.diff(lists.starts)[short]
    total = int(sizes.sum())
    owner = np.repeat(np.arange(len(short)), sizes)
    within = np.arange(total) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    postings = lists.starts[short][owner] + within
    docs = lists.docs[postings]
    deltas = np.where(within > 0, docs - lists.docs[postings - 1], docs)
    counts = np.diff(lists.places)[postings]
    weighted = (infos["highest"][short] > 1) & has_positions
    # The values of a list begin with a mark, each is a string with its length, and a tuple ends them.
    values = np.where(has_positions, _STRING.itemsize + blocks.ITEM * counts, 0)
    ends = np.cumsum(values)
    before = ends - values  # all values before this one, of whatever list
    of_list = np.add.reduceat(values, np.cumsum(sizes) - sizes) if len(short) else values
    weights_at = _HEAD.itemsize + _INT.itemsize * sizes + 1
    values_at = weights_at + np.where(weighted, _FLOAT.itemsize * sizes + 2, 1)
    sized = values_at + (of_list + 2 if has_positions else 1)
    spans = sized + len(_END)
    begins = np.cumsum(spans) - spans
    out = np.zeros(int(spans.sum()), dtype=np.uint8)
    infos["offset"][short] = begins
    infos["length"][short] = spans
    place(out, begins, _heads(infos[short], spans))
    docs_at = begins[owner] + _HEAD.itemsize + _INT.itemsize * within
    place(out, docs_at, _filled(_INT, b"J", deltas))
    out[begins + weights_at - 1] = _TUPLE
    out[begins + weights_at] = np.where(weighted, _MARK, _NONE)
    given = weighted[owner]
    floats_at = (begins + weights_at + 1)[owner] + _FLOAT.itemsize * within
    place(out, floats_at[given], _filled(_FLOAT, b"G", counts[given]))
    out[(begins + values_at - 1)[weighted]] = _TUPLE
    if has_positions:
        out[begins + values_at] = _MARK
        first = before[np.cumsum(sizes) - sizes] if len(short) else before
        strings_at = (begins + values_at + 1 - first)[owner] + before
        place(out, strings_at, _filled(_STRING, b"C", blocks.ITEM * counts, "length"))
        out[begins + sized - 1] = _TUPLE
        numbers = np.repeat(np.cumsum(counts) - counts, counts)
        nth = np.arange(int(counts.sum())) - numbers
        at = np.repeat(strings_at + _STRING.itemsize, counts) + blocks.ITEM * nth
        positions = lists.positions[np.repeat(lists.places[postings], counts) + nth]
        place(out, at, positions.astype("<u4"))
    else:
        out[begins + values_at] = _NONE
    out[begins + sized] = _END[0]
    out[begins + sized + 1] = _END[1]
    return out


def _heads(infos: NDArray[np.void], spans: Ints) -> NDArray[np.void]:
    heads = np.zeros(len(infos), dtype=_HEAD)
    heads["magic"] = WHOOSH3_HEADER_MAGIC
    heads["size"] = -(spans - 8)  # of the last block, hence negative
    heads["info"] = b"\x80\x02("
    heads["count_op"] = heads["least_op"] = heads["most_op"] = b"K"
    heads["last_op"], heads["highest_op"] = b"J", b"G"
    heads["compression"] = b"K\0"
    heads["end"], heads["block"] = b"t.", b"\x80\x03("
    for name in ("count", "last", "highest", "least", "most"):
        heads[name] = infos[name]
    return heads


def _filled(
    dtype: np.dtype[np.void], op: bytes, values: Ints, name: str = "value"
) -> NDArray[np.void]:
    """Records of a pickle's opcode with its argument."""
    records = np.empty(len(values), dtype=dtype)
    records["op"], records[name] = op, values
    return records


def place(out: Bytes, at: Ints, records: NDArray[np.void] | NDArray[np.uint32]) -> None:
    """Write records of one size at these places."""
    size = records.dtype.itemsize
    if not len(records):
        return
    shape = (len(out) - size + 1,)
    everywhere = np.ndarray(shape, dtype=f"V{size}", buffer=out, strides=(1,))
    everywhere[at] = records.view(f"V{size}")


def _long_list(
    out: bytearray, lists: Lists, number: int, lengths: NDArray[np.uint8] | None
) -> None:
    """Append one list in blocks."""
    out += WHOOSH3_HEADER_MAGIC
    first, last = int(lists.starts[number]), int(lists.starts[number + 1])
    for start in range(first, last, _BLOCK):
        end = min(start + _BLOCK, last)
        docs = lists.docs[start:end]
        places = lists.places[start : end + 1]
        counts = np.diff(places)
        least = most = highest = 1
        if lengths is None:
            data, least, most = blocks.encode(docs), 0, 0
        else:
            given = lengths[docs]
            least, most, highest = int(given.min()), int(given.max()), int(counts.max())
            data = blocks.encode(docs, counts, lists.positions[places[0] : places[-1]])
        info = dumps((len(docs), int(docs[-1]), float(highest), 0, least, most), 2)
        size = len(info) + len(data)
        out += (-size if end == last else size).to_bytes(4, "big", signed=True)
        out += info
        out += data
