"""The push API: who may, what is taken in, what it becomes, and how what is wrong is told (RFC 9457)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from werkzeug.test import Client, TestResponse

from feedservice.assembly.pushing import make_counters
from feedservice.assembly.site import open_door
from feedservice.assembly.sources import open_source
from feedservice.cli import telling
from feedservice.cli.health import Answer
from feedservice.config.reading import Config, load
from feedservice.config.settings import FeedSettings, ServerSettings
from feedservice.errors import StoreError, Unreadable
from feedservice.model import FIRST_READ, Feed, FeedKind, Fields, Health, Letter, SourceState
from feedservice.operating.explain import explain
from feedservice.protocols import Store
from feedservice.refresh import RefreshReport, refresh
from feedservice.refreshing.opened import OpenSource
from feedservice.running.worker import tell
from feedservice.sources import KINDS
from feedservice.store import open_store
from feedservice.web import make_app
from feedservice.web.hot import HotPath
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.small_site import SmallSite
from tests.web_examples import SITE

TOKEN = "a-token-of-enough-letters"
PATH = "/api/sources/desk/articles"
CONFIG = """\
sources:
  desk: {kind: push, token: "${PUSH_TOKEN}"}
  quiet: {kind: push}
  closed: {kind: push, token: "${PUSH_TOKEN}", enabled: false}
  files: {kind: folder, path: articles}
