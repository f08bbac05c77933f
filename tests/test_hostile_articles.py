"""Articles made to break feeds: each stays well-formed, keeps every good article, and is written in linear time."""

from __future__ import annotations

import gzip
import json
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import etree

from feedservice.config.settings import FeedSettings
from feedservice.protocols import Store
from feedservice.store import open_store
from tests.fakes import FakeClock, FakeWeb
from tests.house import BASE, House

SITE = "http://news.example.org"
MOST = 4_000
ATOM, CONTENT = "{http://www.w3.org/2005/Atom}", "{http://purl.org/rss/1.0/modules/content/}"
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SCHEME = re.compile(r"[\x00-\x20]*(?:javascript|vbscript|file|data:text):?", re.IGNORECASE)
START = datetime(2025, 1, 1, tzinfo=UTC)
CONTROLS = "".join(map(chr, [*range(9), 11, 12, *range(14, 32), *range(0x7F, 0xA0)]))
OTHERS = "\ufffe\uffff\U0001fffe\U0010ffff\ufdd0\ufeff\u2028\u2029\u00ad\u200b\u0300"
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
SURROGATES = "\ud800\udfff\udc00\udbff"
SECTIONS = (
    "]]> <![CDATA[ ]]]]><![CDATA[> <!-- -- --> <?php ?> <!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]> &y;"
)
SCRIPTS = (
    "<script>alert(1)</script><SCRIPT/x>alert(1)</script ><svg/onload=alert(1)><img src=x onerror=alert(1)>"
    '<a href="javascript:alert(1)" onclick="alert(1)" style="background:url(javascript:alert(1))">x</a>'
    '<a href="java\tscript:alert(1)">x</a><a href="&#106;avascript:alert(1)">x</a>'
    '<a href=" \x01javascript:alert(1)">x</a><base href="//e.example">'
    '<iframe src="data:text/html,<script>alert(1)</script>"></iframe><object data="x"></object><embed src="x">'
    '<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">x</button></form>'
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>"
    '<meta http-equiv="refresh" content="0;url=javascript:alert(1)"><link rel="stylesheet" href="javascript:alert(1)">'
    "<style>@import 'javascript:alert(1)';</style><p style='display:none'>x</p><input autofocus onfocus=alert(1)>"
)
EVENTS = ("onclick", "onload", "onerror", "onmouseover", "onfocus", "ontoggle", "onanimationstart", "onbegin", "on")


def scripted(number: int) -> str:
    """A script in every attribute of every kind of element."""
    names = (*EVENTS, "href", "src", "srcset", "style", "action", "data", "poster", "background", "xlink:href", "id")
    attributes = " ".join(f'{name}="javascript:alert({number})"' for name in names)
    tags = ("a", "img", "p", "div", "svg", "video", "table", "input", "details", "marquee", "x-y", "audio", "body")
    return "".join(f"<{tag} {attributes}>x{number}</{tag}>" for tag in tags)


ADDRESSES = (
    "//i.example.org/微信图片_2025.png", "../../x y.png", "http://[::1", "http://a b/", "http://例子.测试/{图}(1)[2].png",
    "data:text/html,<script>alert(1)</script>", "file:///etc/passwd", "vbscript:x", "?", "#", "", "http://", "%zz%00",
    "http://user:pass@x.example.org:99999/\\..\\", "HTTP://X.EXAMPLE.ORG/%E6%B3%B0", "x" * 3_000,
)  # fmt: skip


KINDS: dict[str, Callable[[int], tuple[str, str]]] = {
    "controls": lambda n: (f"{CONTROLS}标题{n}{CONTROLS}", f"<p title='{CONTROLS}'>{CONTROLS}正文{n}{CONTROLS}</p>"),
    "noncharacters": lambda n: (
        f"标题{OTHERS}{n}",
        f"<p>正文{OTHERS}{n}</p><img src='http://i.example.org/{OTHERS}.png'>",
    ),
    "bidi": lambda n: (f"{BIDI}标题{n}", f"<p>{BIDI}正文{n}</p><a href='http://x.example.org/{BIDI}'>{BIDI}</a>"),
    "surrogates": lambda n: (f"标题{SURROGATES}{n}", f"<p>{SURROGATES}正文{n}</p><a href='/{SURROGATES}'>x</a>"),
    "sections": lambda n: (f"标题{n}{SECTIONS}", f"<p>{SECTIONS}正文{n}]]></p>]]&gt;<pre>{SECTIONS}</pre>"),
    "scripts": lambda n: (f"标题{n}{SCRIPTS}", f"{SCRIPTS}<p>正文{n}</p>{SCRIPTS}"),
    "attributes": lambda n: (f"标题{n}", f"{scripted(n)}<p>正文{n}</p>"),
    "references": lambda n: (f"标题&#0;&#x1f;&#xd800;&bogus;&{n}", f"<p>&#0;&#11;&#xdfff;&#x110000;&nbsp正文{n}&;</p>"),
    "unclosed": lambda n: (f"<b>标题{n}<i", f'<table><p><b><i><td>正文{n}<li></ul></b><a href="<\'>"<p/<<<a b=c'),
    "addresses": lambda n: (
        f"标题{n}",
        "".join(f'<a href="{url}">x</a><img src="{url}">' for url in ADDRESSES) + f"<p>正文{n}</p>",
    ),
    "no title": lambda n: ("", f"<p>正文{n}，没有标题。</p>"),
    "blank title": lambda n: ("\u200b \u3000\x00\t", f"<p>正文{n}</p>"),
    "nothing": lambda n: (f"标题{n}", ""),
    "a line of ten thousand words": lambda n: (f"标题{n} " * 2_000, f"<p>{'正文 ' * 10_000}</p>"),
}


