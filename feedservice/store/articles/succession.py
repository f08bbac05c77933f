"""When an article is taken back that others carry too, the next one that arrived takes its place."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select, update

from feedservice.model import FeedKind
from feedservice.store.feeds.admission import admit_articles
from feedservice.store.feeds.archives import spoil_archives
from feedservice.store.feeds.doubles import originals_of
from feedservice.store.feeds.registry import mark_feeds
from feedservice.store.tables.content import pack_names, unpack_names
from feedservice.store.tables.schema import articles, duplicates, feeds, memberships


def succeed(connection: Connection, seq: int, shown_in: Iterable[str]) -> None:
    """Put the first of an article's duplicates that is still there into the feeds of several sources that showed it.

    It is then of the same categories. Where the article is a duplicate itself, what names its source is out of date.
    """
    for original in originals_of(connection, [seq]).values():
        spoil_archives(connection, [original])
        mark_feeds(connection, connection.scalars(select(memberships.c.feed).where(memberships.c.seq == original)))
    query = (
        select(duplicates.c.seq)
        .join(articles, articles.c.seq == duplicates.c.seq)
        .where(duplicates.c.original == seq, articles.c.withdrawn.is_(None))
        .order_by(duplicates.c.seq)
        .limit(1)
    )
    heir: int | None = connection.scalars(query).one_or_none()
    if heir is None:
        return
    connection.execute(delete(duplicates).where(duplicates.c.seq == heir))
    connection.execute(update(duplicates).where(duplicates.c.original == seq).values(original=heir))
    of_several = select(feeds.c.name).where(feeds.c.name.in_(list(shown_in)), feeds.c.kind != FeedKind.SOURCE.value)
    for feed in sorted(connection.scalars(of_several)):
        admit_articles(connection, feed, [heir])
    _inherit_categories(connection, seq, heir)


def _inherit_categories(connection: Connection, seq: int, heir: int) -> None:
    shelves = select(articles.c.seq, articles.c.categories).where(articles.c.seq.in_((seq, heir)))
    by_seq = {each: unpack_names(packed) for each, packed in connection.execute(shelves)}
    both = tuple(dict.fromkeys((*by_seq[heir], *by_seq[seq])))
    if both == by_seq[heir]:
        return
    connection.execute(update(articles).where(articles.c.seq == heir).values(categories=pack_names(both)))
    spoil_archives(connection, [heir])
    mark_feeds(connection, connection.scalars(select(memberships.c.feed).where(memberships.c.seq == heir)))