"""
ARTICLE: Mapping[str, object] = {
    "id": "urn:example:notice:7",
    "url": "https://www.example.org/notice/7.html",
    "title": "关于停水的  通知",
    "html": '<p>今晚停水。<script>alert(1)</script><img src="/a.png" onerror="x()"></p>',
    "published": "2026-01-04 09:30",
    "authors": ["张三"],
    "origin": ["滨海时报"],
    "category": "资讯动态 > 其他信息",
    "tags": ["停水"],
    "attachments": [{"url": "https://www.example.org/a.pdf", "name": "附件", "type": "application/pdf", "length": 9}],
}


class Scene:
    """A worker's side and a serving process on one store; the test is the schedule and the network."""

    def __init__(self, store: Store, url: str, clock: FakeClock, folder: Path) -> None:
        self.store, self.clock = store, clock
        (folder / "config.yaml").write_text(CONFIG)
        self.config: Config = load(str(folder / "config.yaml"), {"PUSH_TOKEN": TOKEN}, KINDS)
        self.house = House(store, clock=clock, web=_no_network())
        self.house.define()
        with store.writing() as writer:
            writer.define_feeds([Feed(name="desk", kind=FeedKind.SOURCE, title="编辑部")], "x")
        self.app: HotPath = make_app(
            open_store(url, clock),
            site=SITE,
            feeds=FeedSettings(),
            server=ServerSettings(),
            counters=make_counters(self.config),
            clock=clock,
        )
        self.client = Client(self.app)
        with open_door(self.config) as door:
            self.source: OpenSource = open_source(self.config, self.config.sources["desk"], door, store)

    def ask(self, method: str, path: str = PATH, body: object = None, *, token: str | None = TOKEN) -> TestResponse:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        sent = json.dumps(body) if body is not None else None
        kind = "application/json" if sent is not None else None
        return self.client.open(path, method=method, data=sent, content_type=kind, headers=headers)

    def push(self, body: object) -> TestResponse:
        return self.ask("POST", body=body)

    def withdraw(self, key: str) -> TestResponse:
        return self.client.delete(PATH, query_string={"id": key}, headers={"Authorization": f"Bearer {TOKEN}"})

    def state(self, key: str) -> dict[str, Any]:
        answer = self.client.get(PATH, query_string={"id": key}, headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        told: dict[str, Any] = answer.get_json()
        return told

    def work(self) -> RefreshReport:
        """What the worker does within a second: the source is due, is read, and the feeds are written."""
        with ThreadPoolExecutor(2) as fetchers:
            report = refresh(self.source, store=self.store, clock=self.clock, fetchers=fetchers)
        for published in self.house.rebuild():
            assert (published.isolated, published.failures) == ((), ())
        return report


def _no_network() -> Any:
    def get(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    return get


@pytest.fixture
def scene(store: Store, store_url: str, clock: FakeClock, tmp_path: Path) -> Iterator[Scene]:
    made = Scene(store, store_url, clock, tmp_path)
    yield made
    made.app.close()


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """The problem details of an answer (RFC 9457 §3)."""
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    told: dict[str, Any] = json.loads(answer.data)
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told


# ------------------------------------------------------------------------------------------------ what comes of it


def test_pushed_article_waits_durably_and_is_published_by_the_worker(scene: Scene) -> None:
    answer = scene.push(ARTICLE)
    assert (answer.status_code, answer.get_json()) == (202, {"id": ARTICLE["id"], "status": "new"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert scene.state("urn:example:notice:7") == {"id": "urn:example:notice:7", "status": "waiting"}
    assert scene.store.article("urn:example:notice:7") is None
    assert "desk" in scene.store.due(scene.clock(), 9)
    assert scene.work().new == 1
    told = scene.state("urn:example:notice:7")
    assert (told["status"], told["article"]["revision"]) == ("published", 1)
    assert told["article"]["published"] == "2026-01-04T01:30:00+00:00"
    (item,) = scene.house.json_feed("desk")["items"]
    assert item["id"] == "urn:example:notice:7"
    assert item["url"] == "https://www.example.org/notice/7.html"
    assert item["title"] == "关于停水的 通知"
    assert item["authors"] == [{"name": "张三"}]
    assert item["attachments"][0]["size_in_bytes"] == 9
    assert scene.house.json_feed("qitaxinxi")["items"] == scene.house.json_feed("zixundongtai")["items"]


def test_what_a_serving_process_takes_in_under_the_old_name_of_a_source_is_for_the_new_one(scene: Scene) -> None:
    """It goes on by the configuration that it began with, until it is told of the one that the worker has already."""
    with scene.store.writing() as writer:
        writer.define_feeds([Feed(name="newsroom", kind=FeedKind.SOURCE, title="编辑部")], "x")
    scene.push(ARTICLE)
    scene.work()
    with scene.store.writing() as writer:
        assert writer.rename_sources({"desk": "newsroom"}) == {"desk"}
        writer.retire({"desk": "newsroom"}, ())
    assert scene.push({**ARTICLE, "title": "改过的通知"}).get_json()["status"] == "edited"
    assert scene.push({"id": "8", "title": "又一条通知"}).get_json()["status"] == "new"
    assert scene.withdraw("8").status_code == 202
    assert scene.state("urn:example:notice:7")["status"] == "waiting"
    assert [letter.key for letter in scene.store.letters("newsroom", 9)] == [ARTICLE["id"], "8", "8"]
    assert "newsroom" in scene.store.due(scene.clock(), 9)


def test_pushed_markup_is_sanitised_as_everything_else(scene: Scene) -> None:
    scene.push(ARTICLE)
    scene.work()
    body = scene.house.json_feed("desk")["items"][0]["content_html"]
    assert "今晚停水" in body
    assert 'src="https://www.example.org/a.png"' in body
    assert "script" not in body
    assert "onerror" not in body


def test_plain_text_becomes_paragraphs(scene: Scene) -> None:
    scene.push({"id": "1", "title": "t", "text": "a < b\n\nsecond"})
    scene.work()
    assert scene.house.json_feed("desk")["items"][0]["content_html"] == "<p>a &lt; b</p>\n<p>second</p>"


@pytest.mark.parametrize(
    ("told", "meant"),
    [("Vec<T> and <b> explained", "Vec<T> and <b> explained"), ("R&amp;D &lt;x&gt; <em>now</em>", "R&D <x> now")],
)
def test_title_keeps_what_it_says_in_angle_brackets(scene: Scene, told: str, meant: str) -> None:
    scene.push({"id": "1", "title": told, "text": "x"})
    scene.work()
    assert scene.house.json_feed("desk")["items"][0]["title"] == meant


def test_same_article_again_changes_nothing_after_only_its_date_was_told_otherwise(scene: Scene) -> None:
    scene.push(ARTICLE)
    scene.work()
    other = {**ARTICLE, "published": "2026-01-04T08:00:00+08:00"}
    assert scene.push(other).get_json()["status"] == "edited"
    scene.work()
    assert scene.push(other).get_json()["status"] == "unchanged"


def test_same_article_again_changes_nothing(scene: Scene) -> None:
    scene.push(ARTICLE)
    assert scene.push(ARTICLE).get_json()["status"] == "waiting"
    assert scene.store.waiting("desk") == 1
    scene.work()
    before = scene.house.json_feed("desk")
    answer = scene.push(ARTICLE)
    assert (answer.status_code, answer.get_json()["status"]) == (200, "unchanged")
    assert scene.store.waiting("desk") == 0
    scene.work()
    assert scene.house.json_feed("desk") == before


def test_edited_article_is_a_new_revision_under_its_id_and_date(scene: Scene) -> None:
    scene.push(ARTICLE)
    scene.work()
    scene.clock.pass_(hours=1)
    answer = scene.push({**ARTICLE, "title": "关于恢复供水的通知", "published": "2026-01-05 08:00"})
    assert (answer.status_code, answer.get_json()["status"]) == (202, "edited")
    assert scene.work().edited == 1
    told = scene.state("urn:example:notice:7")["article"]
    assert (told["title"], told["revision"]) == ("关于恢复供水的通知", 2)
    assert told["published"] == "2026-01-04T01:30:00+00:00"
    assert told["updated"] > told["published"]


def test_edit_that_no_words_tell_is_seen_too(scene: Scene) -> None:
    scene.push(ARTICLE)
    scene.work()
    assert scene.push({**ARTICLE, "authors": ["李四"]}).get_json()["status"] == "edited"
    assert scene.work().edited == 1
    assert scene.house.json_feed("desk")["items"][0]["authors"] == [{"name": "李四"}]


def test_edits_are_kept_however_many_come(scene: Scene) -> None:
    scene.push(ARTICLE)
    scene.work()
    for number in range(12):
        scene.clock.pass_(minutes=1)
        scene.push({**ARTICLE, "title": f"第{number}稿"})
        scene.work()
    assert scene.house.json_feed("desk")["items"][0]["title"] == "第11稿"


def test_last_word_counts_when_several_wait(scene: Scene) -> None:
    for title in ("one", "two", "three"):
        scene.push({"id": "1", "title": title})
    assert scene.store.waiting("desk") == 3
    assert scene.work().new == 1
    assert [item["title"] for item in scene.house.json_feed("desk")["items"]] == ["three"]
    assert scene.store.waiting("desk") == 0


@pytest.mark.parametrize("stored", [False, True])
def test_last_word_counts_whichever_name_it_is_told_under(scene: Scene, stored: bool) -> None:
    both, by_id, by_url = ({name: ARTICLE[name] for name in names} for names in (("id", "url"), ("id",), ("url",)))
    scene.push({**both, "title": "one"})
    if stored:
        scene.work()
    scene.push({**(by_id if stored else both), "title": "two"})
    scene.push({**by_url, "title": "three"})
    while scene.store.waiting("desk"):
        scene.work()
    assert [item["title"] for item in scene.house.json_feed("desk")["items"]] == ["three"]
    scene.push({**by_url, "title": "four"})
    scene.push({**by_id, "title": "five"})
    while scene.store.waiting("desk"):
        scene.work()
    assert [item["title"] for item in scene.house.json_feed("desk")["items"]] == ["five"]


@pytest.mark.parametrize("taken_back", [False, True])
def test_last_word_counts_under_an_address_that_the_store_shortens_too(scene: Scene, taken_back: bool) -> None:
    url = f"https://www.example.org/{'%E9%95%BF' * 120}"
    scene.push({"id": "8", "url": url, "title": "one"})
    scene.push({"url": url, "title": "two"})
    if taken_back:
        scene.withdraw(url)
    while scene.store.waiting("desk"):
        scene.work()
    told = scene.state("8")
    assert (told["status"], told["article"]["title"]) == (("withdrawn", "one") if taken_back else ("published", "two"))
    assert scene.state(url) == told | {"id": url}


def test_address_that_only_the_first_word_tells_is_that_of_the_article(scene: Scene) -> None:
    """Also where the worker reads all of them at once."""
    url = "https://www.example.org/8.html"
    scene.push({"id": "8", "url": url, "title": "one"})
    scene.push({"id": "8", "title": "two"})
    scene.push({"url": url, "title": "three"})
    while scene.store.waiting("desk"):
        scene.work()
    assert [(item["url"], item["title"]) for item in scene.house.json_feed("desk")["items"]] == [(url, "three")]


def test_list_is_taken_in_whole_and_in_order(scene: Scene) -> None:
    answer = scene.push([{"id": str(number), "title": f"第{number}条"} for number in range(60)])
    assert answer.status_code == 202
    assert [each["status"] for each in answer.get_json()["articles"]] == ["new"] * 60
    assert scene.work().new == 60
    titles = [item["title"] for item in scene.house.json_feed("desk")["items"]]
    assert titles[0] == "第59条"
    assert scene.push([{"id": "1", "title": "第1条"}, {"id": "2", "title": "第2条"}]).status_code == 200


def test_more_than_is_admitted_at_once_follows_by_itself(scene: Scene) -> None:
    for start in (0, 100):
        scene.push([{"id": str(number), "title": f"第{number}条"} for number in range(start, start + 100)])
    assert scene.work().new == 100
    assert "desk" in scene.store.due(scene.clock(), 9)
    assert scene.work().new == 100
    assert "desk" not in scene.store.due(scene.clock(), 9)


def test_article_without_a_date_has_that_of_its_coming_though_the_worker_came_later(scene: Scene) -> None:
    came = []
    for start in range(0, 90, 30):
        came.append(scene.clock().isoformat())
        scene.push([{"id": str(number), "title": f"第{number}条"} for number in range(start, start + 30)])
        scene.clock.pass_(hours=3)
    scene.push({"id": "29", "title": "第29条", "text": "edited"})
    scene.work()
    assert [scene.state(key)["article"]["published"] for key in ("29", "59", "89")] == came
    articles = sorted(scene.house.articles("desk"), key=lambda article: article.published)
    assert [article.fields.title for article in articles[-60:]] == [f"第{number}条" for number in range(30, 90)]


@pytest.mark.parametrize("claim", [None, "2030-01-01"])
def test_date_of_its_coming_is_explained_as_such(scene: Scene, claim: str | None) -> None:
    scene.push({"id": "urn:x:1", "title": "t", "published": claim})
    scene.clock.pass_(hours=9)
    scene.work()
    article = scene.store.article("urn:x:1")
    assert article is not None
    facts = {fact.name: fact for fact in explain(article, store=scene.store, source=scene.source).decided}
    assert facts["published"].value < facts["first seen"].value
    assert facts["published"].how.endswith(": when it was pushed")


def test_article_without_an_address_or_an_iri_gets_both(scene: Scene) -> None:
    scene.push({"id": "7", "title": "t", "text": "x"})
    scene.work()
    (item,) = scene.house.json_feed("desk")["items"]
    assert item["id"].startswith("urn:uuid:")
    assert item["url"].startswith("http")


def test_article_without_an_id_is_known_by_its_address(scene: Scene) -> None:
    scene.push({"url": "https://www.example.org/8.html", "title": "t"})
    scene.work()
    assert scene.house.json_feed("desk")["items"][0]["id"] == "https://www.example.org/8.html"
    assert scene.state("https://www.example.org/8.html")["status"] == "published"


def test_articles_that_all_have_one_title_are_believed(scene: Scene) -> None:
    scene.push([{"id": "1", "title": "first"}])
    scene.work()
    scene.push([{"id": f"n{number}", "title": "通知公告"} for number in range(30)])
    report = scene.work()
    assert (report.new, report.health) == (30, Health.WELL)


def test_what_comes_while_the_source_is_read_is_not_forgotten(scene: Scene) -> None:
    """The worker had found nothing, and then writes down when to look again."""
    source = scene.source
    real = source.source.read

    class Late:
        def read(self, get: Any, known: Any, memory: Any = FIRST_READ) -> Any:
            reading = real(get, known, memory)
            scene.push(ARTICLE)
            return reading

    scene.source = replace(source, source=Late())
    scene.work()
    scene.source = source
    assert "desk" in scene.store.due(scene.clock(), 9)
    assert scene.work().new == 1


def test_letter_is_read_at_once_though_the_clock_of_the_host_that_took_it_in_is_ahead(
    scene: Scene, store_url: str
) -> None:
    scene.work()
    ahead = FakeClock(scene.clock() + timedelta(minutes=10))
    app = make_app(
        open_store(store_url, ahead),
        site=SITE,
        feeds=FeedSettings(),
        server=ServerSettings(),
        counters=make_counters(scene.config),
        clock=ahead,
    )
    pushed = Client(app).post(PATH, json={"id": "1", "title": "t"}, headers={"Authorization": f"Bearer {TOKEN}"})
    assert pushed.status_code == 202
    assert scene.store.due(scene.clock(), 9) == ("desk",)
    assert scene.work().new == 1
    assert scene.state("1")["article"]["published"] == scene.clock().isoformat()
    assert scene.store.due(scene.clock(), 9) == ()
    app.close()


def test_article_of_another_source_is_left_as_it_is(scene: Scene) -> None:
    scene.push(ARTICLE)
    scene.work()
    with scene.store.writing() as writer:
        writer.put_state(SourceState(name="other"))
    known = scene.store.known("other", ["urn:example:notice:7"])["urn:example:notice:7"]
    assert known.source == "desk"


def test_article_that_another_source_brought_comes_into_the_feed_and_category_of_who_pushes_it(scene: Scene) -> None:
    site = SmallSite(count=3)
    scene.house.web = FakeWeb(site.pages())
    scene.house.add("news", "listing", {"url": site.list_url})
    assert scene.house.refresh("news").new == 3
    pushed = {"url": site.url(2), "title": "推荐", "text": "x", "category": "推荐"}
    answer = scene.push(pushed)
    assert (answer.status_code, answer.get_json()["status"]) == (202, "new")
    scene.work()
    assert [item["title"] for item in scene.house.json_feed("desk")["items"]] == [site.title(2)]
    assert [item["url"] for item in scene.house.json_feed("tuijian")["items"]] == [site.url(2)]
    again = scene.push(pushed)
    assert (again.status_code, again.get_json()["status"]) == (200, "unchanged")


def test_what_the_source_left_out_while_it_was_a_list_is_taken_in(scene: Scene) -> None:
    """Its kind was changed: what the first read of its list had no room for is pushed now."""
    site = SmallSite(count=6)
    scene.house.web = FakeWeb(site.pages())
    scene.house.add("desk", "listing", {"url": site.list_url}, limit=2)
    assert scene.house.refresh("desk").new == 2
    assert [scene.push({"url": site.url(n), "title": site.title(n)}).status_code for n in range(1, 7)].count(202) == 6
    scene.withdraw(site.url(1))
    assert scene.work().new == 3
    assert len(scene.house.articles("desk")) == 5
    problem(scene.push({"url": site.url(1), "title": "again"}), 410)


def test_what_the_source_left_out_stays_left_out_when_it_is_a_list_again(scene: Scene) -> None:
    site = SmallSite(count=6)
    scene.house.web = FakeWeb(site.pages())
    scene.house.add("desk", "listing", {"url": site.list_url}, limit=2)
    assert scene.house.refresh("desk").new == 2
    scene.push({"url": site.url(2), "title": site.title(2)})
    assert scene.work().new == 1
    assert scene.house.refresh("desk").new == 0


def test_articles_under_several_ids_and_one_address_are_several(scene: Scene) -> None:
    """Whoever sends an id means that article, and takes back that one: whether they come together or one by one."""
    url = "https://www.example.org/notices"
    for body in (
        {"id": "urn:x:1", "url": url, "title": "first"},
        {"id": "urn:x:2", "url": url, "title": "second"},
        [{"id": f"urn:x:{number}", "url": url, "title": "second"} for number in (3, 4)],
        {"id": "5", "url": url, "title": "second"},
    ):
        scene.push(body)
        scene.work()
    assert len(scene.house.articles("desk")) == 5
    assert scene.state("urn:x:2")["article"]["title"] == "second"
    scene.withdraw("urn:x:2")
    scene.work()
    assert scene.state("urn:x:2")["status"] == "withdrawn"
    assert {scene.state(key)["status"] for key in ("urn:x:1", "urn:x:3", "urn:x:4", "5")} == {"published"}
    assert [item["title"] for item in scene.house.json_feed("desk")["items"]].count("first") == 1


# ------------------------------------------------------------------------------------------------ taking back


def test_withdrawing_gives_what_the_command_gives(scene: Scene) -> None:
    scene.push([ARTICLE, {"id": "2", "title": "stays"}])
    scene.work()
    answer = scene.withdraw("urn:example:notice:7")
    assert (answer.status_code, answer.get_json()["status"]) == (202, "waiting")
    assert scene.work().withdrawn == 1
    assert scene.state("urn:example:notice:7")["status"] == "withdrawn"
    assert [item["title"] for item in scene.house.json_feed("desk")["items"]] == ["stays"]
    document = scene.store.document("/feeds/desk.atom")
    assert document is not None
    stones = etree.fromstring(document.representations[0].body).findall("{http://purl.org/atompub/tombstones/1.0}*")
    assert [stone.get("ref") for stone in stones] == ["urn:example:notice:7"]
    again = scene.withdraw("urn:example:notice:7")
    assert (again.status_code, again.get_json()["status"]) == (200, "withdrawn")


def test_withdrawn_article_cannot_be_pushed_again(scene: Scene) -> None:
    scene.push(ARTICLE)
    scene.work()
    scene.withdraw("urn:example:notice:7")
    assert "urn:example:notice:7" in problem(scene.push(ARTICLE), 410)["detail"]
    scene.work()
    problem(scene.push([{"id": "9", "title": "t"}, dict(ARTICLE)]), 410)
    assert scene.store.waiting("desk") == 0


def test_article_that_is_withdrawn_before_it_was_published_never_is(scene: Scene) -> None:
    scene.push({"id": "1", "title": "t"})
    assert scene.withdraw("1").status_code == 202
    assert scene.work().new == 0
    assert scene.house.articles("desk") == ()


def test_article_that_is_withdrawn_before_it_was_published_cannot_be_pushed_again(scene: Scene) -> None:
    """The request of a client that timed out comes a second time, and late."""
    scene.push(ARTICLE)
    scene.withdraw("urn:example:notice:7")
    scene.work()
    problem(scene.push(ARTICLE), 410)
    assert scene.state("urn:example:notice:7")["status"] == "withdrawn"
    assert scene.withdraw("urn:example:notice:7").status_code == 200
    assert "qita" not in scene.store.counts()
    assert scene.store.counts()["all"] == 0


def test_article_that_is_withdrawn_behind_more_than_is_admitted_at_once_is_never_published(scene: Scene) -> None:
    for start in (0, 100):
        scene.push([{"id": str(number), "title": f"第{number}条"} for number in range(start, start + 100)])
    scene.withdraw("7")
    assert scene.work().new == 99
    assert scene.state("7")["status"] == "waiting"
    assert "第7条" not in {article.fields.title for article in scene.house.articles("desk")}
    while scene.store.waiting("desk"):
        scene.work()
    assert scene.state("7")["status"] == "withdrawn"
    assert scene.store.counts()["desk"] == 199


def test_article_that_is_withdrawn_behind_what_has_to_wait_is_never_published(scene: Scene) -> None:
    url = "https://www.example.org/8.html"
    scene.push({"id": "8", "url": url, "title": "one"})
    scene.push({"url": url, "title": "two"})
    scene.withdraw("8")
    assert scene.work().new == 0
    while scene.store.waiting("desk"):
        scene.work()
    assert scene.house.articles("desk") == ()
    assert scene.state("8")["status"] == scene.state(url)["status"] == "withdrawn"


def test_article_that_was_withdrawn_and_could_not_be_read_cannot_be_pushed_again(scene: Scene) -> None:
    scene.push({"id": "1", "title": "t", "text": "long"})
    scene.withdraw("1")
    source = scene.source
    scene.source = replace(source, pages=replace(source.pages, clean=_takes_too_long_with_words))
    scene.work()
    scene.source = source
    problem(scene.push({"id": "1", "title": "t", "text": "shorter"}), 410)
    assert scene.state("1")["status"] == "withdrawn"


def _takes_too_long_with_words(fields: Fields, base_url: str) -> Fields:
    if fields.body:
        raise Unreadable("reading it takes more than 20 seconds")
    return fields


def test_article_of_another_source_that_is_withdrawn_before_it_comes_stays_where_it_was(scene: Scene) -> None:
    site = SmallSite(count=3)
    scene.house.web = FakeWeb(site.pages())
    scene.house.add("news", "listing", {"url": site.list_url})
    scene.house.refresh("news")
    pushed = {"url": site.url(2), "title": "推荐", "text": "x", "category": "推荐"}
    scene.push(pushed)
    scene.withdraw(site.url(2))
    scene.work()
    assert scene.store.counts().get("desk", 0) == 0
    assert "tuijian" not in scene.store.counts()
    assert scene.store.counts()["news"] == 3
    assert scene.push(pushed).get_json()["status"] == "unchanged"


def test_article_that_another_source_brought_is_not_withdrawn_here_and_that_is_told(scene: Scene) -> None:
    site = SmallSite(count=3)
    scene.house.web = FakeWeb(site.pages())
    scene.house.add("news", "listing", {"url": site.list_url})
    scene.house.refresh("news")
    problem(scene.withdraw(site.url(2)), 404)
    scene.push({"url": site.url(2), "title": "推荐", "text": "x"})
    scene.work()
    assert scene.state(site.url(2))["status"] == "published"
    problem(scene.withdraw(site.url(2)), 409)
    assert scene.store.waiting("desk") == 0
    with scene.store.writing() as writer:
        writer.withdraw(site.url(2), scene.clock())
    assert scene.withdraw(site.url(2)).status_code == 200


def test_unknown_article_cannot_be_withdrawn(scene: Scene) -> None:
    problem(scene.withdraw("nothing"), 404)
    problem(scene.ask("DELETE"), 400)


# ------------------------------------------------------------------------------------------------ who may


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN + "x", TOKEN[:-1], "タ"])
def test_without_the_token_nothing_is_answered(scene: Scene, method: str, token: str | None) -> None:
    raw = None if token is None else f"Bearer {token}".encode()
    headers = {} if raw is None else {"Authorization": raw.decode("latin-1")}
    answer = scene.client.open(PATH, method=method, data="{", content_type="application/json", headers=headers)
    problem(answer, 401)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="desk"'
    assert TOKEN.encode() not in answer.data


def test_token_counts_in_the_scheme_that_it_was_given_for(scene: Scene) -> None:
    headers = {"Authorization": f"Basic {TOKEN}"}
    problem(scene.client.post(PATH, json=dict(ARTICLE), headers=headers), 401)
    headers = {"Authorization": f"bearer {TOKEN}"}
    assert scene.client.post(PATH, json=dict(ARTICLE), headers=headers).status_code == 202


@pytest.mark.parametrize("name", ["quiet", "closed", "files", "unknown"])
def test_there_is_no_api_where_no_token_is_configured(scene: Scene, name: str) -> None:
    problem(scene.ask("POST", f"/api/sources/{name}/articles", dict(ARTICLE)), 404)


def test_when_a_source_is_read_next_is_told_while_articles_wait_for_it(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    """Due since it was read last, and not since 1970."""
    ready = Answer(ready=True, url="http://127.0.0.1/readyz", status=200, reason="")

    def next_run() -> Any:
        telling.health(ready, [scene.store.state("desk")], as_json=True)
        return json.loads(capsys.readouterr().out)["sources"][0]["next_run"]

    scene.push({"id": "1", "title": "t"})
    assert next_run() is None
    scene.work()
    assert next_run() > scene.clock().isoformat()
    read = scene.clock().isoformat()
    scene.clock.pass_(hours=1)
    scene.push({"id": "2", "title": "t"})
    assert next_run() == read


def test_without_any_token_there_is_nothing_at_all(store: Store, store_url: str, clock: FakeClock) -> None:
    app = make_app(open_store(store_url, clock), site=SITE, feeds=FeedSettings(), server=ServerSettings())
    assert Client(app).post(PATH, json={}).status_code == 404
    app.close()


def test_short_token_is_refused_with_the_configuration(tmp_path: Path) -> None:
    from feedservice.errors import ConfigError

    (tmp_path / "config.yaml").write_text(CONFIG)
    with pytest.raises(ConfigError) as caught:
        load(str(tmp_path / "config.yaml"), {"PUSH_TOKEN": "too-short"}, KINDS)
    assert "too-short" not in str(caught.value)


def test_token_is_never_shown(scene: Scene) -> None:
    assert TOKEN not in repr(scene.config)
    assert TOKEN not in repr(make_counters(scene.config))


# ------------------------------------------------------------------------------------------------ what is wrong


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": ""}, "#/title"),
        ({"title": None}, "#/title"),
        ({"title": 7}, "#/title"),
        ({"title": "x" * 1_001}, "#/title"),
        *(
            ({"title": title}, "#/title")
            for title in ("<b></b>", "<br>", "&nbsp;", "\u200b", "\x01", "\ufffe", "&#1;", "\u202e ")
        ),
        ({"id": "with space"}, "#/id"),
        *(({"id": f"a{character}b"}, "#/id") for character in ("\x01", "\x7f", "\x85", "\ufffe")),
        ({"id": None, "url": "https://www.example.org/\x01"}, "#/url"),
        ({"id": None, "url": None}, "#"),
        ({"url": "ftp://example.org/"}, "#/url"),
        ({"url": "/relative"}, "#/url"),
        ({"published": "yesterday"}, "#/published"),
        ({"published": "2026-13-45"}, "#/published"),
        ({"authors": "张三"}, "#/authors"),
        ({"authors": ["张三", ""]}, "#/authors/1"),
        ({"attachments": [{"url": "https://example.org/a"}, {"name": "x"}]}, "#/attachments/1/url"),
        ({"attachments": [{"url": "https://example.org/a", "length": -1}]}, "#/attachments/0/length"),
        ({"attachments": [{"url": "https://example.org/a", "length": 10**15}]}, "#/attachments/0/length"),
        ({"html": "<p>a</p>", "text": "a"}, "#"),
        ({"language": "zh_CN"}, "#/language"),
        ({"a/b~c": 1}, "#/a~1b~0c"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(scene: Scene, change: dict[str, object], pointer: str) -> None:
    told = problem(scene.push({**ARTICLE, **change}), 422)
    assert [error["pointer"] for error in told["errors"]] == [pointer]
    assert told["errors"][0]["detail"]
    assert scene.store.waiting("desk") == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": "with space"}, "has to be without spaces, such as notice-7"),
        ({"title": None}, "has to be there"),
        ({"title": 7}, "is no text"),
        ({"title": " "}, "nothing of it can be seen"),
        ({"title": "x" * 1_001}, "has more than 1000 characters"),
        ({"url": "ftp://example.org/"}, "no address such as https://www.example.org/news/1.html"),
        ({"image": "1.png"}, "no address such as https://www.example.org/news/1.html"),
        ({"language": "zh_CN"}, "no language such as zh-CN"),
        ({"published": ""}, "no time such as 2026-01-05T11:00:00+08:00, 2026-01-05 11:00 or 2026-01-05"),
        ({"authors": "张三"}, "is no list"),
        ({"tags": ["t"] * 51}, "holds more than 50"),
        ({"body": "今晚停水。"}, "there is no such name"),
        ({"attachments": ["https://example.org/a"]}, "is no object"),
        ({"attachments": [{"url": "https://example.org/a", "length": -1}]}, "is less than 0"),
        ({"attachments": [{"url": "https://example.org/a", "length": 10**15}]}, "is not less than 1000000000000000"),
        ({"attachments": [{"url": "https://example.org/a", "length": 1.5}]}, "is no whole number"),
    ],
)
def test_what_is_wrong_is_told_in_plain_words(scene: Scene, change: dict[str, object], said: str) -> None:
    assert problem(scene.push({**ARTICLE, **change}), 422)["errors"][0]["detail"] == said


def test_name_with_null_is_one_left_out(scene: Scene) -> None:
    names = ("url", "html", "summary", "published", "updated", "language", "image", "category")
    lists = ("authors", "origin", "tags")
    file = {"url": "https://example.org/a.pdf", "name": None, "type": None, "length": None}
    article = {"id": "1", "title": "t", "text": "x", "attachments": [file]}
    assert scene.push(article | dict.fromkeys((*names, *lists))).status_code == 202
    assert scene.push(article | {"attachments": [{"url": file["url"]}]}).get_json()["status"] == "waiting"
    told = problem(scene.push({"id": "2", "title": None, "body": None}), 422)
    assert {error["pointer"] for error in told["errors"]} == {"#/title", "#/body"}


@pytest.mark.parametrize(
    ("markup", "pointer"),
    [({"html": "<p>x" * 120_000}, "#/html"), ({"text": "x\n\n" * 60_000}, "#/text")],
)
def test_markup_that_the_worker_could_never_read_is_refused_at_the_door(
    scene: Scene, markup: dict[str, object], pointer: str
) -> None:
    scene.push({"id": "1", "title": "t", "text": "first"})
    scene.work()
    told = problem(scene.push({"id": "1", "title": "t", **markup}), 422)
    assert told["errors"] == [{"detail": "has more than 120000 tags", "pointer": pointer}]
    assert scene.store.waiting("desk") == 0


def test_what_the_door_takes_in_of_much_markup_is_read(scene: Scene) -> None:
    scene.push({"id": "1", "title": "t", "html": "<p>x" + "<script>a<b</script>" * 45_000})
    assert scene.work().new == 1


def test_what_only_the_worker_finds_unreadable_is_told_to_who_asks(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    """With the first word on an article, with an edit, and until a later word is read."""
    scene.push([{"id": "1", "title": "t", "text": "first"}])
    scene.work()
    source = scene.source
    scene.source = replace(source, pages=replace(source.pages, clean=_takes_too_long))
    scene.push([{"id": "1", "title": "edited"}, {"id": "2", "title": "new"}])
    report = scene.work()
    tell(report)
    assert [f"source desk: {key}: reading it takes more than 20 seconds" in caplog.text for key in "12"] == [True] * 2
    assert (scene.state("1")["status"], scene.state("1")["article"]["title"]) == ("published", "t")
    assert scene.state("2") == {"id": "2", "status": "refused", "problem": "2: reading it takes more than 20 seconds"}
    assert scene.state("1")["problem"] == "1: reading it takes more than 20 seconds"
    scene.source = source
    scene.push([{"id": "1", "title": "shorter"}, {"id": "2", "title": "shorter"}])
    assert "problem" not in scene.state("2")
    scene.work()
    assert all("problem" not in scene.state(key) for key in "12")
    assert scene.store.state("desk").facts.get("refused") is None


def test_what_an_older_release_took_in_and_this_one_cannot_read_is_told_to_who_asks(scene: Scene) -> None:
    """It was answered 202, and the worker was replaced before it read it."""
    with scene.store.writing() as writer:
        letter = Letter(source="desk", key="1", text='{"id": "1", "title": "&nbsp;"}', at=scene.clock())
        writer.post([letter, replace(letter, key="2", text='{"id": "2", "title": "t"}')])
    assert scene.work().new == 1
    told = scene.state("1")
    assert told["status"] == "refused"
    assert told["problem"].startswith("1: cannot be read any more: ")
    scene.push({"id": "1", "title": "t"})
    assert scene.work().new == 1
    assert "problem" not in scene.state("1")


def _takes_too_long(fields: Fields, base_url: str) -> Fields:
    raise Unreadable("reading it takes more than 20 seconds")


def test_one_bad_article_keeps_the_whole_list_out(scene: Scene) -> None:
    told = problem(scene.push([dict(ARTICLE), {"id": "2"}, {"title": "t"}]), 422)
    assert [error["pointer"] for error in told["errors"]] == ["#/1/title", "#/2"]
    assert scene.store.waiting("desk") == 0


def test_same_article_twice_in_a_list_is_refused(scene: Scene) -> None:
    told = problem(scene.push([{"id": "1", "title": "a"}, {"id": "1", "title": "b"}]), 422)
    assert told["errors"][0]["pointer"] == "#/1"


@pytest.mark.parametrize("body", ["", "{", "nul", "\xff", "[" * 100_000, '{"title": "a", "id": NaN}'])
def test_body_that_is_no_json_is_refused(scene: Scene, body: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = scene.client.post(PATH, data=body.encode("latin-1"), content_type="application/json", headers=headers)
    assert answer.status_code in (400, 422)
    problem(answer, answer.status_code)


@pytest.mark.parametrize("body", [7, "x", [[]], [1], True])
def test_json_that_is_no_article_is_refused(scene: Scene, body: object) -> None:
    problem(scene.push(body), 422)


def test_other_media_types_are_refused(scene: Scene) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    problem(scene.client.post(PATH, data={"title": "t"}, headers=headers), 415)


def test_too_much_is_refused(scene: Scene) -> None:
    problem(scene.push([]), 422)
    problem(scene.push([{"id": str(number), "title": "t"} for number in range(101)]), 413)
    assert "5,000,000" in problem(scene.push({"id": "1", "title": "t", "html": "x" * 5_000_001}), 413)["detail"]


def test_method_that_there_is_not_is_told_with_those_that_there_are(scene: Scene) -> None:
    answer = scene.ask("PUT", body=dict(ARTICLE))
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST", "DELETE", "OPTIONS"}


def test_text_that_no_feed_may_have_is_taken_in_without_it(scene: Scene) -> None:
    scene.push({"id": "1", "title": "a\x0bb\ufffe", "text": "x\x00y"})
    scene.work()
    (item,) = scene.house.json_feed("desk")["items"]
    assert "\x0b" not in item["title"]
    assert "\x00" not in item["content_html"]
    problem(scene.push({"id": "2", "title": "half of a pair: \ud800"}), 422)


def test_unknown_article_has_no_state(scene: Scene) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    problem(scene.client.get(PATH, query_string={"id": "nothing"}, headers=headers), 404)


def test_looking_writes_nothing(scene: Scene, store: Store) -> None:
    scene.push(ARTICLE)
    scene.work()
    before = store.version(), store.state("desk"), store.waiting("desk")
    scene.state("urn:example:notice:7")
    assert (store.version(), store.state("desk"), store.waiting("desk")) == before


def test_store_that_fails_is_told_and_keeps_nothing_back(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(type(store), "known", fail)
    answer = scene.push(ARTICLE)
    problem(answer, 503)
    assert answer.headers["Retry-After"]
    monkeypatch.undo()
    assert scene.push(ARTICLE).status_code == 202


def test_store_that_fails_for_long_is_told_once_and_when_it_is_over(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, store: Store
) -> None:
    """Who pushes sends again every ten seconds, as it is told. A full disk can be read."""
    caplog.set_level("INFO", "feedservice.web")
    scene.push(ARTICLE)
    scene.work()

    def fail(*_: object) -> None:
        raise StoreError("the disk is full")

    for turn in ("first", "second"):
        caplog.clear()
        with monkeypatch.context() as failing:
            failing.setattr(type(store), "letter", fail)
            for number in range(3):
                problem(scene.push({"id": str(number), "title": "t"}), 503)
        assert scene.push(ARTICLE).status_code == 200
        assert [record.getMessage() for record in caplog.records] == ["the push API: the disk is full"]
        caplog.clear()
        assert scene.push({"id": turn, "title": "t"}).status_code == 202
        assert scene.withdraw(turn).status_code == 202
        assert [record.getMessage() for record in caplog.records] == ["the push API works again"]


def pushed_as(scene: Scene, body: bytes, **fields: str) -> TestResponse:
    headers = {"Authorization": f"Bearer {TOKEN}", **{name.replace("_", "-"): value for name, value in fields.items()}}
    return scene.client.post(PATH, data=body, content_type="application/json", headers=headers)


def test_compressed_body_is_refused_and_told_what_is_taken(scene: Scene) -> None:
    """RFC 9110 §15.5.16."""
    answer = pushed_as(scene, b"\x1f\x8b", Content_Encoding="gzip")
    problem(answer, 415)
    assert answer.headers["Accept-Encoding"] == "identity"
    assert pushed_as(scene, b'{"id": "1", "title": "t"}', Content_Encoding="Identity").status_code == 202


@pytest.mark.parametrize(
    "body", [b'{"id": "1", "title": "a", "title": "b"}', b'[{"id": "1", "title": "a", "id": "2"}]']
)
def test_name_that_is_there_twice_is_refused(scene: Scene, body: bytes) -> None:
    assert "twice" in problem(pushed_as(scene, body), 400)["detail"]
    assert scene.store.waiting("desk") == 0


def test_name_that_is_there_twice_among_very_many_is_found_in_linear_time(scene: Scene) -> None:
    """It took the square of their number: with five megabytes, hours of one of the few threads that answer."""
    names = "".join(f'"n{number}": 1, ' for number in range(30_000))
    began = time.process_time()
    told = problem(pushed_as(scene, f'{{{names} "{"z" * 999}": 1, "{"z" * 999}": 2}}'.encode()), 400)
    assert time.process_time() - began < 1
    assert "is there twice" in told["detail"]
    assert len(told["detail"]) < 200


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-32", "gb18030"])
def test_json_is_utf_8(scene: Scene, charset: str) -> None:
    problem(pushed_as(scene, '{"id": "1", "title": "今晚停水"}'.encode(charset)), 400)


def test_mark_before_utf_8_is_read_over(scene: Scene) -> None:
    assert pushed_as(scene, '{"id": "1", "title": "通知"}'.encode("utf-8-sig")).status_code == 202


def test_body_of_unknown_length_is_measured_too(scene: Scene) -> None:
    """Sent in chunks (RFC 9112 §7.1)."""
    for body, status in ((b'{"id": "1", "title": "t"}', 202), (b" " * 5_000_001, 413)):
        answer = scene.client.post(
            PATH,
            input_stream=BytesIO(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {TOKEN}", "Transfer-Encoding": "chunked"},
        )
        assert answer.status_code == status


def test_body_that_is_cut_is_refused(scene: Scene) -> None:
    answer = scene.client.post(
        PATH,
        data=b'{"id": "1", "title": "t"}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {TOKEN}"},
        environ_overrides={"CONTENT_LENGTH": "99"},
    )
    problem(answer, 400)
    assert scene.store.waiting("desk") == 0
