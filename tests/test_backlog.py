"""What came before the first read, and all that comes after it, however much: neither is taken for the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from feedservice.assembly.sources import open_source
from feedservice.config.reading import load
from feedservice.config.settings import ArticleRules
from feedservice.errors import FetchError
from feedservice.model import Health, Memory, NotModified, Page, Reading, Validators
from feedservice.outbound import Door
from feedservice.protocols import Store
from feedservice.sources import KINDS
from tests import source_support
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.killed_reader import Statements

SITE = "https://www.example.org"
API = f"{SITE}/api?page=1"
MORE = f"{SITE}/api?page={{page}}"


class Site(FakeWeb):
    """Numbered articles, the newest first, twenty on a page of an API; addresses in `down` answer 503."""

    def __init__(self, clock: FakeClock, count: int = 0) -> None:
        super().__init__()
        self.clock = clock
        self.times: dict[int, datetime] = {}
        self.down: set[str] = set()
        for number in range(count):
            self.publish(clock() - timedelta(hours=9 * (count - number)))

    def publish(self, at: datetime | None = None) -> int:
        number = len(self.times) + 1
        self.times[number] = at or self.clock()
        return number

    def newest(self) -> list[int]:
        return sorted(self.times, reverse=True)

    def __call__(self, url: str, *, unless: Validators | None = None, accept: str = "*/*") -> Page | NotModified:
        if url in self.down:
            self.asked.append(url)
            raise FetchError(f"{url}: 503", status=503)
        if url.startswith(f"{SITE}/api?page="):
            page = int(url.rpartition("=")[2])
            rows = [row(number, self.times[number]) for number in self.newest()[20 * (page - 1) : 20 * page]]
            self.put(url, json.dumps({"rows": rows}), "application/json")
        return super().__call__(url, unless=unless, accept=accept)


def name(number: int) -> str:
    return f"示例新区第{number}号公共工程今日开工"


def row(number: int, at: datetime) -> Mapping[str, str]:
    body = f"<p>第{number}号工程今日开工，欢迎市民前来参观。</p>"
    return {"title": name(number), "url": f"/n/{number}.html", "body": body, "date": at.isoformat()}


OPTIONS: Mapping[str, object] = {
    "url": API,
    "items": "rows",
    "headline": "title",
    "link": "url",
    "body": "body",
    "published": "date",
    "full_text": "feed",
    "pages": MORE,
    "max_pages": 100,
}


def house_of(store: Store, site: Site, *, limit: int = 200, **options: object) -> House:
    house = House(store, site, site.clock)
    house.add("news", "json", {**OPTIONS, **options}, limit=limit)
    return house


def test_all_of_a_burst_that_another_source_brought_first_comes_into_the_feed(store: Store, clock: FakeClock) -> None:
    """All of the first page is stored by then, and is news here all the same, as is the second."""
    site = Site(clock, 30)
    house = house_of(store, site)
    house.add("also", "json", OPTIONS)
    assert (house.refresh("news").new, len(house.articles("also"))) == (30, 0)
    house.refresh("also")
    assert len(house.articles("also")) == 30
    for _ in range(45):
        site.publish()
    clock.pass_(hours=1)
    assert house.refresh("news").new == 45
    house.refresh("also")
    assert len(house.articles("also")) == len(house.articles()) == 75
    site.asked.clear()
    house.refresh("also")
    assert site.asked == [API]


def test_source_under_another_name_begins_with_as_many_articles_as_any(store: Store, clock: FakeClock) -> None:
    site = Site(clock, 100)
    house = house_of(store, site)
    house.refresh("news")
    house.add("renamed", "json", OPTIONS, limit=50)
    for expected in (50, 51):
        house.refresh("renamed")
        assert len(house.articles("renamed")) == expected
        clock.pass_(hours=1)
        site.publish()


def test_however_many_come_between_two_reads_none_is_lost(store: Store, clock: FakeClock) -> None:
    site = Site(clock, 30)
    house = house_of(store, site)
    assert house.refresh("news").new == 30
    clock.pass_(days=2)
    for _ in range(300):
        site.publish(clock() - timedelta(hours=2))
    report = house.refresh("news")
    assert (report.new, report.problems) == (300, ())


def test_what_is_more_than_one_read_takes_is_told_and_comes_with_the_next(store: Store, clock: FakeClock) -> None:
    """Also where still newer ones have pushed it further back meanwhile."""
    site = Site(clock, 250)
    house = house_of(store, site)
    assert house.refresh("news").new == 200
    clock.pass_(days=2)
    for _ in range(1_100):
        site.publish(clock() - timedelta(hours=2))
    report = house.refresh("news")
    assert report.new == 1_000
    assert report.problems == ("1000 articles of the list are new, as many as are taken at once: more come later",)
    clock.pass_(minutes=30)
    site.publish()
    report = house.refresh("news")
    assert (report.new, report.problems, report.health) == (101, (), Health.WELL)
    clock.pass_(hours=7)
    assert house.refresh("news").new == 0


def test_more_new_than_a_feed_that_has_them_all_is_taken_of_are_told(store: Store, clock: FakeClock) -> None:
    site = Site(clock, 2)
    house = House(store, site, clock)
    house.add("news", "json", {**OPTIONS, "pages": None})
    assert house.refresh("news").new == 2
    clock.pass_(days=2)
    rows = [row(number, clock() - timedelta(minutes=number)) for number in range(10, 1_060)]
    feed = FakeWeb({API: json.dumps({"rows": rows})})
    house = House(store, feed, clock)
    house.add("news", "json", {**OPTIONS, "pages": None})
    report = house.refresh("news")
    assert report.new == 1_000
    assert report.problems == ("50 more articles are new than are taken at once: they come later",)
    clock.pass_(minutes=30)
    assert house.refresh("news").new == 50


@pytest.mark.parametrize("kind", ["json", "sitemap"])
def test_store_is_asked_as_often_for_a_long_list_as_for_a_short_one(store: Store, clock: FakeClock, kind: str) -> None:
    site, url = Site(clock, 400), f"{SITE}/all"
    house, asked = House(store, site, clock), []
    options = {**OPTIONS, "url": url, "pages": None} if kind == "json" else {"url": url}
    for numbers in (range(1, 7), range(201, 251)):
        for number in numbers if kind == "sitemap" else ():
            site.put(f"{SITE}/n/{number}.html", article(number))
        house.add(f"{numbers}", kind, options)
        for shown in (numbers[:-1], numbers):
            rows = [row(number, site.times[number]) for number in reversed(shown)]
            site.put(url, json.dumps({"rows": rows}) if kind == "json" else sitemap(site, shown))
            statements = Statements()
            report = house.refresh(f"{numbers}")
            asked.append((report.new, statements.end()))
    (all_but_one, _), short, (many, _), long = asked
    assert (all_but_one, many) == (5, 49)
    assert short == long == (1, short[1])


def test_list_of_which_nothing_is_known_brings_no_more_of_its_past_than_a_first_read(
    store: Store, clock: FakeClock
) -> None:
    """A site that gives all its articles other addresses."""
    site = Site(clock, 400)
    house = house_of(store, site)
    assert house.refresh("news").new == 200
    clock.pass_(hours=1)
    old, site.times = site.times, {}
    for at in old.values():
        site.times[len(site.times) + 1_001] = at
    report = house.refresh("news")
    assert report.new == 200
    assert report.problems == ("nothing in the list is known: the first 200 articles are taken, 200 old ones are not",)
    clock.pass_(hours=7)
    assert house.refresh("news").new == 0


@pytest.mark.parametrize("limit", [250, 1_000])
def test_first_read_goes_back_as_far_as_the_limit_of_the_configuration(
    tmp_path: Path, clock: FakeClock, limit: int
) -> None:
    told = "\n".join(f"    {name}: {json.dumps(value)}" for name, value in {**OPTIONS, "limit": limit}.items())
    (tmp_path / "config.yaml").write_text(f"sources:\n  news:\n    kind: json\n{told}\n")
    config = load(str(tmp_path / "config.yaml"), {}, KINDS)
    site = Site(clock, 500)
    opened = open_source(config, config.sources["news"], cast("Door", _Door(site)))

    def get(url: str, *, conditional: bool = False, accept: str = "*/*") -> Page | NotModified:
        return site(url)

    assert len(opened.source.read(get, lambda keys: frozenset()).offers) == min(limit, 500)


class _Door:
    def __init__(self, site: Site) -> None:
        self.get = site


def feed(site: Site, count: int) -> str:
    items = "".join(
        f"<item><title>{name(number)}</title><link>{SITE}/n/{number}.html</link><description>第{number}号</description></item>"
        for number in site.newest()[:count]
    )
    return f'<rss version="2.0"><channel><title>t</title><link>{SITE}/</link>{items}</channel></rss>'


def test_page_that_fails_does_not_make_news_of_what_was_left_out(store: Store, clock: FakeClock) -> None:
    """While the list is looked through for an article whose page failed."""
    site = Site(clock, 150)
    house = house_of(store, site, limit=20, full_text="page")
    for number in range(131, 151):
        site.put(f"{SITE}/n/{number}.html", article(number))
    assert house.refresh("news").new == 20
    clock.pass_(hours=1)
    site.publish()
    assert house.refresh("news").new == 0
    clock.pass_(hours=1)
    site.down = {API.replace("=1", "=3")}
    assert "page 3 of the list" in house.refresh("news").problems[0]
    clock.pass_(hours=7)
    site.down, site.asked = set(), []
    site.put(f"{SITE}/n/151.html", article(151))
    assert house.refresh("news").new == 1
    assert f"{SITE}/n/90.html" not in site.asked


def article(number: int) -> str:
    text = "新区今日又有一项公共工程开工，欢迎市民前来参观。" * 5
    return f"<title>{name(number)}</title><h1>{name(number)}</h1><div>2026-01-05 08:30</div><p>{number}：{text}</p>"


def test_list_that_fails_beside_another_does_not_make_news_of_what_was_left_out(store: Store, clock: FakeClock) -> None:
    site = Site(clock, 40)
    second = API.replace("=1", "=2")
    house = house_of(store, site, limit=10, pages=None, url=[API, second])
    assert house.refresh("news").new == 10
    clock.pass_(hours=1)
    site.publish()
    site.down = {second}
    assert house.refresh("news").new == 1
    clock.pass_(hours=1)
    site.down = set()
    assert house.refresh("news").new == 0


def test_list_that_stands_still_beside_another_does_not_make_news_of_what_was_left_out(
    store: Store, clock: FakeClock
) -> None:
    still, moving = f"{SITE}/still.json", f"{SITE}/moving.json"
    rows = [row(number, clock()) for number in range(1, 21)]
    site = FakeWeb({still: json.dumps({"rows": rows}), moving: json.dumps({"rows": rows[:1]})})
    house = House(store, site, clock)
    house.add("news", "json", {**OPTIONS, "pages": None, "url": [still, moving]}, limit=10)
    assert house.refresh("news").new == 10
    clock.pass_(hours=1)
    site.put(moving, json.dumps({"rows": [row(50, clock()), rows[0]]}))
    assert house.refresh("news").new == 1
    clock.pass_(hours=1)
    site.put(still, json.dumps({"rows": [row(51, clock()), *rows]}))
    assert house.refresh("news").new == 1


def test_feed_that_is_cut_off_does_not_make_news_of_what_was_left_out(store: Store, clock: FakeClock) -> None:
    site = Site(clock, 60)
    address = f"{SITE}/feed.xml"
    house = House(store, site, clock)
    house.add("news", "feed", {"url": address, "full_text": "feed"}, limit=20)
    site.put(address, feed(site, 60))
    assert house.refresh("news").new == 20
    clock.pass_(hours=1)
    site.put(address, feed(site, 60)[: len(feed(site, 60)) // 4])
    assert house.refresh("news").problems == ("the feed is cut off at its end",)
    clock.pass_(hours=1)
    site.publish()
    site.put(address, feed(site, 60))
    assert house.refresh("news").new == 1


def test_first_read_whose_second_page_failed_takes_no_more_than_the_limit(store: Store, clock: FakeClock) -> None:
    """And what is new meanwhile comes."""
    site = Site(clock, 150)
    second = API.replace("=1", "=2")
    house = house_of(store, site, limit=30)
    site.down = {second}
    assert house.refresh("news").new == 20
    clock.pass_(hours=1)
    site.publish()
    assert house.refresh("news").new == 1
    clock.pass_(hours=7)
    site.down = set()
    site.publish()
    assert house.refresh("news").new == 10
    clock.pass_(hours=7)
    site.publish()
    assert house.refresh("news").new == 1
    assert len(house.articles()) == 32


@pytest.mark.parametrize("limit", [20, 200])
def test_first_read_one_of_whose_lists_failed_takes_no_more_than_the_limit(
    store: Store, clock: FakeClock, limit: int
) -> None:
    site = Site(clock, 40)
    second = API.replace("=1", "=2")
    house = house_of(store, site, limit=limit, pages=None, url=[API, second])
    site.down = {second}
    assert house.refresh("news").new == 20
    clock.pass_(hours=1)
    site.down = set()
    assert house.refresh("news").new == min(limit - 20, 20)
    clock.pass_(hours=1)
    site.publish()
    assert house.refresh("news").new == 1


@pytest.mark.parametrize("down", [(), (f"{SITE}/api?page=2",), (f"{SITE}/api?page=4",)], ids=["well", "2", "4"])
def test_settings_that_show_more_of_a_list_bring_what_is_new_there_and_nothing_of_its_past(
    store: Store, clock: FakeClock, down: tuple[str, ...]
) -> None:
    """Whatever the pages behind the first are told by, and where one of them fails at the first read by it."""
    site = Site(clock, 300)
    house = house_of(store, site, max_pages=1)
    assert house.refresh("news").new == 20
    clock.pass_(hours=5)
    for _ in range(45):
        site.publish(clock() - timedelta(hours=2))
    house.add("news", "json", OPTIONS)
    site.down = set(down)
    come = house.refresh("news").new
    site.down = set()
    for hours in (1, 1, 7):
        clock.pass_(hours=hours)
        site.publish()
        come += house.refresh("news").new
    assert come == 45 + 3
    assert len(house.articles("news")) == 20 + come


def test_list_that_is_added_to_a_source_begins_as_any(store: Store, clock: FakeClock) -> None:
    site = Site(clock, 60)
    house = house_of(store, site, pages=None)
    assert house.refresh("news").new == 20
    house.add("news", "json", {**OPTIONS, "pages": None, "url": [API, API.replace("=1", "=3")]})
    clock.pass_(hours=1)
    assert house.refresh("news").new == 20


def test_what_could_not_be_read_by_other_settings_is_no_past(store: Store, clock: FakeClock) -> None:
    """The older half of a list has a page of its own, which nothing is found on until the rules are mended."""
    site = Site(clock, 20)
    for number in range(1, 21):
        site.put(f"{SITE}/n/{number}.html", article(number) if number > 10 else "<html><p>...</p></html>")
    house = house_of(store, site, full_text="page", body=None)
    assert house.refresh("news").new == 10
    for number in range(1, 11):
        site.put(f"{SITE}/n/{number}.html", article(number))
    clock.pass_(days=3)
    house.add("news", "json", {**OPTIONS, "full_text": "page", "body": None, "max_pages": 7})
    assert house.refresh("news").new == 10


def sitemap(site: Site, numbers: Iterable[int], *, touched: datetime | None = None) -> str:
    entries = "".join(
        f"<url><loc>{SITE}/n/{number}.html</loc><lastmod>{(touched or site.times[number]).isoformat()}</lastmod></url>"
        for number in numbers
    )
    return f"<urlset>{entries}</urlset>"


FILES = [f"{SITE}/map-{number}.xml" for number in range(1, 4)]
INDEX = f"{SITE}/map.xml"


@pytest.fixture
def indexed(store: Store, clock: FakeClock) -> tuple[House, Site]:
    """360 articles in three files of an index; the first 200 were read."""
    site = Site(clock, 360)
    site.put(INDEX, f"<sitemapindex>{''.join(f'<sitemap><loc>{url}</loc></sitemap>' for url in FILES)}</sitemapindex>")
    for place, url in enumerate(FILES):
        site.put(url, sitemap(site, range(120 * place + 1, 120 * place + 121)))
    for number in range(1, 363):
        site.put(f"{SITE}/n/{number}.html", article(number))
    house = House(store, site, clock)
    house.add("news", "sitemap", {"url": INDEX})
    assert house.refresh("news").new == 200
    clock.pass_(hours=1)
    return house, site


def test_file_of_a_sitemap_that_fails_once_puts_nothing_old_in_its_place(
    indexed: tuple[House, Site], clock: FakeClock
) -> None:
    house, site = indexed
    site.down = {FILES[2]}
    report = house.refresh("news")
    assert (report.new, len(report.problems)) == (0, 1)
    clock.pass_(hours=1)
    site.down = set()
    site.publish()
    site.put(FILES[2], sitemap(site, range(241, 362)))
    assert house.refresh("news").new == 1
    clock.pass_(hours=1)
    assert house.refresh("news").new == 0


def test_what_leaves_a_sitemap_or_is_dated_anew_brings_nothing_old_forward(
    indexed: tuple[House, Site], clock: FakeClock
) -> None:
    house, site = indexed
    site.put(FILES[2], sitemap(site, range(241, 350)))
    assert house.refresh("news").new == 0
    clock.pass_(hours=1)
    site.put(FILES[0], sitemap(site, range(1, 121), touched=clock()))
    assert house.refresh("news").new == 0


def read_sitemap(site: Site, known: Callable[[str], bool], memory: Memory) -> Reading:
    source, get = source_support.open_source("sitemap", {"url": INDEX}), source_support.Visit(site)
    return source.read(get, lambda keys: frozenset(filter(known, keys)), memory)


def test_however_many_addresses_of_a_sitemap_are_new_none_is_lost(clock: FakeClock) -> None:
    site = Site(clock, 1_500)
    site.put(INDEX, sitemap(site, range(1, 31)))
    first = read_sitemap(site, lambda key: False, Memory())
    stored = {offer.key for offer in first.offers}
    assert (len(stored), first.beyond) == (30, ())
    site.put(INDEX, sitemap(site, range(1, 1_501)))
    counts = []
    for _ in range(3):
        reading = read_sitemap(site, stored.__contains__, Memory(first=False, notes=first.notes))
        counts.append(
            (len({offer.key for offer in reading.offers} - stored), reading.unfinished, len(reading.problems))
        )
        stored |= {offer.key for offer in reading.offers}
    assert counts == [(1_000, True, 1), (470, False, 0), (0, False, 0)]


def test_what_is_too_much_to_be_remembered_of_a_sitemap_is_told_by_its_date(clock: FakeClock) -> None:
    """Unless all dates were touched: then only the latest addresses are looked at."""
    site = Site(clock, 6_000)
    site.put(INDEX, sitemap(site, range(1, 6_001)))
    first = read_sitemap(site, lambda key: False, Memory())
    assert (len(first.offers), len(first.beyond)) == (200, 4_000)
    passed = {*(offer.key for offer in first.offers), *first.beyond}
    later = Memory(first=False, notes=first.notes)

    def new(*numbers: int, touched: datetime | None = None) -> int:
        site.put(INDEX, sitemap(site, numbers, touched=touched))
        reading = read_sitemap(site, passed.__contains__, later)
        return len({offer.key for offer in reading.offers} - passed)

    assert new(*range(1, 1_000)) == 0
    for _ in range(300):
        site.publish()
    assert new(*range(1, 6_301)) == 300
    assert new(*range(1, 6_001), touched=clock()) == 0


FEED = f"{SITE}/feed.xml"


@pytest.fixture
def announced(store: Store, clock: FakeClock) -> tuple[House, Site]:
    """A page with a list of 60 articles, which announces a feed of the last ten of them; read once."""
    site = Site(clock, 60)
    house = House(store, site, clock)
    house.add("news", "auto", {"url": f"{SITE}/"})
    for number in range(1, 70):
        site.put(f"{SITE}/n/{number}.html", article(number))
    show(site)
    assert house.refresh("news").new == 10
    clock.pass_(hours=1)
    return house, site


def show(site: Site) -> None:
    rows = "".join(
        f"<li><a href=/n/{number}.html>{name(number)}</a> <span>{site.times[number]:%Y-%m-%d}</span></li>"
        for number in site.newest()
    )
    link = "<link rel=alternate type=application/rss+xml href=/feed.xml>"
    site.put(f"{SITE}/", f"<html><head>{link}</head><body><ul>{rows}</ul></body></html>")
    site.put(FEED, feed(site, 10))


def test_feed_of_a_page_that_fails_once_makes_no_news_of_the_list(
    announced: tuple[House, Site], clock: FakeClock
) -> None:
    house, site = announced
    site.down = {FEED}
    report = house.refresh("news")
    assert (report.new, report.health) == (0, Health.BROKEN)
    clock.pass_(hours=1)
    site.down = set()
    site.publish()
    show(site)
    assert (house.refresh("news").new, len(house.articles())) == (1, 11)


def test_feed_of_a_page_that_fails_after_a_change_of_settings_makes_no_news_of_the_list(
    announced: tuple[House, Site], clock: FakeClock
) -> None:
    house, site = announced
    house.add("news", "auto", {"url": f"{SITE}/"}, rules=ArticleRules(title=("h1",)))
    site.down = {FEED}
    report = house.refresh("news")
    assert (report.new, report.health) == (0, Health.BROKEN)
    clock.pass_(hours=1)
    site.down = set()
    assert (house.refresh("news").new, len(house.articles())) == (0, 10)


def test_way_to_another_address_is_kept_no_more(announced: tuple[House, Site]) -> None:
    house, site = announced
    site.put(f"{SITE}/all/", str(site.pages[f"{SITE}/"]).replace("alternate", "none"))
    house.add("news", "auto", {"url": f"{SITE}/all/"})
    assert house.refresh("news").health is Health.WELL


def test_feed_of_a_page_that_fails_again_and_again_gives_way_to_what_is_new_in_the_list(
    announced: tuple[House, Site], clock: FakeClock
) -> None:
    house, site = announced
    site.down = {FEED}
    for _ in range(3):
        assert house.refresh("news").health is Health.BROKEN
        clock.pass_(hours=8)
        site.publish()
        show(site)
    for expected in (3, 0):
        report = house.refresh("news")
        assert (report.new, report.health) == (expected, Health.WELL)
        clock.pass_(hours=8)
    site.down = set()
    site.publish()
    show(site)
    assert (house.refresh("news").new, len(house.articles())) == (1, 14)


@pytest.mark.parametrize("status", [404, 410])
def test_feed_of_a_page_that_is_gone_gives_way_at_once(
    announced: tuple[House, Site], clock: FakeClock, status: int
) -> None:
    house, site = announced
    site.publish()
    show(site)
    site.put(FEED, FetchError(f"{FEED}: {status}", status=status))
    report = house.refresh("news")
    assert (report.new, report.health) == (1, Health.WELL)
    clock.pass_(hours=8)
    assert house.refresh("news").new == 0


def test_page_that_does_not_announce_its_feed_for_once_is_broken(
    announced: tuple[House, Site], clock: FakeClock
) -> None:
    house, site = announced
    site.put(f"{SITE}/", str(site.pages[f"{SITE}/"]).replace("alternate", "none"))
    report = house.refresh("news")
    assert (report.new, report.health) == (0, Health.BROKEN)
    assert "does not lead to the feed that the page announces any more" in report.reason
    clock.pass_(hours=8)
    show(site)
    assert house.refresh("news").health is Health.WELL


def test_file_of_a_sitemap_that_is_gone_for_good_does_not_hold_back_what_is_new(clock: FakeClock) -> None:
    """Nothing is dated here."""
    site = Site(clock)
    site.put(INDEX, f"<sitemapindex>{''.join(f'<sitemap><loc>{url}</loc></sitemap>' for url in FILES)}</sitemapindex>")
    site.down = {FILES[0]}

    def told(*numbers: int) -> str:
        return f"<urlset>{''.join(f'<url><loc>{SITE}/n/{number}.html</loc></url>' for number in numbers)}</urlset>"

    site.put(FILES[1], told(*range(1, 6_001)))
    site.put(FILES[2], told(*range(6_001, 6_301)))
    first = read_sitemap(site, lambda key: False, Memory())
    passed = {*(offer.key for offer in first.offers), *first.beyond}
    site.put(FILES[2], told(*range(6_001, 6_302)))
    later = Memory(first=False, notes=first.notes)
    assert {offer.key for offer in read_sitemap(site, passed.__contains__, later).offers} - passed == {
        f"{SITE}/n/6301.html"
    }
    site.down.add(FILES[2])
    assert {offer.key for offer in read_sitemap(site, passed.__contains__, later).offers} <= passed
