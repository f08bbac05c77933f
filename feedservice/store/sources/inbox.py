"""What was pushed and waits for the worker: letters, in the order in which they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from feedservice.model import AT_ONCE, Letter
from feedservice.store.feeds.registry import next_number
from feedservice.store.sources.states import put_source_state, source_state
from feedservice.store.tables.schema import inbox, keys
from feedservice.store.tables.text import index_key

_SHORTEST_TEXT = 16
"""No article is deflated to fewer bytes; only "" is."""
_LETTER = select(inbox.c.source, inbox.c.key, inbox.c.text, inbox.c.at, inbox.c.number)


def post_letters(connection: Connection, letters: Sequence[Letter]) -> None:
    """Keep these letters, and have their sources read at once."""
    if not letters:
        return
    first = next_number(connection, "letter", len(letters))
    rows = [
        {"source": letter.source, "key": letter.key, "text": letter.text, "at": letter.at, "number": number}
        for number, letter in enumerate(letters, first)
    ]
    connection.execute(insert(inbox), rows)
    for source in {letter.source for letter in letters}:
        # Not as of now: the worker may be on another host, whose clock has yet to come to what is now here.
        _wake(connection, source, AT_ONCE)


def waiting_letters(connection: Connection, source: str, limit: int) -> tuple[Letter, ...]:
    """A source's letters, oldest first, and behind them those that wait further on and take back what these tell of.

    The latter have the number of the last of the former, behind which nothing is done with.
    """
    query = _LETTER.where(inbox.c.source == source).order_by(inbox.c.number).limit(limit)
    letters = tuple(_letter(*tuple(row)) for row in connection.execute(query))
    if len(letters) < limit:
        return letters
    here = (inbox.c.source == source, inbox.c.key.in_({letter.key for letter in letters}))
    later = (inbox.c.number > letters[-1].number, func.length(inbox.c.text) < _SHORTEST_TEXT)
    found = [_letter(*tuple(row)) for row in connection.execute(_LETTER.where(*here, *later))]
    return letters + tuple(replace(letter, number=letters[-1].number) for letter in found if not letter.text)


def last_letter(connection: Connection, source: str, key: str) -> Letter | None:
    """The newest letter about an article that waits still."""
    here = (inbox.c.source == source, inbox.c.key == index_key(key))
    row = connection.execute(_LETTER.where(*here).order_by(inbox.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else _letter(*tuple(row))


def count_letters(connection: Connection, source: str) -> int:
    """How many letters wait for a source."""
    found: int = connection.scalars(select(func.count()).where(inbox.c.source == source)).one()
    return found


def file_letters(connection: Connection, source: str, upto: int, now: datetime) -> None:
    """The letters up to this number are done with; when others wait, the source is to be read again at once."""
    connection.execute(delete(inbox).where(inbox.c.source == source, inbox.c.number <= upto))
    if connection.scalars(select(inbox.c.number).where(inbox.c.source == source).limit(1)).one_or_none() is not None:
        _wake(connection, source, now)


def readdress_letters(connection: Connection, old: str, new: str) -> None:
    """What waits for one source is for another from now on, but for edits of articles that the former alone has."""
    mine, its = keys.alias(), keys.alias()
    kept = select(mine.c.key).where(
        mine.c.source == old,
        mine.c.key.not_in(select(its.c.key).where(its.c.source == new, its.c.key == mine.c.key)),
    )
    here = (inbox.c.source == old, inbox.c.key.not_in(kept))
    if connection.execute(update(inbox).where(*here).values(source=new)).rowcount:
        _wake(connection, new, AT_ONCE)


def _wake(connection: Connection, source: str, since: datetime) -> None:
    """Have a source be due since then at the latest."""
    state = source_state(connection, source)
    if state.next_run is None or state.next_run > since:
        put_source_state(connection, replace(state, next_run=since))


def _letter(source: str, key: str, text: str, at: datetime, number: int) -> Letter:
    return Letter(source=source, key=key, text=text, at=at, number=number)
