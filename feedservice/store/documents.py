"""Published bytes: stored when they changed, and only then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from feedservice.model import Coded, Document, DocumentHead, Representation
from feedservice.store.batches import batches
from feedservice.store.feeds import next_number
from feedservice.store.schema import documents, representations

_SECOND = timedelta(seconds=1)
_WHOLE = (
    select(
        documents.c.path,
        documents.c.feed,
        documents.c.media_type,
        documents.c.last_modified,
        documents.c.version,
        representations.c.coding,
        representations.c.body,
        representations.c.etag,
    )
    .join_from(documents, representations)
    .order_by(documents.c.version, representations.c.position)
)
_HEADS = (
    select(
        documents.c.path,
        documents.c.feed,
        documents.c.media_type,
        documents.c.last_modified,
        documents.c.version,
        representations.c.coding,
        representations.c.etag,
        func.length(representations.c.body),
    )
    .join_from(documents, representations)
    .order_by(documents.c.version, representations.c.position)
)


def heads_above(connection: Connection, version: int) -> tuple[DocumentHead, ...]:
    """The documents that changed after `version`, without their bytes, oldest change first."""
    return _read_heads(connection, documents.c.version > version)


def heads_at(connection: Connection, paths: Sequence[str]) -> tuple[DocumentHead, ...]:
    """The documents at these addresses, without their bytes, in the order of the addresses."""
    found: dict[str, DocumentHead] = {}
    for some in batches(paths):
        found |= {head.path: head for head in _read_heads(connection, documents.c.path.in_(some))}
    return tuple(found[path] for path in dict.fromkeys(paths) if path in found)


def _read_heads(connection: Connection, condition: ColumnElement[bool]) -> tuple[DocumentHead, ...]:
    found: dict[str, DocumentHead] = {}
    rows = connection.execute(_HEADS.where(condition))
    for path, feed, media_type, last_modified, number, *coded in rows:
        before = found[path].codings if path in found else ()
        found[path] = DocumentHead(
            path=path,
            feed=feed,
            media_type=media_type,
            last_modified=last_modified,
            version=number,
            codings=(*before, Coded(*coded)),
        )
    return tuple(found.values())


def documents_above(connection: Connection, version: int) -> tuple[Document, ...]:
    """The documents that changed after `version`, oldest change first."""
    return _read(connection, documents.c.version > version)


def document_at(connection: Connection, path: str) -> Document | None:
    """The document at an address."""
    return next(iter(_read(connection, documents.c.path == path)), None)


def replace_documents(connection: Connection, feed: str, given: Sequence[Document], now: datetime) -> int:
    """Store the documents that are others than the stored ones; returns how many.

    Raises ValueError for a document without an identity representation.
    """
    changed = 0
    for document in given:
        stored = connection.execute(
            select(documents.c.etag, documents.c.media_type, documents.c.last_modified).where(
                documents.c.path == document.path
            )
        ).one_or_none()
        etag = _identity_etag(document)
        if stored is not None and (stored.etag, stored.media_type) == (etag, document.media_type):
            continue
        values = {
            "feed": feed,
            "media_type": document.media_type,
            "last_modified": _date(document.last_modified, None if stored is None else stored.last_modified, now),
            "version": next_number(connection, "version"),
            "etag": etag,
        }
        if stored is None:
            connection.execute(insert(documents), {"path": document.path, **values})
        else:
            connection.execute(update(documents).where(documents.c.path == document.path), values)
        _put_representations(connection, document)
        changed += 1
    return changed


def replace_archive(connection: Connection, feed: str, given: Sequence[Document], now: datetime) -> None:
    """Store the documents of an archive page that are others than the stored ones; nobody follows their versions.

    Pages of the past are asked for seldom, and there are many: only their gzip bytes are kept.
    """
    for document in given:
        query = select(documents.c.etag, documents.c.last_modified).where(documents.c.path == document.path)
        stored = connection.execute(query).one_or_none()
        if stored is not None and all(each.coding != "identity" for each in document.representations):
            continue  # it is the stored one, handed back
        etag = _identity_etag(document)
        if stored is not None and stored.etag == etag:
            continue
        values = {
            "feed": feed,
            "media_type": document.media_type,
            "last_modified": _date(document.last_modified, None if stored is None else stored.last_modified, now),
            "version": 0,
            "etag": etag,
        }
        if stored is None:
            connection.execute(insert(documents), {"path": document.path, **values})
        else:
            connection.execute(update(documents).where(documents.c.path == document.path), values)
        kept = tuple(each for each in document.representations if each.coding == "gzip")
        _put_representations(connection, replace(document, representations=kept))


def _date(given: datetime, stored: datetime | None, now: datetime) -> datetime:
    """When the new bytes came to be, as readers may be told it.

    Never later than the clock (RFC 9110 §8.8.2.1). But whoever asks If-Modified-Since with the stored date must see
    that the bytes changed, so it moves on by a second at least: past the clock when two changes fall into one second,
    or when the clock was set back.
    """
    date = min(given, now)
    return date if stored is None else max(date, stored + _SECOND)


def _identity_etag(document: Document) -> str:
    for representation in document.representations:
        if representation.coding == "identity":
            return representation.etag
    raise ValueError(f"{document.path}: a document needs its identity bytes")


def _put_representations(connection: Connection, document: Document) -> None:
    connection.execute(delete(representations).where(representations.c.path == document.path))
    connection.execute(
        insert(representations),
        [
            {"path": document.path, "position": position, "coding": each.coding, "etag": each.etag, "body": each.body}
            for position, each in enumerate(document.representations)
        ],
    )


def _read(connection: Connection, condition: ColumnElement[bool]) -> tuple[Document, ...]:
    found: dict[str, Document] = {}
    for path, feed, media_type, last_modified, version, coding, body, etag in connection.execute(
        _WHOLE.where(condition)
    ):
        before = found[path].representations if path in found else ()
        found[path] = Document(
            path=path,
            feed=feed,
            media_type=media_type,
            last_modified=last_modified,
            representations=(*before, Representation(coding, body, etag)),
            version=version,
        )
    return tuple(found.values())
