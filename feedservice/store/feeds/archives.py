"""The closed pages of a feed's past (RFC 5005 §4): which there are, and which are out of date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, insert, select, update

from feedservice.model import ArchivePage, FeedState
from feedservice.store.tables.batches import batches
from feedservice.store.tables.flags import is_set
from feedservice.store.tables.schema import archives, feeds, memberships

_PAGES = select(archives.c.number, archives.c.after, archives.c.upto)
_LAST = _PAGES.where(archives.c.feed == bindparam("of")).order_by(archives.c.number.desc()).limit(1)


def _stale_of(feed: ColumnElement[str]) -> ColumnElement[bool]:
    # As a range: for `=`, SQLite without statistics would take the key, and look at every page of the feed.
    return archives.c.feed.between(feed, feed) & is_set(archives.c.stale)


_STALE = _PAGES.where(_stale_of(bindparam("of"))).order_by(archives.c.number).limit(bindparam("most"))

_NEWEST = archives.alias("newest")
_LAST_NUMBER = select(func.max(archives.c.number)).where(archives.c.feed == feeds.c.name).correlate(feeds)
# The last says nothing: see `_stale_of`.
_HIDDEN = (memberships.c.feed == feeds.c.name) & is_set(memberships.c.hidden) & (memberships.c.seq > 0)
_STATES = (
    select(
        feeds.c.name,
        exists().where(_stale_of(feeds.c.name)).correlate(feeds),
        exists().where(_HIDDEN).correlate(feeds),
        _NEWEST.c.number,
        _NEWEST.c.after,
        _NEWEST.c.upto,
    )
    .join_from(
        feeds,
        _NEWEST,
        (_NEWEST.c.feed == feeds.c.name) & (_NEWEST.c.number == _LAST_NUMBER.scalar_subquery()),
        isouter=True,
    )
    .where(feeds.c.name.in_(bindparam("names", expanding=True)))
)


def feed_states(connection: Connection, names: Sequence[str]) -> dict[str, FeedState]:
    """What these feeds have behind them, by name."""
    return {
        name: FeedState(
            newest=None if number is None else _page(number, after, upto), spoiled=bool(stale), withdrawn=bool(hidden)
        )
        for some in batches(names)
        for name, stale, hidden, number, after, upto in connection.execute(_STATES, {"names": some})
    }


def last_archive(connection: Connection, feed: str) -> ArchivePage | None:
    """The newest closed page of a feed."""
    row = connection.execute(_LAST, {"of": feed}).one_or_none()
    return None if row is None else _page(*tuple(row))


def stale_archives(connection: Connection, feed: str, limit: int) -> tuple[ArchivePage, ...]:
    """Closed pages of a feed whose documents may be out of date, oldest first."""
    return tuple(_page(*tuple(row)) for row in connection.execute(_STALE, {"of": feed, "most": limit}))


def put_archive(connection: Connection, feed: str, page: ArchivePage, as_of: int) -> None:
    """Close a page, or call it fresh again, unless its feed was marked after `as_of`: by then it may be out of date."""
    marked = select(feeds.c.name).where(feeds.c.name == feed, feeds.c.mark > as_of)
    stale = connection.scalars(marked).one_or_none() is not None
    here = (archives.c.feed == feed, archives.c.number == page.number)
    if connection.execute(update(archives).where(*here).values(stale=stale)).rowcount:
        return
    row = {"feed": feed, "number": page.number, "after": page.after, "upto": page.upto, "stale": stale}
    connection.execute(insert(archives), row)


def spoil_archives(connection: Connection, seqs: Iterable[int]) -> None:
    """The closed pages that hold these articles are out of date."""
    for seq in seqs:
        places = select(memberships.c.feed, memberships.c.joined).where(memberships.c.seq == seq)
        for row in connection.execute(places).all():
            feed, joined = tuple(row)
            connection.execute(
                update(archives)
                .where(archives.c.feed == feed, archives.c.after < joined, archives.c.upto >= joined)
                .values(stale=True)
            )


def spoil_past(connection: Connection, names: Iterable[str] | None) -> None:
    """All closed pages of these feeds are out of date; None for those of all feeds."""
    spoiled = update(archives).where(archives.c.stale.is_(False)).values(stale=True)
    if names is None:
        connection.execute(spoiled)
        return
    for some in batches(sorted(set(names))):
        connection.execute(spoiled.where(archives.c.feed.in_(some)))


def _page(number: int, after: int, upto: int) -> ArchivePage:
    return ArchivePage(number=number, after=after, upto=upto)
