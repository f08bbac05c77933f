"""RSS 2.0 as Chinese portals take it from their partners: the whole text in a <content> that is in no namespace.

Names stand in <author> without mail addresses, <source> has no address, keywords stand in <tags>. So it is not what
rssboard.org calls RSS, and is for those only who ask for it.
"""

from __future__ import annotations

from lxml import etree

from feedservice.formats.dates import rfc822
from feedservice.formats.fence import parted, written
from feedservice.formats.head import GENERATOR, head_of
from feedservice.formats.item import item_of, publication_of
from feedservice.formats.measure import most_bytes
from feedservice.formats.paging import document_url
from feedservice.formats.readback import read_partner
from feedservice.formats.text import as_html
from feedservice.formats.vocabulary import ATOM
from feedservice.model import Edition, Showing
from feedservice.protocols import Format, Frame

_SUFFIX = "partner.xml"


def frame(edition: Edition) -> Frame:
    """The channel itself."""
    head = head_of(edition)
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": ATOM})
    channel = etree.SubElement(root, "channel")
    parts = (
        ("title", head.title),
        ("link", head.home_url),
        ("description", as_html(head.description)),
        ("language", head.language.lower()),
        ("lastBuildDate", rfc822(head.updated)),
        ("ttl", str(head.minutes)),
        ("generator", GENERATOR),
    )
    for tag, text in parts:
        etree.SubElement(channel, tag).text = text
    own = {"rel": "self", "href": document_url(edition, _SUFFIX), "type": "application/rss+xml"}
    etree.SubElement(channel, f"{{{ATOM}}}link", own)
    return parted(etree.tostring(root, encoding="UTF-8", xml_declaration=True), b"</channel></rss>")


def item(showing: Showing) -> bytes:
    """An article as an item of a channel."""
    told = item_of(showing)
    made = etree.Element("item")
    parts = (
        ("title", told.title),
        ("link", told.link),
        ("description", as_html(told.summary)),
        ("content", told.body),
        *(("category", label) for _, label in told.categories),
        ("tags", ",".join(told.tags)),
        ("author", " ".join(told.authors)),
        ("source", publication_of(showing)),
        ("image", told.lead_image or ""),
        ("pubDate", rfc822(told.published)),
    )
    for tag, text in parts:
        if text:
            etree.SubElement(made, tag).text = text
    etree.SubElement(made, "guid", {"isPermaLink": str(told.is_permalink).lower()}).text = told.id
    return written(made, {"atom": ATOM})


PARTNER = Format(
    name="partner",
    suffix=_SUFFIX,
    media_type="application/xml; charset=utf-8",
    title="Partner RSS",
    frame=frame,
    item=item,
    read=read_partner,
    bound=most_bytes,
    dialect=True,
)
