"""The interface in Danish, Norwegian bokmål and Swedish: complete, compiled, and shown."""

from __future__ import annotations

import pickle
import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings
from django.template import Context, Template, loader
from django.urls import reverse
from django.utils import translation

from archive.dates import InvalidDate, parse_range
from archive.languages import say
from archive.saying import Saying
from archive.tests.factories import ArticleFactory
from config import messages
from search.query.fields import FIELDS

LANGUAGES = ("da", "nb", "sv")
HEADING = {
    "en": "How to search", "da": "Sådan søger du", "nb": "Slik søker du", "sv": "Så söker du",
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
TAG = re.compile(r"</?[a-z][^>]*>")


@pytest.fixture(scope="module")
def texts() -> Catalog:
    """All texts of the interface as the code and the templates have them now."""
    return messages.template_catalog()


def forms(value: str | tuple[str, ...] | list[str]) -> list[str]:
    """The singular and the plural of a text, or the text alone."""
    return [value] if isinstance(value, str) else list(value)


# --- Complete ---------------------------------------------------------------------------------


def test_the_translations_are_those_of_the_settings():
    assert messages.translations() == list(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_is_marked_is_translated(language, texts):
    kept = messages.read_translation(language)
    known = {(message.id, message.context) for message in kept}
    missing = [message.id for message in texts if (message.id, message.context) not in known]
    assert not missing, "run `make messages` and translate what it names"
    assert not messages.untranslated(kept)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_of_a_text_that_is_gone(language, texts):
    known = {message.id for message in texts}
    kept = messages.read_translation(language)
    assert not [message.id for message in kept if message.id not in known]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language):
    assert not [message.id for message in messages.read_translation(language) if message.fuzzy and message.id]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_values_and_the_tags_of_its_text(language):
    wrong = []
    for message in messages.read_translation(language):
        if not message.id:
            continue
        for text, translated in zip(forms(message.id), forms(message.string), strict=True):
            for pattern in (PLACEHOLDER, TAG):
                if sorted(pattern.findall(text)) != sorted(pattern.findall(translated)):
                    wrong.append(translated)
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_begins_and_ends_as_its_text_does(language):
    """Titles stay titles, sentences stay sentences: capital first, the same sign last."""
    wrong = []
    for message in messages.read_translation(language):
        if not message.id:
            continue
        for text, translated in zip(forms(message.id), forms(message.string), strict=True):
            ends = text[-1] if text[-1] in ".:?" else ""
            if text[0].isupper() != translated[0].isupper() and text[0] in string.ascii_letters:
                wrong.append(translated)
            if (translated[-1] if translated[-1] in ".:?" else "") != ends:
                wrong.append(translated)
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language):
    path = messages.po_path(language)
    now = messages.compiled(messages.read_translation(language))
    assert path.with_suffix(".mo").read_bytes() == now, "run `make messages`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_is_one_and_none_and_two_are_several(language):
    with translation.override(language):
        said = [translation.ngettext("%(shown)s name", "%(shown)s names", n) for n in (0, 1, 2, 21)]
    assert said[0] == said[2] == said[3]
    if language == "da":
        assert said[:2] == ["%(shown)s navne", "%(shown)s navn"]


# --- Extracted --------------------------------------------------------------------------------


def found_in(tmp_path: Path, name: str, source: str) -> list[object]:
    path = tmp_path / name
    path.write_text(source, encoding="utf-8")
    return [message.id for _, message in messages.extract(path)]


def test_texts_are_found_in_a_template_however_it_is_indented(tmp_path):
    source = """{% load i18n %}
      <p title="{% translate 'One' %}">{% translate "It’s “two”" as two %}
    {% blocktranslate count n=rows|length with shown=n %}{{ shown }} row{% plural %}{{ shown }} rows{% endblocktranslate %}
          {% translate "Three" context "number" %}{{ _("Four")|lower }}"""
    assert found_in(tmp_path, "page.html", source) == [
        "One", "It’s “two”", ("%(shown)s row", "%(shown)s rows"), "Three", "Four",
    ]  # fmt: skip


def test_texts_are_found_in_a_module(tmp_path):
    source = (
        'A = gettext_lazy("One")\n'
        'B = ngettext("%(n)d row", "%(n)d rows", n)\n'
        'C = Saying("Of %(a)s " "and %(b)s", a=1, b="no text")\n'
        "D = gettext(chosen)\n"
    )
    assert found_in(tmp_path, "module.py", source) == [
        "One", ("%(n)d row", "%(n)d rows"), "Of %(a)s and %(b)s",
    ]  # fmt: skip


def test_the_public_pages_have_no_text_that_is_not_marked():
    """What is left of a page without its tags, its marked texts and its data holds no words."""
    root = Path(settings.BASE_DIR) / "templates"
    pages = [path for path in root.rglob("*.html") if "admin" not in path.relative_to(root).parts]
    assert len(pages) > 30
    left = {}
    for path in pages:
        bare = path.read_text(encoding="utf-8")
        bare = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", bare, flags=re.DOTALL)
        bare = re.sub(r"{% block body_class %}\w*{% endblock %}", "", bare)
        bare = re.sub(r"<(code|kbd)>.*?</\1>", "", bare)
        bare = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", bare)
        attributes = re.findall(r'\b(?:aria-label|title|placeholder|alt)="([^"{]+)"', bare)
        words = re.findall(r"[^\W\d_]{2,}", " ".join([*attributes, re.sub(r"<[^>]*>", " ", bare)]))
        foreign = [word for word in words if word not in ("Nordarkiv", "Wikidata", "raquo", "nbsp")]
        if foreign:
            left[path.name] = foreign
    assert not left


