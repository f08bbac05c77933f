"""Sees to it that the WSGI server is told to end once, however often this process is, and whichever of its threads.

granian locks up for good when it is told again while it tells its own threads: the main thread then waits for one of
them with Python's lock in hand, which that one waits for. Ctrl+C and service managers tell every process of a group,
and the server that started this one passes it on; so twice is usual.
"""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_WAKE = signal.SIGURG
_LOOK = 0.1


class Once:
    """Stands in front of the handlers that somebody sets for `ends`, once these are there, and lets one word through.

    To be made in the main thread, where handlers run; `wake` has it look there. stands: whether it does already.
    """

    def __init__(self, ends: Sequence[signal.Signals]) -> None:
        self._ends = ends
        self._words = iter([True])
        self.stands = False
        signal.signal(_WAKE, self._look)

    def wake(self) -> None:
        """Wake the main thread, so that it acts on signals that the kernel gave to another one. For any thread."""
        signal.pthread_kill(threading.main_thread().ident or 0, _WAKE)

    def _look(self, number: int, frame: FrameType | None) -> None:
        handlers = {each: signal.getsignal(each) for each in self._ends}
        if self.stands or not all(map(callable, handlers.values())):
            return
        for each, handler in handlers.items():
            if callable(handler):
                signal.signal(each, partial(self._tell, handler))
        self.stands = True

    def _tell(self, handler: Callable[[int, FrameType | None], object], number: int, frame: FrameType | None) -> None:
        # Taken in one step: another signal may come between any two.
        if next(self._words, False):
            handler(number, frame)


def hear_signals() -> socket.socket:
    """A socket on which the numbers of all signals of this process come, one byte each. For the main thread."""
    hears, rings = socket.socketpair()
    rings.setblocking(False)
    # Stays open as long as the process: signals write to it.
    signal.set_wakeup_fd(rings.detach(), warn_on_full_buffer=False)
    return hears


def heed(ends: Sequence[signal.Signals]) -> None:
    """Have the main thread act on `ends` where no porch sees to it: the kernel may tell any thread of them, and that
    one sleeps on. For the main thread, before the WSGI server has started.
    """
    once = Once(ends)
    threading.Thread(target=_heed, args=(hear_signals(), once, ends), name="bell", daemon=True).start()


def _heed(hears: socket.socket, once: Once, ends: Sequence[signal.Signals]) -> None:
    while not once.stands:
        time.sleep(_LOOK)
        once.wake()
    while rung := hears.recv(1024):
        if any(number in rung for number in ends):
            once.wake()
