"""Items that several feeds show alike: an article is in its category, in those above it and in the feed of everything.

They are written and checked once, for as long as there is room for them.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from feedservice.publish.layout import Piece

_ROOM = 4_000_000
_Name = tuple[bytes, str, bytes]


@dataclass(slots=True)
class Pool:
    """The items that were written last and passed the gate. room: how many bytes of them are kept."""

    room: int = _ROOM
    _pieces: OrderedDict[_Name, Piece] = field(default_factory=OrderedDict)
    _size: int = 0

    def get(self, shape: bytes, format: str, key: bytes) -> Piece | None:
        """The item of a key in a format, as a program and settings of this shape write it."""
        name = (shape, format, key)
        if name in self._pieces:
            self._pieces.move_to_end(name)
        return self._pieces.get(name)

    def put(self, shape: bytes, format: str, piece: Piece) -> None:
        """Keep an item; those that nobody has asked for longest make room."""
        name = (shape, format, piece.key)
        if name in self._pieces:
            return
        self._pieces[name] = piece
        self._size += piece.chunk.length
        while self._size > self.room:
            _, gone = self._pieces.popitem(last=False)
            self._size -= gone.chunk.length
