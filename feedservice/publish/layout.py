"""Of what parts a document is made up, so that the next one is made of those that stay and the few that changed.

A part is known by a key: a digest of all that its bytes depend on. So parts that are taken over are the bytes that
would be written anew, and a document is the same whatever was there before.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from zlib_ng import zlib_ng

from feedservice.model import Document
from feedservice.publish.stitching import Before, Stitched

_HEAD = struct.Struct(">4s16sI")
_PART = struct.Struct(">16sIIII")
_MAGIC = b"fsl1"
TAKEN_OVER = ("identity", "gzip")
"""The codings that parts are taken over in."""
_FRAME = bytes(16)
"""The key of what stands in front of the items and behind them: it is always written anew."""


@dataclass(frozen=True, slots=True)
class Piece:
    """An item as it is written. key: 16 bytes. size: what its article counts for where room is shared out, in bytes."""

    key: bytes
    body: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document as it is written: its items, and what stands in front of them, behind them, and between any two."""

    opening: bytes
    pieces: tuple[Piece, ...]
    closing: bytes
    between: bytes = b""

    def chunks(self) -> list[bytes]:
        """The bytes in parts, one for each piece besides the first and the last."""
        items = [piece.body if not at else self.between + piece.body for at, piece in enumerate(self.pieces)]
        return [self.opening, *items, self.closing]


@dataclass(frozen=True, slots=True)
class _Part:
    """A chunk of a document. check: its CRC-32. packed: the length of its gzip segment; 0 where it has none."""

    key: bytes
    length: int
    check: int
    packed: int
    size: int


def pack(sheet: Sheet, shape: bytes, segments: Sequence[int]) -> bytes:
    """What has to be remembered of a sheet. shape: a digest, of 16 bytes, of what all keys leave out."""
    chunks = sheet.chunks()
    keys = [_FRAME, *(piece.key for piece in sheet.pieces), _FRAME]
    sizes = [0, *(piece.size for piece in sheet.pieces), 0]
    rows = zip(keys, chunks, segments or [0] * len(chunks), sizes, strict=True)
    parts = (_PART.pack(key, len(chunk), zlib_ng.crc32(chunk), packed, size) for key, chunk, packed, size in rows)
    return _HEAD.pack(_MAGIC, shape, len(chunks)) + b"".join(parts)


def _unpack(packed: bytes, shape: bytes) -> tuple[_Part, ...]:
    if len(packed) < _HEAD.size:
        return ()
    magic, stored_shape, count = _HEAD.unpack_from(packed)
    if (magic, stored_shape) != (_MAGIC, shape) or len(packed) != _HEAD.size + count * _PART.size:
        return ()
    return tuple(_Part(*fields) for fields in _PART.iter_unpack(packed[_HEAD.size :]))


class Stock:
    """A document as it was, taken apart: what can be had of it for the next one. Only what is of the same shape can."""

    def __init__(self, document: Document | None, shape: bytes) -> None:
        self.document = document
        self.shape = shape
        self.identity, self._gzip = _coded(document, "identity"), _coded(document, "gzip")
        parts = _unpack(document.layout, shape) if document is not None else ()
        self._parts = parts if sum(part.length for part in parts) == len(self.identity) else ()
        self._starts = [0, *accumulate(part.length for part in self._parts)]
        self._places: Mapping[bytes, int] = {part.key: at for at, part in enumerate(self._parts) if part.key != _FRAME}

    def has(self, key: bytes) -> bool:
        """Whether the item of this key is there."""
        return key in self._places

    def size(self, key: bytes) -> int | None:
        """What the article of an item counts for, in bytes; None where the item is not there."""
        place = self._places.get(key)
        return None if place is None else self._parts[place].size

    def piece(self, key: bytes, between: bytes) -> Piece | None:
        """The item of this key, if its bytes are as they were written."""
        place = self._places.get(key)
        if place is None:
            return None
        part = self._parts[place]
        chunk = self.identity[self._starts[place] : self._starts[place + 1]]
        if zlib_ng.crc32(chunk) != part.check:
            return None
        return Piece(key, chunk[len(between) :] if place > 1 else chunk, part.size)

    def before(self) -> Before | None:
        """What was stitched of it, where it was."""
        segments = tuple(part.packed for part in self._parts)
        if not segments or not all(segments):
            return None
        return Before(self.identity, [part.length for part in self._parts], Stitched(self._gzip, segments))

    def places(self, sheet: Sheet) -> list[int | None]:
        """For each chunk of a sheet, where it may have been."""
        return [None, *(self._places.get(piece.key) for piece in sheet.pieces), None]


def _coded(document: Document | None, coding: str) -> bytes:
    representations = document.representations if document is not None else ()
    return next((each.body for each in representations if each.coding == coding), b"")
