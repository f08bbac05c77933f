"""Rebuilding: everything that is stale in the end, and news first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feedservice.config.settings import FeedSettings
from feedservice.formats import FORMATS
from feedservice.model import Feed, FeedKind, Site
from feedservice.protocols import Store
from feedservice.publish import Press
from feedservice.rebuild import make_stale, rebuild
from tests.fakes import FakeClock
from tests.store_examples import arrival, intake, save

SITE = Site(title="Example", base_url="https://feeds.example.org")
NAMES = [f"s{number:03}" for number in range(60)]


@pytest.fixture
def press(store: Store, clock: FakeClock) -> Press:
    clock.pass_(days=2)
    feeds = [Feed(name="all", kind=FeedKind.ALL, title="Example")]
    feeds += [Feed(name=name, kind=FeedKind.SOURCE, title=name) for name in NAMES]
    with store.writing() as writer:
        writer.define_feeds(feeds, "x")
    return Press(formats=FORMATS, site=SITE, settings=FeedSettings(), clock=clock)


def test_news_do_not_wait_for_all_feeds_to_be_written_anew(store: Store, press: Press) -> None:
    """What becomes stale meanwhile is in the next few that are written."""
    rebuild(store, press)
    make_stale(store, None)
    order: list[str] = []

    def step(done: int, of: int, feed: str) -> None:
        if not order:
            save(store, intake(arrival(1), source=NAMES[55]))
        order.append(feed)

    rebuild(store, press, step=step)
    assert len(order) >= len(NAMES) + 1
    assert set(order) == {"all", *NAMES}
    assert {"all", NAMES[55]} <= set(order[16:32])
    assert store.stale() == {}


@pytest.mark.slow
def test_what_has_waited_longest_is_not_passed_over_for_ever(store: Store, press: Press) -> None:
    """However much comes meanwhile, every feed has its turn."""
    order: list[str] = []

    def step(done: int, of: int, feed: str) -> None:
        order.append(feed)
        if len(order) < 300:
            save(store, intake(arrival(len(order)), source=NAMES[len(order) % 20]))

    rebuild(store, press, step=step)
    assert set(order[:120]) >= set(NAMES[40:])
    assert store.stale() == {}


def test_feed_that_wants_another_turn_at_another_time_is_left_till_then(store: Store, press: Press) -> None:
    """Dates by arrival are held back for seconds: nobody waits for those in a circle."""
    held = Press(
        formats=FORMATS, site=SITE, settings=FeedSettings(dates="arrival"), clock=press.clock, shape=press.shape
    )
    now = press.clock()
    ahead = [arrival(number, published=now) for number in range(3)]
    save(store, intake(*(replace(each, arrival=now + timedelta(seconds=at)) for at, each in enumerate(ahead))))
    rebuild(store, held)
    assert "all" in store.stale()
