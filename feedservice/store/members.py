"""A feed's members, in the order in which they joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import Connection, Select, select, update

from feedservice.model import Member
from feedservice.store.articles import articles_by_seq
from feedservice.store.feeds import next_number
from feedservice.store.schema import memberships

_PLACE = select(memberships.c.seq, memberships.c.joined)


def members_after(
    connection: Connection, feed: str, after: int, *, upto: int | None, limit: int | None
) -> tuple[Member, ...]:
    """The articles that joined a feed after `after`, up to and including `upto`, oldest first, withdrawn ones too."""
    query = _PLACE.where(memberships.c.feed == feed, memberships.c.joined > after)
    if upto is not None:
        query = query.where(memberships.c.joined <= upto)
    return _members(connection, query.order_by(memberships.c.joined).limit(limit))


def latest_members(connection: Connection, feed: str, limit: int) -> tuple[Member, ...]:
    """The articles that joined a feed last, oldest first, withdrawn ones too."""
    query = _PLACE.where(memberships.c.feed == feed).order_by(memberships.c.joined.desc()).limit(limit)
    return _members(connection, query)


def rejoin(connection: Connection, seqs: Iterable[int], takes: Callable[[str], bool]) -> None:
    """Have articles join anew the feeds that they are in, those that `takes` says yes to."""
    for seq in seqs:
        feeds = select(memberships.c.feed).where(memberships.c.seq == seq).order_by(memberships.c.feed)
        for feed in filter(takes, connection.scalars(feeds).all()):
            here = (memberships.c.feed == feed, memberships.c.seq == seq)
            connection.execute(update(memberships).where(*here).values(joined=next_number(connection, "joined")))


def _members(connection: Connection, query: Select[tuple[int, int]]) -> tuple[Member, ...]:
    joined: dict[int, int] = {row.seq: row.joined for row in connection.execute(query)}
    articles = articles_by_seq(connection, list(joined))
    found = (Member(joined=joined[article.seq], article=article) for article in articles)
    return tuple(sorted(found, key=lambda member: member.joined))
