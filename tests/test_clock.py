"""A machine whose clock is wrong, or is set: what was served stands still, and each subscriber sees everything once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from feedservice.config.settings import FeedSettings
from feedservice.protocols import Store
from feedservice.rebuild import make_stale
from tests.emulators import Newsroom
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
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


def test_feed_that_was_not_written_while_the_clock_was_ahead_goes_on_when_it_is_set_back(
    store: Store, clock: FakeClock
) -> None:
    """Its next article arrives after all others, years from now; nobody waits until then."""
    house = House(store, FakeWeb(), clock)
    house.settings = FeedSettings(dates="arrival")

    def bring(source: str, number: int) -> None:
        items = [
            {"id": f"{source}-{each}", "title": f"{each}", "content_html": "<p>Words.</p>"} for each in range(number)
        ]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": source, "items": items[::-1]}
        house.web.put(f"https://{source}.example/f", json.dumps(feed), "application/feed+json")
        house.refresh(source)
        house.rebuild()

    for source in ("ahead", "behind"):
        house.add(source, "feed", {"url": f"https://{source}.example/f", "full_text": "feed"})
        bring(source, 1)
    clock.pass_(minutes=5)
    house.rebuild()
    right = clock.now
    clock.pass_(days=4 * 365)
    bring("ahead", 2)
    clock.now = right + timedelta(hours=1)
    bring("behind", 2)
    assert {feed: len(house.items(feed)) for feed in ("ahead", "behind", "all")} == {"ahead": 2, "behind": 2, "all": 4}
    assert not store.stale()
    dates = [date for _, _, date in house.items("all")]
    assert len(set(dates)) == 4


@pytest.mark.parametrize("seconds", [90, pytest.param(150, marks=pytest.mark.slow)])
def test_what_was_shown_while_the_clock_was_ahead_stays_when_it_catches_up(
    store: Store, clock: FakeClock, seconds: int
) -> None:
    """In the last minute a burst was held back once more, and came again to readers that forget what left a feed."""
    house = House(store, FakeWeb(), clock)
    house.settings = FeedSettings(dates="arrival")
    newsroom = Newsroom(house.web)
    house.add("news", "feed", {"url": newsroom.url})
    newsroom.publish(None)
    house.refresh("news")
    house.rebuild()
    clock.pass_(seconds=-seconds)
    newsroom.publish(*[None] * 40)
    house.refresh("news")
    house.rebuild()
    assert len(house.items("news")) == 41
    before = house.items("news")
    for _ in range(20):
        clock.pass_(seconds=10)
        make_stale(store, None)
        house.rebuild()
        assert house.items("news") == before
    assert not store.stale()
