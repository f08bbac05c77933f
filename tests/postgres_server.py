"""What a test asks of a PostgreSQL server on its own: settings, locks, connections that end."""

from __future__ import annotations

import time

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


def await_one_who_waits(url: str) -> None:
    """Return once somebody waits for the turn to write."""
    deadline = time.monotonic() + _PATIENCE
    while not on_database(url, f"{_LOCKS} AND NOT granted"):
        assert time.monotonic() < deadline


def end_place(url: str) -> None:
    """End the connection that makes somebody the acting worker, and return once the place is free."""
    deadline = time.monotonic() + _PATIENCE
    for pid in on_database(url, _ACTING):
        on_database(url, f"SELECT pg_terminate_backend({pid})")
    while on_database(url, _ACTING):
        assert time.monotonic() < deadline
