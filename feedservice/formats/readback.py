"""Rendered bytes, read back as a strict reader sees them: the gate's eyes. Nothing here trusts the writer.

All raise ValueError for what is not well-formed, lacks what its specification or our subscribers need, or has it twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from feedservice.formats.dates import BEIJING
from feedservice.formats.naming import from_name
from feedservice.formats.text import legal
from feedservice.formats.urls import urls_in
from feedservice.formats.vocabulary import ATOM, CONTENT, MEDIA
from feedservice.protocols import ReadBack

JSON_FEED = "https://jsonfeed.org/version/1.1"
_RFC822 = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}")
_PLAIN = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}")


def read_rss(document: bytes) -> ReadBack:
    """Read RSS 2.0 strictly."""
    channel, items = _channel(document)
    for item in items:
        _text(item, "description")
        if len(item.findall("enclosure")) > 1:
            raise ValueError("an item encloses more than one file")
    return ReadBack(
        title=from_name(_text(channel, "title")),
        ids=tuple(_text(item, "guid") for item in items),
        titles=tuple(from_name(_text(item, "title")) for item in items),
        dates=tuple(_date822(_text(item, "pubDate")) for item in items),
        urls=tuple(_rss_urls(channel, items)),
        self_url=_link(channel, "self"),
    )


def _channel(document: bytes) -> tuple[etree._Element, list[etree._Element]]:
    """The channel of RSS 2.0, and its items."""
    root = _parse(document)
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None:
        raise ValueError("this is no RSS 2.0")
    _text(channel, "description")
    _date822(_text(channel, "lastBuildDate"))
    return channel, channel.findall("item")


def _rss_urls(channel: etree._Element, items: list[etree._Element]) -> Iterator[str]:
    yield _text(channel, "link")
    yield from (link.get("href", "") for link in channel.findall(f"{{{ATOM}}}link"))
    yield from (part.text or "" for part in channel.findall("image/*") if part.tag != "title")
    for item in items:
        yield _text(item, "link")
        yield from (guid.text or "" for guid in item.findall("guid") if guid.get("isPermaLink") != "false")
        yield from (part.get("url", "") for part in item if part.tag in ("enclosure", "source") or _is_media(part))
        yield from urls_in(_text(item, f"{{{CONTENT}}}encoded"))


def read_atom(document: bytes) -> ReadBack:
    """Read Atom 1.0 strictly."""
    feed = _parse(document)
    if feed.tag != f"{{{ATOM}}}feed":
        raise ValueError("this is no Atom 1.0")
    entries = feed.findall(f"{{{ATOM}}}entry")
    for element in (feed, *entries):
        _date3339(_text(element, f"{{{ATOM}}}updated"))
        if element.find(f"{{{ATOM}}}author/{{{ATOM}}}name") is None:
            raise ValueError("an author is missing")
        _link(element, "alternate")
    return ReadBack(
        title=_text(feed, f"{{{ATOM}}}title"),
        ids=tuple(_text(entry, f"{{{ATOM}}}id") for entry in entries),
        titles=tuple(_text(entry, f"{{{ATOM}}}title") for entry in entries),
        dates=tuple(_date3339(_text(entry, f"{{{ATOM}}}published")) for entry in entries),
        urls=tuple(_atom_urls(feed, entries)),
        self_url=_link(feed, "self"),
    )


def _atom_urls(feed: etree._Element, entries: list[etree._Element]) -> Iterator[str]:
    yield _text(feed, f"{{{ATOM}}}id")
    yield from (link.get("href", "") for link in feed.iter(f"{{{ATOM}}}link"))
    yield from (icon.text or "" for icon in feed.findall(f"{{{ATOM}}}icon"))
    yield from (source.text or "" for source in feed.iterfind(f".//{{{ATOM}}}source/{{{ATOM}}}id"))
    for entry in entries:
        yield from (part.get("url", "") for part in entry if _is_media(part))
        yield from urls_in(_text(entry, f"{{{ATOM}}}content"))


def read_json(document: bytes) -> ReadBack:
    """Read JSON Feed 1.1 strictly."""
    feed = _object(json.loads(document.decode("utf-8")))
    if feed.get("version") != JSON_FEED:
        raise ValueError("this is no JSON Feed 1.1")
    items = _objects(feed, "items")
    for item in items:
        _date3339(_member(item, "date_modified"))
        _member(item, "summary")
    return ReadBack(
        title=_member(feed, "title"),
        ids=tuple(_member(item, "id") for item in items),
        titles=tuple(_member(item, "title") for item in items),
        dates=tuple(_date3339(_member(item, "date_published")) for item in items),
        urls=tuple(_json_urls(feed, items)),
        self_url=_member(feed, "feed_url"),
    )


def _json_urls(feed: dict[str, object], items: list[dict[str, object]]) -> Iterator[str]:
    yield _member(feed, "home_page_url")
    yield _member(feed, "feed_url")
    yield from (_member(hub, "url") for hub in _objects(feed, "hubs", may_lack=True))
    yield from (_member(feed, name) for name in feed.keys() & {"icon"})
    for item in items:
        yield _member(item, "url")
        yield from (_member(item, name) for name in item.keys() & {"image"})
        yield from (_member(file, "url") for file in _objects(item, "attachments", may_lack=True))
        yield from urls_in(_member(item, "content_html"))


def read_baidu(document: bytes) -> ReadBack:
    """Read 百度's news document strictly."""
    root = _parse(document)
    if root.tag != "document" or not _text(root, "updatePeri").isdecimal():
        raise ValueError("this is no news document")
    _text(root, "webMaster")
    items = root.findall("item")
    for item in items:
        _text(item, "description")
        _text(item, "source")
    return ReadBack(
        title=None,
        ids=None,
        titles=tuple(_text(item, "title") for item in items),
        dates=tuple(_beijing(_text(item, "pubDate")) for item in items),
        urls=(_text(root, "webSite"), *_item_urls(items, "text", ("link", "image", "headlineImg"))),
        self_url=None,
    )


