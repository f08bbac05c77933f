"""The closed pages of a feed's past (RFC 5005 §4): which there are, and which are out of date."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, insert, select, update

from feedservice.model import ArchivePage
from feedservice.store.flags import is_set
from feedservice.store.schema import archives, memberships

_OF_FEED = select(archives.c.number, archives.c.after, archives.c.upto).where(archives.c.feed == bindparam("of"))
_LAST = _OF_FEED.order_by(archives.c.number.desc()).limit(1)
_STALE = _OF_FEED.where(is_set(archives.c.stale)).order_by(archives.c.number).limit(bindparam("most"))


def last_archive(connection: Connection, feed: str) -> ArchivePage | None:
    """The newest closed page of a feed."""
    row = connection.execute(_LAST, {"of": feed}).one_or_none()
    return None if row is None else _page(*tuple(row))


def stale_archives(connection: Connection, feed: str, limit: int) -> tuple[ArchivePage, ...]:
    """Closed pages of a feed whose documents may be out of date, oldest first."""
    return tuple(_page(*tuple(row)) for row in connection.execute(_STALE, {"of": feed, "most": limit}))


def put_archive(connection: Connection, feed: str, page: ArchivePage) -> None:
    """Close a page, or call it fresh again."""
    here = (archives.c.feed == feed, archives.c.number == page.number)
    if connection.execute(update(archives).where(*here).values(stale=False)).rowcount:
        return
    row = {"feed": feed, "number": page.number, "after": page.after, "upto": page.upto, "stale": False}
    connection.execute(insert(archives), row)


def spoil_archives(connection: Connection, seqs: Sequence[int] | None) -> None:
    """The closed pages that hold these articles are out of date; None for all pages."""
    if seqs is None:
        connection.execute(update(archives).values(stale=True))
        return
    for seq in seqs:
        places = select(memberships.c.feed, memberships.c.joined).where(memberships.c.seq == seq)
        for row in connection.execute(places).all():
            feed, joined = tuple(row)
            connection.execute(
                update(archives)
                .where(archives.c.feed == feed, archives.c.after < joined, archives.c.upto >= joined)
                .values(stale=True)
            )


def _page(number: int, after: int, upto: int) -> ArchivePage:
    return ArchivePage(number=number, after=after, upto=upto)
