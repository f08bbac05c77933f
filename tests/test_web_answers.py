"""What is answered, to the header field (RFC 9110, 9111, 5861): documents, health, the front page, and errors."""

from __future__ import annotations

import gzip
import json
from email.utils import format_datetime

import pytest
from lxml import html
from werkzeug.test import create_environ
from werkzeug.wrappers import Response

from feedservice.model import Feed, FeedKind, Site
from feedservice.protocols import Store
from tests.fakes import FakeClock
from tests.house import BASE
from tests.store_examples import OTHER, START, arrival, intake, publish, save
from tests.web_examples import CODINGS, SITE, TYPES, Answer, Served, coded, define, document, etag, fill

BODY = b"<rss>" + "滨海新区".encode() * 100 + b"</rss>"
FEED = "/feeds/all.rss"
DATE = format_datetime(START, usegmt=True)
HUB = "https://hub.example.org/"


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """One kind of database is enough: what is answered comes out of memory."""
    return sqlite_url


@pytest.fixture
def served(store: Store) -> Served:
    """The feed of everything, loaded."""
    fill(store, body=BODY)
    served = Served(store)
    served.look()
    return served


def same_fields(answer: Answer, full: Answer, *names: str) -> None:
    for name in names:
        assert answer[name] == full[name], name


# ------------------------------------------------------------------------------------------------ documents


@pytest.mark.parametrize("coding", CODINGS)
def test_document_comes_whole_in_every_coding_with_its_own_tag_and_length(served: Served, coding: str) -> None:
    answer = served.ask(Accept_Encoding=coding)
    assert answer.status == 200
    assert answer.body == coded(coding, BODY)
    assert answer["Content-Length"] == str(len(answer.body))
    assert answer["Content-Encoding"] == (None if coding == "identity" else coding)
    assert answer["ETag"] == etag(BODY, coding)
    assert answer["Last-Modified"] == DATE
    assert answer["Vary"] == "Accept-Encoding"


def test_every_coding_has_its_own_strong_tag(served: Served) -> None:
    tags = [served.ask(Accept_Encoding=coding)["ETag"] for coding in CODINGS]
    assert len(set(tags)) == len(CODINGS)
    assert all(tag is not None and tag.startswith('"') and tag.endswith('"') for tag in tags)


def test_client_that_says_nothing_gets_the_bytes_as_they_are(served: Served) -> None:
    answer = served.ask()
    assert answer.body == BODY
    assert answer["Content-Encoding"] is None
    assert answer["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("field", ["If-None-Match", "If-Modified-Since"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_unchanged_is_304_with_the_fields_of_the_200_and_nothing_of_the_body(
    served: Served, coding: str, field: str, method: str
) -> None:
    full = served.ask(Accept_Encoding=coding)
    condition = etag(BODY, coding) if field == "If-None-Match" else DATE
    answer = served.ask(FEED, method, Accept_Encoding=coding, **{field: condition})
    assert answer.status == 304
    assert answer.body == b""
    same_fields(answer, full, "ETag", "Last-Modified", "Cache-Control", "Vary", "Access-Control-Allow-Origin", "Link")
    for name in ("Content-Type", "Content-Encoding", "Content-Length"):
        assert answer[name] is None


@pytest.mark.parametrize("coding", CODINGS)
def test_head_is_the_get_without_its_body(served: Served, coding: str) -> None:
    full = served.ask(Accept_Encoding=coding)
    answer = served.ask(FEED, "HEAD", Accept_Encoding=coding)
    assert answer.status == 200
    assert answer.body == b""
    assert sorted(answer.headers.items()) == sorted(full.headers.items())


def test_tag_of_a_coding_that_the_client_does_not_take_is_answered_in_full(served: Served) -> None:
    assert served.ask(If_None_Match=etag(BODY, "gzip")).status == 200
    assert served.ask(Accept_Encoding="gzip", If_None_Match=etag(BODY, "br")).status == 200


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_whoever_has_another_coding_that_it_takes_need_not_have_the_best(served: Served, coding: str) -> None:
    """Codings are made one after another: nobody is sent the same document twice for that."""
    answer = served.ask(Accept_Encoding="br, gzip", If_None_Match=f'"old", {etag(BODY, coding)}')
    assert answer.status == 304
    assert answer["ETag"] == etag(BODY, coding)


