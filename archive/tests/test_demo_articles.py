"""The demonstration articles are what their manifest says, and every hard case is truly in them."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

DEMO = Path(__file__).parents[1] / "demo"
SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
CODECS = {"utf-8-bom": "utf-8-sig", "windows-1252": "cp1252"}
TITLES = ("Headline", "Overskrift", "Rubrik", "Standfirst", "Underrubrik", "Ingress")
SOURCES = ("Source", "Kilde", "Kjelde", "Källa")
DATES = ("Date", "Dato", "Datum")


@dataclass(frozen=True, slots=True)
class Article:
    """One row of the manifest with the file it names, decoded and taken apart."""

    row: dict[str, Any]
    data: bytes
    raw: str
    head: dict[str, str]
    body: str

    @property
    def name(self) -> str:
        """The path, and the id where one file holds many."""
        return f"{self.row['path']} {self.row['id'] or ''}".strip()

    @property
    def title(self) -> str:
        """Headline and standfirst together; empty in the plain form, where the body has them."""
        return "\n".join(self.head[key] for key in (*TITLES, "title") if self.head.get(key))

    @property
    def text(self) -> str:
        """All that is read by people."""
        return f"{self.title}\n\n{self.body}".strip()

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs long enough to be the story rather than a credit or a heading."""
        return [part for part in self.body.split("\n\n") if len(part.split()) > 8]

    def given(self, keys: tuple[str, ...]) -> str | None:
        """What the head gives under one of the keys."""
        return next((self.head[key] for key in keys if self.head.get(key)), None)


def _read(row: dict[str, Any]) -> Article:
    data = (DEMO / row["path"]).read_bytes()
    raw = data.decode(CODECS.get(row["encoding"], row["encoding"])).replace("\r\n", "\n")
    if row["form"] == "jsonl":
        line = next(line for line in raw.splitlines() if json.loads(line)["id"] == row["id"])
        head = json.loads(line)
        return Article(row, data, line, head, head.pop("text"))
    if row["form"] == "plain":
        dated = re.match(r" date (\S+) ", raw)
        return Article(
            row, data, raw, {"Date": dated[1]} if dated else {}, raw[dated.end() if dated else 0 :]
        )
    lines, body = raw.split("\n\n", 1)
    return Article(row, data, raw, dict(line.split(": ", 1) for line in lines.split("\n")), body)


@cache
def articles() -> tuple[Article, ...]:
    """Every article of the manifest."""
    rows = json.loads((DEMO / "manifest.json").read_text(encoding="utf-8"))["articles"]
    return tuple(_read(row) for row in rows)


def having(case: str) -> list[Article]:
    """The articles in which the manifest names a hard case."""
    return [article for article in articles() if case in article.row["hard_cases"]]


def in_text(pattern: str, flags: int = 0) -> Callable[[Article], bool]:
    """A check that the text has the pattern."""
    return lambda article: re.search(pattern, article.text, flags | re.M) is not None


def expects(pattern: str) -> Callable[[Article], bool]:
    """A check that the expected date has the pattern."""
    return lambda article: re.fullmatch(pattern, article.row["date"] or "") is not None


def starts_with(mark: bytes) -> Callable[[Article], bool]:
    """A check that the file opens with these bytes."""
    return lambda article: article.data.startswith(mark)


