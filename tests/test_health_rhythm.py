"""A silence is told when it is longer than the source's own rhythm explains: weekends and holidays are part of that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedservice.health.rhythm import unusual_silence, usual_weekdays
from feedservice.holidays import is_holiday

SHANGHAI = "Asia/Shanghai"


def at(day: date, hour: int = 9, zone: str = SHANGHAI) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)


def days(upto: date, *, weekdays: Sequence[int] = range(7), count: int = 40, step: int = 1) -> list[date]:
    """The last `count` days up to one of them on which a source publishes."""
    found: list[date] = []
    day = upto
    while len(found) < count:
        if day.weekday() in weekdays and (upto - day).days % step == 0:
            found.append(day)
        day -= timedelta(days=1)
    return found


def silent(published: Sequence[date], now: date, zone: str = SHANGHAI) -> str:
    return unusual_silence([at(day, zone=zone) for day in published], at(now, zone=zone), zone)


def quiet_after(published: Sequence[date], zone: str = SHANGHAI) -> int:
    """After how many days of silence a source is told to be quiet."""
    last = max(published)
    return next(n for n in range(1, 900) if silent(published, last + timedelta(days=n), zone))


def test_daily_source_is_quiet_after_a_week() -> None:
    assert quiet_after(days(date(2026, 3, 20))) == 8


def test_source_of_working_days_is_not_quiet_for_weekends() -> None:
    friday = date(2026, 3, 20)
    working = days(friday, weekdays=range(5))
    assert usual_weekdays(working) == frozenset(range(5))
    assert quiet_after(working) == 8
    assert not silent(working, date(2026, 3, 22))


def test_few_days_tell_no_weekdays() -> None:
    assert usual_weekdays(days(date(2026, 3, 20), weekdays=[4], count=3)) == frozenset(range(7))


def test_weekly_source_is_quiet_when_it_is_missed_more_than_four_times() -> None:
    fridays = days(date(2026, 3, 20), weekdays=[4], count=20)
    assert usual_weekdays(fridays) == {4}
    # Five Fridays were missed: 27 March, 3, 10, 17 and 24 April.
    assert quiet_after(fridays) == 35
    assert "every 7 days" in silent(fridays, date(2026, 4, 26))


def test_monthly_source_is_quiet_after_months() -> None:
    monthly = [date(2025, month, 15) for month in range(1, 13)]
    assert not silent(monthly, date(2026, 2, 20))
    assert silent(monthly, date(2026, 6, 20))


@pytest.mark.parametrize(
    ("last", "back"),
    [(date(2025, 9, 30), date(2025, 10, 10)), (date(2026, 2, 13), date(2026, 2, 27))],
    ids=["国庆", "春节"],
)
def test_long_holidays_are_no_silence_where_they_are_kept(last: date, back: date) -> None:
    working = days(last, weekdays=range(5))
    assert not silent(working, back)
    assert silent(days(last), back, "Europe/Berlin")
    assert silent(working, back + timedelta(days=10))


def test_end_of_the_year_is_no_silence_elsewhere() -> None:
    working = days(date(2025, 12, 23), weekdays=range(5))
    assert not silent(working, date(2026, 1, 5), "Europe/Berlin")
    assert silent(days(date(2025, 12, 23), weekdays=range(5)), date(2026, 1, 5))


@pytest.mark.parametrize("day", [date(2026, 2, 15), date(2026, 2, 25), date(2026, 10, 8), date(2026, 5, 1)])
def test_holidays_of_china_are_known(day: date) -> None:
    assert is_holiday(day, SHANGHAI)
    assert not is_holiday(day, "Europe/Berlin")


def test_spring_festival_of_years_to_come_is_between_late_january_and_late_february() -> None:
    for year in range(2020, 2041):
        off = [date(year, 1, 10) + timedelta(days=n) for n in range(60)]
        kept = [day for day in off if is_holiday(day, SHANGHAI)]
        assert len(kept) == 11
        assert (kept[-1] - kept[0]).days == 10


def test_source_with_long_pauses_is_given_time() -> None:
    """Two weeks of news, two weeks of none, again and again."""
    phases = [date(2025, 6, 1) + timedelta(days=28 * turn + day) for turn in range(6) for day in range(0, 14, 3)]
    assert quiet_after(phases) > 20


def test_unknown_rhythm_is_never_quiet() -> None:
    assert not silent([], date(2026, 3, 20))
    assert not silent(days(date(2020, 1, 3), count=3), date(2026, 3, 20))


def test_first_read_of_an_old_list_gives_its_rhythm_at_once() -> None:
    """Bursts are days, not gaps: ten articles a day are one sign of life."""
    came = [at(day, hour) for day in days(date(2026, 3, 20), count=10) for hour in range(10)]
    assert unusual_silence(came, at(date(2026, 3, 29)), SHANGHAI)


def test_the_days_are_those_of_the_zone() -> None:
    late = [datetime(2026, 3, day, 22, tzinfo=UTC) for day in (2, 3, 4, 5, 6)]
    assert usual_weekdays([moment.astimezone(ZoneInfo(SHANGHAI)).date() for moment in late * 2]) == {1, 2, 3, 4, 5}
