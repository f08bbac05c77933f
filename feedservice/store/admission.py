"""Stored articles put into feeds that take them later: selections that are new, or were given another rule."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from feedservice.store.batches import batches
from feedservice.store.doubles import originals_of
from feedservice.store.feeds import grow_feeds, mark_feeds, next_number
from feedservice.store.schema import articles, memberships


def admit_articles(connection: Connection, feed: str, seqs: Iterable[int]) -> None:
    """Put these articles into a feed, in order of arrival; those that are in it stay where they are.

    In place of one that another source brought first, that one is taken. The feed becomes stale when it shows more than
    before.
    """
    wanted = set(seqs)
    originals = originals_of(connection, sorted(wanted))
    taken = {originals.get(seq, seq) for seq in wanted}
    shown = sum(_admit(connection, feed, some) for some in batches(sorted(taken)))
    if shown:
        grow_feeds(connection, {feed: shown})
        mark_feeds(connection, [feed])


def _admit(connection: Connection, feed: str, seqs: Iterable[int]) -> int:
    """Returns how many articles the feed shows more."""
    inside = select(memberships.c.seq).where(memberships.c.feed == feed, memberships.c.seq.in_(seqs))
    query = (
        select(articles.c.seq, articles.c.published, articles.c.withdrawn)
        .where(articles.c.seq.in_(seqs), articles.c.seq.not_in(inside))
        .order_by(articles.c.seq)
    )
    found = connection.execute(query).all()
    if not found:
        return 0
    first = next_number(connection, "joined", len(found))
    rows = [
        {"feed": feed, "seq": seq, "published": published, "hidden": withdrawn is not None, "joined": number}
        for number, (seq, published, withdrawn) in enumerate(found, first)
    ]
    connection.execute(insert(memberships), rows)
    return sum(not row["hidden"] for row in rows)
