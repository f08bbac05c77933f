"""From one database to another of whichever kind, row by row: what was there before is there after."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from feedservice.errors import StoreError
from feedservice.store import open_store
from feedservice.store.backend import Backend, transaction
from feedservice.store.schema import articles, documents, metadata
from feedservice.store.url import open_backend

_AT_ONCE = 200
"""How many rows are in memory at one time: bodies and documents may be large."""


def copy_store(origin: str, target: str) -> None:
    """Copy everything that is in the store at `origin` into the one at `target`, which is made, or holds nothing yet.

    Both are brought to the newest schema first; nobody writes to either meanwhile, and no worker may act. All is copied
    or nothing.
    Raises StoreError: StoreBusy where a worker acts, for an origin that is not there, a target that is full.
    """
    if origin.startswith("sqlite:") and not Path(origin.removeprefix("sqlite:///")).exists():
        raise StoreError(f"{origin}: there is no such store")
    for url in (origin, target):
        open_store(url, lambda: datetime.now(UTC)).close()
    source, copy = open_backend(origin), open_backend(target)
    try:
        with source.acting(), copy.acting(), transaction(source) as rows, transaction(copy) as place:
            _refuse_full(copy, place)
            for table in reversed(metadata.sorted_tables):
                place.execute(delete(table))  # the counters that a new store begins with
            for table in metadata.sorted_tables:
                found = rows.execute(select(table), execution_options={"yield_per": _AT_ONCE})
                for some in found.mappings().partitions():
                    place.execute(insert(table), [dict(row) for row in some])
    finally:
        source.close()
        copy.close()


def _refuse_full(backend: Backend, connection: Connection) -> None:
    for table in (articles, documents):
        if connection.execute(select(table).limit(1)).one_or_none() is not None:
            raise StoreError(f"{backend.name}: this store is in use already; what is copied needs an empty one")
