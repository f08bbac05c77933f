"""Feeds cut by a query: fewer items, nothing else, with validators of their own."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import pytest
from lxml import etree
from werkzeug.test import Client

from feedservice.config.settings import FeedSettings, ServerSettings
from feedservice.formats import FORMATS
from feedservice.formats.naming import from_name
from feedservice.model import Feed, FeedKind, Site
from feedservice.protocols import Store
from feedservice.publish import Press
from feedservice.rebuild import rebuild
from feedservice.store import open_store
from feedservice.web import make_app
from feedservice.web.answers import Manner
from feedservice.web.cutting import Cut, Cuts
from tests.fakes import FakeClock
from tests.store_examples import arrival, document, intake, publish, save

SITE = Site(title="Example", base_url="https://feeds.example.org")
TITLES = ("通知公告：停水", "图片新闻 & 要闻", "Open <b>day</b>", "通知公告：停电", "招聘 Notice")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def client(store: Store, store_url: str, clock: FakeClock) -> Iterator[Client]:
    clock.pass_(days=30)
    with store.writing() as writer:
        writer.define_feeds([Feed(name="all", kind=FeedKind.ALL, title="Example")], "x")
    known = [arrival(number) for number in range(len(TITLES))]
    save(store, intake(*(replace(a, fields=replace(a.fields, title=t)) for a, t in zip(known, TITLES, strict=True))))
    rebuild(store, Press(formats=FORMATS, site=SITE, settings=FeedSettings(), clock=clock))
    app = make_app(open_store(store_url, clock), site=SITE, feeds=FeedSettings(), server=ServerSettings())
    app.look()
    yield Client(app)
    app.close()


def titles(client: Client, query: str) -> list[str]:
    """The titles in the JSON feed; those of RSS and Atom must be the same."""
    shown = [item["title"] for item in json.loads(client.get(f"/feeds/all.json?{query}").data)["items"]]
    rss = etree.fromstring(client.get(f"/feeds/all.rss?{query}").data)
    assert [from_name(title.text or "") for title in rss.findall("channel/item/title")] == shown
    atom = etree.fromstring(client.get(f"/feeds/all.atom?{query}").data)
    assert [title.text for title in atom.findall(f"{ATOM}entry/{ATOM}title")] == shown
    return shown


def test_cut_of_bytes_that_come_back_has_the_date_of_their_return(
    store: Store, store_url: str, clock: FakeClock
) -> None:
    """As when an article is withdrawn at once: whoever asks by date alone must see that it went."""
    clock.pass_(days=30)
    path = "/feeds/all.rss"
    publish(store, document(path, b"<rss><channel><item/></channel></rss>", last_modified=clock()))
    app = make_app(open_store(store_url, clock), site=SITE, feeds=FeedSettings(), server=ServerSettings())
    served = Client(app)
    dates = []
    for items in (1, 2, 1):
        clock.pass_(hours=1)
        body = b"<rss><channel>%s</channel></rss>" % (b"<item/>" * items)
        publish(store, document(path, body, last_modified=clock()))
        app.look()
        dates.append(served.get(f"{path}?limit=9").headers["Last-Modified"])
    assert len(set(dates)) == 3
    assert served.get(f"{path}?limit=9", headers={"If-Modified-Since": dates[1]}).status_code == 200
    app.close()


def test_cuts_take_bounded_memory(store: Store) -> None:
    cuts = Cuts(Manner(ttl=60, site=SITE))
    body = b"<rss><channel>%s</channel></rss>" % (b"<item>%s</item>" % (b"x" * 900_000))
    entry = Manner(ttl=60, site=SITE).entry(document("/feeds/all.rss", body).head())
    tracemalloc.start()
    for number in range(12):
        assert cuts.entry(entry, lambda: body, Cut(exclude=(f"word{number}",))) is not None
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 6_000_000


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("limit=2", (4, 3)),
        ("limit=9999", (4, 3, 2, 1, 0)),
        ("title_include=通知", (3, 0)),
        ("title_include=notice|要闻", (4, 1)),
        ("title_exclude=通知|OPEN", (4, 1)),
        ("title_include=通知&title_exclude=停水", (3,)),
        ("title_include=通知&limit=1", (3,)),
        ("title_include=<b>", (2,)),
        ("title_include=no such word", ()),
        ("utm_source=x", (4, 3, 2, 1, 0)),
        ("title_include=", (4, 3, 2, 1, 0)),
    ],
)
def test_query_takes_items_out_in_every_format(client: Client, query: str, wanted: tuple[int, ...]) -> None:
    assert titles(client, query) == [TITLES[number] for number in wanted]


@pytest.mark.parametrize("path", ["/feeds/all", "/feeds/all/archive/2"])
def test_cut_feed_leads_nowhere_for_it_would_lead_past_what_was_cut_off(
    client: Client, store: Store, clock: FakeClock, path: str
) -> None:
    save(store, intake(*(arrival(number) for number in range(100, 230))))
    while rebuild(store, Press(formats=FORMATS, site=SITE, settings=FeedSettings(), clock=clock)):
        pass
    client.application.look()  # type: ignore[attr-defined]
    for suffix, marks in {
        "rss": (b"next", b"prev-archive"),
        "atom": (b"next", b"last"),
        "json": (b"next_url",),
    }.items():
        whole = client.get(f"{path}.{suffix}").data
        cut = client.get(f"{path}.{suffix}?limit=2").data
        assert all(mark in whole for mark in marks)
        assert not [mark for mark in (*marks, b"first", b"previous", b"/archive/1") if mark in cut]
        assert b"/feeds/all" in cut
    assert len(titles(client, "limit=2")) == 2


def test_cut_feed_has_validators_of_its_own_that_hold(client: Client) -> None:
    whole, cut = client.get("/feeds/all.rss"), client.get("/feeds/all.rss?limit=1")
    assert cut.headers["ETag"] != whole.headers["ETag"]
    assert cut.headers["Content-Length"] == str(len(cut.data))
    again = client.get("/feeds/all.rss?limit=1", headers={"If-None-Match": cut.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    packed = client.get("/feeds/all.rss?limit=1", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Cache-Control"] == whole.headers["Cache-Control"]
    assert client.head("/feeds/all.rss?limit=1").headers["Content-Length"] == str(len(cut.data))


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=-1", "limit=x", "limit=" + "9" * 40, "title_include=" + "|".join(map(str, range(30)))]
)
def test_query_that_cannot_be_is_refused_in_words_and_not_kept(client: Client, query: str) -> None:
    answer = client.get(f"/feeds/all.rss?{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "text/plain"
    assert answer.headers["Cache-Control"] == "no-store"


def test_query_of_any_length_costs_little(client: Client) -> None:
    assert client.get("/feeds/all.rss?title_include=" + "x" * 5000).status_code == 400
    assert client.get("/feeds/all.rss?" + "a=1&" * 5000).status_code == 200


def test_other_parameters_may_be_many_and_long(client: Client) -> None:
    """Links come with what counts their clicks."""
    wanted = client.get("/feeds/all.rss?limit=1").data
    assert client.get("/feeds/all.rss?limit=1&fbclid=" + "x" * 2_000).data == wanted
    assert client.get("/feeds/all.rss?" + "&".join(f"u{n}={n}" for n in range(25)) + "&limit=1").data == wanted


def test_words_are_measured_in_characters(client: Client) -> None:
    """A Chinese character is nine in a query."""
    words = "|".join(f"镕川合金循环{number:02}" for number in range(20))
    assert client.get("/feeds/all.rss", query_string={"title_include": words}).status_code == 200
    assert client.get("/feeds/all.rss", query_string={"title_include": "镕" * 300}).status_code == 200
    assert client.get("/feeds/all.rss", query_string={"title_include": "镕" * 301}).status_code == 400
