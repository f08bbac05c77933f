"""Reads of the store, for requests that memory cannot answer: bounded, so that a store that hangs holds up nobody."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from feedservice.complaints import Complaints
from feedservice.errors import StoreDamaged, StoreError
from feedservice.model import Document

_log = logging.getLogger(__name__)
_PATIENCE = 2.0
_ALL = "all that is read"
_Result = TypeVar("_Result")


class Patient:
    """Reads documents on a thread of its own, and waits for them, but not for long.

    Few threads answer all requests of a process (see `server`): they must never wait for a database that went silent.
    read: path -> document. patience: seconds.
    """

    def __init__(self, read: Callable[[str], Document | None], patience: float = _PATIENCE) -> None:
        self._read = read
        self._patience = patience
        self._reader = ThreadPoolExecutor(1, "reader")
        self._late: Callable[[], bool] | None = None
        self._complaints = Complaints()
        self._why = ""

    def __call__(self, path: str) -> Document | None:
        """The document at an address. Raises StoreError like `wait_for`; that the store is away is told once."""
        try:
            found = self.wait_for(partial(self._read, path))
        except StoreDamaged:
            raise
        except StoreError as error:
            # A store that is away has many ways to say so, by turns.
            self._why = self._why or f"{path}: {error}"
            self._complaints.met(_ALL, f"what is not in memory is answered 503: {self._why}")
            raise
        if self._complaints.ended(_ALL):
            self._why = ""
            _log.info("what is not in memory is answered again")
        return found

    def wait_for(self, job: Callable[[], _Result]) -> _Result:
        """What a job comes to. Raises StoreError, also while an earlier one has not come back in time."""
        if self._late is not None and not self._late():
            raise StoreError("the store is silent")
        reading = self._reader.submit(job)
        try:
            return reading.result(self._patience)
        except TimeoutError:
            self._late = reading.done
            raise StoreError(f"the store has not answered within {self._patience:g} s") from None

    def close(self) -> None:
        """Begin no more reads."""
        self._reader.shutdown(wait=False, cancel_futures=True)
