"""Two hundred sources on a real store, read through the real door: sixty fail in every way, and nobody else notices."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from feedservice import extract
from feedservice.config.settings import ArticleRules
from feedservice.model import Health
from feedservice.outbound import Door
from feedservice.protocols import Opening, PageReader, Store
from feedservice.refresh import OpenSource
from feedservice.sources import KINDS
from feedservice.store import open_store
from feedservice.working import Worker
from tests.fakes import FakeClock
from tests.outbound_server import Asked, HostileServer, Reply, answer, door_for, fetch_settings, redirect, running

TIMEZONE = "Asia/Shanghai"
WORKERS = 8
PATIENCE = 30.0
"""Seconds after which a test gives up; none is ever waited for when all is well."""


def rss(host: str, count: int = 3) -> bytes:
    """A feed of whole articles."""
    items = "".join(
        f"<item><title>第{n}条新闻 {host}</title><link>http://{host}/{n}.html</link><guid>http://{host}/{n}.html</guid>"
        f"<pubDate>Mon, 05 Jan 2026 0{n}:00:00 GMT</pubDate><description>&lt;p&gt;全文。&lt;/p&gt;</description></item>"
        for n in range(count)
    )
    return answer(f'<?xml version="1.0"?><rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>')


def listing(count: int = 5) -> bytes:
    """A list of stubs, whose pages have to be read."""
    rows = "".join(f'<li><a href="/news/{n:04}.html">关于第{n}次会议的通知</a> 2026-01-05</li>' for n in range(count))
    return answer(f"<html><body><ul>{rows}</ul></body></html>", Content_Type="text/html; charset=utf-8")


def article(number: int) -> bytes:
    """The page of an article."""
    text = f"<p>第{number}次会议讨论了工作安排，各单位要认真贯彻落实会议精神，做好各项工作。</p>" * 8
    body = f"<html><body><h1>关于第{number}次会议的通知</h1><div>来源：示例日报 2026-01-05 09:30</div>{text}</body></html>"
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

    def get(self, path: str, default: object = None) -> Reply:  # type: ignore[override]
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
    def going(self, *, fetchers: int = 32) -> Iterator[Callable[[set[str]], bool]]:
        """Have a worker read; what is given waits until the sources named have been read, and says whether they were."""
        with ThreadPoolExecutor(fetchers) as pool:
            worker = Worker(
                store=self.store,
                sources=self.sources,
                clock=self.clock,
                workers=WORKERS,
                fetchers=pool,
                rebuild=lambda: None,
            )
            worker.start()

            def wait_for(names: set[str]) -> bool:
                ends = time.monotonic() + PATIENCE
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

    def health(self) -> dict[str, Health]:
        return {state.name: state.health for state in self.store.states()}


@pytest.fixture
def town() -> Iterator[Town]:
    with running(HostileServer()) as server:
        yield Town(server)


@contextmanager
def round_of(tmp_path: Path, **settings: float) -> Iterator[Round]:
    clock = FakeClock()
    store = open_store(f"sqlite:///{tmp_path / 'many.db'}", clock)
    fetch = fetch_settings(allow=("127.0.0.1",), max_bytes=1_000_000, **settings)
    try:
        with door_for(fetch, clock, resolve=lambda host, port: ["127.0.0.1"]) as door:
            yield Round(store, door, clock)
    finally:
        store.close()
