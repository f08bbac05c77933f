"""Other people's feeds: what is taken from them, what is forgiven, what is refused."""

from __future__ import annotations

import gzip
import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from feedservice.errors import FetchError, SourceError, Unreadable
from feedservice.extract import clean, decode, parse_moment
from feedservice.model import Attachment, Offer, Page, PollHints, Reading
from feedservice.sources.discovery import feeds_of_page
from feedservice.sources.feed import parse as parse_feed
from feedservice.sources.options import FullText
from tests.fakes import FakeWeb
from tests.source_support import CORPORA, Visit, needs_corpora, open_source, read, shown, truth

URL = "https://www.example.org/rss.xml"
LONG = "<p>" + "很长的正文" * 100 + "</p>"


def parse(text: str | bytes, content_type: str = "application/xml", full_text: FullText = "auto") -> Reading:
    body = text.encode() if isinstance(text, str) else text
    return parse_feed(
        body, content_type, URL, "Asia/Shanghai", decode=decode, parse_moment=parse_moment, full_text=full_text
    )


def rss(items: str, head: str = "", attributes: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"{attributes}><channel><title>示例</title>'
        f"<link>https://www.example.org/</link><description>d</description>{head}{items}</channel></rss>"
    )


def only(reading: Reading) -> Offer:
    (offer,) = reading.offers
    return offer


# --------------------------------------------------------------------------------------------------- the corpus


@needs_corpora
@pytest.mark.parametrize("row", truth("feeds"), ids=lambda row: row["id"])
def test_every_feed_of_the_corpus_is_read_right(row: dict[str, Any]) -> None:
    """Count, and of each entry title, link and date; in the feed's order."""
    expected = row["expected"]
    body = (CORPORA / row["file"]).read_bytes()
    arguments = (body, row["http_content_type"] or "", row["url"] or URL, "Asia/Shanghai")
    if expected["parse"] in ("not_a_feed", "ok_or_error"):
        with pytest.raises(SourceError):
            parse_feed(*arguments, decode=decode, parse_moment=parse_moment)
        return
    offers = parse_feed(*arguments, decode=decode, parse_moment=parse_moment).offers
    assert len(offers) == expected["n_entries"]
    for offer, entry in zip(offers, expected["entries"], strict=False):
        assert "".join(offer.fields.title.split()) == "".join((entry["title"] or "").split())
        if entry["link"]:
            assert (offer.url or "").partition("#")[0].rstrip("/") == entry["link"].partition("#")[0].rstrip("/")
        if entry.get("published_local"):
            assert (
                shown(offer.fields.published)
                == entry["published_local"].replace("T", " ")[: len(shown(offer.fields.published) or "")]
            )


# --------------------------------------------------------------------------------------------------- what is taken


def test_rss_entry_becomes_an_offer() -> None:
    offer = only(
        parse(
            rss(
                "<item><title>一则消息</title><link>https://www.example.org/1.html</link>"
                '<guid isPermaLink="false">id-1</guid><pubDate>Wed, 25 Sep 2024 21:01:00 +0800</pubDate>'
                "<description>摘要</description><content:encoded><![CDATA[<p>全文</p>]]></content:encoded>"
                "<dc:creator>张三</dc:creator><category>要闻</category><category>要闻</category><category>经济</category>"
                '<enclosure url="https://www.example.org/a.pdf" type="application/pdf" length="123"/>'
                '<enclosure url="https://www.example.org/a.jpg" type="image/jpeg" length="0"/>'
                '<source url="https://other.example.org/rss">示例日报</source></item>',
                attributes=' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
                ' xmlns:dc="http://purl.org/dc/elements/1.1/"',
            )
        )
    )
    fields = offer.fields
    assert (offer.key, offer.url, offer.permanent_id) == ("id-1", "https://www.example.org/1.html", None)
    assert offer.complete
    assert (fields.title, fields.summary, fields.body) == ("一则消息", "摘要", "<p>全文</p>")
    assert shown(fields.published) == "2024-09-25 21:01:00"
    assert (fields.authors, fields.tags, fields.origins) == (("张三",), ("要闻", "经济"), ("示例日报",))
    assert fields.attachments == (
        Attachment(url="https://www.example.org/a.pdf", media_type="application/pdf", length=123),
    )
    assert fields.lead_image == "https://www.example.org/a.jpg"


def test_atom_entry_becomes_an_offer() -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example.org/x/" xml:lang="en"><title>T</title>'
        "<id>urn:f</id><updated>2024-09-25T21:01:00Z</updated>"
        "<entry><title type='html'>A &lt;b&gt;bold&lt;/b&gt; &amp;amp; B</title><id>tag:example.org,2024:1</id>"
        "<link href='1.html'/><link rel='enclosure' href='f.mp3' type='audio/mpeg' length='9'/>"
        "<published>2024-09-25T20:00:00Z</published><updated>2024-09-25T21:00:00Z</updated>"
        "<author><name>Jo</name></author><author><name>Mo</name></author><category term='t' label='Label'/>"
        "<summary>Short</summary>"
        "<content type='html'>&lt;p&gt;&lt;img src='i.png'&gt; whole&lt;/p&gt;</content></entry></feed>"
    )
    offer = only(parse(feed))
    fields = offer.fields
    assert (offer.key, offer.permanent_id) == ("tag:example.org,2024:1", "tag:example.org,2024:1")
    assert offer.url == "https://a.example.org/x/1.html"
    assert fields.title == "A bold & B"
    assert (shown(fields.published), shown(fields.updated)) == ("2024-09-25 20:00:00", "2024-09-25 21:00:00")
    assert (fields.authors, fields.tags, fields.summary) == (("Jo", "Mo"), ("Label",), "Short")
    assert "https://a.example.org/x/i.png" in fields.body
    assert fields.attachments[0].url == "https://a.example.org/x/f.mp3"


def test_json_feed_item_becomes_an_offer() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "T",
        "language": "en",
        "items": [
            {
                "id": 17,
                "url": "/1.html",
                "title": "One",
                "content_html": "<p>x</p>",
                "summary": "s",
                "image": "https://www.example.org/i.png",
                "date_published": "2024-09-25T21:01:00+08:00",
                "date_modified": "2024-09-26T21:01:00+08:00",
                "authors": [{"name": "Jo"}],
                "tags": ["a"],
                "attachments": [
                    {"url": "https://www.example.org/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 5}
                ],
            },
            {"id": "https://www.example.org/2", "content_text": "a < b\n\nnext"},
            "not an item",
        ],
    }
    reading = parse("\ufeff" + json.dumps(feed), "application/feed+json")
    one, two = reading.offers
    assert (one.key, one.url, one.complete) == ("17", "https://www.example.org/1.html", True)
    assert shown(one.fields.published) == "2024-09-25 21:01:00"
    assert one.fields.attachments == (
        Attachment(url="https://www.example.org/a.mp3", media_type="audio/mpeg", length=5),
    )
    assert (one.fields.lead_image, one.fields.authors, one.fields.tags) == (
        "https://www.example.org/i.png",
        ("Jo",),
        ("a",),
    )
    assert two.permanent_id == "https://www.example.org/2"
    assert two.fields.body == "<p>a &lt; b</p>\n<p>next</p>"
    assert len(reading.problems) == 1


