"""From a source to what subscribers see, end to end: a whole site is read, edited, taken down and brought back."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from string import ascii_lowercase
from typing import Any
from urllib.parse import quote

import pytest

from feedservice.errors import FetchError
from feedservice.model import FIRST_READ, Article, Fields, Health, Memory, Moment, Offer, Precision, Reading
from feedservice.protocols import ConditionalGet, KnownAmong, Store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House, corpora, local

SITE = "http://site.example.org"
COLUMNS = {"qtxx": "其他信息", "tdyw": "泰达要闻", "tzgg": "通知公告"}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def seed(store: Store, clock: FakeClock) -> tuple[House, FakeWeb, Path]:
    """The test site, listed by its three columns."""
    folder = corpora() / "seed-site"
    web = FakeWeb()
    web.serve_folder(SITE, folder / "site")
    house = House(store, web, clock)
    for column in COLUMNS:
        house.add(column, "listing", {"url": f"{SITE}/zxdt/{column}/index.html"})
    return house, web, folder


def squeeze(text: str) -> str:
    return re.sub(r"[\s\u3000\xa0]+", "", text)


def plain(html: str) -> str:
    from html import unescape

    return squeeze(unescape(re.sub(r"<[^>]+>", "", html)))


def check_article(article: Article, expected: dict[str, Any]) -> None:
    fields = article.fields
    assert fields.title == expected["title"]
    assert local(article.published).startswith(expected["published"][:16])
    assert "、".join(fields.origins) == (expected["source"] or "")
    assert "、".join(fields.authors) == (expected["author"] or "")
    assert fields.breadcrumb == tuple(expected["breadcrumb"])
    text = plain(fields.body)
    for paragraph in (*expected["paragraphs"], *(expected["page2"] or ())):
        assert squeeze(paragraph) in text
    for absent in expected["body_absent"]:
        assert squeeze(absent) not in text
    for forbidden in expected["must_not_contain_html"]:
        assert forbidden not in fields.body
    for image in expected["images"]:
        assert f"{SITE}{quote(image)}" in fields.body
    assert [attachment.url for attachment in fields.attachments] == [
        SITE + attachment["url"] for attachment in expected["attachments"]
    ]


def test_whole_site_is_ingested(seed: tuple[House, FakeWeb, Path]) -> None:
    """Every article of the ground truth: right category, title, date, source, body; nothing else."""
    house, _, folder = seed
    expected = json.loads((folder / "expected.json").read_text())
    reports = [house.refresh(column) for column in COLUMNS]
    assert [report.health for report in reports] == [Health.WELL] * 3
    house.rebuild()
    articles = {article.url.removeprefix(SITE): article for article in house.articles()}
    assert set(articles) == {article["path"] for article in expected["articles"]}
    for article in expected["articles"]:
        check_article(articles[article["path"]], article)
    titles = house.store.category_titles()
    by_title = {title: slug for slug, title in titles.items()}
    for column, title in COLUMNS.items():
        of_source = {article.url for article in house.articles(column)}
        assert {article.url for article in house.articles(by_title[title])} == of_source
    assert len(house.articles(by_title["资讯动态"])) == len(expected["articles"])


def test_edit_outage_and_return_neither_lose_nor_double_anything(seed: tuple[House, FakeWeb, Path]) -> None:
    """Ids and dates stand still, the edit shows once, the outage changes nothing that is served."""
    house, web, folder = seed
    for column in COLUMNS:
        house.refresh(column)
    house.rebuild()
    before = {item: date for item, _, date in house.items()}

    for url in list(web.pages):
        web.pages[url] = FetchError(f"{url}: connection refused")
    house.clock.pass_(hours=1)
    reports = [house.refresh(column) for column in COLUMNS]
    assert [report.health for report in reports] == [Health.BROKEN] * 3
    assert house.rebuild() == ()
    assert {item: date for item, _, date in house.items()} == before

    web.serve_folder(SITE, folder / "site")
    web.serve_folder(SITE, folder / "updates")
    house.clock.pass_(hours=1)
    reports = [house.refresh(column) for column in COLUMNS]
    assert [(report.new, report.edited) for report in reports] == [(0, 0), (0, 0), (1, 1)]
    house.rebuild()
    after = {item: date for item, _, date in house.items()}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1
    expected = json.loads((folder / "expected.json").read_text())
    articles = {article.url.removeprefix(SITE): article for article in house.articles()}
    for article in expected["after_update"]["articles"]:
        check_article(articles[article["path"]], article)
    edited = articles[expected["after_update"]["articles"][0]["path"]]
    assert edited.revision == 2
    assert edited.updated > edited.published

    house.clock.pass_(hours=1)
    reports = [house.refresh(column) for column in COLUMNS]
    assert [(report.new, report.edited) for report in reports] == [(0, 0)] * 3
    assert house.rebuild() == ()


def test_edit_behind_a_list_that_stands_still_is_seen_within_hours(store: Store, clock: FakeClock) -> None:
    web = FakeWeb()
    page = "<html><head><title>{0}</title></head><body><h1>{0}</h1><div>2026-01-05 08:30</div><p>{1}</p></body></html>"
    web.put(f"{SITE}/", "<ul><li><a href='/n/1.html'>示例新区图书馆今日开馆</a> 2026-01-05</li></ul>" * 1)
    web.put(f"{SITE}/n/1.html", page.format("示例新区图书馆今日开馆", "新区图书馆一月二日开馆，欢迎市民前来阅读。" * 5))
    house = House(store, web, clock)
    house.add("news", "listing", {"url": f"{SITE}/", "items": "li"})
    assert house.refresh("news").new == 1
    clock.pass_(hours=3)
    web.put(
        f"{SITE}/n/1.html", page.format("示例新区图书馆今日开馆", "新区图书馆改为一月五日开馆，欢迎市民前来阅读。" * 5)
    )
    edited = 0
    for _ in range(8):
        clock.pass_(hours=1)
        edited += house.refresh("news").edited
    assert edited == 1


def listed(*numbers: int) -> str:
    return "".join(
        f"<li><a href='/n/{number}.html'>示例新区第{number}号公共工程今日开工</a> 2026-01-05</li>" for number in numbers
    )


def article(number: int) -> str:
    title = f"示例新区第{number}号公共工程今日开工"
    return (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div>2026-01-05 08:30</div>"
        f"<p>{'新区今日又有一项公共工程开工，欢迎市民前来参观。' * 5}</p></body></html>"
    )


FIRST, SECOND, THIRD = f"{SITE}/list/", f"{SITE}/list/index_1.html", f"{SITE}/list/index_2.html"


@pytest.fixture
def long_list(store: Store, clock: FakeClock) -> tuple[House, FakeWeb]:
    """Nine articles on three pages of a list."""
    web = FakeWeb()
    for number, address in enumerate((FIRST, SECOND, THIRD)):
        after = f"<a href='index_{number + 1}.html'>下一页</a>" if number < 2 else ""
        web.put(address, f"<html><body><ul>{listed(*range(9 - 3 * number, 6 - 3 * number, -1))}</ul>{after}")
    for number in range(1, 10):
        web.put(f"{SITE}/n/{number}.html", article(number))
    house = House(store, web, clock)
    house.add("news", "listing", {"url": FIRST})
    return house, web


def titles(house: House) -> set[str]:
    return {each.fields.title for each in house.articles()}


def test_page_of_a_list_that_failed_once_is_read_later(long_list: tuple[House, FakeWeb], clock: FakeClock) -> None:
    """All of the first page is known by then."""
    house, web = long_list
    whole = web.pages[SECOND]
    web.put(SECOND, FetchError(f"{SECOND}: 500", status=500))
    assert house.refresh("news").new == 3
    clock.pass_(minutes=30)
    assert house.refresh("news").problems == (f"page 2 of the list: {SECOND}: 500",)
    web.put(SECOND, whole)
    clock.pass_(minutes=30)
    assert house.refresh("news").new == 6
    web.asked.clear()
    clock.pass_(minutes=30)
    assert house.refresh("news").new == 0
    assert web.asked == [FIRST]


def test_page_of_a_list_that_failed_while_the_clock_was_ahead_is_read_when_it_is_set_back(
    long_list: tuple[House, FakeWeb], clock: FakeClock
) -> None:
    house, web = long_list
    whole = web.pages[SECOND]
    web.put(SECOND, FetchError(f"{SECOND}: 500", status=500))
    clock.pass_(days=365)
    assert house.refresh("news").new == 3
    web.put(SECOND, whole)
    clock.pass_(days=-364)
    assert house.refresh("news").new == 6


def test_article_on_a_further_page_that_failed_once_is_read_later(
    long_list: tuple[House, FakeWeb], clock: FakeClock
) -> None:
    house, web = long_list
    address = f"{SITE}/n/2.html"
    web.put(address, FetchError(f"{address}: 503", status=503))
    assert house.refresh("news").new == 8
    web.put(address, article(2))
    clock.pass_(minutes=30)
    assert house.refresh("news").new == 1
    assert len(titles(house)) == 9


def test_page_that_is_tried_again_brings_no_old_articles_of_a_sitemap_along(store: Store, clock: FakeClock) -> None:
    """Where only places tell what is new, what the first read left out is told by what is known."""

    def sitemap(*names: str) -> str:
        return f"<urlset>{''.join(f'<url><loc>{SITE}/{name}</loc></url>' for name in names)}</urlset>"

    names = ["".join(pair) for pair in product(ascii_lowercase, repeat=2)][:204]
    web = FakeWeb({f"{SITE}/map.xml": sitemap(*names)})
    for number, name in enumerate(names):
        web.put(f"{SITE}/{name}", article(number))
    web.put(f"{SITE}/{names[-1]}", FetchError("503", status=503))
    house = House(store, web, clock)
    house.add("news", "sitemap", {"url": f"{SITE}/map.xml"})
    assert house.refresh("news").new == 199
    web.put(f"{SITE}/{names[-1]}", article(203))
    web.put(f"{SITE}/map.xml", sitemap(*names[:1], *names[3:]))
    clock.pass_(minutes=30)
    assert house.refresh("news").new == 1


def test_page_of_an_api_that_failed_once_is_read_later(store: Store, clock: FakeClock) -> None:
    def rows(*numbers: int) -> str:
        told = [{"title": f"示例新区第{number}号公共工程今日开工", "url": f"/n/{number}.html"} for number in numbers]
        return json.dumps({"rows": told})

    api, further = f"{SITE}/api?page=1", f"{SITE}/api?page=2"
    web = FakeWeb({api: rows(4, 3), further: FetchError("503", status=503), f"{SITE}/api?page=3": rows()})
    for number in range(1, 5):
        web.put(f"{SITE}/n/{number}.html", article(number))
    house = House(store, web, clock)
    house.add("news", "json", {"url": api, "items": "rows", "pages": f"{SITE}/api?page={{page}}"})
    assert house.refresh("news").new == 2
    web.put(further, rows(2, 1))
    clock.pass_(minutes=30)
    assert house.refresh("news").new == 2


def test_past_of_thousands_that_the_first_read_left_out_comes_no_later(store: Store, clock: FakeClock) -> None:
    """A folder may hold more than are remembered one by one."""

    def told(number: int) -> Offer:
        moment = Moment(clock() - timedelta(hours=number), Precision.MINUTE)
        fields = Fields(title=f"示例新区第{number}号公共工程今日开工", published=moment, body="<p>开工</p>")
        return Offer(key=str(number), url=None, fields=fields, complete=True)

    class Folder:
        offers = tuple(map(told, range(5_300)))

        def read(self, get: ConditionalGet, known: KnownAmong, memory: Memory = FIRST_READ) -> Reading:
            return Reading(offers=self.offers)

    house, folder = House(store, FakeWeb(), clock), Folder()
    house.add("news", "folder", {"path": "."}, limit=20)
    house.sources["news"] = replace(house.sources["news"], source=folder)
    assert house.refresh("news").new == 20
    clock.pass_(hours=2)
    assert house.refresh("news").new == 0
    folder.offers = (replace(told(1), key="a new one"), *folder.offers[:-1])
    assert house.refresh("news").new == 1


def test_entries_side_by_side_that_are_one_article_do_not_edit_it_by_turns(store: Store, clock: FakeClock) -> None:
    """They share link and headline: each read gave it the text of the one that it had not."""

    def entry(name: str, text: str) -> str:
        told = f"<title>示例新区图书馆今日开馆</title><link>{SITE}/n/1.html</link>"
        whole = f"<c:encoded>&lt;p&gt;{text * 20}&lt;/p&gt;</c:encoded>"
        return f"<item>{told}<guid isPermaLink='false'>{name}</guid>{whole}</item>"

    def feed(*entries: str) -> str:
        name = "xmlns:c='http://purl.org/rss/1.0/modules/content/'"
        return f"<rss version='2.0' {name}><channel><title>News</title>{''.join(entries)}</channel></rss>"

    web = FakeWeb()
    older = entry("7", "图书馆一月二日开馆。")
    web.put(f"{SITE}/feed", feed(entry("7-1", "图书馆改为一月五日开馆。"), older), "text/xml")
    house = House(store, web, clock)
    house.add("news", "feed", {"url": f"{SITE}/feed"})
    assert house.refresh("news").new == 1
    edits = []
    for number in range(6):
        clock.pass_(hours=7)
        if number == 3:
            web.put(f"{SITE}/feed", feed(entry("7-1", "图书馆不开馆了。"), older), "text/xml")
        edits.append(house.refresh("news").edited)
    assert edits == [1, 0, 0, 1, 0, 0]
    (article,) = house.articles()
    assert "图书馆不开馆了" in article.fields.body
