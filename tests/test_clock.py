"""A machine whose clock is wrong, or is set: what was served stands still, and each subscriber sees everything once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from tests.test_subscribers_property import LONG, MORE, QUICK, Subscribed, SubscribedToTruth

MOMENTS = [
    datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC),  # summer time ends in Berlin
    datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),  # where leap seconds are
    datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC),  # 32 bits of seconds end
]


class MovingClock(Subscribed):
    """The same on a machine whose clock is set: back, ahead, over the end of daylight saving time, and past 2038."""

    # Dates of arrival go on from what was served, so that readers with a watermark lose nothing.
    ahead = timedelta(minutes=10)

    def look(self) -> None:
        """As anybody does, and once more: what waits for a clock that is up to a minute behind has come by then."""
        self.house.rebuild()
        self.clock.pass_(seconds=90)
        super().look()

    @rule(to=st.sampled_from([-1.0, 1.0, -1 / 24, 1 / 86400, *MOMENTS]))
    def clock_is_set(self, to: float | datetime) -> None:
        self.clock.now = to if isinstance(to, datetime) else self.clock.now + timedelta(days=to)
        self.look()


class MovingClockAndTruth(MovingClock, SubscribedToTruth):
    """The same with the dates that the sites give."""

    ahead = timedelta()


@pytest.mark.parametrize("machine", [MovingClock, MovingClockAndTruth])
def test_what_was_served_stays_and_what_is_new_comes_when_the_clock_is_set_back(machine: type[MovingClock]) -> None:
    story = machine()
    try:
        story.articles_come("first", ["none", "none"])
        story.clock_is_set(-1.0)
        story.everything_is_written_anew()
        story.articles_come("first", ["none", "just now"])
        story.articles_come_from_two_sources("none", "noon")
    finally:
        story.teardown()


@pytest.mark.parametrize("effort", [QUICK, pytest.param(MORE, marks=pytest.mark.slow)], ids=["some", "more"])
@pytest.mark.parametrize("machine", [MovingClock, pytest.param(MovingClockAndTruth, marks=pytest.mark.slow)])
def test_everybody_sees_everything_once_however_the_clock_is_set(machine: type[MovingClock], effort: settings) -> None:
    run_state_machine_as_test(machine, settings=effort)


@pytest.mark.campaign
@pytest.mark.parametrize("machine", [MovingClock, MovingClockAndTruth])
def test_everybody_sees_everything_once_however_the_clock_is_set_for_long(machine: type[MovingClock]) -> None:
    run_state_machine_as_test(machine, settings=LONG)
