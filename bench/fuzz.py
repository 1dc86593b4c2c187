"""Throws random, mutated and hostile queries at parser and engine: python -m bench.fuzz --queries N.

Every text is read by the parser. The hostile ones and as many of the others as `--searches` says are
also searched as the results page searches: facets, timeline, snippets, better spellings. Told are
what raised, the longest times and the memory. With `--folder` it goes on with the archive that
`python -m bench.search --folder` keeps there; else it makes one of `--articles` and throws it away.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from bench.search import environment, fill

#: An answer may take so many seconds of processor time, and the process so much memory.
LONGEST_ANSWER, MOST_MEGABYTES = 1.0, 1500
#: Failures and slowest queries that are shown, and letters of each.
_SHOWN, _LETTERS_SHOWN = 5, 100

_SIGN_TEXT = """( ) (( )) " “ ” « » „ - -- = * ** ? ??? ~ ~1 ~2 ~99 : :: AND OR NOT OG ELLER IKKE NEAR/5
ONEAR/2 NEAR/999999 atleast3: atleast0: atleast101: headline: title: byline: person: organisation:
place: entity: source: agency: language: year: date: within: has: id: nofield: .. >= < 2021 2021-06
2021-13-45 [ ] { } ' ^ \\ / | & + # @ %"""
_SIGNS = _SIGN_TEXT.split()
_ODD = ["\x00", "\u200b", "\u3000", "\xad", "\ufffd", "🙂", "﷽", "İ", "ß", "ǅ", "中文", "å", "\u0301",
        "\u202e", "\ud800", "ـ", "א", "Ω", "\r\n", "\t"]  # fmt: skip


@dataclass(slots=True)
class Tally:
    """What came of some texts: processor seconds of each, what raised, the slowest."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    slowest: list[tuple[float, str]] = field(default_factory=list)

    def add(self, text: str, seconds: float) -> None:
        """Count a text that was answered."""
        self.seconds.append(seconds)
        if len(self.slowest) < _SHOWN or seconds > self.slowest[-1][0]:
            self.slowest = sorted([*self.slowest, (seconds, _short(text))], reverse=True)[:_SHOWN]


def _short(text: str) -> str:
    shown = ascii(text)
    return shown if len(shown) <= _LETTERS_SHOWN else f"{shown[:_LETTERS_SHOWN]}… ({len(text):,})"


def hostile(words: Sequence[str]) -> list[str]:
    """Texts that each try one bound of the query language; `words` are words of the archive."""
    some = [words[n % len(words)] for n in range(600)]
    long = [word for word in some if len(word) >= 5] or ["kabulske"]
    beginnings = sorted({word[:3] for word in some if len(word) >= 3})
    found = ["", " ", "*", "**", "?", "a*", "*a*", "*a", "?a*", "a?", "~", "a~", "-", "--", "=", '"',
             "NOT", "NOT NOT NOT", "OR OR", "()", ")(", "NEAR/5", "has:", "date:", "*:*"]  # fmt: skip
    found += ["(" * 5000, ")" * 5000, "(" * 5000 + "kaj" + ")" * 5000, "((kaj) OR " * 2000]
    found += [
        " " * 943,
        "NOT " * 2000,
        "-" * 5000 + "kaj",
        '"' * 5001,
        "*" * 100_000,
        "a" * 100_000,
    ]
    found += [" ".join(some[:500]), " OR ".join(some[:500]), " ".join(some) * 25]
    found += [" ".join(f"{word}~2" for word in long[:500]), " ".join(f"{b}*" for b in beginnings)]
    found += [f"{word[:5]}~2 {word[-5:]}~2" for word in long[:20]]
    found += [f"{one}* {two}* {three}*" for one, two, three in zip(*[iter(beginnings)] * 3, strict=False)]  # fmt: skip
    found += [" ".join(f"{b}*" for b in beginnings[at : at + 8]) for at in range(0, 80, 8)]
    found += [" OR ".join(f"{b}*" for b in beginnings[at : at + 8]) for at in range(0, 80, 8)]
    found += [" OR ".join(f"*{word[-3:]}" for word in long[at : at + 8]) for at in range(0, 80, 8)]
    found += [f"*{word[-3:]}" for word in some[:40]] + [f"*{word[1:4]}*" for word in long[:40]]
    found += ["*e*r?n", "*a*b?c", "*a?e*r", "e*r*n", "*e?n", "?????a*b*c", "*e*n*r", "a???e*n"]
    found += [f'"{" ".join(some[at : at + 20])}"' for at in range(0, 100, 20)]
    found += [" ".join(f'"{one} {two}"' for one, two in zip(some[:16], some[16:32], strict=True))]
    found += [f"{some[0]} NEAR/100 {some[1]} NEAR/100 {some[2]}", " NEAR/9 ".join(some[:32])]
    found += ["atleast100:" + some[0], " ".join(f"-{word}" for word in some[:32])]
    found += [
        "has:person has:place -has:agency",
        "date:0001..9999",
        "person:a",
        "entity:e",
        "id:" + "9" * 400,
    ]
    return found


def texts(count: int, seeds: Sequence[str], words: Sequence[str], seed: int) -> Iterator[str]:
    """Yield random texts: noise, signs and words at random, and queries with some letters changed."""
    chance = random.Random(seed)
    pieces = [*_SIGNS, *_ODD]
    for _ in range(count):
        kind = chance.random()
        if kind < 0.15:
            size = chance.randint(0, 60)
            yield "".join(chr(chance.choice(_RANGES)(chance)) for _ in range(size))
        elif kind < 0.5:
            size = int(chance.expovariate(1 / 8)) + 1
            drawn = (
                chance.choice(pieces if chance.random() < 0.55 else words) for _ in range(size)
            )
            yield chance.choice(["", " ", " ", " "]).join(drawn)
        else:
            yield _mutated(chance, chance.choice(seeds), seeds, words)


_RANGES = [
    lambda chance: chance.randrange(32, 127),
    lambda chance: chance.randrange(32, 127),
    lambda chance: chance.randrange(0xA0, 0x250),
    lambda chance: chance.randrange(0, 0x3000),
    lambda chance: chance.randrange(0, 0x110000),
]


def _mutated(chance: random.Random, text: str, seeds: Sequence[str], words: Sequence[str]) -> str:
    """A query with up to six changes: signs, letters and words put in, taken out, doubled, joined."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(text))
        to = min(len(text), at + chance.randint(0, 6))
        match chance.randrange(7):
            case 0:
                text = text[:at] + text[to:]
            case 1:
                text = text[:at] + chance.choice([*_SIGNS, *_ODD]) + text[at:]
            case 2:
                text = f"{text[:at]} {chance.choice(words)} {text[at:]}"
            case 3:
                text = text[:to] + text[at:]
            case 4:
                text = text + chance.choice(["", " ", " OR ", " -"]) + chance.choice(seeds)
            case 5:
                text = text[:at] + chance.choice("*?~=:\"()'") + text[to:]
            case _:
                text = text[:at] + text[at:to][::-1] + text[to:]
    if chance.random() < 0.002:
        text = (text + " ") * chance.randint(10, 2000)
    return text


