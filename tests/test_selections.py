"""Selections from end to end: filled as articles arrive, and from what is stored when they change."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from feedservice import assembly
from feedservice.config.settings import FeedSettings
from feedservice.model import FeedKind, Fields
from feedservice.protocols import Store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.store_examples import arrival, intake, save

NEWS, TOWN = "https://news.example.org/feed.json", "https://town.example.org/feed.json"
ITEMS: Sequence[Mapping[str, object]] = (
    {
        "id": "1",
        "title": "关于放假的公告",
        "content_html": "<p>春节放假安排</p>",
        "date_published": "2026-01-01T08:00:00Z",
    },
    {"id": "2", "title": "招聘公告", "content_html": "<p>招聘十人</p>", "date_published": "2026-01-02T08:00:00Z"},
    {"id": "3", "title": "港口新闻", "content_html": "<p>泰达开港</p>", "date_published": "2026-01-03T08:00:00Z"},
)


def offer(house: House, url: str, items: Sequence[Mapping[str, object]]) -> None:
    base = url.rpartition("/")[0]
    items = [{"url": f"{base}/{item['id']}.html", **item} for item in items]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": items}
    house.web.put(url, json.dumps(feed), "application/feed+json")


@pytest.fixture
def house(store: Store, clock: FakeClock) -> House:
    """Two sources, with three articles in the first and one in the second."""
    made = House(store, FakeWeb(), clock)
    for name, url, shelf in (("news", NEWS, ("资讯动态", "其他信息")), ("town", TOWN, ("城镇",))):
        made.add(name, "feed", {"url": url, "full_text": "feed"}, shelf=shelf)
    offer(made, NEWS, ITEMS)
    offer(made, TOWN, [{"id": "9", "title": "城镇公告", "content_html": "<p>停水</p>"}])
    return made


def titles(house: House, feed: str) -> set[str]:
    return {article.fields.title for article in house.articles(feed)}


def test_articles_come_in_as_they_arrive(house: House) -> None:
    house.select(
        notices={"include": {"title": ["公告"]}, "exclude": {"title": ["招聘"]}},
        of_town={"sources": ["town"]},
        shelved={"categories": ["资讯动态"]},
    )
    house.refresh("news")
    house.refresh("town")
    assert titles(house, "notices") == {"关于放假的公告", "城镇公告"}
    assert titles(house, "of_town") == {"城镇公告"}
    assert titles(house, "shelved") == {"关于放假的公告", "招聘公告", "港口新闻"}


def test_selection_of_a_source_holds_what_another_one_brought_first(house: House) -> None:
    """Whether it was there when that came, was put back later, or is new."""
    shared = [{**item, "url": f"https://news.example.org/{item['id']}.html"} for item in ITEMS]
    of_town = {"sources": ["town"], "include": {"title": ["公告"]}}
    house.select(there=of_town, back=of_town)
    house.refresh("town")
    house.select(there=of_town)
    house.refresh("news")
    offer(house, TOWN, shared[:2])
    house.refresh("town")
    house.select(there=of_town, back=of_town, new=of_town)
    expected = {"关于放假的公告", "招聘公告", "城镇公告"}
    assert {name: titles(house, name) for name in ("there", "back", "new")} == dict.fromkeys(
        ("there", "back", "new"), expected
    )
    house.select(there=of_town, of_news={"sources": ["news"]})
    assert titles(house, "of_news") == {str(item["title"]) for item in ITEMS}


def test_a_selection_is_a_feed_like_any_other(house: House) -> None:
    house.select(notices={"title": "公告", "description": "全部公告", "include": {"title": ["公告"]}})
    house.refresh("news")
    house.refresh("town")
    house.rebuild()
    feed = house.json_feed("notices")
    assert (feed["title"], feed["description"]) == ("公告", "全部公告")
    assert {item["title"] for item in feed["items"]} == {"关于放假的公告", "招聘公告", "城镇公告"}
    assert [each.kind for each in house.store.feeds() if each.name == "notices"] == [FeedKind.SELECTION]
    assert house.store.counts()["notices"] == 3
    for suffix in ("rss", "atom"):
        document = house.store.document(f"/feeds/notices.{suffix}")
        assert document is not None
        body = document.representations[0].body.decode()
        assert "/feeds/news." in body, "each article names the feed that it comes from"
        assert "/feeds/town." in body


def test_a_new_selection_looks_through_what_is_stored(house: House) -> None:
    house.refresh("news")
    house.refresh("town")
    house.rebuild()
    house.select(notices={"include": {"title": ["公告"]}, "categories": [["资讯动态", "其他信息"], ["城镇"]]})
    house.rebuild()
    assert titles(house, "notices") == {"关于放假的公告", "招聘公告", "城镇公告"}
    assert len(house.items("notices")) == 3


def test_the_feed_of_a_new_selection_ends_with_what_arrived_last(house: House) -> None:
    house.refresh("news")
    house.refresh("town")
    house.select(everything={})
    assert [member.card.seq for member in house.store.latest("everything", 10)] == [1, 2, 3, 4]


def test_an_edited_definition_takes_nothing_out(house: House) -> None:
    house.select(picked={"include": {"title": ["新闻"]}})
    house.refresh("news")
    house.select(picked={"include": {"title": ["招聘"]}})
    assert titles(house, "picked") == {"港口新闻", "招聘公告"}
    house.select(picked={"include": {"title": ["没有"]}})
    assert titles(house, "picked") == {"港口新闻", "招聘公告"}


@pytest.mark.parametrize(
    ("archive", "fitted", "shown"),
    [(True, range(1, 41, 2), range(31, 41)), (False, range(1, 41, 2), range(37, 41)), (False, [40], range(38, 41))],
    ids=["archive", "full", "room for more"],
)
def test_a_wider_rule_pushes_nothing_out_of_the_feed_that_nobody_has_seen_yet(
    store: Store, clock: FakeClock, archive: bool, fitted: Sequence[int], shown: Sequence[int]
) -> None:
    """What is old and comes in now stands before what came last, as if it had always been there."""
    house = House(store, FakeWeb(), clock)
    house.settings = FeedSettings(items=4, archive=archive)
    house.select(picked={"include": {"title": ["公告"]}})
    clock.pass_(hours=2)
    for number in range(1, 41):
        fits = number in fitted
        fields = Fields(title=f"{'公告' if fits else '通知'}{number}", body=f"<p>{number}</p>")
        come = replace(arrival(number, fields=fields), feeds=("picked",) if fits else ())
        save(store, intake(come, source="news", at=clock()))
    house.rebuild()
    house.select(picked={})
    house.rebuild()
    numbers = [int(title[2:]) for _, title, _ in house.items("picked")]
    assert numbers == sorted(shown, reverse=True)
    assert sorted(member.card.seq for member in store.members("picked", 0)) == list(range(1, 41))


def test_only_another_rule_looks_through_what_is_stored(house: House) -> None:
    """Another title, or the same sources in another order, is no other rule."""
    house.select(picked={"sources": ["town", "news"]})
    save(house.store, intake(arrival(1), source="news"))
    house.select(picked={"sources": ["news", "town"], "title": "别名"})
    assert titles(house, "picked") == set()
    house.select(picked={"sources": ["news"]})
    assert titles(house, "picked") == {"第1条"}


def test_an_edit_may_bring_an_article_into_a_selection_and_never_takes_it_out(house: House) -> None:
    house.select(before={"include": {"title": ["港口"]}}, after={"include": {"title": ["重要"]}})
    house.refresh("news")
    offer(house, NEWS, [*ITEMS[:2], {**ITEMS[2], "title": "重要新闻"}])
    house.clock.pass_(hours=2)
    house.refresh("news")
    assert titles(house, "before") == titles(house, "after") == {"重要新闻"}
    assert house.store.counts()["after"] == 1


def test_what_another_source_brings_again_comes_into_its_selections(house: House) -> None:
    house.select(of_town={"sources": ["town"]})
    house.refresh("news")
    offer(house, TOWN, [{**ITEMS[0], "url": "https://news.example.org/1.html"}])
    house.refresh("town")
    assert titles(house, "of_town") == {"关于放假的公告"}
    assert len(house.articles("all")) == 3


def test_selections_of_the_config_are_served_and_filled(tmp_path: Path) -> None:
    """The way that commands go: the config file, the folder source, two starts with another definition."""
    for number, title in enumerate(("第一条公告", "第二条新闻"), 1):
        (tmp_path / "town").mkdir(exist_ok=True)
        (tmp_path / "town" / f"{number}.md").write_text(f"# {title}\n\n正文第{number}条。\n", encoding="utf-8")

    def refresh(word: str) -> set[str]:
        (tmp_path / "config.yaml").write_text(
            "sources:\n  town:\n    kind: folder\n    path: town\n"
            f"selections:\n  picked:\n    sources: town\n    include:\n      title: {word}\n",
            encoding="utf-8",
        )
        config = assembly.load_config(str(tmp_path / "config.yaml"), {})
        assembly.refresh(config, [], lambda done, of, name: None)
        store = assembly.open_store(config)
        found = {article.fields.title for article in store.articles("picked", 10)}
        document = store.document("/feeds/picked.json")
        assert document is not None
        assert {item["title"] for item in json.loads(document.representations[0].body)["items"]} == found
        store.close()
        return found

    assert refresh("公告") == {"第一条公告"}
    assert refresh("新闻") == {"第一条公告", "第二条新闻"}
