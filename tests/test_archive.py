"""The whole past of a feed (RFC 5005): a walk from its head meets every article once, also while articles arrive."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from lxml import etree
from werkzeug.test import Client

from feedservice.config.settings import FeedSettings, ServerSettings
from feedservice.formats import FORMATS
from feedservice.model import Feed, FeedKind, Site
from feedservice.protocols import Store
from feedservice.publish import Press, Published
from feedservice.rebuild import make_stale, rebuild, rebuild_to_the_end
from feedservice.store import open_store
from feedservice.web import make_app
from tests.fakes import FakeClock
from tests.store_examples import NEWS, START, arrival, edit, intake, save

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
SITE = Site(title="Example", base_url="https://feeds.example.org")


class Publisher:
    """A store, its press, and a reader that walks what is served."""

    def __init__(self, store: Store, url: str, clock: FakeClock, settings: FeedSettings) -> None:
        self.store, self.clock, self.settings = store, clock, settings
        with store.writing() as writer:
            writer.define_feeds([Feed(name="all", kind=FeedKind.ALL, title="Example")], "x")
        self._app = make_app(open_store(url, clock), site=SITE, feeds=settings, server=ServerSettings())
        self.client = Client(self._app)

    def add(self, first: int, last: int) -> None:
        for start in range(first, last, 50):
            numbers = range(start, min(start + 50, last))
            save(self.store, intake(*(arrival(number, categories=(NEWS,)) for number in numbers)))

    @property
    def press(self) -> Press:
        shape = self.settings.model_dump_json()
        return Press(formats=FORMATS, site=SITE, settings=self.settings, clock=self.clock, shape=shape)

    def publish(self) -> None:
        while rebuild(self.store, self.press):
            pass
        self.look()

    def look(self) -> None:
        """Serve what is published by now."""
        self._app.look()

    def get(self, path: str) -> bytes:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        assert len(answer.data) <= self.settings.max_bytes
        return bytes(answer.data)

    def pages(self) -> Iterator[etree._Element]:
        """The Atom documents along prev-archive, the feed itself first."""
        url: str | None = "https://feeds.example.org/feeds/all.atom"
        while url:
            page = etree.fromstring(self.get(urlsplit(url).path))
            yield page
            links = {link.get("rel"): link.get("href") for link in page.findall(f"{ATOM}link")}
            url = links.get("prev-archive")

    def walk(self) -> list[str]:
        return [entry.findtext(f"{ATOM}id") or "" for page in self.pages() for entry in page.findall(f"{ATOM}entry")]

    def close(self) -> None:
        self._app.close()


@pytest.fixture
def publisher(store: Store, store_url: str, clock: FakeClock) -> Iterator[Publisher]:
    clock.pass_(days=30)
    made = Publisher(store, store_url, clock, FeedSettings())
    yield made
    made.close()


def every_id(count: int) -> list[str]:
    return sorted(arrival(number).id for number in range(count))


@pytest.mark.parametrize(
    "count", [0, 1, 60, 61, *(pytest.param(count, marks=pytest.mark.slow) for count in (50, 101, 230))]
)
def test_walk_meets_every_article_once(publisher: Publisher, count: int) -> None:
    publisher.add(0, count)
    publisher.publish()
    assert sorted(publisher.walk()) == every_id(count)


@pytest.mark.parametrize("step", [23, pytest.param(7, marks=pytest.mark.slow)])
def test_walk_is_whole_after_every_arrival_and_the_feed_holds_enough(publisher: Publisher, step: int) -> None:
    publisher.add(0, 60)
    for count in range(60, 130, step):
        publisher.add(count, count + step)
        publisher.publish()
        assert sorted(publisher.walk()) == every_id(count + step)
        head = next(publisher.pages())
        assert 50 <= len(head.findall(f"{ATOM}entry")) <= 60


def test_burst_brings_no_more_new_articles_to_one_fetch_than_google_news_takes(publisher: Publisher) -> None:
    """Whoever follows the pages finds the rest of it there (RFC 5005 §4)."""
    publisher.add(0, 70)
    publisher.publish()
    before = set(publisher.walk())
    publisher.add(70, 270)
    publisher.publish()
    head = {entry.findtext(f"{ATOM}id") or "" for entry in next(publisher.pages()).iter(f"{ATOM}entry")}
    assert len(head - before) <= 60
    assert sorted(publisher.walk()) == every_id(270)


def test_archive_pages_stand_still_when_articles_arrive(publisher: Publisher) -> None:
    publisher.add(0, 110)
    publisher.publish()
    first = publisher.client.get("/feeds/all/archive/1.atom")
    publisher.clock.pass_(hours=1)
    publisher.add(110, 200)
    publisher.publish()
    kept = {
        name: int(value)
        for name, _, value in (part.strip().partition("=") for part in first.headers["Cache-Control"].split(","))
    }
    assert kept["max-age"] + kept["stale-while-revalidate"] < 24 * 3600, "a withdrawn article stays for hours, not days"
    again = publisher.client.get("/feeds/all/archive/1.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Last-Modified"] == first.headers["Last-Modified"]


def test_pages_name_the_feed_and_their_neighbours_in_every_format(publisher: Publisher) -> None:
    publisher.add(0, 75)
    publisher.publish()
    head, second, first = publisher.pages()
    assert head.find(f"{HISTORY}archive") is None
    for page, number, others in ((second, 2, {"prev-archive": 1}), (first, 1, {"next-archive": 2})):
        assert page.find(f"{HISTORY}archive") is not None
        links = {link.get("rel"): link.get("href") for link in page.findall(f"{ATOM}link")}
        base = "https://feeds.example.org/feeds/all"
        expected = {"current": f"{base}.atom", "self": f"{base}/archive/{number}.atom"}
        expected |= {relation: f"{base}/archive/{other}.atom" for relation, other in others.items()}
        paged = {"alternate", "first", "previous", "next", "last"}
        assert {name: url for name, url in links.items() if name not in paged} == expected
    rss = etree.fromstring(publisher.get("/feeds/all/archive/1.rss"))
    assert rss.find(f"channel/{HISTORY}archive") is not None
    told = json.loads(publisher.get("/feeds/all.json"))
    assert told["next_url"] == "https://feeds.example.org/feeds/all/archive/2.json"
    last = json.loads(publisher.get("/feeds/all/archive/1.json"))
    assert "next_url" not in last
    assert last["feed_url"] == "https://feeds.example.org/feeds/all/archive/1.json"


def test_late_article_of_an_old_date_is_seen_in_the_feed_itself(publisher: Publisher) -> None:
    """Whatever its date: a subscriber reads what is new to the feed, and what left it never comes back."""
    publisher.add(0, 80)
    publisher.publish()
    late = arrival(500, published=START - timedelta(days=400))
    save(publisher.store, intake(late))
    publisher.publish()
    head = next(publisher.pages())
    assert late.id in [entry.findtext(f"{ATOM}id") for entry in head.findall(f"{ATOM}entry")]
    assert sorted(publisher.walk()) == sorted([*every_id(80), late.id])


def test_edit_of_an_old_article_is_told_on_its_page(publisher: Publisher) -> None:
    publisher.add(0, 110)
    publisher.publish()
    before = publisher.client.get("/feeds/all/archive/2.atom").headers["ETag"]
    fields = arrival(1).fields
    save(publisher.store, intake(edits=[edit(2, fields=type(fields)(title="Corrected", body="<p>New</p>"))]))
    publisher.publish()
    assert b"Corrected" in publisher.get("/feeds/all/archive/1.atom")
    assert publisher.client.get("/feeds/all/archive/2.atom").headers["ETag"] == before


def test_selection_that_is_titled_anew_is_so_on_its_pages_and_nobody_elses(publisher: Publisher) -> None:
    """They tell the whole feed's title and description, for people who come upon one of them alone."""
    store = publisher.store
    everything = Feed(name="all", kind=FeedKind.ALL, title="Example")
    before = Feed(name="picked", kind=FeedKind.SELECTION, title="Old title", description="Old words")
    with store.writing() as writer:
        writer.define_feeds([everything, before], "x")
    save(store, intake(*(replace(arrival(number), feeds=("picked",)) for number in range(75))))
    publisher.publish()
    others = publisher.get("/feeds/all/archive/1.atom")
    after = replace(before, title="New title", description="New words")
    with store.writing() as writer:
        writer.define_feeds([everything, after], "x")
    assert not store.feed_states(["all"])["all"].spoiled
    publisher.publish()
    for path in ("/feeds/picked", "/feeds/picked/archive/1", "/feeds/picked/archive/2"):
        for row in (row for row in FORMATS if not row.dialect):
            told = publisher.get(f"{path}.{row.suffix}")
            assert b"New title" in told
            assert b"Old title" not in told
            assert b"Old words" not in told
    assert publisher.get("/feeds/all/archive/1.atom") == others
    with store.writing() as writer:
        writer.define_feeds([everything, after], "x")
    assert not store.stale()


