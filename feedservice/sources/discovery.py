"""Feeds that a web page announces: <link rel="alternate"> in its head."""

from __future__ import annotations

import re

from feedservice.sources.addresses import absolute
from feedservice.sources.markup import unescape

_HEAD = 200_000
_LINK = re.compile(r"<link\b([^>]{1,4000}+)>", re.IGNORECASE)
_BASE = re.compile(r"<base\b[^>]{0,2000}?\bhref\s*=\s*[\"']?([^\"'\s>]{1,2000})", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([A-Za-z-]{2,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/x-rss+xml",
    "application/xml",
    "text/xml",
)
_ASIDE = re.compile(r"comments?(?![a-z])|评论|/reply|replies", re.IGNORECASE)


def feeds_of_page(html: str, url: str) -> tuple[str, ...]:
    """The feeds that a page at `url` announces, in its order; those of comments only where it has no other."""
    return article_feeds(html, url) or tuple(_announced(html, url))


def article_feeds(html: str, url: str) -> tuple[str, ...]:
    """The feeds that a page at `url` announces, in its order, without those of comments."""
    return tuple(address for address, aside in _announced(html, url).items() if not aside)


def _announced(html: str, url: str) -> dict[str, bool]:
    """The feeds that a page announces, and of each whether it is one of comments."""
    head = _without_comments(html[:_HEAD])
    base_tag = _BASE.search(head)
    base = (absolute(url, unescape(base_tag[1])) if base_tag else None) or url
    found: dict[str, bool] = {}
    for link in _LINK.finditer(head):
        facts = {
            match[1].lower(): unescape(match[2] or match[3] or match[4] or "") for match in _ATTRIBUTE.finditer(link[1])
        }
        relations = facts.get("rel", "").lower().split()
        kind = facts.get("type", "").split(";")[0].strip().lower()
        if not ("feed" in relations or ("alternate" in relations and kind in _TYPES)):
            continue
        address = absolute(base, facts.get("href", ""))
        if address is not None:
            found.setdefault(address, _ASIDE.search(facts.get("title", "") + address) is not None)
    return found


def _without_comments(html: str) -> str:
    """HTML without its comments (HTML §13.1.6); one that nobody ends hides the rest. In linear time."""
    parts: list[str] = []
    place = 0
    while (start := html.find("<!--", place)) >= 0:
        parts.append(html[place:start])
        end = html.find("-->", start + 2)
        if end < 0:
            return "".join(parts)
        place = end + 3
    return "".join([*parts, html[place:]])
