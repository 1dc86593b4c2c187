"""The help on searching, and the page that shows curators what the analysis makes of a word."""

from __future__ import annotations

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from search.analysis.explain import first_word, read_word
from search.engines import get_engine
from search.examples import own_examples
from search.expansions import widened
from search.query import GRAMMAR_VERSION, nodes
from search.query.fields import FIELDS
from search.query.operators import OPERATORS


def search_help(request: HttpRequest) -> HttpResponse:
    """How to search: made from the tables that the query language is described by.

    The examples of fields are the archive's own, as far as it has any.
    """
    own = own_examples()
    return render(
        request,
        "search/help.html",
        {
            "fields": [(field, own.get(field.name, field.example)) for field in FIELDS],
            "operators": OPERATORS,
            "grammar_version": GRAMMAR_VERSION,
        },
    )


@staff_member_required
def analysis(request: HttpRequest) -> HttpResponse:
    """What the analysis makes of a word in each language, and what a search for it is widened by."""
    word = first_word(request.GET.get("word", "")[:200])
    context: dict[str, object] = {"word": word}
    if word:
        vocabulary = get_engine().vocabulary()
        compounds = vocabulary.compounds(word)
        context |= {
            "readings": read_word(word, vocabulary.all_languages()),
            "counts": vocabulary.languages(word),
            "is_name": vocabulary.is_name(word),
            "count": vocabulary.count(word),
            "compounds": compounds[:60],
            "compounds_in_all": len(compounds),
            "notes": widened(nodes.Word(word)).notes,
            "like": vocabulary.like(word, 8),
        }
    return render(request, "search/analysis.html", context)