# --- Shown ------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_a_first_visit_is_answered_in_the_language_the_browser_asks_for(client, language):
    answer = client.get(reverse("search_help"), headers={"accept-language": f"{language},en;q=0.5"})
    html = answer.content.decode()
    assert f'<html lang="{language}">' in html
    assert f"<h1>{HEADING[language]}</h1>" in html
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("da-DK", "da"),
        ("nb-NO,nn;q=0.8", "nb"),
        ("no", "nb"),
        ("nn", "nb"),
        ("nn-NO", "nb"),
        ("no-NO,no;q=0.9,en;q=0.8", "nb"),
        ("fi, NN-no;q=0.9 ,en;q=0.8", "nb"),
        ("en,no;q=0.9", "en"),
        ("da;q=0.5,nn;q=0.7", "nb"),
        ("sv-FI", "sv"),
        ("fi", "en"),
        ("nno", "en"),
        ("", "en"),
    ],
)
def test_regions_are_understood_and_other_languages_read_english(client, asked, answered):
    answer = client.get(reverse("search_help"), headers={"accept-language": asked})
    assert f'<html lang="{answered}">' in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_switcher_keeps_the_page_and_what_was_searched(client, language):
    ArticleFactory(headline="Broen er åben")
    address = reverse("undated") + "?page=1&name=s%C3%B8r+%26+vest"
    html = client.get(address).content.decode()
    kept = re.search(r'name="next" value="([^"]+)"', html)
    assert kept
    given = {"language": language, "next": kept[1].replace("&amp;", "&")}
    answer = client.post(reverse("set_language"), given, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    html = answer.content.decode()
    assert f'<html lang="{language}">' in html
    assert re.search(rf'value="{language}" lang="{language}" aria-current="true"', html)
    again = client.get(reverse("home"), headers={"accept-language": "en"})
    assert f'<html lang="{language}">' in again.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["500.html", "403_csrf.html"])
def test_the_pages_of_faults_say_which_language_they_are_in(language, page):
    with translation.override(language):
        html = loader.get_template(page).render()
        assert f'<html lang="{language}">' in html
        assert str(translation.gettext("To the front page")) in html


@pytest.mark.django_db
def test_the_switcher_leads_to_no_other_site(client):
    given = {"language": "da", "next": "https://elsewhere.example/"}
    assert client.post(reverse("set_language"), given).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("language", "thousands"), [("en", "1,234"), ("da", "1.234"), ("nb", "1\xa0234"), ("sv", "1\xa0234")]
)  # fmt: skip
def test_numbers_follow_the_language(language, thousands):
    with translation.override(language):
        said = Template("{% load humanize %}{{ 1234|intcomma }}").render(Context())
    assert said == thousands


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "date"),
    [("en", "15 June 2021"), ("da", "15. juni 2021"), ("nb", "15. juni 2021"), ("sv", "15 juni 2021")],
)  # fmt: skip
def test_dates_follow_the_language(client, language, date):
    article = ArticleFactory(headline="Vejen er lukket", date_edtf="2021-06-15")
    answer = client.get(article.get_absolute_url(), headers={"accept-language": language})
    assert f">{date}</time>" in answer.content.decode()


# --- Sentences of the pure modules ------------------------------------------------------------


def shown(text: str) -> str:
    return Template("{% load nordarkiv %}{{ text|said }}").render(Context({"text": text}))


def test_a_saying_is_english_until_it_is_shown():
    saying = Saying("The query has more than %(most)d words; the rest is left out.", most=7)
    assert saying == "The query has more than 7 words; the rest is left out."
    with translation.override("da"):
        assert shown(saying) == "Søgningen har mere end 7 ord; resten er udeladt."


def test_what_a_reader_typed_is_put_in_as_it_is_and_escaped():
    saying = Saying("“%(field)s:” has no value; it is left out.", field="<b>%(x)s")
    with translation.override("sv"):
        assert shown(saying) == "”&lt;b&gt;%(x)s:” saknar värde; det utelämnas."


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "“2021-02-30” is not a date: that day does not exist, 2021-02 has days 01 to 28. "
            "Write for example",
        ),
        (
            "da",
            "»2021-02-30« er ikke en dato: den dag findes ikke, 2021-02 har dagene 01 til 28. "
            "Skriv for eksempel",
        ),
        (
            "sv",
            "”2021-02-30” är inget datum: den dagen finns inte, 2021-02 har dagarna 01 till 28. "
            "Skriv till exempel",
        ),
    ],
)
def test_why_a_date_cannot_be_read_is_told_in_the_readers_language(language, said):
    with pytest.raises(InvalidDate) as caught:
        parse_range("2021-02-30")
    with translation.override(language):
        assert say(caught.value.message).startswith(said)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_text_that_is_no_saying_is_shown_as_it_is():
    assert shown("50% of “it”") == "50% of “it”"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_the_query_language_is_explained_in_the_readers_language(language):
    with translation.override(language):
        said = {field.name: shown(field.finds) for field in FIELDS}
    assert not [field.name for field in FIELDS if said[field.name] == field.finds]
