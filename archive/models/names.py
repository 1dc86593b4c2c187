"""What the tables and their columns are called in the language of whoever works in the admin.

Django makes these names of the names in the code. Said once more in the models they would be
migrations without a change, so they are translated when the models are ready.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.utils.translation import gettext_noop as _

#: The names that the admin shows, marked here because they stand nowhere else as texts.
SHOWN = (
    _("action"), _("agency"), _("alert"), _("alerts"), _("article"), _("articles"), _("article version"),
    _("article versions"), _("body"), _("byline"), _("confidence"), _("country"), _("created"),
    _("created at"), _("credit"), _("credits"), _("date edtf"), _("decided at"), _("decided by"),
    _("description"), _("duplicate"), _("encoding"), _("end"), _("entity"), _("external id"),
    _("extractor"), _("field"), _("finished at"), _("form"), _("forms"), _("headline"),
    _("identity"), _("is curated"), _("is demo"), _("is rejected"), _("job"), _("jobs"), _("kind"),
    _("label"), _("language"), _("media type"), _("mention"), _("mentions"),
    _("merge suggestion"), _("merge suggestions"), _("merged into"), _("message"), _("name"),
    _("note"), _("number"), _("original"), _("originals"), _("outcome"), _("outcomes"),
    _("pending change"), _("pending changes"), _("person"), _("position"), _("preferred source"),
    _("printed"), _("queued at"), _("reader report"), _("reader reports"), _("reason"),
    _("rejected"), _("replaced at"), _("replaced by job"), _("replaced by user"), _("result"),
    _("role"), _("rule"), _("rule confidence"), _("rule evidence"), _("score"), _("sha256"),
    _("size"), _("slug"), _("source"), _("source count"), _("sources"), _("standfirst"),
    _("start"), _("started at"), _("stopped at"), _("status"), _("text"), _("unchanged"), _("updated"),
    _("updated at"), _("url"), _("user"), _("version count"), _("withdrawn at"),
    _("withdrawn reason"),
)  # fmt: skip
#: The same names at the start of a label: so the history of a row keeps those of changed fields, in
#: English, to be translated when it is read.
OF_CHANGES = (
    _("Article"), _("Body"), _("Byline"), _("Confidence"), _("Country"), _("Decided by"),
    _("Description"), _("End"), _("External id"), _("Extractor"), _("Form"), _("Headline"),
    _("Is demo"), _("Is rejected"), _("Note"), _("Person"), _("Preferred source"), _("Printed"),
    _("Role"), _("Rule"), _("Rule confidence"), _("Rule evidence"), _("Standfirst"), _("Start"),
    _("Status"), _("Withdrawn reason"),
)  # fmt: skip
#: Texts of Django's own admin that its Norwegian catalogue lacks.
OF_DJANGO = (
    _("Add link"), _("Change or view list link"), _("Model name"),
    _("Select all objects on this page for an action"),
    _("Select this object for an action - {}"), _("Breadcrumbs"), _("Skip to main content"),
    _("Hide counts"), _("Show counts"), _("Toggle theme (current theme: auto)"),
    _("Toggle theme (current theme: light)"), _("Toggle theme (current theme: dark)"),
    _("Added:"), _("Changed:"), _("Deleted:"), _("Sidebar"), _("Start typing to filter…"),
    _("Filter navigation items"), _("View selected %(model)s"), _("Error:"),
    ngettext_lazy("entry", "entries", 0),
)  # fmt: skip


def translate_names(tables: Iterable[type[models.Model]]) -> None:
    """Let these tables and their columns be called by the translations of their names."""
    for table in tables:
        meta = table._meta
        if not isinstance(meta.verbose_name, Promise):
            # The plural that Django makes of it is put together of this very text.
            if isinstance(meta.verbose_name_plural, Promise) and (
                str(meta.verbose_name_plural) == f"{meta.verbose_name}s"
            ):
                meta.verbose_name_plural = gettext_lazy(f"{meta.verbose_name}s")
            meta.verbose_name = gettext_lazy(meta.verbose_name)
        for field in meta.local_fields:
            # Not what migrations are made of, which is kept apart under another name.
            if not isinstance(field.verbose_name, Promise):
                field.verbose_name = gettext_lazy(field.verbose_name)
