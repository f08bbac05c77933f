"""What a test asks of a PostgreSQL server on its own: settings, locks, connections that end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, make_url

_PATIENCE = 30
_LOCKS = (
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory'"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_ACTING = f"{_LOCKS} AND granted AND objid::bigint = hashtext(current_schema() || '/acting')::bigint & 4294967295"


def on_database(url: str, statement: str) -> list[int]:
    """Run a statement on a connection of its own; returns the first column of its rows."""
    engine = create_engine(make_url(url).set(drivername="postgresql+pg8000"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        result = connection.exec_driver_sql(statement)
        found = [row[0] for row in result] if result.returns_rows else []
    engine.dispose()
    return found


def set_database(url: str, setting: str, value: str) -> None:
    """What the connections that are made from now on find set."""
    on_database(url, f"ALTER DATABASE {make_url(url).database} SET {setting} = '{value}'")


@contextmanager
def encoded_database(url: str, encoding: str) -> Iterator[str]:
    """The address of an empty database in another encoding, beside the one at `url`."""
    name = f"{make_url(url).database}_{encoding.lower()}"
    on_database(url, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'")
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        on_database(url, f"DROP DATABASE {name} WITH (FORCE)")


def await_one_who_waits(url: str) -> None:
    """Return once somebody waits for the turn to write."""
    deadline = time.monotonic() + _PATIENCE
    while not on_database(url, f"{_LOCKS} AND NOT granted"):
        assert time.monotonic() < deadline


def await_who_is_held_up(url: str) -> None:
    """Return once somebody waits for a table that somebody else has locked."""
    deadline = time.monotonic() + _PATIENCE
    while not on_database(
        url, "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'relation'"
    ):
        assert time.monotonic() < deadline


def end_connections(url: str) -> None:
    """What a restart of the server does to its clients."""
    on_database(
        url,
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


def end_place(url: str) -> None:
    """End the connection that makes somebody the acting worker, and return once the place is free."""
    deadline = time.monotonic() + _PATIENCE
    for pid in on_database(url, _ACTING):
        on_database(url, f"SELECT pg_terminate_backend({pid})")
    while on_database(url, _ACTING):
        assert time.monotonic() < deadline
