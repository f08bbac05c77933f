"""A serving process and its store: what is published is served, whole, and what is loaded outlives the store."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from feedservice.errors import StoreError, StoreSetBack
from feedservice.model import ArchivePage, Document
from feedservice.protocols import Store
from feedservice.store import open_store
from feedservice.web.answers import Manner
from feedservice.web.front import FrontPage
from feedservice.web.patient import Patient
from feedservice.web.shelf import Shelf
from feedservice.web.watcher import Watcher
from tests.fakes import FakeClock
from tests.postgres_server import await_who_is_held_up
from tests.store_examples import START, behind, damage, publish
from tests.web_examples import CODINGS, SITE, Answer, Served, coded, define, document, etag, fill

FEED, OTHER_FEED, LOST = "/feeds/all.rss", "/feeds/all.atom", "/feeds/lost.json"
OLD, NEW = b"<rss>old</rss>", b"<rss>new</rss>"
TABLES = ("representations", "documents")
LARGE = 300_000
ROOM = 1_000_000


@pytest.fixture
def serving(store: Store, store_url: str, clock: FakeClock) -> Store:
    """The serving process's own connection to the store that the test publishes to."""
    fill(store, body=OLD)
    return open_store(store_url, clock)


@pytest.fixture
def broken(store_url: str) -> Callable[[Store], None]:
    """Makes the database of a store unusable, with every connection to it."""

    def spoil(store: Store) -> None:
        url = make_url(store_url)
        store.close()
        if url.get_backend_name() == "sqlite":
            file = Path(url.database or "")
            for part in file.parent.glob(f"{file.name}*"):
                part.write_bytes(b"no database " * 1000)
            return
        server = url.set(drivername="postgresql+pg8000", database="postgres")
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false")
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (url.database,)
            )
        engine.dispose()

    return spoil


def await_in(caplog: pytest.LogCaptureFixture, words: str) -> None:
    """Return once the log has these words."""
    waiting, began = threading.Event(), time.monotonic()
    while words not in caplog.text:
        assert time.monotonic() - began < 20
        waiting.wait(0.05)


def large(mark: int, path: str = FEED) -> Document:
    """A document of which the room holds three in one coding, and not all codings of one."""
    return document(path, bytes([65 + mark]) * LARGE, codings=("identity",))


def consistent(answer: Answer, coding: str, bodies: tuple[bytes, ...]) -> bool:
    """Whether the head and the body of an answer belong to the same version."""
    return any(answer.body == coded(coding, body) and answer["ETag"] == etag(body, coding) for body in bodies)


# ------------------------------------------------------------------------------------------------ what is new


def test_published_document_is_served_after_the_next_look(store: Store, serving: Store) -> None:
    served = Served(serving)
    served.look()
    assert served.ask().body == OLD
    publish(store, document(FEED, NEW, changed=START + timedelta(minutes=5)))
    assert served.ask().body == OLD
    served.look()
    answer = served.ask(If_None_Match=etag(OLD, "identity"))
    assert answer.status == 200
    assert answer.body == NEW
    serving.close()


def test_all_codings_change_together(store: Store, serving: Store) -> None:
    served = Served(serving)
    served.look()
    for coding in CODINGS[:2]:
        served.ask(Accept_Encoding=coding)
    publish(store, document(FEED, NEW))
    served.look()
    for coding in CODINGS:
        assert consistent(served.ask(Accept_Encoding=coding), coding, (NEW,))
        assert served.ask(Accept_Encoding=coding, If_None_Match=etag(OLD, coding)).status == 200
    serving.close()


def test_new_feed_appears_and_the_front_page_tells_of_it(store: Store, serving: Store) -> None:
    served = Served(serving)
    served.look()
    before = served.ask("/")
    publish(store, document("/feeds/all.txt", NEW))
    assert served.ask("/feeds/all.txt").status == 404
    served.look()
    assert served.ask("/feeds/all.txt").body == NEW
    after = served.ask("/")
    assert b"/feeds/all.txt" in after.body
    assert after["ETag"] != before["ETag"]
    serving.close()


def test_nothing_new_leaves_every_validator_alone(store: Store, serving: Store) -> None:
    served = Served(serving)
    served.look()
    before = [sorted(served.ask(path).headers) for path in (FEED, "/")]
    publish(store, document(FEED, OLD, changed=START + timedelta(days=1)))
    served.look()
    assert [sorted(served.ask(path).headers) for path in (FEED, "/")] == before
    serving.close()


def test_process_that_is_started_follows_by_itself(store: Store, serving: Store) -> None:
    served = Served(serving)
    served.app.start()
    try:
        assert served.ask("/readyz").status == 200
        publish(store, document(FEED, NEW))
        waiting, tries = threading.Event(), 100
        while served.ask().body != NEW and tries:
            waiting.wait(0.1)
            tries -= 1
        assert served.ask().body == NEW
    finally:
        served.app.close()
    assert served.ask("/readyz").status == 503


