"""Sources, agencies and credits in the admin: their lists with counts, their forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive import curation
from archive.admin.fields import CompletingSelect, LanguageField, clean_line
from archive.admin.filters import KnownFilter, LanguageFilter
from archive.admin.meanwhile import MeanwhileAdmin, MeanwhileForm
from archive.admin.shown import change_link, list_link, number_shown
from archive.admin.source_actions import merge_agencies, merge_sources, set_agency
from archive.changes import announce
from archive.locks import lock
from archive.models import Agency, Article, Credit, FormerSource, Source, called, unique_slug


def _count(rows: QuerySet) -> Coalesce:
    """A count of related rows that does not multiply the rows of the list."""
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)


class _NamedForm(MeanwhileForm):
    """A row with a name; its short name for addresses is made from it once."""

    slug = forms.SlugField(
        label=_("Short name"),
        required=False,
        max_length=80,
        help_text=_("In addresses. Left empty, it is made from the name."),
    )

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])
        same = self._meta.model.objects.filter(called(name)).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(
                gettext("There is one called “%(name)s” already.") % {"name": same.first()}
            )
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("slug") and data.get("name") and "slug" not in self.errors:
            data["slug"] = unique_slug(self._meta.model, data["name"], own=self.instance.pk)
        return data


class SourceForm(_NamedForm):
    """A newspaper, broadcaster or site."""

    language = LanguageField(
        label=_("Language"),
        help_text=_("The language it usually writes in (da, nb, nn, sv, en …); helps detection."),
    )

    url = forms.URLField(label=_("Address"), required=False, assume_scheme="https")

    class Meta:
        model = Source
        fields = ["name", "slug", "language", "url", "description", "is_demo"]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        former = FormerSource.objects.filter(slug=slug).exclude(source=self.instance.pk)
        if former := former.select_related("source").first():
            leads = gettext("Links with this short name lead to “%(source)s”.")
            raise forms.ValidationError(leads % {"source": former.source})
        return slug


class AgencyForm(_NamedForm):
    """A news agency."""

    class Meta:
        model = Agency
        fields = ["name", "slug", "country"]

    def clean_country(self) -> str:
        country = self.cleaned_data["country"].upper()
        if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise forms.ValidationError(gettext("Two letters, such as DK or NO."))
        return country


class _AnnouncingAdmin(MeanwhileAdmin, admin.ModelAdmin):
    """A new name is a new label in the index: the articles concerned are indexed again."""

    show_full_result_count = False
    list_per_page = 100

    def articles_of(self, row: Any) -> QuerySet:
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if change and {"name", "slug"} & set(form.changed_data):
                announce(self.articles_of(obj).order_by().values_list("pk", flat=True))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


@admin.register(Source)
class SourceAdmin(_AnnouncingAdmin):
    """Who published."""

    form = SourceForm
    list_display = ("name", "language", "article_count", "is_demo")
    list_filter = ("is_demo", LanguageFilter)
    search_fields = ("name", "slug")
    search_help_text = _("Name.")
    actions = [merge_sources]
    readonly_fields = ("formerly",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        number = (
            Article.objects.filter(source=OuterRef("pk"))
            .exclude(status=Article.Status.TRASH)
            .order_by()
            .values("source")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return super().get_queryset(request).annotate(number=_count(number))

    @admin.display(description=_("formerly"))
    def formerly(self, source: Source) -> str:
        """What leads to it: names and addresses it had, and those of sources merged into it."""
        rows = source.former_names.all() if source.pk else []
        told = [f"{row.name} ({row.slug})" if row.name and row.slug else str(row) for row in rows]
        return ", ".join(told) or "–"

    def articles_of(self, row: Source) -> QuerySet:
        return Article.objects.filter(source=row)

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        """What it was called leads to it from then on: records and links go on saying so."""
        with transaction.atomic():
            known = Source.objects.select_for_update().filter(pk=obj.pk)
            before = known.values_list("name", "slug").first() if change else None
            super().save_model(request, obj, form, change)
            if before is not None and before != (obj.name, obj.slug):
                curation.remember(obj, *before)

    @admin.display(description=_("articles"), ordering="number")
    def article_count(self, source: Source) -> SafeString:
        return list_link("article", f"?source={source.slug}", number_shown(source.number))


@admin.register(Agency)
class AgencyAdmin(_AnnouncingAdmin):
    """Who supplied."""

    form = AgencyForm
    list_display = ("name", "country", "article_count")
    search_fields = ("name", "slug")
    search_help_text = _("Name.")
    actions = [merge_agencies]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        number = (
            Credit.objects.filter(agency=OuterRef("pk"))
            .exclude(article__status=Article.Status.TRASH)
            .order_by()
            .values("agency")
            .annotate(number=Count("article", distinct=True))
            .values("number")
        )
        return super().get_queryset(request).annotate(number=_count(number))

    def articles_of(self, row: Agency) -> QuerySet:
        return Article.objects.filter(credits__agency=row).distinct()

    @admin.display(description=_("articles"), ordering="number")
    def article_count(self, agency: Agency) -> SafeString:
        return list_link("article", f"?agency={agency.slug}", number_shown(agency.number))


@admin.register(Credit)
class CreditAdmin(MeanwhileAdmin, admin.ModelAdmin):
    """Credit lines as printed, and what they stand for."""

    form = MeanwhileForm
    list_display = ("printed", "role", "agency", "person", "article_shown")
    list_filter = (KnownFilter, "role")
    list_select_related = ("agency", "article")
    search_fields = ("printed", "person")
    search_help_text = _("The credit as printed, or the photographer.")
    autocomplete_fields = ("agency",)
    readonly_fields = ("article_shown",)
    fields = ("article_shown", "printed", "role", "agency", "person")
    show_full_result_count = False
    ordering = ("printed", "pk")
    actions = [set_agency]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "agency":
            kwargs["widget"] = CompletingSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def keep(self, pk: int) -> None:
        """First the article, as whoever saves that does."""
        lock(Article, Credit.objects.filter(pk=pk).values_list("article_id", flat=True))
        super().keep(pk)

    def save_model(self, request: HttpRequest, obj: Credit, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            curation.refresh_credits([obj.article_id])

    def delete_model(self, request: HttpRequest, obj: Credit) -> None:
        with transaction.atomic():
            article_id = obj.article_id
            super().delete_model(request, obj)
            curation.refresh_credits([article_id])

    @admin.display(description=_("article"))
    def article_shown(self, credit: Credit) -> SafeString | str:
        return change_link("article", credit.article_id, credit.article)
