"""Where a feed goes on: the pages of its archive (RFC 5005 §4), and each page's own address."""

from __future__ import annotations

from lxml import etree

from feedservice.formats.head import feed_url
from feedservice.formats.urls import web_url
from feedservice.formats.vocabulary import HISTORY
from feedservice.model import Edition, Site


def document_url(edition: Edition, suffix: str) -> str:
    """Where an edition is served: the feed itself, or the archive page that it is."""
    name, site = edition.feed.name, edition.site
    return feed_url(site, name, suffix) if edition.archive is None else archive_url(site, name, edition.archive, suffix)


def archive_url(site: Site, name: str, number: int, suffix: str) -> str:
    """Where a page of a feed's archive is served in a format."""
    return web_url(f"{site.base_url}/feeds/{name}/archive/{number}.{suffix}")


def paging_links(edition: Edition, suffix: str) -> tuple[tuple[str, str], ...]:
    """(relation, address) of the neighbouring pages; an archive page names the feed itself as `current`."""
    site, name = edition.site, edition.feed.name
    found = [("current", feed_url(site, name, suffix))] if edition.archive is not None else []
    for relation, number in (("prev-archive", edition.prev_archive), ("next-archive", edition.next_archive)):
        if number is not None:
            found.append((relation, archive_url(site, name, number, suffix)))
    return tuple(found)


def add_archive_mark(place: etree._Element, edition: Edition) -> None:
    """Say that this is an archive page (§4), where it is one."""
    if edition.archive is not None:
        etree.SubElement(place, f"{{{HISTORY}}}archive")
