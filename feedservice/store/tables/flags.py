"""Flags that partial indexes are declared with."""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, literal_column


def is_set(flag: Column[bool]) -> ColumnElement[bool]:
    """The rows whose flag is set, in the words of the index: SQLite does not see that `hidden = 1` means `hidden`."""
    # Without its type: for SQLite, a boolean would be compared with 1 again.
    return literal_column(f"{flag.table.name}.{flag.name}")
