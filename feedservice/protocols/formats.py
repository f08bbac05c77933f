"""How feeds are written, and read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from feedservice.model import Edition


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a strict reader sees in rendered bytes. Dates are aware. `urls` holds every URL, bodies included."""

    title: str
    ids: tuple[str, ...]
    titles: tuple[str, ...]
    dates: tuple[datetime, ...]
    urls: tuple[str, ...]
    self_url: str


@dataclass(frozen=True, slots=True)
class Format:
    """A row of the table `formats.FORMATS`: a way to write a feed down.

    render: pure; equal editions give equal bytes; raises ValueError for nothing that the store can hold.
    read: parses rendered bytes back for the gate: what a strict reader sees.
    """

    name: str
    suffix: str
    media_type: str
    title: str
    render: Callable[[Edition], bytes]
    read: Callable[[bytes], ReadBack]
