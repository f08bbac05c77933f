"""Feeds, the service that they belong to, and one of them as it stands at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from feedservice.model.articles import Article, Card


class Member(NamedTuple):
    """An article's place in a feed. joined: a number that grows with every article that comes into any feed."""

    joined: int
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePage:
    """A closed page of a feed's past: the members that joined after `after`, up to and including `upto`.

    number: from 1, oldest first.
    """

    number: int
    after: int
    upto: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What a feed has behind it.

    newest: its newest closed page, None where it has none. spoiled: whether documents of closed pages may be out of
    date. withdrawn: whether any of its articles were withdrawn.
    """

    newest: ArchivePage | None = None
    spoiled: bool = False
    withdrawn: bool = False


class FeedKind(StrEnum):
    """Why a feed is there."""

    ALL = "all"
    SOURCE = "source"
    CATEGORY = "category"
    SELECTION = "selection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A selection of articles with a title and a size. `name` is its address: /feeds/NAME.rss.

    home_url: the human page that the feed is about; "" stands for the service's own front page.
    parent: the feed name of the category above; None at the top.
    """

    name: str
    kind: FeedKind
    title: str
    description: str = ""
    home_url: str = ""
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The service as its feeds name it. `base_url` has no trailing slash; `timezone` is an IANA name.

    authority: what the feeds' own tag: ids begin with (RFC 4151 §2.1: a host and a date), minted at the first start and
    stored, so that feed ids outlive a move to another address. ttl: seconds.
    """

    title: str
    base_url: str
    authority: str = "feeds.example.org,2026"
    description: str = ""
    language: str = "zh-CN"
    timezone: str = "Asia/Shanghai"
    author: str = ""
    email: str = ""
    rights: str = ""
    icon_url: str = ""
    hubs: tuple[str, ...] = ()
    ttl: int = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """An article as a feed shows it: all that its item may depend on, in any format.

    by_arrival: its `arrival` is told as its date. origin: the feed of the source that brought it, where that is known.
    at_home: whether the feed is that one, so that nothing is said of it. categories: (slug, title), "" for an unknown
    title.
    """

    article: Article
    site: Site
    by_arrival: bool = False
    origin: Feed | None = None
    at_home: bool = False
    categories: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One feed as it stands at one moment: all that a format may know. Articles come newest first.

    updated: the feed's own date, taken from its articles, never from the clock.
    origins: for each source of the articles, its Feed (for atom:source and RSS source).
    category_titles: titles by category slug. by_arrival: tells each article's `arrival` as its date (`dates: arrival`).
    by_update: edited articles come to the top again (`edits: resurface`). withdrawn: articles that were served and are
    no more, for tombstones (RFC 6721).
    claim: the numbers of the feed and of the user who claims it at Folo.
    archive: the number of the archive page that this is (RFC 5005 §4); None for the feed itself.
    prev_archive, next_archive: the numbers of the neighbouring archive pages, where there are any.
    """

    feed: Feed
    site: Site
    articles: tuple[Article, ...]
    updated: datetime
    origins: Mapping[str, Feed] = field(default_factory=dict)
    category_titles: Mapping[str, str] = field(default_factory=dict)
    by_arrival: bool = False
    by_update: bool = False
    withdrawn: tuple[Card, ...] = ()
    claim: tuple[str, str] | None = None
    archive: int | None = None
    prev_archive: int | None = None
    next_archive: int | None = None

    def showing(self, article: Article) -> Showing:
        """The article as this feed shows it."""
        return Showing(
            article=article,
            site=self.site,
            by_arrival=self.by_arrival,
            origin=self.origins.get(article.source),
            at_home=article.source == self.feed.name,
            categories=tuple((slug, self.category_titles.get(slug, "")) for slug in article.categories),
        )
