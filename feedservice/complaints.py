"""What goes wrong again and again is told once, and tried ever more seldom."""

from __future__ import annotations

import logging
import threading

_log = logging.getLogger(__name__)
_DOUBLINGS = 10


class Complaints:
    """Problems that last, by what they befall. For any number of threads."""

    def __init__(self) -> None:
        self._lasting: dict[str, tuple[str, int]] = {}
        self._lock = threading.Lock()

    def met(self, what: str, text: str) -> int:
        """Note that something failed. Returns how many times as long as at first to wait before it is tried again.

        text: the line for the log, where it says so as an error, unless this was the last thing to be said of it.
        """
        with self._lock:
            before, times = self._lasting.get(what, ("", 0))
            self._lasting[what] = (text, times + 1)
        _log.log(logging.DEBUG if text == before else logging.ERROR, "%s", text)
        return int(2 ** min(times, _DOUBLINGS))

    def ended(self, what: str) -> bool:
        """Note that something succeeded. Returns whether it failed before."""
        with self._lock:
            return self._lasting.pop(what, None) is not None