def huge(number: int) -> dict[str, tuple[str, str]]:
    """Articles that are too much of something; there is one of each, whatever the number of the others."""
    return {
        "5 MB": (f"五兆{number}", f"<p>正文{number}</p>" + f"<p>{'很长的一段话。' * 40}</p>" * 5_900),
        "one word of 5 MB": (f"一个词{number}", f"<p>正文{number}{'x' * 5_000_000}</p>"),
        "10,000 images": (
            f"万图{number}",
            f"<p>正文{number}</p>" + "".join(f'<img src="/i/{each}.jpg" alt="图{each}">' for each in range(10_000)),
        ),
        "10,000 deep": (f"万层{number}", "<div>" * 10_000 + f"<p>正文{number}</p>" + "</div>" * 10_000),
        "10,000 deep, mixed, unclosed": (f"万层不合{number}", "<b><div><i><table>" * 2_500 + f"正文{number}"),
        "10,000 attributes": (
            f"万性{number}",
            "<p " + " ".join(f'data-{n}="{n}"' for n in range(10_000)) + f">正文{number}</p>",
        ),
    }


@dataclass(frozen=True)
class Hostile:
    """What the site offers: items of a JSON Feed, and the links of the good ones among them."""

    items: list[dict[str, str]]
    good: list[str]


def hostile(count: int, *, with_huge: bool) -> Hostile:
    """So many articles, every third of them a good one, in an order that is the same each time."""
    chance = random.Random(count)
    items, good = [], []
    kinds = list(KINDS.values())
    for number in range(count):
        link = f"{SITE}/{number:06d}.html"
        title, body = f"第{number}号通知", f"<p>关于第{number}件事的通知，请各单位遵照执行。</p>"
        if number % 3:
            title, body = chance.choice(kinds)(number)
        else:
            good.append(link)
        items.append(item(number, link, title, body))
    for place, (title, body) in enumerate(huge(count).values() if with_huge else ()):
        items.append(item(count + place, f"{SITE}/huge-{place}.html", title, body))
    return Hostile(items[::-1], good)


def item(number: int, link: str, title: str, body: str) -> dict[str, str]:
    """An item of a JSON Feed; the first ones are the oldest."""
    date = (START + timedelta(minutes=number)).isoformat()
    return {"id": link, "url": link, "title": title, "content_html": body, "date_published": date}


def house_with(store: Store, clock: FakeClock, offered: Hostile) -> House:
    """A house that has read it all."""
    house = House(store, FakeWeb(), clock)
    house.settings = FeedSettings(items=10)
    # Of one feed 5,000 items at most are read; a larger site has several.
    for place in range(0, len(offered.items), MOST):
        name = f"site-{place}"
        url = f"{SITE}/{name}.json"
        feed = {"version": "https://jsonfeed.org/version/1.1", "items": offered.items[place : place + MOST]}
        house.web.put(url, json.dumps(feed), "application/feed+json")
        house.add(name, "feed", {"url": url, "full_text": "feed"}, shelf=(), limit=MOST)
        report = house.refresh(name)
        assert not report.failed, report.reason
        assert report.new == len(offered.items[place : place + MOST])
    return house


def write_all(house: House) -> tuple[float, set[str]]:
    """Write all that there is to write; returns the processor time that it took, in seconds, and ids left out."""
    began, left_out = time.process_time(), set[str]()
    while house.store.stale():
        for published in house.rebuild():
            assert published.failures == ()
            left_out.update(article for article, _ in published.isolated)
    return time.process_time() - began, left_out


