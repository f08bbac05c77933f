"""Killed at any moment of a refresh and a rebuild: what is served is whole, and a restart ends where no kill would."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, make_url

from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.killed_bench import SECOND, Bench, bench_in, spread
from tests.outbound_server import HostileServer, running
from tests.small_site import SmallSite


@pytest.fixture(scope="module")
def bench_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench_in(tmp_path_factory.mktemp("killed")) as bench:
        yield bench


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


@pytest.mark.parametrize(
    "points", [pytest.param(40, marks=pytest.mark.slow), pytest.param(10_000, marks=pytest.mark.campaign)]
)
def test_killed_before_any_statement_on_sqlite(bench_on_sqlite: Bench, points: int) -> None:
    for statement in spread(points, bench_on_sqlite.statements, seed=points):
        kill_before_statement(bench_on_sqlite, statement)


@pytest.mark.parametrize(
    "points", [pytest.param(40, marks=pytest.mark.slow), pytest.param(10_000, marks=pytest.mark.campaign)]
)
def test_killed_before_any_statement_on_postgres(bench_on_postgres: Bench, points: int) -> None:
    for statement in spread(points, bench_on_postgres.statements, seed=points):
        kill_before_statement(bench_on_postgres, statement)


@pytest.mark.parametrize(
    "points", [2, pytest.param(30, marks=pytest.mark.slow), pytest.param(200, marks=pytest.mark.campaign)]
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
