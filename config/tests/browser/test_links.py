"""Every link of the site leads somewhere."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections import deque
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from config.tests.browser.site import Site

#: Pages visited at most; links that differ only in their query count as one family of pages.
PAGES, PER_FAMILY = 400, 12


def test_every_internal_link_from_the_front_page_leads_somewhere(live: Site) -> None:
    queue, seen, families, broken = deque([(live.url + "/", "")]), {live.url + "/"}, {}, []
    visited = 0
    while queue and visited < PAGES:
        url, found_on = queue.popleft()
        visited += 1
        status, content_type, body = _get(url)
        if status >= 400:
            broken.append(f"{status} {url} (linked from {found_on})")
            continue
        if "html" not in content_type:
            continue
        for target in _targets(body):
            address = urldefrag(urljoin(url, target))[0]
            if not address.startswith(live.url + "/"):
                continue
            family = _family(address)
            if address in seen or families.get(family, 0) >= PER_FAMILY:
                continue
            families[family] = families.get(family, 0) + 1
            seen.add(address)
            queue.append((address, url))
    assert not broken, "\n".join(broken)
    assert visited > 100, f"only {visited} pages are linked from the front page"


class _Links(HTMLParser):
    """Gathers what a page links to and loads."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets += [value for name, value in attrs if name in ("href", "src") and value]


def _targets(body: bytes) -> list[str]:
    links = _Links()
    links.feed(body.decode("utf-8"))
    return links.targets


def _family(address: str) -> str:
    """What addresses of one kind share: the path without numbers and names."""
    parts = urlsplit(address).path.strip("/").split("/")
    return f"{parts[0]}/{len(parts)}{'?' if urlsplit(address).query else ''}"


def _get(url: str) -> tuple[int, str, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, "", b""
