"""With nothing but an address: which way is taken, and that it is said."""

from __future__ import annotations

import json
import re

import pytest

from feedservice.errors import FetchError, Unreadable
from feedservice.model import Reading
from tests.fakes import FakeWeb
from tests.source_support import CORPORA, needs_corpora, open_source, read

SITE = "https://www.example.org"
URL = f"{SITE}/news/"
FEED = "<rss version='2.0'><channel><title>t</title><item><title>from the feed</title><link>https://www.example.org/1</link></item></channel></rss>"
LIST = (
    "<ul>"
    + "".join(f'<li><a href="/n/{n}.html">第{n}号工程项目建设进展情况</a> 2024-01-0{n}</li>' for n in (3, 2, 1))
    + "</ul>"
)
POSTS = [
    {
        "id": n,
        "link": f"{SITE}/p/{n}/",
        "title": {"rendered": f"Post number {n} of them"},
        "date": f"2024-01-0{n}T00:00:00",
    }
    for n in (2, 1)
]
SITEMAP = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{SITE}/s/1.html</loc></url></urlset>"


def page(body: str = "", head: str = "") -> str:
    return f"<html><head><title>x</title>{head}</head><body>{body}</body></html>"


def auto(web: FakeWeb) -> Reading:
    return read(open_source("auto", {"url": URL}), web)


def titles(reading: Reading) -> list[str]:
    return [offer.fields.title for offer in reading.offers]


@pytest.mark.parametrize(
    ("pages", "way", "first"),
    [
        ({URL: FEED}, "read as a feed", "from the feed"),
        ({URL: json.dumps({"data": POSTS})}, "read as a", "Post number 2 of them"),
        ({URL: SITEMAP}, "read as a sitemap", ""),
        (
            {URL: page(LIST, "<link rel=alternate type=application/rss+xml href=/rss.xml>"), f"{SITE}/rss.xml": FEED},
            "the feed that the page announces",
            "from the feed",
        ),
        ({URL: page(LIST)}, "the list on the page", "第3号工程项目建设进展情况"),
        (
            {URL: page("<div id=app></div><script>var d = " + json.dumps({"a": {"list": POSTS}}) + ";</script>")},
            "the list on the page",
            "Post number 2 of them",
        ),
        (
            {
                URL: page(LIST, f'<link rel="https://api.w.org/" href="{SITE}/wp-json/" />'),
                f"{SITE}/wp-json/wp/v2/posts?per_page=50": json.dumps(POSTS),
            },
            "WordPress's API",
            "Post number 2 of them",
        ),
        ({URL: page("<p>x</p>"), f"{SITE}/sitemap.xml": SITEMAP}, "the site's sitemap", ""),
        (
            {
                URL: page("<p>x</p>"),
                f"{SITE}/robots.txt": f"User-agent: *\nSitemap: {SITE}/map.xml",
                f"{SITE}/map.xml": SITEMAP,
            },
            "the site's sitemap",
            "",
        ),
    ],
    ids=["feed", "json", "sitemap", "announced", "list", "state", "wordpress", "site's sitemap", "robots"],
)
def test_way_is_found_and_said(pages: dict[str, str], way: str, first: str) -> None:
    reading = auto(FakeWeb(pages))
    assert way in reading.way
    assert titles(reading)[0] == first


def test_dead_feed_gives_way_to_the_list() -> None:
    """A page that announces a feed which is gone still has its list."""
    web = FakeWeb({URL: page(LIST, "<link rel=alternate type=application/rss+xml href=/rss.xml>")})
    reading = auto(web)
    assert titles(reading)[0] == "第3号工程项目建设进展情况"
    assert "the list on the page" in reading.way


