"""What several feeds have alike: an article is in its category, in those above it and in the feed of everything.

Its items are written and checked once, and compressed once where their neighbours are the same too, for as long as
there is room for them.
"""

from __future__ import annotations

from feedservice.publish.layout import Piece
from feedservice.publish.recent import Recent

_ROOM = 4_000_000


class Pool:
    """The items that were written last and passed the gate, and the segments that were made of them.

    room: how many bytes of items are kept, and half as many of segments. segments: by what they are made of, as
    `stitch` knows it.
    """

    def __init__(self, room: int = _ROOM) -> None:
        self._pieces: Recent[tuple[bytes, str, bytes], Piece] = Recent(room)
        self.segments: Recent[bytes, bytes] = Recent(room // 2)

    def get(self, shape: bytes, format: str, key: bytes) -> Piece | None:
        """The item of a key in a format, as a program and settings of this shape write it."""
        return self._pieces.get((shape, format, key))

    def put(self, shape: bytes, format: str, piece: Piece) -> None:
        """Keep an item."""
        self._pieces.put((shape, format, piece.key), piece, piece.chunk.length)
