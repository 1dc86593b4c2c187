"""How likely a pair of names is one: by what is alike in them and by the company they keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from math import log2, sqrt

from archive.curation.history import chunks
from archive.entities.candidates import LIKELY, Pair
from archive.entities.genitives import words_list
from archive.models import Article, Entity, Kind, Mention, MergeSuggestion

#: The newest articles of an entity whose other names are compared.
_ARTICLES = 20
#: Two names that are both in so many articles are more likely two things than a slip.
_ESTABLISHED = 50
#: What the company of a name in so few articles tells, of what that of others does.
_TELLS = {0: 0.5, 1: 0.6, 2: 0.8}


def weighed(found: Sequence[Pair]) -> list[MergeSuggestion]:
    """These pairs as suggestions, with score and evidence; not those of names in no article."""
    ids = {pk for pair in found for pk in (pair.left, pair.right)}
    entities = Entity.objects.active().in_bulk(ids)
    company, articles = _company(ids)
    rows = []
    for pair in found:
        left, right = entities.get(pair.left), entities.get(pair.right)
        if left is None or right is None or not (articles[left.pk] and articles[right.pk]):
            continue
        shared = company[left.pk] & company[right.pk]
        nearness = _cosine(company[left.pk], company[right.pk], shared)
        evidence = {
            "measure": pair.measure,
            "detail": pair.detail,
            "forms": list(pair.forms),
            "kinds": [left.kind, right.kind],
            "articles": [left.article_count, right.article_count],
            "shared": sorted(shared)[:12],
            "nearness": round(nearness, 3),
        }
        score = weigh(pair, left, right, nearness)
        rows.append(MergeSuggestion(left=left, right=right, score=score, evidence=evidence))
    return rows


def weigh(pair: Pair, left: Entity, right: Entity, nearness: float) -> float:
    """How likely two entities are one, 0 to 1, from their names and the company they keep.

    What stands in one article has no company but that article's, which says less; of two pairs as
    likely that in more articles comes first. A single word of the language is no slip of a name:
    Weekend and Weeknd.
    """
    fewer = min(left.article_count, right.article_count)
    score = LIKELY[pair.measure] + 0.35 * min(1.0, 2 * nearness) * _TELLS.get(fewer, 1.0)
    if fewer >= _ESTABLISHED and pair.measure == "spelling" and nearness < 0.3:
        score -= 0.25
    if pair.measure == "spelling" and _is_a_word(*pair.forms):
        score -= 0.25
    score += 0.01 * min(4.0, log2(1 + left.article_count + right.article_count))
    if left.kind == right.kind == Kind.OTHER:
        score -= 0.1
    return round(max(0.0, min(0.99, score)), 3)


def _is_a_word(one: str, other: str) -> bool:
    """Whether one of two single words is an ordinary word, and the other is none.

    In two languages at least: of one the list may say so by mistake.
    """
    if " " in one or " " in other:
        return False
    is_word = [len(words_list().languages(form.lower())) > 1 for form in (one, other)]
    return is_word[0] != is_word[1]


def _cosine(one: set[int], other: set[int], shared: set[int]) -> float:
    return len(shared) / sqrt(len(one) * len(other)) if one and other else 0.0


def _company(
    entity_ids: Collection[int],
) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """For each entity: whom its newest articles name beside it, and those articles.

    What a twentieth of the archive names is left out: everyone shares it.
    """
    articles: dict[int, set[int]] = defaultdict(set)
    rows = Mention.objects.filter(entity__in=entity_ids, is_rejected=False)
    for entity, article in rows.order_by("-article").values_list("entity", "article").iterator():
        if len(articles[entity]) < _ARTICLES:
            articles[entity].add(article)
    common = max(20, Article.objects.count() // 20)
    named: dict[int, set[int]] = defaultdict(set)
    for some in chunks(sorted(set().union(*articles.values()))):
        beside = Mention.objects.filter(
            article__in=some, is_rejected=False, entity__article_count__lte=common
        )
        for article, entity in beside.order_by().values_list("article", "entity"):
            named[article].add(entity)
    company: dict[int, set[int]] = defaultdict(set)
    for entity, own in articles.items():
        company[entity] = set().union(*(named[article] for article in own)) - {entity}
    return company, articles
