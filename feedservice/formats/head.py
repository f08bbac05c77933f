"""What every format says of the feed itself, worked out once: legal, absolute, nothing required empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedservice.formats.dates import in_zone
from feedservice.formats.text import legal, one_line
from feedservice.formats.urls import is_web, web_url
from feedservice.model import Edition, Feed, Site

GENERATOR = "feedservice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A feed ready to be written. `updated` is in the site's zone; `minutes` is how long readers may keep the feed."""

    id: str
    title: str
    description: str
    home_url: str
    author: str
    email: str
    language: str
    rights: str
    icon_url: str
    hubs: tuple[str, ...]
    updated: datetime
    minutes: int


def head_of(edition: Edition) -> Head:
    """What an edition says of its feed."""
    feed, site = edition.feed, edition.site
    title = feed_title(feed)
    icon = web_url(site.icon_url)
    return Head(
        id=feed_id(site, feed.name),
        title=title,
        description=one_line(feed.description) or title,
        home_url=home_url(site, feed),
        author=author_of(site),
        email=one_line(site.email),
        language=legal(site.language),
        rights=one_line(site.rights),
        icon_url=icon if is_web(icon) else "",
        hubs=tuple(web_url(hub) for hub in site.hubs),
        updated=in_zone(edition.updated, site.timezone),
        minutes=max(1, -(-site.ttl // 60)),
    )


def author_of(site: Site) -> str:
    """Who publishes, never empty."""
    return one_line(site.author) or one_line(site.title) or GENERATOR


def feed_title(feed: Feed) -> str:
    """The feed's title, never empty."""
    return one_line(feed.title) or feed.name


def feed_id(site: Site, name: str) -> str:
    """The feed's own permanent id, a tag: URI (RFC 4151).

    It is made of the stored authority and the feed's name and of nothing else: not of the public address, which may
    move, nor of the format's suffix, so that one feed has one id.
    """
    return web_url(f"tag:{site.authority}:feeds/{name}")


def feed_url(site: Site, name: str, suffix: str) -> str:
    """Where a feed is served in a format."""
    return web_url(f"{site.base_url}/feeds/{name}.{suffix}")


def home_url(site: Site, feed: Feed) -> str:
    """The page for people that the feed is about; the service's own where the feed has none."""
    url = web_url(feed.home_url)
    return url if is_web(url) else web_url(f"{site.base_url}/")
