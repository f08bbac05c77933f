"""Articles, read: one by its id, a page of a feed, all of a source, and what a refresh must know of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, Subquery, bindparam, func, select, tuple_

from feedservice.model import Article, Known
from feedservice.store.feeds.registry import ALL
from feedservice.store.tables.batches import ROWS_AT_ONCE, batches
from feedservice.store.tables.content import unpack_fields, unpack_names
from feedservice.store.tables.schema import articles, bodies, duplicates, keys, memberships, names, revisions
from feedservice.store.tables.text import index_key

_ARTICLE = select(
    articles.c.seq,
    articles.c.id,
    articles.c.source,
    articles.c.key,
    articles.c.url,
    articles.c.title,
    articles.c.fields,
    bodies.c.body,
    articles.c.published,
    articles.c.updated,
    articles.c.first_seen,
    articles.c.arrival,
    articles.c.categories,
    articles.c.revision,
    articles.c.withdrawn,
)
_BY_SEQ = (
    _ARTICLE.select_from(articles.join(bodies))
    .where(articles.c.seq.in_(bindparam("seqs", expanding=True)))
    .order_by(articles.c.seq)
)
_OF_OTHERS = (
    select(keys.c.seq)
    .join(articles, articles.c.seq == keys.c.seq)
    .where(keys.c.source == bindparam("of"), articles.c.source != keys.c.source)
)
"""What a source offers and another one brought."""
_FEW_REVISIONS = 5
"""Below, an article's revisions need not be looked at to know what is to be known of them."""
_KNOWN = select(
    articles.c.seq,
    articles.c.id,
    articles.c.source,
    articles.c.key,
    articles.c.url,
    articles.c.title,
    articles.c.offer_digest,
    articles.c.content_digest,
    articles.c.published,
    articles.c.checked,
    articles.c.revision,
    articles.c.withdrawn,
    articles.c.absences,
    articles.c.absent_since,
    articles.c.revised,
    articles.c.significant,
)


def article_by_id(connection: Connection, id: str) -> Article | None:
    """The article that has, or had, this id or alias; None when there is none."""
    query = _ARTICLE.select_from(names.join(articles).join(bodies)).where(names.c.iri == id)
    row = connection.execute(query).one_or_none()
    return None if row is None else _article(*tuple(row))


def articles_by_seq(connection: Connection, seqs: Sequence[int]) -> tuple[Article, ...]:
    """These articles, in order of arrival."""
    return tuple(_article(*tuple(row)) for some in batches(seqs) for row in connection.execute(_BY_SEQ, {"seqs": some}))


def page_of_feed(
    connection: Connection, feed: str, limit: int, before: tuple[datetime, int] | None
) -> tuple[Article, ...]:
    """Articles of a feed, newest first, after the pair `before`; withdrawn ones are left out."""
    range_ = select(memberships.c.published, memberships.c.seq).where(
        memberships.c.feed == feed, memberships.c.hidden.is_(False)
    )
    if before is not None:
        range_ = range_.where(tuple_(memberships.c.published, memberships.c.seq) < before)
    newest = (memberships.c.published.desc(), memberships.c.seq.desc())
    return tuple(_articles_in(connection, range_.order_by(*newest).limit(limit).subquery(), newest_first=True))


def all_of_source(
    reading: Callable[[], AbstractContextManager[Connection]], source: str, *, offered: bool = False
) -> Iterator[Article]:
    """The articles that a source brought, oldest first, withdrawn ones too; a batch at a time is held.

    offered: those too that another source brought first.
    """
    with reading() as connection:
        others = frozenset(connection.scalars(_OF_OTHERS, {"of": source})) if offered else frozenset()
    key = (memberships.c.published, memberships.c.seq)
    range_ = select(*key).where(memberships.c.feed == source).order_by(*key).limit(ROWS_AT_ONCE)
    after: tuple[datetime, int] | None = None
    while True:
        batch = (range_ if after is None else range_.where(tuple_(*key) > after)).subquery()
        with reading() as connection:
            found = _articles_in(connection, batch, newest_first=False)
        yield from (article for article in found if article.source == source or article.seq in others)
        if len(found) < ROWS_AT_ONCE:
            return
        after = (found[-1].published, found[-1].seq)


def published_between(connection: Connection, start: datetime, end: datetime) -> frozenset[datetime]:
    """The `published` instants of articles, start <= instant < end."""
    of_all, of_duplicates = memberships.c.published, duplicates.c.published
    query = select(of_all).where(memberships.c.feed == ALL, of_all >= start, of_all < end)
    others = select(of_duplicates).where(of_duplicates >= start, of_duplicates < end)
    return frozenset([*connection.scalars(query), *connection.scalars(others)])


