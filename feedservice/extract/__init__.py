"""From a page to the article on it. Nothing leaves this room unsanitised.

`article.py` tells the way once, from top to bottom, `cleaning.py` that of an article without a page, and `pages.py` how
one that goes on over several is joined. The rooms that it leads through stand on one another in this order:

    text, dates             words by themselves, and how dates are written
    encoding, page          bytes become text, text becomes a tree with lines, labels and prose
    statements              what the page says of itself where nobody sees it
    headlines, markup       the headline; an article's markup, pictures and files, rewritten
    prose                   the body and the lines around it
    attribution, dating     from whom it is, and of when

`trail.py` reads the way to the page, `extras.py` its other labelled facts, `summary.py` how it begins. `rules.py` and
`overrides.py` put the configuration's selectors in front. `refusal.py` knows pages that are no article, and
`firstsight.py` what a page is at a glance. `sanitising.py` and `lawful.py` come last, always.

The names below are loaded when they are first used, so that asking for one does not load the readers of all the others.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedservice.extract.article import extract
    from feedservice.extract.cleaning import clean
    from feedservice.extract.dates.forms import parse_moment
    from feedservice.extract.encoding.charset import decode
    from feedservice.extract.firstsight import glance
    from feedservice.extract.page.limits import measured
    from feedservice.extract.pages import join, next_pages
    from feedservice.extract.sanitising import sanitise

_HOMES = {
    "extract": "article",
    "decode": "encoding.charset",
    "clean": "cleaning",
    "parse_moment": "dates.forms",
    "glance": "firstsight",
    "join": "pages",
    "measured": "page.limits",
    "next_pages": "pages",
    "sanitise": "sanitising",
}

__all__ = ["clean", "decode", "extract", "glance", "join", "measured", "next_pages", "parse_moment", "sanitise"]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(f"feedservice.extract.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
