"""What is on offer and is not read now: what could not be read, until its next try; what the first read left out.

What failed is tried again when it has failed for as long again, a day at most: a page that comes some minutes after its
list is read soon, and one that never comes costs a request a day. It waits no longer when its source tells of it
otherwise.
Kept among a source's facts, as long as it is on offer. A decision on data alone.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from math import inf

from feedservice.digests import key_digest, offer_digest
from feedservice.model import Facts, Offer

_FAILED, _LEFT_OUT, _PAGED, _PAST = "failed", "left_out", "paged", "left_before"
_MOST_FAILED = 300
_MOST_LEFT_OUT = 5_000
_MOST_AT_ONCE = 1_000
_LONGEST = int(timedelta(days=1).total_seconds())


@dataclass(frozen=True, slots=True)
class Failure:
    """told: a digest of what the source said of it. first, again: when it failed first, and is tried again; seconds."""

    told: str
    first: int
    again: int

    def is_due(self, now: int) -> bool:
        """Whether it is to be tried; also where the clock was turned back meanwhile."""
        return not self.first <= now < self.again


@dataclass(frozen=True, slots=True)
class Overlooked:
    """By digests of keys; those left out in the order in which they were noted.

    paged: the list went on behind its first page, so that not all of it is read each time.
    past: where more was left out than is remembered, the date of the latest of the others; seconds.
    """

    failed: Mapping[str, Failure] = field(default_factory=dict)
    left_out: Set[str] = frozenset()
    paged: bool = False
    past: float | None = None

    def __contains__(self, key: object) -> bool:
        """Whether anything is remembered of a key."""
        if not self.failed and not self.left_out:
            return False
        name = key_digest(str(key))
        return name in self.failed or name in self.left_out

    def leaves_out(self, key: str) -> bool:
        """Whether an article is not to be read, now or later."""
        return bool(self.left_out) and key_digest(key) in self.left_out

    def past_of(self, offers: Sequence[Offer], known: Container[str]) -> set[str]:
        """The keys of those offers of which nothing is known and that are as old as what was left out unremembered."""
        if self.past is None:
            return set()
        old = (offer.key for offer in offers if _date(offer) <= self.past)
        return {key for key in old if key not in known and key not in self}

    def is_due(self, now: datetime) -> bool:
        """Whether something is to be tried again: the list is to be read, though it may say that nothing changed."""
        return any(failure.is_due(int(now.timestamp())) for failure in self.failed.values())

    def holds_back(self, offer: Offer, now: datetime) -> bool:
        """Whether an offer is not to be read now."""
        if not self.failed and not self.left_out:
            return False
        name = key_digest(offer.key)
        failure = self.failed.get(name)
        if failure is None:
            return name in self.left_out
        return not failure.is_due(int(now.timestamp())) and failure.told == _told(offer)


def most_new(limit: int, *, first: bool) -> int:
    """How many new articles one read takes. limit: how many the first one does."""
    return limit if first else max(limit, _MOST_AT_ONCE)


def recall(facts: Facts, *, pushed: bool = False) -> Overlooked:
    """What `remember` noted among a source's facts.

    pushed: the source is told of articles now. What it left out as a list, somebody may tell it of all the same.
    """
    parts = [part.split() for part in str(facts.get(_FAILED) or "").split(",")]
    failed = {part[0]: Failure(part[1], int(part[2]), int(part[3])) for part in parts if len(part) == 4}
    if pushed:
        return Overlooked(failed)
    left_out = dict.fromkeys(str(facts.get(_LEFT_OUT) or "").split()).keys()
    past = facts.get(_PAST)
    since = past if isinstance(past, (int, float)) else None
    return Overlooked(failed, left_out, paged=bool(facts.get(_PAGED)), past=since)


def remember(
    facts: Facts,
    offers: Sequence[Offer],
    now: datetime,
    *,
    tried: Set[str],
    failed: Mapping[str, bool],
    left_out: Sequence[Offer] = (),
    beyond: Sequence[str] = (),
    paged: bool = False,
    whole: bool = True,
    partial: bool = False,
) -> Facts:
    """A source's facts after a read that was believed; what is on offer no more is forgotten.

    offers: all of them; of a list that is `paged` perhaps only those before what is known, so that nothing that was
    left out is forgotten then, and of failures nothing unless it was read as a `whole`. partial: some of what is on
    offer may be missing: nothing is forgotten. tried: the keys of those that were read. failed: those of them that
    could not be, and whether the next try waits for a day at once, as it promises little. left_out: what is not to be
    read later either. beyond: the keys of what is on offer besides and is left out too. So many are remembered: 300
    that failed, 5,000 that were left out; of more, those without a date and the latest, and how old the others are.
    """
    before = recall(facts)
    failures = _failures(before, offers, int(now.timestamp()), tried, failed)
    left_out = sorted(left_out, key=_date, reverse=True)
    left = dict.fromkeys(map(key_digest, (*(offer.key for offer in left_out), *beyond)))
    if before.left_out:
        left |= dict.fromkeys(name for offer in offers if (name := key_digest(offer.key)) in before.left_out)
    if partial or (paged and not whole):
        seen = {key_digest(key) for key in (*tried, *(offer.key for offer in offers))}
        failures |= {name: kept for name, kept in before.failed.items() if name not in seen}
    if partial or paged:
        left |= dict.fromkeys(before.left_out)
    return _noted({**facts, **_past(before, left_out)}, {**_written(failures, left), _PAGED: paged})


def leave_out(facts: Facts, keys: Set[str]) -> Facts:
    """A source's facts with these articles left out for good, whether they could be read or not.

    As in `remember`, what was left out before gives way where that is more than is remembered.
    """
    if not keys:
        return facts
    before = recall(facts)
    names = dict.fromkeys(map(key_digest, sorted(keys)))
    failures = {name: failure for name, failure in before.failed.items() if name not in names}
    return _noted(facts, _written(failures, dict.fromkeys((*names, *before.left_out))))


def _written(failures: Mapping[str, Failure], left_out: Iterable[str]) -> dict[str, str | bool]:
    """The notes of what failed and what was left out, as `recall` reads them; of each the first so many."""
    failed = islice(failures.items(), _MOST_FAILED)
    return {
        _FAILED: ",".join(f"{name} {failure.told} {failure.first} {failure.again}" for name, failure in failed),
        _LEFT_OUT: " ".join(islice(left_out, _MOST_LEFT_OUT)),
    }


def _noted(facts: Facts, notes: Mapping[str, str | bool]) -> Facts:
    """A source's facts with these notes in place of those of before; an empty one is none."""
    others = {name: value for name, value in facts.items() if name not in notes}
    return {**others, **{name: note for name, note in notes.items() if note}}


