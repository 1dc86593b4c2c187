"""The filters beside the lists of the admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.languages import language_name
from archive.models import Agency, Article, Credit, Job, Source

Choices = Iterable[tuple[str, str]]
#: Languages that the machine is not sure of.
LOW_CONFIDENCE = Q(language_decided=Article.Decided.MACHINE) & (
    Q(language_confidence__lt=0.8) | Q(language="")
)
#: Credit lines that stand for no agency yet. A photographer's name alone needs none.
UNKNOWN_CREDIT = Q(agency=None) & (Q(person="") | ~Q(role=Credit.Role.PHOTO))


def is_number(text: str) -> bool:
    """Whether a text from an address is a plain number; a digit such as ² is none."""
    return text.isascii() and text.isdigit()


class StatusFilter(admin.SimpleListFilter):
    """By status; the trash stays out unless it is asked for."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        choices = Article.Status.choices
        return [*choices, ("hidden", gettext("restricted or withdrawn"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        if value == "hidden":
            return queryset.filter(status__in=("restricted", "withdrawn"))
        if value in Article.Status.values:
            return queryset.filter(status=value)
        return queryset.exclude(status=Article.Status.TRASH)


class SourceFilter(admin.SimpleListFilter):
    """By source, by its short name in the address."""

    title = _("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [*Source.objects.values_list("slug", "name"), ("-", gettext("no source"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "-":
            return queryset.filter(source=None)
        return queryset.filter(source__slug=self.value()) if self.value() else queryset


class AgencyFilter(admin.SimpleListFilter):
    """By an agency named in any credit of the article."""

    title = _("agency")
    parameter_name = "agency"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return list(Agency.objects.values_list("slug", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        # Not a join: an article with two credits of one agency must stand in the list once.
        credits = Credit.objects.filter(agency__slug=self.value()).order_by()
        return queryset.filter(pk__in=credits.values("article"))


class LanguageFilter(admin.SimpleListFilter):
    """By the languages that occur."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        rows = model_admin.model.objects.order_by("language")
        codes = rows.values_list("language", flat=True).distinct()
        return [(code or "-", language_name(code)) for code in codes]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        return queryset.filter(language="" if self.value() == "-" else self.value())


class CertaintyFilter(admin.SimpleListFilter):
    """By how sure the language is."""

    title = _("certainty of the language")
    parameter_name = "certainty"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("low", gettext("uncertain (below 0.8)")),
            ("sure", gettext("detected, 0.8 or more")),
            *(
                (value, str(label))
                for value, label in Article.Decided.choices
                if value != "machine"
            ),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        if value == "low":
            return queryset.filter(LOW_CONFIDENCE)
        if value == "sure":
            return queryset.filter(language_decided="machine", language_confidence__gte=0.8)
        return queryset.filter(language_decided=value) if value else queryset


class PrecisionFilter(admin.SimpleListFilter):
    """By how much of the date is known."""

    title = _("precision of the date")
    parameter_name = "precision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        labels = {"unknown": gettext("undated")}
        return [
            (value, labels.get(value, str(label))) for value, label in Article.Precision.choices
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(date_precision=self.value()) if self.value() else queryset


class OriginFilter(admin.SimpleListFilter):
    """By where the date was found."""

    title = _("date found in")
    parameter_name = "origin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(value or "-", str(label)) for value, label in Article.DateOrigin.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        return queryset.filter(date_origin="" if self.value() == "-" else self.value())


class YearFilter(admin.SimpleListFilter):
    """By year: an article known only to the month or year stands in its year, none in January."""

    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        years = Article.objects.exclude(date_earliest=None).dates(
            "date_earliest", "year", order="DESC"
        )
        return [(str(day.year), str(day.year)) for day in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        if not (is_number(value) and len(value) < 5 and 1 <= int(value) <= 9999):
            return queryset
        return queryset.filter(date_earliest__year=int(value))


class JobFilter(admin.SimpleListFilter):
    """By the job that brought it: the newest twenty, and the one asked for."""

    title = _("job")
    parameter_name = "job"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        jobs = list(Job.objects.values_list("pk", "label")[:20])
        asked = self.value() or ""
        if is_number(asked) and int(asked[:18]) not in dict(jobs):
            jobs += Job.objects.filter(pk=asked[:18]).values_list("pk", "label")
        return [(str(pk), f"{pk}: {label}"[:60]) for pk, label in jobs]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        asked = self.value() or ""
        return queryset.filter(job=int(asked[:18])) if is_number(asked) else queryset


class DemoFilter(admin.SimpleListFilter):
    """Demonstration articles, or the real ones."""

    title = _("demonstration")
    parameter_name = "demo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("yes", gettext("from invented papers")), ("no", gettext("real"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "yes":
            return queryset.filter(source__is_demo=True)
        if self.value() == "no":
            return queryset.exclude(source__is_demo=True)
        return queryset


class KnownFilter(admin.SimpleListFilter):
    """Credits that stand for an agency, and those that do not yet."""

    title = _("agency")
    parameter_name = "known"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("no", gettext("unknown")), ("yes", gettext("known"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "no":
            return queryset.filter(UNKNOWN_CREDIT)
        return queryset.exclude(agency=None) if self.value() == "yes" else queryset


class DecidedFilter(admin.SimpleListFilter):
    """Entities that a curator has looked at, and new ones that stand in public articles."""

    title = _("looked at")
    parameter_name = "decided"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("no", gettext("new, found by machine")),
            ("yes", gettext("decided by a curator")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "no":
            return queryset.listed().filter(is_curated=False)
        return queryset.filter(is_curated=True) if self.value() == "yes" else queryset
