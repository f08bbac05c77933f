"""What day a page is supposed to be of that tells none where one is expected."""

from __future__ import annotations

import copy
import re
from datetime import date, datetime

from lxml import etree

from feedservice.extract.addressdates import month_in_address, own_address
from feedservice.extract.dates import find_moments, parse_moment
from feedservice.extract.dom import Tree
from feedservice.extract.elements import Element
from feedservice.model import Moment

_LIMIT = 8_000
_LONGEST_PAGE = 500_000
_COPYRIGHT = re.compile(r"©|\(c\)\s{0,3}(?:19|20)\d\d|copyright|版权|版權|著作権|저작권|все права", re.IGNORECASE)
_LONGEST_NOTE = 300


def supposed_day(tree: Tree, url: str, timezone: str) -> Moment | None:
    """The day that htmldate finds; None for pages of more than 8,000 elements or 500,000 characters of text, and where
    it is but a year.

    A year alone is told as its 1 January: that day is believed only where the page or its address has it.
    """
    if len(tree.elements) > _LIMIT or sum(len(line.text) for line in tree.lines) > _LONGEST_PAGE:
        return None
    from htmldate import find_date

    first, last = month_in_address(url) or (None, None)
    page = _without_copyright(tree)
    day = find_date(page, original_date=True, url=own_address(url), min_date=first, max_date=last)
    moment = parse_moment(day, timezone, None) if day else None
    if moment is None or ((moment.at.month, moment.at.day) == (1, 1) and not _has(tree, url, moment.at)):
        return None
    return moment


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


def _has(tree: Tree, url: str, at: datetime) -> bool:
    """Whether a 1 January stands somewhere on the page or in its address."""
    written = re.compile(
        rf"(?<!\d){at.year}(?:0101|\s?[-/._年]\s?0?1\s?[-/._月]\s?0?1)(?!\d)|(?<!\d)0?1[-/.]0?1[-/.]{at.year}(?!\d)"
    )
    if written.search(url) or written.search(etree.tostring(tree.root, encoding="unicode")):
        return True
    day, year = date(at.year, 1, 1), str(at.year)
    lines = (line.text for line in tree.lines if year in line.text)
    return any(found.moment.at.date() == day for text in lines for found in find_moments(text[:_LONGEST_NOTE], "UTC"))
