"""What programs that read the whole site are told: robots.txt and the sitemap."""

from __future__ import annotations

from django.contrib.sitemaps import views as maps
from django.contrib.sitemaps.views import SitemapIndexItem
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from archive import sitemaps

#: The number of an article in an address, for which any may stand.
_ANY = 9223372036854775807


def robots(request: HttpRequest) -> HttpResponse:
    """RFC 9309: everything may be read but searches, forms, and what is no page of its own."""
    about_article = [
        reverse(name, args=[_ANY, *more]).replace(str(_ANY), "*")
        for name, more in (("article_original", []), ("compare", [_ANY]), ("article_report", []))
    ]
    kept_out = [
        *(reverse(name) for name in ("search", "saved_searches", "log_in", "admin:index")),
        *sorted(about_article),
        reverse("entity_report", args=[_ANY]).replace(str(_ANY), "*"),
        reverse("stop_alert", args=["x"]).removesuffix("stop/x/"),
    ]
    context = {"kept_out": kept_out, "sitemap": request.build_absolute_uri(reverse("sitemap"))}
    return render(request, "robots.txt", context, content_type="text/plain; charset=utf-8")


@maps.x_robots_tag
def sitemap(request: HttpRequest) -> HttpResponse:
    """The parts of the sitemap."""
    parts = [
        SitemapIndexItem(request.build_absolute_uri(reverse("sitemap_part", args=[section])))
        for section in sitemaps.sections()
    ]
    return render(request, "sitemap_index.xml", {"sitemaps": parts}, content_type="application/xml")


def sitemap_part(request: HttpRequest, section: str) -> HttpResponse:
    """One part; 404 where nothing public is in it."""
    made = sitemaps.section(section)
    if made is None:
        raise Http404("no such part of the sitemap")
    return maps.sitemap(request, {section: made}, section=section)
