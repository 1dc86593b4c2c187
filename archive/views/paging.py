"""Long lists in pages that are all reachable."""

from collections.abc import Sequence

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAGE_SIZE = 25


class CountedPaginator(Paginator):
    """A paginator that is told how long the list is, where that is known already."""

    def __init__(self, items: QuerySet | Sequence, size: int, total: int) -> None:
        super().__init__(items, size)
        self.count = total  # takes the place of the cached property that would count


def page_of(
    request: HttpRequest,
    items: QuerySet | Sequence,
    size: int = PAGE_SIZE,
    total: int | None = None,
) -> Page:
    """The page the address asks for, the first or last one when there is no such page."""
    pages = Paginator(items, size) if total is None else CountedPaginator(items, size, total)
    return pages.get_page(request.GET.get("page"))
