"""The bytes of documents, in every coding. What the gzip bytes unpack to is not stored beside them.

For a reader it makes no difference; a writer saves three quarters of what a changed feed would have to put on the disk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from feedservice.errors import StoreDamaged
from feedservice.model import Document, Representation
from feedservice.store.tables.batches import batches
from feedservice.store.tables.schema import representations

Row = tuple[str, str, int, bytes]
"""Coding, entity tag, how many bytes are omitted, and those that are stored."""
_GZIP_WINDOW = 31
_OF = representations.c.path.in_(bindparam("paths", expanding=True))
_CLEARED = delete(representations).where(_OF)
_THERE = select(representations.c.path, representations.c.coding).where(_OF)
_RESTORED = update(representations).where(
    representations.c.path == bindparam("at"), representations.c.etag == bindparam("tag")
)


def put_representations(connection: Connection, given: Sequence[Document], only: str = "") -> None:
    """Store all bytes of these documents, or those in one coding, in place of what is there."""
    clear_representations(connection, [document.path for document in given])
    _insert(connection, [row for document in given for row in _rows(document) if only in ("", row["coding"])])


def clear_representations(connection: Connection, paths: Sequence[str]) -> None:
    """Store no bytes any more of the documents at these addresses."""
    for some in batches(paths):
        connection.execute(_CLEARED, {"paths": some})


def add_representations(connection: Connection, given: Sequence[Document]) -> None:
    """Store of these documents what is there in other codings only than are stored already."""
    there = {tuple(row) for row in connection.execute(_THERE, {"paths": [document.path for document in given]})}
    rows = [row for document in given for row in _rows(document)]
    _insert(connection, [row for row in rows if (row["path"], row["coding"]) not in there])


def restore_representations(connection: Connection, document: Document) -> bool:
    """Write bytes once more that are stored already under the same entity tags: on the disk they may be damaged.

    Returns whether its gzip bytes, from which others are had, are there under their tag.
    """
    there = False
    for row in _rows(document):
        values = {"at": row["path"], "tag": row["etag"], "body": row["body"], "omitted": row["omitted"]}
        found = connection.execute(_RESTORED, values).rowcount > 0
        there = there or (found and row["coding"] == "gzip")
    return there


def _insert(connection: Connection, rows: Sequence[Mapping[str, str | int | bytes]]) -> None:
    if rows:
        connection.execute(insert(representations), rows)


def _rows(document: Document) -> list[dict[str, str | int | bytes]]:
    rows: list[dict[str, str | int | bytes]] = []
    for position, each in enumerate(document.representations):
        stored = b"" if document.packed and each.coding == "identity" else each.body
        row: dict[str, str | int | bytes] = {"path": document.path, "position": position, "coding": each.coding}
        rows.append({**row, "etag": each.etag, "omitted": each.length - len(stored), "body": stored})
    return rows


def is_packed(row: Row) -> bool:
    """Whether bytes have to be had of the gzip ones."""
    return row[2] > 0


def as_stored(rows: Sequence[Row], path: str) -> tuple[Representation, ...]:
    """The representations that these rows of a document tell, without the bytes that are not stored."""
    return tuple(Representation(coding, body, etag, omitted) for coding, etag, omitted, body in rows)


def whole(rows: Sequence[Row], path: str) -> tuple[Representation, ...]:
    """The representations that these rows of a document tell. Raises StoreDamaged."""
    bodies = {coding: body for coding, _, _, body in rows}
    return tuple(
        Representation(row[0], _unpacked(bodies, row[2], path) if is_packed(row) else row[3], row[1]) for row in rows
    )


def _unpacked(bodies: Mapping[str, bytes], length: int, path: str) -> bytes:
    from zlib_ng import zlib_ng

    try:
        body = zlib_ng.decompress(bodies.get("gzip", b""), _GZIP_WINDOW, length)
    except zlib_ng.error as error:  # type: ignore[misc]  # the stub calls the class an instance
        raise StoreDamaged(f"{path}: the stored bytes are damaged: {error}") from error
    if len(body) != length:
        raise StoreDamaged(f"{path}: {len(body):,} bytes are stored, where {length:,} were written")
    return body