def test_304_carries_one_of_the_tags_that_were_sent(served: Served) -> None:
    sent = f'"old", W/{etag(BODY, "br")}, {etag(BODY, "gzip")}'
    for coding in ("br", "gzip"):
        answer = served.ask(Accept_Encoding=coding, If_None_Match=sent)
        assert answer.status == 304
        assert answer["ETag"] == etag(BODY, coding)


def test_matching_date_does_not_help_a_tag_that_misses(served: Served) -> None:
    assert served.ask(If_None_Match='"old"', If_Modified_Since=DATE).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_wants_nothing_but_what_it_has_is_told_that_something_else_is_here(served: Served, method: str) -> None:
    """RFC 9110 §13.1.1, §13.1.4: 412, without the document, and nobody keeps it."""
    for wish in ({"If_Match": '"old"'}, {"If_Unmodified_Since": "Mon, 01 Jan 2001 00:00:00 GMT"}):
        answer = served.ask(FEED, method, **wish)
        assert (answer.status, answer["Cache-Control"], answer["ETag"]) == (412, "no-store", None)
        assert len(answer.body) < 100
        assert served.ask(FEED, method, If_None_Match=etag(BODY, "identity"), **wish).status == 412


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_who_wants_what_is_here_gets_it_in_the_coding_that_it_names(served: Served, coding: str) -> None:
    answer = served.ask(Accept_Encoding="br, gzip", If_Match=etag(BODY, coding))
    assert (answer.status, answer["ETag"]) == (200, etag(BODY, coding))
    assert served.ask(Accept_Encoding="br", If_Match=etag(BODY, "gzip")).status == 412
    assert served.ask(If_Unmodified_Since=DATE).status == 200
    tag = etag(BODY, coding)
    for wish in (tag, f'"old", {etag(BODY, "br")}, {tag}', "*"):
        assert served.ask(Accept_Encoding="br, gzip", If_Match=wish, If_None_Match=tag).status == 304


def test_document_without_the_coding_that_is_asked_for_comes_in_the_next_best(store: Store) -> None:
    define(store)
    publish(store, document(FEED, BODY, codings=("identity", "gzip")))
    served = Served(store)
    served.look()
    assert served.ask(Accept_Encoding="gzip;q=0.5, br")["Content-Encoding"] == "gzip"
    assert served.ask(Accept_Encoding="br")["Content-Encoding"] is None


@pytest.mark.parametrize("suffix", TYPES)
def test_every_format_has_its_own_type_that_nobody_may_guess_at(served: Served, suffix: str) -> None:
    answer = served.ask(f"/feeds/all.{suffix}")
    assert answer["Content-Type"] == TYPES[suffix]
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "accept", ["application/rss+xml", "application/atom+xml", "text/html", "image/png", "*/*;q=0", "junk"]
)
def test_any_accept_is_answered(served: Served, accept: str) -> None:
    assert served.ask(Accept=accept).status == 200


def test_caches_may_keep_it_for_a_while_and_longer_when_we_are_down(served: Served) -> None:
    caching = served.ask()["Cache-Control"]
    assert caching is not None
    told = dict(part.strip().split("=") for part in caching.split(","))
    assert set(told) == {"max-age", "stale-while-revalidate", "stale-if-error"}
    assert 0 < int(told["max-age"]) <= int(told["stale-while-revalidate"]) <= int(told["stale-if-error"])


def test_web_pages_of_other_origins_may_read_it_and_its_validators(served: Served) -> None:
    for answer in (served.ask(), served.ask(If_None_Match="*")):
        assert answer["Access-Control-Allow-Origin"] == "*"
        exposed = answer["Access-Control-Expose-Headers"]
        assert exposed is not None
        assert {"ETag", "Last-Modified", "Link"} <= {name.strip() for name in exposed.split(",")}


