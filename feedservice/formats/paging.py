"""Where a feed goes on: the pages of its archive (RFC 5005 §4, and §3 for who follows `next`), and their addresses."""

from __future__ import annotations

from lxml import etree

from feedservice.formats.head import feed_url
from feedservice.formats.urls import web_url
from feedservice.formats.vocabulary import HISTORY
from feedservice.model import Edition, Site

_OLDEST = 1
"""The page with the oldest articles."""


def document_url(edition: Edition, suffix: str) -> str:
    """Where an edition is served: the feed itself, or the archive page that it is."""
    name, site = edition.feed.name, edition.site
    return feed_url(site, name, suffix) if edition.archive is None else archive_url(site, name, edition.archive, suffix)


def archive_url(site: Site, name: str, number: int, suffix: str) -> str:
    """Where a page of a feed's archive is served in a format."""
    return web_url(f"{site.base_url}/feeds/{name}/archive/{number}.{suffix}")


def paging_links(edition: Edition, suffix: str) -> tuple[tuple[str, str], ...]:
    """(relation, address) of the other documents of a feed that has some, as an archive and as pages, newest first."""
    site, name = edition.site, edition.feed.name
    older, newer = edition.prev_archive, edition.next_archive
    if edition.archive is None and older is None:
        return ()

    def page(number: int | None) -> str:
        return feed_url(site, name, suffix) if number is None else archive_url(site, name, number, suffix)

    return (
        *([("current", page(None))] if edition.archive is not None else ()),
        *([("prev-archive", page(older))] if older is not None else ()),
        *([("next-archive", page(newer))] if newer is not None else ()),
        ("first", page(None)),
        *([("previous", page(newer))] if edition.archive is not None else ()),
        *([("next", page(older))] if older is not None else ()),
        ("last", page(_OLDEST)),
    )


def add_archive_mark(place: etree._Element, edition: Edition) -> None:
    """Say that this is an archive page (§4), where it is one."""
    if edition.archive is not None:
        etree.SubElement(place, f"{{{HISTORY}}}archive")
