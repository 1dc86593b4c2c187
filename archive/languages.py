"""The language of the reader: names of languages in it, and what language-less modules told."""

from functools import lru_cache

import langcodes
from django.utils.translation import get_language, gettext

from archive.saying import Saying


@lru_cache(maxsize=2000)
def _name(code: str, reader: str) -> str:
    """The CLDR name of a language; the code itself where there is none."""
    try:
        return langcodes.Language.get(code).display_name(reader)
    except (langcodes.LanguageTagError, LookupError):
        return code


def language_name(code: str, reader: str | None = None) -> str:
    """The name of language `code` for a reader of `reader` (by default the interface's)."""
    if not code:
        return gettext("language unknown")
    return _name(code, reader or get_language() or "en")


def say(text: str) -> str:
    """A `Saying` in the reader's language, with what was put into it; any other text as it is."""
    if not isinstance(text, Saying):
        return text
    values = {
        name: say(value) if isinstance(value, str) else value for name, value in text.values.items()
    }
    return gettext(text.pattern) % values if values else gettext(text.pattern)
