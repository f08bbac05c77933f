"""Senders that are slow: they wait by themselves, and everybody else is answered meanwhile."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from feedservice.web.bodies import Bodies, Crowded
from tests.web_server import PATIENCE, Wire, filled_store, free_port, is_ready

TOKEN = "a-token-of-enough-letters"
PATH = "/api/sources/desk/articles"
ARTICLE = b'{"id": "1", "title": "t"}'
FIELDS = (f"Authorization: Bearer {TOKEN}", "Content-Type: application/json")


class Slow:
    """A body that comes when the test says so."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.asked, self.comes = threading.Event(), threading.Event()

    def read(self, size: int, /) -> bytes:
        self.asked.set()
        self.comes.wait(PATIENCE)
        return self._body[:size]


# ------------------------------------------------------------------------------------------------ waiting


def test_no_more_are_read_at_a_time_than_there_are_places() -> None:
    bodies, slow = Bodies(patience=0.0), Slow(b"hello")
    got: list[bytes] = []
    first = threading.Thread(target=lambda: got.append(bodies.read(slow, 9, 1)))
    first.start()
    slow.asked.wait(PATIENCE)
    with pytest.raises(Crowded):
        bodies.read(BytesIO(b"other"), 5, 1)
    assert bodies.read(BytesIO(b"other"), 5, 2) == b"other"
    slow.comes.set()
    first.join(PATIENCE)
    assert got == [b"hello"]
    assert bodies.read(BytesIO(b"other"), 5, 1) == b"other"


def test_place_that_becomes_free_is_waited_for() -> None:
    bodies, slow = Bodies(patience=PATIENCE), Slow(b"hello")
    got: list[bytes] = []
    threads = [threading.Thread(target=lambda: got.append(bodies.read(slow, 5, 1))) for _ in range(4)]
    for thread in threads:
        thread.start()
    slow.asked.wait(PATIENCE)
    slow.comes.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert got == [b"hello"] * 4


def test_place_is_free_again_after_an_error_of_the_connection() -> None:
    class Broken:
        def read(self, size: int, /) -> bytes:
            raise ConnectionResetError(size)

    bodies = Bodies(patience=0.0)
    with pytest.raises(ConnectionResetError):
        bodies.read(Broken(), 5, 1)
    assert bodies.read(BytesIO(b"hello"), 5, 1) == b"hello"


# ------------------------------------------------------------------------------------------------ on the wire


@contextlib.contextmanager
def pushed_to(folder: Path, more: str) -> Iterator[int]:
    """The port of a server that articles can be pushed to."""
    port, config = free_port(), folder / "config.yaml"
    config.write_text(
        f"site: {{title: Example}}\nserver: {{port: {port}{more}}}\nstore: {{url: '{filled_store(folder)}'}}\n"
        f"sources: {{desk: {{kind: push, token: {TOKEN}}}}}\n"
    )
    program = [sys.executable, "-m", "feedservice", "--config", str(config), "serve"]
    process = subprocess.Popen(program, env={"PATH": os.environ["PATH"]})
    try:
        assert is_ready(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture(
    scope="module", params=["", pytest.param(", per_hour: 1000", marks=pytest.mark.slow)], ids=["porch", "per_hour"]
)
def port(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with pushed_to(tmp_path_factory.mktemp("server"), request.param) as port:
        yield port


@pytest.fixture(scope="module")
def behind_the_porch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with pushed_to(tmp_path_factory.mktemp("server"), "") as port:
        yield port


@contextlib.contextmanager
def dribbling(port: int, *fields: str) -> Iterator[Wire]:
    """A sender that has said a little of its article."""
    with Wire(port) as wire:
        wire.send(PATH, "POST", *FIELDS, *fields)
        wire.socket.sendall(b"5\r\n" if "Transfer-Encoding: chunked" in fields else b"{")
        yield wire


def pushed(port: int) -> int:
    """The status of the answer to a whole article."""
    with Wire(port) as wire:
        wire.send(PATH, "POST", *FIELDS, f"Content-Length: {len(ARTICLE)}")
        wire.socket.sendall(ARTICLE)
        return wire.answer().status


@pytest.mark.parametrize("length", [f"Content-Length: {len(ARTICLE)}", "Transfer-Encoding: chunked"])
def test_everybody_is_answered_while_a_sender_dribbles(port: int, length: str) -> None:
    with dribbling(port, length) as slow, Wire(port) as wire:
        wire.socket.settimeout(5)
        for _ in range(3):
            assert wire.ask("/healthz").status == 200
            assert wire.ask("/feeds/all.rss?limit=1").status == 200
            assert wire.ask("/feeds/all.rss").body == b"<rss/>"
        assert wire.ask(PATH + "?id=none", "GET", *FIELDS).status == 404
        if length.startswith("Content-Length"):
            slow.socket.sendall(ARTICLE[1:])
            assert slow.answer().status in (200, 202)


@pytest.mark.slow
def test_many_who_dribble_hold_up_nobody_but_who_pushes(port: int) -> None:
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(dribbling(port, "Content-Length: 1000")) for _ in range(5)]
        readable, _, _ = select.select([each.socket for each in slow], [], [], PATIENCE)
        refused = next(each for each in slow if each.socket in readable).answer()
        assert (refused.status, refused["Retry-After"], refused["Connection"]) == (503, "10", "close")
        assert refused["Content-Type"] == "application/problem+json"
        with Wire(port) as wire:
            wire.socket.settimeout(5)
            assert wire.ask("/healthz").status == 200
    end = time.monotonic() + PATIENCE
    while pushed(port) == 503:
        # Those who left are waited for a little: they might only have ended their side.
        assert time.monotonic() < end
    assert pushed(port) in (200, 202)


HALF_CLOSED = {
    "HTTP/1.0": b"GET /feeds/all.rss?limit=1 HTTP/1.0\r\n\r\n",
    "close": b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "unknown": b"GET /feeds/all/archive/9.rss HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "pushed": "\r\n".join([f"POST {PATH} HTTP/1.0", *FIELDS, f"Content-Length: {len(ARTICLE)}", "", ""]).encode()
    + ARTICLE,
}


@pytest.mark.parametrize(
    ("said", "status"), list(zip(HALF_CLOSED.values(), [(200,), (200,), (404,), (200, 202)], strict=True))
)
def test_client_that_ends_its_side_with_its_request_is_answered(
    behind_the_porch: int, said: bytes, status: tuple[int, ...]
) -> None:
    with Wire(behind_the_porch) as wire:
        wire.socket.sendall(said)
        wire.socket.shutdown(socket.SHUT_WR)
        assert wire.answer().status in status
        assert wire.ended()


@pytest.mark.slow
def test_sender_that_never_ends_is_told_that_it_took_too_long(tmp_path: Path) -> None:
    with pushed_to(tmp_path, "") as port, dribbling(port, "Content-Length: 1000") as slow:
        slow.socket.settimeout(40)
        answer = slow.answer()
        assert (answer.status, answer["Connection"]) == (408, "close")
        assert slow.ended()
