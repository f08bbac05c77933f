"""Stored articles put into feeds that take them later: selections that are new, or were given another rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from heapq import merge
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from feedservice.store.feeds.archives import last_archive
from feedservice.store.feeds.doubles import originals_of
from feedservice.store.feeds.registry import grow_feeds, mark_feeds, next_number
from feedservice.store.tables.batches import batches
from feedservice.store.tables.schema import articles, memberships

_MOST_SHOWN = 600
"""More than a feed shows."""
_SHOWN = (
    select(memberships.c.seq)
    .where(memberships.c.feed == bindparam("of"), memberships.c.joined > bindparam("after"))
    .order_by(memberships.c.joined.desc())
    .limit(_MOST_SHOWN)
)


class _Newcomer(NamedTuple):
    """An article that a feed does not hold yet."""

    seq: int
    published: datetime
    withdrawn: datetime | None


class Late(NamedTuple):
    """The date that articles have in a feed which they join late, and when they do."""

    arrival: datetime
    came: datetime


def admit_articles(
    connection: Connection, feed: str, seqs: Iterable[int], *, among: bool = False, late: Late | None = None
) -> None:
    """Put these articles into a feed, in order of arrival; those that are in it stay where they are.

    among: each is put before those that the feed shows and that arrived after it: else many old ones would push out
    what nobody may have seen yet. late: for what is news in this feed; None where it keeps its own date. In place of
    one that another source brought first, that one is taken. The feed becomes stale when it shows more than before.
    """
    wanted = set(seqs)
    originals = originals_of(connection, sorted(wanted))
    taken = {originals.get(seq, seq) for seq in wanted}
    found = [one for some in batches(sorted(taken)) for one in _newcomers(connection, feed, some)]
    if not found:
        return
    _join(connection, feed, found, _shown(connection, feed) if among else (), late)
    if shown := sum(one.withdrawn is None for one in found):
        grow_feeds(connection, {feed: shown})
        mark_feeds(connection, [feed])


def _newcomers(connection: Connection, feed: str, seqs: Iterable[int]) -> list[_Newcomer]:
    inside = select(memberships.c.seq).where(memberships.c.feed == feed, memberships.c.seq.in_(seqs))
    query = (
        select(articles.c.seq, articles.c.published, articles.c.withdrawn)
        .where(articles.c.seq.in_(seqs), articles.c.seq.not_in(inside))
        .order_by(articles.c.seq)
    )
    return [_Newcomer(*tuple(row)) for row in connection.execute(query)]


def _shown(connection: Connection, feed: str) -> list[int]:
    """What a feed may show, in the order in which it joined: no page of its archive holds it yet."""
    newest = last_archive(connection, feed)
    found = connection.scalars(_SHOWN, {"of": feed, "after": newest.upto if newest else 0}).all()
    return list(reversed(found))


def _join(
    connection: Connection, feed: str, found: Sequence[_Newcomer], shown: Sequence[int], late: Late | None
) -> None:
    """Have these join a feed, in order; behind each, once more, what is shown of later ones."""
    new = {one.seq: one for one in found}
    # What came up again by an edit is behind what came later, and stays there: the two are only told by their heads.
    order = list(merge(new, shown))
    order = order[next(place for place, seq in enumerate(order) if seq in new) :]
    first = next_number(connection, "joined", len(order))
    numbers = {seq: first + place for place, seq in enumerate(order)}
    rows = [
        {
            "feed": feed,
            "seq": one.seq,
            "published": one.published,
            "hidden": one.withdrawn is not None,
            "joined": numbers[one.seq],
            "arrival": late and late.arrival,
            "came": late and late.came,
        }
        for one in found
    ]
    connection.execute(insert(memberships), rows)
    if again := [{"of": seq, "number": numbers[seq]} for seq in order if seq not in new]:
        here = (memberships.c.feed == feed, memberships.c.seq == bindparam("of"))
        connection.execute(update(memberships).where(*here).values(joined=bindparam("number")), again)
