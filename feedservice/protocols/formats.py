"""How feeds are written, and read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from feedservice.model import Edition, Showing


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a strict reader sees in rendered bytes. Dates are aware. `urls` holds every URL, bodies included.

    None: the format has no place for that.
    """

    title: str | None
    ids: tuple[str, ...] | None
    titles: tuple[str, ...]
    dates: tuple[datetime, ...]
    urls: tuple[str, ...]
    self_url: str | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What a format writes around the items of a feed."""

    opening: bytes
    closing: bytes


@dataclass(frozen=True, slots=True)
class Format:
    """A row of the table `formats.FORMATS`: a way to write a feed down.

    frame: of the feed itself. item: of one article; it stands the same beside whatever others. between: what separates
    two items. All are pure: equal values give equal bytes; they raise ValueError for nothing that the store can hold.
    read: parses written bytes back for the gate: what a strict reader sees. bound: at least as many bytes as an item
    takes, with what separates it from the next; None where that is known by writing it alone. dialect: for partners who
    ask for it: written where a setting names it, and of the feed alone, not of its archive. most: how many articles
    readers take.
    """

    name: str
    suffix: str
    media_type: str
    title: str
    frame: Callable[[Edition], Frame]
    item: Callable[[Showing], bytes]
    read: Callable[[bytes], ReadBack]
    between: bytes = b""
    bound: Callable[[Showing], int] | None = None
    dialect: bool = False
    most: int | None = None

    def render(self, edition: Edition) -> bytes:
        """Write a whole edition. Equal editions give equal bytes."""
        frame = self.frame(edition)
        items = self.between.join(self.item(edition.showing(article)) for article in edition.articles)
        return frame.opening + items + frame.closing
