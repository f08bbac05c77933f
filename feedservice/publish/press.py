"""What it takes to write feeds, the same for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feedservice.config.settings import FeedSettings
from feedservice.model import Site
from feedservice.protocols import Clock, Format


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What it takes to write feeds.

    shape: tells this program and its settings from others: what was written under another one is written anew.
    """

    formats: Sequence[Format]
    site: Site
    settings: FeedSettings
    clock: Clock
    shape: str = ""
