"""Articles that are taken back: hidden in every feed, never shown again, remembered for tombstones (RFC 6721)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, select, update

from feedservice.model import Article, Card
from feedservice.store.articles.reading import articles_by_seq, names_to_seqs
from feedservice.store.articles.succession import succeed
from feedservice.store.feeds.archives import spoil_archives
from feedservice.store.feeds.members import card_columns, card_of
from feedservice.store.feeds.registry import grow_feeds, mark_feeds
from feedservice.store.tables.batches import batches
from feedservice.store.tables.flags import is_set
from feedservice.store.tables.schema import articles, memberships
from feedservice.store.tables.text import clean

_WITHDRAWN = (
    select(*card_columns(memberships.c.arrival))
    .join_from(memberships, articles, articles.c.seq == memberships.c.seq)
    # The last says nothing, but that without statistics SQLite would take the key, and look at every member.
    .where(memberships.c.feed == bindparam("of"), is_set(memberships.c.hidden), memberships.c.seq > 0)
    .order_by(articles.c.withdrawn.desc(), articles.c.seq.desc())
    .limit(bindparam("most"))
)


def withdraw_article(connection: Connection, id: str, at: datetime) -> bool:
    """Take back the article with this id or alias. False for an unknown one, or one that was withdrawn before."""
    return bool(withdraw_articles(connection, names_to_seqs(connection, [id]).values(), at))


def withdraw_articles(connection: Connection, seqs: Iterable[int], at: datetime) -> tuple[int, ...]:
    """Take back these articles; returns those that were not withdrawn before.

    The feeds that show them hold one article less each, and are out of date like the pages of their archives.
    """
    taken = []
    for seq in dict.fromkeys(seqs):
        here = (articles.c.seq == seq, articles.c.withdrawn.is_(None))
        if not connection.execute(update(articles).where(*here).values(withdrawn=at)).rowcount:
            continue
        shown = (memberships.c.seq == seq, memberships.c.hidden.is_(False))
        feeds = set(connection.scalars(select(memberships.c.feed).where(*shown)))
        connection.execute(update(memberships).where(*shown).values(hidden=True))
        grow_feeds(connection, dict.fromkeys(feeds, -1))
        spoil_archives(connection, [seq])
        mark_feeds(connection, feeds)
        succeed(connection, seq, feeds)
        taken.append(seq)
    return tuple(taken)


def note_absences(connection: Connection, seqs: Iterable[int], at: datetime) -> None:
    """Remember that the pages of these articles were looked at and gone."""
    for some in batches(dict.fromkeys(seqs)):
        more = {"checked": at, "absences": articles.c.absences + 1}
        first, this = articles.c.absent_since, bindparam("at", at, articles.c.checked.type)
        # A first time that is still to come is that of a clock that was ahead.
        since = case((first <= this, first), else_=this)
        connection.execute(update(articles).where(articles.c.seq.in_(some)).values(absent_since=since, **more))


def withdrawn_from_feed(connection: Connection, feed: str, limit: int) -> tuple[Card, ...]:
    """The articles of a feed that were withdrawn last, the latest withdrawal first."""
    rows = connection.execute(_WITHDRAWN, {"of": feed, "most": limit})
    return tuple(card_of(*tuple(row)) for row in rows)


def find_article(connection: Connection, name: str) -> Article | None:
    """The article that has this id, alias, or address; None when there is none, or several with this address.

    Looks through all articles when no id or alias fits: for people's questions, not for the service's own.
    """
    seqs = set(names_to_seqs(connection, [name]).values())
    if not seqs:
        seqs = set(connection.scalars(select(articles.c.seq).where(articles.c.url == clean(name)).limit(2)))
    return articles_by_seq(connection, list(seqs))[0] if len(seqs) == 1 else None
