"""The acting worker at work: who is read when, and that one bad source, store or feed does not stop the others."""

from __future__ import annotations

import gc
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import make_url

from feedservice.errors import FetchError, StoreBusy, StoreError, StoreSetBack, StoreTooNew
from feedservice.model import FIRST_READ, Health, Memory, NotModified, Page, Reading, SourceState, Validators
from feedservice.protocols import ConditionalGet, KnownAmong, Store
from feedservice.refreshing.opened import OpenSource
from feedservice.running.worker import Worker
from feedservice.store import open_store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.postgres_server import end_place
from tests.small_site import SmallSite
from tests.store_examples import behind, set_schema

HALF_HOUR = timedelta(minutes=30)


class HeldWeb(FakeWeb):
    """A network on which chosen addresses do not answer until they are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[str, threading.Event] = {}
        self._lock = threading.Lock()
        self.at_once = self.most_at_once = 0

    def __call__(self, url: str, *, unless: Validators | None = None, accept: str = "*/*") -> Page | NotModified:
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            answer = super().__call__(url, unless=unless, accept=accept)
            if url in self.held:
                assert self.held[url].wait(30)
            return answer
        finally:
            with self._lock:
                self.at_once -= 1


class BuggySource:
    def read(self, get: ConditionalGet, known: KnownAmong, memory: Memory = FIRST_READ) -> Reading:
        raise TypeError("a bug in this source")


class Shop:
    """A worker, its house and its network; the test is the clock."""

    def __init__(self, store: Store, clock: FakeClock, *names: str) -> None:
        self.store, self.clock, self.web = store, clock, HeldWeb()
        self.house = House(store, self.web, clock)
        self.sites = {name: SmallSite(base=f"http://{name}.example.org", count=3) for name in names}
        for name, site in self.sites.items():
            self.web.pages.update(site.pages())
            self.house.add(name, "listing", {"url": site.list_url})
        self.rebuild: Callable[[], object] = self.house.rebuild

    @contextmanager
    def open(
        self,
        *,
        workers: int = 4,
        sources: Mapping[str, OpenSource] | None = None,
        displaced: Callable[[StoreError], object] = lambda error: None,
    ) -> Iterator[Worker]:
        with ThreadPoolExecutor(8) as fetchers:
            worker = Worker(
                store=self.store,
                sources=self.house.sources if sources is None else sources,
                clock=self.clock,
                workers=workers,
                fetchers=fetchers,
                rebuild=lambda: self.rebuild(),  # noqa: PLW0108 - the test may change it later
                displaced=displaced,
            )
            worker.start()
            try:
                yield worker
            finally:
                for event in self.web.held.values():
                    event.set()
                worker.stop()

    def times_read(self, name: str) -> int:
        return self.web.asked.count(self.sites[name].list_url)

    def hold(self, name: str) -> threading.Event:
        return self.web.held.setdefault(self.sites[name].list_url, threading.Event())

    def was_read(self, name: str) -> bool:
        """Whether the last read of a source is remembered, and its next one is ahead."""
        state = self.store.state(name)
        return state.last_run is not None and state.next_run is not None and state.next_run > self.clock()


def eventually(fact: Callable[[], bool], tick: Callable[[], None] = lambda: None) -> None:
    """Tick until a fact is true."""
    deadline = time.monotonic() + 30
    pause = threading.Event()
    while not fact():
        assert time.monotonic() < deadline, "it never came true"
        tick()
        pause.wait(0.01)


@pytest.fixture
def shop(store: Store, clock: FakeClock) -> Shop:
    return Shop(store, clock, "one", "two", "three")


@pytest.fixture
def on_a_file(sqlite_url: str, clock: FakeClock) -> Iterator[Shop]:
    """On one kind of database only."""
    store = open_store(sqlite_url, clock)
    yield Shop(store, clock, "one", "two", "three")
    store.close()


def test_every_source_is_read_at_its_time_and_published(shop: Shop) -> None:
    """At the first start at once; then not before its next time; once for all the times that were missed."""
    with shop.open() as worker:
        eventually(lambda: all(shop.was_read(name) for name in shop.sites), worker.tick)
        eventually(lambda: not shop.store.stale())
        assert {shop.store.state(name).next_run for name in shop.sites} == {shop.clock() + HALF_HOUR}
        worker.tick()
        assert [shop.times_read(name) for name in shop.sites] == [1, 1, 1]
        shop.clock.pass_(days=1)
        eventually(lambda: all(shop.was_read(name) for name in shop.sites), worker.tick)
        worker.tick()
    assert [shop.times_read(name) for name in shop.sites] == [2, 2, 2]
    assert len(shop.house.items()) == 9


def test_source_that_hangs_is_not_read_twice_at_once_and_holds_nobody_up(on_a_file: Shop) -> None:
    shop = on_a_file
    answered = shop.hold("one")
    with shop.open(workers=2) as worker:
        for _ in range(3):
            eventually(lambda: shop.was_read("two") and shop.was_read("three"), worker.tick)
            shop.clock.pass_(minutes=40)
        worker.tick()
        assert shop.times_read("one") == 1
        answered.set()
        eventually(lambda: shop.was_read("one"), worker.tick)
    assert shop.times_read("two") >= 3
    assert len(shop.house.articles("one")) == 3


def test_no_more_sources_are_read_at_once_than_there_are_hands(sqlite_url: str, clock: FakeClock) -> None:
    store = open_store(sqlite_url, clock)
    names = [f"s{number}" for number in range(6)]
    shop = Shop(store, clock, *names)
    for name in names:
        shop.hold(name)
    with shop.open(workers=2) as worker:
        for done in range(0, 6, 2):
            eventually(lambda: shop.web.at_once == 2, worker.tick)
            worker.tick()
            worker.tick()
            begun = [name for name in names if shop.times_read(name)]
            assert len(begun) == done + 2
            for name in begun:
                shop.hold(name).set()
            eventually(lambda begun=begun: all(shop.was_read(name) for name in begun))  # type: ignore[misc]
    store.close()


def test_failing_source_does_not_delay_the_others_and_keeps_its_turn(on_a_file: Shop) -> None:
    shop = on_a_file
    shop.web.pages[shop.sites["one"].list_url] = FetchError("http://one.example.org: refused")
    with shop.open(workers=1) as worker:
        eventually(lambda: all(shop.was_read(name) for name in shop.sites), worker.tick)
        state = shop.store.state("one")
        assert (state.health, state.next_run) == (Health.BROKEN, shop.clock() + HALF_HOUR)
        assert shop.times_read("one") == 1


def test_bug_in_one_source_is_seen_and_the_others_go_on(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    shop.house.sources["one"] = replace(shop.house.sources["one"], source=BuggySource())
    with shop.open(workers=1) as worker:
        eventually(lambda: shop.was_read("two") and shop.was_read("three"), worker.tick)
        eventually(lambda: shop.store.state("one").next_run == shop.clock() + HALF_HOUR)
        state = shop.store.state("one")
        assert (state.health, state.failures) == (Health.BROKEN, 1)
        assert state.reason == "a bug stopped the read: TypeError: a bug in this source"
        shop.clock.pass_(hours=1)
        eventually(lambda: shop.was_read("two") and shop.was_read("three"), worker.tick)
        eventually(lambda: not shop.store.stale())
    (first, *_) = [record for record in caplog.records if record.levelno == logging.CRITICAL]
    assert "one" in first.getMessage()
    assert first.exc_info is not None
    assert "a bug in this source" in caplog.text
    assert len(shop.house.items()) == 6


def test_bug_and_problems_that_last_are_told_once(on_a_file: Shop, caplog: pytest.LogCaptureFixture) -> None:
    """Of two lists of a source one is gone for good, and another source stops on a bug: a day of that is 96 lines."""
    caplog.set_level(logging.INFO)
    shop = on_a_file
    gone = "http://two.example.org/gone.html"
    shop.house.add("two", "listing", {"url": [shop.sites["two"].list_url, gone]})
    shop.house.sources["one"] = replace(shop.house.sources["one"], source=BuggySource())

    def read_again(worker: Worker) -> None:
        shop.clock.pass_(hours=1)
        eventually(lambda: all(shop.was_read(name) for name in shop.sites), worker.tick)
        eventually(lambda: shop.web.at_once == 0 and not shop.store.stale())

    with shop.open() as worker:
        for number in range(4):
            shop.web.pages[gone] = FetchError(f"{gone}: left alone for {1700 - number} s: no answer")
            read_again(worker)
        assert [record.levelname for record in caplog.records if record.exc_info] == ["CRITICAL"]
        assert caplog.text.count(gone) == 1
        shop.web.put(gone, shop.sites["two"].list_page())
        read_again(worker)
        shop.web.pages[gone] = FetchError(f"{gone}: 404 Not Found", status=404)
        read_again(worker)
    assert caplog.text.count(gone) == 2


@contextmanager
def full(url: str) -> Iterator[None]:
    """Have the database refuse every new article, as one on a full disk does."""
    trigger = "CREATE TRIGGER full BEFORE INSERT ON articles BEGIN SELECT RAISE(FAIL, 'the disk is full'); END"
    with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as connection:
        connection.execute(trigger)
        yield
        connection.execute("DROP TRIGGER full")


def test_source_whose_articles_cannot_be_stored_is_not_asked_every_second(
    on_a_file: Shop, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Its site would suffer for our full disk. It is tried again, and when there is room nothing is lost."""
    caplog.set_level(logging.DEBUG, "feedservice.complaints")
    shop = on_a_file
    with shop.open(workers=1) as worker:
        with full(sqlite_url):
            eventually(lambda: caplog.text.count("nothing could be stored: ") == 3, worker.tick)
            for _ in range(30):
                shop.clock.pass_(seconds=1)
                worker.tick()
                eventually(lambda: shop.web.at_once == 0)
            assert "the disk is full" in caplog.text
            assert [shop.times_read(name) for name in shop.sites] == [1, 1, 1]
            for tries, minutes in enumerate((0.5, 2), 2):
                shop.clock.pass_(minutes=minutes, seconds=-1)
                worker.tick()
                shop.clock.pass_(seconds=1)
                eventually(lambda: caplog.text.count("nothing could be stored: ") == 3 * tries, worker.tick)  # noqa: B023
                assert [shop.times_read(name) for name in shop.sites] == [tries] * 3
            assert sum(record.levelno == logging.ERROR for record in caplog.records) == 3
        shop.clock.pass_(minutes=15)
        eventually(lambda: all(shop.was_read(name) for name in shop.sites), worker.tick)
        eventually(lambda: not shop.store.stale())
    assert len(shop.house.items()) == 9


