"""Published bytes, read: whole, in some codings, or what is to be known of them without their bytes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Executable, bindparam, func, select

from feedservice.model import Coded, Document, DocumentHead, Representation
from feedservice.store.documents.representations import Row, as_stored, is_packed, whole
from feedservice.store.tables.batches import batches
from feedservice.store.tables.flags import is_set
from feedservice.store.tables.schema import documents, representations

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
_HEADS_ABOVE = _HEADS.where(documents.c.version > bindparam("above"))
_HEADS_AT = _HEADS.where(documents.c.path.in_(bindparam("paths", expanding=True)))
_PARTIAL = (
    select(documents.c.path).where(is_set(documents.c.partial)).order_by(documents.c.version).limit(bindparam("most"))
)


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
