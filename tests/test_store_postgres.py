"""What a PostgreSQL server may be set to, and what its connections may come to, that a file never does."""

from __future__ import annotations

import time
from threading import Thread

import pytest
from sqlalchemy import create_engine, make_url

from feedservice.errors import StoreError
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.store_examples import arrival, intake, save

PATIENCE = 30
_WAITING = (
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def on_database(url: str, statement: str) -> list[int]:
    """Run a statement on a connection of its own; returns the first column of its rows."""
    engine = create_engine(make_url(url).set(drivername="postgresql+pg8000"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        result = connection.exec_driver_sql(statement)
        found = [row[0] for row in result] if result.returns_rows else []
    engine.dispose()
    return found


def set_database(url: str, setting: str, value: str) -> None:
    """What the connections that are made from now on find set."""
    on_database(url, f"ALTER DATABASE {make_url(url).database} SET {setting} = '{value}'")


def await_one_who_waits(url: str) -> None:
    """Return once somebody waits for the turn to write."""
    deadline = time.monotonic() + PATIENCE
    while not on_database(url, _WAITING):
        assert time.monotonic() < deadline


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_writers_take_turns_whatever_isolation_the_database_is_set_to(
    postgres_url: str, clock: FakeClock, level: str
) -> None:
    """Who waited for its turn sees what was stored meanwhile, and is not refused."""
    set_database(postgres_url, "default_transaction_isolation", level)
    one, two = open_store(postgres_url, clock), open_store(postgres_url, clock)
    failed: list[StoreError] = []

    def write() -> None:
        try:
            save(two, intake(arrival(2)))
        except StoreError as error:
            failed.append(error)

    waiting = Thread(target=write)
    with one.writing() as writer:
        waiting.start()
        await_one_who_waits(postgres_url)
        writer.save(intake(arrival(1)))
    waiting.join(PATIENCE)
    assert failed == []
    assert one.counts()["all"] == 2
    one.close()
    two.close()
