"""Stories in the admin: their versions, splitting one off, joining several, taking either back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from archive.admin.bulk import BulkAction
from archive.admin.shown import change_link, date_shown
from archive.curation import families as curate
from archive.models import Article, Family, FamilyEdit, Membership

#: Versions shown on one page, of a story or for splitting it, and stories joined at a time.
_MOST_SHOWN, _MOST_JOINED = 500, 50


def _first_members(queryset: QuerySet) -> list[int]:
    """An article of each of these stories."""
    stories = list(queryset.values_list("pk", flat=True)[: _MOST_JOINED + 1])
    if len(stories) > _MOST_JOINED:
        raise ValueError(f"More than {_MOST_JOINED} stories at once: choose fewer.")
    first: dict[int, int] = {}
    rows = Membership.objects.filter(family__in=stories).order_by("-article")
    first.update(rows.values_list("family_id", "article_id"))
    return sorted(first.values())


def _join_stories(queryset: QuerySet, data: dict[str, Any], user: Any) -> SafeString:
    articles = _first_members(queryset)
    curate.join(articles, user=user)
    kept = Membership.objects.get(article=articles[0]).family
    return format_html("Joined: {}.", change_link("family", kept.pk, kept))


join_stories = BulkAction(
    "join_stories",
    "Join stories",
    "Join",
    lambda queryset, data: [
        f"{len(_first_members(queryset)):,} stories will be one, for ever: no import and no new "
        "search for stories takes them apart. You can take it back."
    ],
    _join_stories,
    least=2,
)


class StoryForm(forms.ModelForm):
    """What a curator sets of a story: the source of the version that leads it."""

    class Meta:
        model = Family
        fields = ["preferred_source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("preferred_source")  # whoever may only look has no field
        if field is not None:
            field.queryset = curate.sources_of(self.instance)
            field.widget.can_add_related = False


class SplitForm(forms.Form):
    """Which versions are another story."""

    versions = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label="Versions that are another story",
        help_text="Several become one story together.",
    )

    def __init__(self, rows: list[Membership], *args: Any) -> None:
        super().__init__(*args)
        self.fields["versions"].choices = [
            (str(row.article_id), _described(row.article)) for row in rows
        ]


class JoinForm(forms.Form):
    """Which articles are versions of the story too."""

    articles = forms.RegexField(
        r"^[\d\s,;]+$",
        label="Numbers of articles",
        help_text="As in their addresses, with commas between. Their stories come with them.",
        error_messages={"invalid": "Numbers only, with commas between."},
    )

    def clean_articles(self) -> list[int]:
        texts = self.cleaned_data["articles"].replace(",", " ").replace(";", " ").split()
        if any(len(text) > 18 for text in texts) or len(texts) > 500:
            raise forms.ValidationError("These are not numbers of articles.")
        wanted = {int(text) for text in texts}
        if not wanted:
            raise forms.ValidationError("Give the number of at least one article.")
        known = set(Article.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        if missing := sorted(wanted - known):
            raise forms.ValidationError(f"There is no article {', '.join(map(str, missing))}.")
        return sorted(wanted)


def _described(article: Article) -> str:
    """A version in one line."""
    parts = [article.headline or "(no headline)", date_shown(article)]
    parts += [str(article.source)] if article.source else []
    parts += [] if article.is_public else [str(article.get_status_display())]
    return " · ".join(parts)


@admin.register(Family)
class FamilyAdmin(admin.ModelAdmin):
    """Stories of several versions."""

    list_display = ("story", "version_number", "version_count", "source_count", "updated_at")
    list_per_page = 100
    search_fields = ("memberships__article__headline",)
    search_help_text = "Words of a headline."
    show_full_result_count = False
    actions = [join_stories]
    form = StoryForm
    fields = ("preferred_source", "versions", "edits")
    readonly_fields = ("versions", "edits")
    change_form_template = "admin/archive/family/change_form.html"

    # Whoever may see or change articles may see or change what they are versions of.
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("archive.view_article"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("archive.change_article"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never by hand: stories are made by joining articles."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: it would be found again. Split its versions off instead."""
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # Counted row by row: a search in the headlines would multiply what a join counts.
        members = Membership.objects.filter(family=OuterRef("pk")).order_by()
        number = members.values("family").annotate(number=Count("pk")).values("number")
        page = Value(request.GET.get("page", ""))
        rows = super().get_queryset(request).select_related("lead")
        return rows.filter(Exists(members)).annotate(number=Subquery(number), page=page)

    @admin.display(description="story")
    def story(self, family: Family) -> str:
        return f"{family.pk}: {family.lead.headline if family.lead else 'no public version'}"

    @admin.display(description="versions", ordering="number")
    def version_number(self, family: Family) -> str:
        return f"{family.number:,}"

    @admin.display(description="versions")
    def versions(self, family: Family) -> SafeString | str:
        rows = _members(family, family.page)
        return format_html(
            '<ul class="sentences">{}</ul>{}',
            format_html_join(
                "",
                "<li>{}<br><small>{} {}</small></li>",
                (
                    (
                        change_link("article", row.article_id, _described(row.article)),
                        row.get_decided_display(),
                        _compare_link(family, row),
                    )
                    for row in rows
                ),
            ),
            _paging(rows),
        )

    @admin.display(description="decisions of curators")
    def edits(self, family: Family) -> SafeString | str:
        rows = curate.edits_of(family)
        items = format_html_join(
            "",
            "<li>{} · {} · {}{}</li>",
            (
                (
                    edit.get_kind_display(),
                    date_format(localtime(edit.made_at), "DATETIME_FORMAT"),
                    edit.user or "command line",
                    " (taken back)" if edit.undone_at else "",
                )
                for edit in rows
            ),
        )
        return format_html("<ul>{}</ul>", items) if rows else "None yet."

    def save_model(self, request: HttpRequest, obj: Family, form: Any, change: bool) -> None:
        if "preferred_source" in form.changed_data:
            curate.set_preferred_source(obj, obj.preferred_source_id, user=request.user)

    def log_change(self, request: HttpRequest, obj: Family, message: Any) -> None:
        """Nothing: what is decided of a story writes its history itself."""

    # -- splitting, joining, taking back ---------------------------------------------------------

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/split/", view(self.split_view), name="archive_family_split"),
            path("<int:pk>/join/", view(self.join_view), name="archive_family_join"),
            path("<int:pk>/undo/<int:edit>/", view(self.undo_view), name="archive_family_undo"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        family = self.get_object(request, object_id)
        standing = (
            [one for one in curate.edits_of(family) if one.undone_at is None] if family else []
        )
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "standing": standing[:1]}
        )

    def _family(self, request: HttpRequest, pk: int) -> Family:
        family = Family.objects.filter(pk=pk).first()
        if family is None:
            raise Http404("There is no such story.")
        if not self.has_change_permission(request, family):
            raise PermissionDenied
        return family

    def split_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Split versions off."""
        family = self._family(request, pk)
        rows = _members(family, request.GET.get("page", ""))
        form = SplitForm(list(rows), *([request.POST] if request.method == "POST" else []))
        if paging := _paging(rows):
            field = form.fields["versions"]
            field.help_text = format_html(
                "{} Those of one page at a time.{}", field.help_text, paging
            )
        return self._decided(
            request,
            family,
            form,
            f"Split {family}",
            "Split",
            lambda data: curate.split_off(map(int, data["versions"]), user=request.user),
        )

    def join_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Join articles to the story."""
        family = self._family(request, pk)
        form = JoinForm(*([request.POST] if request.method == "POST" else []))
        first = family.memberships.order_by("article").values_list("article_id", flat=True).first()
        return self._decided(
            request,
            family,
            form,
            f"Join to {family}",
            "Join",
            lambda data: curate.join(
                [*data["articles"], *([first] if first else [])], user=request.user
            ),
        )

    def _decided(
        self,
        request: HttpRequest,
        family: Family,
        form: forms.Form,
        title: str,
        button: str,
        decide: Any,
    ) -> HttpResponse:
        if request.method == "POST" and form.is_valid():
            try:
                edit: FamilyEdit = decide(form.cleaned_data)
            except curate.CannotDecide as error:
                form.add_error(None, str(error))
            else:
                self.message_user(
                    request, f"{edit.get_kind_display().capitalize()}.", messages.SUCCESS
                )
                kept = family.pk if family.memberships.exists() else _now(family)
                return HttpResponseRedirect(reverse("admin:archive_family_change", args=[kept]))
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "button": button,
            "opts": self.opts,
            "family": family,
            "form": form,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/archive/family/decide.html", context)

    def undo_view(self, request: HttpRequest, pk: int, edit: int) -> HttpResponse:
        """Take a decision back (POST)."""
        family = self._family(request, pk)
        found = FamilyEdit.objects.filter(pk=edit).first()
        if found is None or not curate.is_about(found, pk):
            raise Http404("There is no such decision about this story.")
        if request.method == "POST":
            try:
                curate.undo(found, user=request.user)
            except curate.CannotDecide as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.message_user(request, "Taken back.", messages.SUCCESS)
        if family.memberships.exists():
            return HttpResponseRedirect(reverse("admin:archive_family_change", args=[pk]))
        return HttpResponseRedirect(reverse("admin:archive_family_changelist"))