def test_store_that_does_not_answer_is_told_once_and_waited_for(
    on_a_file: Shop, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    shop = on_a_file
    with shop.open(workers=1) as worker, closing(sqlite3.connect(str(make_url(sqlite_url).database))) as connection:
        eventually(lambda: all(shop.was_read(name) for name in shop.sites), worker.tick)
        connection.execute("ALTER TABLE sources RENAME TO hidden")
        shop.clock.pass_(hours=1)
        for _ in range(3):
            worker.tick()
        connection.execute("ALTER TABLE hidden RENAME TO sources")
        eventually(lambda: all(shop.was_read(name) for name in shop.sites), worker.tick)
    assert caplog.text.count("nothing is read: ") == 1
    assert caplog.text.count("the store answers again") == 1


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # pg8000 leaves its socket to the collector
@pytest.mark.parametrize("of_rebuild", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_worker_whose_place_another_has_taken_is_told_so(postgres_url: str, clock: FakeClock, of_rebuild: bool) -> None:
    """Whether it sees it when it stores a read or a feed; the articles are the other one's to bring."""
    store, other = open_store(postgres_url, clock), open_store(postgres_url, clock)
    shop = Shop(store, clock, "one")
    told: list[StoreError] = []
    with shop.open(displaced=told.append) as worker, ExitStack() as places:
        places.enter_context(store.acting())
        eventually(lambda: shop.was_read("one") and not store.stale(), worker.tick)
        with other.writing() as writer:
            end_place(postgres_url)
            places.enter_context(other.acting())
            writer.mark_stale(["all"] if of_rebuild else [])
        clock.pass_(minutes=0 if of_rebuild else 40)
        eventually(lambda: bool(told), worker.tick)
    assert isinstance(told[0], StoreBusy)
    assert "already the acting worker" in str(told[0])
    other.close()
    store.close()
    gc.collect()


def test_worker_of_an_older_program_ends_when_a_newer_one_has_upgraded_the_store(shop: Shop, store_url: str) -> None:
    """It would go on to write what it knows, into a store that means something else."""
    told: list[StoreError] = []
    with shop.store.acting(), shop.open(displaced=told.append) as worker:
        eventually(lambda: all(shop.was_read(name) for name in shop.sites) and not shop.store.stale(), worker.tick)
        set_schema(store_url, "9999")
        before = shop.store.states()
        shop.clock.pass_(minutes=40)
        eventually(lambda: len(told) >= len(shop.sites), worker.tick)
        assert shop.store.states() == before
    assert isinstance(told[0], StoreTooNew)
    assert "9999" in str(told[0])


def test_worker_whose_writings_the_store_has_lost_ends(shop: Shop, store_url: str) -> None:
    """A replica that lagged took over: whatever is made of what the worker remembers may be wrong there."""
    told: list[StoreError] = []
    with shop.store.acting(), shop.open(displaced=told.append) as worker:
        eventually(lambda: all(shop.was_read(name) for name in shop.sites) and not shop.store.stale(), worker.tick)
        behind(store_url, "UPDATE counters SET value = value - 1 WHERE name = 'version'")
        before = shop.store.states()
        shop.clock.pass_(minutes=40)
        eventually(lambda: len(told) >= len(shop.sites), worker.tick)
        assert shop.store.states() == before
    assert isinstance(told[0], StoreSetBack)
    with shop.store.acting(), shop.open() as worker:
        eventually(lambda: all(shop.was_read(name) for name in shop.sites), worker.tick)


def test_rebuild_that_fails_for_long_is_told_once_and_when_it_works_again(
    on_a_file: Shop, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr("feedservice.running.worker._BREATH", 0.001)
    shop, tries = on_a_file, threading.Semaphore(0)

    def fail() -> None:
        tries.release()
        raise StoreError("the store is away")

    shop.rebuild = fail
    with shop.open() as worker:
        for _ in range(5):
            assert tries.acquire(timeout=30)
        shop.rebuild = shop.house.rebuild
        worker.rebuild_soon()
        eventually(lambda: "feeds are rebuilt again" in caplog.text)
    assert caplog.text.count("could not be rebuilt") == 1


@pytest.mark.parametrize("problem", [ValueError("a bug in a feed"), StoreError("the store is away")], ids=repr)
def test_rebuild_that_fails_is_told_and_the_next_one_runs(
    on_a_file: Shop, caplog: pytest.LogCaptureFixture, problem: Exception
) -> None:
    shop = on_a_file
    failed = threading.Event()

    def fail() -> None:
        failed.set()
        raise problem

    shop.rebuild = fail
    with shop.open() as worker:
        assert failed.wait(30)
        eventually(lambda: str(problem) in caplog.text)
        shop.rebuild = shop.house.rebuild
        eventually(lambda: all(shop.was_read(name) for name in shop.sites), worker.tick)
        worker.rebuild_soon()
        eventually(lambda: not shop.store.stale())
    assert len(shop.house.items()) == 9


def test_next_times_of_the_last_run_are_kept(on_a_file: Shop) -> None:
    """Not due: not read at the start. Missed while nobody worked: read once. Configured no more: never due."""
    shop = on_a_file
    later, missed = shop.clock() + HALF_HOUR, shop.clock() - timedelta(days=3)
    with shop.store.writing() as writer:
        writer.put_state(SourceState(name="one", next_run=later))
        writer.put_state(SourceState(name="two", next_run=missed))
        writer.put_state(SourceState(name="old", next_run=missed))
    with shop.open() as worker:
        eventually(lambda: shop.was_read("two") and shop.was_read("three"), worker.tick)
        worker.tick()
    assert [shop.times_read(name) for name in ("one", "two")] == [0, 1]
    assert shop.store.state("one").next_run == later
    assert shop.store.state("old").next_run is None


def test_clock_that_is_set_back_lets_no_source_wait_for_it(on_a_file: Shop, caplog: pytest.LogCaptureFixture) -> None:
    """While somebody works, and while nobody does: they are read after half an hour at the latest, as ever."""
    shop = on_a_file
    with shop.open() as worker:
        eventually(lambda: all(map(shop.was_read, shop.sites)), worker.tick)
        shop.clock.pass_(hours=-1)
        worker.tick()
        shop.clock.pass_(minutes=31)
        eventually(lambda: all(shop.times_read(name) == 2 for name in shop.sites), worker.tick)
    assert "3 sources have a time of a clock that was wrong" in caplog.text
    shop.clock.pass_(days=-3650)
    with shop.open() as worker:
        shop.clock.pass_(minutes=31)
        eventually(lambda: all(shop.times_read(name) == 3 for name in shop.sites), worker.tick)


def test_other_rhythm_and_other_settings_hold_from_the_start(on_a_file: Shop) -> None:
    shop = on_a_file
    sources = shop.house.sources
    for name in sources:
        sources[name] = replace(sources[name], rhythm="7 days", next_run=lambda now: now + timedelta(days=7))
    with shop.open() as worker:
        eventually(lambda: all(map(shop.was_read, shop.sites)), worker.tick)
    shop.clock.pass_(hours=1)
    planned = shop.store.state("three").next_run
    sources["one"] = replace(sources["one"], rhythm="30 minutes", next_run=lambda now: now + HALF_HOUR)
    sources["two"] = replace(sources["two"], settings="mended selectors")
    with shop.open() as worker:
        shop.clock.pass_(seconds=3)
        eventually(lambda: shop.times_read("two") == 2, worker.tick)
        assert shop.times_read("one") == 1
        shop.clock.pass_(minutes=31)
        eventually(lambda: shop.times_read("one") == 2, worker.tick)
    assert shop.times_read("three") == 1
    assert shop.store.state("three").next_run == planned


def test_other_rhythm_holds_where_the_first_read_was_no_workers(on_a_file: Shop) -> None:
    """`feedservice refresh` fills the store; then the interval is changed, and the worker starts for the first time."""
    shop = on_a_file
    sources = shop.house.sources
    for name in sources:
        sources[name] = replace(
            sources[name], heeds=True, rhythm="7 days", next_run=lambda now: now + timedelta(days=7)
        )
        shop.house.refresh(name)
    sources["one"] = replace(sources["one"], rhythm="30 minutes", next_run=lambda now: now + HALF_HOUR)
    with shop.open() as worker:
        shop.clock.pass_(minutes=31)
        eventually(lambda: shop.times_read("one") == 2, worker.tick)
    assert shop.store.state("one").next_run == shop.clock() + HALF_HOUR
    assert shop.times_read("three") == 1


def test_restart_moves_no_source_whose_configuration_is_as_it_was(on_a_file: Shop) -> None:
    """Nor does the first one of a version that notes the rhythm; and one that asked for a longer wait keeps it."""
    shop = on_a_file
    later, asked = shop.clock() + HALF_HOUR, shop.clock() + timedelta(days=3)
    shop.house.sources["two"] = replace(shop.house.sources["two"], heeds=True)
    with shop.store.writing() as writer:
        for name, at in (("one", later), ("two", asked), ("three", later)):
            writer.put_state(SourceState(name=name, next_run=at, last_run=shop.clock() - HALF_HOUR))
    for name in shop.sites:
        shop.house.sources[name] = replace(shop.house.sources[name], rhythm="30 minutes")
    for _ in range(3):
        with shop.open() as worker:
            worker.tick()
    assert [shop.store.state(name).next_run for name in ("one", "two", "three")] == [later, asked, later]


def test_sources_that_nobody_knows_here_hold_up_nobody(on_a_file: Shop) -> None:
    """A letter to a source that is switched off makes it due, say."""
    shop = on_a_file
    with shop.open(workers=1) as worker:
        with shop.store.writing() as writer:
            for number in range(50):
                writer.put_state(SourceState(name=f"old{number}", next_run=shop.clock() - timedelta(days=9)))
        eventually(lambda: all(map(shop.was_read, shop.sites)), worker.tick)


def test_stop_waits_for_what_is_running_and_starts_nothing_new(on_a_file: Shop) -> None:
    shop = on_a_file
    answered = shop.hold("one")
    with shop.open(workers=1, sources={"one": shop.house.sources["one"]}) as worker:
        eventually(lambda: shop.times_read("one") == 1, worker.tick)
        stopping = threading.Thread(target=worker.stop)
        stopping.start()
        shop.clock.pass_(hours=1)
        worker.tick()
        assert stopping.is_alive()
        answered.set()
        stopping.join(30)
        assert not stopping.is_alive()
        worker.tick()
    assert shop.times_read("one") == 1
    assert len(shop.house.articles("one")) == 3


def test_hand_that_is_free_takes_the_next_source_without_waiting_for_a_tick(store: Store, clock: FakeClock) -> None:
    names = [f"n{number:02}" for number in range(12)]
    shop = Shop(store, clock, *names)
    with shop.open(workers=2) as worker:
        worker.tick()
        eventually(lambda: all(map(shop.was_read, names)))
        assert shop.web.most_at_once <= 2 * 4
    assert [shop.times_read(name) for name in names] == [1] * 12
