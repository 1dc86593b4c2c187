"""Whether a saved search still means what its user saved; an alert that does not is not sent."""

from __future__ import annotations

from django.utils.translation import gettext

from archive.models import Alert, SavedSearch
from search.forms import Search
from search.query import GRAMMAR_VERSION
from search.query import render as as_text

Problem = Alert.Problem


def problem_of(saved: SavedSearch, search: Search) -> str:
    """Why a saved search cannot be mailed as it is read now; "" where it can."""
    if search.problems:
        # Something in it is left out, and it would find far more than was asked for.
        return str(Problem.UNREADABLE)
    return str(Problem.GRAMMAR) if is_read_otherwise(saved, search) else ""


def is_read_otherwise(saved: SavedSearch, search: Search) -> bool:
    """Whether the query language has changed since, and what is read now is something else."""
    if saved.grammar_version == GRAMMAR_VERSION:
        return False
    return bool(as_text(search.parsed.node) != saved.read_as)


def sentence(problem: str) -> str:
    """What is wrong, and what to do about it, for the user."""
    if problem == Problem.GRAMMAR:
        return gettext(
            "The query language has changed, and this search means something else now than when "
            "you saved it. No e-mail is sent until you have looked at it."
        )
    if problem == Problem.UNREADABLE:
        return gettext(
            "A part of this search can no longer be read. No e-mail is sent until you have saved "
            "it anew."
        )
    return ""
