"""Connections that go only where they may, and wait only as long as they may.

The address that is really connected to is judged, never the name that was asked for: what a resolver said a moment ago,
and every way to spell 127.0.0.1, means nothing here. All waiting on a socket counts against one deadline, so that a
server that sends a byte now and then holds nobody.
"""

from __future__ import annotations

import math
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from feedservice.outbound.addresses import Exceptions, parse_address
from feedservice.outbound.heads import WholeHead

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Resolve = Callable[[str, int], Sequence[str]]
"""(host, port) -> its addresses, best first. Raises OSError when the name is not known."""

_MOST_CANDIDATES = 6


class RefusedAddress(Exception):
    """The host leads to no address that may be connected to. The text says where it leads."""


class Patience(threading.local):
    """How long this thread may still wait on the network, on a clock that nobody can turn back.

    spare: seconds that it may still wait for its turn; that does not count against the network.
    dialled: set when a new connection is tried.
    """

    def __init__(self) -> None:
        self._ends = math.inf
        self.spare = math.inf
        self.dialled = False

    def start(self, seconds: float) -> None:
        """Allow this many seconds from now on."""
        self._ends = time.monotonic() + seconds
        self.spare = seconds

    def waited(self, seconds: float) -> None:
        """Take note of time that was spent waiting for a turn."""
        self._ends += seconds
        self.spare -= seconds

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """What is done in the block is waiting for a turn."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.waited(time.monotonic() - began)

    def left(self) -> float:
        """Seconds left. Raises TimeoutError when there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the whole fetch took too long")
        return left


class PatientSocket(socket.socket):
    """A socket whose reads end with the patience of the thread that reads, however the bytes drip."""

    patience: Patience | None = None

    def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0) -> int:
        _hurry(self, self.patience)
        return super().recv_into(buffer, nbytes, flags)


class PatientTlsSocket(ssl.SSLSocket):
    """The same behind TLS; set as an SSLContext's `sslsocket_class`."""

    patience: Patience | None = None

    def recv_into(self, buffer: WriteableBuffer, nbytes: int | None = None, flags: int = 0) -> int:
        _hurry(self, self.patience)
        return super().recv_into(buffer, nbytes, flags)


def _hurry(sock: socket.socket, patience: Patience | None) -> None:
    if patience is not None:
        left, set_to = patience.left(), sock.gettimeout()
        if set_to is None or set_to > left:
            sock.settimeout(left)


def look_up(host: str, port: int) -> Sequence[str]:
    """The system's addresses of `host`, in its order. Raises OSError when there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True, slots=True)
class Dialer:
    """Opens sockets. trusting: connects anywhere, for the operator's own proxy."""

    resolve: Resolve
    exceptions: Exceptions
    patience: Patience
    trusting: bool = False

    def candidates(self, host: str, port: int) -> list[str]:
        """The addresses of `host` that may be connected to, best first.

        Raises RefusedAddress when there is none among them, OSError when the name is not known.
        """
        literal = parse_address(host)
        found = [str(literal)] if literal is not None else list(dict.fromkeys(self._resolve_in_time(host, port)))
        allowed = [address for address in found if self.trusting or self.exceptions.allow(host, address)]
        if not allowed:
            where = ", ".join(found[:3]) or "no address"
            raise RefusedAddress(f"leads to {where}, which is not public; fetch.allow lets in what is named there")
        return allowed[:_MOST_CANDIDATES]

    def _resolve_in_time(self, host: str, port: int) -> Sequence[str]:
        # The system's resolver knows no deadline, so it is left behind in a thread of its own when it is too slow.
        answer: queue.SimpleQueue[Sequence[str] | OSError] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answer.put(self.resolve(host, port))
            except OSError as error:
                answer.put(error)
            except UnicodeError as error:
                answer.put(socket.gaierror(socket.EAI_NONAME, str(error)))

        threading.Thread(target=ask, name="resolver", daemon=True).start()
        try:
            found = answer.get(timeout=self.patience.left())
        except queue.Empty:
            raise TimeoutError("looking up the name took too long") from None
        if isinstance(found, OSError):
            raise found
        return found

    def dial(self, host: str, port: int, timeout: float | None) -> socket.socket:
        """A connection to the first of `host`'s addresses that answers; each gets `timeout` seconds at most."""
        self.patience.dialled = True
        failure: OSError = OSError("no address")
        for address in self.candidates(host, port):
            try:
                return self._connect(host, address, port, timeout)
            except OSError as error:
                failure = error
        raise failure

    def _connect(self, host: str, address: str, port: int, timeout: float | None) -> socket.socket:
        sock = PatientSocket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.patience = self.patience
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            left = self.patience.left()
            sock.settimeout(left if timeout is None else min(timeout, left))
            sock.connect((address, port))
            self._judge_peer(host, sock)
        except BaseException:
            sock.close()
            raise
        return sock

    def _judge_peer(self, host: str, sock: socket.socket) -> None:
        peer = str(sock.getpeername()[0])
        if not (self.trusting or self.exceptions.allow(host, peer)):
            raise RefusedAddress(f"leads to {peer}, which is not public")


class GuardedConnection(HTTPConnection):
    """urllib3's connection, dialling through a Dialer."""

    dialer: Dialer
    response_class = WholeHead

    def _new_conn(self) -> socket.socket:
        return _dial_for(self, self.dialer)


class GuardedTlsConnection(HTTPSConnection):
    """The same for https."""

    dialer: Dialer
    response_class = WholeHead

    def _new_conn(self) -> socket.socket:
        return _dial_for(self, self.dialer)

    def connect(self) -> None:
        super().connect()
        if isinstance(self.sock, PatientTlsSocket):
            self.sock.patience = self.dialer.patience


def _dial_for(connection: HTTPConnection, dialer: Dialer) -> socket.socket:
    timeout = connection.timeout if isinstance(connection.timeout, (int, float)) else None
    try:
        return dialer.dial(connection.host, connection.port, timeout)
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from error
    except TimeoutError as error:
        raise ConnectTimeoutError(connection, "timed out") from error
    except OSError as error:
        raise NewConnectionError(connection, str(error)) from error
