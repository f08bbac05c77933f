"""Published bytes: stored when they changed, and only then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Executable, bindparam, func, insert, select, update

from feedservice.errors import StoreDamaged
from feedservice.model import Coded, Document, DocumentHead, Representation
from feedservice.store.batches import batches
from feedservice.store.feeds import next_number
from feedservice.store.flags import is_set
from feedservice.store.representations import (
    Row,
    add_representations,
    as_stored,
    clear_representations,
    is_packed,
    put_representations,
    restore_representations,
    whole,
)
from feedservice.store.schema import documents, representations

_SECOND = timedelta(seconds=1)
_WHOLE = (
    select(
        documents.c.path,
        documents.c.feed,
        documents.c.media_type,
        documents.c.last_modified,
        documents.c.version,
        documents.c.layout,
        documents.c.partial,
        representations.c.coding,
        representations.c.etag,
        representations.c.omitted,
        representations.c.body,
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
        func.length(representations.c.body) + representations.c.omitted,
    )
    .join_from(documents, representations, isouter=True)
    .order_by(documents.c.version, representations.c.position)
)
_AT = _WHOLE.where(documents.c.path.in_(bindparam("paths", expanding=True)))
_AT_IN = _AT.where(representations.c.coding.in_(bindparam("codings", expanding=True)))
_ABOVE = _WHOLE.where(documents.c.version > bindparam("above"))
_HEADS_ABOVE = _HEADS.where(documents.c.version > bindparam("above"))
_HEADS_AT = _HEADS.where(documents.c.path.in_(bindparam("paths", expanding=True)))
_COMPARED = select(
    documents.c.path, documents.c.etag, documents.c.media_type, documents.c.last_modified, documents.c.layout
).where(documents.c.path.in_(bindparam("paths", expanding=True)))
_PARTIAL = (
    select(documents.c.path).where(is_set(documents.c.partial)).order_by(documents.c.version).limit(bindparam("most"))
)
_THERE = select(representations.c.path).where(representations.c.path.in_(bindparam("paths", expanding=True))).distinct()
_CHANGED = update(documents).where(documents.c.path == bindparam("at"))


class _Stored(NamedTuple):
    """What a new document is compared with."""

    etag: str
    media_type: str
    last_modified: datetime
    layout: bytes


def heads_above(connection: Connection, version: int) -> tuple[DocumentHead, ...]:
    """The documents that changed after `version`, without bytes, oldest change first; dropped ones have no codings."""
    return _read_heads(connection, _HEADS_ABOVE, above=version)


def heads_at(connection: Connection, paths: Sequence[str]) -> tuple[DocumentHead, ...]:
    """The documents at these addresses, without their bytes, in the order of the addresses."""
    found: dict[str, DocumentHead] = {}
    for some in batches(paths):
        found |= {head.path: head for head in _read_heads(connection, _HEADS_AT, paths=some)}
    return tuple(found[path] for path in dict.fromkeys(paths) if path in found)


def _read_heads(connection: Connection, query: Executable, **named: int | list[str]) -> tuple[DocumentHead, ...]:
    found: dict[str, DocumentHead] = {}
    rows = connection.execute(query, named)
    for path, feed, media_type, last_modified, number, *coded in rows:
        before = found[path].codings if path in found else ()
        own = () if coded[0] is None else (Coded(*coded),)
        found[path] = DocumentHead(
            path=path,
            feed=feed,
            media_type=media_type,
            last_modified=last_modified,
            version=number,
            codings=(*before, *own),
        )
    return tuple(found.values())


def documents_above(connection: Connection, version: int) -> tuple[Document, ...]:
    """The documents that changed after `version`, oldest change first."""
    return _read(connection, _ABOVE, above=version)


def documents_at(connection: Connection, paths: Sequence[str], codings: Collection[str]) -> tuple[Document, ...]:
    """The documents at these addresses, where there are any, with all their codings or these."""
    if not codings:
        return _read(connection, _AT, paths=list(paths))
    needed = {*codings, "gzip"} if "identity" in codings else set(codings)
    found = _read(connection, _AT_IN, paths=list(paths), codings=sorted(needed))
    return tuple(_only(document, codings) for document in found)


def packed_documents(connection: Connection, paths: Sequence[str]) -> tuple[Document, ...]:
    """The documents at these addresses without a coding and as gzip; what is not stored of them is omitted."""
    return _read(connection, _AT_IN, as_stored, paths=list(paths), codings=["gzip", "identity"])


def _only(document: Document, codings: Collection[str]) -> Document:
    return replace(document, representations=tuple(each for each in document.representations if each.coding in codings))


def partial_documents(connection: Connection, limit: int) -> tuple[str, ...]:
    """The addresses of documents whose codings are still to be made, the oldest change first."""
    return tuple(connection.scalars(_PARTIAL, {"most": limit}))


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
    """Have the documents of these feeds written whole the next time; None for all."""
    known = update(documents).where(documents.c.layout != b"").values(layout=b"")
    if feeds is None:
        connection.execute(known)
        return
    for some in batches(sorted(set(feeds))):
        connection.execute(known.where(documents.c.feed.in_(some)))


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


def _read(
    connection: Connection,
    query: Executable,
    represent: Callable[[Sequence[Row], str], tuple[Representation, ...]] = whole,
    **named: int | list[str],
) -> tuple[Document, ...]:
    found: dict[str, Document] = {}
    rows: dict[str, list[Row]] = {}
    for path, feed, media_type, last_modified, version, layout, partial, *row in connection.execute(query, named):
        rows.setdefault(path, []).append(tuple(row))
        found[path] = Document(
            path=path,
            feed=feed,
            media_type=media_type,
            last_modified=last_modified,
            representations=(),
            version=version,
            layout=layout,
            partial=partial,
        )
    return tuple(
        replace(document, representations=represent(rows[path], path), packed=any(map(is_packed, rows[path])))
        for path, document in found.items()
    )
