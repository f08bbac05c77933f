"""A source that goes by another name now: what was remembered under the old one is its own."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, update

from feedservice.model import FeedKind
from feedservice.store.feeds.archives import spoil_past
from feedservice.store.feeds.registry import mark_feeds
from feedservice.store.sources.inbox import readdress_letters
from feedservice.store.tables.schema import (
    archives,
    articles,
    capture_bases,
    feeds,
    inbox,
    keys,
    memberships,
    retired,
    sources,
    validators,
)

_BY_SOURCE = (articles, keys, validators, capture_bases, inbox)
_BY_FEED = (memberships, archives)


def rename_sources(connection: Connection, renamed: Mapping[str, str]) -> frozenset[str]:
    """Hand what is remembered of each source to the one that it is called now; nothing for those never heard of.

    A source that has brought nothing yet takes all: articles, what they are known by, their places in the feed, its
    state. One that has takes over the articles that both have offered. Every feed that shows them names their source.
    Returns the old names under which nothing is left.
    """
    emptied: set[str] = set()
    heard_of = set(connection.scalars(select(sources.c.name).where(sources.c.name.in_(renamed))))
    for old, new in renamed.items():
        if old not in heard_of:
            continue
        if _has_brought_something(connection, new):
            _hand_over(connection, old, new)
        else:
            _succeed(connection, old, new)
            emptied.add(old)
        connection.execute(delete(sources).where(sources.c.name == old))
    if heard_of:
        spoil_past(connection, None)
        mark_feeds(connection, None)
    return frozenset(emptied)


def _has_brought_something(connection: Connection, source: str) -> bool:
    asked = (select(keys.c.seq).where(keys.c.source == source), select(memberships.c.seq).where(_is_of(source)))
    return any(connection.scalars(query.limit(1)).one_or_none() is not None for query in asked)


def _is_of(feed: str) -> ColumnElement[bool]:
    return memberships.c.feed == feed


def name_now(connection: Connection, source: str) -> str:
    """What a source is called since it was renamed; its name, where it was not."""
    places = feeds.alias(), feeds.alias()
    query = (
        select(retired.c.target)
        .join(places[0], places[0].c.name == retired.c.name)
        .join(places[1], places[1].c.name == retired.c.target)
        .where(retired.c.name == source, *(place.c.kind == FeedKind.SOURCE.value for place in places))
        .where(retired.c.name.not_in(select(sources.c.name)))
    )
    found: str | None = connection.scalars(query).one_or_none()
    return found or source


def _succeed(connection: Connection, old: str, new: str) -> None:
    connection.execute(delete(validators).where(validators.c.source == new))
    connection.execute(delete(sources).where(sources.c.name == new))
    connection.execute(update(sources).where(sources.c.name == old).values(name=new))
    for table in _BY_SOURCE:
        _rename(connection, table, "source", old, new)
    for table in _BY_FEED:
        _rename(connection, table, "feed", old, new)
    count, title = connection.execute(select(feeds.c.articles, feeds.c.title).where(feeds.c.name == old)).one()
    connection.execute(update(feeds).where(feeds.c.name == old).values(articles=0))
    connection.execute(update(feeds).where(feeds.c.name == new).values(articles=count))
    if title != old:  # what the source calls itself, unless the configuration says how
        connection.execute(update(feeds).where(feeds.c.name == new, feeds.c.title == new).values(title=title))


def _rename(connection: Connection, table: Table, column: str, old: str, new: str) -> None:
    connection.execute(update(table).where(table.c[column] == old).values({column: new}))


def _hand_over(connection: Connection, old: str, new: str) -> None:
    readdress_letters(connection, old, new)
    offered = select(keys.c.seq).where(keys.c.source == new)
    own_key = select(func.min(keys.c.key)).where(keys.c.source == new, keys.c.seq == articles.c.seq)
    connection.execute(
        update(articles)
        .where(articles.c.source == old, articles.c.seq.in_(offered))
        .values(source=new, key=own_key.scalar_subquery())
    )
