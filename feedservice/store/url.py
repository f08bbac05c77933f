"""From a database's address to an opened database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from feedservice.errors import StoreError
from feedservice.store.backend import Backend

_ALLOWED = "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"


def open_backend(url: str) -> Backend:
    """Open what `url` points at. Raises StoreError for an address that is none, or of an unknown kind."""
    if url.startswith("sqlite:"):
        from feedservice.store.sqlite import open_sqlite

        # Taken as it is written: SQLAlchemy 2.1 decodes percent signs in a path, 2.0 did not.
        path = url.removeprefix("sqlite:///")
        if path in ("", url, ":memory:") or path.startswith("file:") or "?" in path:
            raise StoreError(f"{url}: the store needs a file, and takes no options: sqlite:///PATH")
        return open_sqlite(Path(path))
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The text is not shown: it may hold a password.
        raise StoreError(f"the store's url is no address; it can be {_ALLOWED}") from None
    if parsed.drivername in ("postgresql", "postgres"):
        from feedservice.store.postgres import open_postgres

        return open_postgres(parsed)
    raise StoreError(f"{parsed.drivername}://: the store's url can be {_ALLOWED}")