_WEEKDAY = r"(?i)\b(man|mån|tirs|tis|tys|ons|tors|fre|lør|lau|sön|søn|sun|mon|tues|wednes|thurs|fri|satur)(dag|day)"
_OWN_BYLINE = r"^(Af|Av|Tekst:|Text:|By) [A-ZÆØÅÖÄ]\S+ [A-ZÆØÅÖÄ]"
EVIDENCE: dict[str, Callable[[Article], bool]] = {
    "month-only": expects(r"\d{4}-\d\d"),
    "year-only": expects(r"\d{4}"),
    "approximate-date": expects(r"\d{4}(-\d\d)?~"),
    "undated": lambda article: article.row["date"] is None and not article.given(DATES),
    "no-head-date": lambda article: article.row["date"] is not None and not article.given(DATES),
    "date-line": lambda article: article.row["date_from"] == "text" and not article.given(DATES),
    "date-line-da": in_text(r"^\d\d?\. (februar|august) \d{4} (kl\. )?\d\d[:.]\d\d$"),
    "date-line-nb": in_text(r"^Publisert \d\d?\. [a-z]+\.? \d{4} \d\d:\d\d$"),
    "date-line-nn": in_text(r"^Publisert \d\d?\. [a-z]+ \d{4} kl\. \d\d\.\d\d$"),
    "date-line-sv": in_text(r"^Publicerad \d\d? [a-z]+ \d{4} \d\d:\d\d$"),
    "date-line-en": in_text(r"^Published \d\d? [A-Z][a-z]+ \d{4}, \d\d:\d\d$"),
    "time-zone": expects(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)"),
    "written-date": lambda article: (
        (article.given(DATES) or article.head.get("date")) != article.row["date"]
        or re.search(r"[a-z]", article.row["date"]) is not None
    ),
    "month-with-weekday": lambda article: (
        expects(r"\d{4}-\d\d")(article) and in_text(_WEEKDAY)(article)
    ),
    "names-taliban": in_text(r"Taleban|[Tt]aliban"),
    "names-donahue": in_text(r"Donahue|Donohue"),
    "names-mujahid": in_text(r"Mujahid?\b"),
    "names-zelenskyj": in_text(r"Zelensk(yj|ij|y)\b"),
    "names-kyiv": in_text(r"\b(Kyiv|Kiev|Kijev)\b"),
    "names-kandahar": in_text(r"[KQ]andahar"),
    "names-tikhanovskaja": in_text(r"Tikhanovskaja|Tsikhanouskaja|Tichanovskaja"),
    "names-white-house": in_text(r"Det Hvide Hus|Det hvite hus|Vita huset|White House", re.I),
    "same-surname": lambda article: _shared_surname(article.text),
    "genitive": lambda article: bool(_genitives(article.text) & _names_of_the_archive()),
    "compound": in_text(
        r"Kabul-lufthavn|lufthavnsvej|evakueringsfly|landningsban|flyplassvakt|flygplats|energiø|"
        r"klimatforsk|naturgass|fredspris|strømpris|containerskip|gasledning",
        re.I,
    ),
    "dateline": in_text(r"^[A-Z]{4,}( \((Reuters|AFP)\) -| -|:) "),
    "quotes-dash": in_text(r"^[-–—] \S"),
    "quotes-guillemet-in": in_text(r"»[^«]+«"),
    "quotes-guillemet-out": in_text(r"«[^»]+»"),
    "quotes-swedish": in_text(r"”[^”]+”"),
    "quotes-english": in_text(r"“[^”]+”"),
    "quotes-straight": in_text(r'"[^"]+"'),
    "quotes-single": in_text(r"'[^'\n]{10,}'|’[^’\n]{5,}’"),
    "correction-notice": in_text(r"^(Rettelse|Correction|Updated):"),
    "short-notice": lambda article: len(article.text.split()) < 160,
    "capital-headline": lambda article: article.title.isupper(),
    "credit-ritzau": in_text(r"^/ritzau/"),
    "credit-ritzau-reuters": in_text(r"^ritzau/Reuters$"),
    "credit-ritzau-afp": in_text(r"^/?ritzau/AFP$"),
    "credit-ntb": in_text(r"^\(?NTB\)?$"),
    "credit-ntb-afp": in_text(r"^\(?NTB-AFP\)?$"),
    "credit-copyright-ntb": in_text(r"^\(?©NTB\)?$"),
    "credit-tt": in_text(r"^\(TT\)$"),
    "credit-tt-reuters": in_text(r"^TT-Reuters$"),
    "credit-tt-afp": in_text(r"^\(?TT-AFP\)?$"),
    "credit-afp": in_text(r"^AFP$|: AFP$"),
    "credit-reuters": in_text(r"^Reuters$|\(Reuters\) -"),
    "mixed-credit": in_text(r"^/ritzau/ og .+$|^Additional reporting: AFP$"),
    "photo-credit": in_text(r"\b(Foto|Bild|Photo): [A-ZÆØÅÄÖ]\S+ \S+"),
    "photo-caption": in_text(r"^\S.+\. Foto: \S+ \S+ ?/ ?(Ritzau Scanpix|NTB)$"),
    "staff-byline": lambda article: (
        bool(article.head.get("Byline")) or in_text(_OWN_BYLINE)(article)
    ),
    "plain-form": lambda article: article.row["form"] == "plain",
    "no-source": lambda article: article.row["source"] is None and not article.given(SOURCES),
    "jsonl-form": lambda article: article.row["form"] == "jsonl",
    "unknown-keys": lambda article: {"section", "page"} <= article.head.keys(),
    "language-given": lambda article: "Språk" in article.head,
    "encoding-utf-8-bom": starts_with(codecs.BOM_UTF8),
    "encoding-utf-16": starts_with(codecs.BOM_UTF16_LE),
    "encoding-windows-1252": lambda article: b"\x96" in article.data,
    "encoding-latin-1": lambda article: (
        not _is_utf8(article.data) and not re.search(rb"[\x80-\x9f]", article.data)
    ),
    "crlf": lambda article: article.data.count(b"\r\n") == article.data.count(b"\n") > 0,
    "wire-identical": lambda article: _shares(article, of_mine=0.95, of_other=0.9, same=True),
    "wire-shortened": lambda article: _shares(article, of_mine=0.9, of_other=0.3, shorter=True),
    "wire-local-paragraph": lambda article: _adds_to_another(article),
    "wire-corrected": lambda article: _versions_in_one_paper(article),
    "wire-translated": lambda article: (
        len({other.row["language"] for other in _family(article)} | {article.row["language"]}) > 1
    ),
    "undated-sibling": lambda article: any(other.row["date"] for other in _family(article)),
}


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _shared_surname(text: str) -> bool:
    """True when two persons with different first names have one surname."""
    firsts = defaultdict(set)
    for first, last in re.findall(
        r"\b([A-ZÆØÅÄÖ][a-zæøåäöé]+) ([A-ZÆØÅÄÖ][a-zæøåäö]{4,}?)s?\b", text
    ):
        firsts[last].add(first)
    return any(len(names) > 1 for names in firsts.values())


