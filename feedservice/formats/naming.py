"""Titles and names in RSS, which says of none whether it is text or HTML."""

from __future__ import annotations

import re

from feedservice.formats.text import as_html

_TAG = re.compile(r"(?:<|&(?:amp;)*+lt;)[A-Za-z/!?]")
_REFERENCE = re.compile(r"&amp;(?=[a-zA-Z#])")


def as_name(text: str) -> str:
    """A title or name for RSS: as HTML where something in it looks like a tag, for many readers take it for HTML.

    Others stay as they are: readers that take titles for text would show "R&amp;D".
    """
    return as_html(text) if _TAG.search(text) else text


def from_name(told: str) -> str:
    """The title or name that `as_name` wrote."""
    return _REFERENCE.sub("&", told.replace("&lt;", "<")) if _TAG.search(told) else told