@pytest.mark.parametrize(
    ("guid", "permanent"),
    [
        ("https://www.example.org/?p=1", True),
        ("tag:example.org,2024:1", True),
        ("urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", True),
        ("12345", False),
        ("news 7", False),
        ("title: with colon", False),
    ],
)
def test_guid_is_the_permanent_id_where_it_is_an_iri(guid: str, permanent: bool) -> None:
    offer = only(parse(rss(f"<item><title>t</title><link>https://www.example.org/1</link><guid>{guid}</guid></item>")))
    assert offer.key == guid
    assert offer.permanent_id == (guid if permanent else None)


def test_permalink_guid_is_the_link_where_there_is_no_other() -> None:
    item = "<item><title>t</title><guid{}>https://www.example.org/1</guid></item>"
    assert only(parse(rss(item.format("")))).url == "https://www.example.org/1"
    assert only(parse(rss(item.format(' isPermaLink="false"')))).url is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Wed, 25 Sep 2024 21:01:00 +0800", "2024-09-25T21:01:00+08:00"),
        ("Wed, 25 Sep 2024 13:01:00 GMT", "2024-09-25T13:01:00+00:00"),
        ("25 Sep 24 13:01 GMT", "2024-09-25T13:01:00+00:00"),
        ("Wed, 25 Sep 2024 08:01:00 EST", "2024-09-25T08:01:00-05:00"),
        ("Wed, 25 Sep 2024 21:01:00 CST", "2024-09-25T21:01:00+08:00"),
        ("Wed, 25 Sep 2024 21:01:00 GMT+8", "2024-09-25T21:01:00+08:00"),
        ("Wed, 25 Sep 2024 21:01:00+0800", "2024-09-25T21:01:00+08:00"),
        ("周三, 25 九月 2024 21:01:00 +0800", "2024-09-25T21:01:00+08:00"),
        ("Wed Sep 25 21:01:00 2024", "2024-09-25T21:01:00+08:00"),
        ("2024-09-25T21:01:00.123+08:00", "2024-09-25T21:01:00+08:00"),
        ("2024-09-25T13:01:00Z", "2024-09-25T13:01:00+00:00"),
        ("2024-09-25 21:01:00", "2024-09-25T21:01:00+08:00"),
        ("2024/9/25 9:05", "2024-09-25T09:05:00+08:00"),
        ("2024年09月25日 21:01", "2024-09-25T21:01:00+08:00"),
        ("2024年9月25日 21时01分", "2024-09-25T21:01:00+08:00"),
        ("September 25, 2024 9:01 PM", "2024-09-25T21:01:00+08:00"),
        ("2024-9-25 下午9:01:00", "2024-09-25T21:01:00+08:00"),
        ("2024/9/25 上午 9:01", "2024-09-25T09:01:00+08:00"),
        ("2024年9月25日 晚上9:01", "2024-09-25T21:01:00+08:00"),
        ("2024年9月25日 晚上12:05", "2024-09-26T00:05:00+08:00"),
        ("2024年9月25日 中午12:05", "2024-09-25T12:05:00+08:00"),
        ("2024年9月25日 中午1:05", "2024-09-25T13:05:00+08:00"),
        ("2024年9月25日 中午11:50", "2024-09-25T11:50:00+08:00"),
        ("2024年9月25日 凌晨12:05", "2024-09-25T00:05:00+08:00"),
        ("2024年9月25日 早上8:05", "2024-09-25T08:05:00+08:00"),
        ("Wed, 25 Sep 2024 21:01:00 AEST", "2024-09-25T21:01:00+10:00"),
        ("Wed, 25 Sep 2024 21:01:00 ACST", "2024-09-25T21:01:00+09:30"),
        ("Wed, 25 Sep 2024 21:01:00 NZDT", "2024-09-25T21:01:00+13:00"),
        ("Wed, 25 Sep 2024 21:01:00 IST", "2024-09-25T21:01:00+08:00"),
        ("202409252101", "2024-09-25T21:01:00+08:00"),
        ("123456789012", None),
        ("周三, 25 9月 2024 21:01:00 +0800", "2024-09-25T21:01:00+08:00"),
        ("Wednesday, September 25, 2024 - 21:01", "2024-09-25T21:01:00+08:00"),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("1727269260", "2024-09-25T13:01:00+00:00"),
        ("1727269260000", "2024-09-25T13:01:00+00:00"),
        ("20240925210100", "2024-09-25T21:01:00+08:00"),
        ("2024-09-25", "2024-09-25T00:00:00+08:00"),
        ("2024-09-25T21:01:9+01:00", "2024-09-25T21:01:09+01:00"),
        ("2024-09-25T210109+01:00", "2024-09-25T21:01:09+01:00"),
        ("20240925T21:01:09.45+01:00", "2024-09-25T21:01:09+01:00"),
        ("20240925 21:01:09", "2024-09-25T21:01:09+08:00"),
        ("2024年9月25日 9时5分", "2024-09-25T09:05:00+08:00"),
        ("2024. 9. 25. 오후 9:01", "2024-09-25T21:01:00+08:00"),
        ("2024/9/25 PM 09:01:00", "2024-09-25T21:01:00+08:00"),
        ("/Date(1727269260000+0800)/", "2024-09-25T13:01:00+00:00"),
        ("Wed, 25 Sep 2024 9:01 PM ET", "2024-09-25T21:01:00-04:00"),
        ("Wed, 25 Sep 2024 21:01:00 MEST", "2024-09-25T21:01:00+02:00"),
        ("Wed, 25 Sep 2024 21:01:00 America/Los_Angeles", "2024-09-25T21:01:00-07:00"),
        ("Wed, 25 Sep 2024 21:01:00 Or/Else", "2024-09-25T21:01:00+08:00"),
        ("Wed, 25 Sep 2024 21:01:00 America/Argentina", "2024-09-25T21:01:00+08:00"),
        ("2024-09-25T21:01:00−05:00", "2024-09-25T21:01:00-05:00"),
        ("2024-09-25 09:00 - 10:30", "2024-09-25T09:00:00+08:00"),
        ("2024-09-25 (수) 21:01:00", "2024-09-25T21:01:00+08:00"),
        ("2024年09月25日（水）21時01分", "2024-09-25T21:01:00+08:00"),
        ("st, 25 zář 2024 21:01:00 +0200", "2024-09-25T21:01:00+02:00"),
        ("ke, 25 syys 2024 21:01:00 +0300", "2024-09-25T21:01:00+03:00"),
        ("Ср, 25 вер. 2024 21:01:00 +0300", "2024-09-25T21:01:00+03:00"),
        ("Τετ, 15 Μαΐ 2024 21:01:00 +0300", "2024-05-15T21:01:00+03:00"),
        ("Thứ 4, 25 thg 9 2024 21:01:00 +0700", "2024-09-25T21:01:00+07:00"),
        ("수, 25 9월 2024 21:01:00 +0900", "2024-09-25T21:01:00+09:00"),
        ("25 pro 2024", None),
        ("Mon, 31 Feb 2024 25:99:00", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates_of_every_form(written: str, expected: str | None) -> None:
    """Times without a zone are in the source's, here +08:00."""
    published = only(parse(rss(f"<item><title>t</title><pubDate>{written}</pubDate></item>"))).fields.published
    assert (published.at.isoformat() if published else None) == expected


@pytest.mark.parametrize(
    ("item", "url", "authors"),
    [
        ({"id": "7", "url": "/7.html"}, "https://www.example.org/7.html", ("Jo",)),
        ({"id": "7", "url": "/7.html", "author": {"name": "Kim"}}, "https://www.example.org/7.html", ("Kim",)),
        ({"id": "https://www.example.org/7.html"}, "https://www.example.org/7.html", ("Jo",)),
        ({"id": "tag:example.org,2024:7"}, None, ("Jo",)),
    ],
)
def test_json_feed_item_has_what_its_feed_says(item: dict[str, Any], url: str | None, authors: tuple[str, ...]) -> None:
    """The feed's authors where the item names none; an id that is an address is the link where there is no other."""
    feed = {"version": "https://jsonfeed.org/version/1.1", "authors": [{"name": "Jo"}]}
    offer = only(parse(json.dumps({**feed, "items": [{"title": "t", "content_text": "x", **item}]})))
    assert (offer.url, offer.fields.authors) == (url, authors)


@pytest.mark.parametrize(
    ("dates", "published", "updated"),
    [
        ({"date_modified": "2024-09-25T13:01:00Z"}, "2024-09-25 13:01:00", None),
        (
            {"date_published": "2024-09-25T13:01:00Z", "date_modified": "2024-09-25T13:01:00Z"},
            "2024-09-25 13:01:00",
            None,
        ),
        (
            {"date_published": "2024-09-25T13:01:00Z", "date_modified": "2024-09-26T13:01:00Z"},
            "2024-09-25 13:01:00",
            "2024-09-26 13:01:00",
        ),
    ],
)
def test_json_feed_with_one_date_only_means_the_publication(
    dates: dict[str, str], published: str, updated: str | None
) -> None:
    """As in Atom; several programs write date_modified alone."""
    item = {"id": "7", "title": "t", "content_text": "x", **dates}
    fields = only(parse(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item]}))).fields
    assert (shown(fields.published), shown(fields.updated)) == (published, updated)


