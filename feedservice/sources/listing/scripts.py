"""Lists that a page keeps in its scripts: 大汉 jcms data stores, JSON-LD, the state of a JavaScript application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from feedservice.sources.addresses import absolute, without_fragment
from feedservice.sources.dates import read_time
from feedservice.sources.jsonlists import JsonList, find_list
from feedservice.sources.listing.javascript import documents
from feedservice.sources.listing.links import Link, links_of, parse_page
from feedservice.sources.listing.rows import Item, clean_title, make_item
from feedservice.sources.markup import text_of, unescape
from feedservice.sources.rowdates import Calendar, find_date

_STORE = re.compile(r"<(?:datastore|recordset)\b", re.IGNORECASE)
_RECORD = re.compile(r"<record\b[^>]{0,200}+>", re.IGNORECASE)
_NEXT_GROUP = re.compile(r"<nextgroup\b[^>]{0,200}+>", re.IGNORECASE)
_END_OF_GROUP = re.compile(r"</nextgroup>", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']([^\"']{1,1000})[\"']", re.IGNORECASE)
_MOST_RECORDS = 2_000
_LONGEST_DATE = 200
_MOST_GROUPS = 10
_LONGEST_GROUP = 2_000


def datastore_items(html: str, url: str, calendar: Calendar) -> tuple[Item, ...] | None:
    """The items of a jcms data store (a page's, or the answer of dataproxy.jsp); None where there is no store."""
    if not _STORE.search(html):
        return None
    items: dict[str, Item] = {}
    for record in _records(html):
        root = parse_page(f"<div>{record}</div>")
        links = [link for link in links_of(root, url) if link.text or link.element.get("title")]
        if not links:
            continue
        best = max(links, key=lambda link: len(link.element.get("title") or link.text))
        body = root.find("body")
        items.setdefault(best.url, make_item(best, root if body is None else body, _others(links, best), calendar))
    return tuple(items.values())


def _others(links: list[Link], best: Link) -> list[Link]:
    return [link for link in links if link.url == best.url]


def _records(html: str) -> Iterator[str]:
    place = 0
    for _ in range(_MOST_RECORDS):
        opened = _RECORD.search(html, place)
        if opened is None:
            return
        end = html.find("</record>", opened.end())
        if end < 0:
            end = html.find("</RECORD>", opened.end())
        if end < 0:
            return
        text = html[opened.end() : end].strip()
        yield text.removeprefix("<![CDATA[").removesuffix("]]>")
        place = end


def next_group(html: str, url: str) -> str | None:
    """The address of a data store's next records."""
    for opened in islice(_NEXT_GROUP.finditer(html), _MOST_GROUPS):
        end = _END_OF_GROUP.search(html, opened.end(), opened.end() + _LONGEST_GROUP)
        if end is not None:
            link = _HREF.search(html, opened.end(), end.start())
            return absolute(url, unescape(link[1])) if link else None
    return None


def state_list(html: str) -> JsonList | None:
    """The best list of articles in the scripts of a page; None when there is none."""
    found = [listing for document in documents(html) if (listing := find_list(document)) and "url" in listing.keys]
    return max(found, key=lambda listing: len(listing.rows), default=None)


def state_items(listing: JsonList, url: str, calendar: Calendar) -> tuple[Item, ...]:
    """The items of a list in JSON."""
    items: dict[str, Item] = {}
    for row in listing.rows:
        address = absolute(url, listing.text(row, "url"))
        title = clean_title(text_of(listing.text(row, "title")))
        if address is None or not title:
            continue
        address = without_fragment(address)
        told = listing.text(row, "published")
        date = read_time(told, calendar.timezone, calendar.parse_moment) or find_date(
            told[:_LONGEST_DATE], calendar, address
        )
        items.setdefault(address, Item(address, title, date))
    return tuple(items.values())
