"""The documents tell of every setting, every make target and every file they point to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"```.*?```", re.DOTALL)


def settings_read() -> list[str]:
    """Every environment variable that settings.py reads."""
    source = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    names = re.findall(r"\b(?:setting|mail)\.\w+\(\s*\"([A-Z][A-Z0-9_]+)\"", source)
    assert len(names) > 10
    # The first is read with the file; the second is a note of the server to itself.
    return sorted({"NORDARKIV_ENV_FILE", *names} - {"NORDARKIV_SERVES"})


@pytest.mark.parametrize("name", settings_read())
def test_operations_tells_of_every_setting(name):
    table = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{name}` \|", table, re.MULTILINE)


def test_operations_tells_of_no_setting_that_is_gone():
    table = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", table, re.MULTILINE)
    served = (ROOT / "config" / "serve.py").read_text(encoding="utf-8")
    known = set(settings_read()) | {"WEB_CONCURRENCY"}
    assert [name for name in told if name not in known and f'"{name}"' not in served] == []


def test_every_make_target_is_told_to_newcomers():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)
    assert "run" in targets
    told = "".join(
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")
    )
    assert [name for name in targets if f"make {name}" not in told] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_between_the_documents_leads_to_a_file(document):
    text = FENCED.sub("", document.read_text(encoding="utf-8"))
    broken = []
    for target in LINK.findall(text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert not broken


def anchors(file: Path) -> set[str]:
    """The anchors of a document's headings, made as the forges make them."""
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_named_in_a_document_exists(document):
    named = re.findall(
        r"`((?:archive|search|config|templates|static|bench|docs)/[\w./-]+)`",
        document.read_text(encoding="utf-8"),
    )
    assert [name for name in named if not (ROOT / name).exists()] == []
