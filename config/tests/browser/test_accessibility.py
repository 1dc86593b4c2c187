"""axe-core finds nothing on any page, at any width, in light or dark."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from config.tests.browser.pages import PAGES, Page
from config.tests.browser.site import Site
from config.tests.browser.visits import SCHEMES, WIDTHS, resize, visit

pytestmark = pytest.mark.browser
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN = "() => axe.run(document, {resultTypes: ['violations']})"


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_no_fault_on_a_page(
    page: Page, live: Site, contexts: dict[bool, BrowserContext]
) -> None:
    tab = visit(contexts[page.curator], live, page)
    tab.evaluate(AXE)
    faults: dict[str, dict[str, list[str]]] = {}
    for width in WIDTHS:
        for scheme in SCHEMES:
            resize(tab, width, scheme)
            result = tab.evaluate(RUN)
            assert result["passes"], "axe ran no rule"
            for violation in result["violations"]:
                elements = faults.setdefault(f"{violation['impact']}: {violation['help']}", {})
                for node in violation["nodes"]:
                    elements.setdefault(told(node), []).append(f"{width} px {scheme}")
    tab.close()
    assert not faults, listed(faults)


def told(node: dict[str, Any]) -> str:
    """An element and what is wrong with it."""
    why = node["failureSummary"].splitlines()[-1].strip()
    return f"{node['html'][:160]}\n      {why[:200]}"


def listed(faults: dict[str, dict[str, list[str]]], most: int = 4) -> str:
    """The faults by rule, a few elements of each."""
    lines = []
    for rule, elements in faults.items():
        lines.append(f"{rule} ({len(elements)} elements)")
        for element, where in list(elements.items())[:most]:
            lines.append(f"    {element}\n      at {', '.join(where)}")
    return "\n".join(lines)


def test_axe_notices_a_planted_fault(live: Site, contexts: dict[bool, BrowserContext]) -> None:
    tab = visit(contexts[False], live, Page("home", "/"))
    tab.evaluate("document.querySelector('main').innerHTML += '<img src=\"/x.png\">'")
    tab.evaluate(AXE)
    found = {violation["id"] for violation in tab.evaluate(RUN)["violations"]}
    tab.close()
    assert "image-alt" in found
