"""Ids, dates and slugs are decided once, so that no subscriber ever sees an article twice or misses one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedservice.minting import (
    category_steps,
    decide_arrivals,
    decide_published,
    link_without_page,
    mint_id,
    path_from_breadcrumb,
    propose_slug,
)
from feedservice.model import Moment, Offer, Precision

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)  # 11:00 in Shanghai
ZONE = "Asia/Shanghai"
DAY = Precision.DAY


def day(text: str) -> Moment:
    return Moment(datetime.fromisoformat(f"{text}T00:00:00+08:00"), DAY)


def decide(*claims: Moment | None, taken: frozenset[datetime] = frozenset()) -> tuple[datetime, ...]:
    return decide_published(claims, taken=taken, now=NOW, timezone=ZONE)


@pytest.mark.parametrize(
    ("permanent_id", "url", "minted"),
    [
        ("tag:example.org,2024:7", "https://example.org/7.html", "tag:example.org,2024:7"),
        ("https://example.org/?p=7", "https://example.org/7.html", "https://example.org/?p=7"),
        ("7", "https://example.org/7.html", "https://example.org/7.html"),
        ("no scheme: and spaces", "https://example.org/7.html", "https://example.org/7.html"),
        (None, "https://example.org/7.html", "https://example.org/7.html"),
    ],
)
def test_id_is_the_sources_own_iri_else_the_first_url(permanent_id: str | None, url: str, minted: str) -> None:
    assert mint_id(Offer(key="7", url=url, permanent_id=permanent_id), "news") == minted


def test_id_without_iri_and_url_is_a_urn_of_source_and_key() -> None:
    first, again = mint_id(Offer(key="a.md"), "folder"), mint_id(Offer(key="a.md"), "folder")
    assert first == again
    assert first.startswith("urn:uuid:")
    assert mint_id(Offer(key="b.md"), "folder") != first
    assert mint_id(Offer(key="a.md"), "other") != first


def test_articles_without_page_have_links_that_differ() -> None:
    home = "https://example.org/news#top"
    links = {link_without_page(home, name) for name in ("urn:example:a", "urn:example:b")}
    assert len(links) == 2
    assert all(link.startswith("https://example.org/news#") for link in links)


def test_whole_time_is_kept() -> None:
    at = datetime(2026, 1, 4, 9, 30, 15, tzinfo=UTC)
    assert decide(Moment(at)) == (at,)


def test_missing_and_future_dates_become_first_sight_in_list_order() -> None:
    future = Moment(NOW + timedelta(days=2))
    first, second, third = decide(None, future, None)
    assert (first, second, third) == (NOW, NOW - timedelta(seconds=1), NOW - timedelta(seconds=2))


def test_first_sight_keeps_the_order_of_the_list_where_others_have_the_last_seconds() -> None:
    taken = frozenset(NOW - timedelta(seconds=second) for second in range(100))
    decided = decide(None, None, None, taken=taken)
    assert decided == tuple(NOW - timedelta(seconds=second) for second in (100, 101, 102))


def test_what_had_to_wait_has_the_date_of_its_coming() -> None:
    came = (None, NOW - timedelta(hours=2), NOW - timedelta(hours=2), NOW + timedelta(hours=1))
    decided = decide_published([None] * 4, taken=frozenset(), now=NOW, timezone=ZONE, came=came)
    early = came[1]
    assert early is not None
    assert decided == (NOW, early, early - timedelta(seconds=1), NOW - timedelta(seconds=1))


def test_day_alone_in_the_past_becomes_distinct_seconds_newest_highest() -> None:
    midnight = datetime(2026, 1, 2, 16, 0, tzinfo=UTC)
    assert decide(day("2026-01-03"), day("2026-01-03")) == (midnight + timedelta(seconds=1), midnight)


def test_later_article_of_a_past_day_comes_after_those_served() -> None:
    midnight = datetime(2026, 1, 2, 16, 0, tzinfo=UTC)
    taken = frozenset({midnight, midnight + timedelta(seconds=1)})
    assert decide(day("2026-01-03"), taken=taken) == (midnight + timedelta(seconds=2),)


def test_day_alone_that_is_today_becomes_first_sight() -> None:
    assert decide(day("2026-01-05")) == (NOW,)


def test_equal_minutes_become_distinct_seconds_and_equal_seconds_stay() -> None:
    at = datetime(2026, 1, 4, 9, 30, tzinfo=UTC)
    minutes = decide(Moment(at, Precision.MINUTE), Moment(at, Precision.MINUTE))
    assert minutes == (at + timedelta(seconds=1), at)
    assert decide(Moment(at), Moment(at)) == (at, at)


def test_full_minute_gives_way_rather_than_moving_to_the_next() -> None:
    at = datetime(2026, 1, 4, 9, 30, tzinfo=UTC)
    taken = frozenset(at + timedelta(seconds=second) for second in range(60))
    assert decide(Moment(at, Precision.MINUTE), taken=taken) == (at,)


def test_minute_that_is_still_running_never_leaves_the_present() -> None:
    taken = frozenset({NOW})
    assert decide(Moment(NOW, Precision.MINUTE), taken=taken) == (NOW,)


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.builds(
                Moment,
                st.datetimes(datetime(2025, 12, 1), datetime(2026, 2, 1), timezones=st.just(UTC)),  # noqa: DTZ001
                st.sampled_from([Precision.DAY, Precision.MINUTE]),
            ),
        ),
        max_size=40,
    )
)
def test_no_instant_is_given_twice_or_lies_in_the_future(claims: list[Moment | None]) -> None:
    whole = [claim and Moment(claim.at.replace(second=0, microsecond=0), claim.precision) for claim in claims]
    decided = decide_published(whole, taken=frozenset(), now=NOW, timezone=ZONE)
    assert len(set(decided)) == len(decided)
    assert all(instant <= NOW for instant in decided)


def test_very_first_load_keeps_its_dates_in_the_arrival_profile() -> None:
    old = (NOW - timedelta(days=30), NOW - timedelta(days=20))
    assert decide_arrivals(old, latest=None, now=NOW) == old


def test_arrival_is_never_behind_what_was_served_and_keeps_the_order_of_dates() -> None:
    published = (NOW - timedelta(days=7), NOW - timedelta(minutes=1), NOW - timedelta(days=30))
    latest = NOW - timedelta(hours=1)
    given_ = decide_arrivals(published, latest=latest, now=NOW)
    assert given_ == (NOW - timedelta(seconds=1), NOW, NOW - timedelta(seconds=2))


def test_burst_larger_than_the_seconds_left_stays_distinct() -> None:
    published = tuple(NOW - timedelta(hours=index) for index in range(5))
    given_ = decide_arrivals(published, latest=NOW - timedelta(seconds=1), now=NOW)
    assert sorted(given_) == [NOW + timedelta(seconds=index) for index in range(5)]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("资讯动态", "zixundongtai"),
        ("A&B 新闻 2024", "a-b-xinwen-2024"),
        ("Café Société", "cafe-societe"),
        ("Новости", "category-715453f2"),
        ("！", "category-631157c1"),
    ],
)
def test_slug_is_ascii_and_never_empty(title: str, slug: str) -> None:
    assert propose_slug(title) == slug


def test_category_steps_carry_title_and_slug_of_each_level() -> None:
    steps = category_steps(("资讯动态", "其他信息"))
    assert [(step.title, step.slug) for step in steps] == [("资讯动态", "zixundongtai"), ("其他信息", "qitaxinxi")]


def test_breadcrumb_loses_its_front_page_and_blanks() -> None:
    assert path_from_breadcrumb((" 首页 ", "", "资讯动态", "其他\n信息")) == ("资讯动态", "其他 信息")
    assert path_from_breadcrumb(("Home", "News")) == ("News",)
    assert path_from_breadcrumb(()) == ()