def test_hub_and_self_are_announced_on_feeds_only_and_only_with_a_hub(store: Store, served: Served) -> None:
    assert served.ask()["Link"] is None
    site = Site(title="示例站", base_url=BASE, hubs=(HUB, "https://hub.example.org/二"))
    publish(store, document("/opml.xml"), feed="")
    with_hub = Served(store, site=site)
    with_hub.look()
    for answer in (with_hub.ask(), with_hub.ask(FEED, "HEAD"), with_hub.ask(If_None_Match="*")):
        assert answer["Link"] == (
            f'<{HUB}>; rel="hub", <https://hub.example.org/%E4%BA%8C>; rel="hub", <{BASE}{FEED}>; rel="self"'
        )
    assert with_hub.ask("/opml.xml")["Link"] is None


def test_query_string_is_ignored(served: Served) -> None:
    assert served.ask(f"{FEED}?utm_source=x&y").body == BODY
    assert served.ask(f"{FEED}?1", If_None_Match=etag(BODY, "identity")).status == 304


def test_range_is_ignored_and_not_offered(served: Served) -> None:
    answer = served.ask(Range="bytes=0-3")
    assert answer.status == 200
    assert answer.body == BODY
    assert answer["Accept-Ranges"] is None


def test_nobody_is_given_a_cookie_or_turned_away_for_who_they_are(served: Served) -> None:
    for answer in (served.ask(User_Agent=""), served.ask(Cookie="a=b", Referer="https://x.example/"), served.ask("/")):
        assert answer.status == 200
        assert answer["Set-Cookie"] is None


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", [FEED, "/", "/healthz", "/static/front.css"])
def test_other_methods_are_405_and_told_which_are_allowed(served: Served, method: str, path: str) -> None:
    answer = served.ask(path, method)
    assert answer.status == 405
    allowed = answer["Allow"]
    assert allowed is not None
    assert allowed == "GET, HEAD, OPTIONS"
    assert len(answer.body) < 200


def test_options_tells_what_another_origin_may_send(served: Served) -> None:
    answer = served.ask(FEED, "OPTIONS")
    assert answer.status == 204
    assert answer.body == b""
    assert answer["Access-Control-Allow-Origin"] == "*"
    headers = answer["Access-Control-Allow-Headers"]
    assert headers is not None
    assert "If-None-Match" in headers


