"""From the schema that a database has to the one that this program knows. Alembic is loaded only when there is work."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from feedservice.errors import StoreError, StoreTooNew
from feedservice.store.engines.backend import Backend, reading, transaction

VERSION_TABLE = "feedservice_schema"
_MIGRATIONS = Path(__file__).parents[1] / "migrations"
_FOUND = text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608


def newest() -> str:
    """The revision of the newest migration: the four digits that its file name starts with."""
    return max(file.name[:4] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def prepare(backend: Backend, *, migrate: bool, target: str | None = None) -> None:
    """Bring the schema to `target` (the newest), or only check it when `migrate` is false.

    All missing migrations run in one write transaction, so that a process that dies leaves the old schema or the new,
    and of two processes that start together the second finds the work done.
    Raises StoreTooNew when a newer program wrote the store, StoreError when it is older and may not be migrated, or
    when the database can hold none.
    """
    target = target or newest()
    with reading(backend) as connection:
        if _is_ready(backend.name, _revision(connection), target):
            return
    if not migrate:
        raise StoreError(
            f"{backend.name}: the store is not ready for this program: start the worker, which upgrades it"
        )
    with transaction(backend) as connection:
        found = _revision(connection)
        if found is None:
            backend.suit(connection)
        if not _is_ready(backend.name, found, target):
            _upgrade(connection, target)


def refuse_newer(name: str, connection: Connection, known: str) -> None:
    """Raises StoreTooNew where a newer program has upgraded the store since it was opened.

    known: the newest revision as it was then: files may have been replaced under a program that runs.
    """
    found: str = connection.execute(_FOUND).scalar_one()
    _refuse_newer(name, found, known)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(_FOUND)
    return found


def _is_ready(name: str, found: str | None, target: str) -> bool:
    if found is not None:
        _refuse_newer(name, found, newest())
    return found is not None and found >= target


def _refuse_newer(name: str, found: str, known: str) -> None:
    if found > known:
        raise StoreTooNew(
            f"{name}: a newer program wrote this store (schema {found}, known up to {known}): upgrade this one"
        )


def _upgrade(connection: Connection, target: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection, "version_table": VERSION_TABLE})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, target)
