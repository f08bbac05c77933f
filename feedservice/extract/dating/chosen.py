"""Which of all the dates that a page tells is that of publication, and at what time of that day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from datetime import timezone as tz
from zoneinfo import ZoneInfo

from feedservice.extract.dating.stateddates import Dated
from feedservice.model import Moment, Precision

NEAR = "near the headline"
"""How a date was found that a page shows beside its headline."""
ADDRESS = "address"
_LABEL = "label "
_BESIDE, _MARKED, _STATED, _STRONG, _WEAK = 7.0, 8.5, 8.0, 5.0, 2.0
_FARTHEST = timedelta(hours=14)
_STEP = timedelta(minutes=30)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def without_changes(rows: list[Dated], changed: Collection[datetime]) -> list[Dated]:
    """The dates but those stated times that the page shows as the time of the last change, if it shows another too."""
    kept = [row for row in rows if row.moment.at not in changed]
    return kept if any(row.how == NEAR for row in kept) else rows


def not_after(rows: list[Dated], changed: Collection[datetime]) -> list[Dated]:
    """The dates but those weak ones that lie days after the last change that the page shows."""
    if not changed:
        return rows
    last = max(at.date() for at in changed)
    kept = [row for row in rows if row.weight >= _STATED or _day(row) <= last]
    return kept if any(row.weight > _WEAK for row in kept) else rows


def chosen(rows: Sequence[Dated], changed: Collection[datetime]) -> Dated:
    """The date of publication, with the finest time told for that day.

    rows: one at least. changed: when the page's data say that it was changed.
    """
    best = _first_told(_in_right_order(_corrected(max(rows, key=lambda row: row.weight), rows), rows), rows, changed)
    best = _on_local_day(_in_own_zone(_finest(best, rows), rows), rows)
    shown = _as_shown(best, rows, changed)
    return best if shown is None else _in_own_zone(_finest(shown, rows), rows)


def _day(row: Dated) -> date:
    return row.moment.at.date()


def _corrected(best: Dated, rows: Sequence[Dated]) -> Dated:
    """A date that only one weak place tells gives way to a day that several places agree on."""

    def agree(day: date) -> float:
        return sum(row.weight for row in rows if _day(row) == day and row.weight > 2)

    if best.weight >= 7:
        return best
    return max(rows, key=lambda row: (row.weight >= best.weight - 1.0, agree(_day(row)), row.weight))


def _in_right_order(best: Dated, rows: Sequence[Dated]) -> Dated:
    """A shown day whose month and day could be exchanged, as the page's data or its address have it."""
    if not (best.how == NEAR or best.how.startswith(_LABEL)):
        return best
    others = [row for row in rows if not (row.how == NEAR or row.how.startswith(_LABEL) or _is_read(row))]
    exchanged = [row for row in others if _is_swapped(_day(row), _day(best))]
    if any(_day(row) == _day(best) for row in others):
        return best
    return max(exchanged, key=lambda row: row.weight, default=best)


def _is_read(row: Dated) -> bool:
    """Whether a day is that of an element for dates, which may be read from its text as those near the headline are."""
    return row.how.startswith("<") and row.moment.precision is Precision.DAY


def _first_told(best: Dated, rows: Sequence[Dated], changed: Collection[datetime]) -> Dated:
    """A day before the stated one, where that is stated to the second as the time of the last change too."""
    if best.moment.precision is not Precision.SECOND or best.moment.at not in changed:
        return best
    before = [row for row in rows if row.weight >= _MARKED and _day(row) < _day(best) and row.how[:4] != best.how[:4]]
    return max(before, key=lambda row: row.weight, default=best)


def _finest(best: Dated, rows: Sequence[Dated]) -> Dated:
    """The same day told with the time of day, where the chosen date has none."""
    if best.moment.precision is not Precision.DAY:
        return best
    finer = [
        row for row in rows if row.moment.precision is not Precision.DAY and row.weight > 2 and _day(row) == _day(best)
    ]
    if not finer:
        return best
    found = max(finer, key=lambda row: row.weight)
    return Dated(best.weight, found.moment, f"{best.how}, time from {found.how}")


def _is_utc(best: Dated) -> bool:
    """Whether a date is told to the minute, in UTC."""
    return best.moment.precision is not Precision.DAY and not best.moment.at.utcoffset()


