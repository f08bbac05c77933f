"""A small site that changes, databases to read it into, and what must be true of one after its reader was killed."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from feedservice.model import Article
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.killed_reader import Readers, Statements, read_and_publish
from tests.outbound_server import HostileServer, answer, running
from tests.small_site import SmallSite
from tests.survival_scene import HTML, Shown, shown

FIRST, SECOND = 0, 30
Remembered = tuple[Shown, dict[str, int], list[Article]]


@dataclass
class Bench:
    """A site on a wire, and databases to read it into.

    base: a database that has read the site as it was first. copy: makes a copy of one, and returns its address.
    before, after: what such a database remembers before and after the undisturbed second read.
    """

    server: HostileServer
    site: SmallSite
    base: str
    copy: Callable[[str], str]
    before: Remembered = ({}, {}, [])
    after: Remembered = ({}, {}, [])
    seconds: float = 0.0
    statements: int = 0

    def __post_init__(self) -> None:
        self.publish_site()
        read_and_publish(self.base, self.site.list_url, FIRST)
        self.before = remembered(self.base)
        self.site.count += 3
        self.site.columns = {5: "通知公告", 6: "通知公告"}
        self.site.titles[2] = "开发区第2批重点项目（更正）"
        self.publish_site()
        undisturbed = self.copy(self.base)
        counting, began = Statements(), time.monotonic()
        read_and_publish(undisturbed, self.site.list_url, SECOND)
        self.seconds, self.statements = time.monotonic() - began, counting.end()
        self.after = remembered(undisturbed)
        assert len(self.after[2]) == self.site.count
        self.readers = Readers(undisturbed, self.site.list_url)

    def publish_site(self) -> None:
        self.server.replies = {
            url.removeprefix(self.site.base): answer(page, Content_Type=HTML) for url, page in self.site.pages().items()
        }

    def check_after_kill(self, url: str) -> None:
        """Assert that what is served is whole, and that a restart ends where the undisturbed run did."""
        check_file(url)
        served = remembered(url)[0]
        assert set(served) <= set(self.after[0])
        for feed in {path.rpartition(".")[0] for path in served}:
            paths = [path for path in served if path.rpartition(".")[0] == feed]
            of_one_moment = [all(served[path] == state[0].get(path) for path in paths) for state in self.states()]
            assert any(of_one_moment), f"{paths} are neither as before nor as after"
        read_and_publish(url, self.site.list_url, SECOND)
        assert remembered(url) == self.after

    def states(self) -> tuple[Remembered, Remembered]:
        return self.before, self.after


def remembered(url: str) -> Remembered:
    """All that subscribers and other processes can see of a store."""
    store = open_store(url, FakeClock())
    articles = sorted(store.every("news"), key=lambda article: article.seq)
    told = shown(store), dict(store.counts()), articles
    store.close()
    return told


def check_file(url: str) -> None:
    """Assert that a SQLite file is whole."""
    if url.startswith("sqlite:"):
        with closing(sqlite3.connect(str(make_url(url).database))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@contextmanager
def bench_in(folder: Path) -> Iterator[Bench]:
    """A bench whose databases are SQLite files in folders of their own."""
    numbers = iter(range(1_000_000))

    def copy(url: str) -> str:
        new = folder / str(next(numbers))
        new.mkdir()
        for file in folder_of(url).glob("feeds.db*"):
            shutil.copy(file, new / file.name)
        return f"sqlite:///{new}/feeds.db"

    empty = f"sqlite:///{folder}/empty/feeds.db"
    open_store(empty, FakeClock()).close()
    with running(HostileServer()) as server:
        bench = Bench(server, SmallSite(base=server.url(""), count=4), empty, copy)
        yield bench
        bench.readers.close()


def folder_of(url: str) -> Path:
    """Where the files of a SQLite database are."""
    return Path(str(make_url(url).database)).parent


def spread(points: int, of: int, seed: int) -> list[int]:
    """That many numbers from 1 to `of`, one from each stretch of equal length; all where there are no more."""
    if points >= of:
        return list(range(1, of + 1))
    chance = random.Random(seed)
    return [chance.randint(n * of // points + 1, (n + 1) * of // points) for n in range(points)]