@pytest.mark.parametrize(
    "path", ["/feeds/none.rss", "/feeds/all", "/feeds/", "/feeds/../all.rss", "/nothing", "/opml.xml"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_not_there_is_404_in_short_words_that_nobody_keeps(served: Served, path: str, method: str) -> None:
    answer = served.ask(path, method)
    assert answer.status == 404
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert (answer.body == b"") if method == "HEAD" else (0 < len(answer.body) < 200)


# ------------------------------------------------------------------------------------------------ health


def test_alive_as_long_as_it_answers(store: Store) -> None:
    answer = Served(store).ask("/healthz")
    assert answer.status == 200
    assert answer["Cache-Control"] == "no-store"


def test_not_ready_until_the_first_feed_is_written(store: Store) -> None:
    served = Served(store)
    served.look()
    answer = served.ask("/readyz")
    assert answer.status == 503
    assert answer["Cache-Control"] == "no-store"
    assert answer["Retry-After"] == "5"
    assert json.loads(answer.body)["reason"]
    front = served.ask("/")
    assert front.status == 503
    assert front["Retry-After"] == "5"
    assert [served.ask(path).status for path in (FEED, "/feeds/all/archive/1.rss", "/opml.xml")] == [503, 503, 503]
    assert served.ask(FEED)["Retry-After"] == "60"
    fill(store)
    served.look()
    assert served.ask("/readyz").status == 200
    assert served.ask("/").status == 200
    assert [served.ask(path).status for path in (FEED, "/feeds/none.rss", "/nothing")] == [200, 404, 404]


@pytest.mark.parametrize("path", ["//", "//healthz", "//www.example.org/%2e%2e", "/static//front.css", "/healthz/"])
def test_addresses_that_are_written_otherwise_are_others(served: Served, path: str) -> None:
    """None leads elsewhere, and // is not the front page, of which it was said that no feed is written yet."""
    environ = {
        **create_environ("/"),
        "PATH_INFO": path,
    }  # as the server has it: a client would make something else of it
    with Response.from_app(served.app, environ) as answer:
        assert (answer.status_code, "Location" in answer.headers) == (404, False)


# ------------------------------------------------------------------------------------------------ front page


def page(served: Served) -> html.HtmlElement:
    return html.document_fromstring(served.ask("/").body.decode())


def test_front_page_announces_every_format_of_every_feed_to_readers(served: Served) -> None:
    found = {
        (link.get("type"), link.get("href"))
        for link in page(served).xpath('/html/head/link[@rel="alternate"]')
        if link.get("title")
    }
    assert found == {(TYPES[suffix].partition(";")[0], f"{BASE}/feeds/all.{suffix}") for suffix in TYPES}


def test_front_page_announces_all_of_many_feeds(store: Store) -> None:
    names = [f"source-{number}" for number in range(80)]
    define(store, *(Feed(name=name, kind=FeedKind.SOURCE, title=name) for name in names))
    for number, name in enumerate(names):
        save(store, intake(arrival(number), source=name))
        publish(store, document(f"/feeds/{name}.rss", b"<rss/>", feed=name), feed=name)
    served = Served(store)
    served.look()
    found = page(served).xpath('/html/head/link[@rel="alternate"][@title]/@href')
    assert {f"{BASE}/feeds/{name}.rss" for name in names} <= set(found)


def test_front_page_links_to_every_feed_and_to_the_list(served: Served) -> None:
    links = set(page(served).xpath("/html/body//a/@href"))
    assert {f"{BASE}/feeds/all.{suffix}" for suffix in TYPES} | {f"{BASE}/opml.xml"} <= links


def test_front_page_shows_categories_as_a_tree(store: Store) -> None:
    define(store)
    save(store, intake(arrival(1, categories=(OTHER,))))
    publish(store, document(), *(document(f"/feeds/{step.slug}.rss", feed=step.slug) for step in OTHER))
    served = Served(store)
    served.look()
    top, below = (step.title for step in OTHER)
    assert page(served).xpath(f'//li[div//span[text()="{top}"]]/ul/li/div//span[text()="{below}"]')


def test_front_page_is_html_with_a_tag_and_asked_for_anew_each_time(served: Served) -> None:
    plain, packed = served.ask("/"), served.ask("/", Accept_Encoding="gzip")
    assert plain["Content-Type"] == "text/html; charset=utf-8"
    assert gzip.decompress(packed.body) == plain.body
    for answer, coding in ((plain, "identity"), (packed, "gzip")):
        assert answer["Cache-Control"] == "no-cache"
        tag = answer["ETag"]
        assert tag is not None
        assert served.ask("/", Accept_Encoding=coding, If_None_Match=tag).status == 304
    assert plain["ETag"] != packed["ETag"]


def test_front_page_lets_nothing_foreign_in_and_is_framed_by_nobody(served: Served) -> None:
    policy = served.ask("/")["Content-Security-Policy"]
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy


def test_style_of_the_front_page_is_served(served: Served) -> None:
    (style,) = page(served).xpath('//link[@rel="stylesheet"]/@href')
    answer = served.ask(f"/{style}")
    assert answer.status == 200
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_hostile_titles_stay_text(store: Store) -> None:
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}'
    source = Feed(name="site", kind=FeedKind.SOURCE, title=hostile, home_url="javascript:alert(1)")
    define(store, source)
    save(store, intake(arrival(1)))
    publish(store, document(), document("/feeds/site.rss", feed="site"))
    served = Served(store, site=Site(title=hostile, base_url=BASE, description=hostile))
    served.look()
    shown = page(served)
    assert shown.xpath("//script | //img | //@onerror") == []
    assert [title.text for title in shown.xpath("//title | //h1 | //header/p")] == [hostile] * 3
    assert hostile in shown.xpath('//span[@class="title"]/text()')
    assert not [link for link in shown.xpath("//@href") if link.startswith("javascript:")]


def test_unchanged_store_gives_the_same_answers_in_another_process(
    store: Store, served: Served, clock: FakeClock
) -> None:
    clock.pass_(days=1)
    again = Served(store, site=SITE)
    again.look()
    for path in ("/", *(f"/feeds/all.{suffix}" for suffix in TYPES)):
        before, after = served.ask(path), again.ask(path)
        assert (after.status, after.body, sorted(after.headers)) == (before.status, before.body, sorted(before.headers))