def read_partner(document: bytes) -> ReadBack:
    """Read partners' RSS strictly."""
    channel, items = _channel(document)
    for item in items:
        for tag in ("description", "author", "source"):
            _text(item, tag)
    return ReadBack(
        title=_text(channel, "title"),
        ids=tuple(_text(item, "guid") for item in items),
        titles=tuple(_text(item, "title") for item in items),
        dates=tuple(_date822(_text(item, "pubDate")) for item in items),
        urls=(_text(channel, "link"), _link(channel, "self"), *_item_urls(items, "content", ("link", "image"))),
        self_url=_link(channel, "self"),
    )


def _item_urls(items: list[etree._Element], body: str, tags: tuple[str, ...]) -> Iterator[str]:
    for item in items:
        _text(item, "link")
        yield from (part.text or "" for part in item if part.tag in tags)
        yield from urls_in(_text(item, body))


def read_kuaichuan(document: bytes) -> ReadBack:
    """Read 快传号's JSON strictly."""
    items = _objects(_object(json.loads(document.decode("utf-8"))), "data")
    return ReadBack(
        title=None,
        ids=None,
        titles=tuple(_member(item, "title") for item in items),
        dates=tuple(_beijing(_member(item, "publish_time")) for item in items),
        urls=tuple(_kuaichuan_urls(items)),
        self_url=None,
    )


def _kuaichuan_urls(items: list[dict[str, object]]) -> Iterator[str]:
    for item in items:
        yield _member(item, "url")
        pictures = item.get("image_list")
        if not isinstance(pictures, list) or not all(isinstance(each, str) for each in pictures):
            raise ValueError("'image_list' is no list of addresses")
        yield from pictures
        yield from urls_in(_member(item, "content"))


def _parse(document: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed: {error}") from error


def _text(element: etree._Element, tag: str) -> str:
    found = element.findall(tag)
    if len(found) != 1 or not (found[0].text or "").strip():
        raise ValueError(f"{_name(element.tag)} has {len(found)} {_name(tag)}, or an empty one")
    return found[0].text or ""


def _link(element: etree._Element, rel: str) -> str:
    found = [link for link in element.findall(f"{{{ATOM}}}link") if link.get("rel") == rel]
    if len(found) != 1:
        raise ValueError(f"{_name(element.tag)} has {len(found)} {rel} links")
    return found[0].get("href", "")


def _name(tag: str) -> str:
    return f"<{tag.rpartition('}')[2]}>"


def _is_media(part: etree._Element) -> bool:
    return isinstance(part.tag, str) and part.tag.startswith(f"{{{MEDIA}}}")


def _date822(text: str) -> datetime:
    if not _RFC822.fullmatch(text):
        raise ValueError(f"{text!r} is no date of RFC 822 with a numeric offset")
    return parsedate_to_datetime(text)


def _date3339(text: str) -> datetime:
    if not _RFC3339.fullmatch(text):
        raise ValueError(f"{text!r} is no date of RFC 3339 with a numeric offset")
    return datetime.fromisoformat(text)


def _beijing(text: str) -> datetime:
    if not _PLAIN.fullmatch(text):
        raise ValueError(f"{text!r} is no date such as 2026-01-05 11:00:00")
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError("an object is expected")  # noqa: TRY004
    return value


def _objects(parent: dict[str, object], name: str, *, may_lack: bool = False) -> list[dict[str, object]]:
    value = parent.get(name, [] if may_lack else None)
    if not isinstance(value, list):
        raise ValueError(f"{name!r} is no list")  # noqa: TRY004
    return [_object(each) for each in value]


def _member(parent: dict[str, object], name: str) -> str:
    value = parent.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name!r} is missing, empty or no text")
    if legal(value) != value:
        raise ValueError(f"{name!r} has characters that no feed may have")
    return value
