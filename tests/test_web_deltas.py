"""Readers that ask for what is new are sent only that (RFC 3229), where the operator wants it so."""

from __future__ import annotations

import gzip
import json
import os
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta

import feedparser
import pytest
from lxml import etree
from werkzeug.test import Client, TestResponse

from feedservice.config.settings import FeedSettings, ServerSettings
from feedservice.formats import FORMATS
from feedservice.model import Feed, FeedKind, Fields, Site
from feedservice.protocols import Store
from feedservice.publish import Press
from feedservice.rebuild import finish, rebuild
from feedservice.store import open_store
from feedservice.web import make_app
from feedservice.web.answers import Manner
from feedservice.web.deltas import Deltas, wants_delta
from tests.fakes import FakeClock
from tests.store_examples import START, arrival, edit, intake, save
from tests.web_examples import document, etag

SITE = Site(title="Example", base_url="https://feeds.example.org")
RSS, ATOM, JSON = (f"/feeds/all.{row.suffix}" for row in FORMATS if not row.dialect)


class Town:
    """A store whose feed is rebuilt and served, and a reader that remembers the tag of its last answer."""

    def __init__(self, store: Store, url: str, clock: FakeClock, *, deltas: bool = True) -> None:
        self.store, self.clock, self.tag = store, clock, ""
        with store.writing() as writer:
            writer.define_feeds([Feed(name="all", kind=FeedKind.ALL, title="Example")], "x")
        server = ServerSettings(deltas=deltas)
        self.app = make_app(open_store(url, clock), site=SITE, feeds=FeedSettings(), server=server)
        self.client = Client(self.app)
        self.come(*range(20))

    def come(self, *numbers: int) -> None:
        save(self.store, intake(*map(arrival, numbers)))
        self.publish()

    def publish(self) -> None:
        rebuild(self.store, Press(formats=FORMATS, site=SITE, settings=FeedSettings(), clock=self.clock))
        self.app.look()

    def poll(self, path: str = RSS, *, im: str = "feed", method: str = "GET", **fields: str) -> TestResponse:
        headers = {"A-IM": im, **{name.replace("_", "-"): value for name, value in fields.items()}}
        if self.tag:
            headers.setdefault("If-None-Match", self.tag)
        answer = self.client.open(path, method=method, headers=headers)
        self.tag = answer.headers.get("ETag", self.tag)
        return answer


@pytest.fixture
def town(store: Store, store_url: str, clock: FakeClock) -> Iterator[Town]:
    clock.pass_(days=30)
    made = Town(store, store_url, clock)
    yield made
    made.app.close()


def ids(answer: TestResponse) -> list[str]:
    return [entry.id for entry in feedparser.parse(answer.data).entries]


@pytest.mark.parametrize("path", [RSS, ATOM])
def test_reader_is_sent_what_is_new_since_its_last_visit(town: Town, path: str) -> None:
    assert town.poll(path).status_code == 200
    town.come(20, 21)
    answer = town.poll(path)
    assert answer.status_code == 226
    assert answer.headers["IM"] == "feed"
    assert answer.headers["Cache-Control"] == "no-store, im"
    assert answer.headers["Vary"] == "Accept-Encoding, A-IM, If-None-Match"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert ids(answer) == [arrival(21).id, arrival(20).id]
    etree.fromstring(answer.data)
    assert town.poll(path).status_code == 304


def test_deltas_of_many_readers_take_no_more_memory_than_there_is_for_them() -> None:
    """Each reader that comes with another version is made its own: sixty of two megabytes were kept."""
    deltas, manner = Deltas(), Manner(ttl=60, site=SITE)
    old = b"<rss><channel><item>" + b"-" * 30 + b"</item></channel></rss>"
    tracemalloc.start()
    try:
        for number in range(30):
            item = b"%03d" % number + os.urandom(500_000).hex().encode()
            made = document(
                RSS, b"<rss><channel>%03d<item>%b</item>" % (number, item) + old[14:], codings=("identity",)
            )
            for each in (document(RSS, old, codings=("identity",)), made):
                body = each.identity()
                told = deltas.answer(manner.entry(each.head()), ("identity",), etag(old, "identity"), lambda: body)  # noqa: B023
            assert told is not None
            assert item in told[1]
            del told, item, made, each
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 8_000_000


