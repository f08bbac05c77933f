"""Articles that another source brought first: in their own source's feed only, and named by the one that came first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from feedservice.model import Carried
from feedservice.store.feeds.archives import spoil_archives
from feedservice.store.feeds.registry import ALL
from feedservice.store.tables.batches import batches
from feedservice.store.tables.content import unpack_published
from feedservice.store.tables.schema import articles, bodies, duplicates, memberships

_CARRIERS = (
    select(duplicates.c.original, articles.c.source)
    .join(articles, articles.c.seq == duplicates.c.seq)
    .where(duplicates.c.original.in_(bindparam("originals", expanding=True)), articles.c.withdrawn.is_(None))
    .order_by(duplicates.c.seq)
)


def carried_between(connection: Connection, start: datetime, end: datetime) -> Iterator[Carried]:
    """The articles of the feed of everything that were published between, start <= instant <= end."""
    published = memberships.c.published
    query = (
        select(articles.c.seq, articles.c.source, articles.c.title, published)
        .select_from(memberships.join(articles, articles.c.seq == memberships.c.seq))
        .where(memberships.c.feed == ALL, published >= start, published <= end, memberships.c.hidden.is_(False))
    )
    for seq, source, title, at in connection.execute(query):
        yield Carried(seq=seq, source=source, title=title, published=at)


def told_between(connection: Connection, source: str, start: datetime, end: datetime) -> Iterator[Carried]:
    """The articles that a source told of, withdrawn ones too, that were published between, start <= instant <= end."""
    published = memberships.c.published
    query = (
        select(articles.c.seq, articles.c.source, articles.c.title, articles.c.fields, published)
        .select_from(memberships.join(articles, articles.c.seq == memberships.c.seq))
        .where(memberships.c.feed == source, published >= start, published <= end)
        .order_by(articles.c.seq)
    )
    for seq, brought_by, title, fields, at in connection.execute(query):
        yield Carried(seq=seq, source=brought_by, title=title, published=at, claim=unpack_published(fields))


def bodies_of(connection: Connection, seqs: Iterable[int]) -> dict[int, str]:
    """The bodies of these articles."""
    query = select(bodies.c.seq, bodies.c.body)
    return {
        seq: body for some in batches(seqs) for seq, body in connection.execute(query.where(bodies.c.seq.in_(some)))
    }


def put_duplicates(connection: Connection, originals: Mapping[int, int], published: Mapping[int, datetime]) -> None:
    """Remember for articles which one came first, by seq; the pages that show that one are out of date."""
    if originals:
        rows = [{"seq": seq, "original": original, "published": published[seq]} for seq, original in originals.items()]
        connection.execute(insert(duplicates), rows)
        spoil_archives(connection, sorted(set(originals.values())))


def originals_of(connection: Connection, seqs: Iterable[int]) -> dict[int, int]:
    """Of these articles, those that another source brought first: by seq, the seq of that one."""
    query = select(duplicates.c.seq, duplicates.c.original)
    return {
        seq: original
        for some in batches(seqs)
        for seq, original in connection.execute(query.where(duplicates.c.seq.in_(some)))
    }


def carriers_of(connection: Connection, seqs: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The other sources that carry these articles, in order of arrival; articles that none carries are left out."""
    found: dict[int, dict[str, None]] = {}
    for some in batches(seqs):
        for original, source in connection.execute(_CARRIERS, {"originals": some}):
            found.setdefault(original, {})[source] = None
    return {original: tuple(sources) for original, sources in found.items()}


def source_of(connection: Connection, seq: int) -> str:
    """The source that brought an article."""
    found: str = connection.scalars(select(articles.c.source).where(articles.c.seq == seq)).one()
    return found
