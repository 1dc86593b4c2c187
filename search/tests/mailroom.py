"""Readers, saved searches with alerts, and articles that come in, for the tests of the alerts."""

from __future__ import annotations

import smtplib
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.contrib.auth import get_user_model
from django.http import QueryDict

from archive.models import Alert, Article, ArticleVersion, SavedSearch
from archive.tests.factories import JobFactory
from search.alerts.form import set_alert
from search.forms import Search
from search.indexing import apply_pending
from search.query import GRAMMAR_VERSION, render
from search.tests.newsroom import wait_for_index, write


def saved(name: str = "Kajer", address: str = "q=kaj", username: str = "kirsten") -> SavedSearch:
    """A saved search of a reader, who is made where there is none of the name."""
    user, _ = get_user_model().objects.get_or_create(username=username)
    search = Search.from_address(QueryDict(address))
    return SavedSearch.objects.create(
        user=user, name=name, parameters=search.parameters().urlencode(), query=search.text,
        read_as=render(search.parsed.node), grammar_version=GRAMMAR_VERSION, count=0,
    )  # fmt: skip


def alert(frequency: str = "at_once", email: str = "kirsten@avis.example", **of: str) -> Alert:
    """An alert of a new saved search, from now on."""
    made = set_alert(saved(**of), frequency, email)
    assert made is not None
    return made


def come_in(body: str, **fields: object) -> Article:
    """An article that comes in and is indexed, as an import does it."""
    article = write(body, **fields)
    follow(article)
    return article


def follow(*articles: Article) -> None:
    """Let the index learn of these articles."""
    wait_for_index(*articles)
    apply_pending()


def correct(article: Article, body: str) -> None:
    """Change the text of an article, as an import of the same record with another text does."""
    ArticleVersion.objects.create(
        article=article, number=article.versions.count() + 1, headline=article.headline,
        body=article.body, replaced_by_job=JobFactory(),
    )  # fmt: skip
    article.body = body
    article.save()
    follow(article)


class _Conversation(socketserver.StreamRequestHandler):
    """Enough of SMTP to take mails, and to refuse those that the server shall refuse."""

    server: PostOffice

    def handle(self) -> None:
        self._say("220 mailroom")
        recipient = ""
        for line in iter(self.rfile.readline, b""):
            command = line.decode().strip()
            verb = command[:4].upper()
            if verb == "RCPT":
                recipient = command[command.index("<") + 1 : command.index(">")]
                if recipient in self.server.hung_up_on:
                    return
                is_known = recipient not in self.server.refused
                self._say("250 yes" if is_known else "550 no such mailbox")
            elif verb == "DATA":
                self.server.is_asked.set()
                self.server.may_answer.wait(60)
                self._say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.taken.append((recipient, b"".join(lines)))
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 yes")

    def _say(self, line: str) -> None:
        with suppress(OSError):  # who asked may be gone
            self.wfile.write(f"{line}\r\n".encode())


class PostOffice(socketserver.ThreadingTCPServer):
    """A mail server on this machine."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.taken: list[tuple[str, bytes]] = []
        self.refused: set[str] = set()
        self.hung_up_on: set[str] = set()  # without a word
        self.is_asked = threading.Event()  # somebody has a mail to send
        self.may_answer = threading.Event()  # and may be answered
        self.may_answer.set()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """A mail server that answers while the block runs."""
    with PostOffice() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with smtplib.SMTP("127.0.0.1", server.port, timeout=10) as probe:
            probe.noop()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def closed_port() -> int:
    """A port at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
