"""Reads of the store, for requests that memory cannot answer: bounded, so that a store that hangs holds up nobody."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from feedservice.errors import StoreError
from feedservice.model import Document

_PATIENCE = 2.0


class Patient:
    """Reads documents on a thread of its own, and waits for them, but not for long.

    One thread answers all requests of a process (see `server`): it must never wait for a database that has gone silent.
    read: path -> document. patience: seconds.
    """

    def __init__(self, read: Callable[[str], Document | None], patience: float = _PATIENCE) -> None:
        self._read = read
        self._patience = patience
        self._reader = ThreadPoolExecutor(1, "reader")
        self._late: Future[Document | None] | None = None

    def __call__(self, path: str) -> Document | None:
        """The document at an address. Raises StoreError, also while an earlier read has not come back in time."""
        if self._late is not None and not self._late.done():
            raise StoreError("the store is silent")
        reading = self._reader.submit(self._read, path)
        try:
            return reading.result(self._patience)
        except TimeoutError:
            self._late = reading
            raise StoreError(f"the store has not answered within {self._patience:g} s") from None

    def close(self) -> None:
        """Begin no more reads."""
        self._reader.shutdown(wait=False, cancel_futures=True)
