"""Killed at any moment of a refresh and a rebuild: what is served is whole, and a restart ends where no kill would."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

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


@pytest.fixture(scope="module")
def bench_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    tmp_path = tmp_path_factory.mktemp("killed")
    numbers = iter(range(10_000))

    def copy(url: str) -> str:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        for file in Path(str(make_url(url).database)).parent.glob("feeds.db*"):
            shutil.copy(file, folder / file.name)
        return f"sqlite:///{folder}/feeds.db"

    empty = f"sqlite:///{tmp_path}/empty/feeds.db"
    open_store(empty, FakeClock()).close()
    with running(HostileServer()) as server:
        bench = Bench(server, SmallSite(base=server.url(""), count=4), empty, copy)
        yield bench
        bench.readers.close()


@pytest.fixture
def bench_on_postgres(postgres_url: str) -> Iterator[Bench]:
    engine = create_engine(make_url(postgres_url).set(drivername="postgresql+pg8000", database="postgres"))
    made: list[str] = []

    def copy(url: str) -> str:
        old = make_url(url)
        made.append(f"{make_url(postgres_url).database}_{len(made)}")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {made[-1]} TEMPLATE {old.database}")
        return old.set(database=made[-1]).render_as_string(hide_password=False)

    open_store(postgres_url, FakeClock()).close()
    with running(HostileServer()) as server:
        try:
            bench = Bench(server, SmallSite(base=server.url(""), count=4), postgres_url, copy)
            yield bench
            bench.readers.close()
        finally:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for name in made:
                    connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
            engine.dispose()


def kill_before_statement(bench: Bench, statement: int) -> None:
    url = bench.copy(bench.base)
    bench.readers.start(url, SECOND, statement=statement)
    assert bench.readers.wait() == -signal.SIGKILL, statement
    bench.check_after_kill(url)


def kill_after(bench: Bench, seconds: float) -> None:
    url = bench.copy(bench.base)
    process = bench.readers.start(url, SECOND)
    time.sleep(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    assert bench.readers.wait() in (0, -signal.SIGKILL)
    bench.check_after_kill(url)


def spread(points: int, of: int, seed: int) -> list[int]:
    """That many numbers from 1 to `of`, one from each stretch of equal length; all where there are no more."""
    if points >= of:
        return list(range(1, of + 1))
    chance = random.Random(seed)
    return [chance.randint(n * of // points + 1, (n + 1) * of // points) for n in range(points)]


@pytest.mark.parametrize(
    "points", [12, pytest.param(40, marks=pytest.mark.slow), pytest.param(10_000, marks=pytest.mark.campaign)]
)
def test_killed_before_any_statement_on_sqlite(bench_on_sqlite: Bench, points: int) -> None:
    for statement in spread(points, bench_on_sqlite.statements, seed=points):
        kill_before_statement(bench_on_sqlite, statement)


@pytest.mark.parametrize(
    "points", [3, pytest.param(40, marks=pytest.mark.slow), pytest.param(10_000, marks=pytest.mark.campaign)]
)
def test_killed_before_any_statement_on_postgres(bench_on_postgres: Bench, points: int) -> None:
    for statement in spread(points, bench_on_postgres.statements, seed=points):
        kill_before_statement(bench_on_postgres, statement)


@pytest.mark.parametrize(
    "points", [10, pytest.param(30, marks=pytest.mark.slow), pytest.param(200, marks=pytest.mark.campaign)]
)
def test_killed_at_any_moment_on_sqlite(bench_on_sqlite: Bench, points: int) -> None:
    chance = random.Random(points)
    for _ in range(points):
        kill_after(bench_on_sqlite, chance.random() * bench_on_sqlite.seconds)


@pytest.mark.campaign
def test_killed_at_any_moment_on_postgres(bench_on_postgres: Bench) -> None:
    chance = random.Random(1)
    for _ in range(60):
        kill_after(bench_on_postgres, chance.random() * bench_on_postgres.seconds)
