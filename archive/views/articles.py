"""The page of one article, and its original record."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views import View

from archive import citation, exports, overview, typeset
from archive.entities.linked import named_in
from archive.exports import CITATIONS
from archive.families.shown import story_of
from archive.models import Article, Entity, Kind, Mention
from archive.views.errors import gone

#: Hits to mark in the text, by field.
Marks = dict[str, list[typeset.Span]]


def visible_article(request: HttpRequest, pk: int) -> Article:
    """The article, if this reader may see it or see that it was withdrawn; else Http404."""
    articles = Article.objects.select_related("source", "original")
    article = get_object_or_404(articles.prefetch_related("credits__agency"), pk=pk)
    if article.is_public or article.status == Article.Status.WITHDRAWN:
        return article
    if not is_curator(request):
        raise Http404("not public")
    return article


def is_curator(request: HttpRequest) -> bool:
    """Whether this reader may see articles that are not public."""
    return bool(request.user.has_perm("archive.view_article"))


class ArticleView(View):
    """An article to read. `search.views` adds to it what comes from the finding."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page; 410 when the article was withdrawn."""
        article = visible_article(request, pk)
        if article.status == Article.Status.WITHDRAWN and not is_curator(request):
            return gone(request, article)
        return render(request, "archive/article.html", self.context(article))

    def marks(self, article: Article) -> Marks:
        """What to mark in the text: nothing, unless the reader comes from a search."""
        return {}

    def context(self, article: Article) -> dict[str, Any]:
        """What the template shows: the text as set, the names beside it, how to cite it."""
        address = self.request.build_absolute_uri(article.get_absolute_url())
        mentions = list(
            article.mentions.filter(is_rejected=False, entity__status=Entity.Status.ACTIVE)
            .select_related("entity", "form")
            .order_by("field", "start")
        )
        show_names = self.request.GET.get("names") == "1"
        spans = name_spans(mentions) if show_names else {}
        marks = self.marks(article)
        return {
            "article": article,
            "headline": _inline(article, "headline", spans, marks),
            "standfirst": _inline(article, "standfirst", spans, marks),
            "paragraphs": typeset.paragraphs(
                article.body,
                spans.get("body", ()),
                marks.get("body", ()),
                byline=article.byline,
                date_printed=article.date_printed,
                credits=[
                    credit.printed
                    for credit in article.credits.all()
                    if credit.role in overview.TEXT_ROLES
                ],
            ),
            "names": names_by_kind(mentions),
            "show_names": show_names,
            "versions": article.versions.count(),
            "story": story_of(article),
            "address": address,
            "citations": CITATIONS,
            "meta_tags": citation.meta_tags(article, address),
            "json_ld": citation.news_article(
                article, address, named_in(_ranked(mentions), self.request.build_absolute_uri)
            ),
        }


def citation_file(request: HttpRequest, pk: int, extension: str) -> HttpResponse:
    """The article for a reference manager; the ending of the address names the format."""
    form = CITATIONS.get(extension)
    if form is None:
        raise Http404("no such format")
    article = visible_article(request, pk)
    if article.status == Article.Status.WITHDRAWN and not is_curator(request):
        return gone(request, article)
    records = list(exports.records.read([pk], request.build_absolute_uri("/").rstrip("/")))
    if not records:
        raise Http404("not public")
    text = "".join(form.write(records, None))
    response = HttpResponse(text, content_type=f"{form.media_type}; charset=utf-8")
    name = f"nordarkiv-{pk}.{extension}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Robots-Tag"] = "noindex"
    return response


def original(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes the article came from: text to be looked at, anything else to be saved."""
    article = visible_article(request, pk)
    if article.status == Article.Status.WITHDRAWN and not is_curator(request):
        return gone(request, article)
    record = article.original
    if record is None:
        raise Http404("no original is kept")
    is_text = record.media_type.startswith("text/") or record.media_type.endswith("json")
    charset = f"; charset={record.encoding}" if record.encoding else ""
    response = HttpResponse(
        record.data,
        content_type=f"text/plain{charset}" if is_text else "application/octet-stream",
    )
    name = record.name.replace("\\", "/").rpartition("/")[2] or f"article-{article.pk}"
    response["Content-Disposition"] = content_disposition_header(not is_text, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"  # the article's own page is to be found
    # Whatever lies in the bytes, it runs and loads nothing.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def name_spans(mentions: list[Mention]) -> dict[str, list[typeset.NameSpan]]:
    """Where the names stand, by field."""
    spans: dict[str, list[typeset.NameSpan]] = {}
    for mention in mentions:
        entity = mention.entity
        label = f"{entity.name} ({entity.get_kind_display()})"
        spans.setdefault(mention.field, []).append(
            typeset.NameSpan(
                mention.start, mention.end, entity.get_absolute_url(), entity.kind, label
            )
        )
    return spans


def names_by_kind(mentions: list[Mention]) -> list[tuple[str, str, list[tuple[Entity, int]]]]:
    """Kind, its label, and its entities with how often each is named, most often first.

    Compounds that are no names have their pages, but are not listed here.
    """
    counts = Counter(mention.entity_id for mention in mentions)
    entities = {mention.entity_id: mention.entity for mention in mentions}
    ranked = [
        (entities[pk], count)
        for pk, count in counts.most_common()
        if not overview.is_compound(entities[pk])
    ]
    return [
        (kind.value, kind.label, of_kind)
        for kind in Kind
        if (of_kind := [row for row in ranked if row[0].kind == kind])
    ]


def _ranked(mentions: list[Mention]) -> list[tuple[Entity, bool]]:
    """The entities, those of the headline first, then by how often each is named; whether it is there."""
    counts = Counter(mention.entity_id for mention in mentions)
    leading = {mention.entity_id for mention in mentions if mention.field == "headline"}
    entities = {mention.entity_id: mention.entity for mention in mentions}
    ranked = sorted(entities, key=lambda pk: (pk not in leading, -counts[pk]))
    return [(entities[pk], pk in leading) for pk in ranked]


def _inline(article: Article, field: str, spans: dict, marks: Marks) -> str:
    """A field of one line as HTML."""
    return typeset.inline(getattr(article, field), spans.get(field, ()), marks.get(field, ()))