def _failures(
    before: Overlooked, offers: Sequence[Offer], at: int, tried: Set[str], failed: Mapping[str, bool]
) -> dict[str, Failure]:
    """What of these could not be read, now or, where it was not tried, before. at: now, in seconds."""
    failures: dict[str, Failure] = {}
    for offer in offers:
        name = key_digest(offer.key)
        known = before.failed.get(name)
        if offer.key in failed:
            first = min(known.first, at) if known else at
            wait = _LONGEST if failed[offer.key] else min(at - first, _LONGEST)
            failures[name] = Failure(_told(offer), first, at + wait)
        elif known and offer.key not in tried:
            failures[name] = known
    return failures


def _past(before: Overlooked, left_out: Sequence[Offer]) -> Facts:
    """The date to be noted where more is left out than is remembered, by their digests."""
    times = [_date(offer) for offer in left_out[_MOST_LEFT_OUT:] if offer.fields.published is not None]
    return {_PAST: max([*times, *([] if before.past is None else [before.past])])} if times else {}


def _date(offer: Offer) -> float:
    """The second that an offer is dated; of one without a date, later than any."""
    return inf if offer.fields.published is None else int(offer.fields.published.at.timestamp())


def _told(offer: Offer) -> str:
    return offer_digest(offer)[:8]
