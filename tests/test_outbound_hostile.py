"""Answers that are made to hurt: each ends in an error or a page, soon, and costs little memory."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import pytest

from feedservice.errors import FetchError
from feedservice.model import Page
from feedservice.outbound import Door
from tests.outbound_server import Asked, HostileServer, Reply, answer, door_for, fetch_settings, redirect, running

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with running(HostileServer()) as serving:
        yield serving


def flood(before: bytes, piece: bytes) -> Callable[[Asked, socket.socket], None]:
    """Send `piece` as fast as it is taken, for as long as somebody listens."""

    def send(asked: Asked, connection: socket.socket) -> None:
        connection.sendall(before)
        many = piece * max(1, 65_536 // len(piece))
        while True:
            connection.sendall(many)

    return send


def tiny_members(count: int) -> bytes:
    return gzip.compress(b"") * count


def nested(times: int) -> bytes:
    body = b"x" * 1000
    for _ in range(times):
        body = gzip.compress(body)
    return body


HOSTILE: dict[str, Reply] = {
    "10,000 headers": HEAD + b"".join(b"X-%d: y\r\n" % number for number in range(10_000)) + b"\r\n",
    "endless headers": flood(HEAD, b"A: b\r\n"),
    "1 MB header": HEAD + b"X: " + b"y" * 1_000_000 + b"\r\n\r\n",
    "100 headers of 60 kB": HEAD + b"".join(b"X: " + b"y" * 60_000 + b"\r\n" for _ in range(101)) + b"\r\n",
    "endless header": flood(HEAD + b"X: ", b"y"),
    "endless status line": flood(b"HTTP/1.1 200 ", b"O"),
    "endless continue": flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "endless fold": flood(HEAD + b"X: y\r\n", b" y\r\n"),
    "endless chunks of one byte": flood(CHUNKED, b"1\r\nx\r\n"),
    "endless chunk": flood(CHUNKED + b"FFFFFFFFFFFFFFFF\r\n", b"x"),
    "endless chunk size": flood(CHUNKED, b"0"),
    "endless chunk extension": flood(CHUNKED + b"1;", b"x"),
    "endless trailers": flood(CHUNKED + b"0\r\n", b"A: b\r\n"),
    "negative chunk": CHUNKED + b"-1\r\nx\r\n0\r\n\r\n",
    "endless body": flood(HEAD + b"\r\n", b"x"),
    "endless gzip": flood(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"x"), gzip.compress(b"")),
    "endless gzip rubbish": flood(HEAD + b"Content-Encoding: gzip\r\n\r\n", b"\x1f\x8b"),
    "endless gzip name": flood(HEAD + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\0", b"x"),
    "tiny gzip members": answer(tiny_members(20_000), Content_Encoding="gzip"),
    "nested gzip": answer(nested(5), Content_Encoding="gzip, gzip, gzip, gzip, gzip"),
    "deflate rubbish": answer(b"\x78\x9c" + b"\xff" * 1000, Content_Encoding="deflate"),
    "bomb within a bomb": answer(zlib.compress(zlib.compress(bytes(900_000_0))), Content_Encoding="deflate"),
    "two lengths": HEAD + b"Content-Length: 1\r\nContent-Length: 9\r\n\r\nx",
    "length of 5,000 digits": HEAD + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\nx",
    "length and chunks": HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nxy\r\n0\r\n\r\n",
    "location of 60 kB": redirect("/" + "x" * 60_000),
    "endless location": flood(b"HTTP/1.1 302 Found\r\nLocation: /", b"x"),
    "body behind a redirect": flood(b"HTTP/1.1 302 Found\r\nLocation: /a\r\n\r\n", b"x"),
    "body behind an error": flood(b"HTTP/1.1 500 Odd\r\n\r\n", b"x"),
    "body behind a 304": flood(b"HTTP/1.1 304 Not Modified\r\n\r\n", b"x"),
    "NUL in a header": HEAD + b'X: \0\r\nETag: "\0"\r\nContent-Length: 1\r\n\r\nx',
    "header without a name": HEAD + b": y\r\nContent-Length: 1\r\n\r\nx",
    "header without a colon": HEAD + b"no colon here\r\nContent-Length: 1\r\n\r\nx",
    "huge etag": answer("x", ETag='"' + "e" * 60_000 + '"'),
    "99 cookies": HEAD + b"".join(b"Set-Cookie: c%d=%s\r\n" % (n, b"v" * 4_000) for n in range(90)) + b"\r\nx",
    "cookie for others": answer("x", Set_Cookie="a=b; Domain=example.org; Path=/" + "/" * 4_000),
    "status 999": b"HTTP/1.1 999 Odd\r\n\r\n",
    "status -1": b"HTTP/1.1 -1 Odd\r\n\r\n",
    "HTTP/0.9": b"<html>hello</html>",
    "HTTP/9.9": b"HTTP/9.9 200 OK\r\n\r\nx",
    "switching protocols": b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + b"x" * 1000,
}


def outcome(door: Door, url: str) -> str:
    try:
        return type(door.get(url)).__name__
    except FetchError as error:
        return str(error)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_answer_costs_little(server: HostileServer, name: str) -> None:
    """Two seconds and 32 MB at most, whatever comes; the next fetch from the same host is not confused by it."""
    server.replies |= {"/a": HOSTILE[name], "/next": answer("the next")}
    with door_for(fetch_settings(total=1, max_bytes=1_000_000)) as door:
        began = time.monotonic()
        tracemalloc.start()
        told = outcome(door, server.url("/a"))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert "\n" not in told
        assert len(told) < 700
        assert peak < 32_000_000
        assert time.monotonic() - began < 3
        following = door.get(server.url("/next"))
        assert isinstance(following, Page)
        assert following.body == b"the next"


def test_every_validator_that_was_given_can_be_sent_back(server: HostileServer) -> None:
    """Whatever a server calls its version, asking again with it works."""
    with door_for() as door:
        for etag in ('"\xff\xe9"', '"a b"', "no quotes", 'W/"*"', '"' + "e" * 5_000 + '"', '"\x7f"', "\t", '"\u4e2d"'):
            raw = etag.encode("utf-8")
            server.replies["/a"] = (
                HEAD + b"ETag: " + raw + b"\r\nLast-Modified: " + raw + b"\r\nContent-Length: 1\r\n\r\nx"
            )
            first = door.get(server.url("/a"))
            assert isinstance(first, Page)
            door.get(server.url("/a"), unless=first.validators)