def _genitives(text: str) -> set[str]:
    """The names that stand in the genitive, without its ending."""
    return set(re.findall(r"\b([A-ZÆØÅÄÖ]\w+?)(?:'s|’s|:s|s)\b", text))


@cache
def _names_of_the_archive() -> frozenset[str]:
    """Every capitalised word that follows a small one, so that it does not merely open a sentence."""
    pattern = r"(?<=[a-zæøåäö,] )[A-ZÆØÅÄÖ]\w+"
    return frozenset(name for a in articles() for name in re.findall(pattern, a.text))


def _runs(text: str, length: int = 6) -> set[tuple[str, ...]]:
    """Every run of so many words."""
    words = text.casefold().split()
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def _family(article: Article) -> list[Article]:
    """The other articles of the same wire story."""
    name = article.row["family"]
    return [
        other
        for other in articles()
        if name and other.row["family"] == name and other is not article
    ]


def _shares(
    article: Article, *, of_mine: float, of_other: float, same: bool = False, shorter: bool = False
) -> bool:
    """True when another paper's copy has that much of this article's paragraphs, and the reverse."""
    mine = set(article.paragraphs)
    for other in _family(article):
        theirs = {part for part in other.paragraphs if not part.startswith("Rettelse")}
        common = len(mine & theirs)
        if shorter and len(article.body) >= len(other.body):
            continue
        if same and abs(len(article.body) - len(other.body)) > 150:
            continue
        if common >= of_mine * len(mine) - 1 and common >= of_other * len(theirs) and common > 1:
            return True
    return False


def _adds_to_another(article: Article) -> bool:
    """True when paragraphs are shared with another copy, or translated, and others are not."""
    others = _family(article)
    theirs = {part for other in others for part in other.paragraphs}
    own = [part for part in article.paragraphs if part not in theirs]
    shared = len(article.paragraphs) - len(own)
    translated = all(other.row["language"] != article.row["language"] for other in others)
    return bool(own) and (shared > 1 or translated)


def _versions_in_one_paper(article: Article) -> bool:
    """True when the same paper has another version, of another date, with another headline."""
    return any(
        other.row["source"] == article.row["source"]
        and other.row["date"] != article.row["date"]
        and other.title != article.title
        and len(_runs(other.body) & _runs(article.body)) >= 20
        for other in _family(article)
    )


