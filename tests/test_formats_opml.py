"""OPML 2.0: the list of all feeds, categories as folders."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from feedservice.formats.opml import MEDIA_TYPE, render_opml
from feedservice.model import Feed, FeedKind
from tests.format_examples import ORIGIN, SITE, START

ALL = Feed(name="all", kind=FeedKind.ALL, title="滨海信息")
NEWS = Feed(name="zixun", kind=FeedKind.CATEGORY, title="资讯动态")
OTHER = Feed(name="qita", kind=FeedKind.CATEGORY, title="其他信息", parent="zixun")
LAW = Feed(name="fagui", kind=FeedKind.CATEGORY, title="政策 & 法规 <汇编>")
CHOSEN = Feed(name="chosen", kind=FeedKind.SELECTION, title="精选", home_url="https://example.org/chosen")
FEEDS = (ALL, ORIGIN, NEWS, OTHER, LAW, CHOSEN)

Tree = list[tuple[str, "Tree"]]


def parsed(*feeds: Feed, updated: datetime = START, language: str = "zh-CN") -> etree._Element:
    return etree.fromstring(render_opml(feeds, replace(SITE, language=language), updated))


def tree(element: etree._Element) -> Tree:
    return [(outline.get("text", ""), tree(outline)) for outline in element.findall("outline")]


def body(root: etree._Element) -> etree._Element:
    found = root.find("body")
    assert found is not None
    return found


def test_document_has_version_head_and_body() -> None:
    root = parsed(*FEEDS)
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert [part.tag for part in root] == ["head", "body"]
    assert root.findtext("head/title") == "滨海信息"
    assert MEDIA_TYPE == "text/x-opml; charset=utf-8"


def test_date_is_rfc_822_and_the_one_that_was_given() -> None:
    told = parsed(*FEEDS, updated=datetime(2026, 3, 1, 16, 30, 5, tzinfo=UTC)).findtext("head/dateModified")
    assert told == "Mon, 02 Mar 2026 00:30:05 +0800"
    assert parsedate_to_datetime(told) == datetime(2026, 3, 1, 16, 30, 5, tzinfo=UTC)


def test_categories_are_folders_that_hold_their_own_feed_first() -> None:
    assert tree(body(parsed(*FEEDS))) == [
        ("滨海信息", []),
        ("精选", []),
        ("分类", [("资讯动态", [("资讯动态", []), ("其他信息", [])]), ("政策 & 法规 <汇编>", [])]),
        ("来源", [("泰达要闻", [])]),
    ]


def test_folders_are_named_in_the_sites_language() -> None:
    assert [text for text, _ in tree(body(parsed(NEWS, ORIGIN, language="en")))] == ["Categories", "Sources"]


def test_folders_that_would_be_empty_are_left_out() -> None:
    assert tree(body(parsed(ALL))) == [("滨海信息", [])]
    assert tree(body(parsed())) == []


def test_category_whose_parent_is_not_listed_stands_at_the_top() -> None:
    assert tree(body(parsed(OTHER))) == [("分类", [("其他信息", [])])]


def test_every_feed_is_listed_once_with_type_and_addresses() -> None:
    outlines = [each for each in body(parsed(*FEEDS)).iter("outline") if each.get("type")]
    assert {each.get("type") for each in outlines} == {"rss"}
    assert sorted(each.get("xmlUrl", "") for each in outlines) == sorted(
        f"https://feeds.example.org/feeds/{feed.name}.rss" for feed in FEEDS
    )
    pages = {each.get("text"): each.get("htmlUrl") for each in outlines}
    assert pages["精选"] == "https://example.org/chosen"
    assert pages["泰达要闻"] == "https://news.example.org/tdyw/"
    assert pages["其他信息"] == "https://feeds.example.org/"
    assert all(each.get("title") == each.get("text") for each in outlines)


def test_every_outline_has_a_text() -> None:
    nameless = replace(LAW, title=" ")
    assert all((each.get("text") or "").strip() for each in body(parsed(*FEEDS, nameless)).iter("outline"))


def test_titles_with_characters_that_xml_forbids_are_written_without_them() -> None:
    assert tree(body(parsed(replace(ALL, title="a\x0b\ud800b\ufffe")))) == [("ab", [])]


def test_equal_arguments_give_equal_bytes() -> None:
    assert render_opml(FEEDS, SITE, START) == render_opml(list(FEEDS), replace(SITE), START)
