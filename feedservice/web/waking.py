"""What the WSGI server's main loop waits for: a word that signal handlers may give at any moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
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


class Deaths(list[int]):
    """Which serving processes ended by themselves, as the WSGI server's threads tell it one by one.

    The server looks through them and then clears them all: one that was told between the two would be replaced by
    nobody. So it loses only what it has seen. And one that was replaced meanwhile, at a reload, it would take for one
    that dies as soon as it is started, and end; so it is shown none of those. lives: whether one with this number runs.
    """

    def __init__(self, lives: Callable[[int], bool]) -> None:
        super().__init__()
        self._lives = lives
        self._seen = 0

    def __iter__(self) -> Iterator[int]:
        """Those that nobody has replaced."""
        told = self[:]
        self._seen = len(told)
        return iter([number for number in dict.fromkeys(told) if not self._lives(number)])

    def clear(self) -> None:
        """Forget those that were seen."""
        del self[: self._seen]
        self._seen = 0
