"""Several processes on one store, and processes that die at the worst moment."""

from __future__ import annotations

import contextlib
import gc
import os
import random
import signal
import time
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import create_engine, make_url

from feedservice.errors import StoreBusy, StoreError
from feedservice.protocols import Store
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.postgres_server import end_connections
from tests.store_examples import arrival, intake, save
from tests.store_saver import (
    act_forever,
    act_with_children,
    check,
    check_file,
    open_new_files,
    open_together,
    save_forever,
    start,
)

PATIENCE = 30


def kill_a_saver(url: str, moment: random.Random) -> int:
    """Let a process save for a moment, kill -9 it; returns how many articles it had acknowledged."""
    process, reports = start(save_forever, url)
    acknowledged = 0
    for _ in range(moment.randint(1, 4)):
        assert reports.poll(PATIENCE)
        acknowledged = reports.recv()
    process.join(moment.random() * 0.02)
    process.kill()
    process.join()
    while reports.poll():
        try:
            acknowledged = reports.recv()
        except EOFError:
            break
    return acknowledged


@pytest.mark.parametrize("rounds", [6, pytest.param(200, marks=pytest.mark.slow)])
def test_kill_9_loses_nothing_that_was_acknowledged(store_url: str, rounds: int) -> None:
    """At most one save more than was acknowledged is there, and that one whole."""
    open_store(store_url, FakeClock()).close()
    moment = random.Random(rounds)
    before = 0
    for _ in range(rounds):
        acknowledged = kill_a_saver(store_url, moment)
        stored = check(store_url)
        assert max(acknowledged, before) <= stored <= max(acknowledged, before) + 3
        before = stored
    assert before > rounds


def test_second_worker_is_told_who_acts(store: Store, store_url: str) -> None:
    """And takes over when the first one is killed, although it could not say goodbye."""
    process, reports = start(act_forever, store_url)
    assert reports.poll(PATIENCE)
    assert reports.recv() == "acting"
    with pytest.raises(StoreBusy, match=rf"{process.pid}\b.* already the acting worker"), store.acting():
        pass
    process.kill()
    process.join()
    assert becomes_acting(store)


def test_second_worker_is_told_though_another_way_leads_to_the_file(tmp_path: Path, clock: FakeClock) -> None:
    one = open_store(f"sqlite:///{tmp_path / 'a.db'}", clock)
    (tmp_path / "b.db").symlink_to(tmp_path / "a.db")
    (tmp_path / "folder").symlink_to(tmp_path)
    for way in ("b.db", "folder/a.db"):
        two = open_store(f"sqlite:///{tmp_path / way}", clock)
        with one.acting(), pytest.raises(StoreBusy), two.acting():
            pass
        two.close()
    one.close()


def test_children_of_a_killed_worker_do_not_hold_its_place(store: Store, store_url: str) -> None:
    process, reports = start(act_with_children, store_url)
    assert reports.poll(PATIENCE)
    children: list[int] = reports.recv()
    process.kill()
    process.join()
    try:
        assert becomes_acting(store)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)


