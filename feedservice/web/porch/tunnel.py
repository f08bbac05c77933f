"""A client's connection, joined to one of the WSGI server: bytes go to and fro, unread."""

from __future__ import annotations

import contextlib
import socket

from feedservice.web.porch.loop import READ, WRITE, Loop

_PIECE = 65_536
_STALL = 60.0
"""Seconds for which an end may take nothing of what it is given."""
_SILENCE = 300.0
"""Seconds for which nothing may be said; the server behind has stricter limits, but for how long it may think."""
_LINGER = 2.0
"""Seconds after the last word of the server until the client is left, where nothing more is expected."""


class _End:
    """One side of a tunnel.

    waiting: what it has not taken yet. taken: when it last took something. ended, deaf: it says, or takes, nothing
    more.
    """

    __slots__ = ("deaf", "ended", "socket", "taken", "waiting")

    def __init__(self, end: socket.socket, now: float) -> None:
        self.socket = end
        self.waiting = b""
        self.taken = now
        self.ended = False
        self.deaf = False


class Tunnel:
    """Both ends. Owns their sockets; the client's must be watched by nobody else any more.

    Each end is read only while the other takes what it is given, so that no more than one piece is ever held. Whoever
    takes nothing for a minute is left. When the server has said its last word, what the client goes on to say is thrown
    away: to close with it unread would take that word from the client.
    """

    def __init__(self, loop: Loop, client: socket.socket, server: socket.socket, first: bytes) -> None:
        self._loop = loop
        self._client, self._server = _End(client, loop.now), _End(server, loop.now)
        self._moved = loop.now
        self._answered = False
        try:
            loop.watch(client, _Side(self, self._client, self._server), READ)
            loop.watch(server, _Side(self, self._server, self._client), READ)
            self._give(self._server, first)
        except OSError:
            self.close()

    def on_event(self, end: _End, other: _End, events: int) -> None:
        """What can be done at one end."""
        try:
            if end.waiting and events & ~READ:
                self._give(end, b"")
            if events & ~WRITE and not end.ended and not other.waiting:
                self._take(end, other)
        except OSError:
            self.close()

    def sweep(self, now: float, ending: bool) -> None:
        """Leave where nothing has moved for too long, or nothing is expected to."""
        waiting = [end for end in (self._client, self._server) if end.waiting]
        if waiting:
            # Of each by itself: who goes on talking is left too when it takes nothing of its answer.
            if any(now - end.taken > _STALL for end in waiting):
                self.close()
            return
        if self._server.ended or self._server.deaf or (ending and (self._answered or self._client.ended)):
            limit = _LINGER
        else:
            limit = _SILENCE
        if now - self._moved > limit:
            self.close()

    def close(self) -> None:
        """Leave."""
        for end in (self._client, self._server):
            if end.socket.fileno() >= 0:
                self._loop.forget(end.socket)
                end.socket.close()

    def _take(self, end: _End, other: _End) -> None:
        try:
            came = end.socket.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            if end is self._client:
                raise
            came = b""
        if came:
            self._answered = end is self._server
            if not other.deaf:
                self._give(other, came)
            return
        end.ended = True
        self._moved = self._loop.now
        if not other.waiting:
            self._end(other)
        self._settle()

    def _give(self, end: _End, more: bytes) -> None:
        self._moved = self._loop.now
        data = end.waiting + more
        if not end.waiting:
            end.taken = self._loop.now
        try:
            sent = end.socket.send(data)
            end.taken = self._loop.now
        except BlockingIOError:
            sent = 0
        except OSError:
            if end is self._client:
                raise
            end.deaf, sent = True, len(data)
        end.waiting = data[sent:]
        other = self._server if end is self._client else self._client
        if other.ended and not end.waiting:
            self._end(end)
        self._settle()

    def _end(self, end: _End) -> None:
        """Tell an end that the other one says nothing more."""
        with contextlib.suppress(OSError):
            end.socket.shutdown(socket.SHUT_WR)

    def _settle(self) -> None:
        client, server = self._client, self._server
        if client.ended and server.ended and not client.waiting and not server.waiting:
            self.close()
            return
        for end, other in ((client, server), (server, client)):
            reads = READ if not end.ended and not other.waiting else 0
            self._loop.change(end.socket, reads | (WRITE if end.waiting else 0))


class _Side:
    """One end of a tunnel, as the loop's guest."""

    __slots__ = ("_end", "_other", "_tunnel")

    def __init__(self, tunnel: Tunnel, end: _End, other: _End) -> None:
        self._tunnel, self._end, self._other = tunnel, end, other

    def on_event(self, events: int) -> None:
        self._tunnel.on_event(self._end, self._other, events)

    def sweep(self, now: float, ending: bool) -> None:
        self._tunnel.sweep(now, ending)
