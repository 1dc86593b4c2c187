"""Articles in the admin: the list, the form, the trash."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import smart_split, unescape_string_literal
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from archive import curation
from archive.admin import filters
from archive.admin.article_actions import ACTIONS
from archive.admin.article_form import ArticleForm
from archive.admin.meanwhile import MeanwhileAdmin, MeanwhileForm, MeanwhileInline
from archive.admin.mentions import MentionFormSet, MentionInline
from archive.admin.odd_dates import odd
from archive.admin.shown import change_link, date_shown, language_shown, list_link, number_shown
from archive.admin.versions import VersionInline
from archive.entities.counts import counted_once
from archive.entities.locks import store_beside_others
from archive.models import Article, Credit, Membership

_BODY_PREFIX = "text:"


class CreditForm(MeanwhileForm):
    """One credit; its changes stand in the history of its article."""

    def history_of(self) -> Article:
        article: Article = self.instance.article
        return article


class CreditInline(MeanwhileInline, admin.TabularInline):
    """The credits of an article; the printed line is kept beside what it stands for."""

    model = Credit
    form = CreditForm
    extra = 0
    fields = ("printed", "role", "agency", "person")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("agency")


@admin.register(Article)
class ArticleAdmin(MeanwhileAdmin, admin.ModelAdmin):
    """The articles; deleting moves to the trash, and only from there for good."""

    form = ArticleForm
    list_display = (
        "headline_shown",
        "source",
        "date_column",
        "language_column",
        "status_column",
        "updated",
    )
    list_filter = (
        filters.StatusFilter,
        filters.LanguageFilter,
        filters.CertaintyFilter,
        filters.PrecisionFilter,
        filters.OriginFilter,
        filters.YearFilter,
        filters.SourceFilter,
        filters.AgencyFilter,
        filters.JobFilter,
        filters.DemoFilter,
    )
    list_select_related = ("source",)
    list_per_page = 50
    list_max_show_all = 200
    ordering = ("-pk",)
    search_fields = ("headline", "byline", "external_id")
    search_help_text = _(
        "Words of headline or byline, an id or a number. text:word looks in the whole text (slower)."
    )
    show_full_result_count = False
    save_on_top = True
    actions = ACTIONS
    inlines = [CreditInline, MentionInline, VersionInline]
    readonly_fields = (
        "date_details",
        "language_details",
        "withdrawn_at",
        "mentions_link",
        "story_link",
        "original_link",
        "job_link",
        "curated",
        "extra_shown",
        "identity",
        "created_at",
        "updated_at",
    )
    fieldsets = (
        (None, {"fields": ("headline", "standfirst", "body", "byline")}),
        (_("Published by"), {"fields": ("source", "external_id", "url")}),
        (_("Date"), {"fields": ("date_edtf", "date_details")}),
        (_("Language"), {"fields": ("language", "language_details")}),
        (_("Who may see it"), {"fields": ("status", "withdrawn_reason", "withdrawn_at")}),
        (_("Names and story"), {"fields": ("mentions_link", "story_link")}),
        (
            _("The record"),
            {
                "fields": (
                    "original_link",
                    "job_link",
                    "curated",
                    "extra_shown",
                    "identity",
                    "created_at",
                    "updated_at",
                )
            },
        ),
    )

    # -- the list -------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        match = request.resolver_match
        if match and match.url_name == "archive_article_changelist":
            # The texts of fifty articles are not needed to list them.
            rows = rows.defer("body", "standfirst", "extra")
        return rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        for word in smart_split(search_term):
            in_body = word.lower().startswith(_BODY_PREFIX)
            word = word[len(_BODY_PREFIX) :] if in_body else word
            if word[:1] in "\"'" and word[:1] == word[-1:] and len(word) > 1:
                word = unescape_string_literal(word)
            if word.strip("\"'"):
                queryset = queryset.filter(_found_in(word, in_body=in_body))
        return queryset, False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_delete_for_good_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    @admin.display(description=_("headline"), ordering="headline")
    def headline_shown(self, article: Article) -> str:
        return article.headline or gettext("(no headline)")

    @admin.display(description=_("date"), ordering="date_earliest")
    def date_column(self, article: Article) -> SafeString | str:
        """The date, and under it where it was found: a column of its own would not fit a screen."""
        if not article.date_origin:
            return date_shown(article)
        origin = article.get_date_origin_display()
        return format_html('{}<br><small class="quiet">{}</small>', date_shown(article), origin)

    @admin.display(description=_("language"), ordering="language")
    def language_column(self, article: Article) -> str:
        return language_shown(article)

    @admin.display(description=_("status"), ordering="status")
    def status_column(self, article: Article) -> SafeString:
        return format_html(
            '<span class="status status-{}">{}</span>', article.status, article.get_status_display()
        )

    @admin.display(description=_("updated"), ordering="updated_at")
    def updated(self, article: Article) -> datetime:
        return article.updated_at

    # -- the form -------------------------------------------------------------------------------

    @admin.display(description=_("stored as"))
    def date_details(self, article: Article) -> str:
        shown = article.date.display(get_language() or "en", exact=True)
        parts = [shown[:1].upper() + shown[1:]]
        if article.date_earliest and article.date_earliest != article.date_latest:
            first, last = map(date_format, (article.date_earliest, article.date_latest))
            parts.append(gettext("from %(first)s to %(last)s") % {"first": first, "last": last})
        if article.published_at:
            moment = localtime(article.published_at)
            when = f"{date_format(moment, 'DATETIME_FORMAT')} {moment:%Z}"
            parts.append(gettext("sorted as %(moment)s") % {"moment": when})
        if article.date_origin:
            parts.append(str(article.get_date_origin_display()))
        if article.date_printed:
            parts.append(gettext("printed “%(date)s”") % {"date": article.date_printed})
        return " · ".join(parts)

    @admin.display(description=_("decided"))
    def language_details(self, article: Article) -> str:
        return language_shown(article) if article.pk else gettext("Left empty, it is detected.")

    @admin.display(description=_("names in it"))
    def mentions_link(self, article: Article) -> SafeString | str:
        if not article.pk:
            return gettext("They are looked for when the article is saved.")
        number = article.mentions.count()
        text = gettext("All mentions: %(n)s") % {"n": number_shown(number)}
        return list_link("mention", f"?article__id__exact={article.pk}", text)

    @admin.display(description=_("a version of"))
    def story_link(self, article: Article) -> SafeString | str:
        member = Membership.objects.filter(article=article).first() if article.pk else None
        return change_link("family", member and member.family_id, member and member.family)

    @admin.display(description=_("original"))
    def original_link(self, article: Article) -> SafeString | str:
        if article.original is None:
            return gettext("None: written here.")
        text = f"{article.original.name} ({filesizeformat(article.original.size)})"
        return change_link("original", article.original_id, text)

    @admin.display(description=_("came with"))
    def job_link(self, article: Article) -> SafeString | str:
        return change_link("job", article.job_id, article.job)

    @admin.display(description=_("decided by curators"))
    def curated(self, article: Article) -> str:
        known = {field.name: field.verbose_name for field in Article._meta.fields}
        known["credits"] = gettext("credits")
        fields = ", ".join(str(known.get(name, name)) for name in article.curated_fields)
        if not fields:
            return gettext("Nothing yet.")
        return gettext("%(fields)s: no import changes these.") % {"fields": fields}

    @admin.display(description=_("what else the record said"))
    def extra_shown(self, article: Article) -> SafeString | str:
        if not article.extra:
            return "–"
        text = json.dumps(article.extra, ensure_ascii=False, indent=2)
        return format_html('<pre class="record">{}</pre>', text[:20_000])

    def keep(self, pk: int) -> None:
        """First wait for whoever merges or parts names: the row is locked after that."""
        store_beside_others()
        super().keep(pk)

    def save_model(
        self, request: HttpRequest, obj: Article, form: ArticleForm, change: bool
    ) -> None:
        form.saved = curation.save_fields(obj, form.changed_data, user=request.user)
        if "date_edtf" in form.changed_data and (told := odd(obj.date_edtf)):
            self.message_user(request, told, messages.WARNING)

    def save_related(
        self, request: HttpRequest, form: ArticleForm, formsets: Any, change: bool
    ) -> None:
        # The decisions about mentions are about the text the curator saw: they come first.
        with counted_once():
            super().save_related(request, form, formsets, change)
            curation.finish_article(form.instance, form.saved)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if isinstance(formset, MentionFormSet):
            formset.save_decisions(request.user)
            # Django writes the history from these.
            formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
            return
        if formset.model is Credit and formset.has_changed():
            _number_new_credits(formset)
            super().save_formset(request, form, formset, change)
            curation.refresh_credits([form.instance.pk])
            return
        super().save_formset(request, form, formset, change)

    def log_change(self, request: HttpRequest, obj: Article, message: Any) -> LogEntry | None:
        """What was decided of names has its own entries: none says besides that nothing changed."""
        return super().log_change(request, obj, message) if message else None

    # -- the trash ------------------------------------------------------------------------------

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if obj is not None and obj.status == Article.Status.TRASH:
            return bool(request.user.is_superuser)
        return self.has_change_permission(request, obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Move to the trash; from the trash (superusers only), delete for good."""
        article = self.get_object(request, object_id)
        if article is None:
            raise Http404(gettext("There is no such article."))
        if not self.has_delete_permission(request, article):
            raise PermissionDenied
        in_trash = article.status == Article.Status.TRASH
        if request.method == "POST":
            return self._deleted(request, article, in_trash)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Delete for good") if in_trash else gettext("Move to the trash"),
            "opts": self.opts,
            "article": article,
            "in_trash": in_trash,
            "back": reverse("admin:archive_article_change", args=[article.pk]),
        }
        return TemplateResponse(request, "admin/archive/article/delete_confirmation.html", context)

    def _deleted(self, request: HttpRequest, article: Article, in_trash: bool) -> HttpResponse:
        one = Article.objects.filter(pk=article.pk)
        if in_trash:
            curation.delete_for_good(one, user=request.user)
            message = gettext("“%(name)s” is deleted for good.") % {"name": article.headline}
        else:
            curation.set_status(one, Article.Status.TRASH, user=request.user)
            message = format_html(
                "{} {}",
                gettext("“%(name)s” is in the trash.") % {"name": article.headline},
                list_link("article", "?status=trash", gettext("Open the trash to restore it")),
            )
        self.message_user(request, message, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:archive_article_changelist"))


def _number_new_credits(formset: Any) -> None:
    """Put new credits after those that are there."""
    last = formset.instance.credits.aggregate(last=Max("position"))["last"]
    position = -1 if last is None else last
    for form in formset.extra_forms:
        if form.has_changed():
            position += 1
            form.instance.position = position


def _found_in(word: str, *, in_body: bool) -> Q:
    """Articles in which the word stands. SQLite folds the case of ASCII letters only."""
    spellings = {word}
    if not word.isascii():
        spellings |= {word.lower(), word.upper(), word.capitalize()}
    found = Q()
    for spelling in spellings:
        if in_body:
            found |= Q(body__icontains=spelling) | Q(standfirst__icontains=spelling)
        found |= Q(headline__icontains=spelling) | Q(byline__icontains=spelling)
    if in_body:
        return found
    if word.isascii() and word.isdigit() and len(word) <= 18:
        found |= Q(pk=int(word))
    return found | Q(external_id__iexact=word)