def _members(family: Family, page: str) -> Page:
    """A page of the versions of a story, also those that are not public, the earliest first."""
    rows = family.memberships.select_related("article__source").defer(
        "article__body", "article__extra"
    )
    ordered = rows.order_by("article__date_earliest", "article_id")
    return Paginator(ordered, _MOST_SHOWN).get_page(page)


def _paging(rows: Page) -> SafeString | str:
    """Which of the versions these are and where the others are; nothing where these are all."""
    if not rows.has_other_pages():
        return ""
    links = [
        format_html('<a href="?page={}">{}</a>', page, text)
        for page, text in (
            (rows.has_previous() and rows.previous_page_number(), "Earlier versions"),
            (rows.has_next() and rows.next_page_number(), "Later versions"),
        )
        if page
    ]
    return format_html(
        "<p>Versions {} to {} of {}. {}</p>",
        f"{rows.start_index():,}",
        f"{rows.end_index():,}",
        f"{rows.paginator.count:,}",
        format_html_join(" · ", "{}", ((link,) for link in links)),
    )


def _compare_link(family: Family, row: Membership) -> SafeString | str:
    if not family.lead_id or family.lead_id == row.article_id:
        return "leads" if family.lead_id else ""
    address = reverse("compare", args=[family.lead_id, row.article_id])
    return format_html('<a href="{}">compare with the lead</a>', address)


def _now(family: Family) -> int:
    """The story that a story has become part of."""
    row = Family.objects.filter(pk=family.pk).values_list("merged_into", flat=True).first()
    return row or family.pk
