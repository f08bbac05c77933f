"""What stands around the rows of a list and belongs to them: a date between two rows, year or month in a heading."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TypeVar

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from feedservice.sources.listing.links import pieces_of, text_within
from feedservice.sources.listing.showing import date_among, day_alone, only_date
from feedservice.sources.rowdates import Calendar, month_of

Told = TypeVar("Told")

_MOST_SIBLINGS = 3
_MOST_BETWEEN, _SHORTEST = 6, 4
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HEADLINES = frozenset({*_HEADINGS, "dt"})
_MOST_TEXT = 300
_MOST_PIECES = 50
_MOST_WALKED = 50_000
_LEAST_SHARE = 0.6
_YEAR = re.compile(r"[\W_]*((?:19|20)\d\d)\s*年?[\W_]*(?:[(（]\d{1,4}\D{0,4}[)）])?")
_DAY = re.compile(
    r"[\W_]*(3[01]|[12]\d|0?[1-9])(?:\s?[日号]|st|nd|rd|th)?[\W_]*(?:周.|星期.|[a-z]{2,3}[\W_]*)?", re.IGNORECASE
)
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d")
_MOST_LOOKED_THROUGH = 12
_NO_HEADINGS = frozenset({"a", "option", "script", "style", "time"})


def dates_beside(
    rows: Sequence[HtmlElement], addresses: Sequence[str], calendar: Calendar
) -> Mapping[HtmlElement, str]:
    """For each row the texts beside it that hold its date, on a line each, in lists whose rows hold none themselves.

    The date stands behind each row (<dt> and <dd>, text before a <br>) or before it (<dd> behind a <dt> with the date):
    where the last row has one behind it, it is behind all of them. Empty when fewer than three fifths have one.
    """
    own = set(rows)
    for beside, outermost in ((_behind, -1), (_before, 0)):
        texts = [beside(row, own) for row in rows]
        told = zip(texts, addresses, strict=True)
        found = [date_among(text.split("\n"), calendar, url) is not None for text, url in told]
        if found[outermost] and sum(found) >= _LEAST_SHARE * len(rows):
            return dict(zip(rows, texts, strict=True))
    return {}


def headlines_of(headed: Sequence[tuple[HtmlElement, HtmlElement]]) -> Mapping[HtmlElement, str]:
    """For each row of links that are no headlines the one that it has: a heading in it; else between it and the row
    before a heading or a <dt>, where the row has no words of its own also the first text that is no date.

    headed: links, each with its row. Empty when fewer than three fifths have one, or the first has none: a heading
    above all of them is the list's own.
    """
    own = {row for _, row in headed}
    for read in (_heading_inside, partial(_headline_above, own=own)):
        told = {row: text for link, row in headed if (text := read(link, row))}
        if headed and headed[0][1] in told and len(told) >= _LEAST_SHARE * len(own):
            return told
    return {}


def _heading_inside(link: HtmlElement, row: HtmlElement) -> str:
    headings = (node for node in islice(row.iter(*_HEADINGS), _MOST_SIBLINGS) if link not in node.iter("a"))
    return next((text for node in headings if _says_something(text := text_within(node, _MOST_TEXT))), "")


def _headline_above(link: HtmlElement, row: HtmlElement, own: set[HtmlElement]) -> str:
    between: list[HtmlElement] = []
    for count, node in enumerate(row.itersiblings(preceding=True)):
        if count >= _MOST_BETWEEN or node in own or any(inner in own for inner in node.iter()):
            break
        if isinstance(node.tag, str):
            between.insert(0, node)
    texts = [(node.tag in _HEADLINES, text_within(node, _MOST_TEXT)) for node in between]
    texts = [(heads, text) for heads, text in texts if _says_something(text)]
    heading = next((text for heads, text in texts if heads), "")
    if heading or not texts:
        return heading
    inside = (" ".join(piece.split()) for piece in islice(pieces_of(row, without=link), _MOST_PIECES))
    return "" if row is not link and any(map(_says_something, inside)) else texts[0][1]


def _says_something(text: str) -> bool:
    return len(text) >= _SHORTEST and not only_date(text)


def _behind(row: HtmlElement, own: set[HtmlElement]) -> str:
    parts = [row.tail or ""]
    for count, node in enumerate(row.itersiblings()):
        if count >= _MOST_SIBLINGS or node in own or any(inner in own for inner in node.iter()):
            break
        parts += [*islice(pieces_of(node), _MOST_PIECES), node.tail or ""]
    return _on_lines(parts)[:_MOST_TEXT]


def _before(row: HtmlElement, own: set[HtmlElement]) -> str:
    parts: list[str] = []
    for count, node in enumerate(row.itersiblings(preceding=True)):
        parts.insert(0, node.tail or "")
        if count >= _MOST_SIBLINGS or node in own or any(inner in own for inner in node.iter()):
            break
        parts[:0] = islice(pieces_of(node), _MOST_PIECES)
    return _on_lines(parts)[-_MOST_TEXT:]


def _on_lines(parts: Iterable[str]) -> str:
    lines = (" ".join(part[: _MOST_TEXT + 1].split()) for part in parts)
    return "\n".join(line for line in lines if line)


def years_above(rows: Iterable[HtmlElement]) -> Mapping[HtmlElement, int]:
    """For each row the year that a heading above it says, as archives have them.

    Years in a row, nothing between them, above all rows are no headings but a choice (2026年 2025年 2024年).
    """
    return _above(set(rows), _year)


def days_under_months(rows: Sequence[HtmlElement], calendar: Calendar) -> Mapping[HtmlElement, str]:
    """For each row its day, where all rows tell only the number of it and a heading above them its month and year.

    rows: in page order; days that are in no order are none.
    """
    numbers = {row: number for row in rows if (number := _day(row))}
    if len(rows) < 2 or len(numbers) < len(rows):
        return {}
    months = _above(set(rows), lambda text: month_of(text, calendar))
    if len(months) < len(rows):
        return {}
    days = [(*months[row], numbers[row]) for row in rows]
    counted = [number for _, _, number in days] == list(range(1, len(days) + 1))
    if counted or days not in (sorted(days), sorted(days, reverse=True)):
        return {}  # places or counts
    return {row: f"{months[row][0]}-{months[row][1]}-{numbers[row]}" for row in rows}


def days_above(rows: Sequence[HtmlElement], calendar: Calendar) -> Mapping[HtmlElement, str]:
    """For each row its day, where all rows stand under headings that are days, two at least and in order.

    A lone day above a list is that on which the page is looked at. rows: in page order.
    """
    told = _above(set(rows), lambda text: day_alone(text.strip(), calendar)) if len(rows) > 1 else {}
    if len(told) < len(rows):
        return {}
    days = [told[row] for row in rows]
    if len(set(days)) < 2 or days not in (sorted(days), sorted(days, reverse=True)):
        return {}
    return {row: f"{told[row]} {_clock(row)}".strip() for row in rows}


def _clock(row: HtmlElement) -> str:
    """The time of day that stands alone in a row."""
    pieces = (piece.strip() for piece in islice(pieces_of(row), _MOST_LOOKED_THROUGH))
    return next((piece for piece in pieces if _CLOCK.fullmatch(piece)), "")


def _day(row: HtmlElement) -> int | None:
    pieces = (piece.strip() for piece in islice(pieces_of(row), _MOST_LOOKED_THROUGH))
    return next((int(found[1]) for piece in pieces if len(piece) <= 20 and (found := _DAY.fullmatch(piece))), None)


def _year(text: str) -> int | None:
    found = _YEAR.fullmatch(text)
    return int(found[1]) if found else None


def _above(own: set[HtmlElement], read: Callable[[str], Told | None]) -> Mapping[HtmlElement, Told]:
    parts = _parts(own, read) if own else []
    headings = [told for told, _ in parts if told]
    if len(headings) == 1 and len(headings[0]) > 1:
        return {}
    return {row: told[-1] for told, under in parts if told for row in under}


def _parts(own: set[HtmlElement], read: Callable[[str], Told | None]) -> list[tuple[list[Told], list[HtmlElement]]]:
    """The rows of a list in the order of the page, parted where headings that are read stand between them."""
    parts: list[tuple[list[Told], list[HtmlElement]]] = [([], [])]
    left = len(own)
    walk = iterwalk(next(iter(own)).getroottree(), events=("start",))
    for count, (_, node) in enumerate(walk):
        if count >= _MOST_WALKED or not left:
            break
        if node in own:
            walk.skip_subtree()
            parts[-1][1].append(node)
            left -= 1
        elif isinstance(node.tag, str) and node.tag not in _NO_HEADINGS and node.text:
            found = read(node.text[:60])
            if found is not None and parts[-1][1]:
                parts.append(([], []))
            if found is not None:
                parts[-1][0].append(found)
    return parts
