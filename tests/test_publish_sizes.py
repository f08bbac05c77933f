"""Feeds and articles that are too large make room, the oldest first, and stay readable."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedservice.config.settings import FeedSettings
from feedservice.formats import FORMATS
from feedservice.formats.atom import ATOM
from feedservice.formats.rss import RSS
from feedservice.model import Fields
from feedservice.protocols import Store
from feedservice.publish.sizes import article_limit, most_that_fit, told_briefly, written_size
from tests.fakes import FakeClock
from tests.format_examples import article
from tests.publish_examples import ALL, Press, add, body, documents, ids, long
from tests.store_examples import START, arrival


@pytest.fixture
def press(store: Store, clock: FakeClock) -> Press:
    return Press(store, clock)


def test_feed_over_its_size_makes_room_by_leaving_out_the_oldest(store: Store, press: Press) -> None:
    add(store, *(long(number, 5_700) for number in range(40)))
    result = press(max_bytes=60_000)
    assert (result.isolated, result.shortened, result.cut, result.failures) == ((), (), (), ())
    count = len(ids(store))
    for row in FORMATS:
        document = body(store, row)
        # What leaves for one format leaves for all, and some say less of each article.
        assert ids(store, row) == [arrival(number).id for number in range(39, 39 - count, -1)]
        assert 60_000 * (0.7 if row.dialect else 0.85) < len(document) <= 60_000


def test_shortened_feed_is_dated_by_what_it_holds(store: Store, press: Press) -> None:
    fresh = replace(long(0, 3_000), updated=START + timedelta(minutes=50))
    add(store, fresh, *(long(number, 3_000) for number in range(1, 20)))
    press(max_bytes=20_000)
    assert fresh.id not in ids(store)
    assert b"<updated>2026-01-05T09:19:00+08:00</updated><author>" in body(store, ATOM)


def test_poisoned_article_of_a_feed_over_its_size_is_left_out_too(store: Store, press: Press) -> None:
    bad = arrival(30, fields=Fields(title="t", body='<a href="x.html">x</a>'))
    add(store, *(long(number, 2_000) for number in range(20)), bad)
    result = press(max_bytes=20_000)
    assert [article for article, _ in result.isolated] == [bad.id]
    assert ids(store)[0] == arrival(19).id
    assert len(body(store, RSS)) <= 20_000


def test_article_too_large_for_a_feed_is_told_by_summary_and_link(store: Store, press: Press) -> None:
    large = long(1, 8_000)
    add(store, large, arrival(2))
    result = press(max_bytes=10_000)
    assert result.shortened == (large.id,)
    assert ids(store) == [arrival(2).id, large.id]
    told = json.loads(body(store))["items"][1]
    assert told["content_html"] == f'<p>{"长" * 200}</p><p><a href="{large.url}">第1条</a></p>'
    assert told["summary"] == "长" * 200


def test_article_too_large_even_without_its_body_is_left_out(store: Store, press: Press) -> None:
    large = arrival(1, fields=Fields(title="t", body="<p>x</p>", extras=(("k", "v" * 9_000),)))
    add(store, large, arrival(2))
    result = press(max_bytes=10_000)
    assert result.isolated == ((large.id, "it takes more than 5,000 bytes even without its body"),)
    assert ids(store) == [arrival(2).id]


def test_feed_whose_own_description_is_too_large_is_refused(store: Store, press: Press) -> None:
    result = press(feed=replace(ALL, description="长" * 5_000), max_bytes=10_000)
    assert len(result.failures) == 4
    assert all("where 10,000 are allowed" in failure for failure in result.failures)
    assert len(documents(store)) == 2, "two dialects say nothing of the feed itself"


def test_an_article_is_never_larger_than_half_a_feed_nor_than_a_megabyte() -> None:
    assert article_limit(10_000) == 5_000
    assert article_limit(2_000_000) == article_limit(100_000_000) == 1_000_000


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@settings(deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_written_size_is_about_what_an_article_takes(title: str, summary: str, text: str) -> None:
    one = article(1, fields=Fields(title=title, summary=summary, body=f"<p>{text}</p>"))
    assert written_size(one) >= len(one.fields.body.encode())
    assert written_size(replace(one, fields=replace(one.fields, body=text * 2))) >= written_size(
        replace(one, fields=replace(one.fields, body=text))
    )


def test_written_size_of_text_that_cannot_be_encoded_is_still_known() -> None:
    assert written_size(article(1, fields=Fields(title="\ud800", body="\udfff" * 100))) > 100


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_article_told_briefly_is_short_and_safe(title: str, text: str) -> None:
    brief = told_briefly(article(1, fields=Fields(title=title, body=text * 50)))
    assert len(brief.fields.summary) <= 200
    assert brief.fields.body.startswith("<p>")
    assert brief.fields.body.count("<") == 6
    assert (brief.id, brief.fields.title) == (article(1).id, title)


def test_article_told_briefly_keeps_its_own_summary_and_shows_its_address_where_it_has_no_title() -> None:
    brief = told_briefly(article(1, fields=Fields(summary="a < b", body="<p>long</p>")))
    address = article(1).url
    assert brief.fields.body == f'<p>a &lt; b</p><p><a href="{address}">{address}</a></p>'


@given(
    st.lists(st.integers(min_value=1, max_value=50), min_size=1, max_size=40), st.integers(min_value=0, max_value=900)
)
def test_as_many_of_the_newest_as_fit_and_no_more(sizes: list[int], room: int) -> None:
    some = [article(number) for number in range(len(sizes))]
    count = most_that_fit(some, room, lambda kept: sum(sizes[: len(kept)]))
    assert 1 <= count <= len(sizes)
    assert count == 1 or sum(sizes[:count]) <= room
    assert count >= len(sizes) - 1 or sum(sizes[: count + 1]) > room


def test_feed_is_at_most_as_large_as_validators_and_bridges_read_by_default() -> None:
    assert FeedSettings().max_bytes <= 2_000_000
    assert FeedSettings().items <= 100
