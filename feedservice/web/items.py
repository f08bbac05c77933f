"""Published bytes taken apart into items, and put together again; their markup is our own. All in linear time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

_ITEM = (b"<item>", b"</item>")
_MARKS = {"rss": _ITEM, "atom": (b"<entry", b"</entry>"), "baidu.xml": _ITEM, "partner.xml": _ITEM}
LISTS = {"json": "items", "kuaichuan.json": "data"}
"""What the items of a JSON document are called, by the suffix of its format."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A document in parts: what stands in front of the items, they, what stands behind, and between any two of them."""

    head: bytes
    items: tuple[bytes, ...]
    tail: bytes
    between: bytes = b""

    def with_only(self, items: Iterable[bytes]) -> bytes:
        """The document with these items instead."""
        return self.head + self.between.join(items) + self.tail


def can_take_apart(path: str) -> bool:
    """Whether the document at an address has items that are known."""
    return path.startswith("/feeds/") and suffix_of(path) in (*_MARKS, *LISTS)


def suffix_of(path: str) -> str:
    """The suffix of the format that is served at an address: feeds' names have no dots."""
    return path.partition(".")[2]


def take_apart(body: bytes, suffix: str) -> Parts:
    """The parts of a feed's document. suffix: of its format."""
    if suffix in LISTS:
        told, name = json.loads(body), LISTS[suffix]
        items = tuple(_dumped(item) for item in told.pop(name))
        return Parts(_dumped({**told, name: []}).removesuffix(b"]}"), items, b"]}", b",")
    opening, closing = _MARKS[suffix]
    head, *parts = body.split(opening)
    found, tail = [], b""
    for part in parts:
        item, _, tail = part.partition(closing)
        found.append(opening + item + closing)
    return Parts(head, tuple(found), tail) if found else Parts(head, (), b"")


def _dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
