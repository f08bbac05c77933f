"""Articles: as they come, as the store remembers them, and as they change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from feedservice.model.captures import Capture
from feedservice.model.content import Fields, Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One thing published, as the store remembers it. All datetimes are aware, UTC, whole seconds.

    seq: order of arrival, from 1. id: minted once, never changes (RFC 4287 §4.2.6). url: the link, stored once.
    published: decided once, never changes after it was served. updated: moves only on a significant edit.
    first_seen: when it came to us. arrival: the date of the `arrival` profile, never behind what was served before; a
    feed that it joins late tells a later one.
    categories: slugs of the categories that it was put in (not their ancestors).
    """

    seq: int
    id: str
    source: str
    key: str
    url: str
    published: datetime
    updated: datetime
    first_seen: datetime
    arrival: datetime
    fields: Fields
    categories: tuple[str, ...] = ()
    revision: int = 1
    withdrawn: datetime | None = None

    @property
    def card(self) -> Card:
        """What a catalogue has of it."""
        return Card(*[getattr(self, name) for name in Card._fields])


class Card(NamedTuple):
    """An article without its content, as a catalogue has it: enough to put a feed in order, and to see what changed.

    Equal cards stand for equal articles: no content changes without its revision.
    """

    seq: int
    id: str
    source: str
    published: datetime
    updated: datetime
    arrival: datetime
    categories: tuple[str, ...] = ()
    revision: int = 1
    withdrawn: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a refresh must know of an article that is already stored, to decide whether it is new, edited or gone.

    source: the one that brought it; others may offer it too, but only that one edits it.
    checked: when its page was last looked at. absences: how many times in a row it was found to be gone, the first time
    at `absent_since`. revised: when its newest revision came. quiet: how many of its revisions are not significant.
    fifth_last: when the fifth significant revision from the end came, None where there are fewer. offered: whether the
    source that asks has offered it under this key; else it is known by an id or an alias.
    """

    seq: int
    id: str
    source: str
    key: str
    url: str
    title: str
    offer_digest: str
    content_digest: str
    published: datetime
    checked: datetime
    revision: int
    withdrawn: datetime | None = None
    absences: int = 0
    absent_since: datetime | None = None
    revised: datetime | None = None
    quiet: int = 0
    fifth_last: datetime | None = None
    offered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """An article as one source carries it, as far as another's copy is looked for by. seq: 0 for one not stored yet.

    claim: when it was published as its source tells, where that was asked for.
    """

    seq: int = 0
    source: str
    title: str
    published: datetime
    claim: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryStep:
    """One level of a category's path: its title and the slug to use if it has to be minted."""

    title: str
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A new article, all decided, ready to be stored.

    feeds: names of the selections that take it. duplicate_of: the seq of the same article, as another source brought it
    first; then only its own source's feed shows it. capture: its pages as they came, where they are kept. taken_back:
    it was withdrawn before it came, and is never shown.
    """

    id: str
    key: str
    url: str
    published: datetime
    updated: datetime
    arrival: datetime
    fields: Fields
    offer_digest: str
    content_digest: str
    categories: tuple[tuple[CategoryStep, ...], ...] = ()
    feeds: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    duplicate_of: int | None = None
    capture: Capture | None = None
    taken_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A new revision of a stored article. `updated` is None when the edit is not significant. feeds: names of the
    selections that take it as it is now; it stays in all others. arrival: its date in those that it comes into, where
    these tell arrivals; None for its own."""

    seq: int
    fields: Fields
    offer_digest: str
    content_digest: str
    updated: datetime | None
    feeds: tuple[str, ...] = ()
    arrival: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of an article. number: from 1. taken_at: when it came to us. updated: the article's date as of it."""

    number: int
    taken_at: datetime
    significant: bool
    updated: datetime
    fields: Fields
