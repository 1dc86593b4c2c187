"""What can be done to the stories of many articles, or to many stories, at once: join, split off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from archive.admin.bulk import BulkAction
from archive.admin.shown import articles_shown, change_link, said
from archive.curation import families as curate
from archive.models import Membership

#: Stories joined at a time.
_MOST_JOINED = 50


def _chosen(queryset: QuerySet) -> list[int]:
    """The articles of a list of articles."""
    return list(queryset.order_by().values_list("pk", flat=True)[: curate.MOST_ARTICLES])


def _first_members(queryset: QuerySet) -> list[int]:
    """An article of each story of a list of stories."""
    stories = list(queryset.values_list("pk", flat=True)[: _MOST_JOINED + 1])
    if len(stories) > _MOST_JOINED:
        raise ValueError(
            gettext("More than %(most)d stories at once: choose fewer.") % {"most": _MOST_JOINED}
        )
    rows = Membership.objects.filter(family__in=stories).order_by("-article")
    return sorted(dict(rows.values_list("family_id", "article_id")).values())


def _joining(
    name: str, title: Any, articles_of: Callable[[QuerySet], list[int]],
    describe: Callable[[int], str],
) -> BulkAction:  # fmt: skip
    """The action that makes one story of the articles that `articles_of` takes of a list."""

    def apply(queryset: QuerySet, data: dict[str, Any], user: AbstractBaseUser) -> SafeString:
        articles = articles_of(queryset)
        curate.join(articles, user=user)
        family = Membership.objects.select_related("family").get(article=articles[0]).family
        return format_html(
            "{} {}", gettext("Versions of one story:"), change_link("family", family.pk, family)
        )

    return BulkAction(
        name,
        title,
        gettext_lazy("Join"),
        lambda queryset, data: [describe(len(articles_of(queryset)))],
        apply,
        least=2,
    )


def _describe_articles(number: int) -> str:
    text = ngettext(
        "%(n)s article, with the story it is a version of, will be one story, for ever. Nothing is "
        "deleted, and it can be taken back.",
        "%(n)s articles, with the stories they are versions of, will be one story, for ever. "
        "Nothing is deleted, and it can be taken back.",
        number,
    )
    return said(text, number)


def _describe_stories(number: int) -> str:
    text = ngettext(
        "%(n)s story will be one, for ever: no import and no new search for stories takes it "
        "apart. You can take it back.",
        "%(n)s stories will be one, for ever: no import and no new search for stories takes them "
        "apart. You can take it back.",
        number,
    )
    return said(text, number)


def _describe_split(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
    number = queryset.count()
    text = ngettext(
        "%(n)s article will be no version of the story any more, for ever.",
        "%(n)s articles will be no versions of the story any more, for ever; they are a story "
        "together.",
        number,
    )
    return [said(text, number)]


def _split_off(queryset: QuerySet, data: dict[str, Any], user: AbstractBaseUser) -> str:
    chosen = _chosen(queryset)
    curate.split_off(chosen, user=user)
    text = gettext("%(articles)s split off for ever. The page of the story takes it back.")
    return text % {"articles": articles_shown(len(chosen))}


join_articles = _joining(
    "join_story", gettext_lazy("Join as one story"), _chosen, _describe_articles
)
join_stories = _joining(
    "join_stories", gettext_lazy("Join stories"), _first_members, _describe_stories
)
split_off = BulkAction(
    "split_off",
    gettext_lazy("Split off from the story"),
    gettext_lazy("Split off"),
    _describe_split,
    _split_off,
)
