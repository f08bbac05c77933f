"""An answer on its way: copied out of memory, or by the kernel itself out of a file that is in memory too."""

from __future__ import annotations

import os
import socket
import weakref
from collections import OrderedDict
from typing import Protocol

from feedservice.web.porch.lately import Lately

_LEAST, _MOST = 32_768, 262_144
"""Bodies of this many bytes are lent: a copy of less costs nothing to speak of, and of more it is the cheaper way."""
_REMEMBERED = 512


class Sending(Protocol):
    """What is left of an answer."""

    def send(self, client: socket.socket) -> bool:
        """Give the client what it takes now; whether that was all. Raises OSError when it is gone."""


class Copied:
    """Bytes that are copied to each client. then: more of them, where to join the two would be to copy once more."""

    __slots__ = ("_left", "_then")

    def __init__(self, left: bytes, then: bytes = b"") -> None:
        self._left: bytes | memoryview = left
        self._then = then

    def send(self, client: socket.socket) -> bool:
        """Like `Sending.send`."""
        left = self._left
        try:
            sent = client.send(left, socket.MSG_MORE if self._then else 0)
        except BlockingIOError:
            return False
        if sent < len(left):
            self._left = memoryview(left)[sent:]
            return False
        if not self._then:
            return True
        self._left, self._then = memoryview(self._then), b""
        return self.send(client)


def copied(head: bytes, body: bytes) -> Copied:
    """An answer in one piece, or in two where the body is large."""
    return Copied(head + body) if len(body) < _LEAST else Copied(head, body)


class Lent:
    """A body in a file without a name, which is gone when the last answer that needs it is."""

    __slots__ = ("__weakref__", "fd", "size")

    def __init__(self, body: bytes) -> None:
        """Raises OSError where there is no room."""
        self.fd = os.memfd_create("body")
        weakref.finalize(self, os.close, self.fd)
        self.size = os.write(self.fd, body)
        if self.size < len(body):
            raise OSError(f"{self.size} of {len(body)} bytes were taken")


class Passed:
    """A head, and a body that the kernel takes out of a file (sendfile)."""

    __slots__ = ("_at", "_head", "_lent")

    def __init__(self, head: bytes, lent: Lent) -> None:
        self._head = head
        self._lent = lent
        self._at = 0

    def send(self, client: socket.socket) -> bool:
        """Like `Sending.send`."""
        lent = self._lent
        try:
            if self._head:
                self._head = self._head[client.send(self._head, socket.MSG_MORE) :]
                if self._head:
                    return False
            self._at += os.sendfile(client.fileno(), lent.fd, self._at, lent.size - self._at)
        except BlockingIOError:
            return False
        return self._at == lent.size


class Lending:
    """Lends the bodies that are asked for again and again, by address and entity tag. room: bytes of them in all."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._held = 0
        self._lent: OrderedDict[tuple[str, str], Lent] = OrderedDict()
        self._asked: Lately[tuple[str, str], bool] = Lately(_REMEMBERED)

    def find(self, path: str, etag: str) -> Lent | None:
        """A body that is lent already."""
        lent = self._lent.get((path, etag))
        if lent is not None:
            self._lent.move_to_end((path, etag))
        return lent

    def lend(self, path: str, etag: str, body: bytes) -> Lent | None:
        """A body, from the second time on that it is asked for; None where it is rather copied."""
        if not _LEAST <= len(body) <= min(_MOST, self._room):
            return None
        if not self._asked.get((path, etag)):
            self._asked.put((path, etag), value=True)
            return None
        try:
            lent = Lent(body)
        except OSError:
            return None
        self._lent[path, etag] = lent
        self._held += lent.size
        while self._held > self._room:
            _, oldest = self._lent.popitem(last=False)
            self._held -= oldest.size
        return lent