def test_every_article_is_in_the_manifest_once_and_nothing_else_lies_there() -> None:
    listed = Counter((article.row["path"], article.row["id"]) for article in articles())
    assert set(listed.values()) == {1}
    found = {
        str(path.relative_to(DEMO)) for path in (DEMO / "articles").rglob("*") if path.is_file()
    }
    assert found == {path for path, _ in listed}
    lines = (DEMO / "articles" / "clippings.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["id"] for line in lines} == {key for _, key in listed if key}


def test_there_are_enough_articles_in_each_language() -> None:
    counts = Counter(article.row["language"] for article in articles())
    least = {"da": 20, "nb": 18, "nn": 8, "sv": 14, "en": 12}
    assert {code: counts[code] for code in least if counts[code] < least[code]} == {}
    assert counts.keys() == least.keys()


def test_every_article_has_between_100_and_520_words() -> None:
    counts = {article.name: len(article.text.split()) for article in articles()}
    assert {name: n for name, n in counts.items() if not 100 <= n <= 520} == {}


def test_no_paragraph_is_filler() -> None:
    filler = re.compile(r"(?i)lorem ipsum|\bTODO\b|\bTBD\b|\bxxx|placeholder|\{\w*\}")
    assert [
        article.name for article in articles() if filler.search(article.raw.replace("}", ""))
    ] == []


def test_every_source_is_marked_as_demo_and_every_address_leads_nowhere() -> None:
    for article in articles():
        source = article.given((*SOURCES, "source"))
        assert source == article.row["source"], article.name
        assert source is None or source.endswith(" (demo)"), article.name
        url = article.given(("Url", "Lenkje", "url"))
        assert url is None or re.match(r"https://[a-z]+\.example/", url), article.name


def test_an_iso_date_in_the_record_is_the_date_the_manifest_expects() -> None:
    checked = 0
    for article in articles():
        printed = article.given((*DATES, "date"))
        assert bool(printed) == (article.row["date_from"] == "record"), article.name
        if printed and re.match(r"\d{4}(-|~?\Z)", printed):
            assert printed == article.row["date"], article.name
            checked += 1
    assert checked > 60


def test_every_month_of_the_two_years_has_an_article_and_two_months_stand_out() -> None:
    months = Counter((article.row["date"] or "")[:7] for article in articles())
    wanted = [f"{year}-{month:02}" for year in (2020, 2021) for month in range(1, 13)]
    assert [month for month in wanted if not months[month]] == []
    ranked = [month for month, _ in months.most_common() if month in wanted]
    assert ranked[:2] == ["2021-08", "2021-01"]


def test_the_manifest_names_no_hard_case_that_is_not_checked_here() -> None:
    named = {case for article in articles() for case in article.row["hard_cases"]}
    assert named == EVIDENCE.keys()


@pytest.mark.parametrize("case", sorted(EVIDENCE))
def test_a_hard_case_is_truly_in_each_article_that_claims_it(case: str) -> None:
    claimed = having(case)
    assert claimed
    assert [article.name for article in claimed if not EVIDENCE[case](article)] == []


@pytest.mark.parametrize(
    ("case", "variants"),
    [
        ("names-taliban", ("Taliban", "Taleban", "talibanerna")),
        ("names-donahue", ("Donahue", "Donohue")),
        ("names-mujahid", ("Mujahid", "Mujahi ")),
        ("names-zelenskyj", ("Zelenskyj", "Zelenskij", "Zelensky ")),
        ("names-kyiv", ("Kyiv", "Kiev", "Kijev")),
        ("names-kandahar", ("Kandahar", "Qandahar")),
        ("names-tikhanovskaja", ("Tikhanovskaja", "Tsikhanouskaja", "Tichanovskaja")),
        ("names-white-house", ("Det Hvide Hus", "Det hvite hus", "Vita huset", "White House")),
    ],
)
def test_every_variant_of_a_name_occurs(case: str, variants: tuple[str, ...]) -> None:
    text = "\n".join(article.text for article in having(case))
    lowered = text.lower() if case == "names-white-house" else text
    assert [v for v in variants if (v.lower() if lowered != text else v) not in lowered] == []


def test_there_are_eight_wire_families_and_one_in_three_languages() -> None:
    families = defaultdict(list)
    for article in articles():
        if article.row["family"]:
            families[article.row["family"]].append(article)
    assert len(families) >= 8
    assert all(2 <= len(members) <= 5 for members in families.values())
    assert any(len({a.row["language"] for a in members}) >= 3 for members in families.values())


def test_the_language_is_seldom_given() -> None:
    given = [
        article
        for article in articles()
        if {"Language", "Sprog", "Språk", "lang"} & article.head.keys()
    ]
    assert 1 <= len(given) <= len(articles()) // 6


def test_the_readme_says_who_wrote_the_articles_and_names_every_case_and_paper() -> None:
    readme = (DEMO / "README.md").read_text(encoding="utf-8")
    assert "No news agency supplied" in readme
    assert readme.count(f"{len(articles())} short articles") == 1
    assert [case for case in EVIDENCE if f"| {case} |" not in readme] == []
    assert [
        a.row["source"] for a in articles() if a.row["source"] and a.row["source"] not in readme
    ] == []
    named = set(re.findall(r"`([\w-]+/[\w-]+\.txt)`", readme))
    assert {name for name in named if not (DEMO / "articles" / name).is_file()} == set()


@pytest.mark.shared
def test_no_article_shares_sixty_characters_with_a_given_text() -> None:
    if not SEEDS.is_dir():
        pytest.skip("the given texts do not lie beside the project")
    runs = set()
    for path in SEEDS.glob("*.txt"):
        text = " ".join(path.read_text(encoding="utf-8").casefold().split())
        runs |= {text[i : i + 60] for i in range(len(text) - 59)}
    assert runs
    shared = []
    for article in articles():
        text = " ".join(article.text.casefold().split())
        if any(text[i : i + 60] in runs for i in range(len(text) - 59)):
            shared.append(article.name)
    assert shared == []
