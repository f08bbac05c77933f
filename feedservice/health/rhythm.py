"""Is a source silent for longer than it ever is? Counted in the days on which it usually publishes, holidays left out.

A source of an office is silent on Sundays and for a week around 春节, and nothing is wrong with it. Pure: dates in,
words out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from feedservice.holidays import is_holiday

LEAST_SILENCE = timedelta(days=7)
_LEAST_DAYS = 4
_ENOUGH_FOR_WEEKDAYS = 10
_SILENCES = 4
_LONGEST_LOOKED_AT = 3 * 366


def unusual_silence(came: Sequence[datetime], now: datetime, timezone: str) -> str:
    """What is unusual about a source's silence since the last of these times; "" when nothing is, or too few are known.

    came: when articles were published, aware, in any order. timezone: IANA name of the zone whose days count. A silence
    is unusual after a week at least, when four times the usual gap went by, and twice the gap that nine of ten keep.
    """
    zone = ZoneInfo(timezone)
    days = sorted({instant.astimezone(zone).date() for instant in came})
    today = now.astimezone(zone).date()
    if len(days) < _LEAST_DAYS or now - max(came) <= LEAST_SILENCE:
        return ""
    weekdays = usual_weekdays(days)
    gaps = sorted(_working_days(one, other, weekdays, timezone) for one, other in pairwise(days))
    usual = max(_SILENCES * median(gaps), 2 * gaps[len(gaps) * 9 // 10])
    if _working_days(days[-1], today, weekdays, timezone) <= max(usual, _SILENCES):
        return ""
    every = median((other - one).days for one, other in pairwise(days))
    often = "day" if every <= 1 else f"{every:.0f} days"
    return f"nothing new for {(today - days[-1]).days} days, where usually something comes every {often}"


def usual_weekdays(days: Sequence[date]) -> frozenset[int]:
    """The weekdays (Monday is 0) on which a source publishes; all seven while too little is known of it."""
    counts = Counter(day.weekday() for day in days)
    if len(days) < _ENOUGH_FOR_WEEKDAYS:
        return frozenset(range(7))
    most = max(counts.values())
    return frozenset(weekday for weekday, count in counts.items() if count * 4 >= most)


def _working_days(after: date, upto: date, weekdays: frozenset[int], timezone: str) -> int:
    """How many of the days after one day, up to and including another, are such on which something may be expected."""
    span = min((upto - after).days, _LONGEST_LOOKED_AT)
    days = (after + timedelta(days=number) for number in range(1, span + 1))
    return sum(day.weekday() in weekdays and not is_holiday(day, timezone) for day in days)
