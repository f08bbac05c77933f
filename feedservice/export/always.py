"""The always-on export: a thread beside the worker that follows the rebuilds and never stands in their way."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from feedservice.errors import ExportError, StoreError
from feedservice.export.carrying import Exported
from feedservice.export.exporting import Pages
from feedservice.publish import Published

_log = logging.getLogger(__name__)
_LONGEST_PAUSE = 300.0
Run = Callable[[Pages | None, Callable[[], bool]], Exported]
"""Exports once: what changed (None for everything), and whether to go on."""


class Exporting:
    """Exports at the start, and whenever it is told that something was rebuilt, until it is stopped.

    What fails is logged once, and tried again after `pause` seconds, twice as long each time, at most five minutes.
    """

    def __init__(self, run: Run, *, pause: float = 5.0) -> None:
        self._run = run
        self._first_pause = pause
        self._pending: dict[str, set[int]] | None = None
        self._lock = threading.Lock()
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="export")

    def start(self) -> None:
        """Begin with an export of everything; returns at once."""
        self._due.set()
        self._thread.start()

    def after(self, rebuild: Callable[[], Sequence[Published]]) -> Callable[[], Sequence[Published]]:
        """The same rebuild, with an export soon after it, whenever there was something to rebuild."""

        def rebuild_and_tell() -> Sequence[Published]:
            try:
                published = rebuild()
            except StoreError:
                self.soon(None)
                raise
            if published:
                self.soon({result.feed: result.pages for result in published})
            return published

        return rebuild_and_tell

    def after_finishing(self, finish: Callable[[Callable[[], bool]], int]) -> Callable[[Callable[[], bool]], int]:
        """The same finishing, with an export soon after it, whenever there was something to finish."""

        def finish_and_tell(go_on: Callable[[], bool]) -> int:
            done = finish(go_on)
            if done:
                self.soon({})
            return done

        return finish_and_tell

    def soon(self, pages: Pages | None) -> None:
        """Export what changed. pages: by feed, the archive pages that were written; None to look at everything."""
        with self._lock:
            if pages is None:
                self._pending = None
            elif self._pending is not None:
                for feed, numbers in pages.items():
                    self._pending.setdefault(feed, set()).update(numbers)
        self._due.set()

    def stop(self) -> None:
        """Let the document that is being written end, and return when all is still."""
        self._stopping.set()
        self._due.set()
        if self._thread.is_alive():
            self._thread.join()

    def _follow(self) -> None:
        pause, failing = self._first_pause, False
        while True:
            self._due.wait()
            if self._stopping.is_set():
                return
            self._due.clear()
            with self._lock:
                # From here on it is collected anew, so that nothing is lost that is rebuilt meanwhile.
                pending, self._pending = self._pending, {}
            try:
                told = self._run(pending, lambda: not self._stopping.is_set())
            except BaseException as problem:  # noqa: BLE001 - seen, and not the end of all exports; a panic of obstore too
                if not failing:
                    _tell(problem)
                failing = True
                with self._lock:
                    self._pending = None
                self._stopping.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                self._due.set()
                continue
            if failing or told.written or told.removed:
                _log.info("exported to %s: %d written, %d removed", told.to, told.written, told.removed)
            pause, failing = self._first_pause, False


def _tell(problem: BaseException) -> None:
    if isinstance(problem, ExportError | StoreError):
        _log.error("export failed; it is tried again until it works: %s", problem)
    else:
        _log.critical("the export stopped on a bug; it is tried again until it works", exc_info=problem)
