"""What day a page is supposed to be of that tells none where one is expected."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from lxml import etree

from feedservice.extract.dates.datewords import month_named
from feedservice.extract.dates.forms import find_moments, parse_moment
from feedservice.extract.dating.addressdates import month_in_address, own_address
from feedservice.extract.page.dom import Tree
from feedservice.extract.page.elements import Element
from feedservice.model import Moment

_LIMIT = 8_000
_LONGEST_PAGE = 500_000
_COPYRIGHT = re.compile(r"©|\(c\)\s{0,3}(?:19|20)\d\d|copyright|版权|版權|著作権|저작권|все права", re.IGNORECASE)
_LONGEST_NOTE = 300


def supposed_day(tree: Tree, url: str, timezone: str) -> Moment | None:
    """The day that htmldate finds; None for pages of more than 8,000 elements or 500,000 characters of text.

    It fills up what it does not find: a year is told as its 1 January, a month as its first day or with today's number.
    So a day is believed where the page or its address has it. Else it is the first of the month that they have, and
    none where that is but in the addresses of pictures.
    """
    if len(tree.elements) > _LIMIT or sum(len(line.text) for line in tree.lines) > _LONGEST_PAGE:
        return None
    from htmldate import find_date

    first, last = month_in_address(url) or (None, None)
    page = _without_copyright(tree)
    day = find_date(page, original_date=True, url=own_address(url), min_date=first, max_date=last)
    moment = parse_moment(day, timezone, None) if day else None
    if moment is None or _has(tree, url, moment.at, everywhere=first is not None):
        return moment
    if (moment.at.month, moment.at.day) != (1, 1) and (first or _has_month(tree, moment.at)):
        return replace(moment, at=moment.at.replace(day=1))
    return None


def _without_copyright(tree: Tree) -> Element:
    """A copy of the page without its lines of copyright: their year is that of the site."""
    page = copy.deepcopy(tree.root)
    elements = [item for item in page.iter() if isinstance(item.tag, str)]
    for line in tree.lines:
        if _COPYRIGHT.search(line.text):
            _blank(elements[tree.number[line.block]])
    return page


def _blank(block: Element) -> None:
    """Take away the text of a block; of a long one, only what is of copyright."""
    whole = len(etree.tostring(block, method="text", encoding="unicode", with_tail=False)) <= _LONGEST_NOTE
    for item in block.iter():
        if item.text and isinstance(item.tag, str) and (whole or _COPYRIGHT.search(item.text)):
            item.text = ""
        if item is not block and item.tail and (whole or _COPYRIGHT.search(item.tail)):
            item.tail = ""


def _has(tree: Tree, url: str, at: datetime, *, everywhere: bool) -> bool:
    """Whether a day stands on the page or in its address; a first of a month, in one of the plain forms.

    everywhere: in addresses of pictures and in programs too, since the page's address has the month.
    """
    year, month, day = rf"(?:{at.year}|(?<=\D){at.year % 100:02})", f"0?{at.month}", f"0?{at.day}"
    forms = [rf"{at.year}(?:{at.month:02}{at.day:02}|\s?[-/._年]\s?{month}\s?[-/._月]\s?{day})"]
    forms += [rf"{day}[-/.]{month}[-/.]{at.year}", rf"{month}[-/.]{day}[-/.]{at.year}"]
    if at.day > 1:
        forms += [
            rf"{at.year}\D{{1,3}}{month}\D{{1,3}}{day}",
            rf"{at.year}\D{{4,20}}{day}",
            rf"{day}\D{{1,25}}{at.year}",
        ]
        forms += [rf"{day}\D{{1,3}}{month}\D{{1,3}}{year}", rf"{month}\D{{1,3}}{day}\D{{1,3}}{year}"]
    written = re.compile(rf"(?<!\d)(?:{'|'.join(forms)})(?!\d)")
    texts = [etree.tostring(tree.root, encoding="unicode")] if everywhere else _told_texts(tree)
    if written.search(url) or any(written.search(text) for text in texts):
        return True
    lines = (line.text for line in tree.lines if str(at.year) in line.text)
    return any(
        found.moment.at.date() == at.date() for text in lines for found in find_moments(text[:_LONGEST_NOTE], "UTC")
    )


def _told_texts(tree: Tree) -> Iterator[str]:
    """What a page says to readers or machines: its texts and comments, what its meta elements, times and data state.

    Not the addresses of what it loads or shows, nor its programs: the day in these is that of a file or of a visit.
    """
    for element in tree.elements:
        if element.tag not in _PROGRAMS or (element.get("type") or "").endswith("ld+json"):
            yield element.text or ""
        yield element.tail or ""
        values = (str(value) for name, value in element.items() if name not in _LOADS)
        yield from (value for value in values if not _ADDRESS.match(value))
    yield from (comment.text or "" for comment in tree.root.iter(etree.Comment))


_PROGRAMS = frozenset(["script", "style", "template"])
_LOADS = frozenset(["src", "srcset", "href", "action", "style", "poster", "background", "data"])
_ADDRESS = re.compile(r"\s*(?:https?:|data:|[/?#])")


def _has_month(tree: Tree, at: datetime) -> bool:
    """Whether the page shows a month."""
    year = str(at.year)
    return any(_names_month(line.text, at) for line in tree.lines if year in line.text)


def _names_month(text: str, at: datetime) -> bool:
    """Whether a line has the month and the year beside each other, in words or in numbers."""
    named = re.finditer(rf"([^\W\d_]{{3,14}})\.?,?\s{{1,2}}(?:de\s|del\s)?{at.year}(?!\d)", text)
    numbered = re.search(rf"(?<!\d)(?:0?{at.month}\s?[-/.]\s?{at.year}|{at.year}\s?[-/.年]\s?0?{at.month})(?!\d)", text)
    return numbered is not None or any(month_named(found[1]) == at.month for found in named)
