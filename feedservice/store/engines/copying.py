"""From one database to another of whichever kind, row by row: what was there before is there after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, select

from feedservice.errors import StoreError
from feedservice.store import open_store
from feedservice.store.engines.backend import Backend, transaction
from feedservice.store.engines.url import open_backend
from feedservice.store.tables.schema import articles, documents, metadata

_AT_ONCE = 200
"""How many rows are in memory at one time: bodies and documents may be large."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied: the names of both stores, without passwords, and how many articles."""

    origin: str
    target: str
    articles: int


def copy_store(
    origin: str, target: str, step: Callable[[int, int, str], None] = lambda done, of, table: None
) -> Copied:
    """Copy everything that is in the store at `origin` into the one at `target`, which is made, or holds nothing yet.

    Both are brought to the newest schema first; nobody writes to either meanwhile, and no worker may act. All is copied
    or nothing. step: called after each table with how many are done, how many there are, and its name.
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
            for done, table in enumerate(metadata.sorted_tables, start=1):
                found = rows.execute(select(table), execution_options={"yield_per": _AT_ONCE})
                for some in found.mappings().partitions():
                    place.execute(insert(table), [dict(row) for row in some])
                step(done, len(metadata.sorted_tables), table.name)
            count: int = place.scalars(select(func.count()).select_from(articles)).one()
        return Copied(source.name, copy.name, count)
    finally:
        source.close()
        copy.close()


def _refuse_full(backend: Backend, connection: Connection) -> None:
    for table in (articles, documents):
        if connection.execute(select(table).limit(1)).one_or_none() is not None:
            raise StoreError(f"{backend.name}: this store is in use already; what is copied needs an empty one")
