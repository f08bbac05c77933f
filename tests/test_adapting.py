"""A source is read when it is likely to have something new, within its bounds, and never sooner than it asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from benchmarks import adaptive
from feedservice.assembly import load_config, open_sources
from feedservice.assembly.site import open_door
from feedservice.errors import ConfigError
from feedservice.model import Card, PollHints
from feedservice.protocols import Store
from feedservice.refreshing.opened import OpenSource
from feedservice.schedule.adapting import Bounds, next_read, times_of
from feedservice.schedule.polling import heed, remember
from tests.fakes import FakeClock
from tests.survival_scene import Scene

SHANGHAI = ZoneInfo("Asia/Shanghai")
BOUNDS = Bounds(timedelta(minutes=5), timedelta(hours=6))


def local(day: int, hour: float, month: int = 3) -> datetime:
    """A time in Shanghai; 2 March 2026 is a Monday."""
    return (datetime(2026, month, day, tzinfo=SHANGHAI) + timedelta(hours=hour)).astimezone(UTC)


AT_NINE = [local(day, 9 + (day % 3) / 20) for day in range(2, 29) if (day - 2) % 7 < 5]


def reads(came: Sequence[datetime], start: datetime, end: datetime, bounds: Bounds = BOUNDS) -> list[datetime]:
    """When a source is read that brings nothing any more."""
    found, now = [], start
    while now < end:
        now = next_read(came, now, bounds, "Asia/Shanghai")
        found.append(now)
    return found


def test_source_that_publishes_at_nine_on_weekdays_is_read_then() -> None:
    monday = reads(AT_NINE, local(30, 0), local(31, 0))
    hours = [(at - local(30, 0)).total_seconds() / 3600 for at in monday]
    near = [hour for hour in hours if 8.5 <= hour <= 9.6]
    assert len(near) >= 4
    assert any(9 <= hour <= 9.2 for hour in near)
    assert len(monday) <= 16
    sunday = reads(AT_NINE, local(29, 0), local(30, 0))
    assert len(sunday) < len(monday) / 1.5


def test_working_day_that_is_a_holiday_is_like_a_sunday() -> None:
    may_day = reads(AT_NINE, local(1, 0, 5), local(2, 0, 5))
    thursday = reads(AT_NINE, local(9, 0, 4), local(10, 0, 4))
    assert len(may_day) < len(thursday)


@pytest.mark.parametrize("bounds", [BOUNDS, Bounds(timedelta(hours=1), timedelta(hours=2))])
def test_bounds_are_kept_whatever_the_past(bounds: Bounds) -> None:
    busy = [local(20, minute / 4) for minute in range(600)]
    for came in ([], AT_NINE, busy):
        start = local(27, 0)
        found = [start, *reads(came, start, local(29, 0), bounds)]
        waits = [other - one for one, other in pairwise(found)]
        assert min(waits) >= bounds.least
        assert max(waits) <= bounds.most


def test_least_time_wins_where_bounds_contradict_each_other() -> None:
    odd = Bounds(timedelta(hours=3), timedelta(hours=1))
    assert next_read(AT_NINE, local(29, 0), odd, "Asia/Shanghai") == local(29, 3)


def test_unknown_source_is_read_every_half_hour() -> None:
    assert next_read(AT_NINE[:4], local(10, 0), BOUNDS, "Asia/Shanghai") == local(10, 0.5)
    old = [instant - timedelta(days=400) for instant in AT_NINE]
    assert next_read(old, local(10, 0), BOUNDS, "Asia/Shanghai") == local(10, 0.5)


def test_what_brings_more_is_read_more_often() -> None:
    counts = []
    for number in (2, 8, 32):
        came = [local(day, hour * 24 / number + day / 40) for day in range(2, 29) for hour in range(number)]
        counts.append(len(reads(came, local(29, 0), local(30, 0))))
    assert counts == sorted(set(counts))


def test_same_past_gives_the_same_time_in_any_order() -> None:
    assert next_read(AT_NINE[::-1], local(29, 0), BOUNDS, "Asia/Shanghai") == next_read(
        AT_NINE, local(29, 0), BOUNDS, "Asia/Shanghai"
    )


def test_hours_are_those_of_the_zone_when_clocks_are_changed() -> None:
    """Published at nine in Berlin, before and after the night of 29 March 2026."""
    berlin = ZoneInfo("Europe/Berlin")
    came = [datetime(2026, 3, day, 9, 2, tzinfo=berlin) for day in range(2, 28)]
    now = datetime(2026, 3, 30, 7, 30, tzinfo=berlin).astimezone(UTC)
    found = []
    while now < datetime(2026, 3, 30, 11, 0, tzinfo=berlin):
        now = next_read(came, now, BOUNDS, "Europe/Berlin")
        found.append(now.astimezone(berlin))
    assert sum((at.hour, at.minute // 30) in ((8, 1), (9, 0)) for at in found) >= 3


def test_times_are_told_by_the_source_or_else_by_the_read_that_found_it() -> None:
    def card(published: datetime, arrival: datetime) -> Card:
        return Card(seq=1, id="a", source="news", published=published, updated=published, arrival=arrival)

    nine, found, later = local(2, 9), local(2, 9.5), local(20, 0)
    day_alone = local(2, 0) + timedelta(seconds=3)
    cards = [card(nine, found), card(nine, later), card(day_alone, found), card(day_alone, later)]
    assert times_of(cards, "Asia/Shanghai") == (nine, nine, found)


def test_source_is_never_read_sooner_than_it_asks_as_far_as_the_bounds_go() -> None:
    now = local(2, 9)
    soon = now + timedelta(minutes=5)
    assert heed(soon, now, PollHints(min_interval=3600), BOUNDS.most) == now + timedelta(hours=1)
    assert heed(soon, now, PollHints(min_interval=90_000), BOUNDS.most) == now + BOUNDS.most


# in the house


@pytest.fixture
def opened(tmp_path: Path, store: Store) -> Callable[[str], OpenSource]:
    def open_it(lines: str) -> OpenSource:
        path = tmp_path / "config.yaml"
        path.write_text(
            f"schedule: {{jitter: 0s}}\nsources:\n  news:\n    kind: listing\n    url: http://a.example.org/\n{lines}",
            encoding="utf-8",
        )
        config = load_config(str(path), {})
        with open_door(config) as door:
            return open_sources(config, door, store)["news"]

    return open_it


def test_adaptive_source_is_read_by_its_past(
    opened: Callable[[str], OpenSource], store: Store, clock: FakeClock
) -> None:
    scene = Scene(store, clock)
    source = opened("    every: adaptive\n    max_every: 2h\n")
    scene.house.sources["news"] = replace(
        scene.house.sources["news"], adapts=source.adapts, heeds=source.heeds, longest_wait=source.longest_wait
    )
    scene.begin()
    scene.read_again()
    state = store.state("news")
    assert state.next_run == clock() + timedelta(minutes=30), "its articles are of last year"
    with store.writing() as writer:
        writer.put_state(replace(state, facts=remember(state.facts, PollHints(min_interval=80_000))))
    scene.read_again()
    assert store.state("news").next_run == clock() + timedelta(hours=2)


def test_fixed_sources_do_not_adapt(opened: Callable[[str], OpenSource]) -> None:
    for lines in ("", "    every: 10m\n", "    cron: 0 9 * * *\n"):
        assert opened(lines).adapts is None
    assert opened("    every: adaptive\n").heeds


def test_source_that_is_pushed_to_does_not_adapt(tmp_path: Path, store: Store) -> None:
    """Letters make it due; those that one transaction does not hold are not to wait for hours."""
    path = tmp_path / "config.yaml"
    path.write_text("schedule: {every: adaptive}\nsources:\n  desk: {kind: push}\n", encoding="utf-8")
    config = load_config(str(path), {})
    with open_door(config) as door:
        assert open_sources(config, door, store)["desk"].adapts is None


def test_rate_that_is_none_is_told_with_what_is_allowed(opened: Callable[[str], OpenSource]) -> None:
    with pytest.raises(ConfigError, match="adaptive, or a duration"):
        opened("    every: sometimes\n")


def test_simulated_sources_are_found_sooner_at_fewer_requests() -> None:
    """The benchmark's measure, on two of its patterns."""
    end = adaptive.START + timedelta(weeks=8)
    for name, most_requests, most_delay in (("weekdays at nine", 16, 12), ("three times a day", 36, 10)):
        articles = adaptive.published(adaptive.PATTERNS[name], 8, 1)
        requests, delay, _ = adaptive.measure(articles, adaptive.read_adaptively(articles, end))
        assert requests < most_requests, name
        assert delay < most_delay, name
