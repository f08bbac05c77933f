"""What the WSGI server's main loop waits for: a word that signal handlers may give at any moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue


class Waking(threading.Event):
    """An event for one who waits in the main thread, where handlers of signals set it.

    One of the standard library locks up for good when its `set` interrupts its own `wait` or `clear`: both hold the
    same lock. told: whether there is a word that was given but cleared away before anybody waited.
    """

    def __init__(self, told: Callable[[], bool]) -> None:
        super().__init__()
        self._told = told
        self._is_set = False
        # May be put into in the middle of its own `get`, says its documentation.
        self._rings: SimpleQueue[None] = SimpleQueue()

    def is_set(self) -> bool:
        """Whether a word was given that stands yet."""
        return self._is_set or self._told()

    def set(self) -> None:
        """Wake who waits. For any thread and any handler of signals."""
        self._is_set = True
        self._rings.put(None)

    def clear(self) -> None:
        """Wait for the next word from now on."""
        self._is_set = False

    def wait(self, timeout: float | None = None) -> bool:
        """Sleep until there is a word. timeout: not heeded; nobody here has one."""
        while not self.is_set():
            self._rings.get()
        return True
