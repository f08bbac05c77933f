"""When to read a source that publishes at times of its own: a decision on when its articles came, and nothing else.

What is expected of each ten minutes of a day is learned from the same weekday, a little from other days of its kind and
hardly from the rest. Between two reads the square root of what is expected, summed up, is always the same: that is what
costs the fewest requests for a given delay (a source that brings four times as much is worth twice the reads).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import sqrt
from zoneinfo import ZoneInfo

from feedservice.holidays import is_holiday
from feedservice.model import Card

UNKNOWN = timedelta(minutes=30)
_SLOT = timedelta(minutes=10)
_SLOTS = 144
_WINDOW = timedelta(days=56)
_HALF_LIFE = 28.0
_ENOUGH = 5
_BURST = timedelta(minutes=10)
_BACKFILL = timedelta(days=2)
_MIDNIGHT = timedelta(minutes=10)
_SAME_WEEKDAY, _SAME_KIND, _OTHER_KIND = 1.0, 0.4, 0.02
_NEAR, _FAR = 1, 9
_FAR_SHARE = 0.2
_DOUBT = 5
"""How many articles weigh as much as the suspicion that they came when they did by chance."""
_WORTH = 0.02
"""How much delay one request is worth, in hours of one article."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """least, most: how soon and how late after a read the next one comes."""

    least: timedelta
    most: timedelta

    def held(self, wait: timedelta) -> timedelta:
        """A wait, brought within the bounds; the longer one wins where they contradict each other."""
        return max(self.least, min(wait, self.most))


def next_read(came: Sequence[datetime], now: datetime, bounds: Bounds, timezone: str) -> datetime:
    """When a source is read again that was read at `now`.

    came: when its last articles came, aware, in any order. timezone: the zone of its days. While fewer than five are
    known of the last eight weeks, that is after half an hour, within the bounds.
    """
    zone = ZoneInfo(timezone)
    events = _events(came, now)
    if len(events) < _ENOUGH:
        return now + bounds.held(UNKNOWN)
    history = _by_day(events, zone)
    first = max(min(history), (now - _WINDOW).astimezone(zone).date())
    budget, spent, at = sqrt(2 * _WORTH), 0.0, now
    profiles: dict[date, Sequence[float]] = {}
    while at < now + bounds.most:
        local = at.astimezone(zone)
        day = local.date()
        if day not in profiles:
            profiles[day] = _expected(day, history, first, now.astimezone(zone).date(), timezone)
        end = min(_end_of_slot(at), now + bounds.most)
        hours = (end - at).total_seconds() / 3600
        rate = sqrt(profiles[day][local.hour * 6 + local.minute // 10] * 6)
        if spent + rate * hours >= budget:
            end = at + timedelta(hours=(budget - spent) / rate)
            return now + bounds.held(end - now)
        spent += rate * hours
        at = end
    return now + bounds.held(bounds.most)


def times_of(cards: Iterable[Card], timezone: str) -> tuple[datetime, ...]:
    """When articles came: at the time of day that they tell; where they tell none, when they were found.

    Those that tell a day alone, and were old when they were found, say nothing.
    """
    zone = ZoneInfo(timezone)
    found = []
    for card in cards:
        local = card.published.astimezone(zone)
        since_midnight = local - local.replace(hour=0, minute=0, second=0, microsecond=0)
        if since_midnight >= _MIDNIGHT:
            found.append(card.published)
        elif card.arrival - card.published < _BACKFILL:
            found.append(card.arrival)
    return tuple(found)


def _events(came: Sequence[datetime], now: datetime) -> list[datetime]:
    """The times of the last weeks, bursts told once."""
    events: list[datetime] = []
    for instant in sorted(came):
        if now - _WINDOW <= instant <= now and (not events or instant - events[-1] >= _BURST):
            events.append(instant)
    return events


def _by_day(events: Iterable[datetime], zone: ZoneInfo) -> Mapping[date, list[int]]:
    days: dict[date, list[int]] = {}
    for instant in events:
        local = instant.astimezone(zone)
        days.setdefault(local.date(), []).append(local.hour * 6 + local.minute // 10)
    return days


def _expected(day: date, history: Mapping[date, list[int]], first: date, today: date, timezone: str) -> list[float]:
    """How many articles are expected in each ten minutes of a day, from the days since `first`, today's included."""
    profile, weights = [0.0] * _SLOTS, 0.0
    for age in range((today - first).days + 1):
        past = today - timedelta(days=age)
        weight = _likeness(day, past, timezone) * 0.5 ** (age / _HALF_LIFE)
        if past != today:
            weights += weight
        for slot in history.get(past, ()):
            profile[slot] += weight
    count = sum(map(len, history.values()))
    return _spread([expected / max(weights, _SAME_WEEKDAY) for expected in profile], count)


def _spread(profile: Sequence[float], count: int) -> list[float]:
    """What came at one time may come a little earlier or later, and with less weight hours away or at any time.

    Without that, times at which by chance nothing came so far would never be looked at.
    """
    doubt = _DOUBT / (_DOUBT + count)
    flat = sum(profile) / _SLOTS * doubt
    near, far = _averaged(profile, _NEAR), _averaged(profile, _FAR)
    sure = 1 - _FAR_SHARE
    return [(1 - doubt) * (sure * one + _FAR_SHARE * other) + flat for one, other in zip(near, far, strict=True)]


def _averaged(profile: Sequence[float], reach: int) -> list[float]:
    """The mean of each slot and those around it, over midnight."""
    width = 2 * reach + 1
    total = sum(profile[slot] for slot in range(-reach, reach + 1))
    means = []
    for slot in range(_SLOTS):
        means.append(total / width)
        total += profile[(slot + reach + 1) % _SLOTS] - profile[slot - reach]
    return [max(0.0, mean) for mean in means]


def _likeness(day: date, past: date, timezone: str) -> float:
    if _rests(day, timezone) != _rests(past, timezone):
        return _OTHER_KIND
    return _SAME_WEEKDAY if day.weekday() == past.weekday() else _SAME_KIND


def _rests(day: date, timezone: str) -> bool:
    return day.weekday() >= 5 or is_holiday(day, timezone)


def _end_of_slot(at: datetime) -> datetime:
    seconds = int(at.timestamp())
    slot = int(_SLOT.total_seconds())
    return datetime.fromtimestamp((seconds // slot + 1) * slot, UTC)
