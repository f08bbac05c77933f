"""Atom 1.0 (RFC 4287), written by feedgen; what it lacks or loses goes through its extension interface.

That is: languages of entries, links with their relation (feedgen drops it from an entry's links), pictures, and the
feed that an entry comes from.
"""

from __future__ import annotations

from functools import partial
from typing import cast

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from feedservice.formats.dates import rfc3339
from feedservice.formats.fence import entry, generator, parted, written
from feedservice.formats.head import GENERATOR, feed_id, feed_title, feed_url, head_of, home_url
from feedservice.formats.item import Item, categories_scheme, item_of
from feedservice.formats.measure import most_bytes
from feedservice.formats.paging import add_archive_mark, document_url, paging_links
from feedservice.formats.readback import read_atom
from feedservice.formats.text import one_line
from feedservice.formats.tombstones import TOMBSTONES, add_tombstones
from feedservice.formats.vocabulary import HISTORY, MEDIA, XML, add_lead_image
from feedservice.model import Attachment, Edition, Feed, Showing, Site
from feedservice.protocols import Format, Frame

_SUFFIX = "atom"


class _FeedExtension(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """What the feed lacks: the mark of an archive page, tombstones, and the namespaces that are used."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition

    def extend_ns(self) -> dict[str, str]:
        tombstones = {"at": TOMBSTONES} if self._edition.withdrawn else {}
        return {"media": MEDIA} | ({} if self._edition.archive is None else {"fh": HISTORY}) | tombstones

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        add_archive_mark(feed, self._edition)
        add_tombstones(feed, self._edition)
        return feed


class _EntryExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """What an entry lacks: its language, its links, its picture, and the feed that it comes from."""

    def __init__(self, item: Item, site: Site) -> None:
        self._item, self._site = item, site

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        item = self._item
        if item.language:
            entry.set(f"{{{XML}}}lang", item.language)
        etree.SubElement(entry, "link", rel="alternate", type="text/html", href=item.link)
        for file in item.attachments:
            etree.SubElement(entry, "link", _enclosure(file))
        add_lead_image(entry, item.lead_image)
        if item.origin is not None:
            self._add_source(entry, item.origin)
        return entry

    def _add_source(self, entry: etree._Element, origin: Feed) -> None:
        site = self._site
        source = etree.SubElement(entry, "source")
        etree.SubElement(source, "id").text = feed_id(site, origin.name)
        etree.SubElement(source, "title").text = feed_title(origin)
        # The entry's own date: the feed's would make every entry another one whenever one of them changes.
        etree.SubElement(source, "updated").text = rfc3339(self._item.updated)
        address = feed_url(site, origin.name, _SUFFIX)
        etree.SubElement(source, "link", rel="self", type="application/atom+xml", href=address)
        etree.SubElement(source, "link", rel="alternate", type="text/html", href=home_url(site, origin))


def _enclosure(file: Attachment) -> dict[str, str]:
    told = {"rel": "enclosure", "href": file.url, "type": file.media_type or "", "title": one_line(file.name)}
    if file.length:
        told["length"] = str(file.length)
    return {name: value for name, value in told.items() if value}


def frame(edition: Edition) -> Frame:
    """The feed itself."""
    head = head_of(edition)
    with generator() as feed:
        feed.register_extension("feed", partial(_FeedExtension, edition), None, atom=True, rss=False)
        feed.id(head.id)
        feed.title(head.title)
        feed.updated(head.updated)
        feed.author({"name": head.author})
        feed.link(href=document_url(edition, _SUFFIX), rel="self", type="application/atom+xml")
        feed.link(href=head.home_url, rel="alternate", type="text/html")
        for relation, url in paging_links(edition, _SUFFIX):
            feed.link(href=url, rel=relation, type="application/atom+xml")
        for hub in head.hubs:
            feed.link(href=hub, rel="hub")
        feed.language(head.language)
        feed.generator(GENERATOR)
        if head.description != head.title:
            feed.subtitle(head.description)
        if head.rights:
            feed.rights(head.rights)
        if head.icon_url:
            feed.icon(head.icon_url)
        return parted(cast("bytes", feed.atom_str()), b"</feed>")


def item(showing: Showing) -> bytes:
    """An article as an entry of a feed."""
    with entry() as made:
        _fill(made, item_of(showing), showing.site)
        return written(made.atom_entry(), {"media": MEDIA})


def _fill(entry: FeedEntry, item: Item, site: Site) -> None:
    entry.register_extension("entry", partial(_EntryExtension, item, site), atom=True, rss=False)
    entry.id(item.id)
    entry.title(item.title)
    entry.updated(item.updated)
    entry.published(item.published)
    entry.author([{"name": name} for name in item.authors])
    entry.description(item.summary, isSummary=True)
    entry.content(item.body, type="html")
    for slug, label in item.categories:
        entry.category(term=slug, label=label, scheme=categories_scheme(site))
    for tag in item.tags:
        entry.category(term=tag)


ATOM = Format(
    name="atom",
    suffix=_SUFFIX,
    media_type="application/atom+xml; charset=utf-8",
    title="Atom",
    frame=frame,
    item=item,
    read=read_atom,
    bound=most_bytes,
)
