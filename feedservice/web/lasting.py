"""What fails at each request as long as it lasts: told once, and when it is over."""

from __future__ import annotations

import logging
import threading

_log = logging.getLogger(__name__)


class Lasting:
    """Something that may fail for a while, named `what` in the log. For any number of threads."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._lasts = False
        self._lock = threading.Lock()

    def met(self, problem: Exception) -> None:
        """Note that it failed; only the first time is told."""
        with self._lock:
            before, self._lasts = self._lasts, True
        _log.log(logging.DEBUG if before else logging.ERROR, "%s: %s", self._what, problem)

    def ended(self) -> None:
        """Note that it succeeded."""
        with self._lock:
            before, self._lasts = self._lasts, False
        if before:
            _log.info("%s works again", self._what)
