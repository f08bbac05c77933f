"""Two hundred sources on a real store, read through the real door: sixty fail in every way, and nobody else notices."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from feedservice import extract
from feedservice.config.settings import ArticleRules
from feedservice.model import Health
from feedservice.outbound import Door
from feedservice.protocols import Opening, PageReader, Store
from feedservice.refreshing.opened import OpenSource
from feedservice.running.worker import Worker
from feedservice.sources import KINDS
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.outbound_server import Asked, HostileServer, Reply, answer, door_for, fetch_settings, redirect, running

TIMEZONE = "Asia/Shanghai"
WORKERS = 8
FETCHERS = 32
START = FakeClock().now
PATIENCE = 30.0
"""Seconds after which a test gives up; none is ever waited for when all is well."""


def feed(host: str, count: int = 3) -> bytes:
    """A feed of whole articles."""
    items = "".join(
        f"<entry><title>第{n}条新闻 {host}</title><link href='http://{host}/{n}.html'/><id>http://{host}/{n}.html</id>"
        f"<updated>2026-01-05T0{n}:00:00Z</updated><content type='html'>&lt;p&gt;全文。&lt;/p&gt;</content></entry>"
        for n in range(count)
    )
    return answer(f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{host}</title>{items}</feed>")


def listing(count: int = 5) -> bytes:
    """A list of stubs, whose pages have to be read."""
    rows = "".join(f'<li><a href="/news/{n:04}.html">关于第{n}次会议的通知</a> 2026-01-05</li>' for n in range(count))
    return answer(f"<html><body><ul>{rows}</ul></body></html>", Content_Type="text/html; charset=utf-8")


def article(number: int) -> bytes:
    """The page of an article."""
    text = f"<p>第{number}次会议讨论了工作安排，各单位要认真贯彻落实会议精神，做好各项工作。</p>" * 8
    body = (
        f"<html><body><h1>关于第{number}次会议的通知</h1><div>来源：示例日报 2026-01-05 09:30</div>{text}</body></html>"
    )
    return answer(body, Content_Type="text/html; charset=utf-8")


# ------------------------------------------------------------------------------------------------ ways to fail


def reset(asked: Asked, connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def drip(asked: Asked, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    try:
        while True:
            connection.sendall(b"<")
            time.sleep(0.02)
    except OSError:
        return


def silence(asked: Asked, connection: socket.socket) -> None:
    while connection.recv(1_000):
        pass


def endless(asked: Asked, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    try:
        while True:
            connection.sendall(b"<item>" * 10_000)
    except OSError:
        return


WAYS: Mapping[str, Reply] = {
    "500": answer("oh", "500 Internal Server Error"),
    "404": answer("no", "404 Not Found"),
    "503": answer("", "503 Service Unavailable", Retry_After="3600"),
    "garbage": answer(bytes(range(256)) * 100),
    "no HTTP": b"\x00\x01\x02 no HTTP at all\r\n\r\n",
    "empty": answer(""),
    "web page": answer("<html><body>welcome</body></html>"),
    "redirect loop": redirect("/"),
    "forbidden redirect": redirect("http://169.254.169.254/latest/meta-data/"),
    "huge": answer(b"", Content_Length="100000000000"),
    "bomb": answer(gzip.compress(b"<rss>" + b" " * 20_000_000), Content_Encoding="gzip"),
    "cut off": answer("<rss><channel><item><title>", Content_Length="5000"),
    "reset": reset,
    "endless": endless,
    "slow drip": drip,
    "silence": silence,
}


# ------------------------------------------------------------------------------------------------ the house


@dataclass
class Town:
    """Many hosts on one server; each answers by its own table of paths, else with 404."""

    server: HostileServer
    hosts: dict[str, dict[str, Reply]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.replies = _ByHost(self)

    def add(self, host: str, replies: Mapping[str, Reply]) -> str:
        self.hosts[host] = dict(replies)
        return self.server.url("/", host)


class _ByHost(dict[str, Reply]):
    """The server's replies: which host was asked, only the request tells."""

    def __init__(self, town: Town) -> None:
        super().__init__()
        self.town = town

    def get(self, path: str, default: object = None) -> Reply:
        return partial(self.reply, path)

    def reply(self, path: str, asked: Asked, connection: socket.socket) -> None:
        found = self.town.hosts[asked.headers["host"].partition(":")[0]].get(path, answer("", "404 Not Found"))
        if callable(found):
            found(asked, connection)
        else:
            connection.sendall(found)


