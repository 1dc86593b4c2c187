"""Scores the joining of forms within articles against annotated ones: pairs of forms."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

from archive.entities.article_names import names_of
from archive.entities.corpora import read_rows
from archive.entities.extract import Span
from archive.entities.within import Named

_KINDS = {"PER": "person", "ORG": "organisation", "LOC": "place"}
Pair = tuple[str, str, str]  # one form, another, and the rules that joined them


@dataclass(slots=True)
class JoiningScore:
    """Pairs of different forms in one article: right, wrong and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    unjudged: int = 0  # joined, and one of the two is in no chain
    by_rule: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    examples: list[tuple[str, str, str, str]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of joined pairs that the annotators joined as well."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def least_precision(self) -> float:
        """The same if every pair that the annotators did not judge were wrong."""
        return self.right / max(self.right + self.wrong + self.unjudged, 1)

    @property
    def recall(self) -> float:
        """The share of the annotators' pairs that were joined."""
        return self.right / max(self.right + self.missed, 1)


def score_articles(path: Path) -> JoiningScore:
    """Score on articles with annotated names and chains: ndt_norwegian/docs.jsonl.gz.

    Two forms are one when the annotators put both into one chain, and two when into two. Forms
    they put into none are not judged (many plain repetitions were left out: "EU", "EUs"), and
    those that stand in two chains are left out.
    """
    score = JoiningScore()
    for row in read_rows(path):
        if not row.get("coref"):
            continue
        spans = [
            Span(mark["start"], mark["end"], mark["text"], _KINDS[mark["label"]], 1.0)
            for mark in row["entities"]
            if mark["label"] in _KINDS
        ]
        named = names_of(spans, row["lang"], text=row["text"])
        chains = [{" ".join(mention.split()) for mention in chain} for chain in row["coref"]]
        gold = {span.text: _chain_of(span.text, chains) for span in spans}
        _add(score, row["id"], named, gold)
    return score


#: What may follow the name at the head of a longer mention: "Ida Holm, leder for ..."
_AFTER_HEAD = re.compile(r"(?:[,(–-]|(?:i|på|fra|frå|for|av|ved|hos|som|til|med|under)\b)")


def _chain_of(form: str, chains: Sequence[set[str]]) -> int | str | None:
    """The number of the chain a form is in, the form itself where it is in none, or None."""
    for is_form in (form.__eq__, partial(_is_head, form)):
        found = [number for number, chain in enumerate(chains) if any(map(is_form, chain))]
        if found:
            return found[0] if len(found) == 1 else None
    return form


def _is_head(form: str, mention: str) -> bool:
    """Whether a mention is this name with a title before it or an explanation after it."""
    before, found, after = mention.partition(form)
    if not found or (before and not before.endswith(" ")) or (after and after[0] != " "):
        return False
    titles = before.split()
    if any(not word[:1].islower() for word in titles[1:]) or "og" in titles:
        return False
    return not after or bool(_AFTER_HEAD.match(after.strip()))


def score_chains(path: Path) -> JoiningScore:
    """Score on chains of names alone, without text: aliases/coref_name_chains_nb_nn.jsonl.gz."""
    documents: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in read_rows(path):
        documents[row["doc_id"]].append(row)
    score = JoiningScore()
    for identity, chains in documents.items():
        spans: list[Span] = []
        gold: dict[str, int | str | None] = {}
        for number, chain in enumerate(chains):
            for form in chain["names"]:
                gold[form] = None if form in gold else number
                count = chain["counts"].get(form, 1)
                spans += [Span(0, 0, form, _KINDS[chain["type"]], 1.0)] * count
        _add(score, identity, names_of(spans, chains[0]["lang"]), gold)
    return score


def _add(
    score: JoiningScore,
    identity: str,
    named: Iterable[Named],
    gold: dict[str, int | str | None],
) -> None:
    joined: dict[str, set[tuple[str, str]]] = defaultdict(set)
    rules: dict[str, str] = {}
    for name in named:
        joined[name.span.text].add((name.kind, name.key))
        rules[name.span.text] = name.rule
    forms = sorted(form for form, chain in gold.items() if chain is not None and form in joined)
    for one, other in combinations(forms, 2):
        are_one = gold[one] == gold[other]
        are_joined = bool(joined[one] & joined[other])
        rule = " + ".join(sorted({rules[one], rules[other]} - {""})) or "same key"
        if isinstance(gold[one], str) or isinstance(gold[other], str):
            if are_joined:
                score.unjudged += 1
                score.by_rule[rule][2] += 1
                score.examples.append((identity, one, other, f"unjudged: {rule}"))
        elif are_joined:
            score.right += are_one
            score.wrong += not are_one
            score.by_rule[rule][0 if are_one else 1] += 1
            if not are_one:
                score.examples.append((identity, one, other, f"wrong: {rule}"))
        elif are_one:
            score.missed += 1
            score.examples.append((identity, one, other, "missed"))


def rules_table(score: JoiningScore) -> Iterator[tuple[str, int, int, int]]:
    """(rule, right, wrong, not judged), the most used first."""
    for rule, counts in sorted(score.by_rule.items(), key=lambda item: -sum(item[1])):
        yield rule, *counts
