"""Follows the store: what is published becomes what is served, within a second, without a query per request."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from feedservice.errors import StoreError
from feedservice.protocols import Store, Watch
from feedservice.web.front import FrontPage
from feedservice.web.shelf import Shelf

_log = logging.getLogger(__name__)
_PAUSE = 0.3
_PATIENCE = 5.0


class Watcher:
    """Keeps a shelf in step with a store, on a thread of its own. `look` does one step, for whoever owns the time.

    clock: seconds, by which it is told that the store does not answer.
    """

    def __init__(
        self,
        store: Store,
        shelf: Shelf,
        front: FrontPage,
        stop_reading: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._stop_reading = stop_reading
        self._shelf = shelf
        self._front = front
        self._clock = clock
        self._asked: float | None = None
        self._version = 0
        self._watch: Watch | None = None
        self._loaded = False
        self._started = False
        self._complaint = ""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="watcher", daemon=True)

    def start(self) -> None:
        """Load all documents, then follow. Raises StoreError when the store cannot be read."""
        self.look()
        self._shelf.fill()
        self._thread.start()
        self._started = True

    def stop(self) -> None:
        """End the thread and close the store."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._stop_reading()
        self._store.close()

    def ready(self) -> str:
        """ "" when documents are loaded and the store answers, else what is missing, in words."""
        if not self._loaded:
            return "no feed has been written yet"
        if self._started and not self._thread.is_alive():
            return "the watcher has ended; see the log"
        asked = self._asked
        if asked is not None and self._clock() - asked > _PATIENCE:
            return f"the store has not answered for {self._clock() - asked:.0f} s"
        return self._complaint

    @property
    def loaded(self) -> bool:
        """Whether there have been documents to answer with."""
        return self._loaded

    def look(self) -> None:
        """Take over what changed since the last look; everything, after one that failed. Raises StoreError."""
        try:
            self._take_over()
        except StoreError:
            # A watch that failed half-way may have seen a change that was not taken over. And who answers next may know
            # less than was served: a replica that lagged behind the server whose place it took, say.
            self._watch, self._version = None, 0
            raise

    def _take_over(self) -> None:
        if not self._has_changed():
            self._complaint = ""
            return
        self._version = self._shelf.update(self._version)
        if self._version:
            self._shelf.pin(self._front.entry(self._shelf.paths()))
            self._loaded = True
        self._complaint = ""

    def _has_changed(self) -> bool:
        """Whether there may be something new. This alone takes no time, unless the store hangs."""
        self._asked = self._clock()
        try:
            if self._watch is not None:
                return self._watch.changed()
            # The watch begins before the first load: what is published meanwhile is seen by one of the two.
            self._watch = self._store.watch()
            return True
        finally:
            self._asked = None

    def _follow(self) -> None:
        while not self._stopping.wait(_PATIENCE if self._complaint else _PAUSE):
            try:
                before = self._complaint
                self.look()
                if before:
                    _log.info("the store answers again")
            except StoreError as error:
                if not self._complaint:
                    _log.warning("the store does not answer; what is loaded stays served: %s", error)
                self._complaint = f"the store does not answer: {error}"
