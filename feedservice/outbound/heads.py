"""The heads of answers, of which http.client loses much: it takes the first one for the last, and ends one at the first
line that is no field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.client import HTTPException, HTTPResponse
from io import BufferedReader, BytesIO
from typing import Any, Protocol

_LONGEST = 65_536
_MOST = 1_000
_BLANK = (b"", b"\r\n", b"\n")
_INTERIM = re.compile(rb"HTTP/\S+\s+1(?!01)\d\d\b")
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class _Lines(Protocol):
    def readline(self, size: int, /) -> bytes: ...


class WholeHead(HTTPResponse):
    """http.client's response, read as browsers read it (RFC 9112 §2.2, RFC 9110 §15.2)."""

    def begin(self, **told: Any) -> None:
        """Read the head; http.client calls this. told: what newer Pythons hand over, how many fields to take."""
        wire = self.fp
        self.fp = BufferedReader(BytesIO(b"".join(_final(wire))))
        try:
            super().begin(**told)
        finally:
            self.fp = wire


def _final(wire: _Lines) -> Iterator[bytes]:
    """The lines of the head that counts: what comes before it (103 Early Hints, say) says that it is to come."""
    status = wire.readline(_LONGEST + 1)
    for _ in range(_MOST):
        if _INTERIM.match(status) is None:
            break
        for _line in _fields(wire):
            pass
        status = wire.readline(_LONGEST + 1)
    yield status
    if status.startswith(b"HTTP/"):
        yield from _fields(wire)
        yield b"\r\n"


def _fields(wire: _Lines) -> Iterator[bytes]:
    """The fields up to the blank line. What is none is left out; lines that are too long are left to http.client."""
    kept = False
    for _ in range(_MOST):
        line = wire.readline(_LONGEST + 1)
        if line in _BLANK:
            return
        if line[:1] not in b" \t":
            name, colon, value = line.partition(b":")
            name = name.rstrip(b" \t")
            kept = bool(colon) and _NAME.fullmatch(name) is not None
            line = b":".join((name, value))
        if kept:
            yield line.rstrip(b"\r\n").replace(b"\r", b" ") + b"\r\n"
    raise HTTPException(f"got more than {_MOST} headers")
