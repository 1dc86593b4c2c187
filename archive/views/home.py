"""The front page and the page about the archive."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from archive import collation, overview
from archive.models import Article

LATEST = 9  # one to lead with and eight in two columns


def home(request: HttpRequest) -> HttpResponse:
    """What the archive holds and ways into it."""
    today = timezone.localdate()
    published = Article.objects.published()
    holdings, top = overview.holdings(), overview.top_by_kind(10)
    return render(
        request,
        "archive/home.html",
        {
            "holdings": holdings,
            "latest": overview.listed(published)[:LATEST],
            "top": top,
            "example_searches": overview.example_searches(top, holdings),
            "today": today,
            "last_letter": collation.alphabet(get_language() or "en")[-1],
            "on_this_day": overview.listed(overview.on_this_day(today.month, today.day))[:4],
        },
    )


def about(request: HttpRequest) -> HttpResponse:
    """What the archive is, how it is made, and what to know when citing it."""
    return render(request, "archive/about.html", {"holdings": overview.holdings()})
