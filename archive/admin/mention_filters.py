"""What narrows the list of mentions: one name, the language and source of the article, a spelling."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.admin.filters import Choices, is_number
from archive.admin.shown import described, list_link, number_shown
from archive.languages import language_name
from archive.models import Article, Entity, Form, Mention, Source
from archive.text.normalise import form_key

#: The parameter by which links lead to the mentions of one name.
OF_ENTITY = "entity__id__exact"
_QUOTES = '"“”„«»'
#: Names of one spelling whose mentions are looked for.
_MOST_NAMED = 200


def _entity_asked(request: HttpRequest) -> int | None:
    """The number of the name whose mentions are asked for."""
    asked = request.GET.get(OF_ENTITY, "")
    return int(asked[:18]) if is_number(asked) else None


def mentions_query(entity: Entity, **more: str) -> str:
    """The query of the list that shows the mentions of a name."""
    return "?" + urlencode({OF_ENTITY: entity.pk, **more})


def mentions_by_language(entity: Entity) -> SafeString:
    """The languages of the articles that have a name, with how many mentions; ways to them."""
    counted = _counted(entity.pk, "article__language") if entity.pk else []
    links = (
        (list_link("mention", mentions_query(entity, language=code or "-"), language_name(code)), n)
        for code, number in counted
        for n in [number_shown(number)]
    )
    return format_html_join(", ", "{} ({})", links)


def _counted(entity: int | None, field: str) -> list[tuple[Any, int]]:
    """The values of a field that the mentions of a name have, most first, with how many."""
    rows = Mention.objects.filter(entity=entity).order_by()
    return list(rows.values_list(field).annotate(number=Count("pk")).order_by("-number", field))


class EntityFilter(admin.SimpleListFilter):
    """The mentions of one name, to which its page leads; shown so that it can be taken away."""

    title = _("entity")
    parameter_name = OF_ENTITY

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        rows = Entity.objects.filter(pk=_entity_asked(request))
        return [(str(entity.pk), described(entity)) for entity in rows]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        asked = _entity_asked(request)
        return queryset if asked is None else queryset.filter(entity=asked)


class ArticleLanguageFilter(admin.SimpleListFilter):
    """By the language of the article; of one name with how many mentions it has in each."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        if _entity_asked(request) is not None:
            return [
                (code or "-", f"{language_name(code)} ({number_shown(number)})")
                for code, number in _counted(_entity_asked(request), "article__language")
            ]
        codes = Article.objects.order_by("language").values_list("language", flat=True).distinct()
        return [(code or "-", language_name(code)) for code in codes]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        return queryset.filter(article__language="" if self.value() == "-" else self.value())


class ArticleSourceFilter(admin.SimpleListFilter):
    """By the source of the article; of one name with how many mentions it has in each."""

    title = _("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        if _entity_asked(request) is not None:
            counted = _counted(_entity_asked(request), "article__source")
            sources = Source.objects.in_bulk([pk for pk, _number in counted if pk])
            return [
                (sources[pk].slug, f"{sources[pk].name} ({number_shown(number)})")
                if pk
                else ("-", f"{gettext('no source')} ({number_shown(number)})")
                for pk, number in counted
            ]
        return [*Source.objects.values_list("slug", "name"), ("-", gettext("no source"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        if self.value() == "-":
            return queryset.filter(article__source=None)
        return queryset.filter(article__source__slug=self.value())


def spelled(rows: QuerySet, term: str) -> QuerySet:
    """The mentions that a search of the list finds.

    Those of that whole spelling, or of a name that is called so; where there are none, those whose
    spelling begins so; then those that have it in them. "SF*" asks for the second at once, quotation
    marks for the third.
    """
    term = term.strip()
    if not term:
        return rows
    key = form_key(term.strip(_QUOTES).rstrip("*"))
    if not key:
        return rows.none()
    whole, beginning = Form.objects.filter(key=key), Form.objects.beginning(key)
    within = rows.filter(form__in=Form.objects.filter(key__contains=key).order_by().values("pk"))
    if len(term) > 2 and term[0] in _QUOTES and term[-1] in _QUOTES:
        return within
    begun = rows.filter(form__in=beginning.order_by().values("pk"))
    if term.endswith("*"):
        return begun
    called_so = whole.filter(text=F("entity__name")).order_by()
    entities = list(called_so.values_list("entity", flat=True).distinct()[:_MOST_NAMED])
    exact = rows.filter(Q(form__in=whole.order_by().values("pk")) | Q(entity__in=entities))
    return next((found for found in (exact, begun) if found.exists()), within)
