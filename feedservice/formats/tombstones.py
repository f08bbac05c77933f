"""Tombstones (RFC 6721): what an Atom feed says of entries that are no more, so that readers drop their copies."""

from __future__ import annotations

from lxml import etree

from feedservice.formats.dates import in_zone, rfc3339
from feedservice.formats.item import entry_id
from feedservice.model import Edition

TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"


def add_tombstones(feed: etree._Element, edition: Edition) -> None:
    """A `deleted-entry` (§3) for each withdrawn article, with the id that its entry had.

    None is dated before the entry's own `updated`: a reader would take the entry for the newer word (§2).
    """
    for article in edition.withdrawn:
        if article.withdrawn is not None:
            shown = article.arrival if edition.by_arrival else article.published
            when = in_zone(max(article.withdrawn, article.updated, shown), edition.site.timezone)
            reference = entry_id(edition.site, article)
            etree.SubElement(feed, f"{{{TOMBSTONES}}}deleted-entry", ref=reference, when=rfc3339(when))
