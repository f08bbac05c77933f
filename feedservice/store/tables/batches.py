"""Many values, a few at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")

ROWS_AT_ONCE = 500
"""Few enough for the parameters of one statement in any database, and for memory."""


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items, in order, in lists short enough for one statement."""
    iterator = iter(items)
    while batch := list(islice(iterator, ROWS_AT_ONCE)):
        yield batch
