"""The admin in the curator's language: no text of ours is left in English, and none is unmarked."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import label_for_field
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import translation

from archive.admin.bulk import BulkAction
from archive.models import Article, FamilySuggestion, Job, Outcome, Source
from archive.models.names import SHOWN
from archive.tests.factories import (
    AgencyFactory,
    ArticleFactory,
    CreditFactory,
    EntityFactory,
    MentionFactory,
)
from archive.tests.test_families import versions
from config import messages

LANGUAGES = ("da", "nb", "sv")
#: Words that are the same in English and in one of the others.
SAME = {
    "status",
    "byline",
    "original",
    "demonstration",
    "job",
    "person",
    "e-mail",
    "score",
    "sha256",
}
OURS = [model for model in admin.site._registry if model._meta.app_label == "archive"]


def in_english(text: object) -> str:
    with translation.override("en"):
        return str(text)


def in_language(language: str, text: object) -> str:
    with translation.override(language):
        return str(text)


def names_of(model_admin) -> set[str]:
    """Everything that a list or a form of it has a label for."""
    fields = [name for _, options in model_admin.fieldsets or () for name in options["fields"]]
    if not fields and model_admin.fields:
        fields = list(model_admin.fields)
    if not fields and model_admin.form is not admin.ModelAdmin.form:
        fields = list(model_admin.form._meta.fields or ())
    return {*model_admin.list_display, *fields, *model_admin.readonly_fields} - {"__str__"}


def texts_of(model) -> list[object]:
    """What the admin shows of a table, besides the data."""
    model_admin = admin.site._registry[model]
    found: list[object] = [model._meta.verbose_name, model._meta.verbose_name_plural]
    found += [label_for_field(name, model, model_admin) for name in names_of(model_admin)]
    found += [title for title, _ in model_admin.fieldsets or () if title]
    found += [text for text in (model_admin.search_help_text,) if text]
    for action in model_admin.actions or ():
        if isinstance(action, BulkAction):
            found += [action.title, action.button]
    for one in model_admin.list_filter:
        if isinstance(one, type):
            found.append(one.title)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_name_of_a_list_or_form_is_translated(model, language):
    model_admin = admin.site._registry[model]
    with translation.override("en"):
        english = [str(text) for text in texts_of(model)]
    with translation.override(language):
        translated = [str(text) for text in texts_of(model)]
    same = {one for one, other in zip(english, translated, strict=True) if one == other}
    assert not same - SAME, model_admin


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_names_of_columns_and_choices_are_translated(language):
    known = {message.id for message in messages.read_translation(language)}
    plural = {one for message in known if isinstance(message, tuple) for one in message}
    assert not set(SHOWN) - known - plural
    for choices in (Article.Status, Job.Status, Outcome.Result, FamilySuggestion.Status):
        for choice in choices:
            assert in_language(language, choice.label) != in_english(choice.label)


def test_the_names_of_columns_make_no_migrations():
    field = Article._meta.get_field("headline")
    assert in_language("da", field.verbose_name) == "overskrift"
    assert "verbose_name" not in field.deconstruct()[3]
    assert "verbose_name" not in Source._meta.original_attrs


# --- Nothing unmarked -------------------------------------------------------------------------

#: Arguments and attributes that a curator reads.
READ = {
    "description", "label", "help_text", "search_help_text", "title", "empty_label",
    "verbose_name", "verbose_name_plural", "index_title",
}  # fmt: skip
#: Calls whose texts a curator reads.
TOLD = {"message_user", "add_error", "ValidationError", "Http404", "ValueError", "CannotDecide",
        "CannotMerge", "info", "success", "error", "warning", "change_link", "list_link"}  # fmt: skip


def is_text(node: ast.AST) -> bool:
    """Whether it is a literal that is read: with a word in it, and with more than one or a capital."""
    if isinstance(node, ast.JoinedStr):
        text = " ".join(part.value for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    else:
        return False
    is_markup = text.lstrip().startswith(("<", "?", "admin:", "archive"))
    return not is_markup and bool(re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}|^[A-Z][a-z]+", text))


def unmarked(path: Path) -> list[str]:
    """The texts of a module that are read and not marked for translation."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        read: list[ast.AST] = []
        targets = node.targets if isinstance(node, ast.Assign) else ()
        is_named = isinstance(node, ast.keyword) and node.arg in READ
        if is_named or any(getattr(target, "id", "") in READ for target in targets):
            read = [node.value]
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            read = node.args if name in TOLD else []
        elif isinstance(node, ast.Return) and node.value is not None:
            read = [node.value]
        found += [f"{path.name}:{one.lineno}" for one in read if is_text(one)]
    return found


