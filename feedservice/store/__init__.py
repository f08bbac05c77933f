"""What is remembered: schema, queries, migrations; on SQLite or PostgreSQL, through SQLAlchemy Core.

`database.py` is the store, `writer.py` one open transaction of it: each method is one step to the file that knows. The
rooms that they lead to stand on one another in this order:

    engines, tables         the databases, and the tables in them
    feeds                   which feeds there are, and what is in them
    sources                 how sources are, and what was pushed to them
    articles, documents     what is published, before and after it is written down
"""

from __future__ import annotations

from feedservice.protocols import Clock, Store


def open_store(url: str, clock: Clock, *, migrate: bool = True) -> Store:
    """Open the store at `url`, making it where it is missing and bringing its schema up to date.

    url: sqlite:///PATH (relative to the working directory; //// for an absolute path), or
    postgresql://USER:PASSWORD@HOST:PORT/DATABASE. clock: dates the documents that are published.
    migrate: when false, a store with an older schema is refused instead of upgraded.
    Raises StoreTooNew when a newer program wrote the store, StoreError for everything else that stands in the way.
    """
    from feedservice.store.database import DatabaseStore
    from feedservice.store.engines.upgrade import prepare
    from feedservice.store.engines.url import open_backend

    backend = open_backend(url)
    try:
        prepare(backend, migrate=migrate)
    except BaseException:
        backend.close()
        raise
    return DatabaseStore(backend, clock)
