"""How a source is, and everything that one refresh of it has to remember."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from feedservice.model.articles import Arrival, Edit
from feedservice.model.captures import Capture
from feedservice.model.reading import Validators

Facts = Mapping[str, str | int | float | bool | None]
"""What was learned of a source, by name, as plain JSON values."""


class Health(StrEnum):
    """How a source is, decided from data alone."""

    UNKNOWN = "unknown"
    WELL = "well"
    EMPTY = "empty"
    QUIET = "quiet"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came in the place of a list or an article, for the operator to look at.

    status: of the answer, 0 where there was none. title: the page's. words: its first ones.
    """

    url: str = ""
    status: int = 0
    title: str = ""
    words: str = ""

    def __str__(self) -> str:
        title = f"《{self.title}》" if self.title else ""
        parts = (self.url, f"status {self.status}" if self.status else "", title, self.words)
        return ", ".join(part for part in parts if part)


AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""The `next_run` of a source that something waits for: no clock has yet to come to it, on whichever host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of a source between two refreshes.

    since: when it came into this health. failures: broken reads in a row. facts: what was learned of it (its usual
    number of offers, what is left out), as plain JSON values, each owned by the room that notes it.
    """

    name: str
    health: Health = Health.UNKNOWN
    reason: str = ""
    since: datetime | None = None
    failures: int = 0
    next_run: datetime | None = None
    last_run: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Everything that one refresh has to remember; stored in one transaction, or not at all.

    validators: by URL. checked: seqs of articles whose page was looked at and brought nothing to store. absent: seqs of
    those whose page was gone; withdrawn: those for which that was once too often. stamps: by seq, the
    stamp to remember as offer_digest for articles that the source tells of otherwise, though nothing in them changed.
    captures: by seq, the pages of stored articles that were looked at, in place of those that were kept of them; of an
    edited article that is not among them, no page is kept any more.
    learned: further keys that the source offers stored articles under, with their seqs.
    """

    source: str
    at: datetime
    state: SourceState
    arrivals: tuple[Arrival, ...] = ()
    edits: tuple[Edit, ...] = ()
    checked: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    withdrawn: tuple[int, ...] = ()
    stamps: Mapping[int, str] = field(default_factory=dict)
    captures: Mapping[int, Capture] = field(default_factory=dict)
    learned: Mapping[str, int] = field(default_factory=dict)
    validators: Mapping[str, Validators] = field(default_factory=dict)
