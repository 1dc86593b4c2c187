"""What is indexed of an article, as Haystack names it; the archive's own engine reads more."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from haystack import indexes

from archive.models import Article, Credit, Entity, Kind, Mention


class ArticleIndex(indexes.SearchIndex, indexes.Indexable):
    """The fields of an article; facets hold slugs and ids, which pages label from the store."""

    text = indexes.CharField(document=True)
    headline = indexes.CharField(model_attr="headline")
    byline = indexes.CharField(model_attr="byline")
    source = indexes.CharField()
    agency = indexes.MultiValueField()
    language = indexes.CharField(model_attr="language")
    year = indexes.CharField()
    date = indexes.DateField(null=True, model_attr="date_earliest")
    person = indexes.MultiValueField()
    organisation = indexes.MultiValueField()
    place = indexes.MultiValueField()

    def get_model(self) -> type[Article]:
        """The model that is indexed."""
        return Article

    def index_queryset(self, using: str | None = None) -> QuerySet[Article]:
        """Public articles only, with all that is asked of them read in a few queries."""
        mentions = Mention.objects.filter(
            is_rejected=False, entity__status=Entity.Status.ACTIVE
        ).select_related("entity")
        return (
            Article.objects.published()
            .select_related("source")
            .prefetch_related(
                Prefetch("credits", Credit.objects.select_related("agency")),
                Prefetch("mentions", mentions),
            )
        )

    def get_updated_field(self) -> str:
        """The column by which `update_index --age` knows what changed."""
        return "updated_at"

    def prepare_text(self, article: Article) -> str:
        """The whole text, as it is: a template would escape it."""
        return article.text

    def prepare_source(self, article: Article) -> str:
        """The slug of the source."""
        return article.source.slug if article.source else ""

    def prepare_agency(self, article: Article) -> list[str]:
        """The slugs of the agencies that supplied the text."""
        found = [
            credit.agency.slug
            for credit in article.credits.all()
            if credit.agency and credit.role != Credit.Role.PHOTO
        ]
        return list(dict.fromkeys(found))

    def prepare_year(self, article: Article) -> str:
        """The year, "" where none is known."""
        day: datetime.date | None = article.date_earliest
        return str(day.year) if day else ""

    def prepare_person(self, article: Article) -> list[str]:
        """The ids of the persons it mentions."""
        return _entities(article, Kind.PERSON)

    def prepare_organisation(self, article: Article) -> list[str]:
        """The ids of the organisations it mentions."""
        return _entities(article, Kind.ORGANISATION)

    def prepare_place(self, article: Article) -> list[str]:
        """The ids of the places it mentions."""
        return _entities(article, Kind.PLACE)


def _entities(article: Article, kind: str) -> list[str]:
    mentions: Any = article.mentions.all()
    return list(
        dict.fromkeys(
            str(mention.entity_id)
            for mention in mentions
            if not mention.is_rejected and mention.entity.kind == kind
        )
    )