def test_pages_stay_true_where_no_archive_is_wanted_any_more(store: Store, store_url: str, clock: FakeClock) -> None:
    """They are served still: what is withdrawn leaves them too. No page is closed."""
    clock.pass_(hours=3)
    publisher = Publisher(store, store_url, clock, FeedSettings(items=20))
    publisher.add(0, 70)
    publisher.publish()
    last = store.last_archive("all")
    publisher.settings = FeedSettings(items=20, archive=False)
    publisher.add(70, 100)
    publisher.publish()
    with store.writing() as writer:
        assert writer.withdraw(arrival(3).id, clock())
    publisher.publish()
    for row in FORMATS:
        if not row.dialect:
            page = publisher.get(f"/feeds/all/archive/1.{row.suffix}")
            assert b"/3.html" not in page
            assert b"/4.html" in page
    first = etree.fromstring(publisher.get("/feeds/all/archive/1.atom"))
    assert "next-archive" in {link.get("rel") for link in first.findall(f"{ATOM}link")}
    assert b"prev-archive" not in publisher.get("/feeds/all.atom")
    assert store.last_archive("all") == last
    assert not store.stale()
    publisher.close()


@pytest.mark.parametrize("items", [5, pytest.param(40, marks=pytest.mark.slow)])
def test_what_left_a_feed_without_an_archive_goes_to_pages_where_one_is_wanted(
    store: Store, store_url: str, clock: FakeClock, items: int
) -> None:
    """Not into the feed, where it would be news again to readers that have forgotten it."""
    clock.pass_(hours=3)
    publisher = Publisher(store, store_url, clock, FeedSettings(items=5, archive=False))
    publisher.add(0, 33)
    publisher.publish()
    publisher.settings = FeedSettings(items=items)
    publisher.add(33, 35)
    publisher.publish()
    assert head_of(publisher) == sorted(arrival(number).id for number in range(28, 35))
    assert sorted(publisher.walk()) == every_id(35)
    publisher.add(35, 43)
    publisher.publish()
    assert set(head_of(publisher)) >= {arrival(number).id for number in range(35, 43)}
    assert not set(head_of(publisher)) & {arrival(number).id for number in range(28)}
    assert sorted(publisher.walk()) == every_id(43)
    publisher.close()


