"""The namespaces of feed documents, and what RSS and Atom write alike in one of them."""

from __future__ import annotations

from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
HISTORY = "http://purl.org/syndication/history/1.0"
SY = "http://purl.org/rss/1.0/modules/syndication/"
XML = "http://www.w3.org/XML/1998/namespace"


def add_lead_image(entry: etree._Element, url: str | None) -> None:
    """Media RSS (https://www.rssboard.org/media-rss): the picture itself, and that it may stand for the article."""
    if url:
        etree.SubElement(entry, f"{{{MEDIA}}}content", url=url, medium="image")
        etree.SubElement(entry, f"{{{MEDIA}}}thumbnail", url=url)
