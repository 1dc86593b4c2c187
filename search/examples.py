"""Examples for the help page that find something in this archive: its own sources, names and dates."""

from __future__ import annotations

from archive.models import Article, Credit, Entity, Family, Kind, Quote
from archive.overview import TEXT_ROLES
from archive.text.normalise import QUOTATION_MARKS
from search.analysis.tokens import words


def own_examples() -> dict[str, str]:
    """Queries for fields by the field's name, made of the newest articles and the commonest names.

    A field of which the archive has nothing is left out.
    """
    found = {**_of_articles(), **_of_names()}
    credited = Credit.objects.filter(
        article__status=Article.Status.PUBLISHED, role__in=TEXT_ROLES, agency__isnull=False
    )
    if agency := credited.order_by("-pk").values_list("agency__slug", flat=True).first():
        found["agency"] = f"agency:{agency}"
    if story := Family.objects.filter(version_count__gt=1).values_list("pk", flat=True).first():
        found["story"] = f"story:{story}"
    return found


def _of_articles() -> dict[str, str]:
    """Source, language, number, byline and dates of articles that came in last."""
    published = Article.objects.published().order_by("-pk")
    found = {}
    if newest := published.values_list("pk", "language").first():
        pk, language = newest
        found["id"] = f"id:{pk}"
        if language:
            found["language"] = f"language:{language}"
    if source := published.exclude(source=None).values_list("source__slug", flat=True).first():
        found["source"] = f"source:{source}"
    bylines = published.exclude(byline="").values_list("byline", flat=True)[:20]
    names = [word for byline in bylines for word in words(byline)[-1:] if len(word) > 2]
    if names:
        found["byline"] = f"byline:{names[0].lower()}"
    if day := published.with_day().values_list("date_earliest", flat=True).first():
        found["date"] = f"date:{day:%Y}-{day.month:02}..{day:%Y}-12"
        found["within"] = f"within:{day:%Y}-{day.month:02}"
    return found


def _of_names() -> dict[str, str]:
    """What most articles mention of each kind, and whoever was quoted last."""
    found = {}
    for kind in (Kind.PERSON, Kind.ORGANISATION, Kind.PLACE):
        listed = Entity.objects.listed().filter(kind=kind).order_by("-article_count", "name")
        if name := listed.values_list("name", flat=True).first():
            plain = QUOTATION_MARKS.sub("", name)
            found[kind.value] = f'{kind.value}:"{plain}"'
            found["entity"] = f'entity:"{plain}"'
    quoted = Quote.objects.filter(
        article__status=Article.Status.PUBLISHED,
        speaker__is_rejected=False,
        speaker__entity__status=Entity.Status.ACTIVE,
        speaker__entity__kind=Kind.PERSON,
    )
    if speaker := quoted.order_by("-pk").values_list("speaker__entity__name", flat=True).first():
        plain = QUOTATION_MARKS.sub("", speaker)
        found["said_by"] = f'said_by:"{plain}"'
    return found