@pytest.mark.parametrize("passed", [0, 15])
def test_page_stays_until_all_of_it_has_arrived_where_dates_become_those_of_arrival(
    publisher: Publisher, passed: int
) -> None:
    """A burst closed pages under its own dates; what the gate refused of them for being ahead was lost for good.

    All that the feed itself showed was taken back meanwhile: else it goes on to show it, and what is on its pages.
    """
    now = publisher.clock()
    save(
        publisher.store,
        intake(*(replace(arrival(n), arrival=now + timedelta(seconds=n)) for n in range(80)), at=now),
    )
    publisher.publish()
    assert sorted(publisher.walk()) == every_id(80)
    with publisher.store.writing() as writer:
        assert all(writer.withdraw(arrival(n).id, now) for n in range(20, 80))
    publisher.publish()
    publisher.settings = FeedSettings(dates="arrival")
    publisher.clock.pass_(seconds=passed)
    make_stale(publisher.store, None, past=True)
    for _ in range(2):
        for told in rebuild_to_the_end(publisher.store, publisher.press):
            assert (told.failures, told.isolated) == ((), ())
        publisher.look()
        assert sorted(publisher.walk()) == every_id(20)
        assert set(publisher.store.stale()) == {"all", "site"}
    publisher.clock.pass_(seconds=80)
    publisher.publish()
    assert sorted(publisher.walk()) == every_id(20)
    dates = [date.text or "" for page in publisher.pages() for date in page.iter(f"{ATOM}published")]
    assert len(set(dates)) == 20
    assert min(dates) >= now.astimezone(ZoneInfo(SITE.timezone)).isoformat()
    assert not publisher.store.stale()


