"""When a source asks to be read again, heeded: the longest wait that it names, and the hours and days it rests."""

from __future__ import annotations

from datetime import datetime, timedelta

from feedservice.model import Facts, PollHints

LONGEST = timedelta(days=1)
_HOURS_LOOKED_AT = 8 * 24
_WHOLE_EVERY = timedelta(hours=6)
_DEPTH = 200


def remember(facts: Facts, hints: PollHints) -> Facts:
    """A source's facts with what it asks for now, to be heeded also when its next answer is "not modified"."""
    return {
        **facts,
        "asks_interval": hints.min_interval,
        "asks_hours": ",".join(map(str, sorted(hints.skip_hours))),
        "asks_days": ",".join(map(str, sorted(hints.skip_days))),
    }


def remember_whole(facts: Facts, now: datetime) -> Facts:
    """A source's facts with the time at which what it offers was last read in full."""
    return {**facts, "whole_read": int(now.timestamp())}


def remember_rest(facts: Facts, now: datetime, *, unfinished: bool, depth: int = 0) -> Facts:
    """A source's facts after a read: since when something of what is on offer waits to be read, and when it was tried.

    unfinished: something was not read that may be there another time, behind `depth` others.
    """
    at = int(now.timestamp())
    if unfinished:
        since = facts.get("rest_since")
        since = min(since, at) if isinstance(since, (int, float)) else at
        return {**facts, "rest_since": since, "rest_tried": at, "rest_depth": depth}
    if rest_is_due(facts, now):
        return {name: value for name, value in facts.items() if name not in ("rest_since", "rest_tried", "rest_depth")}
    return facts


def waits(facts: Facts) -> bool:
    """Whether something of what is on offer waits to be read, though perhaps not now."""
    return "rest_since" in facts


def rest_depth(facts: Facts) -> int:
    """Behind how many offers something waits to be read; at least one."""
    depth = facts.get("rest_depth")
    return max(1, int(depth)) if isinstance(depth, (int, float)) else _DEPTH


def rest_is_due(facts: Facts, now: datetime) -> bool:
    """Whether what could not be read is to be looked for now, behind pages of which everything is known too.

    It is tried at the next read, and as long as it does not come, after waits that double, at most of six hours: each
    try costs all the pages that are turned.
    """
    since, tried = facts.get("rest_since"), facts.get("rest_tried")
    if not isinstance(since, (int, float)) or not isinstance(tried, (int, float)):
        return False
    # A time to come is that of a clock that was wrong.
    return not 0 <= now.timestamp() - tried < min(tried - since, _WHOLE_EVERY.total_seconds())


def whole_is_due(facts: Facts, now: datetime) -> bool:
    """Whether the source is to be read in full though nothing in its list may have changed.

    A list that stands still says nothing of the pages behind it: edits on them are looked for only when it is read.
    """
    last = facts.get("whole_read")
    # A time to come is that of a clock that was wrong.
    return isinstance(last, (int, float)) and not 0 <= now.timestamp() - last < _WHOLE_EVERY.total_seconds()


def recall(facts: Facts) -> PollHints:
    """What a source asked for, as `remember` noted it."""
    interval = facts.get("asks_interval")
    return PollHints(
        min_interval=int(interval) if isinstance(interval, (int, float)) else None,
        skip_hours=_numbers(facts.get("asks_hours")),
        skip_days=_numbers(facts.get("asks_days")),
    )


def heed(at: datetime, now: datetime, hints: PollHints, longest: timedelta = LONGEST) -> datetime:
    """The planned time `at`, or a later one where the source asks for it; at most `longest` is waited for an interval.

    All datetimes aware, UTC. Hours and days are skipped in UTC (RSS 2.0, skipHours and skipDays); a source that skips
    all of them skips none.
    """
    if hints.min_interval:
        at = max(at, now + min(timedelta(seconds=hints.min_interval), longest))
    if not hints.skip_hours and not hints.skip_days:
        return at
    later = at
    for _ in range(_HOURS_LOOKED_AT):
        if later.hour not in hints.skip_hours and later.weekday() not in hints.skip_days:
            return later
        later = later.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at


def _numbers(text: str | float | bool | None) -> frozenset[int]:
    return frozenset(int(part) for part in str(text or "").split(",") if part.isdigit())