class Round:
    """One read of every source by a Worker."""

    def __init__(self, store: Store, door: Door, clock: FakeClock) -> None:
        self.store, self.door, self.clock = store, door, clock
        self.sources: dict[str, OpenSource] = {}
        self._ended = threading.Condition()
        self._names: set[str] = set()

    def add(self, name: str, kind: str, url: str) -> None:
        row = KINDS[kind]
        opening = Opening(
            base_folder="", timezone=TIMEZONE, decode=extract.decode, parse_moment=extract.parse_moment, limit=200
        )
        self.sources[name] = OpenSource(
            name=name,
            home=url,
            source=row.open(row.options.model_validate({"url": url}), opening),
            get=self.door.get,
            pages=PageReader(
                read=lambda page: extract.extract(page, ArticleRules(), TIMEZONE),
                clean=extract.clean,
                next_pages=extract.next_pages,
                join=extract.join,
            ),
            shelf=None,
            timezone=TIMEZONE,
            limit=200,
            offer_wins=row.offer_wins,
            next_run=partial(self._end, name),
        )

    def _end(self, name: str, now: datetime) -> None:
        """Asked for when a source has been read: the next time is never."""
        with self._ended:
            self._names.add(name)
            self._ended.notify_all()

    @contextmanager
    def going(self, *, first: set[str] | None = None) -> Iterator[Callable[..., bool]]:
        """Have a worker read; what is given waits until the sources named have been read, and says whether they are."""
        with ThreadPoolExecutor(FETCHERS) as pool:
            worker = Worker(
                store=self.store,
                sources=self.sources,
                clock=self.clock,
                workers=WORKERS,
                fetchers=pool,
                rebuild=lambda: None,
            )
            worker.start()
            if first is not None:
                self.begin(self.sources.keys() - first, at=None)
            worker.tick()

            def wait_for(names: set[str], patience: float = PATIENCE) -> bool:
                ends = time.monotonic() + patience
                while time.monotonic() < ends:
                    worker.tick()
                    with self._ended:
                        if names <= self._names:
                            return True
                        self._ended.wait(0.02)
                return False

            try:
                yield wait_for
            finally:
                worker.stop()

    def begin(self, names: Iterable[str], at: datetime | None = START) -> None:
        """Have sources read now; with `at` None, not before they are begun again."""
        with self.store.writing() as writer:
            for name in names:
                writer.put_state(replace(self.store.state(name), next_run=at))

    def health(self) -> dict[str, Health]:
        return {state.name: state.health for state in self.store.states()}


@pytest.fixture
def town() -> Iterator[Town]:
    with running(HostileServer()) as server:
        yield Town(server)


@contextmanager
def round_of(tmp_path: Path, *, total: float, read: float) -> Iterator[Round]:
    clock = FakeClock()
    store = open_store(f"sqlite:///{tmp_path / 'many.db'}", clock)
    fetch = fetch_settings(total=total, read=read)
    try:
        with door_for(fetch, clock, resolve=lambda host, port: ["127.0.0.1"]) as door:
            yield Round(store, door, clock)
    finally:
        store.close()


# ------------------------------------------------------------------------------------------------ facts


@pytest.fixture(scope="module")
def names() -> tuple[list[str], list[str]]:
    """Of two hundred sources those that are well, and those that are not."""
    every = [f"source-{number:03}" for number in range(200)]
    bad = every[::10] + every[3::10] + every[7::10]
    return [name for name in every if name not in bad], sorted(bad)