@pytest.mark.parametrize(
    ("item", "names"),
    [
        ({"author": {"name": "Kim"}, "authors": [{"name": "Kim"}]}, ("Kim",)),
        ({"author": {"name": "The Desk"}, "authors": [{"name": "Kim"}, {"name": "Jo"}]}, ("Kim", "Jo")),
        ({"author": {"name": "Kim"}, "authors": [{"url": "https://www.example.org/"}]}, ("Kim",)),
    ],
)
def test_author_of_version_1_stands_in_for_missing_authors(item: dict[str, Any], names: tuple[str, ...]) -> None:
    """Many feeds name the author in both fields, for old readers."""
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "7", "content_text": "x", **item}]}
    assert only(parse(json.dumps(feed))).fields.authors == names


def test_json_feed_in_a_function_call_is_read() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "One", "url": "/1"}]}
    assert only(parse(f"/**/show.feed({json.dumps(feed)});", "application/javascript")).fields.title == "One"


def test_gzip_file_is_unpacked() -> None:
    feed = rss("<item><title>One</title><link>/1</link></item>").encode()
    assert only(parse(gzip.compress(feed))).fields.title == "One"


@pytest.mark.parametrize("body", [gzip.compress(b"x" * 1000, mtime=0)[:-12], b"\x1f\x8bnothing of the kind"])
def test_damaged_gzip_file_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable, match="gzip"):
        parse(body)


def test_dc_date_alone_is_the_publication() -> None:
    offer = only(parse(rss("<item><title>t</title><dc:date>2024-09-25T21:01:00+08:00</dc:date></item>")))
    assert shown(offer.fields.published) == "2024-09-25 21:01:00"
    assert offer.fields.updated is None


def test_feed_says_when_to_ask_again() -> None:
    head = (
        "<ttl>60</ttl><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
        "<skipHours><hour>0</hour><hour>24</hour><hour>1</hour></skipHours><skipDays><day>Sunday</day></skipDays>"
    )
    assert parse(rss("", head)).hints == PollHints(
        min_interval=43_200, skip_hours=frozenset({0, 1}), skip_days=frozenset({6})
    )


def test_cache_control_of_the_answer_is_a_hint_too() -> None:
    headers = {"cache-control": "public, max-age=7200"}
    page = Page(
        url=URL, status=200, content_type="application/xml", body=rss("", "<ttl>60</ttl>").encode(), headers=headers
    )
    assert read(open_source("feed", {"url": URL}), FakeWeb({URL: page})).hints.min_interval == 7200


# --------------------------------------------------------------------------------------------------- full text


@pytest.mark.parametrize(
    ("text", "setting", "complete"),
    [
        ("<content:encoded>&lt;p&gt;短文。&lt;/p&gt;</content:encoded>", "auto", True),
        ("<content:encoded>&lt;p&gt;开头……[…]&lt;/p&gt;</content:encoded>", "auto", False),
        ("<content:encoded>开头 &lt;a href='x'&gt;阅读全文&lt;/a&gt;</content:encoded>", "auto", False),
        ("<description>短的摘要</description>", "auto", False),
        (f"<description><![CDATA[{LONG}]]></description>", "auto", True),
        (f"<description><![CDATA[{LONG}...]]></description>", "auto", False),
        (f"<content:encoded><![CDATA[{LONG}]]></content:encoded>", "page", False),
        ("<description>短的摘要</description>", "feed", True),
        ("", "auto", False),
    ],
)
def test_where_the_text_comes_from(text: str, setting: FullText, complete: bool) -> None:
    """The feed where it has the whole text, the page where it has the beginning only, unless the setting says so."""
    item = f"<item><title>t</title><link>https://www.example.org/1</link>{text}</item>"
    offer = only(parse(rss(item), full_text=setting))
    assert offer.complete is complete
    assert bool(offer.fields.body) is complete


