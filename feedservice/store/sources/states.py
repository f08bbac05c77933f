"""How sources are, and what their servers gave us to ask again with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from feedservice.model import Health, SourceState, Validators
from feedservice.store.tables.content import pack_facts, unpack_facts
from feedservice.store.tables.schema import sources, validators
from feedservice.store.tables.text import clean, index_key


def source_state(connection: Connection, name: str) -> SourceState:
    """What is remembered of a source; a fresh state for one never seen."""
    row = connection.execute(select(sources).where(sources.c.name == name)).mappings().one_or_none()
    return SourceState(name=name) if row is None else _state(row)


def source_states(connection: Connection) -> tuple[SourceState, ...]:
    """All states, by name."""
    states = [_state(row) for row in connection.execute(select(sources)).mappings()]
    return tuple(sorted(states, key=lambda state: state.name))


def due_sources(connection: Connection, now: datetime, limit: int) -> tuple[str, ...]:
    """Sources whose turn has come, longest due first."""
    query = (
        select(sources.c.name)
        .where(sources.c.next_run <= now)
        .order_by(sources.c.next_run, sources.c.name)
        .limit(limit)
    )
    return tuple(connection.scalars(query))


def put_source_state(connection: Connection, state: SourceState) -> None:
    """Remember a state in place of the one before."""
    values = {
        "health": state.health.value,
        "reason": state.reason,
        "since": state.since,
        "failures": state.failures,
        "next_run": state.next_run,
        "last_run": state.last_run,
        "last_success": state.last_success,
        "last_new": state.last_new,
        "facts": pack_facts(state.facts),
    }
    if connection.execute(update(sources).where(sources.c.name == state.name), values).rowcount == 0:
        connection.execute(insert(sources), {"name": state.name, **values})


def source_validators(connection: Connection, source: str) -> dict[str, Validators]:
    """The validators of a source's addresses."""
    rows = connection.execute(
        select(validators.c.url, validators.c.etag, validators.c.last_modified, validators.c.body_digest).where(
            validators.c.source == source
        )
    )
    return {url: Validators(etag, last_modified, digest) for url, etag, last_modified, digest in rows}


def put_source_validators(connection: Connection, source: str, given: Mapping[str, Validators]) -> None:
    """Remember the validators of these addresses; those of others stay.

    An address that is too long for an index is not remembered: it is simply fetched in full the next time.
    """
    stored = source_validators(connection, source) if given else {}
    changed = {
        url: fresh for url, fresh in given.items() if index_key(url) == clean(url) and stored.get(clean(url)) != fresh
    }
    for url, fresh in changed.items():
        here = (validators.c.source == source, validators.c.url == url)
        connection.execute(delete(validators).where(*here))
        connection.execute(
            insert(validators),
            {
                "source": source,
                "url": url,
                "etag": fresh.etag,
                "last_modified": fresh.last_modified,
                "body_digest": fresh.body_digest,
            },
        )


def _state(row: RowMapping) -> SourceState:
    return SourceState(**{**row, "health": Health(row["health"]), "facts": unpack_facts(row["facts"])})