def test_json_feed_too(town: Town) -> None:
    town.poll(JSON)
    town.come(20)
    told = json.loads(town.poll(JSON).data)
    whole = json.loads(town.client.get(JSON).data)
    assert told["items"] == whole.pop("items")[:1]
    assert {name: value for name, value in told.items() if name != "items"} == whole


def test_tag_of_a_delta_is_that_of_the_whole_document(town: Town) -> None:
    town.poll()
    town.come(20)
    answer = town.poll()
    assert answer.headers["ETag"] == town.client.get(RSS).headers["ETag"]
    assert answer.headers["Last-Modified"] == town.client.get(RSS).headers["Last-Modified"]


def test_edited_article_is_in_it_and_nothing_else(town: Town) -> None:
    town.poll()
    fields = Fields(title="geändert", body="<p>neu</p>")
    save(town.store, intake(edits=[edit(5, fields=fields, updated=START + timedelta(days=1))]))
    town.publish()
    assert ids(town.poll()) == [arrival(4).id]


def test_delta_is_compressed_for_those_who_take_that(town: Town) -> None:
    town.poll(Accept_Encoding="gzip")
    town.come(20)
    answer = town.poll(Accept_Encoding="gzip")
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (226, "gzip")
    assert etree.fromstring(gzip.decompress(answer.data)).findtext("channel/item/guid") == arrival(20).id
    assert answer.headers["ETag"] == town.client.get(RSS, headers={"Accept-Encoding": "gzip"}).headers["ETag"]


def test_codings_that_come_later_make_no_reader_start_anew(town: Town) -> None:
    town.poll(Accept_Encoding="br, gzip")
    finish(town.store)
    town.app.look()
    assert town.poll(Accept_Encoding="br, gzip").status_code == 304
    town.come(20)
    assert town.poll(Accept_Encoding="br, gzip").status_code == 226


def test_reader_that_came_a_few_versions_ago_gets_all_that_it_lacks(town: Town) -> None:
    town.poll()
    for number in (20, 21, 22):
        town.come(number)
    assert ids(town.poll()) == [arrival(number).id for number in (22, 21, 20)]


@pytest.mark.parametrize("tag", ['"unknown"', "junk", "", '"a", "b"', "*" * 2_000])
def test_unknown_tag_gets_the_whole_document(town: Town, tag: str) -> None:
    town.poll()
    town.come(20)
    answer = town.poll(If_None_Match=tag)
    assert answer.status_code == 200
    assert len(ids(answer)) == 21
    assert "IM" not in answer.headers


def test_reader_that_lacks_everything_gets_the_whole_document(town: Town) -> None:
    town.poll()
    for first in range(100, 200, 50):
        town.come(*range(first, first + 50))
    answer = town.poll()
    assert answer.status_code == 200


def test_head_and_readers_that_do_not_ask_get_the_whole_document(town: Town) -> None:
    town.poll()
    town.come(20)
    tag = town.tag
    assert town.poll(method="HEAD").status_code == 200
    town.tag = tag
    assert town.poll(im="").status_code == 200
    town.tag = tag
    assert town.poll(RSS + "?limit=3").status_code == 200


def test_nobody_gets_a_delta_unless_the_operator_says_so(store: Store, store_url: str, clock: FakeClock) -> None:
    clock.pass_(days=30)
    town = Town(store, store_url, clock, deltas=False)
    town.poll()
    town.come(20)
    assert town.poll().status_code == 200
    town.app.close()


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("feed", True),
        ("FEED", True),
        ("vcdiff, feed", True),
        ("feed;q=0.5", True),
        ("feed; q=1", True),
        ("feed;q=0", False),
        ("feed;q=0.0", False),
        ("feeds", False),
        ("vcdiff", False),
        ("", False),
        ("feed," * 1_000, False),
    ],
)
def test_field_is_read_as_a_list(field: str, wanted: bool) -> None:
    assert wants_delta(field) is wanted


def test_delta_is_many_times_smaller(town: Town) -> None:
    long = [arrival(n, fields=Fields(title=f"第{n}条", body=f"<p>{'长文' * 900}{n}</p>")) for n in range(300, 350)]
    save(town.store, intake(*long))
    town.publish()
    whole = town.poll()
    save(town.store, intake(arrival(400, fields=long[0].fields)))
    town.publish()
    assert len(town.poll().data) * 25 < len(whole.data)