@pytest.mark.parametrize(
    ("end", "others", "complete"),
    [
        ("谁知道呢……", 5, True),
        ("<p>who knows...</p>", 5, True),
        ("谁知道呢……", 4, False),
        ("开头 […]", 5, False),
        ("开头... <a href='x'>阅读全文</a>", 5, False),
    ],
)
def test_long_content_that_ends_in_dots_is_whole_where_few_end_so(end: str, others: int, complete: bool) -> None:
    """Else an article whose author trails off would be lost where its page cannot be read."""
    item = (
        "<item><title>{0}</title><link>https://www.example.org/{0}</link><content:encoded>{1}</content:encoded></item>"
    )
    ends = [end, *[""] * (others - 1)]
    items = [item.format(number, f"<![CDATA[{LONG}{words}]]>") for number, words in enumerate(ends)]
    assert parse(rss("".join(items))).offers[0].complete is complete


def test_entry_without_a_link_is_all_there_is() -> None:
    offer = only(parse(rss("<item><description>A note</description></item>")))
    assert offer.complete
    assert offer.fields.body == "A note"


# --------------------------------------------------------------------------------------------------- forgiven


@pytest.mark.parametrize(
    "text",
    [
        "<b>Warning</b>: Undefined index in /www/rss.php on line 12<br />\n" + rss("<item><title>标题</title></item>"),
        "\n\n  " + rss("<item><title>标题</title></item>"),
        "\ufeff" + rss("<item><title>标题</title></item>"),
        rss("<item><title>标题</title></item>") + "<!-- generated in 0.1 s --><script>x</script>",
        rss("<item><title>标\x0b\x00题</title></item>"),
        rss("<item><title>标&#11;题</title></item>"),
        rss("<item><title>标题</title><foo:bar>x</foo:bar></item>"),
        rss("<item><title>标题</title><link>https://www.example.org/?a=1&b=2</link></item>"),
        rss("<item><title>标题</title><description>a &nbsp; b &mdash; c &unknown; d & e</description></item>"),
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://example.invalid/rss-0.91.dtd">'
        + rss("<item><title>标题</title></item>").partition("?>")[2],
        '<!DOCTYPE rss [<!ENTITY % HTMLlat1 PUBLIC "-//W3C//ENTITIES" "http://example.invalid/x.ent"> %HTMLlat1;'
        '<!ENTITY t "标题">]>' + rss("<item><title>&t;</title></item>").partition("?>")[2],
        rss("<item><title>标题</title></item>").replace("1.0", "1.1", 1),
        rss("<ITEM><TITLE>标题</TITLE></ITEM>"),
        ('<x:rss xmlns:x="http://example.org/ns" version="2.0"><x:channel><x:title>t</x:title>'
        "<x:item><x:title>标题</x:title></x:item></x:channel></x:rss>"),
        rss("<item><title>标题</title></item>", attributes=' xmlns="http://backend.userland.com/rss2"'),
        ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<channel><title>t</title></channel><item rdf:about="u"><title>标题</title></item></rdf:RDF>'),
    ],
    ids=[
        "warning before", "blank before", "mark before", "junk after", "control characters", "control reference",
        "undeclared prefix", "bare ampersand", "html entities", "external dtd", "short entity", "xml 1.1", "upper case",
        "prefixed rss", "rss namespace", "rdf",
    ],
)  # fmt: skip
def test_damage_is_forgiven(text: str) -> None:
    assert only(parse(text)).fields.title == "标题"


def test_ampersands_survive_in_titles_and_links() -> None:
    offer = only(
        parse(
            rss(
                "<item><title>A&B 公司 R&amp;D &lt;中心&gt;</title><link>https://www.example.org/?a=1&b=2</link></item>"
            )
        )
    )
    assert offer.fields.title == "A&B 公司 R&D <中心>"
    assert offer.url == "https://www.example.org/?a=1&b=2"


@pytest.mark.parametrize(
    ("encoding", "content_type", "declared"),
    [
        ("utf-8", "text/xml", "utf-8"),
        ("utf-8", "text/xml; charset=iso-8859-1", "utf-8"),
        ("utf-8", "text/xml; charset=gb2312", "utf-8"),
        ("utf-8", "text/xml", "gb2312"),
        ("utf-8", "text/xml; charset=us-ascii", None),
        ("gb18030", "text/xml", "gb2312"),
        ("gb18030", "text/xml; charset=gbk", "utf-8"),
        ("gb18030", "text/xml; charset=utf-8", "gb2312"),
        ("gb18030", "text/xml; charset=utf-8", "utf-8"),
        ("gb18030", "text/xml", None),
        ("big5", "text/xml", "big5"),
        ("utf-16", "text/xml", None),
        ("utf-16", "text/xml", "utf-16"),
        ("utf-32", "text/xml", None),
        ("utf-8", "text/xml; charset=nonsense", None),
    ],
)
def test_lies_about_the_charset(encoding: str, content_type: str, declared: str | None) -> None:
    title = "經濟開發區舉行項目簽約儀式" if encoding == "big5" else "经济开发区举行项目签约仪式镕"
    text = rss(f"<item><title>{title}</title><description>{title * 5}</description></item>").partition("?>")[2]
    start = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    assert only(parse((start + text).encode(encoding), content_type)).fields.title == title


def test_feed_that_is_cut_off_keeps_its_whole_entries() -> None:
    """What came of the last entry is not published; where its title and link came, its page has the rest."""
    whole = "<item><title>一</title><link>https://www.example.org/1</link><content:encoded>甲</content:encoded></item>"
    half = "<item><title>二</title><link>https://www.example.org/2</link><content:encoded>乙的一"
    reading = parse(rss(whole + half).partition("</channel>")[0])
    assert [(offer.fields.title, offer.complete, offer.fields.body) for offer in reading.offers] == [
        ("一", True, "甲"),
        ("二", False, ""),
    ]
    assert reading.problems == ("the feed is cut off at its end",)
    reading = parse(rss(whole + half[:20]).partition("</channel>")[0])
    assert [offer.fields.title for offer in reading.offers] == ["一"]


def test_entries_without_ids_that_share_a_link_are_told_apart_by_their_titles() -> None:
    items = [f"<item><title>A{n}</title><link>/news.html</link></item>" for n in (0, 1, 2, 1)]
    offers = parse(rss("".join(items))).offers
    assert [offer.fields.title for offer in offers] == ["A0", "A1", "A2"]
    assert len({offer.key for offer in offers}) == 3
    assert only(parse(rss(items[0]))).key == "https://www.example.org/news.html"