def test_no_module_of_the_admin_has_a_text_that_is_not_marked():
    root = Path(settings.BASE_DIR) / "archive"
    modules = [*(root / "admin").glob("*.py"), root / "admin_site.py", root / "admin_requests.py"]
    modules += [root / "curation" / f"{name}.py" for name in ("families", "possible")]
    assert len(modules) > 25
    assert [place for path in sorted(modules) for place in unmarked(path)] == []


def test_a_text_that_is_not_marked_is_noticed(tmp_path):
    path = tmp_path / "module.py"
    path.write_text(
        '@admin.display(description="the one")\n'
        "def shown(self):\n"
        '    return f"{self.number} of them are"\n'
        "class A:\n"
        '    search_help_text = "Any name."\n'
        '    fine = _("Any name.")\n'
        'raise ValueError("Not so")\n'
    )
    assert sorted(unmarked(path)) == ["module.py:1", "module.py:3", "module.py:5", "module.py:7"]


def test_the_templates_of_the_admin_have_no_text_that_is_not_marked():
    root = Path(settings.BASE_DIR) / "templates" / "admin"
    pages = list(root.rglob("*.html"))
    assert len(pages) > 15
    left = {}
    for path in pages:
        bare = path.read_text(encoding="utf-8")
        bare = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", bare, flags=re.DOTALL)
        bare = re.sub(r"{% block bodyclass %}.*?{% endblock %}|<kbd>.*?</kbd>", "", bare)
        bare = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", bare)
        attributes = re.findall(r'\b(?:aria-label|title|placeholder|alt)="([^"{]+)"', bare)
        words = re.findall(r"[^\W\d_]{2,}", " ".join([*attributes, re.sub(r"<[^>]*>", " ", bare)]))
        if foreign := [word for word in words if word not in ("rsaquo", "amp")]:
            left[path.name] = foreign
    assert not left


# --- Shown ------------------------------------------------------------------------------------

#: English words that would show that a text of ours was left: none of them is one of Django's own
#: words in the other languages, or a name in the data.
ENGLISH = re.compile(
    r"\b(?:the|and|with|will|are|from|story|stories|source|sources|article|articles|mention|"
    r"mentions|headline|found|curator|curators|rejected|waits?|nothing|changed|versions of|of|is|"
    r"not|this|that|their|names?|language|updated|created|records?|merge|split|join|later|undo|"
    r"keep|choose|add|typing|counts|toggle|skip|added|deleted|sidebar|breadcrumbs|change|delete|history|search|today|filter by|clear|select)\b",
    re.IGNORECASE,
)


