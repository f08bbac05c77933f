"""Values for the tests of the store: each whole and valid, any part of it replaced on request."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, make_url

from feedservice.model import (
    Arrival,
    Article,
    CategoryStep,
    Document,
    Edit,
    Fields,
    Intake,
    Representation,
    SourceState,
)
from feedservice.protocols import Store
from feedservice.store.engines.upgrade import VERSION_TABLE
from tests.fakes import FakeClock

START = FakeClock().now
NEWS = (CategoryStep(title="资讯动态", slug="zixun"),)
OTHER = (*NEWS, CategoryStep(title="其他信息", slug="qita"))


def arrival(
    number: int,
    *,
    key: str | None = None,
    id: str | None = None,
    published: datetime | None = None,
    fields: Fields | None = None,
    categories: tuple[tuple[CategoryStep, ...], ...] = (),
    aliases: tuple[str, ...] = (),
) -> Arrival:
    """A new article; `number` tells it from others and is its distance from START in minutes."""
    published = published or START + timedelta(minutes=number)
    return Arrival(
        id=id or f"https://news.example.org/{number}.html",
        key=key or f"key-{number}",
        url=f"https://news.example.org/{number}.html",
        published=published,
        updated=published,
        arrival=published,
        fields=fields or Fields(title=f"第{number}条", body=f"<p>正文 {number}</p>"),
        offer_digest=f"offer-{number}",
        content_digest=f"content-{number}",
        categories=categories,
        aliases=aliases,
    )


def edit(seq: int, *, fields: Fields, updated: datetime | None = None, digest: str = "edited") -> Edit:
    return Edit(seq=seq, fields=fields, offer_digest=f"offer-{digest}", content_digest=digest, updated=updated)


def intake(
    *arrivals: Arrival,
    source: str = "site",
    at: datetime = START,
    edits: Sequence[Edit] = (),
    checked: Iterable[int] = (),
) -> Intake:
    return Intake(
        source=source,
        at=at,
        state=SourceState(name=source, last_run=at),
        arrivals=arrivals,
        edits=tuple(edits),
        checked=tuple(checked),
    )


def save(store: Store, what: Intake) -> tuple[Article, ...]:
    with store.writing() as writer:
        return writer.save(what)


def document(path: str, body: bytes, *, feed: str = "all", last_modified: datetime = START) -> Document:
    return Document(
        path=path,
        feed=feed,
        media_type="application/rss+xml",
        last_modified=last_modified,
        representations=(
            Representation("identity", body, f'"{body.hex()}"'),
            Representation("gzip", b"\x1f\x8b" + body, f'"{body.hex()}-gzip"'),
        ),
    )


def publish(store: Store, *documents: Document, feed: str = "all", as_of: int | None = None) -> int:
    mark = store.stale().get(feed, 0) if as_of is None else as_of
    with store.writing() as writer:
        return sum(writer.put_documents([replace(each, feed=feed) for each in documents], {feed: mark}).values())


def set_schema(url: str, revision: str) -> None:
    """Have a store be of a schema, in name."""
    behind(url, f"UPDATE {VERSION_TABLE} SET version_num = '{revision}'")  # noqa: S608


def behind(url: str, *statements: str) -> None:
    """Run statements on a database, behind the backs of those who have it open."""
    engine = create_engine(make_url(url.replace("postgresql:", "postgresql+pg8000:")))
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def damage(url: str, path: str) -> None:
    """Have the disk change a bit in the middle of a document of a SQLite store, as it is stored."""
    with closing(sqlite3.connect(Path(str(make_url(url).database)))) as database, database:
        here = "FROM representations WHERE path = ? AND coding = 'gzip'"
        (stored,) = database.execute(f"SELECT body {here}", (path,)).fetchone()
        body = bytearray(stored)
        body[len(body) // 2] ^= 0xFF
        database.execute("UPDATE representations SET body = ? WHERE path = ? AND coding = 'gzip'", (body, path))


def documents_of(store: Store, since: int = 0) -> tuple[Document, ...]:
    """The documents that changed after a version, whole, the oldest change first."""
    found = (store.document(head.path) for head in store.heads_since(since) if head.codings)
    return tuple(document for document in found if document is not None)