OTHERS = (
    ' xmlns:m="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)


@pytest.mark.parametrize(
    "beside",
    [
        '<m:content url="/p.jpg" medium="image"/><m:description>A caption.</m:description>',
        '<m:content url="/p.jpg" medium="image"><m:description type="plain">A caption.</m:description></m:content>',
        "<itunes:summary>Words</itunes:summary>",
        "<dc:description>Words</dc:description>",
        "<description>Words</description>",
    ],
)
def test_second_description_is_not_taken_for_the_article(beside: str) -> None:
    """A picture's caption, a podcast's summary: the article's page is read all the same."""
    item = "<item><title>t</title><link>/1</link>{}</item>"
    for said in (
        f"<description>The real summary</description>{beside}",
        f"{beside}<description>The real summary</description>",
    ):
        offer = only(parse(rss(item.format(said), attributes=OTHERS)))
        assert (offer.complete, offer.fields.body) == (False, "")
        assert beside.startswith("<description") or offer.fields.summary == "The real summary"
        whole = only(parse(rss(item.format(said), attributes=OTHERS), full_text="feed"))
        assert "The real summary" in whole.fields.body


def test_caption_stays_out_of_the_marked_content() -> None:
    caption = "<m:description>A caption that is longer than the article is, with all its words.</m:description>"
    content = "<content:encoded><![CDATA[<p>Whole</p>]]></content:encoded>"
    for said in (f"{caption}{content}", f"{content}{caption}"):
        offer = only(parse(rss(f"<item><title>t</title><link>/1</link>{said}</item>", attributes=OTHERS)))
        assert (offer.complete, offer.fields.body, offer.fields.summary) == (True, "<p>Whole</p>", "")


def test_description_of_a_video_is_taken_where_nothing_else_is_said() -> None:
    said = "<m:group><m:description>About the video</m:description></m:group>"
    offer = only(parse(rss(f"<item><title>t</title>{said}</item>", attributes=OTHERS)))
    assert (offer.fields.body, offer.fields.summary) == ("About the video", "About the video")


def test_feed_is_asked_again_by_what_it_says_itself() -> None:
    """Not by what an article says of ttl; and by the syndication module, whatever its prefix."""
    item = "<item><title>t</title><link>/1</link><description><![CDATA[Write <ttl>99999</ttl>]]></description></item>"
    assert parse(rss(item)).hints == PollHints()
    syndication = ' xmlns:syn="http://purl.org/rss/1.0/modules/syndication/"'
    head = "<syn:updatePeriod>\n\tdaily </syn:updatePeriod><syn:updateFrequency> 2 </syn:updateFrequency>"
    assert parse(rss(item, head, syndication)).hints == PollHints(min_interval=43_200)
    assert parse(rss(item, "<ttl> 60\n</ttl>")).hints == PollHints(min_interval=3_600)


@pytest.mark.parametrize(
    ("head", "inside"),
    [
        (f"<ttl>{' ' * 200_000}x</ttl >", ""),
        ("<ttl>" * 40_000, ""),
        (f"<skipHours><hour>{' ' * 200_000}", ""),
        ("", f"<guid>{' ' * 200_000}</guid>"),
        ("", f"<guid><![CDATA[{' ' * 200_000}]]></guid>"),
        ("", "<media:description" + " type='html'" * 20_000),
        ("".join(f"<x xmlns:p{n}='http://search.yahoo.com/mrss/'/>" for n in range(3_000)), "<p1:description>"),
    ],
)
def test_white_space_and_unclosed_tags_take_no_time(head: str, inside: str) -> None:
    began = time.process_time()
    with suppress(Unreadable):
        parse(rss(f"<item><title>t</title><link>/1</link>{inside}</item>", head))
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("Vec&lt;T&gt; in Rust", "Vec<T> in Rust"),
        ("<![CDATA[Using the <b> tag]]>", "Using the <b> tag"),
        ("Using &amp;lt;main&amp;gt; in HTML", "Using <main> in HTML"),
        ("&amp;amp;lt;img src=x onerror=alert(1)&amp;amp;gt;", "&lt;img src=x onerror=alert(1)&gt;"),
        ("<![CDATA[One <b>bold</b><br>word &#8217; &amp; <nobr>more</nobr>]]>", "One bold word ’ & more"),
        ("<![CDATA[First<br>second<!-- 3 -->]]>", "First second"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
    ],
)
def test_title_keeps_its_angle_brackets_and_is_decoded_once(told: str, meant: str) -> None:
    offer = only(parse(rss(f"<item><link>/1</link><title>{told}</title></item>")))
    assert clean(offer.fields, URL).title == meant


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ('<title type="text">Using the &lt;b&gt; tag and Vec&lt;T&gt;</title>', "Using the <b> tag and Vec<T>"),
        ("<title>What &lt;script&gt; does; &amp;amp; not &amp;</title>", "What <script> does; &amp; not &"),
        ("<title>Tom &amp;amp; Jerry &amp;#8217;</title>", "Tom & Jerry ’"),
        ('<title type="html">Using the &amp;lt;b&amp;gt; &lt;i&gt;tag&lt;/i&gt;</title>', "Using the <b> tag"),
        ('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <b>b</b> &lt;i></div></title>', "a b <i>"),
    ],
)
def test_title_of_an_atom_entry_is_text_or_html_as_it_says(told: str, meant: str) -> None:
    entry = f'<entry><id>urn:x</id>{told}<link href="/1"/></entry>'
    offer = only(parse(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>{entry}</feed>'))
    assert clean(offer.fields, URL).title == meant


RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    '<channel rdf:about="/"><title>T</title><link>/</link><items/></channel>'
)


def test_rss_1_that_is_cut_off_is_noticed_though_its_channel_is_closed() -> None:
    whole = '<item rdf:about="/1"><title>A</title><link>/1</link><description>a</description></item>'
    half = '<item rdf:about="/2"><title>Half</title><link>/2</link><description>half a sen'
    for text in (RDF, f'<?xml version="1.0"?>\n{RDF}'):
        reading = parse(text + whole + half)
        assert [(offer.fields.title, offer.complete, offer.fields.summary) for offer in reading.offers] == [
            ("A", False, "a"),
            ("Half", False, ""),
        ]
        assert reading.problems == ("the feed is cut off at its end",)
        assert [offer.fields.title for offer in parse(text + whole + half[:30]).offers] == ["A"]
        assert parse(text + whole + "</rdf:RDF>").problems == ()


def atom(entry: str, attributes: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{attributes}><title>T</title><entry>{entry}</entry></feed>'


def test_text_of_an_atom_entry_is_no_html() -> None:
    entry = "<id>urn:x</id><title>t</title><content{}>if a &lt; b\n\nnew &lt;b>x&lt;/b>\nend</content>"
    for kind in (' type="text"', ""):
        body = only(parse(atom(entry.format(kind)))).fields.body
        assert body == "<p>if a &lt; b</p>\n<p>new &lt;b&gt;x&lt;/b&gt;<br>end</p>"
    assert only(parse(atom(entry.format(' type="html"')))).fields.body.endswith("new <b>x</b>\nend")
    careless = "<id>urn:x</id><title>t</title><content>&lt;p>a&lt;/p>&lt;p>b&lt;/p></content>"
    assert only(parse(atom(careless))).fields.body == "<p>a</p><p>b</p>"


@pytest.mark.parametrize("name", ["12345", "post-3", "/a/b", "文章"])
def test_name_that_is_an_atom_id_stays_wherever_the_feed_is_served(name: str) -> None:
    entry = f"<id>{name}</id><title>t</title><link href='/1.html'/>"
    offer = only(parse(atom(entry)))
    assert (offer.key, offer.permanent_id, offer.url) == (name, None, "https://www.example.org/1.html")
    based = only(parse(atom(entry, ' xml:base="https://other.example.org/x/"')))
    assert (based.key, based.url) == (name, "https://other.example.org/1.html")
    assert only(parse(atom(f"<id>{name}</id><title>t</title>"))).url
    assert only(parse(atom("<id>tag:x,2024:1</id><title>t</title>"))).former_keys == ()


def test_same_guid_twice_newest_wins() -> None:
    item = "<item><title>{0}</title><link>https://www.example.org/{0}</link><guid>g</guid><pubDate>{1}</pubDate></item>"
    other = "<item><title>x</title><guid>h</guid></item>"
    reading = parse(rss(item.format("old", "2024-09-01") + item.format("new", "2024-09-02") + other))
    assert [offer.fields.title for offer in reading.offers] == ["new", "x"]
    assert "'g'" in reading.problems[0]


def test_guid_that_all_entries_share_is_none() -> None:
    """Some programs give every entry the site's address; then the links tell them apart."""
    item = "<item><title>{0}</title><link>https://www.example.org/{0}</link><guid>https://www.example.org</guid></item>"
    reading = parse(rss("".join(item.format(number) for number in range(4))))
    assert [offer.key for offer in reading.offers] == [f"https://www.example.org/{number}" for number in range(4)]
    assert not any(offer.permanent_id for offer in reading.offers)
    assert reading.problems


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("jo@example.org (Jo Ng)", ("Jo Ng",)),
        ("mailto:jo@example.org (Jo Ng)", ("Jo Ng",)),
        ("mailto:jo@example.org", ()),
        ("jo@example.org (Jo Ng), kim@example.org (Kim Po); li@example.org (李四)", ("Jo Ng", "Kim Po", "李四")),
        ('"Jo Ng" &lt;jo@example.org&gt;', ("Jo Ng",)),
        ("Jo Ng (he/him)", ("Jo Ng (he/him)",)),
        ("(Jo Ng)", ("(Jo Ng)",)),
    ],
)
def test_authors_are_named_without_their_addresses(told: str, names: tuple[str, ...]) -> None:
    assert only(parse(rss(f"<item><title>t</title><author>{told}</author></item>"))).fields.authors == names


