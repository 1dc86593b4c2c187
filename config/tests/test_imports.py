"""Imports run from the hall to the finding to the store, never back."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
#: What each room may not import.
FORBIDDEN = {
    "archive": {"search", "config", "haystack", "whoosh"},
    "search": {"config"},
}
#: The vocabulary of a drawer for odds and ends.
NAMELESS = {"utils", "helpers", "common", "manager", "handler", "processor"}


def modules(*rooms: str) -> list[Path]:
    found = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    assert found
    return sorted(found)


def imported(path: Path) -> set[str]:
    """The first names of all modules that a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            if not node.level:  # a relative import stays in its room
                names.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "import_module":
            names |= {
                argument.value.partition(".")[0]
                for argument in node.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            }
    return names


@pytest.mark.parametrize("room", FORBIDDEN)
def test_a_room_imports_nothing_from_the_room_above_it(room):
    faults = {}
    for path in modules(room):
        # Tests may look at the whole house; the code may not.
        wrong = set() if "tests" in path.parts else imported(path) & FORBIDDEN[room]
        if wrong:
            faults[str(path.relative_to(ROOT))] = wrong
    assert not faults


def test_the_pure_modules_know_no_django():
    faults = [
        str(path.relative_to(ROOT))
        for path in modules("archive/dates", "archive/text", "archive/wire", "search/query")
        if "django" in imported(path)
    ]
    assert not faults


def test_every_module_opens_with_what_it_is_for():
    without = [
        str(path.relative_to(ROOT))
        for path in modules("archive", "search", "config", "bench")
        if path.stat().st_size
        and "migrations" not in path.parts
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not without


def test_no_module_is_a_drawer_for_odds_and_ends():
    assert not [path for path in modules("archive", "search", "config") if path.stem in NAMELESS]
