"""What means harm costs little: every reader ends in bounded time and memory, and says that it could not read."""

from __future__ import annotations

import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial

import pytest

from feedservice.errors import FetchError, SourceError, TooLarge
from feedservice.model import NotModified, Page, Reading
from feedservice.protocols import Get, Source
from tests.hostile_pages import MEMORY, PAGES, SECONDS, Meeting, meet
from tests.outbound_server import Asked, HostileServer, answer, door_for, fetch_settings, redirect, running
from tests.source_support import open_source

SOURCES = ("feed", "listing", "sitemap", "json", "auto")
ARTICLES = ("decode", "article", "clean")
TELLING = {
    "a million attributes", "attributes that hold >", "nested divs", "javascript: links", "来源：", "lone surrogates",
    "NUL", "a reference of many digits", "billion laughs in a feed", "external entity in a feed",
    "a feed of long numbers", "billion laughs in a sitemap", "gzip bomb", "JSON that nests", "nothing",
}  # fmt: skip
LISTS = {"gzip bomb", "JSON that nests"}
"""Those of them that tell more of sources than of articles."""
LONG = {"gzip bomb", "nested divs"}
"""Those that take sources long; other tests tell much the same sooner."""


def pace(page: str, quick: set[str]) -> tuple[pytest.MarkDecorator, ...]:
    """The mark of a page that is not quick to tell something."""
    return () if page in quick else (pytest.mark.slow,)


OF_SOURCES = [pytest.param(page, marks=pace(page, TELLING - LONG)) for page in PAGES]
OF_ARTICLES = [pytest.param(page, marks=pace(page, TELLING - LISTS)) for page in PAGES]


def faults(met: dict[str, Meeting]) -> list[str]:
    """What went otherwise than it should, in words."""
    return [f"{reader}: {told.outcome}" for reader, told in met.items() if told.outcome not in ("read", "refused")]


def lasting_faults(page: str, readers: Sequence[str]) -> list[str]:
    """What goes otherwise than it should, for certain.

    Who takes too long meets the page once more: a machine may be slow for a while, and nothing that hangs ends then.
    """
    met = meet(page, readers)
    late = [reader for reader, told in met.items() if told.outcome.startswith("did not end")]
    return faults({**met, **meet(page, late)} if late else met)


@pytest.mark.parametrize("page", OF_SOURCES)
def test_a_hostile_page_is_read_or_refused_by_every_source(page: str) -> None:
    assert lasting_faults(page, SOURCES) == [], f"within {SECONDS} s and {MEMORY:,} bytes"


@pytest.mark.parametrize("page", OF_ARTICLES)
def test_a_hostile_page_is_read_or_refused_as_an_article(page: str) -> None:
    assert lasting_faults(page, ARTICLES) == [], f"within {SECONDS} s and {MEMORY:,} bytes"


# ------------------------------------------------------------------------------------------------ through the door


def hundred_megabytes(asked: Asked, connection: socket.socket) -> None:
    """A page that says how long it is."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000000\r\n\r\n")
    _pour(connection)


def endless(asked: Asked, connection: socket.socket) -> None:
    """A page that does not say how long it is."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    _pour(connection, b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def _pour(connection: socket.socket, piece: bytes = b"<p>text" * 10_000) -> None:
    try:
        while True:
            connection.sendall(piece)
    except OSError:
        return


def drip(asked: Asked, connection: socket.socket) -> None:
    """A page of which a byte comes now and then, each in time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n")
    silence = threading.Event()
    try:
        while True:
            connection.sendall(b"<")
            silence.wait(0.05)
    except OSError:
        return


def bomb(coding: str) -> bytes:
    """A hundred megabytes of blanks, packed."""
    import gzip
    import zlib

    import brotli
    import zstandard

    pack: dict[str, Callable[[bytes], bytes]] = {
        "gzip": partial(gzip.compress, compresslevel=6),
        "deflate": partial(zlib.compress, level=6),
        "br": partial(brotli.compress, quality=1),
        "zstd": zstandard.compress,
        "gzip, gzip": lambda plain: gzip.compress(gzip.compress(plain, 6), 6),
    }
    return answer(pack[coding](b" " * 100_000_000), Content_Encoding=coding)


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize(
    ("path", "error"), [("/large", TooLarge), ("/endless", TooLarge), ("/drip", FetchError), ("/loop", FetchError)]
)
def test_what_never_ends_is_left(kind: str, path: str, error: type[SourceError]) -> None:
    with running(HostileServer()) as server, door_for(fetch_settings(total=0.6, max_bytes=10_000_000)) as door:
        server.replies = {"/large": hundred_megabytes, "/endless": endless, "/drip": drip, "/loop": redirect("/loop")}
        began = time.monotonic()
        with pytest.raises(error):
            read_through(door.get, open_source(kind, {"url": server.url(path)}))
        assert time.monotonic() - began < 5


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
def test_a_bomb_does_not_go_off(coding: str) -> None:
    with running(HostileServer()) as server, door_for(fetch_settings(max_bytes=10_000_000)) as door:
        server.replies = {"/bomb": bomb(coding)}
        source = open_source("auto", {"url": server.url("/bomb")})
        tracemalloc.start()
        try:
            with pytest.raises(FetchError):
                read_through(door.get, source)
            assert tracemalloc.get_traced_memory()[1] < 64_000_000
        finally:
            tracemalloc.stop()


def read_through(door: Get, source: Source) -> Reading:
    """Read a source once, through a real door."""

    def get(url: str, *, conditional: bool = False, accept: str = "*/*") -> Page | NotModified:
        return door(url, accept=accept)

    return source.read(get, lambda keys: frozenset())
