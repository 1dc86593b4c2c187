"""Two articles side by side: what the one has that the other has not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from archive.families.shown import story_of
from archive.models import Article
from archive.views.articles import is_curator, visible_article
from archive.views.errors import gone
from archive.wire.compare import Row, compare

#: The parts of an article that are compared, in the order they are read.
_PARTS = ("headline", "standfirst", "body")


def compare_articles(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """From the first to the second; 404 or 410 as the page of either would be."""
    found = []
    for number in (pk, other):
        article = visible_article(request, number)
        if article.status == Article.Status.WITHDRAWN and not is_curator(request):
            return gone(request, article)
        found.append(article)
    if pk == other:
        return HttpResponseRedirect(found[0].get_absolute_url())
    one, two = found
    parts = {name: compare(getattr(one, name), getattr(two, name)) for name in _PARTS}
    story = story_of(one)
    return render(
        request,
        "archive/compare.html",
        {
            "two": two,
            "versions": [(gettext("First"), one), (gettext("Second"), two)],
            "headline": parts["headline"].rows,
            "standfirst": parts["standfirst"].rows,
            "paragraphs": paragraphs(parts["body"].rows),
            "counts": parts["body"],
            "is_cut": parts["body"].is_cut,
            "turned": reverse("compare", args=[other, pk]),
            "others": [
                (article, reverse("compare", args=[pk, article.pk]))
                for article in (story.listed if story else [])
                if article.pk not in (pk, other)
            ],
        },
    )


def paragraphs(rows: tuple[Row, ...]) -> list[list[Row]]:
    """The sentences by paragraph."""
    found: list[list[Row]] = []
    for row in rows:
        if row.begins_paragraph or not found:
            found.append([])
        found[-1].append(row)
    return found
