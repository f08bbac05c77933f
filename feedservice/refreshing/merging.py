"""Articles that another source has brought already, nearly word for word: found before they are stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from feedservice.duplicates import WINDOW, may_be_one, original_of, title_key
from feedservice.model import Arrival, Carried
from feedservice.protocols import Writer


def find_duplicates(writer: Writer, arrivals: Sequence[Arrival], source: str) -> tuple[Arrival, ...]:
    """The arrivals of a source, those that are duplicates with the article that came first. Raises StoreError."""
    wanted = {title_key(arrival.fields.title) for arrival in arrivals} - {""}
    stored: dict[str, list[Carried]] = {}
    for start, end in _windows(arrivals):
        for found in writer.carried(start, end):
            if (key := title_key(found.title)) in wanted:
                stored.setdefault(key, []).append(found)
    return tuple(_marked(writer, arrival, source, stored) for arrival in arrivals)


def _marked(writer: Writer, arrival: Arrival, source: str, stored: dict[str, list[Carried]]) -> Arrival:
    mine = Carried(source=source, title=arrival.fields.title, published=arrival.published)
    likely = [other.seq for other in stored.get(title_key(mine.title), ()) if may_be_one(mine, other)]
    original = original_of(arrival.fields.body, writer.bodies(likely)) if likely else None
    return arrival if original is None else replace(arrival, duplicate_of=original)


def _windows(arrivals: Sequence[Arrival]) -> Iterator[tuple[datetime, datetime]]:
    """The times that are near to an arrival, as few spans as there can be."""
    start: datetime | None = None
    end: datetime | None = None
    for at in sorted(arrival.published for arrival in arrivals):
        if start is not None and end is not None and at - WINDOW <= end:
            end = at + WINDOW
            continue
        if start is not None and end is not None:
            yield start, end
        start, end = at - WINDOW, at + WINDOW
    if start is not None and end is not None:
        yield start, end
