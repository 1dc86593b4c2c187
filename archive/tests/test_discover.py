"""Finding files: sorted, each once, and a plain word for whatever cannot be read."""

import gzip
import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.ingest.discover import count_hint, count_records, discover
from archive.ingest.readers import read
from archive.ingest.records import DuplicateFile, InvalidRecord
from config.tests.bounds import peak_bytes


def files(*paths: Path) -> list[str]:
    """The names of the files found."""
    return [p.name for p in discover(paths) if isinstance(p, Path)]


def refusals(*paths: Path) -> list[str]:
    """Why paths were refused."""
    return [p.reason for p in discover(paths) if isinstance(p, InvalidRecord)]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "b").mkdir()
    for name in (
        "c.txt",
        "a.txt",
        "b/d.jsonl",
        ".hidden",
        "b/.x",
        "~$doc.docx",
        "old~",
        "new.part",
    ):
        (tmp_path / name).write_text("tekst")
    return tmp_path


def test_a_folder_gives_its_files_in_order_without_leftovers(folder):
    assert files(folder) == ["a.txt", "d.jsonl", "c.txt"]
    assert count_hint([folder]) == 3


def test_a_hidden_file_that_is_named_is_read(folder):
    assert files(folder / ".hidden") == [".hidden"]


def test_a_path_that_is_not_there_is_told(tmp_path):
    assert refusals(tmp_path / "none", tmp_path / ("x" * 300)) == [
        "there is no such file or folder; check the path",
        "the name is too long",
    ]


def test_the_same_file_twice_is_read_once_and_told(folder):
    found = list(discover([folder / "a.txt", folder / "b" / ".." / "a.txt"]))
    assert found[0] == folder / "a.txt"
    assert isinstance(found[1], DuplicateFile)
    assert str(folder / "a.txt") in found[1].reason


def test_a_link_to_a_file_already_read_is_told_once(folder):
    (folder / "z.txt").symlink_to(folder / "a.txt")
    os.link(folder / "c.txt", folder / "y.txt")
    assert files(folder) == ["a.txt", "d.jsonl", "c.txt"]
    assert len(refusals(folder)) == 2


def test_the_same_folder_twice_is_read_once(folder):
    assert files(folder, folder) == files(folder)
    assert "same folder" in refusals(folder, folder)[0]


def test_broken_and_looping_links_are_told(tmp_path):
    (tmp_path / "broken").symlink_to(tmp_path / "none")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "up").symlink_to(tmp_path)
    assert refusals(tmp_path) == [
        "a link to something that is not there",
        "a link that leads back to itself",
        "a link that leads back to a folder it lies in; passed over",
    ]


def test_what_is_no_file_is_told_and_not_opened(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "a-pipe")
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("b-socket")
        found = refusals(tmp_path, Path("/dev/zero"))
    assert found == [
        "this is a named pipe, not a file",
        "this is a socket, not a file",
        "this is a device, not a file",
    ]


def as_an_ordinary_user(question: Callable[[], list[str]]) -> list[str]:
    """What a function answers in a process without the superuser's right to read everything."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receiver)
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        os.write(sender, "\n".join(question()).encode())
        os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as answer:
        lines = answer.read().splitlines()
    os.waitpid(child, 0)
    return lines


def test_no_permission_is_told():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "a.txt").write_text("tekst")
        (folder / "a.txt").chmod(0)
        (folder / "b").mkdir(mode=0o000)
        found = as_an_ordinary_user(lambda: refusals(folder))
        read_anyway = as_an_ordinary_user(lambda: [r.reason for r in read(folder / "a.txt")])
        (folder / "b").chmod(0o755)
    assert found == [
        "no permission to read it; change its permissions and try again",
        "no permission to look here; change its permissions and try again",
    ]
    assert read_anyway == found[:1]


def test_lines_are_counted_wherever_the_blocks_end(tmp_path):
    content = b"\n \r\n" + b"".join(b'{"n": %d}\n\n' % n for n in range(20_000)) + b'{"last": 1}'
    (tmp_path / "plain.jsonl").write_bytes(content)
    (tmp_path / "packed.jsonl.gz").write_bytes(gzip.compress(content))
    assert count_records([tmp_path / "plain.jsonl"]) == 20_001
    assert count_records([tmp_path]) == 40_002


def test_a_line_that_unpacks_to_a_hundred_megabytes_is_not_read_in(tmp_path):
    path = tmp_path / "bomb.jsonl.gz"
    with gzip.open(path, "wb") as file:
        for _ in range(100):
            file.write(b"x" * 1_000_000)
    work = """
from pathlib import Path
from archive.ingest.discover import count_records
assert count_records([Path(sys.argv[1])]) == 1
"""
    assert peak_bytes(work, path) < 5_000_000
