"""RSS 2.0 (https://www.rssboard.org/rss-specification and the Advisory Board's profile), written by feedgen.

What feedgen lacks or does not do well goes through its extension interface: dates, dc:creator, media, the feed that an
item comes from, hub links, and the update period of the syndication module.
"""

from __future__ import annotations

from functools import partial
from typing import cast

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from feedservice.formats.dates import rfc822
from feedservice.formats.fence import entry, generator, parted, written
from feedservice.formats.head import GENERATOR, Head, feed_title, feed_url, head_of
from feedservice.formats.item import Item, item_of
from feedservice.formats.measure import most_bytes
from feedservice.formats.naming import as_name
from feedservice.formats.paging import add_archive_mark, document_url, paging_links
from feedservice.formats.readback import read_rss
from feedservice.formats.text import as_html
from feedservice.formats.vocabulary import ATOM, CONTENT, DC, HISTORY, MEDIA, SY, add_lead_image
from feedservice.model import Edition, Showing, Site
from feedservice.protocols import Format, Frame

_SUFFIX = "rss"
_NAMESPACES = {"dc": DC, "media": MEDIA, "sy": SY}
_PERIODS = (("hourly", 60), ("daily", 1_440), ("weekly", 10_080), ("yearly", 525_600))


class _ChannelExtension(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """What the channel lacks: its date, hub links, its other pages, and the update period."""

    def __init__(self, head: Head, edition: Edition) -> None:
        self._head, self._edition = head, edition

    def extend_ns(self) -> dict[str, str]:
        return _NAMESPACES | ({} if self._edition.archive is None else {"fh": HISTORY})

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        channel, head = feed[0], self._head
        etree.SubElement(channel, "lastBuildDate").text = rfc822(head.updated)
        for hub in head.hubs:
            etree.SubElement(channel, f"{{{ATOM}}}link", rel="hub", href=hub)
        for relation, url in paging_links(self._edition, _SUFFIX):
            etree.SubElement(channel, f"{{{ATOM}}}link", rel=relation, href=url, type="application/rss+xml")
        add_archive_mark(channel, self._edition)
        period, frequency = update_period(head.minutes)
        etree.SubElement(channel, f"{{{SY}}}updatePeriod").text = period
        etree.SubElement(channel, f"{{{SY}}}updateFrequency").text = str(frequency)
        if self._edition.claim:
            claim = etree.SubElement(channel, "follow_challenge")
            etree.SubElement(claim, "feedId").text, etree.SubElement(claim, "userId").text = self._edition.claim
        return feed


class _ItemExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """What an item lacks: its date, names without mail addresses, the picture, the feed it comes from."""

    def __init__(self, item: Item, site: Site) -> None:
        self._item, self._site = item, site

    def extend_rss(self, entry: etree._Element) -> etree._Element:
        item = self._item
        etree.SubElement(entry, "pubDate").text = rfc822(item.published)
        for author in item.authors:
            etree.SubElement(entry, f"{{{DC}}}creator").text = as_name(author)
        if item.origin is not None:
            source = etree.SubElement(entry, "source", url=feed_url(self._site, item.origin.name, _SUFFIX))
            source.text = as_name(feed_title(item.origin))
        add_lead_image(entry, item.lead_image)
        return entry


def update_period(minutes: int) -> tuple[str, int]:
    """(sy:updatePeriod, sy:updateFrequency) of a feed that is read every so many minutes.

    The shortest period that the minutes divide; else the shortest that holds them, rounded to fewer times.
    """
    for period, length in _PERIODS:
        if length % minutes == 0:
            return period, length // minutes
    for period, length in _PERIODS:
        if length > minutes:
            return period, length // minutes
    return _PERIODS[-1][0], 1


def frame(edition: Edition) -> Frame:
    """The channel itself."""
    head = head_of(edition)
    with generator() as feed:
        feed.register_extension("channel", partial(_ChannelExtension, head, edition), None, atom=False, rss=True)
        feed.title(as_name(head.title))
        feed.description(as_html(head.description))
        feed.link(href=document_url(edition, _SUFFIX), rel="self", type="application/rss+xml")
        # The last link is the channel's own.
        feed.link(href=head.home_url, rel="alternate")
        feed.language(head.language.lower())
        feed.generator(GENERATOR)
        feed.docs("https://www.rssboard.org/rss-specification")
        feed.ttl(head.minutes)
        if head.rights:
            feed.copyright(head.rights)
        if head.icon_url:
            feed.image(head.icon_url, title=as_name(head.title), link=head.home_url)
        return parted(cast("bytes", feed.rss_str()), b"</channel></rss>")


def item(showing: Showing) -> bytes:
    """An article as an item of a channel."""
    with entry() as made:
        _fill(made, item_of(showing), showing.site)
        return written(made.rss_entry(), {**_NAMESPACES, "atom": ATOM, "content": CONTENT})


def _fill(entry: FeedEntry, item: Item, site: Site) -> None:
    entry.register_extension("item", partial(_ItemExtension, item, site), atom=False, rss=True)
    entry.title(as_name(item.title))
    entry.link(href=item.link)
    entry.guid(item.id, permalink=item.is_permalink)
    # The summary first: feedgen takes the last of the two as the content of both.
    entry.description(as_html(item.summary), isSummary=True)
    entry.content(item.body, type="html")
    for _, label in item.categories:
        entry.category(term=as_name(label))
    for tag in item.tags:
        entry.category(term=as_name(tag))
    if item.enclosure is not None:
        entry.enclosure(item.enclosure.url, str(item.enclosure.length), item.enclosure.media_type)


RSS = Format(
    name="rss",
    suffix=_SUFFIX,
    media_type="application/rss+xml; charset=utf-8",
    title="RSS",
    frame=frame,
    item=item,
    read=read_rss,
    bound=most_bytes,
)
