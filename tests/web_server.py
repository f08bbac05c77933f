"""A real server process on a free port, asked over raw sockets: what is on the wire, and how processes end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedservice.model import Document
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.store_examples import publish
from tests.web_examples import fill

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

PATIENCE = 20.0
_START = 60.0
"""Seconds in which a server becomes ready, also where a dozen processes want the same two processors."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def filled_store(folder: Path, *more: Document) -> str:
    """The address of a SQLite store with feeds in it, and more documents."""
    url = f"sqlite:///{folder / 'feedservice.db'}"
    store = open_store(url, FakeClock())
    fill(store)
    publish(store, *more)
    store.close()
    return url


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer as it came over the wire; names in lower case, every field line for itself."""

    status: int
    fields: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name.lower()]

    def __getitem__(self, name: str) -> str | None:
        values = self.all(name)
        assert len(values) <= 1, f"{name}: {values}"
        return values[0] if values else None


class Wire:
    """One connection."""

    def __init__(self, port: int, *, receive_buffer: int = 0) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self._rest = b""
        try:
            self.socket.connect(("127.0.0.1", port))
        except OSError:
            self.socket.close()
            raise

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, path: str = "/feeds/all.rss", method: str = "GET", *lines: str) -> None:
        head = "\r\n".join([f"{method} {path} HTTP/1.1", "Host: feeds.example.org", *lines, "", ""])
        self.socket.sendall(head.encode("latin-1"))

    def answer(self, *, body: bool = True) -> Raw:
        """The next answer. body: whether one may follow the head (not after HEAD)."""
        while b"\r\n\r\n" not in self._rest:
            self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        fields = tuple((name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines))
        status = int(first.split()[1])
        length = int(dict(fields).get("content-length", "0")) if body and status not in (204, 304) else 0
        while len(self._rest) < length:
            self._more()
        content, self._rest = self._rest[:length], self._rest[length:]
        return Raw(status, fields, content)

    def ask(self, path: str = "/feeds/all.rss", method: str = "GET", *lines: str) -> Raw:
        self.send(path, method, *lines)
        return self.answer(body=method != "HEAD")

    def ended(self) -> bool:
        """Whether the server closed the connection, with nothing more to say."""
        try:
            return not self._rest and self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def _more(self) -> None:
        came = self.socket.recv(65536)
        if not came:
            raise ConnectionError("the server closed the connection")
        self._rest += came


def is_ready(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether a server says that it is ready, after some time at most."""
    end = time.monotonic() + _START
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), Wire(port) as wire:
            if wire.ask("/readyz").status == 200:
                return True
        time.sleep(0.05)
    return False


class ServerProcess:
    """`feedservice serve`, for a store that is filled already."""

    def __init__(
        self, folder: Path, store_url: str, *, port: int = 0, environ: Mapping[str, str] | None = None
    ) -> None:
        self.port = port or free_port()
        config = folder / "config.yaml"
        config.write_text(
            f"site: {{title: Example}}\nserver: {{port: {self.port}}}\nstore: {{url: '{store_url}'}}\nsources: {{}}\n"
        )
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "feedservice", "--config", str(config), "serve"],
                env={"PATH": os.environ["PATH"], **(environ or {})},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_until_ready(self, port: int = 0) -> None:
        if not is_ready(self.process, port or self.port):
            raise AssertionError(f"the server did not become ready: {self.log.read_text()}")

    def workers(self) -> set[int]:
        """The processes that serve."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return {int(pid) for pid in children.split()}

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, and the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def environ_app() -> WSGIApplication:
    """An application that answers with what every request is told."""

    def answer(environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        body = "\n".join(environ).encode()
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]

    return answer


def breaking_app() -> WSGIApplication:
    """An application that cannot say what it has ready, by an error of ours that nobody foresaw."""
    from feedservice.web.hot import HotPath

    class Breaking(HotPath):
        def __init__(self) -> None:
            self.lent = 0

        def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
            start_response("200 OK", [("Content-Length", "0")])
            return []

        def prepared(self, path: str, *_: str | None) -> None:
            raise ZeroDivisionError(path)

    return Breaking()


@contextlib.contextmanager
def serving(folder: Path, store_url: str) -> Iterator[ServerProcess]:
    """A server that is ready, and gone afterwards."""
    server = ServerProcess(folder, store_url)
    try:
        server.wait_until_ready()
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
