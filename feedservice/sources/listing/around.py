"""What stands around the rows of a list and belongs to them: a date between two rows, the year in a heading above."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from feedservice.sources.listing.links import text_within
from feedservice.sources.rowdates import Calendar, find_date

_MOST_SIBLINGS = 6
_MOST_TEXT = 300
_MOST_WALKED = 50_000
_LEAST_SHARE = 0.6
_YEAR = re.compile(r"[\W_]*((?:19|20)\d\d)\s*年?[\W_]*(?:[(（]\d{1,4}\D{0,4}[)）])?")
_NO_HEADINGS = frozenset({"a", "option", "script", "style", "time"})


def dates_beside(
    rows: Sequence[HtmlElement], addresses: Sequence[str], calendar: Calendar
) -> Mapping[HtmlElement, str]:
    """For each row the text beside it that holds its date, in lists whose rows hold none themselves.

    The date stands behind each row (<dt> and <dd>, text before a <br>) or before it (<dd> behind a <dt> with the date):
    where the last row has one behind it, it is behind all of them. Empty when fewer than three fifths have one.
    """
    own = set(rows)
    for beside, outermost in ((_behind, -1), (_before, 0)):
        texts = [beside(row, own) for row in rows]
        found = [find_date(text, calendar, url) is not None for text, url in zip(texts, addresses, strict=True)]
        if found[outermost] and sum(found) >= _LEAST_SHARE * len(rows):
            return dict(zip(rows, texts, strict=True))
    return {}


def _behind(row: HtmlElement, own: set[HtmlElement]) -> str:
    parts = [row.tail or ""]
    for node in row.itersiblings():
        if len(parts) > _MOST_SIBLINGS or node in own or any(inner in own for inner in node.iter()):
            break
        parts += [text_within(node, _MOST_TEXT), node.tail or ""]
    return " ".join(" ".join(parts).split())[:_MOST_TEXT]


def _before(row: HtmlElement, own: set[HtmlElement]) -> str:
    parts: list[str] = []
    for node in row.itersiblings(preceding=True):
        parts.insert(0, node.tail or "")
        if len(parts) > _MOST_SIBLINGS or node in own or any(inner in own for inner in node.iter()):
            break
        parts.insert(0, text_within(node, _MOST_TEXT))
    return " ".join(" ".join(parts).split())[-_MOST_TEXT:]


def years_above(rows: Iterable[HtmlElement]) -> Mapping[HtmlElement, int]:
    """For each row the year that a heading above it says, as archives have them."""
    own = set(rows)
    years: dict[HtmlElement, int] = {}
    year: int | None = None
    if not own:
        return years
    walk = iterwalk(next(iter(own)).getroottree(), events=("start",))
    for count, (_, node) in enumerate(walk):
        if count >= _MOST_WALKED or len(years) == len(own):
            break
        if node in own:
            walk.skip_subtree()
            if year is not None:
                years[node] = year
        elif isinstance(node.tag, str) and node.tag not in _NO_HEADINGS and node.text:
            found = _YEAR.fullmatch(node.text[:60])
            year = int(found[1]) if found else year
    return years
