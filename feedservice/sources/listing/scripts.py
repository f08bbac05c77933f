"""Lists that a page keeps in its scripts: 大汉 jcms data stores, JSON-LD, the state of a JavaScript application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

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
_BEFORE_SLUG = re.compile(r"[\"'](?=https?://|/)([^\"'\s<>\\]{0,190}/)\Z")
_AFTER_SLUG = re.compile(r"/?[\"'?#]")
_PAGE_NUMBER = re.compile(r"/page/\d{1,4}/?\Z")
_MOST_TRIED, _LONGEST_FOLDER = 20, 200
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
    lists = (find_list(document, slugs=True) for document in documents(html))
    found = [listing for listing in lists if listing and {"url", "slug"} & listing.keys.keys()]
    return max(found, key=lambda listing: ("url" in listing.keys, len(listing.rows)), default=None)


def state_items(listing: JsonList, html: str, url: str, calendar: Calendar) -> tuple[Item, ...]:
    """The items of a list in JSON on a page. Those of which it tells the last part of the address alone are where
    another link of the page shows one of them, else below the page itself."""
    items: dict[str, Item] = {}
    folder = "" if "url" in listing.keys else _folder(listing, html, url)
    for row in listing.rows:
        slug = listing.text(row, "slug")
        reference = f"{folder}{slug}" if folder and slug else listing.text(row, "url")
        address = absolute(url, reference)
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


def _folder(listing: JsonList, html: str, url: str) -> str:
    """Where the articles are of which a list tells the last part of the address; "" where nothing tells."""
    for row in islice(listing.rows, _MOST_TRIED):
        slug = listing.text(row, "slug")
        place = html.find(f"/{slug}") if slug else -1
        for _ in range(_MOST_TRIED):
            if place < 0:
                break
            before = _BEFORE_SLUG.search(html, max(0, place - _LONGEST_FOLDER), place + 1)
            if before and _AFTER_SLUG.match(html, place + 1 + len(slug)):
                return before[1]
            place = html.find(f"/{slug}", place + 1)
    path = urlsplit(url).path
    path = _PAGE_NUMBER.sub(
        "/", path if path.endswith("/") or "." not in path.rpartition("/")[2] else path.rpartition("/")[0]
    )
    return f"{path.rstrip('/')}/" if path.strip("/") else ""
