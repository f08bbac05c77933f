"""A real HTTP server on 127.0.0.1 whose every byte is decided by the test, and doors to it."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from feedservice.config.settings import FetchSettings
from feedservice.outbound import Door, open_door
from feedservice.outbound.connecting import Resolve
from tests.fakes import FakeClock


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived; header names in lower case."""

    path: str
    headers: Mapping[str, str]


Reply = bytes | Callable[[Asked, socket.socket], None]


def answer(body: bytes | str = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer; `Content_Length="7"` becomes the header Content-Length, which is right where it is not given."""
    raw = body.encode() if isinstance(body, str) else body
    fields = {"Content-Length": str(len(raw))} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields.items() if value)]
    return "\r\n".join((*lines, "", "")).encode("latin-1") + raw


def redirect(to: str, status: int = 302, **headers: str) -> bytes:
    """An answer that leads to `to`, written in UTF-8."""
    return answer(b"", f"{status} Found", Location=to.encode().decode("latin-1"), **headers)


@dataclass
class HostileServer:
    """Answers with the bytes, or through the functions, of `replies`; 404 for all else. Remembers what was asked."""

    port: int = 0
    replies: dict[str, Reply] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def serve(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as lines:
            while line := lines.readline():
                path = line.split()[1].decode("latin-1")
                headers = {}
                while (field_line := lines.readline().strip()) != b"":
                    name, _, value = field_line.decode("latin-1").partition(":")
                    headers[name.lower()] = value.strip()
                asked = Asked(path, headers)
                self.asked.append(asked)
                reply = self.replies.get(path) or self.replies.get(path.partition("?")[0])
                if callable(reply):
                    reply(asked, connection)
                    return
                connection.sendall(reply or answer(b"", "404 Not Found"))


@contextmanager
def running(server: HostileServer) -> Iterator[HostileServer]:
    """Serve until the block ends."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                server.serve(self.request)
            except OSError:
                return

    class Listener(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 64

    with Listener(("127.0.0.1", 0), Handler) as listener:
        server.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        listener.shutdown()
        thread.join()


@contextmanager
def door_for(
    settings: FetchSettings | None = None,
    clock: FakeClock | None = None,
    *,
    resolve: Resolve | None = None,
    sleep: Callable[[float], None] | None = None,
) -> Iterator[Door]:
    """A door that may go to 127.0.0.1, closed at the end. Sleeping moves the clock, and takes no time."""
    own_clock = clock or FakeClock()
    door = open_door(
        settings or fetch_settings(),
        own_clock,
        version="1.2.3",
        resolve=resolve,
        sleep=sleep or (lambda seconds: own_clock.pass_(seconds=seconds)),
    )
    try:
        yield door
    finally:
        door.close()


def fetch_settings(
    *,
    total: float = 5,
    read: float = 5,
    connect: float = 2,
    allow: tuple[str, ...] = ("127.0.0.1",),
    robots: bool = False,
    per_host: int = 2,
    delay: float = 0,
    max_bytes: int = 1_000_000,
    contact: str = "",
    proxy: str | None = None,
) -> FetchSettings:
    """Settings for tests: 127.0.0.1 may be read, robots.txt is not asked for. Times in seconds."""
    times = {"total_timeout": total, "read_timeout": read, "connect_timeout": connect, "delay": delay}
    settings = FetchSettings(
        allow=allow,
        robots=robots,
        per_host=per_host,
        max_bytes=max_bytes,
        contact=contact,
        proxy=proxy,
    )
    # Copied in, because tests are in more of a hurry than operators may be.
    return settings.model_copy(update={name: timedelta(seconds=seconds) for name, seconds in times.items()})