@pytest.mark.parametrize(
    ("pictures", "lead"),
    [
        (
            ("https://gravatar.example.com/avatar/1?s=96", "https://www.example.org/1.jpg"),
            "https://www.example.org/1.jpg",
        ),
        (("https://avatars3.example.com/u/1",), None),
        (("https://secure.gravatar.example.com/1.png",), None),
        (("https://www.example.org/avatars/1.png",), None),
        (("https://www.example.org/avatar-the-film.jpg",), "https://www.example.org/avatar-the-film.jpg"),
        (("https://www.example.org/the-avatar.jpg",), "https://www.example.org/the-avatar.jpg"),
    ],
)
def test_face_of_the_author_is_not_the_picture_of_the_article(pictures: tuple[str, ...], lead: str | None) -> None:
    """WordPress tells of it first, in every entry."""
    media = "".join(f"<m:content url='{url}' medium='image'/>" for url in pictures)
    feed = rss(f"<item><title>t</title>{media}</item>").replace("<rss", "<rss xmlns:m='http://search.yahoo.com/mrss/'")
    assert only(parse(feed)).fields.lead_image == lead


ENTRY = (
    "<title>One</title><link href='/1.html'/><id>7</id><updated>2024-09-25T13:01:00Z</updated>"
    "<content type='html'>Words.</content></entry>"
)


def test_atom_entry_on_its_own_is_a_feed_of_one() -> None:
    """RFC 4287 §2. Other documents have elements of that name too."""
    reading = parse(f"<?xml version='1.0'?><entry xmlns='http://www.w3.org/2005/Atom'>{ENTRY}")
    offer = only(reading)
    assert (offer.url, offer.key, shown(offer.fields.published)) == (
        "https://www.example.org/1.html",
        "7",
        "2024-09-25 13:01:00",
    )
    assert (offer.complete, reading.partial) == (True, False)
    assert parse(f"<entry xmlns='http://www.w3.org/2005/Atom'>{ENTRY.removesuffix('</entry>')}").partial
    with pytest.raises(Unreadable, match="neither"):
        parse("<table><row><entry align='left'>a</entry></row></table>")


def test_page_that_holds_nothing_but_a_feed_is_one() -> None:
    """Some templates put their feed between the page's own tags."""
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><entry>{ENTRY}</feed>"
    page = "<!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'>{0}<body class='x'>\n  {1}</body></html>"
    assert only(parse(page.format("", feed))).fields.title == "One"
    assert only(parse("<?xml version='1.0'?>" + page.format("<head></head>", feed))).url is not None
    with pytest.raises(Unreadable, match="a web page"):
        parse(page.format("", f"<p>As in:</p>{feed}"))


@pytest.mark.parametrize("guid", ["<guid>https://www.example.org/news</guid>", "<guid>none</guid>"])
def test_entries_that_share_id_and_link_are_told_apart_by_their_titles(guid: str) -> None:
    item = f"<item><title>{{0}}</title><link>https://www.example.org/news</link>{guid}</item>"
    offers = parse(rss("".join(item.format(number) for number in (4, 3, 2, 1)))).offers
    assert [offer.fields.title for offer in offers] == ["4", "3", "2", "1"]
    assert not any(offer.permanent_id for offer in offers)
    last = only(parse(rss(item.format(3))))
    assert offers[1].key in last.former_keys


def test_two_titles_of_one_id_among_others_are_two_versions() -> None:
    item = (
        "<item><title>{0}</title><link>https://www.example.org/news</link><guid>g</guid><pubDate>{1}</pubDate></item>"
    )
    other = "<item><title>x</title><guid>h</guid></item>"
    offers = parse(rss(item.format("old", "2024-09-01") + item.format("new", "2024-09-02") + other)).offers
    assert [offer.fields.title for offer in offers] == ["new", "x"]


