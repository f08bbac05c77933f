"""From a source to what subscribers see, end to end: a whole site is read, edited, taken down and brought back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from feedservice.errors import FetchError
from feedservice.model import Article, Health
from feedservice.protocols import Store
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
