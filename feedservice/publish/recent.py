"""What was made last, kept in bounded memory in case that it is wanted once more."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Name = TypeVar("Name")
Thing = TypeVar("Thing")


@dataclass(slots=True)
class Recent(Generic[Name, Thing]):
    """Things by name. room: how many bytes of them are kept; those that nobody has asked for longest give way."""

    room: int
    _things: OrderedDict[Name, tuple[Thing, int]] = field(default_factory=OrderedDict)
    _size: int = 0

    def get(self, name: Name) -> Thing | None:
        """What was put here under a name, if it is still there."""
        if name not in self._things:
            return None
        self._things.move_to_end(name)
        return self._things[name][0]

    def put(self, name: Name, thing: Thing, size: int) -> None:
        """Keep a thing of so many bytes."""
        if name in self._things:
            return
        self._things[name] = thing, size
        self._size += size
        while self._size > self.room:
            _, (_, gone) = self._things.popitem(last=False)
            self._size -= gone
