"""Browsing by who published an article, who supplied it, and the language it is written in."""

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from archive import overview
from archive.languages import language_name
from archive.models import Agency, Article, Credit, Source
from archive.querysets import ArticleQuerySet
from archive.views.moved import moved_to
from archive.views.paging import page_of


def sources(request: HttpRequest) -> HttpResponse:
    """Every source with public articles."""
    unnamed = Article.objects.published().filter(source=None).count()
    return render(
        request,
        "archive/sources.html",
        {"section": "sources", "sources": overview.sources(), "unnamed": unnamed},
    )


def source(request: HttpRequest, slug: str) -> HttpResponse:
    """One source with public articles: what the archive has of it."""
    found = Source.objects.filter(slug=slug).first()
    if found is None:
        kept = get_object_or_404(Source, former_names__slug=slug)
        is_public = Article.objects.published().filter(source=kept).exists()
        _hide_unless(is_public, request)
        query = request.META.get("QUERY_STRING", "")
        address = kept.get_absolute_url() + (f"?{query}" if query else "")
        return moved_to(address)
    articles = Article.objects.published().filter(source=found)
    languages = (
        articles.order_by().values("language").annotate(count=Count("pk")).order_by("-count")
    )
    extra = {"section": "sources", "source": found, "languages": languages}
    _hide_unless(articles.exists(), request)
    return _collection(request, "archive/source.html", articles, "source", slug, extra)


def agencies(request: HttpRequest) -> HttpResponse:
    """Every agency that public articles credit."""
    return render(
        request,
        "archive/agencies.html",
        {"section": "agencies", "agencies": overview.agencies()},
    )


def agency(request: HttpRequest, slug: str) -> HttpResponse:
    """One agency of public articles: those taken from it, and the pictures counted apart."""
    found = get_object_or_404(Agency, slug=slug)
    published = Article.objects.published()
    # A subquery, not a join: an article that credits the agency twice is listed once.
    credits = Credit.objects.filter(agency=found)
    text = credits.filter(role__in=overview.TEXT_ROLES)
    photos = credits.filter(role=Credit.Role.PHOTO)
    extra = {
        "section": "agencies",
        "agency": found,
        "photo_count": published.filter(pk__in=photos.values("article")).count(),
    }
    articles = published.filter(pk__in=text.values("article"))
    _hide_unless(bool(extra["photo_count"]) or articles.exists(), request)
    return _collection(request, "archive/agency.html", articles, "agency", slug, extra)


def languages(request: HttpRequest) -> HttpResponse:
    """Every language with its number of articles."""
    return render(
        request,
        "archive/languages.html",
        {"section": "languages", "languages": overview.languages()},
    )


def language(request: HttpRequest, code: str) -> HttpResponse:
    """The articles in one language; "unknown" stands for those in none that was recognised."""
    stored = "" if code == "unknown" else code
    articles = Article.objects.published().filter(language=stored)
    if not articles.exists():
        raise Http404("no article in this language")
    extra = {"section": "languages", "code": stored, "name": language_name(stored)}
    return _collection(request, "archive/language.html", articles, "language", stored, extra)


def _hide_unless(is_public: bool, request: HttpRequest) -> None:
    """Let only curators see that there is something of which no article is public."""
    if not is_public and not request.user.is_staff:
        raise Http404("no public article")


def _collection(
    request: HttpRequest,
    template: str,
    articles: ArticleQuerySet,
    facet: str,
    value: str,
    extra: dict[str, object],
) -> HttpResponse:
    """A page about a part of the archive: what it holds, its bars over time, its articles."""
    holdings = overview.holdings(articles)
    context = {
        "holdings": holdings,
        "page": page_of(request, overview.listed(articles), total=holdings.articles),
        "facet": facet,
        "value": value,
    }
    return render(request, template, context | extra)
