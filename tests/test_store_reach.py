"""What each rebuild of a feed asks costs the same however long the feed's past is: SQLite takes the right index."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, make_url

from feedservice.model import ArchivePage
from feedservice.protocols import Store
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.store_examples import arrival, intake, publish, save

QUESTIONS: dict[str, Callable[[Store], object]] = {
    "states": lambda store: store.feed_states(["all", "site"]),
    "spoiled pages": lambda store: store.stale_archives("all", 9),
    "withdrawn": lambda store: store.withdrawn("all", 9),
    "newest page": lambda store: store.last_archive("all"),
    "newest members": lambda store: store.latest("all", 9),
    "stale": lambda store: store.stale(),
}


class Steps:
    """How many steps SQLite's machine took, in hundreds."""

    def __init__(self) -> None:
        self._count = count()
        self._taken = 0

    def watch(self, connection: Any, _: object) -> None:
        connection.set_progress_handler(lambda: next(self._count) and 0, 100)

    def of(self, question: Callable[[Store], object], store: Store) -> int:
        """How many a question takes."""
        before = next(self._count)
        question(store)
        return next(self._count) - before


@pytest.fixture
def steps() -> Iterator[Steps]:
    found = Steps()
    event.listen(Engine, "connect", found.watch)
    yield found
    event.remove(Engine, "connect", found.watch)


def lengthen(url: str, first: int, size: int) -> None:
    """Give the feed of everything so many more articles that are nowhere else, each on a closed page of its own."""
    with closing(sqlite3.connect(Path(str(make_url(url).database)))) as database, database:
        rows = range(first, first + size)
        database.executemany(
            "INSERT INTO memberships (feed, published, seq, hidden, joined) VALUES ('all', ?, ?, 0, ?)",
            [(-row, row, -row) for row in rows],
        )
        database.executemany(
            "INSERT INTO archives (feed, number, after, upto, stale) VALUES ('all', ?, ?, ?, 0)",
            [(row, -row - 1, -row) for row in rows],
        )


@pytest.mark.parametrize("question", QUESTIONS)
def test_question_costs_the_same_however_long_the_past(question: str, sqlite_url: str, steps: Steps) -> None:
    store = open_store(sqlite_url, FakeClock())
    try:
        save(store, intake(*map(arrival, range(20))))
        lengthen(sqlite_url, 1_000, 20)
        short = steps.of(QUESTIONS[question], store)
        lengthen(sqlite_url, 2_000, 10_000)
        assert steps.of(QUESTIONS[question], store) <= short + 2
    finally:
        store.close()


def test_states_of_feeds_tell_what_lies_behind_them(store: Store) -> None:
    """Both databases answer alike: the newest page, whether any page may be out of date, whether anything is gone."""
    save(store, intake(*map(arrival, range(4))))
    assert set(store.feed_states(["all", "site", "nothing"])) == {"all", "site"}
    new = store.feed_states(["all"])["all"]
    assert (new.newest, new.spoiled, new.withdrawn) == (None, False, False)
    publish(store, feed="all")
    joined = [member.joined for member in store.latest("all", 4)]
    pages = [ArchivePage(number=1, after=0, upto=joined[0]), ArchivePage(number=2, after=joined[0], upto=joined[1])]
    with store.writing() as writer:
        for page in pages:
            writer.put_archive("all", page, (), 0)
    assert store.feed_states(["all"])["all"].newest == store.last_archive("all") == pages[1]
    first = store.latest("all", 4)[0].card
    with store.writing() as writer:
        writer.withdraw(first.id, first.arrival)
    after = store.feed_states(["all", "site"])
    assert (after["all"].spoiled, after["all"].withdrawn) == (True, True)
    assert (after["site"].spoiled, after["site"].withdrawn) == (False, True)
    publish(store, feed="all")
    assert store.feed_states(["all"])["all"].spoiled
