"""From a page to the article on it. Nothing leaves this room unsanitised.

The names below are loaded when they are first used, so that asking for one does not load the readers of all the others.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedservice.extract.article import extract
    from feedservice.extract.charset import decode
    from feedservice.extract.cleaning import clean
    from feedservice.extract.dates import parse_moment
    from feedservice.extract.firstsight import glance
    from feedservice.extract.limits import measured
    from feedservice.extract.pages import join, next_pages
    from feedservice.extract.sanitising import sanitise

_HOMES = {
    "extract": "article",
    "decode": "charset",
    "clean": "cleaning",
    "parse_moment": "dates",
    "glance": "firstsight",
    "join": "pages",
    "measured": "limits",
    "next_pages": "pages",
    "sanitise": "sanitising",
}

__all__ = ["clean", "decode", "extract", "glance", "join", "measured", "next_pages", "parse_moment", "sanitise"]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(f"feedservice.extract.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
