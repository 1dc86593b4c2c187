"""What the pages and the admin ask of the store."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q

from archive.text.order import first_behind

if TYPE_CHECKING:
    from archive.models import Entity


class ArticleQuerySet(models.QuerySet):
    """Questions about articles."""

    def published(self) -> ArticleQuerySet:
        """Those any reader may see."""
        return self.filter(status="published")

    def undated(self) -> ArticleQuerySet:
        """Those of which no date is known at all."""
        return self.filter(date_earliest=None)

    def dated_between(
        self, first: datetime.date | None, last: datetime.date | None, *, certainly: bool = False
    ) -> ArticleQuerySet:
        """Those that can lie in the range, or with `certainly` those that must; ends included."""
        dated = self.exclude(date_earliest=None)
        if certainly:
            bounds = Q(date_earliest__gte=first) if first else Q()
            # That it begins by then follows, but the index holds the beginnings.
            upper = Q(date_latest__lte=last, date_earliest__lte=last) if last else Q()
            return dated.filter(bounds & upper)
        bounds = Q(date_latest__gte=first) if first else Q()
        return dated.filter(bounds & (Q(date_earliest__lte=last) if last else Q()))

    def with_day(self) -> ArticleQuerySet:
        """Those whose day is known."""
        return self.filter(date_precision__in=("day", "minute"))

    def mentioning(self, entity: Entity) -> ArticleQuerySet:
        """Those that name the entity, each once."""
        from archive.models import Mention  # the models import this module

        mentions = Mention.objects.filter(entity=entity, is_rejected=False)
        return self.filter(pk__in=mentions.values("article_id"))

    def for_listing(self) -> ArticleQuerySet:
        """With what a list of articles shows, and without the heavy columns."""
        from archive.models import Credit

        # By their place alone: in their own order they would be sorted by the dates of articles.
        credits = Credit.objects.select_related("agency").order_by("position", "pk")
        listed = self.select_related("source").prefetch_related(Prefetch("credits", credits))
        return listed.defer("body", "extra")

    def in_bulk(self, id_list: Any = None, *, field_name: str = "pk") -> dict[Any, Any]:
        """As for any table; in no order, for which SQLite would walk all that are published."""
        return super(ArticleQuerySet, self.order_by()).in_bulk(id_list, field_name=field_name)


class EntityQuerySet(models.QuerySet):
    """Questions about entities."""

    def active(self) -> EntityQuerySet:
        """Those that are neither rejected nor merged into another."""
        return self.filter(status="active")

    def listed(self) -> EntityQuerySet:
        """Active ones that at least one public article mentions."""
        return self.active().filter(article_count__gt=0)


class SourceQuerySet(models.QuerySet):
    """Questions about sources."""

    def listed(self) -> SourceQuerySet:
        """Those with at least one public article: the others readers must not hear of."""
        from archive.models import Article

        return self.filter(Exists(Article.objects.published().filter(source=OuterRef("pk"))))


class AgencyQuerySet(models.QuerySet):
    """Questions about agencies."""

    def listed(self) -> AgencyQuerySet:
        """Those that at least one public article credits."""
        from archive.models import Credit

        credits = Credit.objects.filter(agency=OuterRef("pk"), article__status="published")
        return self.filter(Exists(credits))


class FormQuerySet(models.QuerySet):
    """Questions about spellings."""

    def beginning(self, key: str) -> FormQuerySet:
        """Those whose key begins so, by its index."""
        behind = first_behind(key)
        return self.filter(Q(key__gte=key) & (Q(key__lt=behind) if behind else Q()))

    def public(self) -> FormQuerySet:
        """Those that a public article is written with, or a curator gave, or a page has as its name."""
        from archive.models import Entity, Mention

        written = Mention.objects.filter(
            form=OuterRef("pk"), is_rejected=False, article__status="published"
        )
        is_shown = Q(
            text=F("entity__name"),
            entity__status=Entity.Status.ACTIVE,
            entity__article_count__gt=0,
        )
        given = Q(is_curated=True, is_found=False)
        return self.filter(given | is_shown | Exists(written))
