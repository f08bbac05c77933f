"""A client's connection, joined to one of the WSGI server: bytes go to and fro, unread."""

from __future__ import annotations

import contextlib
import re
import socket

from feedservice.web.porch.loop import READ, WRITE, Loop
from feedservice.web.porch.ready import too_late

_PIECE = 65_536
_STALL = 60.0
"""Seconds for which an end may take nothing of what it is given."""
_SILENCE = 300.0
"""Seconds for which nothing may be said; the server behind has stricter limits."""
_ANSWER = 30.0
"""Seconds from the first word of a request to the first of its answer, however much is said meanwhile."""
_HEAD = 10.0
"""Seconds after which the server behind leaves who has not sent its request's head, without a word."""
_INTERIM = re.compile(rb"HTTP/1\.1 1(?!01)\d\d[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n")
_LINGER = 2.0
"""Seconds after the last word of the server until the client is left, where nothing more is expected."""

_FAREWELL = (5.0, 3.0)
"""Seconds of silence, before and after a word of the server, until it is told that the client says nothing more. It
takes that for a client that is gone, and thinks of an answer for two or three."""


class _End:
    """One side of a tunnel.

    waiting: what it has not taken yet. taken: when it last took something. ended, deaf: it says, or takes, nothing
    more. told: that the other one says nothing more.
    """

    __slots__ = ("deaf", "ended", "socket", "taken", "told", "waiting")

    def __init__(self, end: socket.socket, now: float) -> None:
        self.socket = end
        self.waiting = b""
        self.taken = now
        self.ended = False
        self.deaf = False
        self.told = False


class Tunnel:
    """Both ends. Owns their sockets; the client's must be watched by nobody else any more.

    Each end is read only while the other takes what it is given, so that no more than one piece is ever held. Whoever
    takes nothing for a minute is left. When the server has said its last word, what the client goes on to say is thrown
    away: to close with it unread would take that word from the client. A client that says nothing more may still wait
    for its answer (RFC 9112 §9.6), so that the server is told of it only when none is to be expected any more.
    """

    def __init__(self, loop: Loop, client: socket.socket, server: socket.socket, first: bytes) -> None:
        self._loop = loop
        self._client, self._server = _End(client, loop.now), _End(server, loop.now)
        self._moved = loop.now
        self._answered = self._spoke = False
        self._first = first[:5]
        self._asked: float | None = loop.now if first else None
        """Since when the server owes the client a word."""
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
        if self._client.waiting and self._asked is not None:
            # The server is not listened to meanwhile.
            self._asked = now
        if self._asked is not None and now - self._asked > _ANSWER:
            self._say_too_late()
        elif self._is_over(now, ending):
            self.close()
        elif self._client.ended and not self._server.told and not self._server.waiting and self._is_silent(now):
            self._end(self._server)

    def _is_silent(self, now: float) -> bool:
        return now - self._moved > _FAREWELL[self._answered]

    def _say_too_late(self) -> None:
        """Where nothing was answered yet, so that no other words can be torn by it; else just leave.

        Of a later request too little is known: where an answer ends, only who reads it knows.
        """
        if self._spoke or self._client.waiting:
            self.close()
            return
        try:
            self._client.socket.send(too_late(self._first, self._loop.date))
        except OSError:
            self.close()
            return
        self._asked, self._moved = None, self._loop.now
        self._server.waiting, self._server.ended, self._server.deaf = b"", True, True
        with contextlib.suppress(OSError):
            self._server.socket.shutdown(socket.SHUT_RDWR)
        self._end(self._client)
        self._settle()

    def _is_over(self, now: float, ending: bool) -> bool:
        waiting = [end for end in (self._client, self._server) if end.waiting]
        # Of each by itself: who goes on talking is left too when it takes nothing of its answer.
        if any(now - end.taken > _STALL for end in waiting):
            return True
        if waiting:
            return False
        over = self._server.ended or self._server.deaf
        brief = over or (ending and (self._answered or self._server.told))
        return now - self._moved > (_LINGER if brief else _SILENCE)

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
            self._hear(end, came)
            if not other.deaf:
                self._give(other, came)
            return
        end.ended = True
        self._moved = self._loop.now
        if end is self._server and not other.waiting:
            if self._left_without_a_word():
                self._say_too_late()
                return
            self._end(other)
        self._settle()

    def _left_without_a_word(self) -> bool:
        """Whether the server left a client that goes on to send, when heads have to be there."""
        late = self._asked is not None and self._loop.now - self._asked >= _HEAD
        return late and not (self._spoke or self._client.ended or self._loop.ending)

    def _hear(self, end: _End, came: bytes) -> None:
        """Note who spoke last, and since when an answer is due. To be told to go on (100) is none."""
        if end is self._client:
            self._answered = False
            if self._asked is None:
                self._asked = self._loop.now
        elif not _INTERIM.fullmatch(came):
            self._answered, self._asked, self._spoke = True, None, True

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
        if end is self._client and self._server.ended and not end.waiting:
            self._end(end)
        self._settle()

    def _end(self, end: _End) -> None:
        """Tell an end that the other one says nothing more."""
        end.told = True
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