def becomes_acting(store: Store) -> bool:
    """Whether the place of the acting worker is free before long: a server sees a broken connection after a moment."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(StoreBusy), store.acting():
            return True
    return False


def test_worker_that_ends_makes_room(store: Store, store_url: str, clock: FakeClock) -> None:
    other = open_store(store_url, clock)
    with store.acting():
        with pytest.raises(StoreBusy), other.acting():
            pass
        with pytest.raises(StoreBusy), store.acting():
            pass
        save(other, intake(arrival(1)))
    with other.acting(), pytest.raises(StoreBusy), store.acting():
        pass
    with store.acting():
        assert len(store.articles("all", 2)) == 1
    other.close()


def test_processes_that_start_together_all_find_the_schema(store_url: str) -> None:
    started = [start(open_together, store_url) for _ in range(6)]
    for _, reports in started:
        assert reports.poll(PATIENCE)
        assert reports.recv() == "ready"
    for _, reports in started:
        reports.send("go")
    said = []
    for process, reports in started:
        assert reports.poll(PATIENCE)
        said.append(reports.recv())
        process.join()
    assert said == ["opened"] * 6
    check_file(store_url)


def test_new_file_is_opened_by_all_who_come_at_once(tmp_path: Path) -> None:
    """SQLite alone refuses one in twenty of these: changing the journal mode does not wait for its turn."""
    started = [start(open_new_files, str(tmp_path)) for _ in range(5)]
    for _, reports in started:
        assert reports.poll(PATIENCE)
        assert reports.recv() == "ready"
    for number in range(100):
        for _, reports in started:
            reports.send(f"{number}.db")
        for _, reports in started:
            assert reports.poll(PATIENCE)
            assert reports.recv() == "opened"
    for process, reports in started:
        reports.send("")
        process.join()


def test_writers_in_threads_and_stores_take_turns(store: Store, store_url: str, clock: FakeClock) -> None:
    """Nobody is refused, nobody's save is lost, and each seq is given once."""
    other = open_store(store_url, clock)
    results: list[int] = []

    def work(where: Store, first: int) -> None:
        for number in range(first, first + 10):
            results.extend(article.seq for article in save(where, intake(arrival(number))))

    threads = [Thread(target=work, args=(where, n * 10)) for n, where in enumerate([store, store, other, other])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == list(range(1, 41))
    assert store.counts() == {"all": 40, "site": 40}
    other.close()


def test_readers_see_nothing_of_an_open_transaction_and_do_not_wait_for_it(store: Store) -> None:
    with store.writing() as writer:
        writer.save(intake(arrival(1)))
        assert store.articles("all", 10) == ()
        assert store.stale() == {}
    assert len(store.articles("all", 10)) == 1


def test_writing_inside_writing_is_refused_rather_than_waited_for(store: Store) -> None:
    with store.writing(), pytest.raises(RuntimeError, match="inside"), store.writing():
        pass


def test_restart_of_the_server_is_survived(postgres_url: str, clock: FakeClock) -> None:
    store = open_store(postgres_url, clock)
    watch = store.watch()
    with store.acting():
        for number in range(3):
            end_connections(postgres_url)
            save(store, intake(arrival(number)))
            end_connections(postgres_url)
            assert store.counts()["all"] == number + 1
            assert not watch.changed()
    store.close()
    gc.collect()


def test_lost_transaction_is_reported_and_not_half_there(postgres_url: str, clock: FakeClock) -> None:
    store = open_store(postgres_url, clock)

    def interrupted() -> None:
        with store.writing() as writer:
            writer.save(intake(arrival(1)))
            end_connections(postgres_url)

    with pytest.raises(StoreError):
        interrupted()
    assert store.articles("all", 1) == ()
    assert len(save(store, intake(arrival(1)))) == 1
    store.close()
    gc.collect()


def ask(url: str, query: str) -> list[int]:
    engine = create_engine(make_url(url).set(drivername="postgresql+pg8000"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        found = [row[0] for row in connection.exec_driver_sql(query)]
    engine.dispose()
    return found


def test_worker_that_lost_its_place_while_it_waited_for_its_turn_writes_no_more(
    postgres_url: str, clock: FakeClock
) -> None:
    one, two = open_store(postgres_url, clock), open_store(postgres_url, clock)
    locks = "FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname ="
    locks += " current_database())"
    refused: list[StoreBusy] = []

    def write() -> None:
        try:
            save(one, intake(arrival(1)))
        except StoreBusy as error:
            refused.append(error)

    with one.acting():
        (holder,) = ask(postgres_url, f"SELECT pid {locks}")
        writer = Thread(target=write)
        with two.writing():
            writer.start()
            deadline = time.monotonic() + PATIENCE
            while not ask(postgres_url, f"SELECT pid {locks} AND NOT granted"):
                assert time.monotonic() < deadline
            ask(postgres_url, f"SELECT pg_terminate_backend({holder})::int")
            assert becomes_acting(two)
            place = two.acting()
            place.__enter__()
        writer.join(PATIENCE)
        place.__exit__(None, None, None)
        assert len(refused) == 1
    assert len(save(one, intake(arrival(2)))) == 1
    one.close()
    two.close()


def test_worker_that_lost_its_place_writes_no_more(postgres_url: str, clock: FakeClock) -> None:
    """Its connection broke, and another took over before it noticed, and was gone again before it wrote."""
    one, two = open_store(postgres_url, clock), open_store(postgres_url, clock)
    with one.acting():
        end_connections(postgres_url)
        with two.acting():
            for _ in range(2):
                with pytest.raises(StoreBusy):
                    save(one, intake(arrival(1)))
            assert len(save(two, intake(arrival(2)))) == 1
        for _ in range(2):
            with pytest.raises(StoreBusy, match="another process was the acting worker meanwhile"):
                save(one, intake(arrival(1)))
    with one.acting():
        assert len(save(one, intake(arrival(3)))) == 1
    one.close()
    two.close()