@pytest.mark.parametrize("void", ["<item/>", "<item>\n<title> </title><description/></item>"])
def test_entry_that_says_nothing_is_none(void: str) -> None:
    """FeedBurner put one into each entry for years."""
    entry = f"<item><title>One</title><link>/1</link>{void}</item>"
    assert [offer.fields.title for offer in parse(rss(entry + void)).offers] == ["One"]
    assert only(parse(rss("<item><enclosure url='/1.mp3' type='audio/mpeg'/></item>"))).fields.attachments
    assert only(parse(rss(void))) is not None


def test_empty_channel_is_no_error() -> None:
    reading = parse(rss(""))
    assert (reading.offers, reading.problems, reading.title) == ((), (), "示例")


def test_script_links_are_no_links() -> None:
    assert only(parse(rss("<item><title>t</title><link>javascript:alert(1)</link></item>"))).url is None


# --------------------------------------------------------------------------------------------------- refused

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LAUGHS}]>',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY x PUBLIC "p" "http://127.0.0.1/">]>',
        f'<!DOCTYPE rss [<!ENTITY x "{"a" * 1000}">]>',
        '<!DOCTYPE rss [<!ENTITY % p "x"><!ENTITY x "%p;">]>',
        "<!DOCTYPE rss [<!ENTITY x 'a<b>c'>]>",
    ],
    ids=["billion laughs", "file", "network", "quadratic", "parameter", "markup"],
)
def test_dangerous_entities_are_refused(doctype: str) -> None:
    body = rss("<item><title>&l9;&x;</title></item>").partition("?>")[2]
    with pytest.raises(Unreadable, match="entit"):
        parse(f'<?xml version="1.0"?>{doctype}{body}')


def test_entries_beyond_the_first_are_left_out_and_told() -> None:
    """RSS 1.0 lists its items once more, outside of them."""
    sequence = "".join(f'<rdf:li rdf:resource="https://example.org/{n}"/>' for n in range(6_000))
    items = "".join(f"<item><title>t{n}</title><link>https://example.org/{n}</link></item>" for n in range(6_000))
    reading = parse(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel>'
        f"<title>t</title><items><rdf:Seq>{sequence}</rdf:Seq></items></channel>{items}</rdf:RDF>"
    )
    assert len(reading.offers) == 5_000
    assert any("1,000 were left out" in problem for problem in reading.problems)


def test_declarations_inside_the_document_are_not_seen() -> None:
    reading = parse(
        rss(
            '<item><title>a</title></item><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><item><title>&x;</title></item>'
        )
    )
    assert "root:" not in repr(reading)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<!DOCTYPE html><html><head><title>x</title></head><body><p>y</p></body></html>", "web page"),
        ("plain words", "neither RSS"),
        ("<opml><body/></opml>", "neither RSS"),
        ('{"error": "no such feed"}', "JSON"),
        ("[" * 100_000, "JSON"),
        ("", "neither RSS"),
        ("<rss><channel>", "cut off"),
        ("<rss></rss>", "without anything"),
        ("<rss " + " ".join(f'a{n}="1"' for n in range(2000)) + "></rss>", "attributes"),
        (f"<rss><channel><title>t</title>{'<a/>' * 20_001}</channel></rss>", "outside of entries"),
        (rss("".join(f"<p{n}:a>x</p{n}:a>" for n in range(20_001))), "outside of entries"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        rss("<item>" * 50_000),
        rss("<item><description><![CDATA[" + "<div>" * 50_000 + "]]></description></item>"),
        rss('<item xml:base="a/">' * 10_000),
        rss("<a " * 40_000),
        rss("<![CDATA[" * 100_000),
        rss("&" * 300_000),
        rss("<!" * 200_000),
        rss("".join(f"<p{n}:a>" for n in range(15_000))),
        "<!DOCTYPE " + "[" * 300_000 + rss(""),
        rss("<item><title>" + "…" * 300_000 + "</title></item>"),
        pytest.param(rss('<item xml:base="a/">' * 20_000), marks=pytest.mark.slow),
        pytest.param(rss("<a " * 100_000), marks=pytest.mark.slow),
        pytest.param(rss("".join(f"<p{n}:a>" for n in range(30_000))), marks=pytest.mark.slow),
    ],
    ids=[
        "items", "divs", "bases", "tags", "cdata", "ampersands", "declarations", "prefixes", "doctype", "dots",
        "more bases", "more tags", "more prefixes",
    ],
)  # fmt: skip
def test_hostile_feed_is_read_in_bounded_time(text: str) -> None:
    """Each is some hundred kilobytes; anything that were not linear would take minutes."""
    with suppress(Unreadable):
        assert len(parse(text).offers) <= 5_000


# --------------------------------------------------------------------------------------------------- the source


def test_unchanged_feed_is_not_read_again() -> None:
    web = FakeWeb({URL: rss("<item><title>t</title></item>")})
    source, visit = open_source("feed", {"url": URL}), Visit(web)
    assert len(source.read(visit, lambda keys: frozenset()).offers) == 1
    assert source.read(visit, lambda keys: frozenset()) == Reading(unchanged=True)


def test_page_leads_to_the_feed_it_announces() -> None:
    """Comments' feeds come last; the page's own address is volatile, so that its standing still stops nothing."""
    page = (
        "<!DOCTYPE html><html><head><base href='/sub/'>"
        "<link rel='alternate' type='application/rss+xml' title='Comments' href='comments.xml'>"
        '<link type="application/rss+xml" href="yw.xml" rel="alternate" title="要闻"></head><body></body></html>'
    )
    web = FakeWeb(
        {"https://www.example.org/": page, "https://www.example.org/sub/yw.xml": rss("<item><title>t</title></item>")}
    )
    reading = read(open_source("feed", {"url": "https://www.example.org/"}), web)
    assert [offer.fields.title for offer in reading.offers] == ["t"]
    assert web.asked == ["https://www.example.org/", "https://www.example.org/sub/yw.xml"]
    assert reading.volatile == ("https://www.example.org/",)
    assert "sub/yw.xml" in reading.problems[0]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("<!-- <link rel=alternate type=application/rss+xml href=/old.xml> -->", ()),
        ("<!--[if !IE]><!--><link rel=alternate type=application/rss+xml href=/1.xml><!--<![endif]-->", ("/1.xml",)),
        ("<!--><link rel=alternate type=application/rss+xml href=/1.xml><!-- x", ("/1.xml",)),
        ("<!-- <link rel=alternate type=application/rss+xml href=/old.xml>", ()),
        ("<link rel=alternate type=text/xml title=RSS href=/1.xml>", ("/1.xml",)),
        ("<link rel=alternate type=text/xml+oembed href=/1.xml>", ()),
    ],
)
def test_what_a_page_announces(head: str, found: tuple[str, ...]) -> None:
    page = f"<html><head>{head}</head><body></body></html>"
    assert feeds_of_page(page, "https://www.example.org/") == tuple(f"https://www.example.org{path}" for path in found)


