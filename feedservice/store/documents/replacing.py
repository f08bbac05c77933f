"""Published bytes, written: stored when they changed, and only then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from feedservice.errors import StoreDamaged
from feedservice.model import Document
from feedservice.store.documents.reading import documents_at
from feedservice.store.documents.representations import (
    add_representations,
    clear_representations,
    put_representations,
    restore_representations,
)
from feedservice.store.feeds.registry import latest_number, next_number
from feedservice.store.tables.batches import batches
from feedservice.store.tables.notes import replace_note, settle_note
from feedservice.store.tables.schema import documents, representations

_WHOLE = "whole"
"""Under which it is noted as of which mark layouts were forgotten last."""
_SECOND = timedelta(seconds=1)
_COMPARED = select(
    documents.c.path, documents.c.etag, documents.c.media_type, documents.c.last_modified, documents.c.layout
).where(documents.c.path.in_(bindparam("paths", expanding=True)))
_THERE = select(representations.c.path).where(representations.c.path.in_(bindparam("paths", expanding=True))).distinct()
_CHANGED = update(documents).where(documents.c.path == bindparam("at"))


class _Stored(NamedTuple):
    """What a new document is compared with."""

    etag: str
    media_type: str
    last_modified: datetime
    layout: bytes


def replace_documents(connection: Connection, given: Sequence[Document], now: datetime) -> Counter[str]:
    """Store the documents that are others than the stored ones; returns how many, by feed.

    Raises ValueError for a document without an identity representation.
    """
    before = _stored(connection, given)
    changed: list[Document] = []
    same: list[Document] = []
    for document in given:
        handed_back = bool(document.version)
        there = _is_there(before.get(document.path), document) and (handed_back or _is_whole(connection, document))
        (same if there else changed).append(document)
    _lay_out(connection, same, before)
    first = next_number(connection, "version", len(changed)) if changed else 0
    _put(connection, list(enumerate(changed, first)), before, now)
    return Counter(document.feed for document in changed)


def replace_archive(connection: Connection, given: Sequence[Document], now: datetime) -> None:
    """Store the documents of an archive page that are others than the stored ones; nobody follows their versions.

    Pages of the past are asked for seldom, and there are many: only their gzip bytes are kept.
    """
    before = _stored(connection, given)
    pages: list[Document] = []
    same: list[Document] = []
    for document in given:
        stored = before.get(document.path)
        handed_back = stored is not None and all(each.coding != "identity" for each in document.representations)
        there = handed_back or (_is_there(stored, document) and _is_whole(connection, document))
        (same if there else pages).append(replace(document, partial=False))
    _lay_out(connection, same, before)
    _put(connection, [(0, page) for page in pages], before, now, only="gzip")


def add_codings(connection: Connection, given: Sequence[Document]) -> int:
    """Store the codings that these documents lack whose bytes are still these; returns of how many they are.

    Entity tags and dates stay; the version grows, so that whoever follows takes the new codings over.
    """
    before = _stored(connection, given)
    same = [each for each in given if each.path in before and before[each.path].etag == _identity_etag(each)]
    if same:
        first = next_number(connection, "version", len(same))
        rows = [{"at": each.path, "version": version, "partial": False} for version, each in enumerate(same, first)]
        connection.execute(_CHANGED, rows)
        add_representations(connection, same)
    return len(same)


def drop_documents(connection: Connection, paths: Sequence[str]) -> None:
    """Keep nothing of these documents but their addresses and dates, so that whoever follows sees that they went."""
    there = {path for some in batches(paths) for path in connection.scalars(_THERE, {"paths": some})}
    if not there:
        return
    clear_representations(connection, sorted(there))
    for version, path in enumerate(sorted(there), next_number(connection, "version", len(there))):
        values = {"version": version, "etag": "", "layout": b"", "partial": False}
        connection.execute(update(documents).where(documents.c.path == path).values(values))


def forget_layouts(connection: Connection, feeds: Iterable[str] | None) -> None:
    """Have the documents of these feeds, which are marked, written whole the next time; None for all."""
    replace_note(connection, _WHOLE, str(latest_number(connection, "mark")))
    known = update(documents).where(documents.c.layout != b"").values(layout=b"")
    if feeds is None:
        connection.execute(known)
        return
    for some in batches(sorted(set(feeds))):
        connection.execute(known.where(documents.c.feed.in_(some)))


def as_of_marks(connection: Connection, given: Sequence[Document], marks: Mapping[str, int]) -> list[Document]:
    """Documents that were written as of these marks of their feeds: without layouts that were to be forgotten since."""
    whole = int(settle_note(connection, _WHOLE, "0"))
    return [
        replace(document, layout=b"") if marks.get(document.feed, whole) < whole else document for document in given
    ]


def _stored(connection: Connection, given: Sequence[Document]) -> dict[str, _Stored]:
    """What is there, by address, of these documents."""
    return {
        path: _Stored(*rest)
        for some in batches(document.path for document in given)
        for path, *rest in connection.execute(_COMPARED, {"paths": some})
    }


def _is_there(stored: _Stored | None, document: Document) -> bool:
    """Whether the bytes of this document are stored."""
    return stored is not None and (stored.etag, stored.media_type) == (_identity_etag(document), document.media_type)


def _is_whole(connection: Connection, document: Document) -> bool:
    """Write bytes once more that are there; False where those that are there are packed otherwise, and damaged."""
    if restore_representations(connection, document) or not document.packed:
        return True
    try:
        for stored in documents_at(connection, [document.path], ("identity", "gzip")):
            stored.identity()
    except StoreDamaged:
        return False
    return True


def _lay_out(connection: Connection, given: Sequence[Document], before: Mapping[str, _Stored]) -> None:
    """Remember of what parts these documents, which are there, are made up now."""
    rows = [
        {"at": document.path, "layout": document.layout}
        for document in given
        if before[document.path].layout != document.layout
    ]
    if rows:
        connection.execute(_CHANGED, rows)


def _put(
    connection: Connection,
    given: Sequence[tuple[int, Document]],
    before: Mapping[str, _Stored],
    now: datetime,
    *,
    only: str = "",
) -> None:
    """Store these documents, each under its version. only: the one coding that is kept; all where none is named."""
    rows = [
        {
            "at": document.path,
            "path": document.path,
            "feed": document.feed,
            "media_type": document.media_type,
            "last_modified": _date(document.last_modified, before.get(document.path), now),
            "version": version,
            "etag": _identity_etag(document),
            "layout": document.layout,
            "partial": document.partial,
        }
        for version, document in given
    ]
    new = [{name: row[name] for name in row if name != "at"} for row in rows if row["path"] not in before]
    changed = [row for row in rows if row["path"] in before]
    if new:
        connection.execute(insert(documents), new)
    if changed:
        connection.execute(_CHANGED, changed)
    put_representations(connection, [document for _, document in given], only)


def _date(given: datetime, stored: _Stored | None, now: datetime) -> datetime:
    """When the new bytes came to be, as readers may be told it.

    Never later than the clock (RFC 9110 §8.8.2.1). But whoever asks If-Modified-Since with the stored date must see
    that the bytes changed, so it moves on by a second at least: past the clock when two changes fall into one second,
    or when the clock was set back.
    """
    date = min(given, now)
    return date if stored is None else max(date, stored.last_modified + _SECOND)


def _identity_etag(document: Document) -> str:
    for representation in document.representations:
        if representation.coding == "identity":
            return representation.etag
    raise ValueError(f"{document.path}: a document needs its identity bytes")
