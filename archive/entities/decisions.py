"""Carries what curators decided about single mentions over to a changed text."""

from __future__ import annotations

from django.db.models import Q

from archive.entities.word_places import new_place
from archive.models import Article, Mention

#: What `Mention.extractor` says of a mention that a curator decided; it outlives the account.
CURATOR = "curator"
#: Mentions that a machine may take back. Negate it for those that only a curator may.
UNDECIDED = Q(decided_by=None, is_rejected=False) & ~Q(extractor=CURATOR)


def move_decisions(article: Article, before: Article) -> None:
    """Move the decided mentions of an article to where their names now stand.

    A mention before the first or after the last change keeps its place in the text around it; one
    between goes to the same occurrence of its words. Where the words are gone, or have become part
    of another name, so is the decision.
    Undecided mentions are left alone: they are found anew.
    """
    decided = Mention.objects.filter(~UNDECIDED, article=article)
    by_field: dict[str, list[Mention]] = {}
    for mention in decided.order_by("start"):
        by_field.setdefault(mention.field, []).append(mention)
    for field, mentions in by_field.items():
        old, new = getattr(before, field), getattr(article, field)
        if old == new:
            continue
        gone, moved, taken = [], [], set()
        for mention in mentions:
            start = new_place(old, new, mention.start, mention.end, article.language)
            if start is None or start in taken:
                gone.append(mention.pk)
                continue
            taken.add(start)
            mention.start, mention.end = start, start + mention.end - mention.start
            moved.append(mention)
        Mention.objects.filter(pk__in=gone).delete()
        _store(article, field, moved)


def _store(article: Article, field: str, moved: list[Mention]) -> None:
    """Write the new places; undecided mentions in their way go, and the order never collides."""
    starts = [mention.start for mention in moved]
    Mention.objects.filter(article=article, field=field, start__in=starts).exclude(
        pk__in=[mention.pk for mention in moved]
    ).delete()
    # Two decided mentions may change places with each other: write them again instead of moving.
    Mention.objects.filter(pk__in=[mention.pk for mention in moved]).delete()
    Mention.objects.bulk_create(moved)