@pytest.mark.slow
def test_failing_sources_cost_nobody_else_anything(
    tmp_path: Path, town: Town, names: tuple[list[str], list[str]]
) -> None:
    """140 of 200 sources are read and stored whole; 60 that fail in sixteen ways are broken, each with its reason."""
    good, bad = names
    with round_of(tmp_path, total=2.5, read=1.5) as everything:
        for number, name in enumerate(good):
            host = f"{name}.example.org"
            if number % 4:
                everything.add(name, "feed", town.add(host, {"/": feed(host)}))
            else:
                pages = {f"/news/{n:04}.html": article(n) for n in range(5)}
                everything.add(name, "listing", town.add(host, {"/": listing(), **pages}))
        ways = {name: list(WAYS)[number % len(WAYS)] for number, name in enumerate(bad)}
        for name in bad:
            everything.add(name, "feed", town.add(f"{name}.example.org", {"/": WAYS[ways[name]]}))
        with everything.going() as read:
            assert read({*good, *bad}), "some source was never read"
        states = {state.name: state for state in everything.store.states()}
        assert {ways[name] for name in bad if states[name].health is not Health.BROKEN} == set()
        assert [ways[name] for name in bad if not states[name].reason] == []
        assert [name for name in good if states[name].health is not Health.WELL] == []
        stored = [article.source for article in everything.store.articles("all", 1_000)]
        assert {name: stored.count(name) for name in good} == {
            name: 3 if number % 4 else 5 for number, name in enumerate(good)
        }
        assert not set(stored) & set(bad)


@dataclass
class Held:
    """Answers that come when the test says so; `make` makes them of the path. arrived: how many requests came."""

    make: Callable[[str], bytes]
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    go: threading.Event = field(default_factory=threading.Event)

    def __call__(self, asked: Asked, connection: socket.socket) -> None:
        self.arrived.release()
        self.go.wait(PATIENCE)
        connection.sendall(self.make(asked.path))


def test_a_slow_list_delays_nobody_else(tmp_path: Path, town: Town) -> None:
    """While seven hosts are silent, fifty others are read by the one hand that is left."""
    held = Held(lambda path: feed("slow.example.org"))
    slow, quick = {f"a-slow-{n}" for n in range(WORKERS - 1)}, {f"quick-{n:02}" for n in range(50)}
    with round_of(tmp_path, total=PATIENCE, read=PATIENCE) as everything:
        for name in sorted(slow | quick):
            host = f"{name}.example.org"
            everything.add(name, "feed", town.add(host, {"/": held if name in slow else feed(host)}))
        with everything.going() as read:
            try:
                assert read(quick), "others waited for slow hosts"
                assert {name for name in slow if everything.store.state(name).last_run is not None} == set()
            finally:
                held.go.set()
            assert read(slow | quick)
        assert set(everything.health().values()) == {Health.WELL}


@pytest.mark.slow
def test_slow_articles_delay_nobody_else(tmp_path: Path, town: Town) -> None:
    """A list of a hundred articles on a host that has fallen silent; the pages of other sources are read meanwhile."""
    held = Held(lambda path: article(int(path[6:-5])))
    quick = {f"quick-{n:02}" for n in range(20)}
    with round_of(tmp_path, total=PATIENCE, read=PATIENCE) as everything:
        pages: dict[str, Reply] = {f"/news/{n:04}.html": held for n in range(100)}
        everything.add("a-slow", "listing", town.add("slow.example.org", {"/": listing(100), **pages}))
        for name in sorted(quick):
            replies = {f"/news/{n:04}.html": article(n) for n in range(5)}
            everything.add(name, "listing", town.add(f"{name}.example.org", {"/": listing(), **replies}))
        with everything.going(first={"a-slow"}) as read:
            try:
                assert held.arrived.acquire(timeout=PATIENCE), "the first article was never asked for"
                everything.begin(quick)
                assert read(quick, 5.0), "others waited for slow articles"
            finally:
                held.go.set()
            assert read({*quick, "a-slow"})
        assert {name for name in quick if everything.health()[name] is not Health.WELL} == set()
