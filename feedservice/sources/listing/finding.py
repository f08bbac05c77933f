"""Which list a page has, wherever it keeps it: in its markup, in a data store, in its scripts, or where options say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from feedservice.errors import Unreadable
from feedservice.model import Moment
from feedservice.sources.addresses import absolute, leads_elsewhere, without_fragment
from feedservice.sources.listing.groups import find_group, items_of
from feedservice.sources.listing.links import Link, base_of, links_of, parse_page, text_within
from feedservice.sources.listing.options import ListingOptions
from feedservice.sources.listing.rows import Item, clean_title, make_item
from feedservice.sources.listing.scripts import datastore_items, state_items, state_list
from feedservice.sources.rowdates import Calendar, find_date
from feedservice.sources.selectors import elements, values
from feedservice.words import signs

_SURE_SCORE = 15.0
_NOTHING_YET = re.compile(
    r"(?:暂无|没有)(?:找到|查询到)?(?:相关|任何)?(?:数据|信息|内容|记录|文章|新闻)"
    r"|\bno (?:posts|articles|items|entries|results)(?: yet| found|\.)",
    re.IGNORECASE,
)
_TROUBLE = re.compile(r"\berror\b|错误|异常|拦截", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """A page's list and its tree. items: empty where there is a list and it is empty."""

    items: tuple[Item, ...]
    root: HtmlElement


def find_list(html: str, url: str, calendar: Calendar) -> tuple[Item, ...] | None:
    """The list on a page, found automatically; None when there is none."""
    stored = datastore_items(html, url, calendar)
    if stored:
        return stored
    return _automatic(parse_page(html), html, url, calendar)


def _automatic(root: HtmlElement, html: str, url: str, calendar: Calendar) -> tuple[Item, ...] | None:
    links = list(links_of(root, url))
    group = find_group(links, url, calendar)
    items = items_of(group, links, url, calendar) if group else ()
    if group is not None and (group.dated >= 0.5 or group.score >= _SURE_SCORE):
        return items
    listing = state_list(html)
    hidden = state_items(listing, html, url, calendar) if listing else ()
    if hidden and (group is None or (len(hidden) >= len(items) and not _overlap(hidden, items))):
        return hidden
    return items or None


def _overlap(one: Sequence[Item], other: Sequence[Item]) -> bool:
    addresses = {item.url for item in one}
    return any(item.url in addresses for item in other)


def find_by(options: ListingOptions, html: str, url: str, calendar: Calendar) -> Finding:
    """The list on a page, found by the options as far as they say.

    Raises Unreadable when a container or rows that they name are not there, and when no list is found.
    """
    root = parse_page(html)
    _in_place(root, url)
    if not (options.container or options.items):
        items = datastore_items(html, url, calendar) or _automatic(root, html, url, calendar)
        if items is None and not _NOTHING_YET.search(text_within(root, 20_000)):
            raise Unreadable(_why_nothing(root, html, url))
        return Finding(items or (), root)
    holders = elements(options.container, root) if options.container else [root]
    if not holders:
        raise Unreadable(_missing(root, html, url, "container", options.container[0]))
    if options.items:
        rows = [row for holder in holders for row in elements(options.items, holder)]
        if not rows and not options.container:
            raise Unreadable(_missing(root, html, url, "items", options.items[0]))
        return Finding(_chosen(options, rows, root, url, calendar), root)
    inside = {node for holder in holders for node in holder.iter("a")}
    links = [link for link in links_of(root, url) if link.element in inside]
    group = find_group(links, url, calendar, sure=True)
    return Finding(items_of(group, links, url, calendar) if group else (), root)


def _chosen(
    options: ListingOptions, rows: Sequence[HtmlElement], root: HtmlElement, url: str, calendar: Calendar
) -> tuple[Item, ...]:
    base = base_of(root, url)
    items: dict[str, Item] = {}
    for row in rows:
        item = _item(options, row, base, calendar)
        if item is not None:
            items.setdefault(item.url, item)
    return tuple(items.values())


def _item(options: ListingOptions, row: HtmlElement, base: str, calendar: Calendar) -> Item | None:
    link = _link(options, row, base)
    if link is None:
        return None
    item = make_item(link, row, (), calendar)
    title, date = _text(options.headline, row), _text(options.date, row)
    moment = _moment(date, calendar, link.url) if options.date else item.date
    return Item(item.url, clean_title(title) or item.title, moment)


def _link(options: ListingOptions, row: HtmlElement, base: str) -> Link | None:
    found = values(options.link, row) if options.link else [row] if row.tag == "a" else list(row.iter("a"))
    links: list[Link] = []
    for node in found:
        reference = (
            node
            if isinstance(node, str)
            else node.get("href") or next((inner.get("href") or "" for inner in node.iter("a")), "")
        )
        address = absolute(base, reference) if leads_elsewhere(reference) else None
        if address is not None:
            element = row if isinstance(node, str) else node
            links.append(Link(element, without_fragment(address), text_within(element), 0))
    return max(links, key=lambda link: len(link.text), default=None) if not options.link else next(iter(links), None)


def _text(chain: Sequence[str], row: HtmlElement) -> str:
    found = values(chain, row)[:1] if chain else []
    return "".join(text_within(node) if not isinstance(node, str) else " ".join(node.split()) for node in found)


def _moment(text: str, calendar: Calendar, url: str) -> Moment | None:
    return find_date(text, calendar, url) or (
        calendar.parse_moment(text, calendar.timezone, calendar.now) if calendar.parse_moment and text else None
    )


def _in_place(root: HtmlElement, url: str) -> None:
    """Refuse a page whose title says that it is shown in the place of the list, whatever links it has.

    Raises Unreadable.
    """
    title = _window(root)
    if (sign := signs.in_title(title)) and title != "提示信息":
        raise Unreadable(f"{url}: looks like {sign}: {title!r}")


def _why_nothing(root: HtmlElement, html: str, url: str) -> str:
    title, text = _window(root), text_within(root, 2_000)
    if sign := signs.in_markup(html):
        return f"{url}: {sign} instead of the page: the site keeps programs out"
    if len(text) < 600 and (sign := signs.in_text(text)):
        return f"{url}: looks like {sign}: {text[:120]!r}"
    if _TROUBLE.search(title or text[:120]):
        return f"{url}: looks like {signs.ERROR}: {(title or text[:120])!r}"
    if len(text) < 200 and ("<script" in html.lower() or signs.is_shell(html)):
        return f"{url}: no list of articles found: the page is drawn by JavaScript"
    if len(text) < 600 and signs.asks_for_login(text):
        return f"{url}: looks like {signs.LOGIN}: {text[:120]!r}"
    return f"{url}: no list of articles found"


def _missing(root: HtmlElement, html: str, url: str, name: str, selector: str) -> str:
    """What is wrong where a selector finds nothing: the page is another one than it should be, or was redesigned."""
    why = _why_nothing(root, html, url)
    plain = why == f"{url}: no list of articles found"
    return f"{url}: no list of articles: nothing matches the {name} {selector!r}" if plain else why


def _window(root: HtmlElement) -> str:
    return text_within(next(iter(root.iter("title")), root), 200)[:120].strip()
