"""Takes the clients in: a thread that owns the public socket, from a serving process's start to its graceful end."""

from __future__ import annotations

import contextlib
import errno
import logging
import math
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable

from feedservice.web.hot import HotPath
from feedservice.web.porch.loop import ALONE, READ, Loop
from feedservice.web.porch.once import Once, hear_signals
from feedservice.web.porch.ready import Answers, refusal
from feedservice.web.porch.tunnel import Tunnel
from feedservice.web.porch.visit import Visit

_log = logging.getLogger(__name__)
_AT_ONCE = 64
_MOMENT = 0.02
_OFTEN = 1.0
"""Seconds between two lines of the log that say the same: clients may come by the thousand."""
_QUIET = 60.0
"""Seconds with room for all, after which it is told anew that there is none."""
_FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_ENDS = (signal.SIGTERM, signal.SIGINT)


class Porch:
    """Accepts on `listener`, which other processes may share, and lets into `house` whom it cannot serve.

    house: the path of the WSGI server's socket. app: what knows the documents; without it everybody is let in. grace:
    seconds for the answers that are under way, once told to end. ended: called then, at the very last.
    """

    def __init__(
        self,
        listener: socket.socket,
        house: str,
        app: HotPath | None,
        *,
        grace: float,
        ended: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._loop = Loop(clock)
        self._house = house
        self._answers = Answers(app)
        self._grace = grace
        self._told = 0.0
        self._said = -_OFTEN
        self._ended = ended
        self._listener = listener
        listener.setblocking(False)

    def open(self) -> None:
        """Begin; ends by itself when the process is told to. For the main thread, before the server has started."""
        _allow_many()
        once = Once(_ENDS)
        hears = hear_signals()
        hears.setblocking(False)
        self._loop.watch(hears, _Bell(self._loop, hears, self.end, once), READ)
        # No daemon: the process waits for it, so that what is being sent is sent.
        threading.Thread(target=self._run, name="porch").start()

    def take_in(self) -> None:
        """Accept clients from now on, unless it was told to end."""
        threshold = _Threshold(self._loop, self._listener, self._welcome)
        self._loop.watch(self._listener, threshold, READ | ALONE)
        threshold.sweep(self._loop.now, self._loop.ending)

    def turn(self) -> None:
        """Do what there is to do now, in this thread; with `take_in`, instead of `open`."""
        self._loop.turn(0)

    def end(self) -> None:
        """Accept nobody, and go as soon as nothing is under way."""
        self._loop.ending = True
        self._told = self._loop.now
        self._loop.sweep()

    def _run(self) -> None:
        try:
            self._wait_for_the_house()
            self.take_in()
            self._loop.run(self._goes_on)
        finally:
            self._loop.close()
            if self._loop.ending:
                self._ended()
            else:
                # Nobody would be answered any more: end, so that another process takes the place of this one.
                os.kill(os.getpid(), signal.SIGTERM)

    def _goes_on(self) -> bool:
        return not self._loop.ending or self._loop.now - self._told < self._grace

    def _welcome(self, client: socket.socket) -> None:
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        Visit(self._loop, client, self._answers, self._let_in)

    def _let_in(self, client: socket.socket, came: bytes) -> None:
        """Join a client, and what it said so far, to the WSGI server."""
        try:
            server = self._knock()
        except OSError as error:
            if self._loop.now - self._said >= _OFTEN:
                self._said = self._loop.now
                _log.error("the server behind takes no connection: %s", error)
            retry = ("Retry-After", "60")
            told = refusal(came, self._loop.date, "503 Service Unavailable", "Try again in a minute.", retry)
            with contextlib.suppress(OSError):
                client.send(told)
            client.close()
            return
        Tunnel(self._loop, client, server, came)

    def _knock(self) -> socket.socket:
        """A connection to the WSGI server. Raises OSError."""
        server = socket.socket(socket.AF_UNIX)
        try:
            server.setblocking(False)
            server.connect(self._house)
        except OSError:
            server.close()
            raise
        return server

    def _wait_for_the_house(self) -> None:
        """Until the WSGI server takes connections, or the end: clients wait in the kernel meanwhile."""
        while not self._loop.ending:
            try:
                self._knock().close()
            except OSError:
                self._loop.turn(_MOMENT)
            else:
                return


class _Threshold:
    """The listening socket, as the loop's guest."""

    def __init__(self, loop: Loop, listener: socket.socket, welcome: Callable[[socket.socket], None]) -> None:
        self._loop, self._listener, self._welcome = loop, listener, welcome
        self._full = -math.inf

    def on_event(self, events: int) -> None:
        """Take in those who wait."""
        for _ in range(_AT_ONCE):
            try:
                client, _ = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in _FULL:
                    # They wait, in the kernel, until somebody has left.
                    if self._loop.now - self._full >= _QUIET:
                        _log.error("no room for more connections: %s", error.strerror)
                    self._full = self._loop.now
                    self._loop.change(self._listener, 0)
                    return
                continue
            try:
                self._welcome(client)
            except OSError:
                client.close()

    def sweep(self, now: float, ending: bool) -> None:
        """Go on where there was no room; go when all do."""
        if ending:
            self._loop.forget(self._listener)
            self._listener.close()
        else:
            self._loop.change(self._listener, READ | ALONE)


class _Bell:
    """What the signals of this process ring, as the loop's guest."""

    def __init__(self, loop: Loop, hears: socket.socket, end: Callable[[], None], once: Once) -> None:
        self._loop, self._hears, self._end, self._once = loop, hears, end, once

    def on_event(self, events: int) -> None:
        """End, if that is what was rung for."""
        try:
            rung = self._hears.recv(1024)
        except BlockingIOError:
            return
        if any(number in rung for number in _ENDS):
            # The kernel may have told any thread of it; the one that must act on it sleeps until it is woken itself.
            self._once.wake()
            self._end()

    def sweep(self, now: float, ending: bool) -> None:
        """Go when all do; have them go when the server behind is no more, and nobody rang for it."""
        if ending:
            # Stays open: signals that come later are written to it too.
            self._loop.forget(self._hears)
            self._hears.detach()
        elif not threading.main_thread().is_alive():
            self._end()
        elif not self._once.stands:
            self._once.wake()


def _allow_many() -> None:
    """As many open files as the system lets this process have: a client takes one here, or three where it is let in."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
