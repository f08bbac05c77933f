"""OPML 2.0 (http://opml.org/spec2.opml): the list of all feeds, categories as folders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lxml import etree

from feedservice.formats.dates import in_zone, rfc822
from feedservice.formats.head import author_of, feed_title, feed_url, home_url
from feedservice.formats.text import one_line
from feedservice.model import Feed, FeedKind, Site

MEDIA_TYPE = "text/x-opml; charset=utf-8"
_FOLDERS = {"zh": ("分类", "来源")}


def render_opml(feeds: Sequence[Feed], site: Site, updated: datetime) -> bytes:
    """Write the list of feeds. Equal arguments give equal bytes.

    feeds: parents before their children. updated: when the list last changed; no clock is read. Each feed stands there
    as RSS, which every subscriber reads. A category with others below it is a folder that holds its own feed first.
    """
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = one_line(site.title) or author_of(site)
    etree.SubElement(head, "dateModified").text = rfc822(in_zone(updated, site.timezone))
    body = etree.SubElement(root, "body")
    categories, sources = _FOLDERS.get(site.language[:2].lower(), ("Categories", "Sources"))
    for feed in feeds:
        if feed.kind in (FeedKind.ALL, FeedKind.SELECTION):
            _outline(body, feed, site)
    _add_categories(body, categories, [feed for feed in feeds if feed.kind is FeedKind.CATEGORY], site)
    of_sources = [feed for feed in feeds if feed.kind is FeedKind.SOURCE]
    folder = _folder(body, sources) if of_sources else body
    for feed in of_sources:
        _outline(folder, feed, site)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _add_categories(body: etree._Element, title: str, feeds: Sequence[Feed], site: Site) -> None:
    if not feeds:
        return
    top = _folder(body, title)
    parents = {feed.parent for feed in feeds}
    folders: dict[str | None, etree._Element] = {}
    for feed in feeds:
        place = folders.get(feed.parent, top)
        if feed.name in parents:
            place = folders[feed.name] = _folder(place, feed_title(feed))
        _outline(place, feed, site)


def _folder(place: etree._Element, title: str) -> etree._Element:
    return etree.SubElement(place, "outline", text=title)


def _outline(place: etree._Element, feed: Feed, site: Site) -> None:
    title = feed_title(feed)
    etree.SubElement(
        place,
        "outline",
        text=title,
        title=title,
        type="rss",
        xmlUrl=feed_url(site, feed.name, "rss"),
        htmlUrl=home_url(site, feed),
    )
