"""Takes a picture of every page at 390 and 1280 px, light and dark: `make screenshots`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext
from playwright.sync_api import Page as Tab

from config.tests.browser.chromium import chromium, find_chromium
from config.tests.browser.pages import PAGES, Page
from config.tests.browser.site import ROOT, Site, demo_site
from config.tests.browser.visits import HEIGHTS, SCHEMES, WIDTHS, log_in, reader, resize, visit

#: The pictures in the README: page and file name; 1280 px, light, as high as a screen.
SHOWN = {"results": "results.png", "article-from-search": "article.png"}
#: Long lists are cut: the picture is to be looked at.
TALLEST = 4000


def main() -> None:
    """Take the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots", help="the folder")
    parser.add_argument("--only", nargs="*", metavar="PAGE", help="some pages, by name")
    parser.add_argument("--docs", action="store_true", help="also renew the README's pictures")
    options = parser.parse_args()
    pages = [page for page in PAGES if not options.only or page.name in options.only]
    if not pages:
        parser.error("no such page; there are: " + ", ".join(page.name for page in PAGES))
    path = find_chromium()
    if path is None:
        sys.exit("No Chromium found: install it (Debian: apt install chromium) or set CHROMIUM.")
    options.out.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="nordarkiv-pictures-"))
    try:
        with (
            demo_site(folder) as site,
            chromium(path) as browser,
            reader(browser) as anyone,
            reader(browser) as curator,
        ):
            log_in(curator, site)
            contexts = {False: anyone, True: curator}
            taken = sum(_take(contexts[page.curator], site, page, options.out) for page in pages)
            if options.docs:
                _take_shown(anyone, site, ROOT / "docs" / "img")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{taken} pictures in {options.out}")


def _take(context: BrowserContext, site: Site, page: Page, out: Path) -> int:
    """Take the page at every width in every scheme; how many pictures."""
    tab = visit(context, site, page)
    for width in WIDTHS:
        for scheme in SCHEMES:
            resize(tab, width, scheme)
            _picture(tab, out / f"{page.name}-{width}-{scheme}.png", width)
    tab.close()
    return len(WIDTHS) * len(SCHEMES)


def _picture(tab: Tab, path: Path, width: int) -> None:
    height = min(tab.evaluate("document.documentElement.scrollHeight"), TALLEST)
    tab.screenshot(
        path=path,
        full_page=True,
        animations="disabled",
        clip={"x": 0, "y": 0, "width": width, "height": max(height, HEIGHTS[width])},
    )


def _take_shown(context: BrowserContext, site: Site, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        if page.name in SHOWN:
            tab = visit(context, site, page)
            resize(tab, 1280, "light")
            tab.screenshot(path=out / SHOWN[page.name], animations="disabled")
            tab.close()


if __name__ == "__main__":
    main()
