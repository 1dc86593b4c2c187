"""What was decided of stories, in the histories of their articles and in their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib.auth.base_user import AbstractBaseUser

from archive.curation.history import chunks, record
from archive.models import Article, Family

#: Articles that a line of the history names.
_MOST_NAMED = 20


def write_history(user: AbstractBaseUser | None, article_ids: Sequence[int], said: str) -> None:
    """What is said of these articles, in the history of each."""
    for some in chunks(article_ids):
        rows = Article.objects.filter(pk__in=some).order_by().values_list("pk", "headline")
        record(user, Article, [(pk, headline, said) for pk, headline in rows])


def write_story_history(user: AbstractBaseUser | None, said: Mapping[int, str]) -> None:
    """What is said of each story, in its own history."""
    for some in chunks(said):
        stories = Family.objects.filter(pk__in=some).order_by("pk")
        record(user, Family, [(story.pk, str(story), said[story.pk]) for story in stories])


def listed(article_ids: Sequence[int]) -> str:
    """The numbers of articles; of very many the first."""
    shown = ", ".join(map(str, article_ids[:_MOST_NAMED]))
    beyond = len(article_ids) - _MOST_NAMED
    noun = "article" if len(article_ids) == 1 else "articles"
    return f"{noun} {shown}" + (f" and {beyond} more" if beyond > 0 else "")
