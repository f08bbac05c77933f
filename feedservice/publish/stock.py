"""A document as it was, taken apart: what can be had of it for the next one. It is unpacked as far as needed."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from copy import copy
from functools import partial
from itertools import accumulate

from zlib_ng import zlib_ng

from feedservice.errors import StoreDamaged
from feedservice.model import Document
from feedservice.publish.chunks import Chunk, joined
from feedservice.publish.layout import FRAME, Part, Piece, Sheet, unpack
from feedservice.publish.stitching import Before, Stitched

_log = logging.getLogger(__name__)
_GZIP_WINDOW = 31
_STEP = 16_384


class Stock:
    """What a document holds. Only what is of the same shape can be had of it, and nothing of None.

    Raises StoreDamaged for a document whose gzip bytes are not those that were stored.
    """

    def __init__(self, document: Document | None, shape: bytes) -> None:
        self.document = document
        self.shape = shape
        bodies = {each.coding: each.body for each in document.representations} if document is not None else {}
        self._gzip = bodies.get("gzip", b"")
        layout = unpack(document.layout, shape) if document is not None else None
        self._parts: tuple[Part, ...] = layout.parts() if layout is not None else ()
        if document is not None and layout is not None and not layout.is_of(self._gzip):
            raise StoreDamaged(f"{document.path}: the stored bytes are damaged: they have another checksum")
        self._unpacked = _Unpacked(self._gzip)
        self._digests = [part.digest for part in self._parts]
        self._starts = list(accumulate([part.length for part in self._parts], initial=0))
        self._places: Mapping[bytes, int] = {part.key: at for at, part in enumerate(self._parts) if part.key != FRAME}

    def lent(self) -> Stock:
        """The same parts, for a document that was not there before."""
        found = copy(self)
        found.document = None
        return found

    @property
    def fits(self) -> bool:
        """Whether it is of the shape that is asked for, so that anything can be had of it."""
        return bool(self._parts)

    def has(self, key: bytes) -> bool:
        """Whether the item of this key is there."""
        return key in self._places

    def size(self, key: bytes) -> int | None:
        """The room that the article of an item takes at most, in bytes; None where the item is not there."""
        place = self._places.get(key)
        return None if place is None else self._parts[place].size

    def piece(self, key: bytes, between: bytes) -> Piece | None:
        """The item of this key. between: what stands between any two."""
        place = self._places.get(key)
        if place is None:
            return None
        part = self._parts[place]
        read = partial(self._unpacked.slice, *self._starts[place : place + 2])
        return Piece(key, part.size, Chunk(part.length, part.digest, part.check, read), between if place > 1 else b"")

    def holds(self, chunks: Sequence[Chunk]) -> bool:
        """Whether these chunks are what the document is."""
        if self._parts:
            return [chunk.digest for chunk in chunks] == self._digests
        return self.document is not None and joined(chunks) == self.document.identity()

    def before(self) -> Before | None:
        """What was stitched of it, where it was."""
        segments = tuple([part.packed for part in self._parts])
        return Before(self._digests, Stitched(self._gzip, segments)) if all(segments) and segments else None

    def places(self, sheet: Sheet) -> list[int | None]:
        """For each chunk of a sheet, where it may have been."""
        return [0, *[self._places.get(piece.key) for piece in sheet.pieces], len(self._parts) - 1]


def stock_of(document: Document | None, shape: bytes) -> Stock:
    """What the next document can be made of; nothing of one that is damaged on the disk: it is written whole.

    document: as `Store.packed` gave it.
    """
    try:
        return Stock(document, shape)
    except StoreDamaged as error:
        _log.error("%s; it is written anew", error)
        return Stock(None, shape)


class _Unpacked:
    """What gzip bytes unpack to, from the start to where somebody looked last."""

    def __init__(self, packed: bytes) -> None:
        self._rest = packed
        self._machine = zlib_ng.decompressobj(_GZIP_WINDOW)
        self._made = bytearray()

    def slice(self, start: int, end: int) -> bytes:
        """Some of the bytes."""
        machine = self._machine
        while (missing := end - len(self._made)) > 0 and (more := machine.decompress(self._rest, max(missing, _STEP))):
            self._made += more
            self._rest = machine.unconsumed_tail
        return bytes(self._made[start:end])
