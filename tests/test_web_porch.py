"""What is answered in front of the WSGI server, and what is let through: each the same as the latter would answer."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedservice.store import open_store
from feedservice.web.porch.heads import may_be_head, read_head
from tests.fakes import FakeClock
from tests.store_examples import publish
from tests.web_examples import document, etag, fill
from tests.web_server import PATIENCE, Raw, ServerProcess, Wire, filled_store, free_port, is_ready, serving

BODY = b"<rss>" + os.urandom(700_000).hex().encode() + b"</rss>"
LARGE = "/feeds/all.large"
TAG = etag(b"<rss/>", "identity")
HOST = "Host: feeds.example.org"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> str:
    return filled_store(tmp_path_factory.mktemp("store"), document(LARGE, BODY, codings=("identity",)))


@pytest.fixture(scope="module")
def porch(filled: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The server as it is."""
    with serving(tmp_path_factory.mktemp("porch"), filled) as server:
        yield server


@pytest.fixture(scope="module")
def plain(filled: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of the WSGI server alone, with the same application."""
    folder = tmp_path_factory.mktemp("plain")
    config = folder / "config.yaml"
    config.write_text(f"site: {{title: Example}}\nstore: {{url: '{filled}'}}\nsources: {{}}\n")
    port = free_port()
    program = (
        "from feedservice.web.server import serve; "
        f"serve('feedservice.wsgi:create_app', host='127.0.0.1', port={port}, processes=1, porch=False)"
    )
    environ = {"PATH": os.environ["PATH"], "FEEDSERVICE_CONFIG": str(config)}
    process = subprocess.Popen([sys.executable, "-c", program], env=environ)
    try:
        assert is_ready(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


# ------------------------------------------------------------------------------------------------ the same answers

GET = "GET /feeds/all.rss HTTP/1.1"
REQUESTS = {
    "plain": [GET, HOST],
    "head": ["HEAD /feeds/all.rss HTTP/1.1", HOST],
    "large": [f"GET {LARGE} HTTP/1.1", HOST],
    "gzip": [GET, HOST, "Accept-Encoding: gzip, deflate"],
    "codings in odd case": [GET, HOST, "ACCEPT-ENCODING:  GZip;q=0.5 , br;q=0.1\t"],
    "a coding refused": [GET, HOST, "Accept-Encoding: *;q=0, identity"],
    "the right tag": [GET, HOST, f"If-None-Match: {TAG}"],
    "a weak tag": [GET, HOST, f"if-none-match: W/{TAG}"],
    "one of several tags": [GET, HOST, f'If-None-Match: "x", {TAG} , "y"'],
    "another tag": [GET, HOST, 'If-None-Match: "other"'],
    "no tag": [GET, HOST, "If-None-Match: other"],
    "any tag": [GET, HOST, "If-None-Match: *"],
    "the tag, asked for the head": ["HEAD /feeds/all.rss HTTP/1.1", HOST, f"If-None-Match: {TAG}"],
    "a date to come": [GET, HOST, "If-Modified-Since: Fri, 31 Dec 2100 00:00:00 GMT"],
    "an old date": [GET, HOST, "If-Modified-Since: Fri, 31 Dec 1999 00:00:00 GMT"],
    "no date": [GET, HOST, "If-Modified-Since: yesterday"],
    "date and tag": [GET, HOST, "If-Modified-Since: Fri, 31 Dec 2100 00:00:00 GMT", 'If-None-Match: "other"'],
    "the tag twice": [GET, HOST, 'If-None-Match: "x"', f"If-None-Match: {TAG}"],
    "codings twice": [GET, HOST, "Accept-Encoding: br", "Accept-Encoding: gzip"],
    "an empty field": [GET, HOST, "If-None-Match:", "Accept-Encoding:"],
    "bytes beyond ASCII": [GET, HOST, "User-Agent: \xe4\xb8\xad", 'If-None-Match: "\xff"'],
    "a wish for the tag": [GET, HOST, f"If-Match: {TAG}"],
    "a wish for another tag": [GET, HOST, 'if-match: "other"'],
    "a wish for what is old": [GET, HOST, "If-Unmodified-Since: Fri, 31 Dec 1999 00:00:00 GMT"],
    "a range": [GET, HOST, "Range: bytes=0-1"],
    "a query": ["GET /feeds/all.rss?utm_source=x HTTP/1.1", HOST],
    "an empty query": ["GET /feeds/all.rss? HTTP/1.1", HOST],
    "an escaped path": ["GET /feeds/%61ll.rss HTTP/1.1", HOST],
    "dots in the path": ["GET /feeds/../feeds/all.rss HTTP/1.1", HOST],
    "slashes in the path": ["GET //feeds//all.rss HTTP/1.1", HOST],
    "the whole address": ["GET http://feeds.example.org/feeds/all.rss HTTP/1.1", HOST],
    "the list": ["GET /opml.xml HTTP/1.1", HOST],
    "no such feed": ["GET /feeds/none.rss HTTP/1.1", HOST],
    "no such page": ["GET /none HTTP/1.1", HOST],
    "another method": ["DELETE /feeds/all.rss HTTP/1.1", HOST],
    "options": ["OPTIONS /feeds/all.rss HTTP/1.1", HOST],
    "a method in small letters": ["get /feeds/all.rss HTTP/1.1", HOST],
    "a delta": [GET, HOST, "A-IM: feed", f"If-None-Match: {TAG}"],
    "no body": [GET, HOST, "Content-Length: 0"],
    "a short body": [GET, HOST, "Content-Length: 0", "If-None-Match: *"],
    "two hosts": [GET, HOST, "Host: other.example.org"],
    "a space before the colon": [GET, HOST, "If-None-Match : *"],
    "no name": [GET, HOST, ": *"],
    "no colon": [GET, HOST, "If-None-Match"],
    "a control byte": [GET, HOST, "X-Odd: a\x01b"],
    "a lone carriage return": [GET, HOST, "X-Odd: a\rb"],
    "an upgrade": [GET, HOST, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"],
    "two spaces": ["GET  /feeds/all.rss HTTP/1.1", HOST],
    "another version": ["GET /feeds/all.rss HTTP/1.2", HOST],
    "many fields": [GET, HOST, *(f"X-{number}: {number}" for number in range(90))],
}
OF_THE_SERVER = ("date", "server", "connection")


def asked(port: int, request: bytes, *, head: bool = False) -> tuple[Raw | None, bool]:
    """(the first answer to some bytes, whether the connection goes on)."""
    with Wire(port) as wire:
        wire.socket.sendall(request)
        try:
            answer = wire.answer(body=not head)
        except ConnectionError:
            return None, False
        try:
            wire.socket.sendall(f"GET /healthz HTTP/1.1\r\n{HOST}\r\n\r\n".encode())
            return answer, wire.answer().body == b'{"status":"alive"}\n'
        except ConnectionError:
            return answer, False


def shown(answer: Raw | None) -> object:
    """What an answer says, but for what each server says of itself."""
    if answer is None:
        return None
    fields = sorted((name, value) for name, value in answer.fields if name not in OF_THE_SERVER)
    return answer.status, fields, answer.body


@pytest.mark.parametrize("lines", REQUESTS.values(), ids=REQUESTS)
def test_request_is_answered_as_by_the_server_behind(porch: ServerProcess, plain: int, lines: list[str]) -> None:
    request = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    head = lines[0].startswith("HEAD ")
    ours, theirs = asked(porch.port, request, head=head), asked(plain, request, head=head)
    assert (shown(ours[0]), ours[1]) == (shown(theirs[0]), theirs[1])


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /feeds/all.rss HTTP/1.0\r\n\r\n",
        b"GET /feeds/all.rss HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        b"GET /feeds/all.rss HTTP/1.0\r\nHost: a\r\nConnection: close\r\nAccept-Encoding: gzip\r\n\r\n",
        b"HEAD /feeds/all.rss HTTP/1.0\r\nHost: a\r\nIf-None-Match: *\r\n\r\n",
        b"GET /feeds/all.rss HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc",
        b"GET /feeds/all.rss HTTP/1.1\r\n\r\n",
        b"\r\nGET /feeds/all.rss HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /feeds/all.rss HTTP/1.1\nHost: a\n\n",
        b"GET /feeds/all.rss HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n",
        b"GET /feeds/all.rss HTTP/1.1\r\nHost: a\r\nIf-None-Match:\r\n *\r\n\r\n",
        b"GET /feeds/all.rss HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
        b"GET /feeds/all.rss\r\n\r\n",
        b"POST /feeds/all.rss HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        b"GET /feeds/all.rss HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        b"GET /feeds/all.rss HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /feeds/all.rss HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00 hello\r\n\r\n",
    ],
)
def test_unusual_bytes_are_answered_as_by_the_server_behind(porch: ServerProcess, plain: int, request_: bytes) -> None:
    ours, theirs = asked(porch.port, request_), asked(plain, request_)
    assert (shown(ours[0]), ours[1]) == (shown(theirs[0]), theirs[1])


@pytest.mark.parametrize(
    "hosts",
    [[], ["Host:"], ["Host: a", "Host: b"], ["Host: a", "Host: a"], ["Host: <script>"], ["Host: ev il"], ["Host: a/b"]],
)
@pytest.mark.parametrize("path", ["/feeds/all.rss", "/healthz", "/feeds/all.rss?limit=1"])
def test_request_for_no_host_or_two_is_refused(porch: ServerProcess, path: str, hosts: list[str]) -> None:
    """RFC 9112 §3.2."""
    request = "\r\n".join([f"GET {path} HTTP/1.1", *hosts, "", ""]).encode()
    answer, _ = asked(porch.port, request)
    assert answer is not None
    assert answer.status == 400


@pytest.mark.parametrize("host", ["a", "feeds.example.org:8000", "[::1]:80", "127.0.0.1", "xn--fiq228c.example", "a_b"])
def test_host_may_be_any(porch: ServerProcess, host: str) -> None:
    for path in ("/feeds/all.rss", "/healthz"):
        answer, goes_on = asked(porch.port, f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert answer is not None
        assert (answer.status, goes_on) == (200, True)


# ------------------------------------------------------------------------------------------------ one connection


def test_requests_sent_at_once_are_answered_in_order(porch: ServerProcess) -> None:
    """Also those between which the connection goes over to the server behind, and those that fill all buffers."""
    paths = ["/feeds/all.rss", LARGE, "/feeds/all.atom", LARGE, "/healthz", "/feeds/all.rss", LARGE, "/feeds/none.rss"]
    with Wire(porch.port, receive_buffer=4096) as wire:
        wire.socket.sendall(b"".join(f"GET {path} HTTP/1.1\r\n{HOST}\r\n\r\n".encode() for path in paths))
        answers = [wire.answer() for _ in paths]
    assert [answer.status for answer in answers] == [200] * 7 + [404]
    assert [answer.body == BODY for answer in answers] == [path == LARGE for path in paths]


def test_requests_may_come_byte_by_byte(porch: ServerProcess) -> None:
    request = f"GET /feeds/all.rss HTTP/1.1\r\n{HOST}\r\nIf-None-Match: {TAG}\r\n\r\n".encode()
    with Wire(porch.port) as wire:
        wire.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(2):
            for at in range(len(request)):
                wire.socket.sendall(request[at : at + 1])
            assert wire.answer().status == 304
        assert wire.ask().body == b"<rss/>"


def test_client_that_says_it_will_close_is_told_so_too(porch: ServerProcess) -> None:
    with Wire(porch.port) as wire:
        answer = wire.ask("/feeds/all.rss", "GET", "Connection: close")
        assert (answer.status, answer["Connection"]) == (200, "close")
        assert wire.ended()


def test_large_answer_reaches_a_client_that_closes_its_side(porch: ServerProcess) -> None:
    with Wire(porch.port, receive_buffer=4096) as wire:
        wire.send(LARGE, "GET", "Connection: close")
        wire.socket.sendall(b"GET /feeds/never.rss HTTP/1.1\r\n\r\n")
        assert wire.answer().body == BODY
        assert wire.ended()


def test_published_document_is_answered_though_the_same_head_was_answered_before(filled: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'feedservice.db'}"
    store = open_store(url, FakeClock())
    fill(store)
    with serving(tmp_path, url) as server, Wire(server.port) as wire:
        assert wire.ask().body == b"<rss/>"
        assert wire.ask("/feeds/all.rss", "GET", f"If-None-Match: {TAG}").status == 304
        publish(store, document("/feeds/all.rss", b"<rss>new</rss>"))
        end = time.monotonic() + PATIENCE
        while wire.ask().body == b"<rss/>":
            assert time.monotonic() < end
        assert wire.ask().body == b"<rss>new</rss>"
        assert wire.ask("/feeds/all.rss", "GET", f"If-None-Match: {TAG}").body == b"<rss>new</rss>"
    store.close()


# ------------------------------------------------------------------------------------------------ heads


def test_nothing_that_could_hide_a_second_request_is_recognised() -> None:
    """RFC 9112 §11.2: each of these is read in two ways by one server or another."""
    start = b"GET /feeds/all.rss HTTP/1.1\r\nHost: a\r\n"
    assert read_head(start + b"\r\n") is not None
    for lines in (
        b"Content-Length: 0\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"transfer-encoding:x\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b" Transfer-Encoding: chunked\r\n",
        b"X: y\nTransfer-Encoding: chunked\r\n",
        b"X: y\rContent-Length: 5\r\n",
        b"X: y\r\n Content-Length: 5\r\n",
        b"Content-Length\t: 5\r\n",
        b"Expect: 100-continue\r\n",
        b"Upgrade: h2c\r\n",
        b"Connection: close, te\r\n",
        b"Host: b\r\n",
        b"X\x00: y\r\n",
    ):
        assert read_head(start + lines + b"\r\n") is None, lines


@pytest.mark.parametrize(
    ("lines", "closes"),
    [
        (b"1.1\r\nHost: a\r\n", False),
        (b"1.1\r\nHost: a\r\nConnection: Keep-Alive\r\n", False),
        (b"1.1\r\nHost: a\r\nConnection: Close\r\n", True),
        (b"1.1\r\n", None),
        (b"1.0\r\n", True),
        (b"1.0\r\nHost: a\r\nConnection: close\r\n", True),
        (b"1.0\r\nHost: a\r\nConnection: keep-alive\r\n", None),
    ],
)
def test_head_tells_whether_the_connection_is_kept(lines: bytes, closes: bool | None) -> None:
    """RFC 9112 §9.3. What says neither, or asks an old version for a new thing, is not for us."""
    head = read_head(b"GET /feeds/all.rss HTTP/" + lines + b"\r\n")
    assert (head.closes if head else None) is closes


@pytest.mark.parametrize("begun", [b"G", b"GET", b"GET ", b"GET /feeds", b"HEAD", b"HEAD /x HTTP/1.1\r\nHos"])
def test_rest_of_a_head_is_waited_for(begun: bytes) -> None:
    assert may_be_head(begun)


@pytest.mark.parametrize(
    "begun", [b"P", b"GETS", b"GET http", b"\r\n", b"\x16\x03", b"GET /" + b"x" * 20_000, b"GET / HTTP/1.1\nH"]
)
def test_what_will_be_no_head_for_us_is_not_waited_for(begun: bytes) -> None:
    assert not may_be_head(begun)
