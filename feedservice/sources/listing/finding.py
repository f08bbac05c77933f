"""Which list a page has, wherever it keeps it: in its markup, in a data store, in its scripts, or where options say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from feedservice.errors import Unreadable
from feedservice.model import Moment
from feedservice.sources.addresses import absolute, without_fragment
from feedservice.sources.listing.groups import find_group, items_of
from feedservice.sources.listing.links import Link, base_of, links_of, parse_page, text_within
from feedservice.sources.listing.options import ListingOptions
from feedservice.sources.listing.rows import Item, clean_title, make_item
from feedservice.sources.listing.scripts import datastore_items, state_items, state_list
from feedservice.sources.rowdates import Calendar, find_date
from feedservice.sources.selectors import elements, values

_SURE_SCORE = 15.0
_NOTHING_YET = re.compile(
    r"(?:暂无|没有)(?:找到|查询到)?(?:相关|任何)?(?:数据|信息|内容|记录|文章|新闻)"
    r"|\bno (?:posts|articles|items|entries|results)(?: yet| found|\.)",
    re.IGNORECASE,
)
_TROUBLE = re.compile(
    r"\b[45]0[0-9]\b|not found|forbidden|access denied|error|just a moment|attention required|captcha|verify you are"
    r"|错误|出错|不存在|无法访问|访问(?:被拒|受限|过于频繁)|禁止访问|安全(?:验证|检查|防护)|人机验证|验证码|系统维护|找不到|拦截",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"<noscript>.{0,200}(?:enable|启用|开启).{0,40}javascript|_cf_chl|cf-browser-verification|challenge-platform|__jsl_clearance"
    r"|createElement\(\s*[\"']section[\"']\s*\)|\$_ts\s*=|document\.cookie\s*=.{0,400}location\.(?:href|reload)",
    re.IGNORECASE | re.DOTALL,
)


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
    hidden = state_items(listing, url, calendar) if listing else ()
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
    if not (options.container or options.items):
        items = datastore_items(html, url, calendar) or _automatic(root, html, url, calendar)
        if items is None and not _NOTHING_YET.search(text_within(root, 20_000)):
            raise Unreadable(_why_nothing(root, html, url))
        return Finding(items or (), root)
    holders = elements(options.container, root) if options.container else [root]
    if not holders:
        raise Unreadable(f"{url}: no list of articles: nothing matches the container {options.container[0]!r}")
    if options.items:
        rows = [row for holder in holders for row in elements(options.items, holder)]
        if not rows and not options.container:
            raise Unreadable(f"{url}: no list of articles: nothing matches the items {options.items[0]!r}")
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
        item = _item(options, row, base, url, calendar)
        if item is not None:
            items.setdefault(item.url, item)
    return tuple(items.values())


def _item(options: ListingOptions, row: HtmlElement, base: str, url: str, calendar: Calendar) -> Item | None:
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
        address = absolute(base, reference) if not reference.startswith("#") else None
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


def _why_nothing(root: HtmlElement, html: str, url: str) -> str:
    title = text_within(next(iter(root.iter("title")), root), 200)[:120]
    if _CHALLENGE.search(html[:200_000]):
        return f"{url}: a script challenge instead of the page: the site keeps programs out"
    if _TROUBLE.search(title):
        return f"{url}: looks like an error page: {title!r}"
    if len(text_within(root, 2_000)) < 200 and "<script" in html.lower():
        return f"{url}: no list of articles found: the page is drawn by JavaScript"
    return f"{url}: no list of articles found"
