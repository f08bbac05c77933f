"""JSON Feed 1.1, as https://www.jsonfeed.org/version/1.1/ asks for it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from feedservice.formats import FORMATS
from feedservice.formats.jsonfeed import JSON
from feedservice.model import Edition, Fields
from tests.format_examples import CATEGORY, FULL, ORIGIN, SITE, WHOLE, article, edition

ITEM_NAMES = {"id", "url", "title", "content_html", "summary", "image", "date_published", "date_modified", "authors"}
ITEM_NAMES |= {"tags", "language", "attachments"}


def parsed(of: Edition = WHOLE) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(JSON.render(of)))


def item(fields: Fields, **other: object) -> dict[str, Any]:
    return cast("dict[str, Any]", parsed(edition([article(1, fields=fields, **other)]))["items"][0])


def test_feed_says_what_it_is_and_where() -> None:
    feed = parsed()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "其他信息"
    assert feed["description"] == "资讯动态 > 其他信息"
    assert feed["home_page_url"] == "https://feeds.example.org/"
    assert feed["feed_url"] == "https://feeds.example.org/feeds/qita.json"
    assert feed["icon"] == "https://feeds.example.org/icon.png"
    assert feed["authors"] == [{"name": "滨海信息服务"}]
    assert feed["language"] == "zh-CN"
    assert feed["hubs"] == [{"type": "WebSub", "url": "https://hub.example.org/"}]


def test_document_is_utf8_with_chinese_as_it_is() -> None:
    assert "滨海新区高质量发展大会召开" in JSON.render(WHOLE).decode("utf-8")


def test_feed_without_icon_hubs_or_articles_still_has_a_list_of_items() -> None:
    feed = parsed(edition([], site=replace(SITE, icon_url="", hubs=())))
    assert feed["items"] == []
    assert not feed.keys() & {"icon", "hubs", "next_url"}


def test_feed_never_says_author_which_version_1_1_replaced() -> None:
    feed = parsed()
    assert "author" not in feed
    assert not any("author" in each for each in feed["items"])


def test_every_item_has_id_address_words_and_dates() -> None:
    for told, each in zip(parsed()["items"], WHOLE.articles, strict=True):
        assert told["id"] == each.id
        assert told["url"] == each.url
        assert told["title"].strip()
        assert told["content_html"].strip()
        assert told["summary"].strip()
        assert datetime.fromisoformat(told["date_published"]) == each.published
        assert datetime.fromisoformat(told["date_modified"]) == each.updated
        assert told["authors"][0]["name"]


def test_dates_are_rfc_3339_in_the_sites_zone() -> None:
    first = parsed()["items"][0]
    assert (first["date_published"], first["date_modified"]) == (
        "2026-01-05T08:59:00+08:00",
        "2026-01-05T10:00:00+08:00",
    )


def test_names_that_the_format_does_not_know_begin_with_an_underscore() -> None:
    for told in parsed()["items"]:
        assert {name for name in told if not name.startswith("_")} <= ITEM_NAMES


def test_source_extension_names_the_feed_that_an_item_comes_from() -> None:
    assert parsed()["items"][0]["_source"] == {
        "id": "tag:feeds.example.org,2026:feeds/tdyw",
        "title": "泰达要闻",
        "feed_url": "https://feeds.example.org/feeds/tdyw.json",
        "home_page_url": "https://news.example.org/tdyw/",
    }
    assert "_source" not in parsed(edition([FULL], feed=ORIGIN))["items"][0]


def test_attachments_have_an_address_and_a_type_each() -> None:
    assert parsed()["items"][0]["attachments"] == [
        {
            "url": "https://news.example.org/a/1.docx",
            "mime_type": "application/octet-stream",
            "title": "附件1.docx",
        },
        {
            "url": "https://news.example.org/a/2.pdf",
            "mime_type": "application/pdf",
            "title": "附件2.pdf",
            "size_in_bytes": 48_213,
        },
        {"url": "https://news.example.org/a/3.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 1_024_000},
    ]


def test_tags_are_category_titles_then_tags_each_once() -> None:
    assert parsed()["items"][0]["tags"] == ["其他信息", "高质量发展", "政策 & 法规"]
    assert item(Fields(title="t", tags=("b", "b", " ", "a")), categories=())["tags"] == ["b", "a"]


def test_category_titles_stand_on_one_line() -> None:
    broken = replace(edition([FULL]), category_titles={CATEGORY.name: " 其他\n信息\x0b "})
    assert parsed(broken)["items"][0]["tags"][0] == "其他 信息"


def test_language_is_told_where_it_is_another_one() -> None:
    assert [each.get("language") for each in parsed()["items"]] == [None, "en", None, None, None]


def test_body_title_and_image_are_told_as_stored() -> None:
    first = parsed()["items"][0]
    assert first["content_html"] == FULL.fields.body
    assert first["title"] == FULL.fields.title
    assert first["image"] == "https://news.example.org/a/%E5%BE%AE%E4%BF%A1%E5%9B%BE%E7%89%87.png"


def test_items_keep_the_order_of_the_edition() -> None:
    backwards = replace(WHOLE, articles=WHOLE.articles[::-1])
    assert [each["id"] for each in parsed(backwards)["items"]] == [each.id for each in WHOLE.articles[::-1]]


def test_every_format_has_a_name_suffix_and_media_type_of_its_own() -> None:
    assert [(row.name, row.suffix, row.title, row.media_type) for row in FORMATS] == [
        ("rss", "rss", "RSS", "application/rss+xml; charset=utf-8"),
        ("atom", "atom", "Atom", "application/atom+xml; charset=utf-8"),
        ("json", "json", "JSON Feed", "application/feed+json; charset=utf-8"),
        ("baidu", "baidu.xml", "百度", "application/xml; charset=utf-8"),
        ("partner", "partner.xml", "Partner RSS", "application/xml; charset=utf-8"),
        ("kuaichuan", "kuaichuan.json", "快传号", "application/json; charset=utf-8"),
    ]


def test_every_format_tells_the_same_facts() -> None:
    seen = [row.read(row.render(WHOLE)) for row in FORMATS]
    assert {(each.titles, each.dates) for each in seen} == {(seen[0].titles, seen[0].dates)}
    assert {(each.title, each.ids) for each in seen if each.title} == {(seen[0].title, seen[0].ids)}
    assert [each.self_url for each in seen if each.self_url] == [
        f"https://feeds.example.org/feeds/{CATEGORY.name}.{suffix}" for suffix in ("rss", "atom", "json", "partner.xml")
    ]


def test_article_whose_id_is_nothing_legal_gets_one_of_the_services_own() -> None:
    assert item(Fields(title="t"), id="\x00")["id"] == "tag:feeds.example.org,2026:articles/999"
    chinese = edition([article(1, id="\x00")], site=replace(SITE, authority="订阅.example.org,2026"))
    assert parsed(chinese)["items"][0]["id"] == "tag:%E8%AE%A2%E9%98%85.example.org,2026:articles/999"
