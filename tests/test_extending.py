"""A format or a kind of source is one new file and one line in a table: config, checks, schema, feeds, all follow."""

from __future__ import annotations

import difflib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.store_examples import documents_of

PACKAGE = Path(__file__).parent.parent / "feedservice"
ARTICLE = "---\ntitle: Evening school\ndate: 2024-09-26\ncategory: News\n---\nIt begins on Monday.\n"
CONFIG = """\
site: {title: Town}
store: {url: "sqlite:///feeds.db"}
sources:
  town: {kind: folder, path: articles, category: News}
"""
TOY_FORMAT = '''
"""Titles, one a line: a format for this test."""

from __future__ import annotations

from datetime import datetime

from feedservice.formats.paging import document_url
from feedservice.model import Edition, Showing
from feedservice.protocols import Format, Frame, KnownAmong, ReadBack


def frame(edition: Edition) -> Frame:
    """Two lines for the feed."""
    return Frame(f"{edition.feed.title}\\n{document_url(edition, 'txt')}".encode(), b"")


def item(showing: Showing) -> bytes:
    """A line for an article: its id, its date and its title."""
    article = showing.article
    return f"\\n{article.id} {article.published.isoformat()} {article.fields.title}".encode()


def read(body: bytes) -> ReadBack:
    """What stands in the lines."""
    title, address, *lines = body.decode().split("\\n")
    ids, dates, titles = zip(*(line.split(" ", 2) for line in lines)) if lines else ((), (), ())
    moments = tuple(datetime.fromisoformat(date) for date in dates)
    return ReadBack(title=title, ids=ids, titles=titles, dates=moments, urls=(), self_url=address)


TXT = Format(
    name="txt", suffix="txt", media_type="text/plain; charset=utf-8", title="Text", frame=frame, item=item, read=read
)
'''
TOY_KIND = '''
"""A fixed line of articles: a kind of source for this test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from pydantic import BaseModel, Field

from feedservice.config.settings import Model
from feedservice.model import FIRST_READ, Fields, Memory, Offer, Reading
from feedservice.protocols import ConditionalGet, Opening, Source, SourceKind


class CountingOptions(Model):
    """Articles that are numbered and say so."""

    upto: int = Field(ge=1, le=9)
    """How many there are."""


@dataclass(frozen=True, slots=True)
class Counting:
    """The source with its options bound."""

    options: CountingOptions

    def read(self, get: ConditionalGet, known: KnownAmong, memory: Memory = FIRST_READ) -> Reading:
        """All of them, always."""
        numbers = range(1, self.options.upto + 1)
        return Reading(offers=tuple(
            Offer(key=str(n), fields=Fields(title=f"Number {n}", body=f"<p>This is {n}.</p>"), complete=True)
            for n in numbers
        ))


def _open(options: BaseModel, opening: Opening) -> Source:
    return Counting(cast(CountingOptions, options))


COUNTING = SourceKind(
    name="counting", summary="numbers", options=CountingOptions, open=_open, reads_pages=False, offer_wins=True
)
'''


@dataclass
class Copy:
    """A copy of the package that can be changed, and a folder with a configuration to run it in."""

    root: Path

    def run(self, *args: str, code: int = 0) -> str:
        """Run a command of the copy; returns what it printed and said."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("FEEDSERVICE")}
        done = subprocess.run(
            [sys.executable, "-m", "feedservice", *args],
            cwd=self.root,
            env={**environ, "PYTHONPATH": str(self.root), "PYTHONWARNINGS": "error"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def documents(self) -> dict[str, str]:
        """What is published, by address."""
        store = open_store(f"sqlite:///{self.root}/feeds.db", FakeClock())
        documents = documents_of(store)
        store.close()
        return {document.path: document.representations[0].body.decode() for document in documents}

    def changed(self) -> tuple[list[str], int]:
        """Which files are new, and how many lines of the others are not as they were."""
        new, lines = [], 0
        for file in sorted((self.root / "feedservice").rglob("*.py")):
            before = PACKAGE / file.relative_to(self.root / "feedservice")
            if not before.exists():
                new.append(file.relative_to(self.root).as_posix())
                continue
            marks = difflib.ndiff(before.read_text().splitlines(), file.read_text().splitlines())
            lines += sum(mark.startswith("+ ") for mark in marks) if before.read_text() != file.read_text() else 0
        return new, lines

    def add(self, module: str, text: str, table: str, row: str) -> None:
        """Write a new module, and put its row into the table of its room: an import in front of it, a name in it."""
        (self.root / "feedservice" / f"{module.replace('.', '/')}.py").write_text(text.lstrip())
        page = self.root / "feedservice" / module.partition(".")[0] / "__init__.py"
        before = page.read_text()
        (line,) = (line for line in before.splitlines() if line.startswith(table))
        head, end, tail = line.rpartition(")")
        page.write_text(before.replace(line, f"from feedservice.{module} import {row}\n{head}, {row}{end}{tail}"))


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    shutil.copytree(PACKAGE, tmp_path / "feedservice", ignore=shutil.ignore_patterns("__pycache__", ".mypy_cache"))
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "school.md").write_text(ARTICLE)
    (tmp_path / "config.yaml").write_text(CONFIG)
    return Copy(tmp_path)


@pytest.mark.slow
def test_format_is_one_file_and_one_row(copy: Copy) -> None:
    """A store that was filled before publishes it at the next rebuild, beside all others."""
    copy.run("refresh")
    before = copy.documents()
    copy.add("formats.txt", TOY_FORMAT, "FORMATS", "TXT")
    assert copy.changed() == (["feedservice/formats/txt.py"], 2)
    copy.run("refresh")
    after = copy.documents()
    assert {path for path in after if path not in before} == {
        path.replace(".rss", ".txt") for path in before if path.endswith(".rss")
    }
    title, address, line = after["/feeds/all.txt"].splitlines()
    assert title == "Town"
    assert address.endswith("/feeds/all.txt")
    assert line.endswith(" Evening school")


@pytest.mark.slow
def test_kind_of_source_is_one_file_and_one_row(copy: Copy) -> None:
    """The configuration knows its options: they are checked, completed, documented, and in the schema."""
    copy.add("sources.counting", TOY_KIND, "KINDS", "COUNTING")
    assert copy.changed() == (["feedservice/sources/counting.py"], 2)
    (copy.root / "config.yaml").write_text(CONFIG + "  numbers: {kind: counting, upto: 12, category: News}\n")
    told = copy.run("check", code=1)
    assert "config.yaml:5:35: sources.numbers.upto: " in told
    assert "from 1 to 9" in told
    (copy.root / "config.yaml").write_text(CONFIG + "  numbers: {kind: counting, upto: 3, category: News}\n")
    schema = copy.run("config", "schema")
    assert '"counting"' in schema
    assert "How many there are." in schema
    copy.run("refresh")
    published = json.loads(copy.documents()["/feeds/numbers.json"])
    assert [item["title"] for item in published["items"]] == ["Number 1", "Number 2", "Number 3"]