def test_page_that_only_points_elsewhere_is_asked_whole_each_time() -> None:
    pages = {URL: page("", "<link rel=alternate type=application/rss+xml href=/rss.xml>"), f"{SITE}/rss.xml": FEED}
    assert URL in auto(FakeWeb(pages)).volatile
    assert auto(FakeWeb({URL: page(LIST)})).volatile == ()


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        (b"", "text/html", "the answer is empty"),
        (b" \r\n", "", "the answer is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "image/png", "nor a web page: image/png"),
        (b"plain words", "text/plain; charset=utf-8", "nor a web page: text/plain"),
    ],
)
def test_what_holds_no_articles_at_all_is_named(body: bytes, kind: str, told: str) -> None:
    web = FakeWeb()
    web.put(URL, body, kind)
    with pytest.raises(Unreadable, match=f"^{re.escape(URL)}: .*{told}$"):
        auto(web)


def test_nothing_at_all_is_an_error_that_names_every_way() -> None:
    with pytest.raises(Unreadable, match=r"no list of articles found.*404"):
        auto(FakeWeb({URL: page("<p>x</p>")}))


def test_unreachable_address_is_an_error() -> None:
    with pytest.raises(FetchError):
        auto(FakeWeb())


@needs_corpora
def test_column_of_the_test_site_needs_only_its_address() -> None:
    web = FakeWeb()
    web.serve_folder(SITE, CORPORA / "seed-site" / "site")
    reading = read(open_source("auto", {"url": f"{SITE}/zxdt/tdyw/index.html"}), web)
    assert len(reading.offers) == 11


def test_hostile_robots_are_read_in_bounded_time() -> None:
    """Half a megabyte of line ends took hours."""
    robots = "\n" * 400_000 + f"\n  Sitemap : {SITE}/map.xml\n"
    pages = {URL: page("<p>x</p>"), f"{SITE}/robots.txt": robots, f"{SITE}/map.xml": SITEMAP}
    assert len(auto(FakeWeb(pages)).offers) == 1


def test_hostile_links_are_read_in_bounded_time() -> None:
    with pytest.raises(Unreadable):
        auto(FakeWeb({URL: page("<p>x</p>", "<link " * 200_000)}))


ANNOUNCED = "<link rel=alternate type=application/rss+xml href=/rss.xml>"
COMMENTS = '<link rel=alternate type=application/rss+xml title="x » Comments Feed" href=/comments/feed/>'
EMPTY = "<rss version='2.0'><channel><title>t</title><link>https://www.example.org/</link></channel></rss>"


@pytest.mark.parametrize("feed", [EMPTY, "<html><body>no feed</body></html>"], ids=["empty", "broken"])
def test_feed_that_brings_nothing_gives_way_to_the_list_until_it_brings_something(feed: str) -> None:
    """Nor does it stand for the list when it stands still."""
    web = FakeWeb({URL: page(LIST, ANNOUNCED), f"{SITE}/rss.xml": feed})
    reading = auto(web)
    assert len(reading.offers) == 3
    assert "the list on the page" in reading.way
    assert f"{SITE}/rss.xml" in reading.volatile
    web.put(f"{SITE}/rss.xml", FEED)
    assert titles(auto(web)) == ["from the feed"]


def test_empty_feed_beside_an_empty_list_is_empty() -> None:
    """What the whole site has is not taken for what a column has."""
    web = FakeWeb({URL: page("<p>暂无信息</p>", ANNOUNCED), f"{SITE}/rss.xml": EMPTY, f"{SITE}/sitemap.xml": SITEMAP})
    reading = auto(web)
    assert reading.offers == ()
    assert {URL, f"{SITE}/rss.xml"} <= set(reading.volatile)


def test_comments_are_no_articles() -> None:
    web = FakeWeb({URL: page(LIST, COMMENTS), f"{SITE}/comments/feed/": FEED})
    assert len(auto(web).offers) == 3
    web.put(URL, page(LIST, COMMENTS + ANNOUNCED))
    assert len(auto(web).offers) == 3
    web.put(URL, page("<p>x</p>", COMMENTS))
    assert titles(auto(web)) == ["from the feed"]
    web.put(URL, page(LIST, "<link rel=alternate type=application/rss+xml href=/commentary/feed/>"))
    web.put(f"{SITE}/commentary/feed/", FEED)
    assert titles(auto(web)) == ["from the feed"]
