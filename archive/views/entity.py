"""The pages of one person, organisation or place: overview, articles, mentions, quotes, spellings."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views import View

from archive import overview
from archive.entities import associate, concordance, curate, linked, profile
from archive.entities.first_names import may_be_several
from archive.entities.remembered import remembered
from archive.entities.spellings import spellings
from archive.entities.spoken import latest_quotes, quotes_by, quotes_in_sentences
from archive.models import Entity
from archive.views.moved import moved_to
from archive.views.paging import page_of

#: The parts of the pages: the end of the address, the name of the tab.
PARTS = (
    ("", gettext_lazy("Overview")),
    ("articles", gettext_lazy("Articles")),
    ("mentions", gettext_lazy("Mentions")),
    ("quotes", gettext_lazy("Quotes")),
    ("spellings", gettext_lazy("Spellings")),
)
ARTICLES_A_PAGE = 100
MENTIONS_A_PAGE = 20
QUOTES_A_PAGE = 30
#: What the overview shows of the other pages.
LATEST_ARTICLES = 5
LATEST_QUOTES = 3


class EntityPage(View):
    """One page of a name. Merged names lead to the one that is kept, rejected ones are not found."""

    part = ""

    def get(self, request: HttpRequest, pk: int, slug: str) -> HttpResponse:
        """The page; 301 to its right address."""
        entity = curate.kept(get_object_or_404(Entity, pk=pk))
        if entity.status != Entity.Status.ACTIVE:
            raise Http404("not a name")
        articles = profile.article_count(entity)
        if not articles:
            raise Http404("no public article has this name")
        address = part_address(entity, self.part)
        # The path comes decoded, an address is encoded: "malmö" and "malm%C3%B6" are one.
        if unquote(address) != request.path:
            query = request.META.get("QUERY_STRING", "")
            return moved_to(address + (f"?{query}" if query else ""))
        context = {
            "section": "entities",
            "entity": entity,
            "wikidata": linked.wikidata_address(entity),
            "articles": articles,
            "may_be_several": may_be_several(entity),
            "part": self.part,
            "tabs": [
                (part, label, part_address(entity, part))
                for part, label in PARTS
                if part != "quotes" or self.part == part or quotes_by(entity).exists()
            ],
        }
        template = f"archive/entity_{self.part}.html" if self.part else "archive/entity.html"
        return render(request, template, context | self.context(entity, articles))

    def context(self, entity: Entity, articles: int) -> dict[str, Any]:
        """What this page shows besides the head."""
        forms = remembered(entity, "forms", lambda: profile.forms(entity))
        associations = associate.still_public(
            remembered(entity, "companions", lambda: associate.associated(entity))
        )
        sentences = concordance.shared_sentences(
            entity, {row.entity.pk: row.articles for row in associations.found}
        )
        counted = remembered(entity, "counted", lambda: profile.counted(entity))
        latest = list(overview.listed(profile.some_articles_of(entity))[:LATEST_ARTICLES])
        lines = concordance.concordance(entity, [article.pk for article in latest])
        address = self.request.build_absolute_uri(entity.get_absolute_url())
        thing = linked.thing(entity, address, [form.text for form in forms])
        return {
            "forms": forms,
            "timeline": overview.timeline(counted.tally()),
            "associations": associations,
            "companions": [
                (kind, [(row, sentences.get(row.entity.pk, [])) for row in rows])
                for kind, rows in associations.by_kind
            ],
            "table": counted.sources_by_language(),
            "latest": [(article, lines.get(article.pk, [])) for article in latest],
            "quotes": quotes_in_sentences(latest_quotes(entity, LATEST_QUOTES)),
            "json_ld": {"@context": "https://schema.org", **thing},
        }


class ArticlesPage(EntityPage):
    """Its story: the articles by date."""

    part = "articles"

    def context(self, entity: Entity, articles: int) -> dict[str, Any]:
        """A page of headlines, the newest first or the oldest."""
        is_oldest_first = self.request.GET.get("order") == "oldest"
        found = overview.listed(profile.articles_of(entity))
        if is_oldest_first:
            found = found.reverse()
        page = page_of(self.request, found, ARTICLES_A_PAGE, total=articles)
        return {"page": page, "is_oldest_first": is_oldest_first}


class MentionsPage(EntityPage):
    """Each mention in its sentence, by article."""

    part = "mentions"

    def context(self, entity: Entity, articles: int) -> dict[str, Any]:
        """A page of articles with their mentions."""
        found = overview.listed(profile.articles_of(entity))
        page = page_of(self.request, found, MENTIONS_A_PAGE, total=articles)
        lines = concordance.concordance(entity, [article.pk for article in page])
        return {"page": page, "listed": [(row, lines.get(row.pk, [])) for row in page]}


class QuotesPage(EntityPage):
    """What it is quoted with."""

    part = "quotes"

    def context(self, entity: Entity, articles: int) -> dict[str, Any]:
        """A page of quotes."""
        numbers = quotes_by(entity).values_list("pk", flat=True)
        page = page_of(self.request, numbers, QUOTES_A_PAGE)
        return {"page": page, "quotes": quotes_in_sentences(page.object_list)}


class SpellingsPage(EntityPage):
    """How it is written, where and when."""

    part = "spellings"

    def context(self, entity: Entity, articles: int) -> dict[str, Any]:
        """The matrices."""
        return {"spellings": remembered(entity, "spellings", lambda: spellings(entity))}


def part_address(entity: Entity, part: str) -> str:
    """The address of a part of an entity's pages."""
    return entity.get_absolute_url() + (f"{part}/" if part else "")
