"""Reads of the store, for requests that memory cannot answer: bounded, so that a store that hangs holds up nobody."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from feedservice.errors import StoreError
from feedservice.model import Document

_PATIENCE = 2.0
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

    def __call__(self, path: str) -> Document | None:
        """The document at an address. Raises StoreError like `wait_for`."""
        return self.wait_for(partial(self._read, path))

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
