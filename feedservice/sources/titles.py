"""Titles of articles from where they come as text, or as HTML, with what is said in angle brackets left in them."""

from __future__ import annotations

import re

from feedservice.sources.markup import plain_title, title_from_html, unescape

_LONE = re.compile(r"<(?:br|wbr|img)(?:\s[^<>]{0,2000})?/?>|<!--[^<>]{0,2000}-->", re.IGNORECASE)
_RARE = re.compile(
    r"</?(?:acronym|bdi|bdo|center|dfn|label|li|nobr|ol|rp|rt|ruby|samp|section|table|tbody|td|time|tr|ul)"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_BARE = re.compile(r"<|&(?=\s|\Z)")


def title_from_markup(text: str) -> str:
    """A title that comes as HTML, on one line: without markup, character references resolved."""
    return title_from_html(_without_rare(text))


def title_from_text(text: str) -> str:
    """A title from where it should be plain text, on one line; many put HTML there all the same.

    Tags that are closed are taken out and character references resolved, except where there is what HTML would have
    escaped: `Vec<T>`, "the <b> tag" and "this & that" are meant as they stand.
    """
    text = _without_rare(text)
    text = plain_title(text) if "</" in text else text
    return " ".join((text if _BARE.search(text) else unescape(text)).split())


def _without_rare(text: str) -> str:
    if "<" not in text:
        return text
    text = _LONE.sub(" ", text)
    return _RARE.sub(" ", text) if "</" in text else text
