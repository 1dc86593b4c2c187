"""The results page, what helps to search, and what the search adds to an article's page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from archive.citation import coins
from archive.families.shown import LISTED, one_a_story
from archive.models import Article
from archive.views.articles import ArticleView, Marks
from search import facets, results, suggest, timeline
from search.chips import chips
from search.engines import get_engine
from search.engines.base import FACETS, EngineUnavailable, Sort
from search.exports.views import export_links, site_address
from search.feed import feed_address, feed_title
from search.forms import STORY, Search, read_number
from search.marking import Stems, marks, stems_as_typed
from search.moved import follows_sources
from search.query.limits import MOST_EXPANSIONS
from search.saved import alert_address, save_address
from search.spelling import did_you_mean
from search.unknown import unknown_values

SIMILAR = 5


@follows_sources
def search(request: HttpRequest) -> HttpResponse:
    """The articles a query finds, with everything to narrow or widen it."""
    asked = Search.from_address(request.GET)
    answer, page = results.answer(asked)
    labels = facets.labels_for(asked, answer)
    shown = chips(asked, labels)
    hits = results.found(asked, answer.hits, page.start_index())
    base = site_address(request)
    return render(
        request,
        "search/results.html",
        {
            "search": asked,
            "total": answer.total,
            "stories": answer.stories,
            "page": page,
            "hits": hits,
            "coins": [coins(one.article, base + one.article.get_absolute_url()) for one in hits],
            "facets": facets.boxes(asked, answer, labels),
            "bars": timeline.draw(asked, answer, get_language() or "en"),
            "wider": timeline.wider(asked),
            "perhaps": timeline.perhaps(asked, answer),
            "chips": shown,
            "cut": answer.cut,
            "most_words": MOST_EXPANSIONS,
            "corrections": results.with_capitals(asked, did_you_mean(asked, answer.total)),
            "unknown": [] if answer.total else unknown_values(asked),
            "ways_on": [] if answer.total else results.ways_on(asked, shown),
            "sorts": [(sort, asked.address(sort=sort.value)) for sort in Sort],
            "links": links(asked),
            "save_address": save_address(asked),
            "alert_address": alert_address(asked),
            "feed": (feed_title(asked), feed_address(asked)),
            "exports": export_links(asked, page.number, page.paginator.num_pages),
            "export_fields": [
                (name, value) for name, values in asked.parameters().lists() for value in values
            ],
            "recipe_address": f"{reverse('search_recipe')}?{asked.parameters().urlencode()}",
        },
    )


def links(asked: Search) -> dict[str, str]:
    """Addresses of the same search asked in another way."""
    return {
        "any": asked.address(match="any"),
        "all": asked.address(match=None),
        "certainly": timeline.only_certainly(asked),
        "possibly": asked.address(certainly=None),
        "stories": asked.address(group=STORY),
        "articles": asked.address(group=None),
    }


def complete(request: HttpRequest) -> JsonResponse:
    """What the words typed so far may go on to: for the search box, and for browsers."""
    typed = request.GET.get("q", "")
    found = suggest.complete(typed)
    if request.GET.get("format") == "opensearch":
        addresses = [request.build_absolute_uri(Search(text=one.query).address()) for one in found]
        labels = [one.label for one in found]
        return JsonResponse(
            [typed[: suggest.LONGEST], [one.query for one in found], labels, addresses],
            safe=False,
            content_type="application/x-suggestions+json",
        )
    return JsonResponse({"query": typed[: suggest.LONGEST], "suggestions": suggest.as_json(found)})


def facet(request: HttpRequest, facet: str) -> HttpResponse:
    """Every value of one facet, or those whose name has what is typed in it."""
    if facet not in FACETS:
        raise Http404
    asked = Search.from_address(request.GET)
    wanted = " ".join(request.GET.get("find", "").replace("\x00", "").split())[:100]
    choices, beyond = facets.every_choice(asked, facet, wanted)
    return render(
        request,
        "search/facet.html",
        {
            "search": asked,
            "facet": facet,
            "label": facets.LABELS[facet],
            "find": wanted,
            "choices": choices,
            "beyond": beyond,
            "address": reverse("search_facet", args=[facet]),
            "kept": [
                (name, value) for name, values in asked.parameters().lists() for value in values
            ],
        },
    )


def opensearch(request: HttpRequest) -> HttpResponse:
    """The description by which a browser searches the archive from its address bar."""
    base = request.build_absolute_uri("/").rstrip("/")
    return render(
        request,
        "search/opensearch.xml",
        {"base": base},
        content_type="application/opensearchdescription+xml",
    )


class FoundArticleView(ArticleView):
    """An article as it is read from a search: its place among the hits, its marks, its like."""

    def asked(self) -> Search | None:
        """The search the reader comes from, if any."""
        asked = Search.from_address(self.request.GET)
        return asked if "hit" in self.request.GET or not asked.is_empty else None

    def marks(self, article: Article) -> Marks:
        """The hits in headline, standfirst and body."""
        asked = self.asked()
        if asked is None or asked.parsed.node is None:
            return {}
        stems: Stems
        try:
            node, stems = asked.expansion.node, get_engine().vocabulary().stems
        except EngineUnavailable:  # the article can still be read, its words as typed marked
            node, stems = asked.parsed.node, stems_as_typed
        return {
            name: marks(node, name, getattr(article, name), article.language, stems)
            for name in ("headline", "standfirst", "body")
        }

    def context(self, article: Article) -> dict[str, Any]:
        """The article's page with its neighbours in the search and similar articles.

        Without an engine the article can still be read.
        """
        context = super().context(article)
        asked = self.asked()
        if asked:
            context["search"] = asked
        try:
            if asked:
                number = read_number(self.request.GET.get("hit", ""))
                context["result"] = results.place_of(asked, article.pk, number)
            similar = [hit.pk for hit in get_engine().similar(article.pk, SIMILAR + LISTED)]
        except EngineUnavailable:
            return context
        # The other versions of its story stand beside it anyway; of another story one will do.
        similar = one_a_story(similar, article)[:SIMILAR]
        articles = Article.objects.published().for_listing().in_bulk(similar)
        return context | {"similar": [articles[pk] for pk in similar if pk in articles]}
