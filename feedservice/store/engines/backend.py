"""What a database has to offer so that the store can stand on it."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from feedservice.errors import StoreError
from feedservice.protocols import Watch

_WRITING = {"feedservice_writing": True}


@dataclass(frozen=True, slots=True)
class Backend:
    """One opened database.

    name: for messages; passwords are masked. engine: in autocommit mode; reads need no transaction.
    acting: be the one acting worker. watch: make a Watch of documents; it is closed with the engine. suit: raise
    StoreError for an empty database in which no store can be made.
    """

    name: str
    engine: Engine
    acting: Callable[[], AbstractContextManager[None]]
    watch: Callable[[], Watch]
    close: Callable[[], None]
    suit: Callable[[Connection], None] = lambda connection: None


def begin_with(engine: Engine, begin: Callable[[Connection], None]) -> None:
    """Have `begin` start the write transactions of `engine`, and wait there for the turn to write.

    Drivers start transactions in ways of their own (and SQLite's only at the first change, too late to wait for a
    turn), so that all connections are in autocommit mode and writing alone says BEGIN.
    """

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("feedservice_writing"):
            begin(connection)


@contextmanager
def reading(backend: Backend) -> Iterator[Connection]:
    """A connection to read from; each statement sees what is committed.

    Raises StoreError for whatever the database refuses.
    """
    with translated(backend.name), connected(backend.name, backend.engine) as connection:
        yield connection


@contextmanager
def transaction(backend: Backend) -> Iterator[Connection]:
    """The one write transaction of the database; commits at the end, rolls back on any exception.

    Raises StoreError for whatever the database refuses.
    """
    with (
        translated(backend.name),
        connected(backend.name, backend.engine) as connection,
        connection.execution_options(**_WRITING).begin(),
    ):
        yield connection


def connected(name: str, engine: Engine) -> Connection:
    """A connection of the pool, or a new one. Raises StoreError where the database does not answer."""
    with translated(name):
        try:
            return engine.connect()
        except OSError as error:  # pg8000 lets through some that belong to the network
            raise StoreError(f"{name}: {reason(error)}") from error


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Turn what a database refuses, or hands out broken, into StoreError, in one line. Bugs stay what they are."""
    try:
        yield
    except (DBAPIError, PoolTimeout, sqlite3.Error, zlib.error) as error:
        raise StoreError(f"{name}: {reason(error)}") from error
    except UnicodeDecodeError as error:  # SQLite quotes what is malformed, and sqlite3 takes that for text
        said = error.object[:200].decode("ascii", "backslashreplace")
        raise StoreError(f"{name}: the database is malformed: {said}") from error


def reason(error: Exception) -> str:
    """What the database itself said, in one line."""
    said = getattr(error, "orig", None) or error
    if said.args and isinstance(said.args[0], dict):  # pg8000 hands over the fields of the server's message
        said = said.args[0].get("M", said)
    return " ".join(str(said).split()) or type(error).__name__
