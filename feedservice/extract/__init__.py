"""From a page to the article on it. Nothing leaves this room unsanitised.

article.py tells the way once, from top to bottom. By what they know, its steps and what these stand on:

    bytes and text   charset guessing webnames; limits crowding parsing; dom elements lines links
    words            vocabulary folding wording noise language
    no article       refusal firstsight
    stated, unseen   stated scripted scriptstrings statetext
    headline         headline titles kickers overfacts sections sites
    around the text  zone labels extras trail tags
    dates            when chosen; dates datewords clock splitdates; addressdates markeddates stateddates supposed
    whose it is      byline; origins unlabelled; authors beside linkedauthors signatures statedauthors authorbox;
                     credits names people
    body             body density; leadin trim teasers controls captions; compose writer structures formulas
    pictures, files  media pictures embeds viewers showing
    summary          summary
    configuration    rules overrides
    several pages    pages
    without a page   cleaning
    last, always     sanitising lawful

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
