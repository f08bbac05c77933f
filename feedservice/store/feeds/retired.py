"""Feeds that are served no more under their old names: moved, or gone. Remembered for good."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from feedservice.store.feeds.archives import spoil_past
from feedservice.store.feeds.redirection import bring_back, hand_on
from feedservice.store.feeds.registry import mark_feeds, next_number
from feedservice.store.tables.batches import batches
from feedservice.store.tables.schema import documents, representations, retired


def retired_feeds(connection: Connection) -> dict[str, str | None]:
    """By name, where each retired feed is found now; None for those that are gone."""
    rows = connection.execute(select(retired.c.name, retired.c.target))
    return dict(sorted(tuple(row) for row in rows))


def retire_feeds(connection: Connection, moved: Mapping[str, str], gone: Collection[str], now: datetime) -> None:
    """Add these feeds to the retired ones and drop their documents.

    A chain of moves becomes one hop; what was moved to a feed that is gone is gone too. Where older moves close a
    circle with the new ones, the older give way. The new ones hold no circle. What readers may not have seen yet is
    shown where they are sent.
    """
    declared: dict[str, str | None] = {**moved, **dict.fromkeys(gone)}
    before = retired_feeds(connection)
    after = _resolved(before, declared)
    returned = before.keys() - after.keys()
    changed = {name: target for name, target in after.items() if name not in before or before[name] != target}
    for some in batches(sorted(returned | changed.keys() & before.keys())):
        connection.execute(delete(retired).where(retired.c.name.in_(some)))
    if changed:
        rows = [{"name": name, "target": target, "since": now} for name, target in sorted(changed.items())]
        connection.execute(insert(retired), rows)
    hand_on(connection, {name: target for name in moved if (target := changed.get(name)) is not None}, now)
    bring_back(connection, _led(before, returned), now)
    _drop_documents(connection, changed.keys() - before.keys())
    _begin_again(connection, returned)
    if changed or returned:
        next_number(connection, "version")  # serving processes look when it grows


def restore_feeds(connection: Connection, names: Iterable[str], now: datetime) -> None:
    """Serve these feeds again, where they were retired."""
    before = retired_feeds(connection)
    returned = before.keys() & set(names)
    if not returned:
        return
    for some in batches(sorted(returned)):
        connection.execute(delete(retired).where(retired.c.name.in_(some)))
    bring_back(connection, _led(before, returned), now)
    _begin_again(connection, returned)
    next_number(connection, "version")


def _led(before: Mapping[str, str | None], names: Iterable[str]) -> dict[str, str]:
    """Where these feeds led, those that were not gone."""
    return {name: target for name in sorted(names) if (target := before[name]) is not None}


def _resolved(before: Mapping[str, str | None], declared: Mapping[str, str | None]) -> dict[str, str | None]:
    """Every move in one hop. A feed that new moves lead to, and that once led to them, is served again."""
    moves = {**before, **declared}
    for name, target in declared.items():
        if target is not None and target not in declared and _end(moves, target, name) == name:
            del moves[target]
    return {name: None if target is None else _end(moves, target, name) for name, target in moves.items()}


def _end(moves: Mapping[str, str | None], start: str, stop: str) -> str | None:
    """Where moves lead from `start`; None for nowhere, `stop` where they lead there."""
    here: str | None = start
    while here is not None and here != stop and here in moves:
        here = moves[here]
    return here


def _drop_documents(connection: Connection, names: Collection[str]) -> None:
    for some in batches(sorted(names)):
        paths = select(documents.c.path).where(documents.c.feed.in_(some))
        connection.execute(delete(representations).where(representations.c.path.in_(paths)))
        connection.execute(delete(documents).where(documents.c.feed.in_(some)))


def _begin_again(connection: Connection, names: Collection[str]) -> None:
    """Have all documents of these feeds written anew."""
    spoil_past(connection, names)
    mark_feeds(connection, names)