def head_of(publisher: Publisher) -> list[str]:
    return sorted(entry.findtext(f"{ATOM}id") or "" for entry in next(publisher.pages()).iter(f"{ATOM}entry"))


def test_large_articles_leave_earlier_so_that_nothing_is_cut(store: Store, store_url: str, clock: FakeClock) -> None:
    clock.pass_(days=30)
    publisher = Publisher(store, store_url, clock, FeedSettings(max_bytes=60_000))
    fields = arrival(1).fields
    big = [arrival(n, fields=type(fields)(title=f"No {n}", body=f"<p>{'字' * 2000}</p>")) for n in range(70)]
    save(store, intake(*big))
    publisher.publish()
    assert sorted(publisher.walk()) == every_id(70)
    assert len(list(publisher.pages())) > 5
    publisher.close()


def test_so_much_is_written_at_once_that_memory_is_bounded(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages of large articles are fewer at once, both new ones and those that are written again."""
    monkeypatch.setattr("feedservice.publish.archive._BYTES_AT_ONCE", 20_000)
    fields = arrival(1).fields
    many = [arrival(n, fields=type(fields)(title=f"No {n}", body=f"<p>{'x' * 1000}</p>")) for n in range(200)]
    save(publisher.store, intake(*many))
    press = Press(formats=FORMATS, site=SITE, settings=publisher.settings, clock=publisher.clock)

    def all_of(written: Sequence[Published]) -> tuple[tuple[int, ...], bool]:
        return next((each.pages, each.unfinished) for each in written if each.feed == "all")

    assert all_of(rebuild(publisher.store, press)) == ((1, 2), True)
    assert all_of(rebuild_to_the_end(publisher.store, press)) == (tuple(range(2, 15)), False)
    publisher.publish()
    assert sorted(publisher.walk()) == every_id(200)
    with publisher.store.writing() as writer:
        writer.define_feeds([Feed(name="all", kind=FeedKind.ALL, title="Another")], "y")
    assert all_of(rebuild(publisher.store, press)) == ((1, 2), True)
    assert all_of(rebuild_to_the_end(publisher.store, press)) == (tuple(range(3, 15)), False)


def test_walk_has_no_hole_while_more_pages_are_due_than_are_written_at_once(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At first the past is not told of until it is whole; later the feed stays as it is until its pages are there."""
    monkeypatch.setattr("feedservice.publish.archive._PAGES_AT_ONCE", 3)
    press = Press(formats=FORMATS, site=SITE, settings=publisher.settings, clock=publisher.clock)

    def walks() -> Iterator[list[str]]:
        while rebuild(publisher.store, press):
            publisher.look()
            yield sorted(publisher.walk())

    publisher.add(0, 150)
    latest = sorted(arrival(number).id for number in range(100, 150))
    assert list(walks()) == [latest, latest, latest, every_id(150)]
    publisher.add(150, 250)
    assert list(walks()) == [every_id(150), every_id(150), every_id(150), every_id(250)]


@pytest.mark.parametrize("meanwhile", [0, pytest.param(100, marks=pytest.mark.slow)])
def test_walk_has_no_hole_while_a_feed_comes_back(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, meanwhile: int
) -> None:
    """Its pages went with it, and are written again so many at once: it tells of them when all are there."""
    publisher.add(0, 130)
    publisher.publish()
    with publisher.store.writing() as writer:
        writer.retire({}, ["all"])
    publisher.add(130, 130 + meanwhile)
    with publisher.store.writing() as writer:
        writer.restore(["all"])
    monkeypatch.setattr("feedservice.publish.archive._PAGES_AT_ONCE", 3)
    press = Press(formats=FORMATS, site=SITE, settings=publisher.settings, clock=publisher.clock)
    every = every_id(130 + meanwhile)
    newest = {arrival(number).id for number in range(80 + meanwhile, 130 + meanwhile)}
    walks: list[list[str]] = []
    while rebuild(publisher.store, press):
        publisher.look()
        walks.append(sorted(publisher.walk()))
        assert newest <= set(walks[-1])
        if len(walks) == 2:
            # What was written again already is out of date again: it comes before what is missing still.
            with publisher.store.writing() as writer:
                assert writer.withdraw(arrival(15).id, publisher.clock())
            every.remove(arrival(15).id)
    assert walks[-1] == every
    assert len(walks) >= 3
    assert {len(each) for each in walks[:-1]} <= {50, 60}
    publisher.close()


def test_addresses_of_pages_that_are_not_there_are_404(publisher: Publisher) -> None:
    publisher.publish()
    for path in (
        "/feeds/all/archive/1.atom",
        "/feeds/all/archive/0.atom",
        "/feeds/../archive/1.rss",
        "/feeds/x/archive/1",
    ):
        assert publisher.client.get(path).status_code == 404


def test_page_is_answered_like_any_document(publisher: Publisher) -> None:
    publisher.add(0, 110)
    publisher.publish()
    plain = publisher.client.get("/feeds/all/archive/1.rss")
    packed = publisher.client.get("/feeds/all/archive/1.rss", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert plain.headers["Vary"] == "Accept-Encoding"
    head = publisher.client.head("/feeds/all/archive/1.rss")
    assert head.headers["Content-Length"] == str(len(plain.data))
    assert head.data == b""


def test_edited_article_comes_to_the_top_where_feeds_resurface(store: Store, store_url: str, clock: FakeClock) -> None:
    clock.pass_(days=30)
    publisher = Publisher(store, store_url, clock, FeedSettings(edits="resurface"))
    publisher.add(0, 110)
    publisher.publish()
    with store.writing() as writer:
        writer.save(intake(edits=[edit(2, fields=arrival(300).fields, updated=START + timedelta(days=9))]))
        writer.resurface([2], publisher.settings.resurfaces, START)
    publisher.publish()
    assert publisher.walk()[0] == arrival(1).id
    assert sorted(publisher.walk()) == every_id(110)
    publisher.close()


def follow(publisher: Publisher, suffix: str, relation: str, start: str) -> Iterator[tuple[str, etree._Element]]:
    """(address, document) along a relation of RFC 5005 §3."""
    url: str | None = start
    while url:
        page = etree.fromstring(publisher.get(urlsplit(url).path))
        yield url, page
        place = page if suffix == "atom" else page[0]
        url = {link.get("rel"): link.get("href") for link in place.findall(f"{ATOM}link")}.get(relation)


@pytest.mark.parametrize("count", [60, 101])
def test_who_follows_next_meets_every_article_once_in_every_format(publisher: Publisher, count: int) -> None:
    publisher.add(0, count)
    publisher.publish()
    start = f"{SITE.base_url}/feeds/all"
    for suffix, each, name in (("atom", f"{ATOM}entry", f"{ATOM}id"), ("rss", "channel/item", "guid")):
        pages = list(follow(publisher, suffix, "next", f"{start}.{suffix}"))
        ids = [item.findtext(name) or "" for _, page in pages for item in page.findall(each)]
        assert sorted(ids) == every_id(count)
        back = [url for url, _ in follow(publisher, suffix, "previous", pages[-1][0])]
        assert back == [url for url, _ in reversed(pages)]
    told: list[str] = []
    url: str | None = f"{start}.json"
    while url:
        page = json.loads(publisher.get(urlsplit(url).path))
        told += [item["id"] for item in page["items"]]
        url = page.get("next_url")
    assert sorted(told) == every_id(count)


def test_who_follows_next_misses_nothing_while_articles_arrive(publisher: Publisher) -> None:
    publisher.add(0, 101)
    publisher.publish()
    walk = follow(publisher, "atom", "next", f"{SITE.base_url}/feeds/all.atom")
    met = [next(walk), next(walk)]
    publisher.add(101, 151)
    publisher.publish()
    met += walk
    ids = [entry.findtext(f"{ATOM}id") or "" for _, page in met for entry in page.findall(f"{ATOM}entry")]
    assert sorted(ids) == every_id(101)
