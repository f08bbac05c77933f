"""The bodies of requests, for which never all threads wait that answer."""

from __future__ import annotations

import threading
from typing import Protocol

MOST = 3
"""How many of a process's answering threads may wait for bodies at a time, where the porch is in front of them."""
_PATIENCE = 1.0


class Crowded(Exception):
    """Others are waited for already."""


class Stream(Protocol):
    """Where a body comes from (PEP 3333: `wsgi.input`)."""

    def read(self, size: int, /) -> bytes:
        """So many bytes, fewer only at the end; waits for them."""


class Bodies:
    """Reads bodies, each in the thread that wants it. patience: how long one waits for its turn, in seconds.

    For how long a body itself may take is for who stands in front to say: a read that waits cannot be given up here.
    """

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._change = threading.Condition()
        self._read = 0

    def read(self, stream: Stream, size: int, places: int) -> bytes:
        """Up to `size` bytes, fewer only where the body ends. places: how many bodies may be read at a time.

        Raises Crowded.
        """
        with self._change:
            if not self._change.wait_for(lambda: self._read < places, self._patience):
                raise Crowded
            self._read += 1
        try:
            return bytes(stream.read(size))
        finally:
            with self._change:
                self._read -= 1
                self._change.notify()
