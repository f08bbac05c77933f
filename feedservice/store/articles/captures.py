"""The pages that articles were read from, as they came: the latest of each article, within a budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, insert, select, update

from feedservice.model import Capture, CaptureBase
from feedservice.store.feeds.registry import latest_number
from feedservice.store.tables.batches import batches
from feedservice.store.tables.content import pack_fields, unpack_fields
from feedservice.store.tables.schema import capture_bases, captures, counters

_SIZE = "captures"
"""The counter of all bytes that captures and their bases take."""
_SHED_AT_ONCE = 100
_SLIGHT = timedelta(minutes=1)
"""How far clocks are set back every day, and nobody thinks anything of it."""


def put_captures(connection: Connection, source: str, given: Mapping[int, Capture]) -> None:
    """Keep these captures, by seq, in place of those before; one that is what is kept already is left as it is."""
    kept: dict[int, str] = {}
    for some in batches(given):
        rows = connection.execute(select(captures.c.seq, captures.c.digest).where(captures.c.seq.in_(some)))
        kept |= {row.seq: row.digest for row in rows}
    new = {seq: capture for seq, capture in given.items() if kept.get(seq) != capture.digest}
    if not new:
        return
    freed = _drop(connection, [seq for seq in new if seq in kept])
    for base in {capture.base.name: capture.base for capture in new.values()}.values():
        _put_base(connection, source, base)
    connection.execute(insert(captures), [_row(seq, capture) for seq, capture in new.items()])
    _grow(connection, sum(len(capture.packed) for capture in new.values()))
    _drop_unused(connection, freed)


def drop_captures(connection: Connection, seqs: Iterable[int]) -> None:
    """Forget what was kept of these articles."""
    _drop_unused(connection, _drop(connection, seqs))


def shed_captures(connection: Connection, budget: int, now: datetime) -> None:
    """Let the captures that were taken first go until the others fit; of those of one time, the older articles'.

    Those that a clock that was ahead dated after `now` go before all others, which they would outlast for ever.
    """
    oldest = select(captures.c.seq, captures.c.size).order_by(captures.c.taken, captures.c.seq).limit(_SHED_AT_ONCE)
    ahead = oldest.where(captures.c.taken > now + _SLIGHT)
    while (excess := latest_number(connection, _SIZE) - budget) > 0:
        going: list[int] = []
        for seq, size in connection.execute(ahead).all() or connection.execute(oldest).all():
            if excess <= 0:
                break
            going.append(seq)
            excess -= size
        if not going:
            return
        _drop_unused(connection, _drop(connection, going))


def captures_of(connection: Connection, seqs: Iterable[int]) -> dict[int, Capture]:
    """What was kept of these articles' pages, by seq."""
    found: dict[int, Capture] = {}
    for some in batches(seqs):
        rows = connection.execute(select(captures).where(captures.c.seq.in_(some))).all()
        names = sorted({row.base for row in rows})
        query = select(capture_bases.c.name, capture_bases.c.packed).where(capture_bases.c.name.in_(names))
        bases = {name: CaptureBase(name, packed) for name, packed in connection.execute(query)}
        for row in rows:
            if row.base in bases:  # else it went between the two looks, and the capture with it
                found[row.seq] = Capture(
                    taken=row.taken,
                    digest=row.digest,
                    base=bases[row.base],
                    packed=row.packed,
                    offer=unpack_fields(row.title, row.fields, row.body),
                )
    return found


def newest_base(connection: Connection, source: str) -> CaptureBase | None:
    """The page that the next ones of a source are to be packed against."""
    query = select(capture_bases.c.name, capture_bases.c.packed).where(capture_bases.c.source == source)
    row = connection.execute(query.order_by(capture_bases.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else CaptureBase(*tuple(row))


def _row(seq: int, capture: Capture) -> dict[str, object]:
    return {
        "seq": seq,
        "taken": capture.taken,
        "size": len(capture.packed),
        "digest": capture.digest,
        "base": capture.base.name,
        "title": capture.offer.title,
        "fields": pack_fields(capture.offer),
        "body": capture.offer.body,
        "packed": capture.packed,
    }


def _put_base(connection: Connection, source: str, base: CaptureBase) -> None:
    if connection.scalar(select(capture_bases.c.name).where(capture_bases.c.name == base.name)) is not None:
        return
    last = connection.scalar(select(capture_bases.c.number).order_by(capture_bases.c.number.desc()).limit(1))
    row = {"name": base.name, "number": (last or 0) + 1, "source": source, "packed": base.packed}
    connection.execute(insert(capture_bases), {**row, "size": len(base.packed)})
    _grow(connection, len(base.packed))


def _drop(connection: Connection, seqs: Iterable[int]) -> set[str]:
    """Forget these captures; returns the bases that they needed."""
    bases: set[str] = set()
    for some in batches(seqs):
        here = captures.c.seq.in_(some)
        rows = connection.execute(select(captures.c.size, captures.c.base).where(here)).all()
        connection.execute(delete(captures).where(here))
        _grow(connection, -sum(row.size for row in rows))
        bases |= {row.base for row in rows}
    return bases


def _drop_unused(connection: Connection, names: Iterable[str]) -> None:
    """Forget those of these bases that no capture needs any more."""
    for some in batches(sorted(names)):
        unused = ~exists().where(captures.c.base == capture_bases.c.name)
        query = select(capture_bases.c.name, capture_bases.c.size).where(capture_bases.c.name.in_(some), unused)
        for name, size in connection.execute(query).all():
            connection.execute(delete(capture_bases).where(capture_bases.c.name == name))
            _grow(connection, -size)


def _grow(connection: Connection, bytes_more: int) -> None:
    here = counters.c.name == _SIZE
    connection.execute(update(counters).where(here).values(value=counters.c.value + bytes_more))