# ------------------------------------------------------------------------------------------------ memory


def test_body_that_had_to_go_is_read_again(store: Store) -> None:
    define(store)
    paths = [f"/feeds/all.{number}" for number in range(8)]
    publish(store, *(large(number, path) for number, path in enumerate(paths)))
    served = Served(store, memory=ROOM)
    served.look()
    for _ in range(2):
        for number, path in enumerate(paths):
            assert served.ask(path).body == bytes([65 + number]) * LARGE


def test_body_larger_than_the_room_is_served(store: Store) -> None:
    define(store)
    publish(store, document(FEED, b"x" * (ROOM + 1), codings=("identity",)))
    served = Served(store, memory=ROOM)
    served.look()
    assert len(served.ask().body) == ROOM + 1


def test_document_replaced_before_the_look_is_served_new_and_whole(store: Store, serving: Store) -> None:
    """The head is in memory, its body is not, and the store has a newer one by now."""
    served = Served(serving)
    served.look()
    publish(store, document(FEED, NEW))
    for coding in CODINGS:
        assert consistent(served.ask(Accept_Encoding=coding), coding, (NEW,))
    served.look()
    assert consistent(served.ask(), "identity", (NEW,))
    serving.close()


def test_head_of_one_version_never_comes_with_the_body_of_another(store: Store, serving: Store) -> None:
    served = Served(serving, memory=ROOM)
    served.look()
    versions = tuple(b"%03d" % number + b"v" * 100_000 for number in range(10))
    publish(store, document(FEED, versions[0]))
    served.look()
    done = threading.Event()
    wrong: list[str] = []

    def read(coding: str) -> None:
        while not done.is_set():
            answer = served.ask(Accept_Encoding=coding)
            if not consistent(answer, coding, versions):
                wrong.append(f"{answer.status} {answer['ETag']} {len(answer.body)}")

    readers = [threading.Thread(target=read, args=(coding,)) for coding in CODINGS]
    for reader in readers:
        reader.start()
    try:
        for version in versions:
            publish(store, document(FEED, version))
            served.look()
    finally:
        done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert served.ask().body == versions[-1]
    serving.close()


# ------------------------------------------------------------------------------------------------ a store that fails


def test_what_is_loaded_outlives_the_store(store: Store, serving: Store, broken: Callable[[Store], None]) -> None:
    served = Served(serving)
    served.look()
    assert served.ask().body == OLD
    store.close()
    broken(serving)
    with pytest.raises(StoreError):
        served.look()
    assert served.ask().body == OLD
    assert served.ask("/").status == 200
    for coding in CODINGS:
        for path in (FEED, OTHER_FEED):
            assert served.ask(path, Accept_Encoding=coding, If_None_Match=etag(OLD, coding)).status == 304
            assert served.ask(path, "HEAD", Accept_Encoding=coding).status == 200
    serving.close()


def test_store_that_comes_back_with_less_is_followed_from_there(store: Store, serving: Store, store_url: str) -> None:
    """As after a fail-over to a replica that lagged: what it writes next has the versions of what was lost."""
    served = Served(serving)
    served.look()
    known = max(head.version for head in store.heads_since(0))
    publish(store, document(FEED, b"<rss>lost</rss>"), document(LOST, b"{}"))
    served.look()
    assert served.ask(LOST).status == 200
    behind(store_url, "ALTER TABLE counters RENAME TO hidden")
    with pytest.raises(StoreError):
        served.look()
    assert served.ask(LOST).status == 200, "nothing is taken away while nobody answers"
    behind(store_url, "ALTER TABLE hidden RENAME TO counters")
    behind(store_url, *(f"DELETE FROM {table} WHERE path IN ('{FEED}', '{LOST}')" for table in TABLES))  # noqa: S608
    behind(store_url, f"UPDATE counters SET value = {known} WHERE name = 'version'")  # noqa: S608
    publish(store, document(FEED, NEW))
    served.look()
    assert served.ask().body == NEW
    assert served.ask(LOST).status == 404
    assert served.ask(OTHER_FEED).body == OLD
    assert LOST.encode() not in served.ask("/").body
    serving.close()