def _in_own_zone(best: Dated, rows: Sequence[Dated]) -> Dated:
    """An instant that is stated in UTC, at the offset of the local time that the page shows or states for it."""
    at = best.moment.at
    if not _is_utc(best):
        return best
    for row in rows:
        same = row.moment.at.replace(second=0, microsecond=0) == at.replace(second=0, microsecond=0)
        if same and row.weight > _WEAK and row.moment.precision is not Precision.DAY and row.moment.at.utcoffset():
            there = at.astimezone(row.moment.at.tzinfo)
            return Dated(best.weight, Moment(there, best.moment.precision), f"{best.how}, zone of {row.how}")
    for row in rows:
        if row.how != NEAR or row.weight < _STRONG or row.moment.precision is Precision.DAY:
            continue
        shown = row.moment.at
        apart = shown.replace(tzinfo=UTC) - at.replace(tzinfo=UTC, second=shown.second, microsecond=0)
        if apart and shown.utcoffset() == at.utcoffset() and abs(apart) <= _FARTHEST and not apart % _STEP:
            there = at.replace(tzinfo=UTC).astimezone(tz(apart))
            return Dated(best.weight, Moment(there, best.moment.precision), f"{best.how}, zone of the time shown")
    return best


def _on_local_day(best: Dated, rows: Sequence[Dated]) -> Dated:
    """An instant that is stated in UTC, at the nearest offset that puts it on the day that the page shows for it.

    Where it shows none, on the day of its address.
    """
    if not _is_utc(best):
        return best
    told = [row for row in rows if row.how == NEAR and row.weight >= _STRONG]
    told = told or [row for row in rows if row.how == ADDRESS]
    if not told or any(_day(row) == _day(best) for row in told):
        return best
    first = max(told, key=lambda row: row.weight)
    offset = _nearest_offset(best.moment.at.replace(tzinfo=UTC), _day(first))
    if first.moment.precision is not Precision.DAY or abs(offset) > _FARTHEST:
        return best
    there = best.moment.at.replace(tzinfo=UTC).astimezone(tz(offset))
    return Dated(best.weight, Moment(there, best.moment.precision), f"{best.how}, day from {first.how}")


def _nearest_offset(at: datetime, day: date) -> timedelta:
    """The offset in whole hours, nearest to UTC, at which an instant of another day lies on this one."""
    midnight = datetime.combine(day, time(), UTC)
    if at < midnight:
        return -((at - midnight) // _HOUR) * _HOUR
    return -((at - midnight - _DAY) // _HOUR + 1) * _HOUR


def _as_shown(best: Dated, rows: Sequence[Dated], changed: Collection[datetime]) -> Dated | None:
    """The only day that is shown, instead of another that just data tell, where other data agree with what is shown.

    Pages that were published again keep the first time in some of their data, and show the second as theirs.
    """
    if not best.how.startswith(("json-ld", "meta", "<")):
        return None
    if best.how == "meta pubdate" and (first := _shown_before(best, rows)):
        return first
    beside = [row for row in rows if row.how == NEAR and row.weight >= _STRONG]
    shown = max(beside, key=lambda row: row.weight, default=None)
    if shown is None or shown.weight < _BESIDE or any(_day(row) == _day(best) for row in beside):
        return None
    day = _day(shown)
    told = [row for row in rows if row.how != NEAR and row.weight >= _STATED and _day(row) == day]
    if told:
        exchanged = _is_swapped(day, _day(best)) and all(row.how.startswith(_LABEL) for row in told)
        return None if exchanged else max(told, key=lambda row: row.weight)
    if len({_day(row) for row in beside}) > 1:
        return None
    again = day > _day(best) and any(at.date() == day for at in changed)
    marked = any(row.how.startswith("<") and row.weight >= _STRONG and _day(row) == day for row in rows)
    before = marked and day < _day(best) and not _is_swapped(day, _day(best)) and _is_after_changes(best, changed)
    return shown if again or before else None


def _shown_before(best: Dated, rows: Sequence[Dated]) -> Dated | None:
    """The only time that is shown beside the headline, where it lies before the one that a content system states.

    Such systems state when they wrote the page anew: years later where a site was moved. Both are told without a zone.
    """
    times = [row for row in rows if row.how == NEAR and row.weight >= _STRONG]
    others = [row for row in rows if row.how != NEAR and row.weight >= _STATED and row is not best]
    if len({row.moment.at for row in times}) != 1 or any(_day(row) == _day(best) for row in others):
        return None
    shown = max(times, key=lambda row: row.weight)
    zoned = all(isinstance(row.moment.at.tzinfo, ZoneInfo) for row in (best, shown))
    exact = shown.moment.precision is not Precision.DAY and shown.weight >= _BESIDE
    return shown if zoned and exact and shown.moment.at < best.moment.at else None


def _is_swapped(day: date, other: date) -> bool:
    """Whether two days are the same but for the order of day and month."""
    return (day.year, day.month, day.day) == (other.year, other.day, other.month)


def _is_after_changes(best: Dated, changed: Collection[datetime]) -> bool:
    """Whether a publication is stated for a moment after the last change of that day, so that it is none."""
    same = [at for at in changed if at.date() == _day(best)]
    return best.moment.precision is Precision.SECOND and bool(same) and max(same) < best.moment.at
