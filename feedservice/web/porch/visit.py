"""One client's connection, while all that it asks for can be answered here."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable

from feedservice.web.porch.heads import may_be_head
from feedservice.web.porch.loop import READ, WRITE, Loop
from feedservice.web.porch.ready import Answers, Ready, too_late
from feedservice.web.porch.sending import Sending

_log = logging.getLogger(__name__)
_PIECE = 8192
_END = b"\r\n\r\n"
_CLOSE = b"Connection: close\r\n"
_HEAD_TIMEOUT = 10.0
"""Seconds that a head may take, and the first one's first byte."""
_IDLE = 75.0
_STALL = 60.0
"""Seconds for which a client may take nothing of its answer."""
_LINGER = 5.0
_LAST = 1.0
"""Seconds for a request that was sent before the client could know that the connection ends."""


class Visit:
    """Reads heads and sends answers, one after the other; hands the connection over at the first that is not for us.

    let_in: takes over the socket, and all that came on it and was not answered. Owns the socket until then.
    """

    __slots__ = (
        "_answers",
        "_came",
        "_closes",
        "_let_in",
        "_limit",
        "_loop",
        "_rest",
        "_since",
        "_socket",
    )

    def __init__(
        self,
        loop: Loop,
        client: socket.socket,
        answers: Answers,
        let_in: Callable[[socket.socket, bytes], None],
    ) -> None:
        self._loop = loop
        self._socket = client
        self._answers = answers
        self._let_in = let_in
        self._came = b""
        """What came and is not answered."""
        self._rest: Sending | None = None
        """What the client has not taken yet; nothing is read meanwhile."""
        self._closes = False
        self._since = loop.now
        self._limit = _HEAD_TIMEOUT
        loop.watch(client, self, READ)

    def on_event(self, events: int) -> None:
        """More of a request, or room for more of an answer."""
        try:
            if self._rest is not None:
                self._send_rest(self._rest)
            else:
                self._read()
        except Exception:  # noqa: BLE001 - an error of ours costs one client its connection, not all of them theirs
            _log.exception("a connection is dropped")
            self._leave()

    def sweep(self, now: float, ending: bool) -> None:
        """Leave when the time is up."""
        if now - self._since > self._limit:
            if self._came and self._rest is None and not self._closes:
                self._say_too_late()
            else:
                self._leave()
        elif ending and self._limit != _LAST and self._rest is None and not self._came and not self._closes:
            # What is on its way already is answered yet, and told that it was the last.
            self._wait(_LAST)

    def _read(self) -> None:
        try:
            came = self._socket.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            came = b""
        if not came:
            self._leave()
        elif not self._closes:
            begun = bool(self._came)
            self._came += came
            self._hear(begun)

    def _hear(self, begun: bool) -> None:
        """Answer as much of what came as can be answered now. begun: its first head had begun to come before."""
        while self._came and self._rest is None and not self._closes:
            end = self._came.find(_END) + len(_END)
            if end < len(_END):
                if not may_be_head(self._came):
                    self._hand_over()
                elif not begun:
                    self._wait(_HEAD_TIMEOUT)
                return
            ready = self._answers.find(self._came if end == len(self._came) else self._came[:end])
            if ready is None or not self._answer(ready):
                self._hand_over()
                return
            self._came = self._came[end:]
            begun = False
        if not self._came and self._rest is None and not self._closes:
            self._wait(_LAST if self._loop.ending else _IDLE)

    def _answer(self, ready: Ready) -> bool:
        """Send an answer, or begin to. False when its body is not in memory."""
        closes = ready.closes or self._loop.ending
        head = ready.start + (_CLOSE if closes else b"") + self._loop.date
        sending = self._answers.sending(ready, head)
        if sending is None:
            return False
        self._closes = closes
        try:
            if not sending.send(self._socket):
                self._rest = sending
                self._loop.change(self._socket, WRITE)
                self._wait(_STALL)
            elif closes:
                self._say_no_more()
        except OSError:
            self._leave()
        return True

    def _send_rest(self, rest: Sending) -> None:
        try:
            sent = rest.send(self._socket)
        except OSError:
            self._leave()
            return
        self._wait(_STALL)
        if not sent:
            return
        self._rest = None
        self._loop.change(self._socket, READ)
        if self._closes:
            self._say_no_more()
        else:
            self._hear(begun=False)

    def _say_too_late(self) -> None:
        """To who has begun a request; a client that is silent is left without a word."""
        try:
            self._socket.send(too_late(self._came, self._loop.date))
        except OSError:
            self._leave()
            return
        self._closes = True
        self._say_no_more()

    def _say_no_more(self) -> None:
        """End the connection when the client has read all: what it says meanwhile must not cost it its answer."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self._leave()
            return
        self._came = b""
        self._wait(_LINGER)

    def _wait(self, limit: float) -> None:
        self._since, self._limit = self._loop.now, limit

    def _hand_over(self) -> None:
        self._loop.forget(self._socket)
        self._let_in(self._socket, self._came)

    def _leave(self) -> None:
        self._came, self._rest, self._closes = b"", None, True
        if self._socket.fileno() >= 0:
            self._loop.forget(self._socket)
            self._socket.close()
