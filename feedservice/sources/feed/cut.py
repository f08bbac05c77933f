"""Feeds that end in the middle: the server stopped, or the transfer did."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from feedservice.model import Offer

_CLOSING = re.compile(r"</(?:[\w.-]{1,30}:)?(?:rss|feed|rdf|channel)", re.IGNORECASE)
_ENTRY_ALONE = re.compile(r"(?:<\?xml[^<>]{0,400}>\s*+)?<(?:[\w.-]{1,30}:)?entry[\s>]", re.IGNORECASE)
_RDF = re.compile(r"(?:<\?xml[^<>]{0,400}>\s*+)?<(?:[\w.-]{1,30}:)?rdf[\s>]", re.IGNORECASE)
_RDF_CLOSING = re.compile(r"</(?:[\w.-]{1,30}:)?rdf", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:[\w.-]{1,30}:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:[\w.-]{1,30}:)?(?:item|entry)", re.IGNORECASE)
_LINK = re.compile(r"</(?:[\w.-]{1,30}:)?link\s*>|<(?:[\w.-]{1,30}:)?link\b[^<>]*/>", re.IGNORECASE)
_TITLE = re.compile(r"</(?:[\w.-]{1,30}:)?title\s*>", re.IGNORECASE)


def is_cut_off(xml: str) -> bool:
    """Whether a feed's root is never closed. In RSS 1.0 the channel is, before the first item."""
    closing = _RDF_CLOSING if _RDF.match(xml) else _ENTRY_END if _ENTRY_ALONE.match(xml) else _CLOSING
    return closing.search(xml) is None


def without_cut_entry(xml: str, offers: Sequence[Offer]) -> list[Offer]:
    """The offers of a feed that was cut off, without what came of its last entry in half.

    Where the half holds title and link, its page has the rest: it becomes a stub.
    """
    starts = [match.start() for match in _ENTRY.finditer(xml)]
    rest = xml[starts[-1] :] if starts else ""
    if not offers or not rest or _ENTRY_END.search(rest):
        return list(offers)
    last = offers[-1]
    if len(starts) != len(offers):
        return list(offers)
    if last.url is None or not (_LINK.search(rest) and _TITLE.search(rest)):
        return list(offers[:-1])
    return [*offers[:-1], replace(last, complete=False, fields=replace(last.fields, body="", summary=""))]
