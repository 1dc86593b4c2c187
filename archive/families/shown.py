"""What readers are shown of stories: how many versions, which, and from how many papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, F, Value, When

from archive.models import Article, Family, Membership

#: Versions listed on the page of an article; a search for the story has the rest.
LISTED = 12
#: Stories merged into one that are looked up at a time.
MOST_MERGED = 500


@dataclass(frozen=True, slots=True)
class Told:
    """What a hit says of its story."""

    number: int
    versions: int
    is_lead: bool


@dataclass(frozen=True, slots=True)
class Story:
    """A story as the page of one of its versions shows it: all others, the first published first."""

    number: int
    versions: int
    sources: int
    listed: list[Article]
    lead_id: int | None

    @property
    def beyond(self) -> int:
        """Versions that are not listed."""
        return self.versions - len(self.listed)


def told(article_ids: Iterable[int]) -> dict[int, Told]:
    """What is told of the stories of these articles; none of those that readers do not hear of."""
    rows = Membership.objects.filter(article__in=list(article_ids), family__version_count__gt=1)
    return {
        pk: Told(number, versions, lead == pk)
        for pk, number, versions, lead in rows.values_list(
            "article_id", "family_id", "family__version_count", "family__lead_id"
        )
    }


def story_of(article: Article) -> Story | None:
    """The story of a public article with its public versions; None where it has no other."""
    if not article.is_public:
        return None
    family = Family.objects.filter(memberships__article=article, version_count__gt=1).first()
    if family is None:
        return None
    public = Article.objects.published().filter(membership__family=family)
    # One of which only the month is known stands after those of its days, an undated one after all;
    # of those of which no more is known, the one that leads is the first.
    leads_first = Case(When(pk=family.lead_id or 0, then=Value(0)), default=Value(1))
    day, time = (F(name).asc(nulls_last=True) for name in ("date_latest", "published_at"))
    by_date = (day, time, leads_first, "pk")
    listed = list(public.for_listing().order_by(*by_date)[:LISTED])
    pks = [one.pk for one in listed]
    here = pks.index(article.pk) if article.pk in pks else len(pks)
    for place, one in enumerate(listed):
        one.is_earlier = place < here  # compared, the earlier one comes first
    return Story(family.pk, family.version_count, family.source_count, listed, family.lead_id)


def one_a_story(article_ids: Sequence[int], besides: Article) -> list[int]:
    """The articles in their order, of each story the first; none of the story of one article."""
    rows = Membership.objects.filter(article__in=[*article_ids, besides.pk]).order_by()
    story = dict(rows.values_list("article_id", "family_id"))
    seen = {story.get(besides.pk)} - {None}
    kept = []
    for pk in article_ids:
        number = story.get(pk)
        if number is None or number not in seen:
            kept.append(pk)
            seen.add(number)
    return kept


def numbers_of(text: str) -> list[int]:
    """The numbers that a story has or had, by one of them as typed; none for what is no number.

    Two stories that became one are found by either number, and what the index has under the old
    one until it follows is found too.
    """
    typed = text.strip()
    if not (typed.isascii() and typed.isdigit()) or len(typed) > 18:
        return []
    kept, found = int(typed), [int(typed)]
    while into := Family.objects.filter(pk=kept).values_list("merged_into", flat=True).first():
        if into in found:
            break
        kept = into
        found.append(kept)
    newest = [kept]
    while newest:
        rows = Family.objects.filter(merged_into__in=newest).exclude(pk__in=found)
        newest = list(rows.values_list("pk", flat=True)[:MOST_MERGED])
        found += newest
    return found