def examples() -> list[str]:
    """Queries that are right: the examples of the query language."""
    from search.query.fields import FIELDS
    from search.query.operators import OPERATORS

    return [one.example for one in (*OPERATORS, *FIELDS)]


def try_all(found: Iterable[str], ask: Callable[[int, str], object]) -> Tally:
    """Ask for every text; nothing it raises ends the run."""
    tally = Tally()
    for number, text in enumerate(found):
        started = time.process_time()
        try:
            ask(number, text)
        except Exception as error:
            tally.failures.append(f"{error!r}: {_short(text)}")
        tally.add(text, time.process_time() - started)
    return tally


def parse(number: int, text: str) -> None:
    """Read a text; every fourth with optional words."""
    from search.query import parse_query

    parse_query(text, match="all" if number % 4 else "any")


def search(number: int, text: str) -> None:
    """Search for a text as the results page does; every fourth with optional words."""
    from django.http import QueryDict

    from search.engines import get_engine
    from search.engines.base import FACETS
    from search.forms import Search
    from search.spelling import did_you_mean

    given = QueryDict(mutable=True)
    given.update({"q": text, "match": "all" if number % 4 else "any"})
    asked = Search.from_address(given)
    request = asked.request(facets=FACETS, timeline="month", snippets=True)
    did_you_mean(asked, get_engine().search(request).total)


def vocabulary() -> list[str]:
    """Words of the archive, common and rare, as articles write them."""
    from archive.models import Article

    bodies = Article.objects.published().order_by("pk").values_list("body", flat=True)[:300]
    return list(dict.fromkeys(word for body in bodies for word in body.split()))[:20_000]


def measure(queries: int, searches: int, seed: int = 2021) -> dict[str, Tally]:
    """Read so many texts, search so many of them; what came of it by what was done."""
    words = vocabulary() or ["kabul"]
    nasty, right = hostile(words), examples()
    found = {}
    if queries:
        found["hostile, read"] = try_all(nasty, parse)
        found["random, read"] = try_all(texts(queries, right, words, seed), parse)
    if searches:
        # As a server does when it has read its tables (config/gunicorn.conf.py): what is here by
        # now, the bench's own texts as well, is not looked through for cycles again and again.
        search(0, words[0])
        gc.collect()
        gc.freeze()
        found["hostile, searched"] = try_all(nasty, search)
        found["random, searched"] = try_all(texts(searches, right, words, seed), search)
    return found


def table(found: dict[str, Tally], megabytes: float) -> str:
    """The figures as the table of docs/benchmarks.md, with the slowest texts below it."""
    lines = ["| texts | number | raised | median | 99 % | longest |", "|---|---|---|---|---|---|"]
    for name, tally in found.items():
        cuts = quantiles(tally.seconds, n=100)
        spread = " | ".join(f"{1000 * s:.2f} ms" for s in (cuts[49], cuts[98], max(tally.seconds)))
        lines.append(f"| {name} | {len(tally.seconds):,} | {len(tally.failures)} | {spread} |")
    lines += ["", f"Memory of the process at its greatest: {megabytes:.0f} MB."]
    for name, tally in found.items():
        lines += ["", f"{name}, slowest:"]
        lines += [f"    {1000 * seconds:.1f} ms  {text}" for seconds, text in tally.slowest]
        lines += [f"    raised {failure}" for failure in tally.failures[:_SHOWN]]
    return "\n".join(lines)


def main() -> None:
    """Do what the command line asks for. Exits with 1 where a text raised or passed a bound."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("--queries", type=int, default=100_000, help="texts to read; 0 for none")
    parser.add_argument("--searches", type=int, default=2000, help="texts to search; 0 for none")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2021)
    parser.add_argument("--folder", type=Path, help="keep the archive here, and go on with it")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="nordarkiv-bench-"))
    folder.mkdir(exist_ok=True)
    os.environ.update(environment(folder))
    try:
        fill(folder, options.articles)
        import django

        django.setup()
        from django.core.management import call_command

        if not (folder / "index").exists():
            call_command("rebuild")
        found = measure(options.queries, options.searches, options.seed)
    finally:
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(table(found, megabytes))
    slow = any(max(tally.seconds) > LONGEST_ANSWER for tally in found.values())
    if slow or megabytes > MOST_MEGABYTES or any(tally.failures for tally in found.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
