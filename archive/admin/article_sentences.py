"""What will become of many articles, and what became of them, in sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language, ngettext

from archive.admin.shown import said
from archive.dates import PartialDate
from archive.languages import language_name
from archive.models import Article

#: The number of articles and what the form gave -> a sentence.
Sentence = Callable[[int, dict[str, Any]], str]
#: Before, and after.
Sentences = tuple[Sentence, Sentence]


def stay(number: int) -> str:
    """Those that are so already, before."""
    return said(
        ngettext("%(n)s article stays as it is.", "%(n)s articles stay as they are.", number),
        number,
    )


def stayed(number: int) -> str:
    """Those that were so already, after."""
    return said(
        ngettext("%(n)s article stayed as it was.", "%(n)s articles stayed as they were.", number),
        number,
    )


def cannot(number: int, reason: str) -> str:
    """Those that will be refused, and why."""
    refused = ngettext(
        "%(n)s article cannot be changed: %(reason)s",
        "%(n)s articles cannot be changed: %(reason)s",
        number,
    )
    return said(refused, number, reason=reason)


def refused(number: int, reason: str) -> str:
    """Those that were refused, and why."""
    refused = ngettext(
        "%(n)s article refused: %(reason)s", "%(n)s articles refused: %(reason)s", number
    )
    return said(refused, number, reason=reason)


def _source_will(number: int, data: dict[str, Any]) -> str:
    if not data["source"]:
        return said(
            ngettext(
                "%(n)s article will be left without a source.",
                "%(n)s articles will be left without a source.",
                number,
            ),
            number,
        )
    moved = ngettext(
        "%(n)s article will be moved to %(source)s.",
        "%(n)s articles will be moved to %(source)s.",
        number,
    )
    return said(moved, number, source=data["source"].name)


def _source_done(number: int, data: dict[str, Any]) -> str:
    if not data["source"]:
        return said(
            ngettext(
                "%(n)s article left without a source.",
                "%(n)s articles left without a source.",
                number,
            ),
            number,
        )
    moved = ngettext(
        "%(n)s article moved to %(source)s.", "%(n)s articles moved to %(source)s.", number
    )
    return said(moved, number, source=data["source"].name)


def _language_will(number: int, data: dict[str, Any]) -> str:
    marked = ngettext(
        "%(n)s article will be marked as %(language)s.",
        "%(n)s articles will be marked as %(language)s.",
        number,
    )
    return said(marked, number, language=language_name(data["language"]))


def _language_done(number: int, data: dict[str, Any]) -> str:
    marked = ngettext(
        "%(n)s article marked as %(language)s.", "%(n)s articles marked as %(language)s.", number
    )
    return said(marked, number, language=language_name(data["language"]))


def _date_will(number: int, data: dict[str, Any]) -> str:
    dated = ngettext(
        "%(n)s article will have the date: %(date)s.",
        "%(n)s articles will have the date: %(date)s.",
        number,
    )
    return said(dated, number, date=_date(data))


def _date_done(number: int, data: dict[str, Any]) -> str:
    dated = ngettext(
        "%(n)s article has the date: %(date)s.", "%(n)s articles have the date: %(date)s.", number
    )
    return said(dated, number, date=_date(data))


def _date(data: dict[str, Any]) -> str:
    return PartialDate.parse(data["date"]).display(get_language() or "en")


def _status_will(number: int, data: dict[str, Any]) -> str:
    status = ngettext(
        "%(n)s article will have the status: %(status)s.",
        "%(n)s articles will have the status: %(status)s.",
        number,
    )
    return said(status, number, status=_label(data))


def _status_done(number: int, data: dict[str, Any]) -> str:
    status = ngettext(
        "%(n)s article has the status: %(status)s.",
        "%(n)s articles have the status: %(status)s.",
        number,
    )
    return said(status, number, status=_label(data))


def _label(data: dict[str, Any]) -> str:
    return str(Article.Status(data["status"]).label)


def _trash_will(number: int, data: dict[str, Any]) -> str:
    return said(
        ngettext(
            "%(n)s article will be moved to the trash.",
            "%(n)s articles will be moved to the trash.",
            number,
        ),
        number,
    )


def _trash_done(number: int, data: dict[str, Any]) -> str:
    return said(
        ngettext("%(n)s article moved to the trash.", "%(n)s articles moved to the trash.", number),
        number,
    )


def _restore_will(number: int, data: dict[str, Any]) -> str:
    restored = ngettext(
        "%(n)s article will be restored as %(status)s.",
        "%(n)s articles will be restored as %(status)s.",
        number,
    )
    return said(restored, number, status=_label(data))


def _restore_done(number: int, data: dict[str, Any]) -> str:
    restored = ngettext(
        "%(n)s article restored as %(status)s.",
        "%(n)s articles restored as %(status)s.",
        number,
    )
    return said(restored, number, status=_label(data))


SOURCE: Sentences = (_source_will, _source_done)
LANGUAGE: Sentences = (_language_will, _language_done)
DATE: Sentences = (_date_will, _date_done)
STATUS: Sentences = (_status_will, _status_done)
TRASH: Sentences = (_trash_will, _trash_done)
RESTORE: Sentences = (_restore_will, _restore_done)