def test_store_that_holds_less_all_at_once_is_noticed(postgres_url: str, clock: FakeClock) -> None:
    """Where the other server was there so soon that nobody was without an answer."""
    store = open_store(postgres_url, clock)
    fill(store, body=OLD)
    publish(store, document(LOST, b"{}"))
    served = Served(open_store(postgres_url, clock))
    served.look()
    behind(
        postgres_url,
        *(f"DELETE FROM {table} WHERE path = '{LOST}'" for table in TABLES),  # noqa: S608
        "UPDATE counters SET value = value - 1 WHERE name = 'version'",
    )
    with pytest.raises(StoreSetBack):
        served.look()
    publish(store, document(FEED, NEW))
    served.look()
    assert (served.ask().body, served.ask(LOST).status) == (NEW, 404)
    served.app.close()
    store.close()


@pytest.mark.slow
def test_store_that_answers_again_is_told_of(
    store: Store, serving: Store, store_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    served = Served(serving)
    served.app.start()
    behind(store_url, "ALTER TABLE counters RENAME TO hidden")
    await_in(caplog, "the store does not answer; what is loaded stays served")
    assert "the store answers again" not in caplog.text
    behind(store_url, "ALTER TABLE hidden RENAME TO counters")
    await_in(caplog, "the store answers again")
    served.app.close()


def test_body_that_is_not_in_memory_is_503_while_the_store_is_down(
    store: Store, serving: Store, broken: Callable[[Store], None], caplog: pytest.LogCaptureFixture
) -> None:
    served = Served(serving)
    served.look()
    store.close()
    broken(serving)
    answer = served.ask(OTHER_FEED)
    assert answer.status == 503
    assert answer["Retry-After"] == "60"
    assert answer["Cache-Control"] == "no-store"
    assert len(answer.body) < 200
    assert OTHER_FEED in caplog.text
    serving.close()


def test_store_that_stays_away_is_told_of_once_however_many_ask(
    store: Store, serving: Store, store_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    served = Served(serving)
    served.look()
    page = "/feeds/all/archive/1.rss"
    for _ in range(2):
        behind(store_url, "ALTER TABLE documents RENAME TO hidden")
        for path in (OTHER_FEED, page, FEED) * 5:
            assert served.ask(path).status == 503
        behind(store_url, "ALTER TABLE hidden RENAME TO documents")
        assert served.ask(page).status == 404
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"] * 2
    serving.close()


def test_bodies_are_loaded_before_anybody_asks(store: Store, serving: Store, broken: Callable[[Store], None]) -> None:
    served = Served(serving)
    served.app.start()
    store.close()
    broken(serving)
    for path in (FEED, OTHER_FEED):
        assert served.ask(path, Accept_Encoding="br").body == coded("br", OLD)
    served.app.close()


def test_while_the_store_is_silent_a_coding_that_is_held_serves_for_a_better_one(
    store: Store, serving: Store, broken: Callable[[Store], None]
) -> None:
    quick = replace(document(FEED, NEW, codings=("identity", "gzip")), partial=True)
    publish(store, quick)
    served = Served(serving)
    served.look()
    assert served.ask(Accept_Encoding="gzip").status == 200
    with store.writing() as writer:
        assert writer.add_codings([document(FEED, NEW)])
    # As much as a look takes over when there is no room for what nobody has asked for.
    served.app._shelf._room = 60
    served.look()
    store.close()
    broken(serving)
    answer = served.ask(Accept_Encoding="br, gzip")
    assert (answer.status, answer["Content-Encoding"], answer.body) == (200, "gzip", coded("gzip", NEW))
    assert served.ask(Accept_Encoding="br").status == 503
    wish = {"If_Match": etag(NEW, "br")}
    assert served.ask(Accept_Encoding="br, gzip", **wish).status == 503, "gzip is not what it wishes for"
    serving.close()


def test_codings_that_come_later_are_served_and_change_nothing_else(store: Store, serving: Store) -> None:
    publish(store, replace(document(FEED, NEW, codings=("identity", "gzip")), partial=True))
    served = Served(serving)
    served.look()
    before = served.ask(Accept_Encoding="br, gzip")
    assert (before["Content-Encoding"], before["ETag"]) == ("gzip", etag(NEW, "gzip"))
    with store.writing() as writer:
        assert writer.add_codings([document(FEED, NEW)])
    served.look()
    after = served.ask(Accept_Encoding="br, gzip")
    assert (after["Content-Encoding"], after.body) == ("br", coded("br", NEW))
    assert after["Last-Modified"] == before["Last-Modified"]
    assert served.ask(Accept_Encoding="br, gzip", If_None_Match=etag(NEW, "gzip")).status == 304
    assert served.ask(Accept_Encoding="gzip").body == before.body
    serving.close()


def test_store_that_cannot_be_read_at_the_start_is_said(
    store: Store, serving: Store, broken: Callable[[Store], None]
) -> None:
    store.close()
    broken(serving)
    with pytest.raises(StoreError):
        Served(serving).app.start()
    serving.close()


def test_damaged_document_keeps_no_other_from_being_served(
    sqlite_url: str, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(sqlite_url, clock)
    define(store)
    publish(store, *(replace(document(path, OLD), packed=True) for path in (FEED, OTHER_FEED)))
    damage(sqlite_url, FEED)
    served = Served(open_store(sqlite_url, clock))
    served.app.start()
    assert FEED in caplog.text
    assert served.ask(OTHER_FEED).body == OLD
    assert served.ask(FEED, if_none_match=etag(OLD, "identity")).status == 304
    told = len(caplog.records)
    for _ in range(3):
        assert served.ask(FEED).status == 503
        assert served.ask("/feeds/all/archive/1.rss").status == 404
    assert len(caplog.records) == told + 1
    publish(store, *(replace(document(path, NEW), packed=True) for path in (FEED, OTHER_FEED)))
    served.look()
    assert [served.ask(path).body for path in (FEED, OTHER_FEED)] == [NEW, NEW]
    served.app.close()
    store.close()


def test_damaged_archive_page_is_told_of_and_asked_for_later(
    sqlite_url: str, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(sqlite_url, clock)
    define(store)
    page = "/feeds/all/archive/1.rss"
    with store.writing() as writer:
        writer.put_archive(
            "all", ArchivePage(number=1, after=0, upto=9), [replace(document(page, OLD), packed=True)], 0
        )
    served = Served(open_store(sqlite_url, clock))
    assert served.ask(page).body == OLD
    damage(sqlite_url, page)
    assert served.ask(page).status == 503
    assert f"{page}: the stored bytes are damaged" in caplog.text
    served.app.close()
    store.close()


def test_store_that_hangs_holds_up_nobody(store: Store, serving: Store, store_url: str) -> None:
    """One thread answers all: what memory knows comes at once, while the rest is told to come back."""
    if make_url(store_url).get_backend_name() == "sqlite":
        pytest.skip("readers of SQLite never wait for anybody")
    served = Served(serving)
    served.look()
    assert served.ask().body == OLD
    engine = create_engine(make_url(store_url).set(drivername="postgresql+pg8000"))
    with engine.begin() as locked:
        locked.exec_driver_sql("LOCK TABLE documents IN ACCESS EXCLUSIVE MODE")
        assert served.ask(OTHER_FEED).status == 503
        began = time.monotonic()
        for _ in range(20):
            assert served.ask(OTHER_FEED).status == 503
            assert served.ask(OTHER_FEED, If_None_Match=etag(OLD, "identity")).status == 304
            assert served.ask().body == OLD
        assert time.monotonic() - began < 1
    engine.dispose()
    waiting = threading.Event()
    while served.ask(OTHER_FEED).status == 503 and time.monotonic() - began < 20:
        waiting.wait(0.05)
    assert served.ask(OTHER_FEED).body == OLD
    serving.close()


def test_store_that_hangs_is_told_by_the_watcher(postgres_url: str, clock: FakeClock) -> None:
    """What is loaded stays served, but nothing that is published comes."""
    publisher, store = open_store(postgres_url, clock), open_store(postgres_url, clock)
    fill(publisher, body=OLD)
    now = [0.0]
    manner = Manner(ttl=900, site=SITE)
    shelf = Shelf(store, manner, room=ROOM, read=store.document)
    watcher = Watcher(store, shelf, FrontPage(store, SITE), lambda: None, clock=lambda: now[0])
    watcher.start()
    engine = create_engine(make_url(postgres_url).set(drivername="postgresql+pg8000"))
    with engine.begin() as locked:
        locked.exec_driver_sql("LOCK TABLE counters IN ACCESS EXCLUSIVE MODE")
        await_who_is_held_up(postgres_url)
        assert watcher.ready() == ""
        now[0] += 60
        assert watcher.ready() == "the store has not answered for 60 s"
        assert shelf.get(FEED) is not None
    engine.dispose()
    waiting = threading.Event()
    began = time.monotonic()
    while watcher.ready() and time.monotonic() - began < 20:
        waiting.wait(0.05)
    assert watcher.ready() == ""
    watcher.stop()
    publisher.close()


def test_read_that_is_late_is_given_up_and_no_other_waits_for_it() -> None:
    gate = threading.Event()
    asked: list[str] = []

    def read(path: str) -> Document | None:
        asked.append(path)
        if path == "slow":
            gate.wait(20)
        return None

    patient = Patient(read, patience=0.05)
    assert patient("quick") is None
    with pytest.raises(StoreError):
        patient("slow")
    with pytest.raises(StoreError):
        patient("quick")
    assert asked == ["quick", "slow"]
    gate.set()
    end = time.monotonic() + 20
    while asked[-1] != "later" and time.monotonic() < end:
        with contextlib.suppress(StoreError):
            patient("later")
    assert asked == ["quick", "slow", "later"]
    patient.close()
