"""Fields and documents of Haystack indexes other than the archive's own, in a plain form."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from whoosh import fields
from whoosh.fields import Schema

from search.analysis.occurrences import analyse_article
from search.engines.whoosh.schema import TermsField, ValuesField

_ALWAYS = ("id", "django_ct", "django_id")


def generic_fields(searchfields: Mapping[str, Any]) -> dict[str, fields.FieldType]:
    """Return a Whoosh field for each Haystack field: text is analysed, all else matched whole."""
    found: dict[str, fields.FieldType] = {}
    for field in searchfields.values():
        is_text = field.field_type in ("string", "text") and not field.is_multivalued
        plain = is_text and not getattr(field, "facet_for", None)
        found[field.index_fieldname] = TermsField() if plain else ValuesField()
    return found


def generic_document(prepared: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Return the Whoosh document of what a SearchIndex prepared; its values are stored as well."""
    document: dict[str, Any] = {}
    for name, value in prepared.items():
        if name not in schema or value is None:
            continue
        if isinstance(schema[name], TermsField):
            document[name] = analyse_article("", [("body", str(value))]).exact
        else:
            values = value if isinstance(value, list | tuple) else [value]
            document[name] = [as_term(item) for item in values]
    for name in _ALWAYS:
        document[name] = str(prepared[name])
    document["stored"] = {name: value for name, value in prepared.items() if name not in _ALWAYS}
    return document


def as_term(value: Any) -> str:
    """Return a value as the text it is matched by."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return str(value)
