"""Articles that several sources carry: when two are one, and how that one is told."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import unquote

import pytest

from feedservice.config.settings import FeedSettings
from feedservice.duplicates import may_be_one, original_of, title_key
from feedservice.model import Carried
from feedservice.protocols import Store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.store_examples import START

URLS = {name: f"https://{name}.example.org/feed.json" for name in ("first", "second", "third")}
_WORDS = (
    "滨海新区今天召开高质量发展推进大会部署下一阶段重点工作要求各部门抓好落实确保全年目标任务完成泰达港口企业项目投资"
)


def text(seed: int, length: int = 600) -> str:
    """A body of made-up sentences."""
    chance = random.Random(seed)
    return f"<p>{''.join(chance.choice(_WORDS) for _ in range(length))}。</p>"


def carried(source: str = "first", title: str = "题目", days: float = 0) -> Carried:
    return Carried(source=source, title=title, published=START + timedelta(days=days))


# ------------------------------------------------------------------------------------------------ the decision


@pytest.mark.parametrize(
    ("one", "other"),
    [("关于放假的 公告", "关于放假的公告！"), ("“ＴＥＤＡ” opens", "teda opens"), ("2026年", "２０２６年")],
)
def test_headlines_are_compared_by_letters_and_digits(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)
    assert title_key("第12期") != title_key("第13期")


def test_one_article_has_two_sources_one_headline_and_near_dates() -> None:
    assert may_be_one(carried(), carried("second", days=3))
    assert may_be_one(carried("second", days=3), carried())
    assert not may_be_one(carried(), carried("second", days=3.01))
    assert not may_be_one(carried(), carried("first"))
    assert not may_be_one(carried(), carried("second", "别的"))
    assert not may_be_one(carried(title="——"), carried("second", "！"))


def test_nearly_the_same_text_is_the_same_whatever_its_markup() -> None:
    body = text(1)
    again = body.replace("<p>", "<div class='x'><p>来源：另一网站 ").replace("大会", "<b>大会</b>")
    assert original_of(again, {7: text(2), 5: body, 6: body}) == 5


def test_another_text_is_another_article() -> None:
    body = text(1)
    assert original_of(text(2), {1: body}) is None
    assert original_of(body[:300] + text(3, 300), {1: body}) is None
    assert original_of(body + text(3, 200), {1: body}) is None


def test_short_texts_are_the_same_when_they_are_equal() -> None:
    notice = "<p>因管道检修，一月五日停水一天，敬请谅解，特此通知广大居民。</p>"
    assert original_of(notice.replace("，", " "), {1: notice}) == 1
    assert original_of(notice.replace("五日", "六日"), {1: notice}) is None
    assert original_of("<p>见附件</p>", {1: "<p>见附件</p>"}) is None
    assert original_of("", {1: ""}) is None


def test_no_text_takes_long() -> None:
    start = time.process_time()
    original_of("<" * 5_000_000, {1: "&" * 5_000_000, 2: text(1, 2_000_000)})
    assert time.process_time() - start < 3


# ------------------------------------------------------------------------------------------------ from end to end


class Carriers(House):
    """Three sources that carry one another's articles, told as one."""

    def bring(self, name: str, *items: tuple[str, str]) -> None:
        """Have a source offer these articles, title and body, and read it."""
        offers = [
            {"id": f"{name}-{title}", "url": f"https://{name}.example.org/{title}.html", "title": title}
            | {"content_html": body, "date_published": "2026-01-04T08:00:00Z"}
            for title, body in items
        ]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": name, "items": offers}
        self.web.put(URLS[name], json.dumps(feed), "application/feed+json")
        self.refresh(name)

    def told(self, feed: str) -> Mapping[str, str]:
        """Text by address of what a feed's subscribers see."""
        self.rebuild()
        return {unquote(item["url"]): item["content_html"] for item in self.json_feed(feed)["items"]}


def withdraw(house: House, id: str) -> None:
    with house.store.writing() as writer:
        writer.withdraw(id, house.clock())


@pytest.fixture
def house(store: Store, clock: FakeClock) -> Carriers:
    made = Carriers(store, FakeWeb(), clock)
    made.settings = FeedSettings(duplicates="merge")
    for name, shelf in (("first", ("甲",)), ("second", ("乙",)), ("third", ())):
        made.add(name, "feed", {"url": URLS[name], "full_text": "feed"}, shelf=shelf)
    return made


def test_the_first_is_shown_once_and_names_all_who_carry_it(house: Carriers) -> None:
    house.bring("first", ("大会", text(1)), ("别的", text(2)))
    house.bring("second", ("大会", text(1)), ("别的", text(3)))
    house.bring("third", ("大会", text(1)))
    told = house.told("all")
    assert set(told) == {
        "https://first.example.org/大会.html",
        "https://first.example.org/别的.html",
        "https://second.example.org/别的.html",
    }
    assert told["https://first.example.org/大会.html"].endswith("<p>来源：first、second、third</p>")
    assert "来源" not in told["https://first.example.org/别的.html"]
    assert house.store.counts()["all"] == 3


def test_a_feed_of_one_source_shows_its_own(house: Carriers) -> None:
    house.bring("first", ("大会", text(1)))
    house.bring("second", ("大会", text(1)))
    assert house.told("first") == {"https://first.example.org/大会.html": text(1)}
    assert house.told("second") == {"https://second.example.org/大会.html": text(1)}


def test_the_first_stands_on_the_shelves_and_in_the_selections_of_all(house: Carriers) -> None:
    house.select(of_second={"sources": ["second"]})
    house.bring("first", ("大会", text(1)))
    house.bring("second", ("大会", text(1)))
    for feed in ("jia", "yi", "of_second"):
        assert list(house.told(feed)) == ["https://first.example.org/大会.html"]
    house.select(later={"include": {"title": ["大会"]}})
    assert list(house.told("later")) == ["https://first.example.org/大会.html"]


def test_what_is_shown_already_changes_when_another_source_carries_it(house: Carriers) -> None:
    house.bring("first", ("大会", text(1)))
    before = house.items("all") if house.rebuild() else []
    house.bring("second", ("大会", text(1)))
    assert house.told("all")["https://first.example.org/大会.html"].endswith("<p>来源：first、second</p>")
    assert house.items("all") == before, "the id and the date stay"


def test_when_the_first_is_taken_back_the_next_takes_its_place(house: Carriers) -> None:
    for name in URLS:
        house.bring(name, ("大会", text(1)))
    withdraw(house, house.articles("all")[0].id)
    told = house.told("all")
    assert list(told) == ["https://second.example.org/大会.html"]
    assert told["https://second.example.org/大会.html"].endswith("<p>来源：second、third</p>")
    assert list(house.told("yi")) == ["https://second.example.org/大会.html"]
    assert house.store.counts()["all"] == 1
    withdraw(house, house.articles("third")[0].id)
    assert "来源" not in house.told("all")["https://second.example.org/大会.html"]


def test_duplicates_are_shown_where_nothing_else_is_asked_for(house: Carriers) -> None:
    house.settings = FeedSettings()
    for name in URLS:
        house.add(name, "feed", {"url": URLS[name], "full_text": "feed"}, shelf=())
        house.bring(name, ("大会", text(1)))
    assert len(house.told("all")) == 3
