"""A site that changes how it spells its addresses (TLS, www, a final slash, tracking) brings nothing twice."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

import pytest

from feedservice.addresses.spellings import is_one, known_otherwise, plain, spellings, without_twins
from feedservice.model import Health, Known, Offer
from feedservice.protocols import Store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House

HOST = "http://www.example.org"
SENTENCE = "<p>开发区第{n}次会议研究部署了下一阶段的重点工作，并听取了各部门的情况汇报，要求全力完成任务。</p>"
TEXT = "".join(SENTENCE.format(n=n) for n in (1, 2, 3))
KINDS = ("listing", "feed", "feed without ids", "json", "sitemap")
CHANGES = ("https", "no www", "slash", "tracking", "all")


@dataclass
class Scene:
    """One site told of in one way. base, end: how it spells addresses now. ids: how ids begin that are no addresses."""

    kind: str
    base: str = HOST
    end: str = ""
    count: int = 8
    ids: str = ""

    def url(self, number: int) -> str:
        return f"{self.base}/news/{number}{self.end}"

    def at(self, number: int) -> datetime:
        return datetime(2025, 12, 1, 2, tzinfo=UTC) + timedelta(days=number)

    @property
    def source(self) -> str:
        return f"{HOST}/list"

    def told(self) -> str:
        numbers = range(self.count, 0, -1)
        if self.kind == "listing":
            rows = "".join(
                f'<li><a href="{self.url(n)}">{title(n)}</a><span>{self.at(n):%Y-%m-%d}</span></li>' for n in numbers
            )
            return f"<html><head><title>新闻</title></head><body><ul>{rows}</ul></body></html>"
        if self.kind == "json":
            told = [{"title": title(n), "url": self.url(n), "date": self.at(n).isoformat()} for n in numbers]
            return json.dumps({"rows": told})
        if self.kind == "sitemap":
            locs = "".join(
                f"<url><loc>{escape(self.url(n))}</loc><lastmod>{self.at(n).isoformat()}</lastmod></url>"
                for n in numbers
            )
            return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locs}</urlset>'
        items = "".join(
            f"<item><title>{title(n)}</title><link>{escape(self.url(n))}</link>"
            + (f"<guid>{f'{self.ids}{n}' if self.ids else escape(self.url(n))}</guid>" if self.kind == "feed" else "")
            + f"<pubDate>{format_datetime(self.at(n))}</pubDate></item>"
            for n in numbers
        )
        return f'<rss version="2.0"><channel><title>新闻</title><link>{HOST}</link>{items}</channel></rss>'

    def page(self, number: int) -> str:
        return (
            f'<html><head><meta charset="utf-8"><title>{title(number)}</title></head><body><h1>{title(number)}</h1>'
            f"<div>发布时间：{self.at(number):%Y-%m-%d %H:%M}</div><div class='content'>{TEXT}"
            f'<p><img src="/pictures/{number}.jpg">详见<a href="{self.base}/about">这里</a>'
            '和<img src="//img.example.com/a.jpg"></p></div></body></html>'
        )

    def publish(self, web: FakeWeb) -> None:
        types = {"json": "application/json", "listing": "text/html"}
        web.put(self.source, self.told(), types.get(self.kind, "application/xml"))
        for number in range(1, self.count + 1):
            web.put(self.url(number), self.page(number))


def title(number: int) -> str:
    return f"开发区召开第{number}次重点项目建设推进会"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def house_of(store: Store, clock: FakeClock, scene: Scene) -> House:
    web = FakeWeb()
    scene.publish(web)
    house = House(store, web, clock)
    house.add("news", scene.kind.split()[0], {"url": scene.source})
    house.refresh("news")
    house.rebuild()
    clock.pass_(hours=1)
    return house


def spelled(scene: Scene, change: str) -> Scene:
    return {
        "https": replace(scene, base="https://www.example.org"),
        "no www": replace(scene, base="http://example.org"),
        "slash": replace(scene, end="/"),
        "tracking": replace(scene, end="?utm_source=list&utm_medium=web"),
        "all": replace(scene, base="https://example.org", end="/?spm=a1.b2"),
    }[change]


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        pytest.param(kind, change, marks=() if kind == "listing" or change == "all" else pytest.mark.slow)
        for kind in KINDS
        for change in CHANGES
    ],
)
def test_another_spelling_of_all_addresses_is_no_news(store: Store, clock: FakeClock, kind: str, change: str) -> None:
    scene = Scene(kind)
    house = house_of(store, clock, scene)
    before, seen = house.items(), house.articles()
    assert len(seen) == 8

    moved = replace(spelled(scene, change), count=9)
    moved.publish(house.web)
    house.web.asked.clear()
    report = house.refresh("news")
    house.rebuild()
    assert (report.health, report.new, report.edited) == (Health.WELL, 1, 0)
    assert house.items()[1:] == before, "no id, no title and no date moves"
    assert house.web.asked == [scene.source, moved.url(9)], "nor is a page asked for"

    for _ in range(10):
        clock.pass_(days=4)
        report = house.refresh("news")
        assert (report.new, report.edited) == (0, 0), "nor when its pages are looked at"
    assert [(each.id, each.updated, each.revision) for each in house.articles()][1:] == [
        (each.id, each.updated, 1) for each in seen
    ]

    replace(scene, count=9).publish(house.web)
    assert house.refresh("news").new == 0, "nor is it where the site changes its mind"
    assert len(house.articles()) == 9


def test_an_edit_after_the_change_is_one(store: Store, clock: FakeClock) -> None:
    scene = Scene("listing")
    house = house_of(store, clock, scene)
    moved = spelled(scene, "https")
    moved.publish(house.web)
    house.refresh("news")
    clock.pass_(days=20)
    house.web.put(moved.url(8), moved.page(8).replace("第1次会议", "第17次会议"))
    assert house.refresh("news").edited == 1
    assert house.articles()[0].id == scene.url(8)


def test_what_is_learned_stays(store: Store, clock: FakeClock) -> None:
    """The address is a name of its article, though the next spelling is too far from the first one."""
    scene = Scene("listing")
    house = house_of(store, clock, scene)
    moved = spelled(scene, "https")
    moved.publish(house.web)
    house.refresh("news")
    found = store.find(moved.url(3))
    assert found is not None
    assert found.id == scene.url(3)
    assert store.known("news", [moved.url(3)])[moved.url(3)].offered


def test_a_withdrawn_article_does_not_come_back_spelled_otherwise(store: Store, clock: FakeClock) -> None:
    scene = Scene("feed")
    house = house_of(store, clock, scene)
    with store.writing() as writer:
        assert writer.withdraw(scene.url(5), clock())
    spelled(scene, "all").publish(house.web)
    for _ in range(2):
        assert house.refresh("news").new == 0
        clock.pass_(hours=7)
    assert scene.url(5) not in {article.id for article in house.articles()}
    assert len(house.articles()) == 7


def test_two_that_stand_side_by_side_are_two(store: Store, clock: FakeClock) -> None:
    """A site that tells of /news/8 and /news/8/ at once means two articles, in every spelling of both."""
    scene = Scene("json")
    house = house_of(store, clock, scene)
    both = replace(scene, count=1)
    rows = [
        {"title": name, "url": url, "date": scene.at(9).isoformat()}
        for name, url in ((title(8), scene.url(8)), ("开发区另一次会议", f"{scene.url(8)}/"))
    ]
    house.web.put(both.source, json.dumps({"rows": rows}), "application/json")
    house.web.put(f"{scene.url(8)}/", scene.page(8).replace(title(8), "开发区另一次会议"))
    assert house.refresh("news").new == 1
    clock.pass_(hours=1)
    tls = [{**row, "url": row["url"].replace("http:", "https:")} for row in reversed(rows)]
    house.web.put(both.source, json.dumps({"rows": tls}), "application/json")
    report = house.refresh("news")
    assert (report.new, report.edited) == (0, 0)
    named = store.known("news", [row["url"] for row in tls])
    assert {each.id: each.title for each in named.values()} == {row["url"]: row["title"] for row in rows}


def test_another_source_joins_the_article(store: Store, clock: FakeClock) -> None:
    scene = Scene("listing")
    house = house_of(store, clock, scene)
    other = spelled(replace(scene, kind="feed"), "https")
    for number in range(1, 9):
        house.web.put(other.url(number), other.page(number))
    house.web.put(f"{HOST}/feed.xml", other.told(), "application/xml")
    house.add("other", "feed", {"url": f"{HOST}/feed.xml"})
    house.refresh("other")
    assert len(house.articles("all")) == 8
    assert [article.id for article in house.articles("other")] == [article.id for article in house.articles("news")]
    clock.pass_(hours=1)
    report = house.refresh("other")
    assert (report.new, report.edited) == (0, 0)


def test_what_the_first_read_left_out_stays_out(store: Store, clock: FakeClock) -> None:
    scene = Scene("feed", count=12)
    web = FakeWeb()
    scene.publish(web)
    house = House(store, web, clock)
    house.add("news", "feed", {"url": scene.source}, limit=5)
    assert house.refresh("news").new == 5
    spelled(scene, "https").publish(web)
    for _ in range(3):
        clock.pass_(hours=7)
        assert house.refresh("news").new == 0


def test_tracking_that_changes_every_day_is_no_news(store: Store, clock: FakeClock) -> None:
    scene = Scene("listing", end="?utm_campaign=1")
    house = house_of(store, clock, scene)
    ids = [article.id for article in house.articles()]
    for day in (2, 3):
        clock.pass_(days=1)
        replace(scene, end=f"?utm_campaign={day}").publish(house.web)
        report = house.refresh("news")
        assert (report.new, report.edited) == (0, 0)
    assert [article.id for article in house.articles()] == ids


def test_spellings_are_few_and_of_addresses_alone() -> None:
    assert spellings("tag:example.org,2025:1") == spellings("12345") == spellings("http://[") == ()
    assert spellings("https://example.org/a")[0] == "http://example.org/a", "the likeliest comes first"
    assert set(spellings("http://example.org/a?id=7")) == {
        f"{scheme}://{host}/a{slash}?id=7"
        for scheme in ("http", "https")
        for host in ("example.org", "www.example.org")
        for slash in ("", "/")
    } - {"http://example.org/a?id=7"}
    assert all(":8080" in each and each.startswith("http:") for each in spellings("http://example.org:8080/a"))
    assert all(each.endswith("\n标题") for each in spellings("http://example.org/a\n标题"))
    assert not any("www.192" in each for each in spellings("http://192.0.2.1/a"))


def test_only_what_counts_visitors_is_left_out() -> None:
    assert plain("https://example.org/a?utm_source=x&id=1&spm=2.3#c") == "https://example.org/a?id=1#c"
    assert plain("https://example.org/a?id=1&from=top") == "https://example.org/a?id=1&from=top"
    assert is_one("http://www.example.org/a/?fbclid=1", "https://example.org/a")
    assert not is_one("https://example.org/a", "https://example.org/b")
    assert not is_one("https://m.example.org/a", "https://example.org/a")


def test_twins_are_one_offer() -> None:
    told = [Offer(key=f"https://example.org/a{end}") for end in ("?utm_source=top", "", "?id=2", "?spm=1")]
    assert [offer.key for offer in without_twins(told)] == ["https://example.org/a", "https://example.org/a?id=2"]


def test_the_likelier_of_two_has_the_article() -> None:
    stored = Known(
        seq=1,
        id="http://example.org/a",
        source="news",
        key="http://example.org/a",
        url="http://example.org/a",
        title="",
        offer_digest="",
        content_digest="",
        published=datetime(2026, 1, 1, tzinfo=UTC),
        checked=datetime(2026, 1, 1, tzinfo=UTC),
        revision=1,
    )
    told = [Offer(key="https://www.example.org/a/"), Offer(key="https://example.org/a")]
    found = known_otherwise(
        told, {}, lambda keys: {key: stored for key in keys if re.fullmatch(stored.key, key)}, source="news"
    )
    assert found == {"https://example.org/a": stored}
