"""Single facts about the whole store, by name."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from feedservice.store.tables.schema import meta
from feedservice.store.tables.text import clean


def settle_note(connection: Connection, name: str, value: str) -> str:
    """What is noted under a name; `value`, from now on, where nothing was yet."""
    stored: str | None = connection.scalars(select(meta.c.value).where(meta.c.name == name)).one_or_none()
    if stored is None:
        connection.execute(insert(meta), {"name": name, "value": value})
        return clean(value)
    return stored


def replace_note(connection: Connection, name: str, value: str) -> bool:
    """Note something under a name; returns whether it is something else than before."""
    stored = settle_note(connection, name, "")
    if stored == clean(value):
        return False
    connection.execute(update(meta).where(meta.c.name == name), {"value": value})
    return True
