"""Where the articles of a feed that has moved are shown from then on, for readers who are sent there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from feedservice.model import FeedKind
from feedservice.store.feeds.admission import admit_articles
from feedservice.store.feeds.archives import last_archive, spoil_past
from feedservice.store.feeds.registry import mark_feeds
from feedservice.store.tables.content import unpack_names
from feedservice.store.tables.schema import archives, articles, feeds, memberships, retired

_LONGEST = timedelta(days=7)
"""How seldom readers ask that are sure to see everything."""
_TAKING = (FeedKind.CATEGORY.value, FeedKind.SOURCE.value)
"""The kinds of feeds that are given articles: the feed of everything has them, and a selection's rule decides."""

_KINDS = select(feeds.c.name, feeds.c.kind)


def hand_on(connection: Connection, moved: Mapping[str, str], now: datetime) -> None:
    """Show in each feed's new place what its readers may not have seen yet.

    moved: where each is found from now on. A category that holds nothing takes over the whole past of a category or
    selection; any other, and the categories that it is in, what came within a week.
    """
    for old, new in moved.items():
        kinds = {row.name: row.kind for row in connection.execute(_KINDS.where(feeds.c.name.in_((old, new))))}
        if old not in kinds or kinds.get(new) not in _TAKING:
            continue
        latest = _came_since(connection, old, now - _LONGEST)
        # A source keeps its own past, by which its articles are known.
        if FeedKind.SOURCE.value not in kinds.values() and _is_empty(connection, new):
            _take_over(connection, old, new)
        for feed in (new, *_ancestors(connection, new)):
            # Pages of an archive tell that the feed is full, and what is pushed out is found there.
            admit_articles(connection, feed, latest, among=last_archive(connection, feed) is not None)


def bring_back(connection: Connection, returned: Mapping[str, str], now: datetime) -> None:
    """Put into categories that are served again what came on their shelves while they led elsewhere.

    returned: by name, where each was found. One whose whole past went there also gets what came there within a week:
    it is the same category under its old name, and its readers may not have seen that.
    """
    for name, target in returned.items():
        kinds = {row.name: row.kind for row in connection.execute(_KINDS.where(feeds.c.name.in_((name, target))))}
        if (kinds.get(name), kinds.get(target)) != (FeedKind.CATEGORY.value, FeedKind.CATEGORY.value):
            continue
        missed = _on_shelf(connection, name, target)
        if _is_empty(connection, name):
            missed += _came_since(connection, target, now - _LONGEST)
        admit_articles(connection, name, missed, among=last_archive(connection, name) is not None)


def _on_shelf(connection: Connection, category: str, feed: str) -> list[int]:
    """The articles of a feed that were put on a category's shelf, or on one below."""
    shelves, more = {category}, {category}
    while more:
        more = set(connection.scalars(select(feeds.c.name).where(feeds.c.parent.in_(more)))) - shelves
        shelves |= more
    query = select(memberships.c.seq, articles.c.categories).join(articles, articles.c.seq == memberships.c.seq)
    rows = connection.execute(query.where(memberships.c.feed == feed))
    return [seq for seq, categories in rows if not shelves.isdisjoint(unpack_names(categories))]


def led_to(connection: Connection, slugs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Of categories, those that have moved to another one: by slug, that one and those that it is in.

    A moved one is given nothing itself, so that all goes back with it where it moves back.
    """
    query = (
        select(retired.c.name, retired.c.target)
        .join(feeds, feeds.c.name == retired.c.target)
        .where(retired.c.name.in_(set(slugs)), feeds.c.kind == FeedKind.CATEGORY.value)
    )
    return {name: (target, *_ancestors(connection, target)) for name, target in connection.execute(query).all()}


def _came_since(connection: Connection, feed: str, since: datetime) -> list[int]:
    query = (
        select(memberships.c.seq)
        .join(articles, articles.c.seq == memberships.c.seq)
        .where(memberships.c.feed == feed, memberships.c.hidden.is_(False), articles.c.first_seen >= since)
    )
    return list(connection.scalars(query))


def _is_empty(connection: Connection, feed: str) -> bool:
    return connection.scalars(select(memberships.c.seq).where(memberships.c.feed == feed).limit(1)).first() is None


def _take_over(connection: Connection, old: str, new: str) -> None:
    for table in (memberships, archives):
        connection.execute(update(table).where(table.c.feed == old).values(feed=new))
    held = select(func.count()).where(memberships.c.feed == new, memberships.c.hidden.is_(False))
    connection.execute(update(feeds).where(feeds.c.name == old).values(articles=0))
    connection.execute(update(feeds).where(feeds.c.name == new).values(articles=held.scalar_subquery()))
    spoil_past(connection, [new])
    mark_feeds(connection, [new])


def _ancestors(connection: Connection, category: str) -> tuple[str, ...]:
    """The categories that one is in, the nearest first."""
    found: list[str] = []
    here: str | None = category
    while here is not None:
        here = connection.scalars(select(feeds.c.parent).where(feeds.c.name == here)).one_or_none()
        if here is not None:
            found.append(here)
    return tuple(found)
