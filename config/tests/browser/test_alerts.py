"""An alert in the browser: asked for above the hits, mailed, understood, and stopped from the mail."""

from __future__ import annotations

import email
import re
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from config.tests.browser.site import CURATOR, PASSWORD, Site
from config.tests.browser.visits import follow, number_in, reader

pytestmark = pytest.mark.browser


def mails(live: Site) -> list[EmailMessage]:
    """What the site has sent, the oldest first."""
    found = []
    for path in sorted(live.mails.glob("*.log")):
        for raw in path.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
            if raw.strip():
                message = email.message_from_bytes(raw, policy=policy.default)
                assert isinstance(message, EmailMessage)
                found.append(message)
    return found


def bring(live: Site, folder: Path, name: str, text: str) -> None:
    """Have the site take in an article."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    live.manage("ingest", str(path), "--source", "Fjordbladet (demo)")


def test_an_alert_is_asked_for_mailed_and_stopped_from_the_mail(
    plain: BrowserContext, browser: Browser, live: Site, tmp_path: Path
):
    tab = plain.new_page()
    tab.goto(f"{live.url}/search/?q=isbryder&source=fjordbladet-demo")
    follow(tab.locator(".actions a", has_text="Alert"))
    tab.fill("input[name=username]", CURATOR)
    tab.fill("input[name=password]", PASSWORD)
    follow(tab.locator("main button[type=submit]"))
    expect(tab.locator(".search-words")).to_contain_text("source: Fjordbladet")
    expect(tab.locator("#alert-lately")).to_contain_text("In the last 30 days")
    expect(tab.locator("input[value=daily]")).to_be_checked()
    tab.check("input[value=at_once]")
    tab.fill("input[name=name]", "Isbrydere")
    tab.fill("input[name=email]", "curator@example.org")
    follow(tab.locator("main button[type=submit]"))
    expect(tab.locator(".notices")).to_contain_text(
        "is saved. What it finds from now on is sent at once by e-mail to curator@example.org."
    )

    assert "0 mails sent" in live.manage("send_alerts")
    bring(
        live, tmp_path, "is.txt", "Isbryderen er kommet\n\nEn ny isbryder kom til havnen i går.\n"
    )
    bring(live, tmp_path, "andet.txt", "Skolen er åben\n\nEn ny skole åbnede i går.\n")
    assert "“Isbrydere”: 1 new, 0 updated" in live.manage("send_alerts")
    assert "0 mails sent" in live.manage("send_alerts")
    [mail] = [one for one in mails(live) if one["subject"].startswith("Isbrydere")]
    plain_part, html_part = mail.iter_parts()
    text = plain_part.get_content()
    assert "Found by: Isbryderen, isbryder" in text
    assert "source: Fjordbladet" in text

    with reader(browser, viewport={"width": 390, "height": 844}) as anyone:
        mailed = anyone.new_page()
        mailed.set_content(html_part.get_content())
        expect(mailed.locator("mark").first).to_be_visible()
        assert mailed.evaluate("document.documentElement.scrollWidth") <= 390
        [article] = set(re.findall(r"http://\S+/articles/\d+/\S*", text))
        mailed.goto(article)
        expect(mailed.locator("h1")).to_have_text("Isbryderen er kommet")
        assert mailed.locator("mark").count() >= 2
        mailed.goto(mail["list-unsubscribe"].strip(" <>"))
        expect(mailed.locator("h1")).to_have_text("Stop the alert for “Isbrydere”?")
        tab.goto(f"{live.url}/saved/")
        row = tab.locator(".saved > li").filter(has_text="Isbrydere")
        expect(row).to_contain_text("sent at once to curator@example.org")
        mailed.locator("main button[type=submit]").click()
        expect(mailed.locator("h1")).to_have_text("The alert is stopped")
    tab.reload()
    expect(row).to_contain_text("alert stopped on")
    bring(live, tmp_path, "is2.txt", "Isbryderen sejler igen\n\nEn anden isbryder sejlede.\n")
    assert "0 mails sent" in live.manage("send_alerts")


def test_an_alert_is_changed_from_the_list_by_keyboard(scripted: BrowserContext, live: Site):
    tab = scripted.new_page()
    tab.goto(f"{live.url}/log-in/?next=/saved/")
    tab.fill("input[name=username]", CURATOR)
    tab.fill("input[name=password]", PASSWORD)
    follow(tab.locator("main button[type=submit]"))
    row = tab.locator(f"#saved-{live.facts['mailed']}")
    expect(row).to_contain_text("sent daily to")
    row.locator("summary").focus()
    tab.keyboard.press("Enter")
    follow(row.locator(".saved-mails a"))
    assert number_in(tab.locator("#alert-lately").inner_text()) == 30
    tab.locator("input[value=daily]").focus()
    tab.keyboard.press("ArrowDown")
    expect(tab.locator("input[value=weekly]")).to_be_checked()
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    expect(tab.locator(f"#saved-{live.facts['mailed']}")).to_contain_text("sent weekly to")
    tab.goto(f"{live.url}/saved/{live.facts['mailed']}/alert/")
    tab.check("input[value=daily]")
    follow(tab.locator("main button[type=submit]"))
