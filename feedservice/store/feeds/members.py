"""A feed's members, in the order in which they joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Select, bindparam, func, select, update

from feedservice.model import Card, Member
from feedservice.store.feeds.registry import next_number
from feedservice.store.tables.content import unpack_names
from feedservice.store.tables.schema import articles, memberships


def card_columns(late: ColumnElement[datetime | None]) -> tuple[ColumnElement[Any], ...]:
    """The columns of an article's card in a feed. late: the date that it has there, where it joined it late."""
    return (
        articles.c.seq,
        articles.c.id,
        articles.c.source,
        articles.c.published,
        articles.c.updated,
        func.coalesce(late, articles.c.arrival),
        articles.c.categories,
        articles.c.revision,
        articles.c.withdrawn,
    )


_NO_END = 2**63 - 1


def _cards_of(range_: Select[tuple[int, int, datetime]]) -> Select[Any]:
    # The range is cut to size before anything is joined to it, or a planner might join the whole feed first.
    place = range_.limit(bindparam("most")).subquery()
    return (
        select(place.c.joined, *card_columns(place.c.arrival))
        .select_from(place)
        .join(articles, articles.c.seq == place.c.seq)
    )


_OF_FEED = select(memberships.c.seq, memberships.c.joined, memberships.c.arrival).where(
    memberships.c.feed == bindparam("of")
)
# Made once: at each rebuild of a feed they are asked, and putting one together costs more than the answer.
_AFTER = _cards_of(
    _OF_FEED.where(memberships.c.joined > bindparam("after"), memberships.c.joined <= bindparam("upto")).order_by(
        memberships.c.joined
    )
)
_LATEST = _cards_of(_OF_FEED.order_by(memberships.c.joined.desc()))
_LATEST_GOOD = _cards_of(_OF_FEED.where(memberships.c.hidden.is_(False)).order_by(memberships.c.joined.desc()))


def members_after(
    connection: Connection, feed: str, after: int, *, upto: int | None, limit: int | None
) -> tuple[Member, ...]:
    """What joined a feed after `after`, up to and including `upto`, oldest first, withdrawn articles too."""
    bounds = {"after": after, "upto": _NO_END if upto is None else upto, "most": _NO_END if limit is None else limit}
    return _members(connection, _AFTER, of=feed, **bounds)


def latest_members(connection: Connection, feed: str, limit: int, *, withdrawn: bool) -> tuple[Member, ...]:
    """What joined a feed last, oldest first; whether withdrawn articles too."""
    return _members(connection, _LATEST if withdrawn else _LATEST_GOOD, of=feed, most=limit)


def rejoin(connection: Connection, seqs: Iterable[int], takes: Callable[[str], bool], at: datetime) -> None:
    """Have those of these articles that were revised at this time join anew those of their feeds that `takes` takes."""
    for seq in seqs:
        if connection.scalar(select(articles.c.revised).where(articles.c.seq == seq)) != at.replace(microsecond=0):
            continue
        feeds = select(memberships.c.feed).where(memberships.c.seq == seq).order_by(memberships.c.feed)
        for feed in filter(takes, connection.scalars(feeds).all()):
            here = (memberships.c.feed == feed, memberships.c.seq == seq)
            connection.execute(update(memberships).where(*here).values(joined=next_number(connection, "joined")))


def card_of(
    seq: int,
    id: str,
    source: str,
    published: datetime,
    updated: datetime,
    arrival: datetime,
    categories: str,
    revision: int,
    withdrawn: datetime | None,
) -> Card:
    """The card of a row of `card_columns`."""
    return Card(seq, id, source, published, updated, arrival, unpack_names(categories), revision, withdrawn)


def _members(connection: Connection, query: Executable, **named: str | int) -> tuple[Member, ...]:
    rows = connection.execute(query, named).all()
    found = [Member(joined, card_of(*row)) for joined, *row in rows]
    return tuple(sorted(found, key=lambda member: member.joined))