def newest_arrival(connection: Connection) -> datetime | None:
    """The newest `arrival` of all articles, in whichever feed."""
    late = select(func.max(memberships.c.arrival)).where(memberships.c.arrival.is_not(None))
    newest = (connection.scalar(select(func.max(articles.c.arrival))), connection.scalar(late))
    return max((at for at in newest if at is not None), default=None)


def arrival_ahead(connection: Connection, now: datetime) -> datetime | None:
    """The newest `arrival` of all articles, where one that arrives after `now` came to us after it too; else None."""
    came = select(articles.c.seq).where(articles.c.arrival > now, articles.c.first_seen > now)
    joined = select(memberships.c.seq).where(memberships.c.arrival > now, memberships.c.came > now)
    ahead = any(connection.scalars(query.limit(1)).one_or_none() is not None for query in (came, joined))
    return newest_arrival(connection) if ahead else None


def known_articles(connection: Connection, source: str, asked: Iterable[str]) -> dict[str, Known]:
    """What is stored of these keys of a source, by its keys first, then by ids and aliases, which are IRIs."""
    wanted = list(dict.fromkeys(asked))
    offered = keys_to_seqs(connection, source, wanted)
    seqs = names_to_seqs(connection, (key for key in wanted if ":" in key)) | offered
    found = {
        row["seq"]: _known(connection, row)
        for some_seqs in batches(sorted(set(seqs.values())))
        for row in connection.execute(_KNOWN.where(articles.c.seq.in_(some_seqs))).mappings().all()
    }
    return {
        key: found[seqs[key]] if key in offered else replace(found[seqs[key]], offered=False)
        for key in wanted
        if key in seqs
    }


def _known(connection: Connection, row: RowMapping) -> Known:
    weights = [(row["significant"], row["revised"])]
    if row["revision"] >= _FEW_REVISIONS:
        former = select(revisions.c.significant, revisions.c.taken_at).where(revisions.c.seq == row["seq"])
        weights += [tuple(each) for each in connection.execute(former.order_by(revisions.c.number.desc()))]
    told = [at for significant, at in weights if significant]
    return Known(
        **{name: value for name, value in row.items() if name != "significant"},
        quiet=len(weights) - len(told),
        fifth_last=told[_FEW_REVISIONS - 1] if len(told) >= _FEW_REVISIONS else None,
    )


def keys_to_seqs(connection: Connection, source: str, asked: Iterable[str]) -> dict[str, int]:
    """The articles that a source offers under these keys."""
    asked_by_key = _by_index_key(asked)
    found: dict[str, int] = {}
    for some in batches(asked_by_key):
        rows = connection.execute(select(keys.c.key, keys.c.seq).where(keys.c.source == source, keys.c.key.in_(some)))
        found |= {key: seq for stored, seq in rows for key in asked_by_key[stored]}
    return found


def names_to_seqs(connection: Connection, asked: Iterable[str]) -> dict[str, int]:
    """The articles that answer to these ids and aliases."""
    asked_by_key = _by_index_key(asked)
    found: dict[str, int] = {}
    for some in batches(asked_by_key):
        rows = connection.execute(select(names.c.iri, names.c.seq).where(names.c.iri.in_(some)))
        found |= {name: seq for stored, seq in rows for name in asked_by_key[stored]}
    return found


def _articles_in(connection: Connection, range_: Subquery, *, newest_first: bool) -> list[Article]:
    # The range is cut to size before anything is joined to it, or a planner might join the whole feed first.
    key = (range_.c.published, range_.c.seq)
    query = _ARTICLE.select_from(range_).join(articles, articles.c.seq == range_.c.seq).join(bodies)
    rows = connection.execute(query.order_by(*(column.desc() if newest_first else column for column in key)))
    return [_article(*tuple(row)) for row in rows]


def _by_index_key(asked: Iterable[str]) -> dict[str, list[str]]:
    by_key: dict[str, list[str]] = {}
    for text in dict.fromkeys(asked):
        by_key.setdefault(index_key(text), []).append(text)
    return by_key


def _article(
    seq: int,
    id: str,
    source: str,
    key: str,
    url: str,
    title: str,
    fields: str,
    body: str,
    published: datetime,
    updated: datetime,
    first_seen: datetime,
    arrival: datetime,
    categories: str,
    revision: int,
    withdrawn: datetime | None,
) -> Article:
    return Article(
        seq=seq,
        id=id,
        source=source,
        key=key,
        url=url,
        published=published,
        updated=updated,
        first_seen=first_seen,
        arrival=arrival,
        fields=unpack_fields(title, fields, body),
        categories=unpack_names(categories),
        revision=revision,
        withdrawn=withdrawn,
    )
