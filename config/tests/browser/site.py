"""The whole site on the demonstration articles, served as `make run` serves it, in a folder of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CURATOR, PASSWORD = "curator-of-the-tests", "a long password for the tests 1"

#: What the addresses of pages need to know of the archive, asked in the site's own process.
_FACTS = """
import json
from django.db.models import Count
from archive.curation import set_status
from archive.models import Agency, Article, Entity, Family, Job, SavedSearch, Source
from django.contrib.auth.models import User
from search.alerts.form import set_alert
from search.alerts.links import stop_path
from search.query import GRAMMAR_VERSION
public = Article.objects.published()
withdrawn = public.filter(date_precision="day").order_by("-id").first().pk
set_status(public.filter(pk=withdrawn), "withdrawn", reason="Printed by mistake under a wrong name.")
danish = public.filter(language="da", body__contains="Kabul")
busiest = danish.annotate(n=Count("mentions")).order_by("-n", "id").first()
def entity(kind):
    found = Entity.objects.listed().filter(kind=kind).order_by("-article_count", "name").first()
    return found.get_absolute_url()
def busiest_speaker():
    quoted = Entity.objects.listed().annotate(n=Count("mentions__quotes"))
    return quoted.order_by("-n", "id").first().get_absolute_url()
def rarest():
    rare = Entity.objects.listed().filter(kind="person", article_count=1, mentions__quotes=None)
    return rare.order_by("name").first().get_absolute_url()
def saved(name, query, version):
    return SavedSearch.objects.create(
        user=User.objects.get(username="curator-of-the-tests"), name=name, query=query,
        parameters="q=" + query.replace(" ", "+") + "&source=fjordbladet-demo", read_as=query,
        grammar_version=version, count=3,
    )
mailed = saved("Kabul and its airport", "kabul lufthavn", GRAMMAR_VERSION)
alert = set_alert(mailed, "daily", "curator@example.org")
story = Family.objects.filter(memberships__likeness__lt=0.9).order_by("-version_count", "pk").first()
versions = public.filter(membership__family=story).order_by("date_earliest", "pk")
dated = public.with_day().order_by("-date_earliest", "id").first().date_earliest
facts = {
    "article": busiest.pk,
    "article_withdrawn": withdrawn,
    "article_partial": public.filter(date_precision="month").order_by("id").first().pk,
    "article_undated": public.undated().order_by("id").first().pk,
    "person": entity("person"), "place": entity("place"), "organisation": entity("organisation"),
    "speaker": busiest_speaker(), "rare": rarest(),
    "source": Source.objects.annotate(n=Count("articles")).order_by("-n", "name").first().slug,
    "agency": Agency.objects.annotate(n=Count("credits")).order_by("-n", "name").first().slug,
    "year": dated.year, "month": dated.month, "day": dated.day,
    "saved": saved("Of an older language", "kabul AND (biden", 0).pk,
    "mailed": mailed.pk, "alert": alert.pk, "stop_alert": stop_path(alert),
    "admin_source": Source.objects.order_by("pk").first().pk,
    "admin_entity": Entity.objects.order_by("-article_count").first().pk,
    "story": story.pk, "version": versions.first().pk, "other_version": versions.last().pk,
    "admin_job": Job.objects.order_by("pk").first().pk,
}
print("FACTS" + json.dumps(facts))
"""


@dataclass(frozen=True, slots=True)
class Site:
    """A running site: where it answers and what its archive holds."""

    url: str
    facts: dict[str, str | int]
    environment: dict[str, str]
    mails: Path  # the folder into which it sends its mails

    def fill(self, address: str) -> str:
        """The full address of a page written with {facts} in it."""
        return self.url + address.format(**self.facts)

    def manage(self, *arguments: str) -> str:
        """What a command of the site says. Raises RuntimeError when it fails."""
        return _manage(self.environment, *arguments)


@contextmanager
def demo_site(folder: Path) -> Iterator[Site]:
    """Start the site on the demonstration articles; it and what it wrote in `folder` end with the block.

    Raises RuntimeError with the server's own words when it does not come up.
    """
    port = str(_free_port())
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "NORDARKIV_ENV_FILE": "",
        "NORDARKIV_DATA": str(folder),
        "SECRET_KEY": "only-for-the-tests-" + "x" * 50,
        "DEBUG": "0",
        "ALLOWED_HOSTS": "127.0.0.1",
        "HOST": "127.0.0.1",
        "PORT": port,
        "EMAIL_URL": f"file://{folder}/mails",
        "SITE_ADDRESS": f"http://127.0.0.1:{port}",
    }
    environment.pop("DATABASE_URL", None)
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "config.serve"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = environment["SITE_ADDRESS"]
        _wait(url, server, log)
        _manage(environment, "ensure_curator", "--username", CURATOR, "--password", PASSWORD)
        printed = _manage(environment, "shell", "--verbosity", "0", "--command", _FACTS)
        facts = json.loads(printed.partition("FACTS")[2])
        yield Site(url, facts, environment, folder / "mails")
    finally:
        server.terminate()
        server.wait(timeout=30)


def _manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {arguments[0]} failed:\n{done.stderr}")
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(url: str, server: subprocess.Popen[bytes], log: Path, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except urllib.error.HTTPError:
            return  # it answers, if only with an error page: the tests will say which
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"The site did not start:\n{log.read_text(errors='replace')[-3000:]}")