def test_page_without_a_feed_is_an_error() -> None:
    web = FakeWeb({URL: "<html><head><link rel=stylesheet href=a.css></head><body>x</body></html>"})
    with pytest.raises(Unreadable, match="announces no feed"):
        read(open_source("feed", {"url": URL}), web)


def test_announced_feed_that_fails_is_named() -> None:
    page = "<html><head><link rel=alternate type=application/atom+xml href=/atom.xml></head></html>"
    web = FakeWeb({URL: page, "https://www.example.org/atom.xml": FetchError("410 Gone", status=410)})
    with pytest.raises(Unreadable, match=r"atom\.xml: 410 Gone"):
        read(open_source("feed", {"url": URL}), web)


def test_relative_addresses_start_from_where_the_feed_was_found() -> None:
    moved = Page(
        url="https://new.example.org/feeds/all.xml",
        status=200,
        content_type="application/xml",
        body=rss("<item><title>t</title><link>../1.html</link></item>").encode(),
    )
    reading = read(open_source("feed", {"url": URL}), FakeWeb({URL: moved}))
    assert only(reading).url == "https://new.example.org/1.html"


# ------------------------------------------------------------------------------- what programs of their own write


def test_elements_of_rss_may_bear_a_prefix_that_nothing_declares() -> None:
    text = (
        "<?xml?xml version='1.0'??>\n<rss rss:version=2.0><rss:channel><rss:title>t</rss:title><rss:item>"
        "<rss:title>One</rss:title><rss:link>https://www.example.org/1</rss:link></rss:item></rss:channel></rss>"
    )
    offer = only(parse(text))
    assert (offer.fields.title, offer.url) == ("One", "https://www.example.org/1")


@pytest.mark.parametrize(
    ("element", "told"),
    [
        ("datePosted", "2024. 09. 25. 21:01:00"),
        ("pubTime", "2024-09-25 21:01:00"),
        ("publish_date", "2024-09-25T21:01:00+08:00"),
        ("x:publicationDate", "2024-09-25T21:01:00+08:00"),
        ("time", "1727269260"),
    ],
)
def test_date_that_no_standard_names_is_the_publication_where_there_is_no_other(element: str, told: str) -> None:
    own = f"<{element}>{told}</{element}>"
    other = "<pubDate>Tue, 24 Sep 2024 08:00:00 GMT</pubDate>"
    alone = only(parse(rss(f"<item><title>t</title>{own}</item>", attributes=' xmlns:x="urn:x"')))
    beside = only(parse(rss(f"<item><title>t</title>{own}{other}</item>", attributes=' xmlns:x="urn:x"')))
    assert alone.fields.published
    assert beside.fields.published
    assert alone.fields.published.at == datetime(2024, 9, 25, 13, 1, tzinfo=UTC)
    assert beside.fields.published.at == datetime(2024, 9, 24, 8, tzinfo=UTC)


def test_time_of_an_event_is_no_publication() -> None:
    item = "<item><title>t</title><x:startDate>2024-09-25</x:startDate><endTime>2024-09-26 10:00</endTime></item>"
    assert only(parse(rss(item, attributes=' xmlns:x="urn:x"'))).fields.published is None


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (("5/6/2024 10:00:00 AM", "5/16/2024 10:00:00 AM"), ["2024-05-06", "2024-05-16"]),
        (("06/05/2024 10:00", "16/05/2024 10:00"), ["2024-05-06", "2024-05-16"]),
    ],
)
def test_dates_of_a_feed_tell_together_which_number_is_the_month(dates: tuple[str, str], days: list[str]) -> None:
    items = (f"<item><guid>{date}</guid><title>t</title><pubDate>{date}</pubDate></item>" for date in dates)
    offers = parse(rss("".join(items))).offers
    assert [(shown(offer.fields.published) or "")[:10] for offer in offers] == days


@pytest.mark.parametrize("image", ["<url>{}</url>", "{}", "<![CDATA[{}]]>"])
def test_image_of_an_item_leads_its_article(image: str) -> None:
    address = "https://www.example.org/1.jpg"
    item = f"<item><title>t</title><link>/1</link><image>{image.format(address)}</image></item>"
    assert only(parse(rss(item))).fields.lead_image == address


@pytest.mark.parametrize(
    ("feed", "language"),
    [
        (rss("<item><title>t</title><dc:language>en</dc:language></item>", "<language>zh-CN</language>"), "en"),
        (rss("<item><title>t</title></item>", "<language>zh-CN</language>"), "zh-CN"),
        (
            (
                '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh">'
                '<entry xml:lang="en"><title>t</title></entry></feed>'
            ),
            "en",
        ),
    ],
)
def test_entry_may_be_in_a_language_of_its_own(feed: str, language: str) -> None:
    assert only(parse(feed)).fields.language == language


def test_resource_of_an_rss_1_item_is_its_link() -> None:
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel>'
        '<title>t</title></channel><item rdf:about="https://www.example.org/1"><title>One</title></item></rdf:RDF>'
    )
    assert only(parse(text)).url == "https://www.example.org/1"


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="http://www.iana.org/assignments/relation/alternate" href="/1"/>',
        '<link rel="alternate" type="application/pdf" href="/1"/>',
    ],
)
def test_alternate_of_an_atom_entry_is_its_link_however_it_is_written(link: str) -> None:
    """Whoever stored the entry by its title, when it had no link, finds it again."""
    named = only(parse(atom(f"<id>urn:1</id><title>One</title>{link}")))
    nameless = only(parse(atom(f"<title>One</title>{link}")))
    assert (named.key, named.url) == ("urn:1", "https://www.example.org/1")
    assert (nameless.key, nameless.url) == ("https://www.example.org/1", "https://www.example.org/1")
    assert "One\n" in nameless.former_keys


def test_link_without_its_scheme_is_one() -> None:
    """It was taken for a path; what was stored under that is found again."""
    offer = only(parse(rss("<item><title>t</title><link> www.example.org/a/1.html</link></item>")))
    assert offer.url == "http://www.example.org/a/1.html"
    assert "https://www.example.org/www.example.org/a/1.html" in offer.former_keys


def test_script_in_the_title_of_an_atom_entry_is_no_word_of_it() -> None:
    entry = '<title type="html">One &lt;script&gt;alert(1)&lt;/script&gt;two</title>'
    assert only(parse(atom(entry))).fields.title == "One two"


def test_json_feed_that_a_template_wrote_is_read() -> None:
    text = (
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "a, ]",'
        ' "date_published": 1727269260, "content_text": "one\ntwo",}, ], }'
    )
    offer = only(parse(text))
    assert (offer.fields.title, shown(offer.fields.published)) == ("a, ]", "2024-09-25 13:01:00")
    assert offer.fields.body == "<p>one<br>two</p>"
