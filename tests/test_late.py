"""What comes into a feed later than to us: readers that remember only the newest date see it, with `dates: arrival`."""

from __future__ import annotations

import json

import pytest

from feedservice.config.settings import FeedSettings
from feedservice.protocols import Store
from tests.emulators import Cursor, NewestFirst, Subscriber, Watermark
from tests.fakes import FakeClock, FakeWeb
from tests.house import House

SITES = {name: f"https://{name}.example.org/feed.json" for name in ("town", "port")}
READERS = (Watermark, Cursor, NewestFirst)


class Scene:
    """Two sources, and readers of every feed but that of everything."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.house, self.clock = House(store, FakeWeb(), clock), clock
        self.house.settings = FeedSettings(dates="arrival", items=5)
        self.items: dict[str, list[dict[str, str]]] = {name: [] for name in SITES}
        self.readers: dict[tuple[str, type[Subscriber]], Subscriber] = {}
        self.seen: dict[tuple[str, type[Subscriber]], list[str]] = {}
        self.dates: dict[tuple[str, str], str] = {}
        for name, url in SITES.items():
            self.tell(name, f"{name}的旧闻")
            self.house.add(name, "feed", {"url": url, "full_text": "feed"}, shelf=(name,))
        self.house.select(of_port={"sources": ["port"]}, notices={"include": {"title": ["公告"]}})
        self.read(*SITES)

    def tell(self, name: str, title: str, link: str = "") -> None:
        """A source has this on top; the same once more where the link is known."""
        link = link or f"https://{name}.example.org/{len(self.items[name])}.html"
        item = {"id": link, "url": link, "title": title, "content_html": f"<p>{title}，请各单位遵照执行。</p>"}
        others = [each for each in self.items[name] if each["id"] != link]
        self.items[name] = [item, *others]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": name, "items": self.items[name]}
        self.house.web.put(SITES[name], json.dumps(feed), "application/feed+json")

    def read(self, *names: str) -> None:
        """These sources are read, and everybody asks for every feed."""
        for name in names:
            self.house.refresh(name)
        self.house.rebuild()
        for feed in ("all", "town", "port", "of_port", "notices"):
            for link, _, date in self.house.items(feed):
                assert self.dates.setdefault((feed, link), date) == date
            for kind in READERS:
                reader = self.readers.setdefault((feed, kind), kind())
                document = self.house.store.document(f"/feeds/{feed}.{reader.reads}")
                assert document is not None
                self.seen.setdefault((feed, kind), []).extend(reader.poll(document.identity(), feed))
        self.clock.pass_(minutes=10)

    def everybody_has_seen_once(self, feed: str, link: str) -> bool:
        return all(self.seen[feed, kind].count(link) == 1 for kind in READERS)


@pytest.fixture
def scene(store: Store, clock: FakeClock) -> Scene:
    return Scene(store, clock)


def test_article_of_another_source_is_news_where_its_readers_have_seen_later_ones(scene: Scene) -> None:
    shared = "https://www.example.org/shared.html"
    scene.tell("town", "两地共同的通知", shared)
    scene.read("town")
    scene.tell("port", "港口的新闻")
    scene.read("port")
    scene.tell("port", "两地共同的通知", shared)
    scene.read("port")
    scene.tell("port", "港口又有新闻")
    scene.read("port")
    for feed in ("all", "town", "port", "of_port"):
        assert scene.everybody_has_seen_once(feed, shared), feed
        assert scene.house.items(feed)[0][1] == ("两地共同的通知" if feed == "town" else "港口又有新闻")


def test_article_that_fits_a_selection_once_it_is_edited_is_news_there(scene: Scene) -> None:
    scene.tell("town", "停水", "https://town.example.org/water.html")
    scene.read("town")
    scene.tell("town", "公告：停电")
    scene.read("town")
    scene.tell("town", "公告：停水", "https://town.example.org/water.html")
    scene.tell("town", "公告：停气", "https://town.example.org/gas.html")
    scene.read("town")
    for name in ("water", "gas"):
        assert scene.everybody_has_seen_once("notices", f"https://town.example.org/{name}.html")


def test_articles_that_follow_one_that_came_late_are_dated_after_it(scene: Scene) -> None:
    """Also a burst of them, whose dates reach back: as many seconds as it has articles."""
    shared = "https://www.example.org/shared.html"
    scene.tell("town", "两地共同的通知", shared)
    scene.read("town")
    scene.tell("port", "两地共同的通知", shared)
    scene.read("port")
    scene.clock.pass_(minutes=-9, seconds=-57)
    for number in range(4):
        scene.tell("port", f"港口第{number}号通知")
    scene.read("port")
    scene.read()
    assert all(scene.everybody_has_seen_once("port", item["id"]) for item in scene.items["port"])


def test_what_came_late_by_a_clock_that_was_ahead_is_not_waited_for(scene: Scene) -> None:
    shared = "https://www.example.org/shared.html"
    scene.tell("town", "两地共同的通知", shared)
    scene.read("town")
    scene.clock.pass_(days=400)
    scene.tell("port", "两地共同的通知", shared)
    scene.house.refresh("port")
    scene.clock.pass_(days=-400)
    scene.tell("port", "港口的新闻")
    scene.read("port")
    assert [title for _, title, _ in scene.house.items("port")][:2] == ["港口的新闻", "两地共同的通知"]


def test_pages_of_the_past_keep_the_dates_that_their_feed_told(scene: Scene) -> None:
    shared = "https://www.example.org/shared.html"
    scene.tell("town", "两地共同的通知", shared)
    scene.read("town")
    scene.tell("port", "两地共同的通知", shared)
    scene.read("port")
    told = scene.dates["port", shared]
    assert told != scene.dates["town", shared]
    for number in range(20):
        scene.tell("port", f"港口第{number}号通知")
        scene.read("port")
    page = scene.house.store.document("/feeds/port/archive/1.json")
    assert page is not None
    assert {item["id"]: item["date_published"] for item in json.loads(page.identity())["items"]}[shared] == told
