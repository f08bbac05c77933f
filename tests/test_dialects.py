"""Partners' dialects in the house: off until a setting names them, served like feeds, gone when none names them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from lxml import etree
from werkzeug.test import Client

from feedservice.config.settings import FeedSettings, ServerSettings
from feedservice.export import Outlet, export, open_target
from feedservice.export.exporting import Pages
from feedservice.formats import FORMATS
from feedservice.model import Feed, FeedKind
from feedservice.protocols import Store
from feedservice.publish import Press
from feedservice.rebuild import make_stale, rebuild
from feedservice.store import open_store
from feedservice.web import make_app
from feedservice.web.hot import HotPath
from tests.export_examples import laid
from tests.fakes import FakeClock
from tests.store_examples import OTHER, arrival, intake, save
from tests.web_examples import SITE

ON = {"dialects": ["baidu", "partner", "kuaichuan"]}
PATHS = ("/feeds/all.baidu.xml", "/feeds/all.partner.xml", "/feeds/all.kuaichuan.json")
OTHERS = {"/feeds/all.rss", "/feeds/all.atom", "/feeds/all.json"}


class Scene:
    """A store, its press, and one serving process."""

    def __init__(self, store: Store, url: str, clock: FakeClock) -> None:
        self.store, self.clock = store, clock
        clock.pass_(days=2)
        with store.writing() as writer:
            writer.define_feeds([Feed(name="all", kind=FeedKind.ALL, title="全部")], "")
        self.app: HotPath = make_app(
            open_store(url, clock), site=SITE, feeds=FeedSettings(), server=ServerSettings(deltas=True)
        )
        self.client = Client(self.app)

    def add(self, first: int, last: int) -> None:
        save(self.store, intake(*(arrival(number, categories=(OTHER,)) for number in range(first, last))))

    def publish(self, **settings: object) -> None:
        """What a worker does that starts with these settings."""
        make_stale(self.store, None)
        press = Press(formats=FORMATS, site=SITE, settings=FeedSettings.model_validate(settings), clock=self.clock)
        while rebuild(self.store, press):
            pass
        self.app.look()

    def served(self) -> set[str]:
        """Addresses of the feed of everything that are answered."""
        every = {f"/feeds/all.{row.suffix}" for row in FORMATS}
        return {path for path in every if self.client.get(path).status_code == 200}


@pytest.fixture
def scene(store: Store, store_url: str, clock: FakeClock) -> Iterator[Scene]:
    made = Scene(store, store_url, clock)
    yield made
    made.app.close()


def test_nothing_is_written_in_a_dialect_unasked(scene: Scene) -> None:
    scene.add(0, 3)
    scene.publish()
    assert scene.served() == OTHERS


def test_setting_turns_them_on_for_all_feeds_and_off_again(scene: Scene) -> None:
    scene.add(0, 3)
    scene.publish(**ON)
    assert scene.served() == OTHERS | set(PATHS)
    assert "百度".encode() in scene.client.get("/").data
    scene.publish()
    assert scene.served() == OTHERS
    assert scene.client.get(PATHS[0]).status_code == 404
    assert "百度".encode() not in scene.client.get("/").data
    assert scene.store.document(PATHS[0]) is None


def test_what_comes_back_is_served_anew_and_dated_later(scene: Scene) -> None:
    scene.add(0, 3)
    scene.publish(**ON)
    before = scene.client.get(PATHS[0])
    scene.publish()
    scene.clock.pass_(hours=1)
    scene.publish(**ON)
    after = scene.client.get(PATHS[0])
    assert (after.status_code, after.data, after.headers["ETag"]) == (200, before.data, before.headers["ETag"])
    assert after.last_modified is not None
    assert before.last_modified is not None
    assert after.last_modified > before.last_modified


def test_one_feed_may_have_its_own(scene: Scene) -> None:
    scene.add(0, 3)
    scene.publish(of={"qita": {"dialects": "baidu"}})
    assert scene.served() == OTHERS
    assert scene.client.get("/feeds/qita.baidu.xml").status_code == 200
    scene.publish(**ON, of={"qita": {"dialects": []}})
    assert scene.served() == OTHERS | set(PATHS)
    assert scene.client.get("/feeds/qita.baidu.xml").status_code == 404


def test_process_that_starts_later_serves_nothing_that_was_dropped(
    scene: Scene, store_url: str, clock: FakeClock
) -> None:
    scene.add(0, 3)
    scene.publish(**ON)
    scene.publish()
    app = make_app(open_store(store_url, clock), site=SITE, feeds=FeedSettings(), server=ServerSettings())
    app.look()
    assert Client(app).get(PATHS[0]).status_code == 404
    assert Client(app).get("/feeds/all.rss").status_code == 200
    app.close()


def test_answers_are_those_of_a_document(scene: Scene) -> None:
    scene.add(0, 3)
    scene.publish(**ON)
    for path in PATHS:
        first = scene.client.get(path)
        kind = "application/json" if path.endswith("json") else "application/xml"
        assert first.headers["Content-Type"] == f"{kind}; charset=utf-8"
        again = scene.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_dialects_are_not_announced_to_feed_readers(scene: Scene) -> None:
    scene.add(0, 3)
    scene.publish(**ON)
    page = etree.fromstring(scene.client.get("/").data, etree.HTMLParser())
    announced = [link.get("href", "") for link in page.iter("link") if link.get("rel") == "alternate"]
    assert announced
    assert not [href for href in announced if href.endswith((".xml", "kuaichuan.json"))]
    assert set(PATHS) <= {link.get("href", "").removeprefix(SITE.base_url) for link in page.iter("a")}


def test_no_archive_is_written_in_a_dialect(scene: Scene) -> None:
    scene.add(0, 40)
    scene.publish(**ON, items=5)
    assert scene.client.get("/feeds/all/archive/1.rss").status_code == 200
    for path in PATHS:
        assert scene.client.get(path.replace("all.", "all/archive/1.")).status_code == 404
        assert b"archive" not in scene.client.get(path).data


def test_baidu_is_given_the_newest_hundred_and_the_others_all(scene: Scene) -> None:
    scene.add(0, 120)
    scene.publish(**ON, items=150)
    links = [link.text for link in etree.fromstring(scene.client.get(PATHS[0]).data).iter("link")]
    assert links == [arrival(number).url for number in range(119, 19, -1)]
    assert len(json.loads(scene.client.get(PATHS[2]).data)["data"]) == 120


def test_queries_cut_them_too(scene: Scene) -> None:
    scene.add(0, 9)
    scene.publish(**ON)
    for path in PATHS[:2]:
        assert len(list(etree.fromstring(scene.client.get(f"{path}?limit=2").data).iter("item"))) == 2
    cut = json.loads(scene.client.get(f"{PATHS[2]}?limit=2&title_exclude=8").data)["data"]
    assert [item["url"] for item in cut] == [arrival(7).url, arrival(6).url]


def test_deltas_are_made_of_them_too(scene: Scene) -> None:
    scene.add(0, 9)
    scene.publish(**ON)
    tags = {path: scene.client.get(path, headers={"A-IM": "feed"}).headers["ETag"] for path in PATHS}
    scene.add(9, 10)
    scene.publish(**ON)
    for path, tag in tags.items():
        new = scene.client.get(path, headers={"A-IM": "feed", "If-None-Match": tag})
        assert new.status_code == 226
        assert new.data.count(arrival(9).url.encode()) >= 1
        assert arrival(8).url.encode() not in new.data


def test_feed_that_moved_is_found_in_its_dialects(scene: Scene) -> None:
    scene.add(0, 3)
    scene.publish(**ON)
    with scene.store.writing() as writer:
        writer.retire({"qita": "all"}, ())
    make_stale(scene.store, ["all"])
    scene.publish(**ON)
    answer = scene.client.get("/feeds/qita.baidu.xml?limit=3")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{SITE.base_url}{PATHS[0]}?limit=3")


def test_export_lays_them_down_and_takes_them_away(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("public")
    outlet = Outlet(store=scene.store, site=SITE, ttl=900, suffixes=("rss", "atom", "json"), clock=scene.clock)
    scene.add(0, 3)
    scene.publish(**ON)
    export(outlet, open_target(str(folder)))
    assert {path[1:] for path in PATHS} <= laid(folder).keys()
    everything: tuple[Pages | None, ...] = ({}, None)
    for changed in everything:
        scene.publish(**ON)
        export(outlet, open_target(str(folder)))
        scene.publish()
        export(outlet, open_target(str(folder)), changed=changed)
        assert not {path[1:] for path in PATHS} & laid(folder).keys()
        assert "feeds/all.rss" in laid(folder)


def test_list_of_feeds_names_none_of_them(scene: Scene) -> None:
    scene.add(0, 3)
    scene.publish(**ON)
    listed = scene.client.get("/opml.xml").data
    assert b"all.rss" in listed
    assert not [path for path in PATHS if path.encode() in listed]


def test_poisoned_article_is_left_out_of_every_dialect(scene: Scene) -> None:
    bad = arrival(5)
    bad = replace(bad, fields=replace(bad.fields, body='<a href="x.html">x</a>'))
    save(scene.store, intake(arrival(1), bad))
    scene.publish(**ON)
    for path in PATHS:
        body = scene.client.get(path).data
        assert arrival(1).url.encode() in body
        assert bad.url.encode() not in body