@pytest.fixture
def archive(db):
    """One of everything that a curator meets."""
    one, *_ = versions(2, headline="Havn")
    for place, text in enumerate(("Bo Halvorsen", "Bo Halversen")):
        MentionFactory(
            article=one, entity=EntityFactory(name=text), start=9 * place, end=9 * place + 4
        )
    CreditFactory(article=one, agency=AgencyFactory(name="Ritzau"), printed="Ritzau")
    job = Job.objects.create(label="a.txt", status="done", created=1, rejected=1)
    Outcome.objects.create(job=job, position=1, locator="a.txt", result="rejected", reason="x")
    other = ArticleFactory(headline="Molen")
    FamilySuggestion.objects.create(article=one, other=other, score=0.9)
    return one


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("da", ("Overskrift", "Dato", "1 post", "Nu: aktivt (1).")),
        ("nb", ("Overskrift", "Dato", "1 oppføring", "Nå: aktivt (1).")),
        ("sv", ("Rubrik", "Datum", "1 post", "Nu: aktivt (1).")),
    ],
)
def test_what_changed_and_what_is_now_is_told_in_the_curators_language(
    client, archive, language, said
):
    curator = get_user_model().objects.create_superuser("kirsten")
    client.force_login(curator)
    changed = [{"changed": {"fields": ["Headline", "Date"]}}]
    LogEntry.objects.log_actions(curator.pk, [archive], CHANGE, change_message=changed)
    asked = {"headers": {"accept-language": language}}
    page = client.get(reverse("admin:archive_article_history", args=[archive.pk]), **asked)
    html = " ".join(page.content.decode().split())
    for text in said[:3]:
        assert text in html
    assert "Headline" not in html
    entity = archive.mentions.first().entity_id
    data = {"action": "reject", "index": "0", "select_across": "0", "_selected_action": [entity]}
    page = client.post(reverse("admin:archive_entity_changelist"), data, **asked)
    assert said[3] in page.content.decode()


def test_no_articles_at_all_are_told_in_the_plural(client, archive):
    client.force_login(get_user_model().objects.create_superuser("kirsten"))
    page = client.get(reverse("admin:index"), headers={"accept-language": "sv"})
    labels = {tile.label: tile.count for tile in page.context["tiles"]}
    assert labels["begränsade eller tillbakadragna artiklar"] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_curator_sees_daily_has_no_english(client, archive, language):
    client.force_login(get_user_model().objects.create_superuser("kirsten"))
    story, entity = archive.membership.family_id, archive.mentions.first().entity_id
    addresses = [
        reverse("admin:index"),
        reverse("admin:archive_article_changelist"),
        reverse("admin:archive_article_change", args=[archive.pk]),
        reverse("admin:archive_article_delete", args=[archive.pk]),
        reverse("admin:archive_entity_changelist"),
        reverse("admin:archive_entity_change", args=[entity]),
        reverse("admin:archive_entity_split", args=[entity]),
        reverse("admin:archive_mention_changelist"),
        reverse("admin:archive_mergesuggestion_queue"),
        reverse("admin:archive_familysuggestion_queue"),
        reverse("admin:archive_familysuggestion_changelist"),
        reverse("admin:archive_family_changelist"),
        reverse("admin:archive_family_change", args=[story]),
        reverse("admin:archive_family_split", args=[story]),
        reverse("admin:archive_family_join", args=[story]),
        reverse("admin:archive_readerreport_changelist"),
        reverse("admin:archive_job_changelist"),
        reverse("admin:archive_job_upload"),
        reverse("admin:archive_job_change", args=[Job.objects.get().pk]),
        reverse("admin:archive_outcome_changelist"),
        reverse("admin:archive_source_changelist"),
        reverse("admin:archive_source_change", args=[archive.source_id]),
        reverse("admin:archive_agency_changelist"),
        reverse("admin:archive_credit_changelist"),
    ]
    left = {}
    for address in addresses:
        answer = client.get(address, headers={"accept-language": language})
        assert answer.status_code == 200, address
        if words := english_in(answer.content.decode()):
            left[address] = words
    assert not left


def english_in(html: str) -> list[str]:
    """The English words that a page shows."""
    html = re.sub(r"<(script|style|svg|pre|code)\b.*?</\1>", " ", html, flags=re.DOTALL)
    html = html.replace('alt="Search"', "")  # a picture in Django's own template
    shown = re.findall(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"', html)
    shown.append(re.sub(r"<[^>]*>", " ", html))
    return sorted({word.lower() for text in shown for word in ENGLISH.findall(text)})
