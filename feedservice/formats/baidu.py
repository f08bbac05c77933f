"""百度's 《互联网新闻开放协议》: a <document> of items, as its news search and portals like it read.

It knows no ids, no title of the feed and no zones: an article is its link, and all times are Beijing's.
"""

from __future__ import annotations

from lxml import etree

from feedservice.formats.dates import beijing
from feedservice.formats.fence import parted, written
from feedservice.formats.head import head_of
from feedservice.formats.item import item_of, publication_of
from feedservice.formats.measure import most_bytes
from feedservice.formats.readback import read_baidu
from feedservice.formats.urls import pictures_in, web_url
from feedservice.model import Edition, Showing
from feedservice.protocols import Format, Frame

_MOST = 100
"""As many items as its readers take from one document."""


def frame(edition: Edition) -> Frame:
    """The document itself."""
    head = head_of(edition)
    document = etree.Element("document")
    etree.SubElement(document, "webSite").text = web_url(f"{edition.site.base_url}/")
    etree.SubElement(document, "webMaster").text = head.email or head.author
    etree.SubElement(document, "updatePeri").text = str(head.minutes)
    return parted(etree.tostring(document, encoding="UTF-8", xml_declaration=True), b"</document>")


def item(showing: Showing) -> bytes:
    """An article as an item of a document."""
    told = item_of(showing)
    pictures = pictures_in(told.body)
    made = etree.Element("item")
    parts = (
        ("title", told.title),
        ("link", told.link),
        ("description", told.summary),
        ("text", told.body),
        ("image", told.lead_image or next(iter(pictures), "")),
        ("headlineImg", told.lead_image or ""),
        ("keywords", " ".join(told.tags)),
        ("category", next((label for _, label in told.categories), "")),
        ("author", " ".join(told.authors)),
        ("source", publication_of(showing)),
        ("pubDate", beijing(told.published)),
    )
    for tag, text in parts:
        if text:
            etree.SubElement(made, tag).text = text
    return written(made, {})


BAIDU = Format(
    name="baidu",
    suffix="baidu.xml",
    media_type="application/xml; charset=utf-8",
    title="百度",
    frame=frame,
    item=item,
    read=read_baidu,
    bound=most_bytes,
    dialect=True,
    most=_MOST,
)
