"""The seams, gathered on one page. Floor 2: imports model and errors only.

A room on floor 3 never imports its neighbour; it is handed one of these. Implementations inherit nothing.
"""

from __future__ import annotations

from feedservice.protocols.formats import Format, Frame, ReadBack
from feedservice.protocols.network import Clock, ConditionalGet, Get
from feedservice.protocols.pushing import Counter
from feedservice.protocols.sources import Opening, PageReader, Source, SourceKind
from feedservice.protocols.store import Store, Watch, Writer

__all__ = [
    "Clock",
    "ConditionalGet",
    "Counter",
    "Format",
    "Frame",
    "Get",
    "Opening",
    "PageReader",
    "ReadBack",
    "Source",
    "SourceKind",
    "Store",
    "Watch",
    "Writer",
]
