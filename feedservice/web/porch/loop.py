"""One thread that waits for many sockets at once (epoll), knows the time, and sweeps out who is too slow."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Protocol

READ, WRITE = select.EPOLLIN, select.EPOLLOUT
ALONE = select.EPOLLEXCLUSIVE
"""Of several processes that watch the same socket, one is told."""
_TICK = 1.0


class Guest(Protocol):
    """Whoever owns a socket that the loop watches."""

    def on_event(self, events: int) -> None:
        """Something can be read or written, or the other side is gone."""

    def sweep(self, now: float, ending: bool) -> None:
        """Once a second: leave if the time is up. ending: leave as soon as nothing is under way."""


class Loop:
    """Watches sockets for their guests. For one thread. clock: seconds since whenever."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._epoll = select.epoll()
        self._clock = clock
        self._second = -1
        self._guests: dict[int, Guest] = {}
        self._masks: dict[int, int] = {}
        self.now = self._swept = clock()
        """Seconds; read once for all that came at one time."""
        self.date = b""
        """The field `Date` (RFC 9110 §6.6.1), and the empty line that ends a head."""
        self.ending = False

    def watch(self, watched: socket.socket, guest: Guest, mask: int) -> None:
        """Tell a guest of events."""
        fd = watched.fileno()
        self._epoll.register(fd, mask)
        self._guests[fd], self._masks[fd] = guest, mask

    def change(self, watched: socket.socket, mask: int) -> None:
        """Tell of other events from now on; with none, not even of the other side's end."""
        fd = watched.fileno()
        before = self._masks[fd]
        if mask == before:
            return
        if not mask:
            self._epoll.unregister(fd)
        elif not before:
            self._epoll.register(fd, mask)
        else:
            self._epoll.modify(fd, mask)
        self._masks[fd] = mask

    def forget(self, watched: socket.socket) -> None:
        """Watch a socket no longer, if it was watched; to be called before it is closed."""
        fd = watched.fileno()
        if self._masks.pop(fd, 0):
            self._epoll.unregister(fd)
        self._guests.pop(fd, None)

    def run(self, goes_on: Callable[[], bool]) -> None:
        """Until the last guest has left, or `goes_on` (asked at each turn) says no."""
        while self._guests and goes_on():
            self.turn(_TICK)

    def turn(self, wait: float) -> None:
        """Pass on what happens within `wait` seconds; once a second, have everybody look at the time."""
        events = self._epoll.poll(wait)
        self.now = self._clock()
        second = int(time.time())
        if second != self._second:
            self._second = second
            self.date = f"Date: {formatdate(second, usegmt=True)}\r\n\r\n".encode("ascii")
        for fd, mask in events:
            # One guest may have sent another away in this very turn.
            guest = self._guests.get(fd)
            if guest is not None:
                guest.on_event(mask)
        if self.now - self._swept >= _TICK:
            self._swept = self.now
            self.sweep()

    def sweep(self) -> None:
        """Have every guest look at the time."""
        for guest in set(self._guests.values()):
            guest.sweep(self.now, self.ending)

    def close(self) -> None:
        """Give the kernel's part back."""
        self._epoll.close()
