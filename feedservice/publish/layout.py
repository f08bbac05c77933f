"""Of what parts a document is made up, so that the next one is made of those that stay and the few that changed.

A part is known by a key: a digest of all that its bytes depend on. So parts that are taken over are the bytes that
would be written anew, and a document is the same whatever was there before.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from zlib_ng import zlib_ng

from feedservice.publish.chunks import Chunk, chunk_of

_HEAD = struct.Struct(">4s16sII")
_PART = struct.Struct(">16s16sIIII")
_MAGIC = b"fsl2"
FRAME = bytes(16)
"""The key of what stands in front of the items and behind them: it is always written anew."""


class Piece(NamedTuple):
    """An item as it is written. key: 16 bytes. size: the room that its article takes in any format at most, in bytes.

    chunk: its bytes, in front of which `lead` may stand that is not of the item itself.
    """

    key: bytes
    size: int
    chunk: Chunk
    lead: bytes = b""

    @property
    def length(self) -> int:
        """How many bytes the item takes."""
        return self.chunk.length - len(self.lead)

    def body(self) -> bytes:
        """The bytes of the item."""
        return self.chunk.read()[len(self.lead) :]

    def led_by(self, lead: bytes) -> Chunk:
        """The bytes of the item with `lead` in front."""
        return self.chunk if lead == self.lead else chunk_of(lead + self.body())


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document as it is written: its items, and what stands in front of them, behind them, and between any two."""

    opening: bytes
    pieces: tuple[Piece, ...]
    closing: bytes
    between: bytes = b""

    @property
    def length(self) -> int:
        """How many bytes it takes."""
        between = len(self.between) * max(0, len(self.pieces) - 1)
        return len(self.opening) + sum([piece.length for piece in self.pieces]) + between + len(self.closing)

    def body(self) -> bytes:
        """The bytes."""
        return self.opening + self.between.join([piece.body() for piece in self.pieces]) + self.closing

    def chunks(self) -> list[Chunk]:
        """The bytes in parts, one for each piece besides the first and the last."""
        items = [piece.led_by(self.between if at else b"") for at, piece in enumerate(self.pieces)]
        return [chunk_of(self.opening), *items, chunk_of(self.closing)]


class Part(NamedTuple):
    """A chunk of a document. packed: the length of its gzip segment; 0 where it has none."""

    key: bytes
    digest: bytes
    length: int
    check: int
    packed: int
    size: int


def pack(sheet: Sheet, chunks: Sequence[Chunk], shape: bytes, packed: bytes, segments: Sequence[int]) -> bytes:
    """What has to be remembered of a sheet, which has these chunks.

    shape: a digest, of 16 bytes, of what all keys leave out. packed: the document's gzip bytes; segments: how long each
    chunk's is of them, () where they are not made of segments.
    """
    keys = [FRAME, *[piece.key for piece in sheet.pieces], FRAME]
    sizes = [0, *[piece.size for piece in sheet.pieces], 0]
    rows = zip(keys, chunks, segments or [0] * len(chunks), sizes, strict=True)
    parts = [_PART.pack(key, part.digest, part.length, part.check, length, size) for key, part, length, size in rows]
    told = b"".join(parts)
    return _HEAD.pack(_MAGIC, shape, len(chunks), zlib_ng.crc32(packed, zlib_ng.crc32(told))) + told


@dataclass(frozen=True, slots=True)
class Layout:
    """What was remembered of a sheet. check: the CRC-32 of `told`, which tells the parts, and of its gzip bytes."""

    check: int
    told: bytes

    def is_of(self, packed: bytes) -> bool:
        """Whether this and the document's gzip bytes are as they were written."""
        return zlib_ng.crc32(packed, zlib_ng.crc32(self.told)) == self.check

    def parts(self) -> tuple[Part, ...]:
        """The chunks, in their order."""
        return tuple(map(Part._make, _PART.iter_unpack(self.told)))


def count_items(packed: bytes) -> int:
    """How many items what `pack` packed tells of, whatever its shape; 0 where another program did."""
    if len(packed) < _HEAD.size:
        return 0
    magic, _, count, _ = _HEAD.unpack_from(packed)
    return max(0, count - 2) if magic == _MAGIC else 0


def unpack(packed: bytes, shape: bytes) -> Layout | None:
    """What `pack` packed; None where another program did, or it was for another shape."""
    if len(packed) < _HEAD.size:
        return None
    magic, stored_shape, count, check = _HEAD.unpack_from(packed)
    if (magic, stored_shape) != (_MAGIC, shape) or len(packed) != _HEAD.size + count * _PART.size:
        return None
    return Layout(check, packed[_HEAD.size :])
