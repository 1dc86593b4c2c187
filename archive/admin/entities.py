"""Entities in the admin: the list, the form with its spellings, merging, splitting, rejecting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from archive.admin import mentions as _mentions
from archive.admin.entity_actions import ACTIONS
from archive.admin.entity_merge import MergeWith
from archive.admin.entity_split import SplitForm
from archive.admin.entity_told import also_spelled, told_apart, twins_of
from archive.admin.fields import clean_spelling
from archive.admin.filters import DecidedFilter
from archive.admin.meanwhile import MeanwhileAdmin, MeanwhileForm, MeanwhileInline
from archive.admin.mention_filters import mentions_by_language, mentions_query
from archive.admin.shown import change_link, in_context, list_link, number_shown, said
from archive.entities import curate
from archive.entities.locks import decide_alone
from archive.models import Entity, Form, Mention
from archive.text.normalise import form_key

__all__ = ["EntityAdmin", "_mentions"]

#: Sentences shown on the page of an entity.
_SAMPLE = 20


class SpellingForm(MeanwhileForm):
    """One spelling, cleaned."""

    class Meta:
        model = Form
        fields = ["text"]

    def clean_text(self) -> str:
        text = clean_spelling(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(
                gettext("A spelling needs at least one letter that can be seen.")
            )
        if self.instance.pk and text != self.instance.text and self.instance.mentions.exists():
            told = gettext(
                "Articles write “%(form)s”, so it stays. Add another spelling in a row of its own."
            )
            raise forms.ValidationError(told % {"form": self.instance.text})
        if text != self.instance.text and self._is_the_name():
            raise forms.ValidationError(self._stays())
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get(DELETION_FIELD_NAME) and self._is_the_name():
            self.refuse_deletion(self._stays())
        return data

    def _is_the_name(self) -> bool:
        """Whether the entity is called so: without this spelling nothing finds it by its name."""
        return bool(self.instance.pk) and self.instance.text == self.instance.entity.name

    def _stays(self) -> str:
        text = gettext("“%(form)s” is the name itself, so it stays. Give another name first.")
        return text % {"form": self.instance.text}


class FormInline(MeanwhileInline, admin.TabularInline):
    """The spellings of an entity. One that is in use cannot be deleted or rewritten."""

    model = Form
    form = SpellingForm
    extra = 1
    fields = ("text", "mention_count", "curated")
    readonly_fields = ("mention_count", "curated")
    verbose_name = _("spelling")
    verbose_name_plural = _("its own spellings (a search for one finds all)")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(number=Count("mentions"))

    @admin.display(description=_("mentions"))
    def mention_count(self, form: Form) -> str:
        return number_shown(form.number) if hasattr(form, "number") else "–"

    @admin.display(description=_("added by a curator"))
    def curated(self, form: Form) -> str:
        return gettext("yes") if form.is_curated else "–"


class EntityForm(MeanwhileForm):
    """What is said of an entity."""

    class Meta:
        model = Entity
        fields = ["name", "kind", "description", "wikidata_id"]

    def clean_name(self) -> str:
        name = clean_spelling(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(
                gettext("A name needs at least one letter that can be seen.")
            )
        return name

    def clean_wikidata_id(self) -> str:
        value = self.cleaned_data["wikidata_id"].strip().upper()
        if value and not (value[0] == "Q" and value[1:].isascii() and value[1:].isdigit()):
            raise forms.ValidationError(gettext("A Wikidata id is a Q and a number, such as Q42."))
        return value


def _taken_in(entity: Entity) -> QuerySet:
    """The spellings of the entities that were merged into this one."""
    return curate.all_forms(entity).exclude(entity=entity)


@admin.register(Entity)
class EntityAdmin(MergeWith, MeanwhileAdmin, admin.ModelAdmin):
    """Persons, organisations and places."""

    form = EntityForm
    list_display = ("name", "kind", "article_link", "status_column", "curated", "updated_at")
    list_filter = ("kind", "status", DecidedFilter)
    search_fields = ("forms__text", "name")
    search_help_text = _("Any spelling. Merged and rejected ones are found too.")
    show_full_result_count = False
    list_per_page = 100
    list_select_related = ("merged_into",)
    ordering = ("-article_count", "name")
    actions = ACTIONS
    inlines = [FormInline]
    fieldsets = (
        (None, {"fields": ("name", "kind", "description", "wikidata_id")}),
        (
            _("State"),
            {
                "fields": (
                    "status_column",
                    "curated",
                    "article_link",
                    "by_language",
                    "took_in",
                    "taken_in_forms",
                )
            },
        ),
        (_("Where it stands"), {"fields": ("sample",)}),
    )
    readonly_fields = (
        "status_column", "curated", "article_link", "by_language", "took_in", "taken_in_forms",
        "sample",
    )  # fmt: skip
    change_form_template = "admin/archive/entity/change_form.html"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """By folded spelling: "tromso" and "Tromsø" find the same."""
        key = form_key(search_term.strip()) if search_term.strip() else ""
        if not key:
            return queryset, False
        found = Form.objects.filter(key__contains=key).order_by()
        named = Q(pk__in=found.values("entity")) | Q(sort_key__contains=key)
        return queryset.filter(named), False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if "autocomplete" in request.path:
            return rows.active()
        return rows

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a deleted name would be found again at the next import. Reject it instead."""
        return False

    @admin.display(description=_("articles"), ordering="article_count")
    def article_link(self, entity: Entity) -> SafeString | str:
        if not entity.pk:
            return "–"
        number = number_shown(entity.article_count)
        return list_link("mention", mentions_query(entity), number)

    @admin.display(description=_("mentions by language"))
    def by_language(self, entity: Entity) -> SafeString | str:
        """Ways to the mentions in each language: two of one name often have one each."""
        return mentions_by_language(entity) or "–"

    @admin.display(description=_("status"), ordering="status")
    def status_column(self, entity: Entity) -> SafeString | str:
        if entity.merged_into is None:
            return entity.get_status_display()
        return format_html(
            "{} {}",
            gettext("merged into"),
            change_link("entity", entity.merged_into_id, entity.merged_into),
        )

    @admin.display(description=_("curated"), ordering="is_curated")
    def curated(self, entity: Entity) -> str:
        return gettext("yes") if entity.is_curated else "–"

    @admin.display(description=_("merged into this one"))
    def took_in(self, entity: Entity) -> SafeString | str:
        merged = entity.merged.all() if entity.pk else []
        rows = [(change_link("entity", one.pk, one),) for one in merged]
        return format_html_join(", ", "{}", rows) or "–"

    @admin.display(description=_("their spellings"))
    def taken_in_forms(self, entity: Entity) -> str:
        """The spellings that came with a merge: a search for one finds all, as with its own."""
        if not entity.pk:
            return "–"
        texts = _taken_in(entity).order_by("text").values_list("text", flat=True).distinct()
        return ", ".join(texts) or "–"

    @admin.display(description=_("in sentences"))
    def sample(self, entity: Entity) -> SafeString | str:
        if not entity.pk:
            return "–"
        rows = list(
            Mention.objects.filter(entity=entity, is_rejected=False)
            .select_related("article", "form")
            .order_by("-pk")[:_SAMPLE]
        )
        if not rows:
            if entity.merged_into:
                return format_html(
                    gettext("Its mentions are with {name} until it is unmerged."),
                    name=change_link("entity", entity.merged_into_id, entity.merged_into),
                )
            return gettext("It is mentioned nowhere.")
        items = format_html_join(
            "",
            "<li>{}<br><small>{}</small></li>",
            (
                (in_context(row), change_link("article", row.article_id, row.article))
                for row in rows
            ),
        )
        everything = list_link("mention", mentions_query(entity), gettext("All mentions"))
        return format_html('<ul class="sentences">{}</ul>{}', items, everything)

    # -- saving ---------------------------------------------------------------------------------

    def keep(self, pk: int) -> None:
        """Names are decided about one at a time; counting the articles of this one goes on."""
        decide_alone()

    def save_model(self, request: HttpRequest, obj: Entity, form: Any, change: bool) -> None:
        with transaction.atomic():
            if not change:
                obj.sort_key, obj.is_curated = form_key(obj.name), True
                obj.save()
                curate.add_form(obj, obj.name)
                self._warn(request, twins_of(obj))
                return
            # Without a user: the history has both from the form.
            if "kind" in form.changed_data:
                new = obj.kind
                obj.kind = form.initial["kind"]
                curate.retype([obj], new)
            if "name" in form.changed_data:
                curate.rename(obj, obj.name)
            if form.changed_data:  # a form merely saved decides nothing
                obj.is_curated = True
                curate.save(obj)
        if {"name", "kind"} & set(form.changed_data):
            self._warn(request, twins_of(obj))

    def _warn(self, request: HttpRequest, told: SafeString | None) -> None:
        """Two names that readers cannot tell apart are told apart or made one at once."""
        if told:
            self.message_user(request, told, messages.WARNING)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for row in formset.save(commit=False):
            # One that was rewritten is another: whoever holds the old one in memory sees it go. The
            # new one may be there already, as the name itself.
            Form.objects.filter(pk=row.pk).delete()
            curate.add_form(form.instance, row.text)
            self._warn(request, also_spelled(form.instance, row.text))
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()
        if formset.has_changed():
            Entity.objects.filter(pk=form.instance.pk).update(is_curated=True)

    # -- unmerge and split ----------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/unmerge/", view(self.unmerge_view), name="archive_entity_unmerge"),
            path("<int:pk>/merge/", view(self.merge_view), name="archive_entity_merge"),
            path("<int:pk>/split/", view(self.split_view), name="archive_entity_split"),
            *super().get_urls(),
        ]

    def _entity(self, request: HttpRequest, pk: int) -> Entity:
        entity = Entity.objects.filter(pk=pk).select_related("merged_into").first()
        if entity is None:
            raise Http404(gettext("There is no such entity."))
        if not self.has_change_permission(request, entity):
            raise PermissionDenied
        return entity

    def unmerge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo a merge (POST)."""
        entity = self._entity(request, pk)
        address = reverse("admin:archive_entity_change", args=[pk])
        if request.method == "POST":
            try:
                moved = curate.unmerge(entity, user=request.user)
            except curate.CannotMerge as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                text = ngettext(
                    "%(name)s stands by itself again, with %(n)s mention.",
                    "%(name)s stands by itself again, with %(n)s mentions.",
                    moved,
                )
                message = format_html(
                    "{} {}", said(text, moved, name=entity.name), told_apart(entity)
                )
                self.message_user(request, message, messages.SUCCESS)
        return HttpResponseRedirect(address)

    def split_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make some of the spellings an entity of their own."""
        entity = self._entity(request, pk)
        form = SplitForm(entity, *([request.POST] if request.method == "POST" else []))
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            try:
                part = curate.split(
                    entity,
                    data["forms_chosen"],
                    data["name"],
                    kind=data["kind"],
                    user=request.user,
                )
            except curate.CannotMerge as error:
                form.add_error(None, str(error))
            else:
                text = ngettext(
                    "%(name)s is an entity of its own, in %(n)s article.",
                    "%(name)s is an entity of its own, in %(n)s articles.",
                    part.article_count,
                )
                message = said(text, part.article_count, name=part.name)
                self.message_user(request, message, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:archive_entity_change", args=[part.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Split %(name)s") % {"name": entity.name},
            "button": gettext("Split"),
            "opts": self.opts,
            "row": entity,
            "row_address": reverse("admin:archive_entity_change", args=[entity.pk]),
            "list_address": reverse("admin:archive_entity_changelist"),
            "merged": entity.merged.order_by("name"),
            "form": form,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/archive/entity/split.html", context)
