"""Names in articles: the rows inside an article's page, and the list of all mentions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.admin.meanwhile import MeanwhileForm, MeanwhileInline
from archive.admin.mention_actions import ACTIONS, entity_field
from archive.admin.mention_filters import (
    OF_ENTITY,
    ArticleLanguageFilter,
    ArticleSourceFilter,
    EntityFilter,
    spelled,
)
from archive.admin.shown import change_link, decimals_shown, described, in_context
from archive.admin.standing_rows import StandingRows
from archive.entities import curate_mentions
from archive.models import Mention

#: Mentions shown inside an article's page; the rest are in the list of mentions.
SHOWN = 50

_TEXT_ORDER = Case(
    When(field="headline", then=Value(0)),
    When(field="standfirst", then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def _named(mention: Mention) -> SafeString:
    """Whom a mention names and, where it is not simply the name, why it was taken for it."""
    entity = change_link("entity", mention.entity_id, described(mention.entity))
    if not mention.rule:
        return format_html("{}", entity)
    confidence = mention.rule_confidence
    sure = "" if confidence is None else f" ({decimals_shown(confidence)})"
    why = f"{mention.rule}: {mention.rule_evidence}{sure}"
    return format_html("{}<br><small>{}</small>", entity, why)


def _moved_meanwhile(mention: Mention, *, rejecting: bool = False) -> str:
    """That another has given a mention to another name, to whoever moves or rejects it."""
    values = {"entity": described(mention.entity), "who": mention.decided_by}
    known = mention.decided_by is not None
    if rejecting and known:
        text = gettext(
            "%(who)s gave it to %(entity)s while your form was open. Save again to reject it all "
            "the same."
        )
    elif rejecting:
        text = gettext(
            "It was given to %(entity)s while your form was open. Save again to reject it all the "
            "same."
        )
    elif known:
        text = gettext(
            "%(who)s gave it to %(entity)s while your form was open. Save again to move it all "
            "the same."
        )
    else:
        text = gettext(
            "It was given to %(entity)s while your form was open. Save again to move it all the "
            "same."
        )
    return text % values


def _judged_meanwhile(mention: Mention) -> str:
    """That another has said it is no name, or is one after all, to whoever moves it."""
    known = mention.decided_by is not None
    if mention.is_rejected and known:
        text = gettext(
            "%(who)s rejected it while your form was open. Save again to move it all the same."
        )
    elif mention.is_rejected:
        text = gettext(
            "It was rejected while your form was open. Save again to move it all the same."
        )
    elif known:
        text = gettext(
            "%(who)s accepted it again while your form was open. Save again to move it all the "
            "same."
        )
    else:
        text = gettext(
            "It was accepted again while your form was open. Save again to move it all the same."
        )
    return text % {"who": mention.decided_by}


class MentionForm(MeanwhileForm):
    """What a curator decides about one mention: that it is no name, or another one."""

    move_to = entity_field(_("is really"), required=False)

    also_watched = ("entity",)

    class Meta:
        model = Mention
        fields = ["is_rejected"]

    def clean(self) -> dict[str, Any]:
        """Of two who decide about one mention at once, the second is told of the first."""
        data = super().clean()
        if self.instance.pk is None:  # the number sent is none of a mention, which is told
            return data
        move_to, rejected = data.get("move_to"), data.get("is_rejected")
        moved = self.changed_meanwhile("entity")
        if move_to and rejected and "is_rejected" in self._touched:
            text = gettext("It is no name, or that of another: not both. Choose one.")
            self.add_error("move_to", text)
        if move_to and move_to != self.instance.entity:
            if moved:
                self.add_error("move_to", _moved_meanwhile(self.instance))
            elif self.changed_meanwhile("is_rejected"):
                self.add_error("move_to", _judged_meanwhile(self.instance))
        elif moved and rejected and not self.instance.is_rejected:
            self.add_error("is_rejected", _moved_meanwhile(self.instance, rejecting=True))
        return data


class MentionFormSet(StandingRows):
    """The first mentions of an article in the order of the text; all of them once posted."""

    def get_queryset(self) -> QuerySet:
        if not hasattr(self, "_queryset"):
            super().get_queryset()
            if not self.is_bound:
                self._queryset = self._queryset[:SHOWN]
        return self._queryset

    def save_decisions(self, user: Any) -> None:
        """Write what was decided, through the rules for names."""
        for form in self.forms:
            if not form.has_changed():
                continue
            mention = form.instance
            if form.cleaned_data.get("move_to"):
                curate_mentions.reassign([mention], form.cleaned_data["move_to"], user=user)
            elif "is_rejected" in form.changed_data:
                rejected = form.cleaned_data["is_rejected"]
                curate_mentions.reject_mentions([mention], rejected=rejected, user=user)


class MentionInline(MeanwhileInline, admin.TabularInline):
    """The names found in an article, each in its sentence."""

    model = Mention
    form = MentionForm
    formset = MentionFormSet
    extra = 0
    can_delete = False
    fields = ("context", "entity_shown", "certainty", "is_rejected", "move_to")
    readonly_fields = ("context", "entity_shown", "certainty")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).select_related("entity", "form")
        return rows.order_by(_TEXT_ORDER, "start")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("in the text"))
    def context(self, mention: Mention) -> SafeString:
        return in_context(mention)

    @admin.display(description=_("confidence"))
    def certainty(self, mention: Mention) -> str:
        return decimals_shown(mention.confidence)

    @admin.display(description=_("entity"))
    def entity_shown(self, mention: Mention) -> SafeString | str:
        return _named(mention)


@admin.register(Mention)
class MentionAdmin(admin.ModelAdmin):
    """Every place where a name was found. Decisions are made by the actions."""

    list_display = ("context", "entity_shown", "article_shown", "field", "certainty", "state")
    list_display_links = None
    list_filter = (
        EntityFilter,
        ArticleLanguageFilter,
        "is_rejected",
        "entity__kind",
        "field",
        ArticleSourceFilter,
    )
    list_select_related = ("entity", "form", "article")
    list_per_page = 50
    search_fields = ("form__key",)
    search_help_text = _(
        "A whole spelling or name. SF* finds what begins so, “SF” in quotation marks what has it in it."
    )
    show_full_result_count = False
    ordering = ("-pk",)
    actions = ACTIONS

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """By whole spellings first: who looks for "SF" wants none of a thousand words with sf."""
        return spelled(queryset, search_term), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        allowed = {"article__id__exact", OF_ENTITY}
        return lookup in allowed or super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("in the text"))
    def context(self, mention: Mention) -> SafeString:
        return in_context(mention)

    @admin.display(description=_("confidence"), ordering="confidence")
    def certainty(self, mention: Mention) -> str:
        return decimals_shown(mention.confidence)

    @admin.display(description=_("entity"), ordering="entity__name")
    def entity_shown(self, mention: Mention) -> SafeString | str:
        return _named(mention)

    @admin.display(description=_("article"))
    def article_shown(self, mention: Mention) -> SafeString | str:
        return change_link("article", mention.article_id, mention.article)

    @admin.display(description=_("state"), ordering="is_rejected")
    def state(self, mention: Mention) -> str:
        return gettext("rejected") if mention.is_rejected else gettext("accepted")
