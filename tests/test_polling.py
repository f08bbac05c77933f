"""A source that asks to be read more seldom is, and never less often than once a day for that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feedservice.model import PollHints
from feedservice.schedule.polling import (
    heed,
    recall,
    remember,
    remember_rest,
    remember_whole,
    rest_is_due,
    whole_is_due,
)

NOW = datetime(2026, 1, 7, 10, 30, tzinfo=UTC)  # a Wednesday
SOON = NOW + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("hints", "expected"),
    [
        (PollHints(), SOON),
        (PollHints(min_interval=60), SOON),
        (PollHints(min_interval=7200), NOW + timedelta(hours=2)),
        (PollHints(min_interval=10**9), NOW + timedelta(days=1)),
        (PollHints(skip_hours=frozenset({11, 12})), datetime(2026, 1, 7, 13, 0, tzinfo=UTC)),
        (PollHints(skip_hours=frozenset({3})), SOON),
        (PollHints(skip_days=frozenset({2})), datetime(2026, 1, 8, 0, 0, tzinfo=UTC)),
        (PollHints(skip_days=frozenset({2}), skip_hours=frozenset({0})), datetime(2026, 1, 8, 1, 0, tzinfo=UTC)),
        (PollHints(skip_hours=frozenset(range(24))), SOON),
    ],
)
def test_what_a_source_asks_for_is_heeded(hints: PollHints, expected: datetime) -> None:
    assert heed(SOON, NOW, hints) == expected


def test_what_a_source_asked_for_outlives_a_restart_and_leaves_other_facts_alone() -> None:
    hints = PollHints(min_interval=600, skip_hours=frozenset({1, 2}), skip_days=frozenset({6}))
    facts = remember({"usual_offers": 5}, hints)
    assert facts["usual_offers"] == 5
    assert recall(facts) == hints
    assert recall({}) == PollHints()


def test_source_is_read_in_full_four_times_a_day_even_when_its_list_stands_still() -> None:
    facts = remember_whole({}, NOW)
    assert not whole_is_due({}, NOW)
    assert not whole_is_due(facts, NOW + timedelta(hours=5))
    assert whole_is_due(facts, NOW + timedelta(hours=6))


def test_full_read_of_a_clock_that_was_ahead_counts_for_nothing() -> None:
    assert whole_is_due(remember_whole({}, NOW + timedelta(days=3650)), NOW)


def test_what_could_not_be_read_is_tried_at_once_then_after_waits_that_double_up_to_six_hours() -> None:
    facts = remember_rest({}, NOW, unfinished=False)
    assert not rest_is_due(facts, NOW)
    facts = remember_rest({"usual_offers": 5}, NOW, unfinished=True)
    tried = []
    for minutes in range(10, 3_000, 10):
        now = NOW + timedelta(minutes=minutes)
        if rest_is_due(facts, now):
            tried.append(minutes)
        facts = remember_rest(facts, now, unfinished=rest_is_due(facts, now))
    assert tried[:7] == [10, 20, 40, 80, 160, 320, 640]
    assert tried[7:] == [1000, 1360, 1720, 2080, 2440, 2800]
    now = NOW + timedelta(days=5)
    assert remember_rest(facts, now, unfinished=False) == {"usual_offers": 5}


def test_try_of_a_clock_that_was_ahead_counts_for_nothing() -> None:
    facts = remember_rest({}, NOW + timedelta(days=365), unfinished=True)
    assert rest_is_due(facts, NOW)
    facts = remember_rest(facts, NOW, unfinished=True)
    facts = remember_rest(facts, NOW + timedelta(minutes=10), unfinished=True)
    assert not rest_is_due(facts, NOW + timedelta(minutes=15))
    assert rest_is_due(facts, NOW + timedelta(minutes=20))
