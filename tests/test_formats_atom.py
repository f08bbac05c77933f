"""Atom 1.0 as RFC 4287 asks for it, seen by lxml and feedparser."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import feedparser
from lxml import etree

from feedservice.formats.atom import ATOM
from feedservice.model import Edition, Feed, FeedKind, Fields
from tests.format_examples import CATEGORY, FULL, NOTHING, ORIGIN, SITE, START, WHOLE, article, edition

NS = {"a": "http://www.w3.org/2005/Atom", "media": "http://search.yahoo.com/mrss/"}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
WITH_OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


def parsed(of: Edition = WHOLE) -> etree._Element:
    return etree.fromstring(ATOM.render(of))


def entry(fields: Fields, **other: object) -> etree._Element:
    found = parsed(edition([article(1, fields=fields, **other)])).find("a:entry", NS)
    assert found is not None
    return found


def texts(element: etree._Element, path: str) -> list[str | None]:
    return [found.text for found in element.findall(path, NS)]


def links(element: etree._Element, rel: str) -> list[dict[str, str]]:
    return [
        {str(name): str(value) for name, value in link.attrib.items() if name != "rel"}
        for link in element.findall("a:link", NS)
        if link.get("rel") == rel
    ]


def test_document_is_utf8_xml_without_byte_order_mark_or_doctype() -> None:
    document = ATOM.render(WHOLE)
    assert document.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<feed ")
    assert b"<!DOCTYPE" not in document


def test_feed_and_entries_have_one_id_title_and_date_each() -> None:
    feed = parsed()
    for element in (feed, *feed.findall("a:entry", NS)):
        for name in ("id", "title", "updated"):
            assert len(texts(element, f"a:{name}")) == 1, name


def test_feed_id_is_a_tag_uri_that_outlives_another_address_and_another_title() -> None:
    assert texts(parsed(), "a:id") == ["tag:feeds.example.org,2026:feeds/qita"]
    moved = replace(WHOLE, site=replace(SITE, base_url="https://other.example.net"), feed=replace(CATEGORY, title="x"))
    assert texts(parsed(moved), "a:id") == ["tag:feeds.example.org,2026:feeds/qita"]


def test_entry_ids_are_the_stored_ids() -> None:
    assert texts(parsed(), "a:entry/a:id") == [each.id for each in WHOLE.articles]


def test_dates_are_rfc_3339_with_an_offset() -> None:
    feed = parsed()
    dates = texts(feed, ".//a:updated") + texts(feed, ".//a:published")
    assert all(WITH_OFFSET.fullmatch(date or "") for date in dates)
    told = [datetime.fromisoformat(date or "") for date in texts(feed, "a:entry/a:published")]
    assert told == [each.published for each in WHOLE.articles]


def test_updated_is_the_articles_own_and_never_before_published() -> None:
    feed = parsed()
    assert texts(feed, "a:updated") == ["2026-01-05T10:00:00+08:00"]
    assert texts(feed, "a:entry/a:updated")[:2] == ["2026-01-05T10:00:00+08:00", "2026-01-05T08:58:00+08:00"]
    early = entry(Fields(title="t"), updated=START - timedelta(days=9))
    assert texts(early, "a:updated") == texts(early, "a:published")


def test_dates_before_standard_time_have_offsets_of_whole_minutes() -> None:
    old = entry(Fields(title="t"), published=datetime.fromisoformat("1900-01-01T00:00:00+00:00"))
    assert texts(old, "a:published") == ["1900-01-01T08:05:00+08:05"]


def test_dates_at_the_end_of_the_calendar_are_written_in_utc() -> None:
    last = entry(Fields(title="t"), published=datetime.fromisoformat("9999-12-31T23:59:59+00:00"))
    assert texts(last, "a:published") == ["9999-12-31T23:59:59+00:00"]


def test_feed_and_every_entry_name_an_author() -> None:
    feed = parsed()
    assert texts(feed, "a:author/a:name") == ["滨海信息服务"]
    names = [texts(each, "a:author/a:name") for each in feed.findall("a:entry", NS)]
    assert names == [["张三", "李四"], ["Binhai Times"], ["泰达要闻"], ["泰达要闻"], ["泰达要闻"]]


def test_authors_are_told_once_and_blank_ones_not_at_all() -> None:
    assert texts(entry(Fields(title="t", authors=("李 四", " ", "李\n四"))), "a:author/a:name") == ["李 四"]


def test_feed_without_an_author_is_the_sites_then_the_programs() -> None:
    assert texts(parsed(replace(WHOLE, site=replace(SITE, author=""))), "a:author/a:name") == ["滨海信息"]
    nameless = replace(WHOLE, site=replace(SITE, author="", title=""))
    assert texts(parsed(nameless), "a:author/a:name") == ["feedservice"]


def test_feed_has_one_self_one_alternate_and_its_hubs() -> None:
    feed = parsed()
    address = {"href": "https://feeds.example.org/feeds/qita.atom", "type": "application/atom+xml"}
    assert links(feed, "self") == [address]
    assert links(feed, "alternate") == [{"href": "https://feeds.example.org/", "type": "text/html"}]
    assert links(feed, "hub") == [{"href": "https://hub.example.org/"}]
    chinese = parsed(replace(WHOLE, site=replace(SITE, hubs=("https://hub.example.org/推送", "http://b.example.org"))))
    assert [link["href"] for link in links(chinese, "hub")] == [
        "https://hub.example.org/%E6%8E%A8%E9%80%81",
        "http://b.example.org",
    ]


def test_every_entry_has_exactly_one_alternate_link() -> None:
    found = [links(each, "alternate") for each in parsed().findall("a:entry", NS)]
    assert found == [[{"href": each.url, "type": "text/html"}] for each in WHOLE.articles]


def test_every_file_is_an_enclosure_with_what_is_known_of_it() -> None:
    first = parsed().find("a:entry", NS)
    assert first is not None
    assert links(first, "enclosure") == [
        {"href": "https://news.example.org/a/1.docx", "title": "附件1.docx"},
        {
            "href": "https://news.example.org/a/2.pdf",
            "type": "application/pdf",
            "title": "附件2.pdf",
            "length": "48213",
        },
        {"href": "https://news.example.org/a/3.mp3", "type": "audio/mpeg", "length": "1024000"},
    ]


def test_content_is_escaped_html_and_title_and_summary_are_plain_text() -> None:
    first = parsed().find("a:entry", NS)
    assert first is not None
    content = first.find("a:content", NS)
    assert content is not None
    assert (content.get("type"), content.text, len(content)) == ("html", FULL.fields.body, 0)
    for name, told in (("title", FULL.fields.title), ("summary", FULL.fields.summary)):
        element = first.find(f"a:{name}", NS)
        assert element is not None
        assert element.get("type") in (None, "text")
        assert element.text == told


def test_source_tells_id_title_date_and_links_of_the_feed_that_an_entry_comes_from() -> None:
    source = parsed().find("a:entry/a:source", NS)
    assert source is not None
    assert texts(source, "a:id") == ["tag:feeds.example.org,2026:feeds/tdyw"]
    assert texts(source, "a:title") == ["泰达要闻"]
    assert texts(source, "a:updated") == ["2026-01-05T10:00:00+08:00"]
    assert [link["href"] for link in links(source, "self")] == ["https://feeds.example.org/feeds/tdyw.atom"]
    assert [link["href"] for link in links(source, "alternate")] == ["https://news.example.org/tdyw/"]


def test_entries_in_their_sources_own_feed_name_no_source() -> None:
    assert parsed(edition([FULL], feed=ORIGIN)).find("a:entry/a:source", NS) is None


def test_entry_of_another_source_names_it_even_in_a_sources_feed() -> None:
    other = Feed(name="other", kind=FeedKind.SOURCE, title="Other")
    assert texts(parsed(edition([FULL], feed=other)), "a:entry/a:source/a:title") == ["泰达要闻"]


def test_an_entry_is_the_same_whatever_stands_beside_it() -> None:
    alone = parsed(edition([NOTHING])).find("a:entry", NS)
    assert alone is not None
    assert etree.tostring(alone) == etree.tostring(parsed().findall("a:entry", NS)[-1])


def test_categories_have_term_scheme_and_label_and_tags_have_a_term() -> None:
    first = parsed().find("a:entry", NS)
    assert first is not None
    assert [dict(found.attrib) for found in first.findall("a:category", NS)] == [
        {"term": "qita", "scheme": "tag:feeds.example.org,2026:categories", "label": "其他信息"},
        {"term": "高质量发展"},
        {"term": "政策 & 法规"},
    ]


def test_language_stands_at_the_feed_and_at_entries_in_another_one() -> None:
    feed = parsed()
    assert feed.get(LANGUAGE) == "zh-CN"
    assert [each.get(LANGUAGE) for each in feed.findall("a:entry", NS)] == [None, "en", None, None, None]


def test_language_that_is_no_language_tag_is_left_out() -> None:
    for wrong in ("zh_TW", "Chinese", "en-", "简体"):
        assert entry(Fields(title="t", language=wrong)).get(LANGUAGE) is None, wrong


def test_lead_image_stands_directly_in_the_entry() -> None:
    address = "https://news.example.org/a/%E5%BE%AE%E4%BF%A1%E5%9B%BE%E7%89%87.png"
    first = parsed().find("a:entry", NS)
    assert first is not None
    assert [found.get("url") for found in first.findall("media:content", NS)] == [address]
    assert [found.get("url") for found in first.findall("media:thumbnail", NS)] == [address]


def test_lead_image_that_is_no_address_of_the_web_is_left_out() -> None:
    for wrong in ("/a.png", "data:image/png;base64,AAAA", "javascript:alert(1)"):
        assert entry(Fields(title="t", lead_image=wrong)).find("media:content", NS) is None, wrong


def test_subtitle_rights_and_icon_are_told_where_there_are_any() -> None:
    feed = parsed()
    assert texts(feed, "a:subtitle") == ["资讯动态 > 其他信息"]
    assert texts(feed, "a:rights") == ["© 2026 滨海信息"]
    assert texts(feed, "a:icon") == ["https://feeds.example.org/icon.png"]
    bare = parsed(edition([FULL], feed=replace(CATEGORY, description=""), site=replace(SITE, rights="", icon_url="")))
    assert [bare.find(f"a:{name}", NS) for name in ("subtitle", "rights", "icon")] == [None, None, None]


def test_feed_without_articles_is_a_whole_document_with_an_old_date() -> None:
    feed = parsed(edition([]))
    assert feed.findall("a:entry", NS) == []
    assert texts(feed, "a:updated") == ["2000-01-01T08:00:00+08:00"]


def test_feedparser_finds_no_fault_and_every_fact() -> None:
    seen = feedparser.parse(ATOM.render(WHOLE))
    assert not seen.bozo
    assert seen.version == "atom10"
    assert (seen.feed.id, seen.feed.title) == ("tag:feeds.example.org,2026:feeds/qita", "其他信息")
    assert [item.id for item in seen.entries] == [each.id for each in WHOLE.articles]
    assert [item.link for item in seen.entries] == [each.url for each in WHOLE.articles]
    first = seen.entries[0]
    assert first.title_detail.type == "text/plain"
    assert first.content[0].type == "text/html"
    assert first.updated_parsed[:6] == FULL.updated.utctimetuple()[:6]
    assert first.published_parsed[:6] == FULL.published.utctimetuple()[:6]
    assert [author.name for author in first.authors] == ["张三", "李四"]
    assert first.source.id == "tag:feeds.example.org,2026:feeds/tdyw"
