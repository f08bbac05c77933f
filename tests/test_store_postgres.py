"""What a PostgreSQL server may be set to, and what its connections may come to, that a file never does."""

from __future__ import annotations

from threading import Thread

import pytest

from feedservice.errors import StoreError
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.postgres_server import await_one_who_waits, set_database
from tests.store_examples import arrival, intake, save

PATIENCE = 30


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
