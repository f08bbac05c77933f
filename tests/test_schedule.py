"""When a source is read again: a decision on data alone. And what calls the worker, once a second."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedservice.schedule import Schedule, check_cron, next_run

NOW = datetime(2026, 1, 5, 1, 0, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


def after(
    now: datetime = NOW,
    name: str = "news",
    *,
    every: timedelta = HOUR,
    cron: str | None = None,
    jitter: timedelta = timedelta(0),
    timezone: str = "Asia/Shanghai",
) -> datetime:
    """The next time, in UTC."""
    found = next_run(name, now, every=every, cron=cron, jitter=jitter, timezone=timezone)
    assert found is not None
    assert found > now
    return found.astimezone(UTC)


def times(cron: str, timezone: str, start: datetime, count: int) -> list[str]:
    """The local times at which a source is read, one after the other."""
    found = []
    for _ in range(count):
        start = after(start, cron=cron, timezone=timezone)
        found.append(start.astimezone(ZoneInfo(timezone)).isoformat())
    return found


def test_interval_counts_from_the_read() -> None:
    assert after() == NOW + HOUR
    assert after(every=timedelta(seconds=1)) - NOW <= timedelta(seconds=2)
    assert after(every=timedelta(days=30)) == NOW + timedelta(days=30)


def test_jitter_is_the_same_at_every_run_and_spread_over_the_sources() -> None:
    """At most what is allowed, and at most a tenth of the interval."""
    names = [f"source-{number}" for number in range(1000)]
    minute = timedelta(minutes=1)
    first = [after(name=name, jitter=minute) - NOW - HOUR for name in names]
    assert first == [after(name=name, jitter=minute) - NOW - HOUR for name in names]
    assert all(timedelta(0) <= added < minute for added in first)
    tenths = [sum(n * minute / 10 <= added < (n + 1) * minute / 10 for added in first) for n in range(10)]
    assert min(tenths) > 50
    short = [after(name=name, jitter=minute, every=timedelta(seconds=100)) - NOW for name in names]
    assert max(short) <= timedelta(seconds=110)
    assert len(set(short)) > 900


def test_cron_follows_the_clock_on_the_wall_of_its_zone() -> None:
    assert after(cron="30 8 * * *") == datetime(2026, 1, 6, 0, 30, tzinfo=UTC)
    assert after(cron="30 8 * * *", timezone="America/New_York") == datetime(2026, 1, 5, 13, 30, tzinfo=UTC)
    assert after(cron="*/15 * * * *") == datetime(2026, 1, 5, 1, 15, tzinfo=UTC)


def test_cron_over_the_change_to_summer_time() -> None:
    """Once a day; on the day that has no half past two, as soon as it would have been."""
    daily = times("30 8 * * *", "Europe/Berlin", datetime(2026, 3, 28, 0, 0, tzinfo=UTC), 3)
    assert daily == ["2026-03-28T08:30:00+01:00", "2026-03-29T08:30:00+02:00", "2026-03-30T08:30:00+02:00"]
    night = times("30 2 * * *", "Europe/Berlin", datetime(2026, 3, 28, 0, 0, tzinfo=UTC), 3)
    assert night[0] == "2026-03-28T02:30:00+01:00"
    assert night[-1] in ("2026-03-30T02:30:00+02:00", "2026-03-31T02:30:00+02:00")


def test_cron_over_the_change_to_winter_time_never_stands_still() -> None:
    start = datetime(2026, 10, 24, 0, 0, tzinfo=UTC)
    daily = times("30 8 * * *", "Europe/Berlin", start, 3)
    assert daily == ["2026-10-24T08:30:00+02:00", "2026-10-25T08:30:00+01:00", "2026-10-26T08:30:00+01:00"]
    hourly = times("0 * * * *", "Europe/Berlin", datetime(2026, 10, 24, 22, 30, tzinfo=UTC), 5)
    assert [moment[11:16] for moment in hourly] == ["01:00", "02:00", "02:00", "03:00", "04:00"]


def test_interval_is_as_long_in_the_nights_of_change_as_in_all_others() -> None:
    for night in (datetime(2026, 3, 28, 22, 10, tzinfo=UTC), datetime(2026, 10, 24, 22, 10, tzinfo=UTC)):
        moment = night
        for _ in range(12):
            later = after(moment, every=HOUR / 2, timezone="Europe/Berlin")
            assert later - moment == HOUR / 2
            moment = later


def test_cron_line_that_never_comes_again_gives_none() -> None:
    assert next_run("news", NOW, every=HOUR, cron="0 0 30 2 *", jitter=timedelta(0), timezone="UTC") is None


def test_faulty_cron_line_is_refused() -> None:
    check_cron("17 3 * * *", "Asia/Shanghai")
    for line in ("61 * * * *", "* * * *", "x"):
        with pytest.raises(ValueError, match=r"\S"):
            check_cron(line, "Asia/Shanghai")


# ------------------------------------------------------------------------------------------------ the ticking


def run_schedule(tick: Callable[[], None], until: threading.Event, *, started: datetime | None = None) -> None:
    """Tick until the event is set; `started`: what the clock said when the schedule was made."""
    schedule = Schedule(
        tick=tick,
        rebuild=lambda: None,
        rebuild_cron="17 3 * * *",
        timezone="Asia/Shanghai",
        clock=lambda: started or datetime.now(UTC),
    )
    schedule.start()
    try:
        assert until.wait(30)
    finally:
        schedule.stop()


def test_first_tick_comes_at_once() -> None:
    ticked = threading.Event()
    began = datetime.now(UTC)
    run_schedule(ticked.set, ticked)
    assert datetime.now(UTC) - began < timedelta(seconds=5)


def test_missed_ticks_become_one() -> None:
    """A machine that slept for a day does not tick 86,400 times when it wakes."""
    ticks: list[datetime] = []
    enough = threading.Event()

    def tick() -> None:
        ticks.append(datetime.now(UTC))
        if len(ticks) == 3:
            enough.set()

    run_schedule(tick, enough, started=datetime.now(UTC) - timedelta(days=1))
    # Two seconds apart but for what the first one was late.
    assert ticks[2] - ticks[0] > timedelta(seconds=0.5)
    assert len(ticks) <= 4


def test_clock_that_is_set_back_stops_no_tick_and_no_rebuild() -> None:
    """Ahead by ten years, then right again: the rebuild comes at its next time, not in ten years."""
    clock = iter([NOW + timedelta(days=3650), NOW, datetime(2026, 1, 5, 19, 16, 59, tzinfo=UTC)])
    told = [NOW]
    rebuilt = threading.Event()

    def tell() -> datetime:
        told[0] = next(clock, told[0] + timedelta(seconds=1))
        return told[0]

    schedule = Schedule(
        tick=lambda: None, rebuild=rebuilt.set, rebuild_cron="17 3 * * *", timezone="Asia/Shanghai", clock=tell
    )
    schedule.start()
    try:
        assert rebuilt.wait(30)
    finally:
        schedule.stop()


def test_a_tick_never_runs_twice_at_once_and_stop_waits_for_it() -> None:
    inside, most, ended = 0, 0, 0
    begun = threading.Event()

    def tick() -> None:
        nonlocal inside, most, ended
        inside += 1
        most = max(most, inside)
        begun.set()
        threading.Event().wait(1.3)
        inside -= 1
        ended += 1

    run_schedule(tick, begun)
    assert (inside, most, ended) == (0, 1, 1)


def test_a_tick_that_fails_does_not_end_the_ticking(caplog: pytest.LogCaptureFixture) -> None:
    ticks: list[int] = []
    enough = threading.Event()

    def tick() -> None:
        ticks.append(len(ticks))
        if len(ticks) == 2:
            enough.set()
        raise ValueError("a bug in the tick")

    run_schedule(tick, enough)
    assert "a bug in the tick" in caplog.text