def walk(store: Store, feed: str, suffix: str) -> list[str]:
    """The ids of a feed's items, and of its archive's (RFC 5005 §4), each document read and looked at."""
    path, found = f"/feeds/{feed}.{suffix}", list[str]()
    while path:
        document = store.document(path)
        assert document is not None, path
        bodies = {each.coding: each.body for each in document.representations}
        body = bodies["identity"] if "identity" in bodies else gzip.decompress(bodies["gzip"])
        ids, further = read_json(path, body) if suffix == "json" else read_xml(path, body)
        found += ids
        path = further.removeprefix(BASE)
    return found


def read_json(path: str, body: bytes) -> tuple[list[str], str]:
    """The ids of the items, and where the feed goes on."""
    feed = json.loads(body.decode("utf-8"))
    check_items(path, [(item["title"], item["content_html"]) for item in feed["items"]])
    return [item["id"] for item in feed["items"]], feed.get("next_url", "")


def read_xml(path: str, body: bytes) -> tuple[list[str], str]:
    """The same by a parser that forgives nothing."""
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    assert root.getroottree().docinfo.internalDTD is None
    items = [*root.iter("item", f"{ATOM}entry")]
    of_rss = ("title", f"{CONTENT}encoded", "guid")
    names = of_rss if root.tag == "rss" else (f"{ATOM}title", f"{ATOM}content", f"{ATOM}id")
    told = [[one.findtext(name) or "" for name in names] for one in items]
    check_items(path, [(title, content) for title, content, _ in told])
    further = [link.get("href", "") for link in root.iter(f"{ATOM}link") if link.get("rel") == "prev-archive"]
    return [guid for _, _, guid in told], "".join(further)


def check_items(path: str, items: list[tuple[str, str]]) -> None:
    """Assert that nothing in an item can be run, and that none is without a title or a text."""
    for title, content in items:
        assert title.strip(), path
        assert content.strip(), path
        assert not ILLEGAL.search(title + content), path
        danger = Danger()
        danger.feed(content)
        danger.close()
        assert danger.found == [], path


class Danger(HTMLParser):
    """What in a text of HTML could be run, or would fetch what it should not."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "iframe", "object", "embed", "form", "base", "meta", "link", "svg", "math"):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or SCHEME.match("".join((value or "").split())):
                self.found.append(f"{name}={value}")


def check_everything(house: House, offered: Hostile) -> None:
    """Assert that every document can be read, and every article is in the feed or its archive, once in each format."""
    _, left_out = write_all(house)
    assert left_out == set()
    everything = sorted(article["id"] for article in offered.items)
    for suffix in ("rss", "atom", "json"):
        ids = walk(house.store, "all", suffix)
        assert set(offered.good) <= set(ids), suffix
        assert sorted(ids) == everything, suffix


def check_linear(folder: Path, clock: FakeClock, count: int, tries: int) -> None:
    """Assert that twice as many articles take about twice the time, by the processor's clock, in one of some tries.

    What takes more than linear time does so in each of them; a machine that was busy does not.
    """
    found = list[str]()
    for number in range(tries):
        houses = [
            house_with(
                open_store(f"sqlite:///{folder}/{number}-{place}.db", clock), clock, hostile(size, with_huge=False)
            )
            for place, size in enumerate((count, count, 2 * count))
        ]
        # The first one warms up what is loaded when it is needed first.
        _, once, twice = [write_all(house)[0] for house in houses]
        for house in houses:
            house.store.close()
        if twice < 3 * once:
            return
        found.append(f"{count} articles take {once:.2f} s, twice as many {twice:.2f} s")
    raise AssertionError("; ".join(found))


def test_every_feed_of_hostile_articles_is_well_formed_and_holds_every_good_one(
    sqlite_url: str, clock: FakeClock
) -> None:
    store, offered = open_store(sqlite_url, clock), hostile(100, with_huge=False)
    check_everything(house_with(store, clock, offered), offered)
    store.close()


@pytest.mark.slow
def test_writing_feeds_of_hostile_articles_takes_linear_time(tmp_path: Path, clock: FakeClock) -> None:
    check_linear(tmp_path, clock, 300, tries=4)


@pytest.mark.slow
def test_ten_thousand_hostile_articles(sqlite_url: str, clock: FakeClock) -> None:
    store, offered = open_store(sqlite_url, clock), hostile(10_000, with_huge=True)
    check_everything(house_with(store, clock, offered), offered)
    store.close()


@pytest.mark.campaign
def test_writing_feeds_of_ten_thousand_hostile_articles_takes_linear_time(tmp_path: Path, clock: FakeClock) -> None:
    check_linear(tmp_path, clock, 5_000, tries=2)
