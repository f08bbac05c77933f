"""Lead stories: headlines in a block of their own above a list that belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from feedservice.sources.addresses import site_of
from feedservice.sources.listing.links import Link
from feedservice.sources.listing.scoring import is_article, out_of_place, weight

_HEADINGS = ("h1", "h2", "h3", "h4")
_LEAD = re.compile(r"(?:^|[\s_-])(?:headline|hero|featured?|lead|toutiao|focus)(?:[\s_-]|$)", re.IGNORECASE)
_MOST_LEADS = 3
_LEAST_WORDS = 3.0
_LEVELS = 3


def leads(
    rows: Sequence[HtmlElement], listed: Sequence[Link], links: Sequence[Link]
) -> Iterator[tuple[HtmlElement, HtmlElement]]:
    """The lead stories above the first row, in the column of the list: links in headings, to pages as the list's are.

    Of each its link and the block that it heads. More than three are a list of their own. rows: those of the list, two
    at least, in page order.
    """
    column = _column(rows)
    taken = {link.url for link in listed}
    sites = {site_of(link.url) for link in listed}
    shapes = {shape(link.url) for link in listed}
    found: dict[str, Link] = {}
    for link in links:
        if link.element is listed[0].element:
            break
        if link.url in taken or shape(link.url) not in shapes or site_of(link.url) not in sites:
            continue
        if column in link.element.iterancestors() and _stands_out(link, column) and is_article(link.url):
            found[link.url] = link  # the last, nearest to the list
    if len(found) <= _MOST_LEADS:
        stories = [link for link in links if shape(link.url) in shapes and weight(link.text) >= _LEAST_WORDS]
        yield from ((link.element, _block(link, column, stories)) for link in found.values())


def _block(link: Link, column: HtmlElement, stories: Sequence[Link]) -> HtmlElement:
    """The highest element above a lead story that holds no other of the stories."""
    shared = {above for other in stories if other.url != link.url for above in other.element.iterancestors()}
    block = link.element
    for above in link.element.iterancestors():
        if above is column or above in shared:
            break
        block = above
    return block


def _column(rows: Sequence[HtmlElement]) -> HtmlElement:
    """The element that holds a list and what stands around it: three levels above the rows, but never the page."""
    last = set(rows[-1].iterancestors())
    column = next(above for above in rows[0].iterancestors() if above in last)
    for _ in range(_LEVELS - 1):
        above = column.getparent()
        if above is None or above.tag in ("body", "html"):
            break
        column = above
    return column


def _stands_out(link: Link, column: HtmlElement) -> bool:
    if weight(link.text) < _LEAST_WORDS:
        return False
    if any(True for _ in link.element.iter(*_HEADINGS)):
        return not out_of_place(link.element, column)
    for above in link.element.iterancestors():
        if above is column:
            return False
        if above.tag in _HEADINGS or _LEAD.search(above.get("class") or ""):
            return not out_of_place(link.element, column)
    return False


def shape(url: str) -> tuple[str, str, str]:
    """What addresses of one kind of page have in common: the first folder, the file's ending, the query's first name.

    The last is of a page without a name only: /?p=12 is an article where /?cat=3 is a category.
    """
    path, _, query = url.split("//", 1)[-1].partition("/")[2].partition("?")
    first, _, rest = path.partition("/")
    name = (rest or first).rsplit("/", 1)[-1]
    folder = re.sub(r"\d+", "0", first) if rest else ""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return folder, ending, "" if path else query.partition("=")[0]
