"""What a source is told of the reads before, so that its past is not taken for news. A decision on data alone."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from feedservice.digests import key_digest
from feedservice.model import Facts, Known, Memory, Offer, Reading, SourceState
from feedservice.refreshing import overlooking
from feedservice.refreshing.opened import OpenSource
from feedservice.schedule import polling

_LOOKED_AT_AGAIN = 200
_FIRST_AT, _FIRST_TAKEN = "first_at", "first_taken"
_LEEWAY = timedelta(days=2)
_NOTE = "note_"
_LONGEST_FIRST = timedelta(days=3)
_REOPENED = "reopened"
"""Among a source's facts: when its settings were others than before, and digests of what could not be read by then."""


def memory_of(source: OpenSource, before: SourceState, now: datetime) -> Memory:
    """What a source in this state is told.

    Only of a list with further pages may something wait behind what is known: then so much of it is looked at again.
    So it is where other settings may show more of it, so that it is known from then on what was there before.
    """
    overlooked = overlooking.recall(before.facts)
    rest, anew = polling.rest_is_due(before.facts, now), is_reopened(before.facts, now)
    again = rest or anew or (overlooked.is_due(now) and overlooked.paged)
    return Memory(
        first=before.last_success is None or is_first_open(before.facts, now),
        most=most_new(source, before),
        again=_LOOKED_AT_AGAIN if again else 0,
        depth=polling.rest_depth(before.facts) if rest else 0,
        failures=before.failures,
        since=before.last_success,
        notes=_notes(before.facts),
        past=before.last_success - _LEEWAY if anew and before.last_success else None,
    )


def reopened(before: SourceState, state: SourceState, source: OpenSource, now: datetime) -> SourceState:
    """`before`, noted as that of a source which is read by other settings from now on, where it is.

    before: what is left of `state` where its settings are others. By them more of a list may be seen that was there all
    the time (further pages, other rows), which is no news. Whoever pushes, or keeps a folder, means what they tell; and
    a past that is still being read is read on.
    """
    unread = (
        source.whole or before.last_success is None or polling.waits(state.facts) or is_first_open(state.facts, now)
    )
    if before is state or "settings" not in state.facts or unread:
        return before
    failed = " ".join(overlooking.recall(state.facts).failed)
    return replace(before, facts={**before.facts, _REOPENED: f"{int(now.timestamp())} {failed}"})


def is_reopened(facts: Facts, now: datetime) -> bool:
    """Whether a source was given other settings, and was not read to the end by them: for three days at most."""
    at = str(facts.get(_REOPENED) or "").partition(" ")[0]
    return at.isdigit() and 0 <= now.timestamp() - int(at) <= _LONGEST_FIRST.total_seconds()


def remember_reopened(facts: Facts, reading: Reading) -> Facts:
    """A source's facts after a read that was believed. facts: they tell already whether something waits to be read."""
    if reading.partial or polling.waits(facts):
        return facts
    return {name: value for name, value in facts.items() if name != _REOPENED}


def most_new(source: OpenSource, before: SourceState) -> int:
    """How many new articles one read takes."""
    if source.pushed:
        return sys.maxsize
    return overlooking.most_new(source.limit, first=before.last_success is None)


def is_first_open(facts: Facts, now: datetime) -> bool:
    """Whether the first read found only a part, and what it missed may still come: for three days at most."""
    at = facts.get(_FIRST_AT)
    return isinstance(at, (int, float)) and 0 <= now.timestamp() - at <= _LONGEST_FIRST.total_seconds()


def surplus(
    reading: Reading, known: Mapping[str, Known], before: SourceState, now: datetime, limit: int
) -> tuple[Offer, ...]:
    """What is left out for good by a read that brings what the first one missed, or that went another way.

    Of the former, what stands behind all that is known and is more than `limit` together with what the first read took.
    And by one by other settings, what was there all the time.
    """
    offers = reading.offers
    if reading.other_way:
        return _older(offers, known, before)
    if is_reopened(before.facts, now):
        return _there_before([offer for offer in offers if offer.key not in reading.unheard], known, before)
    if not is_first_open(before.facts, now):
        return ()
    taken = before.facts.get(_FIRST_TAKEN)
    room = max(0, limit - int(taken)) if isinstance(taken, (int, float)) else 0
    return tuple(_behind(offers, known, overlooking.recall(before.facts))[room:])


def _older(offers: Sequence[Offer], known: Mapping[str, Known], before: SourceState) -> tuple[Offer, ...]:
    """The offers dated before the last read; of those without a date, what does not stand before one that is known."""
    overlooked, since = overlooking.recall(before.facts), before.last_success
    unknown = [offer for offer in offers if offer.key not in known and offer.key not in overlooked]
    behind = {offer.key for offer in _behind(offers, known, overlooked) or offers}

    def is_old(offer: Offer) -> bool:
        published = offer.fields.published
        if published is None or since is None:
            return offer.key in behind
        return published.at < since - _LEEWAY

    return tuple(offer for offer in unknown if is_old(offer))


def _there_before(offers: Sequence[Offer], known: Mapping[str, Known], before: SourceState) -> tuple[Offer, ...]:
    """Of one list, what stands behind all that is known and is dated before the last read.

    Without a date, where most of what stands before it is known. What could not be read before is none of it.
    """
    overlooked, since = overlooking.recall(before.facts), before.last_success
    behind = _behind(offers, known, overlooked)
    ahead = offers[: len(offers) - len(behind)]
    is_same = 2 * sum(offer.key in known or offer.key in overlooked for offer in ahead) >= len(ahead)
    failed = frozenset(str(before.facts.get(_REOPENED) or "").split()[1:])

    def is_old(offer: Offer) -> bool:
        published = offer.fields.published
        return is_same if published is None else since is not None and published.at < since - _LEEWAY

    return tuple(offer for offer in behind if is_old(offer) and key_digest(offer.key) not in failed)


def remember_first(
    facts: Facts, before: SourceState, reading: Reading, now: datetime, *, taken: Sequence[Offer]
) -> Facts:
    """A source's facts after a read that was believed: when its first read began, while that is not at its end.

    facts: they tell already whether something waits to be read. taken: the new articles of this read.
    """
    first, still = before.last_success is None, reading.partial or polling.waits(facts)
    kept = {name: value for name, value in facts.items() if name not in (_FIRST_AT, _FIRST_TAKEN)}
    if not still or not (first or is_first_open(before.facts, now)):
        return kept
    earlier = before.facts.get(_FIRST_TAKEN) or 0
    count = len(taken) + (int(earlier) if isinstance(earlier, (int, float)) else 0)
    return {**kept, _FIRST_AT: int(now.timestamp()) if first else facts.get(_FIRST_AT), _FIRST_TAKEN: count}


def remember_notes(facts: Facts, notes: Mapping[str, str]) -> Facts:
    """A source's facts with what it noted itself."""
    return {**facts, **{_NOTE + name: note for name, note in notes.items()}}


def _notes(facts: Facts) -> Mapping[str, str]:
    return {name.removeprefix(_NOTE): str(note) for name, note in facts.items() if name.startswith(_NOTE)}


def _behind(offers: Sequence[Offer], known: Mapping[str, Known], overlooked: overlooking.Overlooked) -> Sequence[Offer]:
    """The offers behind the last one of which anything is known; none where nothing is known."""
    for size in range(len(offers), 0, -1):
        if offers[size - 1].key in known or offers[size - 1].key in overlooked:
            return offers[size:]
    return ()
