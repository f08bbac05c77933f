"""Answers that stand ready: for each head that came of late, the bytes to send."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feedservice.web.answers import Entry, short
from feedservice.web.hot import HotPath
from feedservice.web.porch.heads import Head, read_head
from feedservice.web.porch.lately import Lately
from feedservice.web.porch.sending import Copied, Lending, Passed, Sending, copied

_MOST = 1024
_LONGEST_REMEMBERED = 1024


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer. It holds while its entry is the one at its address.

    start: the status line and all fields but `Connection` and `Date`, with which a head ends here. coding: of the body
    that follows, None where none does.
    """

    entry: Entry
    start: bytes
    coding: str | None
    closes: bool


def start_of(status: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """The head of an answer without its end, where `Date` goes."""
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields)]
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1")


def refusal(request: bytes, date: bytes, status: str, detail: str, *fields: tuple[str, str]) -> bytes:
    """A short answer after which the connection ends; without a body where the request, as far as it came, is HEAD."""
    told, known, body = short(status, detail, *fields)
    head = start_of(told, [*known, ("Connection", "close")]) + date
    return head if b"HEAD ".startswith(request[:5]) else head + body


def too_late(request: bytes, date: bytes) -> bytes:
    """Tells a client that its request took too long (RFC 9110 §15.5.9)."""
    return refusal(request, date, "408 Request Timeout", "The request took too long to arrive.")


class Answers:
    """Finds the answer to a head. For one thread."""

    def __init__(self, app: HotPath | None) -> None:
        self._app = app
        self._by_bytes: Lately[bytes, Ready] = Lately(_MOST)
        self._by_head: Lately[Head, Ready] = Lately(_MOST)
        self._lending = Lending(app.lent if app is not None else 0)

    def find(self, head: bytes) -> Ready | None:
        """The answer to a head as it came; None where it is not for us."""
        app = self._app
        if app is None:
            return None
        known = self._by_bytes.get(head)
        if known is not None and app.serves(known.entry):
            return known
        read = read_head(head)
        if read is None:
            return None
        ready = self._by_head.get(read)
        if ready is None or not app.serves(ready.entry):
            ready = _answer(app, read)
        if ready is not None and len(head) <= _LONGEST_REMEMBERED:
            self._by_bytes.put(head, ready)
            self._by_head.put(read, ready)
        return ready

    def sending(self, ready: Ready, head: bytes) -> Sending | None:
        """An answer, ready to be sent; None while its body is not in memory. head: that of this very answer."""
        if self._app is None or ready.coding is None:
            return Copied(head)
        path, etag = ready.entry.path, ready.entry.pieces[ready.coding].etag
        lent = self._lending.find(path, etag)
        if lent is None:
            body = self._app.held(ready.entry, ready.coding)
            if body is None:
                return None
            lent = self._lending.lend(path, etag, body)
            if lent is None:
                return copied(head, body)
        return Passed(head, lent)


def _answer(app: HotPath, head: Head) -> Ready | None:
    found = app.prepared(head.path, head.accept_encoding, head.none_match, head.modified_since)
    if found is None:
        return None
    entry, status, piece = found
    modified = status.startswith("200")
    follows = piece.coding if modified and head.method == "GET" else None
    return Ready(entry, start_of(status, piece.full if modified else piece.unmodified), follows, head.closes)
