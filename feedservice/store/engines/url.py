"""From a database's address to an opened database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from feedservice.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import URL

    from feedservice.store.engines.backend import Backend

_ALLOWED = "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"
_SSL_MODES = ("disable", "require", "verify-full")
_LARGEST_PORT = 65_535


def check_url(url: str) -> None:
    """See whether an address is one of a store. Raises StoreError for one that is none, or of an unknown kind."""
    if url.startswith("sqlite:"):
        _path_of(url)
    else:
        _parse(url)


def open_backend(url: str) -> Backend:
    """Open what `url` points at. Raises StoreError for an address that is none, or of an unknown kind."""
    if url.startswith("sqlite:"):
        from feedservice.store.engines.sqlite import open_sqlite

        return open_sqlite(_path_of(url))
    parsed = _parse(url)
    from feedservice.store.engines.postgres import open_postgres

    return open_postgres(parsed)


def _path_of(url: str) -> Path:
    # Taken as it is written: SQLAlchemy 2.1 decodes percent signs in a path, 2.0 did not.
    path = url.removeprefix("sqlite:///")
    if path in ("", url, ":memory:") or path.startswith("file:") or "?" in path:
        raise StoreError(f"{url}: the store needs a file, and takes no options: sqlite:///PATH")
    if path.startswith("~/"):
        raise StoreError(
            f"{url}: write the whole path, for only a shell knows what ~ is; a folder of that name is sqlite:///./{path}"
        )
    return Path(path)


def _parse(url: str) -> URL:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The text is not shown: it may hold a password.
        raise StoreError(f"the store's url is no address; it can be {_ALLOWED}") from None
    if parsed.drivername not in ("postgresql", "postgres"):
        raise StoreError(f"{parsed.drivername}://: the store's url can be {_ALLOWED}")
    if parsed.password is not None and "@" in url.partition("://")[2].partition(":")[2].partition("@")[2]:
        # Nothing of it is shown: what is taken for the host is half of the password.
        raise StoreError(f"an @ in the password of the store's url is written %40, and a % %25; it can be {_ALLOWED}")
    if parsed.port is not None and not 0 < parsed.port <= _LARGEST_PORT:
        raise StoreError(f"the store's url has an impossible port, {parsed.port}; it can be {_ALLOWED}")
    _check_parts(parsed)
    return parsed


def _check_parts(url: URL) -> None:
    name = url.set(query={}).render_as_string(hide_password=True)
    if not url.username or not url.database:
        raise StoreError(f"{name}: a user and a database are needed: postgresql://USER:PASSWORD@HOST/DATABASE")
    if set(url.query) - {"sslmode"} or url.query.get("sslmode", "disable") not in _SSL_MODES:
        raise StoreError(f"{name}: the only option is sslmode=disable, require or verify-full")
