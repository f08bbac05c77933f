"""What is new since a reader's last visit (RFC 3229, `A-IM: feed`): 226 with a few items in place of fifty.

What was in a document is remembered by its entity tags when a reader that asks for deltas is answered, by each serving
process for itself; nothing is rendered. Whoever comes with a tag that is not known is sent the whole document.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from feedservice.web.accepting import IDENTITY
from feedservice.web.answers import Entry, Fields, Piece
from feedservice.web.items import Parts, can_take_apart, suffix_of, take_apart

_TAG = re.compile(r'"[\x21\x23-\x7e\x80-\xff]*"')
_LONGEST_FIELD = 1_000
_DOCUMENTS, _TAGS, _ANSWERS = 512, 64, 64
_MOST_BYTES = 4_000_000
_FEED = re.compile(r"\s*feed\s*(?:;\s*q\s*=\s*(?!0(?:\.0*)?\s*$)[0-9.]+\s*)?", re.IGNORECASE)
_CODED = ("gzip", IDENTITY)


def wants_delta(field: str) -> bool:
    """Whether an A-IM field names the instance manipulation `feed`."""
    return len(field) <= _LONGEST_FIELD and any(_FEED.fullmatch(part) for part in field.split(","))


@dataclass(frozen=True, slots=True)
class _Delta:
    """The bytes of a delta, by coding."""

    bodies: dict[str, bytes]

    def size(self) -> int:
        """How many bytes it holds."""
        return sum(map(len, self.bodies.values()))


class Deltas:
    """What was in documents, by their entity tags, and the deltas that were asked for lately; all of bounded size."""

    def __init__(self) -> None:
        self._contents: OrderedDict[str, OrderedDict[str, frozenset[bytes]]] = OrderedDict()
        self._made: OrderedDict[tuple[str, str, frozenset[bytes]], _Delta | None] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def answer(
        self, entry: Entry, codings: Iterable[str], none_match: str | None, body: Callable[[], bytes | None]
    ) -> tuple[Fields, bytes] | None:
        """The fields and the body of a 226; None where the whole document has to be sent.

        The reader is taken to have what it is answered, so that this is called for every answer to one that asks for
        deltas. body: gives the identity bytes; None when they are no more. Raises StoreError like it.
        """
        if not can_take_apart(entry.path):
            return None
        parts = self._remember(entry, body)
        had = self._had(entry.path, none_match)
        if had is None:
            return None
        delta = self._delta(entry, had, parts, body)
        coding = next((name for name in (*codings, IDENTITY) if name in _CODED), IDENTITY)
        if delta is None:
            return None
        return _fields(entry.pieces.get(coding, entry.pieces[IDENTITY]), coding, delta.bodies[coding]), delta.bodies[
            coding
        ]

    def _remember(self, entry: Entry, body: Callable[[], bytes | None]) -> Parts | None:
        """Note what is in a document under all its tags; its parts, where they had to be looked at for that."""
        tags = [piece.etag for piece in entry.pieces.values()]
        with self._lock:
            known = self._contents.setdefault(entry.path, OrderedDict())
            self._contents.move_to_end(entry.path)
            while len(self._contents) > _DOCUMENTS:
                self._contents.popitem(last=False)
            content = next((known[tag] for tag in tags if tag in known), None)
        parts = None
        if content is None:
            whole = body()
            if whole is None:
                return None
            parts = take_apart(whole, suffix_of(entry.path))
            content = frozenset(map(_digest, parts.items))
        with self._lock:
            for tag in tags:
                known[tag] = content
                known.move_to_end(tag)
            while len(known) > _TAGS:
                known.popitem(last=False)
        return parts

    def _had(self, path: str, none_match: str | None) -> frozenset[bytes] | None:
        """What a reader has that comes with these tags; None where that is not known."""
        if none_match is None or len(none_match) > _LONGEST_FIELD:
            return None
        with self._lock:
            known = self._contents.get(path, OrderedDict())
            return next((known[tag] for tag in _TAG.findall(none_match) if tag in known), None)

    def _delta(
        self, entry: Entry, had: frozenset[bytes], parts: Parts | None, body: Callable[[], bytes | None]
    ) -> _Delta | None:
        key = (entry.path, entry.pieces[IDENTITY].etag, had)
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        if parts is None:
            whole = body()
            if whole is None:
                return None
            parts = take_apart(whole, suffix_of(entry.path))
        new = [item for item in parts.items if _digest(item) not in had]
        made = None
        if len(new) < len(parts.items):
            cut = parts.with_only(new)
            made = _Delta({IDENTITY: cut, "gzip": gzip.compress(cut, compresslevel=6, mtime=0)})
        with self._lock:
            if key not in self._made:
                self._made[key] = made
                self._bytes += made.size() if made else 0
            while len(self._made) > _ANSWERS or self._bytes > _MOST_BYTES:
                _, dropped = self._made.popitem(last=False)
                self._bytes -= dropped.size() if dropped else 0
        return made


def _digest(item: bytes) -> bytes:
    return hashlib.sha256(item).digest()[:12]


def _fields(piece: Piece, coding: str, body: bytes) -> Fields:
    """Those of the whole answer, whose tag is that of the whole document (RFC 3229 §10.5.2), but not to be kept."""
    replaced = {
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store, im",
        "Vary": "Accept-Encoding, A-IM, If-None-Match",
    }
    fields = [(name, replaced.get(name, value)) for name, value in piece.full if name != "Content-Encoding"]
    fields += [("Content-Encoding", coding)] if coding != IDENTITY else []
    return [*fields, ("IM", "feed")]
