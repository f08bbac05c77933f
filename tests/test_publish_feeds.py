"""A feed's articles become served documents: what is wrong is left out and told of, and the last good bytes stay."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, make_url

from feedservice.formats import FORMATS
from feedservice.formats.atom import ATOM
from feedservice.formats.jsonfeed import JSON
from feedservice.formats.rss import RSS
from feedservice.model import Arrival, Edition, Fields, Showing
from feedservice.protocols import Format, Frame, Store
from feedservice.publish import Published
from tests.fakes import FakeClock
from tests.publish_examples import Press, add, body, documents, ids
from tests.store_examples import OTHER, START, arrival


@pytest.fixture
def press(store: Store, clock: FakeClock) -> Press:
    return Press(store, clock)


def spoiled(row: Format, spoil: Callable[[bytes], bytes]) -> Format:
    """The format with its opening spoiled."""

    def frame(edition: Edition) -> Frame:
        made = row.frame(edition)
        return Frame(spoil(made.opening), made.closing)

    return replace(row, frame=frame)


def test_feed_is_published_in_every_format_newest_first(store: Store, press: Press) -> None:
    add(store, *map(arrival, range(3)))
    assert press() == Published(feed="all", documents_changed=len(FORMATS))
    newest_first = [arrival(number).id for number in (2, 1, 0)]
    assert [ids(store, row) for row in FORMATS] == [newest_first] * len(FORMATS)
    assert [document.media_type for document in documents(store)] == [row.media_type for row in FORMATS]
    assert {document.feed for document in documents(store)} == {"all"}


def test_published_feed_is_stale_no_more(store: Store, press: Press) -> None:
    add(store, arrival(1))
    assert "all" in store.stale()
    press()
    assert "all" not in store.stale()


def test_feed_that_became_stale_while_it_was_written_stays_stale(store: Store, press: Press, clock: FakeClock) -> None:
    add(store, arrival(1))

    def come_between(opening: bytes) -> bytes:
        add(store, arrival(2))
        return opening

    press(formats=[spoiled(RSS, come_between)])
    assert "all" in store.stale()
    press()
    assert ids(store, RSS) == [arrival(2).id, arrival(1).id]


def test_feed_of_nothing_is_published_with_a_date_of_its_own(store: Store, press: Press) -> None:
    assert press().documents_changed == len(FORMATS)
    assert ids(store) == []
    assert b"2000-01-01T08:00:00+08:00" in body(store, ATOM)


def test_feed_date_is_the_newest_of_its_articles(store: Store, press: Press, clock: FakeClock) -> None:
    add(store, arrival(1), replace(arrival(2), updated=START + timedelta(minutes=30)), arrival(3))
    press()
    assert b"<updated>2026-01-05T09:30:00+08:00</updated><author>" in body(store, ATOM)


def test_rebuild_of_the_same_articles_changes_no_byte_tag_or_date(store: Store, press: Press, clock: FakeClock) -> None:
    add(store, *map(arrival, range(5)))
    press()
    before = documents(store)
    clock.pass_(days=3)
    assert press().documents_changed == 0
    assert documents(store) == before


def test_changed_feed_is_dated_when_it_changed(store: Store, press: Press, clock: FakeClock) -> None:
    add(store, arrival(1))
    press()
    clock.pass_(days=1, microseconds=7)
    add(store, arrival(-9_000))
    assert press().documents_changed == len(FORMATS)
    assert {document.last_modified for document in documents(store)} == {START + timedelta(days=1, hours=1)}


def test_feed_that_was_served_by_a_clock_that_was_ahead_stays_and_goes_on(
    store: Store, press: Press, clock: FakeClock
) -> None:
    """What came when the clock was ahead is no article of the future; dates go on from those that were served."""
    clock.pass_(hours=5)
    ahead = arrival(1)
    add(store, replace(ahead, published=clock(), updated=clock(), arrival=clock()))
    press()
    before = [document.last_modified for document in documents(store)]
    clock.pass_(hours=-4)
    add(store, arrival(2))
    told = press()
    assert not told.isolated
    assert set(ids(store)) == {ahead.id, arrival(2).id}
    after = [document.last_modified for document in documents(store)]
    assert all(new > old for new, old in zip(after, before, strict=True))


def test_changed_media_type_is_published(store: Store, press: Press) -> None:
    press()
    assert press(formats=[replace(RSS, media_type="text/xml")]).documents_changed == 1
    assert documents(store)[0].media_type == "text/xml"


def test_feed_holds_no_more_items_than_were_asked_for(store: Store, press: Press) -> None:
    add(store, *map(arrival, range(10)))
    press(items=4, archive=False)
    assert ids(store) == [arrival(number).id for number in (9, 8, 7, 6)]


def withdraw(store: Store, clock: FakeClock, *numbers: int) -> None:
    with store.writing() as writer:
        for number in numbers:
            assert writer.withdraw(arrival(number).id, clock())


def told(store: Store) -> list[int]:
    """The numbers of the articles in the feed, oldest first; the same in every format."""
    first, *others = [
        [int(one.rpartition("/")[2].partition(".")[0]) for one in ids(store, row)] for row in FORMATS if not row.dialect
    ]
    assert others == [first] * len(others)
    return first[::-1]


def test_withdrawn_articles_take_no_places_of_a_feed_that_was_never_served(
    store: Store, press: Press, clock: FakeClock
) -> None:
    add(store, *map(arrival, range(30)))
    withdraw(store, clock, *range(15, 30))
    press(items=10, archive=False)
    assert told(store) == [*range(5, 15)]
    press(items=10, archive=False)
    assert told(store) == [*range(5, 15)]


def test_withdrawn_article_gives_its_place_to_what_the_feed_shows_already(
    store: Store, press: Press, clock: FakeClock
) -> None:
    """Not to what left the feed, which would be news again to readers that have forgotten it."""
    add(store, *map(arrival, range(30)))
    press(items=10, archive=False)
    withdraw(store, clock, 25)
    press(items=10, archive=False)
    assert told(store) == [20, 21, 22, 23, 24, 26, 27, 28, 29]
    add(store, arrival(30))
    press(items=10, archive=False)
    assert told(store) == [20, 21, 22, 23, 24, 26, 27, 28, 29, 30]
    add(store, arrival(31))
    press(items=10, archive=False)
    assert told(store) == [21, 22, 23, 24, 26, 27, 28, 29, 30, 31]


def test_feed_that_may_hold_more_grows_by_what_is_new_alone(store: Store, press: Press) -> None:
    add(store, *map(arrival, range(30)))
    press(items=5, archive=False)
    press(items=20, archive=False)
    assert told(store) == [*range(25, 30)]
    add(store, *map(arrival, range(30, 40)))
    press(items=20, archive=False)
    press(items=20, archive=False)
    assert told(store) == [*range(25, 40)]
    add(store, *map(arrival, range(40, 50)))
    press(items=20, archive=False)
    assert told(store) == [*range(30, 50)]


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 4))])
def test_what_left_a_feed_without_an_archive_never_comes_back(
    store: Store, press: Press, clock: FakeClock, seed: int
) -> None:
    chance, number = random.Random(seed), 20
    add(store, *map(arrival, range(number)))
    gone, before = set[int](), set[int]()
    left = set(range(number))
    fresh = set(left)
    for turn in range(25):
        if chance.random() < 0.5:
            taken = chance.sample(sorted(left)[-8:], chance.randint(1, 3))
            withdraw(store, clock, *taken)
            left -= set(taken)
        else:
            more = chance.randint(1, 3)
            add(store, *map(arrival, range(number, number + more)))
            fresh |= set(range(number, number + more))
            left |= fresh
            number += more
        if turn % 7 == 3:
            with store.writing() as writer:
                writer.mark_stale(whole=True)
        press(items=6, archive=False)
        now = set(told(store))
        assert len(now) <= 6
        assert not now & gone
        assert now == set(sorted(left & (before | fresh))[-6:])
        gone |= before - now
        before, fresh = now, set()


def test_items_know_their_category_and_source(store: Store, press: Press) -> None:
    add(store, arrival(1, categories=(OTHER,)))
    press()
    told = json.loads(body(store))["items"][0]
    assert told["tags"] == ["其他信息"]
    assert told["_source"]["title"] == "泰达要闻"


def test_article_with_characters_that_no_feed_may_have_is_published_without_them(store: Store, press: Press) -> None:
    dirty = "bad\x0b\ud800\ufffe 🏳️‍🌈"
    add(store, arrival(1), arrival(2, fields=Fields(title=dirty, summary=dirty, body=f"<p>{dirty}</p>")))
    assert press() == Published(feed="all", documents_changed=len(FORMATS))
    for row in FORMATS:
        assert row.read(body(store, row)).titles == ("bad 🏳️‍🌈", "第1条")


POISON = {
    "relative address in the body": arrival(2, fields=Fields(title="t", body='<a href="x.html">x</a>')),
    "script as an address": arrival(2, fields=Fields(title="t", body='<a href="javascript:x()">x</a>')),
    "from the future": arrival(2, published=START + timedelta(days=1)),
    "id that is no IRI": arrival(2, id="no iri"),
    "link that leads nowhere": replace(arrival(2), url="urn:x:2"),
}


@pytest.mark.parametrize("bad", POISON.values(), ids=list(POISON))
def test_poisoned_article_is_left_out_and_told_of_and_the_rest_is_published(
    store: Store, press: Press, bad: Arrival
) -> None:
    add(store, arrival(1), bad, arrival(3))
    result = press()
    assert [article for article, _ in result.isolated] == [bad.id]
    assert result.isolated[0][1].startswith("RSS: ")
    assert result.documents_changed == len(FORMATS)
    assert result.failures == ()
    assert [ids(store, row) for row in FORMATS] == [[arrival(3).id, arrival(1).id]] * len(FORMATS)


def test_every_poisoned_article_is_left_out(store: Store, press: Press) -> None:
    bad = [replace(each, key=str(at), id=f"{each.id}#{at}") for at, each in enumerate(POISON.values())]
    add(store, *map(arrival, range(10, 30)), *bad)
    result = press()
    assert {article for article, _ in result.isolated} == {each.id for each in bad}
    assert ids(store) == [arrival(number).id for number in reversed(range(10, 30))]


def test_article_from_the_future_comes_when_its_time_has_come(store: Store, press: Press, clock: FakeClock) -> None:
    add(store, arrival(1), POISON["from the future"])
    press()
    clock.pass_(days=2)
    assert press().isolated == ()
    assert ids(store) == [arrival(2).id, arrival(1).id]


def test_feed_without_one_good_article_keeps_its_last_good_documents(store: Store, press: Press) -> None:
    add(store, arrival(1))
    press()
    before = documents(store)
    add(store, POISON["from the future"])
    result = press(items=1, archive=False)
    assert [failure.partition(":")[0] for failure in result.failures] == [row.title for row in FORMATS]
    assert all("nor does any article pass alone" in failure for failure in result.failures)
    assert result.documents_changed == 0
    assert documents(store) == before


def _refuses(opening: bytes) -> bytes:
    raise ValueError("All strings must be XML\ncompatible")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda opening: opening[:-1],
        lambda opening: b"",
        lambda opening: opening.replace(b"/feeds/all.rss", b"/feeds/other.rss"),
        lambda opening: opening.replace(b"<rss ", b"<!-- \x0b --><rss "),
        _refuses,
    ],
    ids=["cut", "empty", "elsewhere", "control character", "not written"],
)
@pytest.mark.parametrize("articles", [0, 2])
def test_broken_format_keeps_its_last_good_document_and_the_others_go_on(
    store: Store, press: Press, spoil: Callable[[bytes], bytes], articles: int
) -> None:
    press()
    before = body(store, RSS)
    add(store, *map(arrival, range(articles)))
    result = press(formats=[spoiled(RSS, spoil), ATOM, JSON])
    assert [failure.partition(": ")[0] for failure in result.failures] == ["RSS"]
    assert "\n" not in result.failures[0]
    assert body(store, RSS) == before
    assert len(ids(store, ATOM)) == len(ids(store, JSON)) == articles


def item_of(row: Format, bad: str, spoil: Callable[[bytes], bytes]) -> Format:
    """The format with the item of one article spoiled."""

    def item(showing: Showing) -> bytes:
        made = row.item(showing)
        return spoil(made) if showing.article.id == bad else made

    return replace(row, item=item)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda item: item.replace(b"+0800</pubDate>", b"+0900</pubDate>"),
        lambda item: item[:-1],
        lambda item: item + item,
        lambda item: b"",
        lambda item: item.replace(b"<item>", b"</channel></rss><item>"),
        _refuses,
    ],
    ids=["date", "cut", "twice", "nothing", "end of the feed", "not written"],
)
def test_article_that_a_format_spoils_is_left_out_and_told_of(
    store: Store, press: Press, spoil: Callable[[bytes], bytes]
) -> None:
    add(store, *map(arrival, range(3)))
    result = press(formats=[item_of(RSS, arrival(2).id, spoil)])
    assert [article for article, _ in result.isolated] == [arrival(2).id]
    assert ids(store, RSS) == [arrival(1).id, arrival(0).id]


def test_format_that_can_write_no_article_keeps_its_last_good_document(store: Store, press: Press) -> None:
    press()
    before = body(store, RSS)
    add(store, arrival(1), arrival(2))
    result = press(formats=[replace(RSS, item=lambda showing: _refuses(b"")), ATOM])
    assert [failure.partition(": ")[0] for failure in result.failures] == ["RSS"]
    assert "nor does any article pass alone" in result.failures[0]
    assert body(store, RSS) == before
    assert len(ids(store, ATOM)) == 2


def test_of_two_articles_with_one_id_in_a_damaged_store_one_is_published(
    store: Store, store_url: str, press: Press
) -> None:
    add(store, arrival(1), arrival(2))
    engine = create_engine(make_url(store_url.replace("postgresql:", "postgresql+pg8000:")))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE articles SET id = 'urn:example:1'")
    engine.dispose()
    result = press()
    assert result.isolated == (("urn:example:1", "RSS: its id is there twice"),)
    for row in FORMATS:
        assert row.read(body(store, row)).ids in (("urn:example:1",), None)
        assert len(ids(store, row)) == 1
