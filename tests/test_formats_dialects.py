"""Partners' dialects: what 百度, portals and 快传号 ask for, to the letter of what they published."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast, get_args

import feedparser
import pytest
from lxml import etree

from feedservice.config.feeds import Dialect
from feedservice.formats import FORMATS
from feedservice.formats.baidu import BAIDU
from feedservice.formats.kuaichuan import KUAICHUAN
from feedservice.formats.partner import PARTNER
from feedservice.formats.urls import pictures_in
from feedservice.model import Article, Edition, Fields
from feedservice.protocols import Format
from tests.format_examples import FILE_ONLY, FOREIGN, FULL, SITE, WHOLE, article, edition

DIALECTS = (BAIDU, PARTNER, KUAICHUAN)
LEAD = "https://news.example.org/a/%E5%BE%AE%E4%BF%A1%E5%9B%BE%E7%89%87.png"
IN_BODY = "https://news.example.org/a/%E5%BE%AE%E4%BF%A1.png"


def baidu(of: Edition = WHOLE) -> etree._Element:
    return etree.fromstring(BAIDU.render(of))


def partner(of: Edition = WHOLE) -> etree._Element:
    channel = etree.fromstring(PARTNER.render(of)).find("channel")
    assert channel is not None
    return channel


def kuaichuan(of: Edition = WHOLE) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", json.loads(KUAICHUAN.render(of))["data"])


def told(item: etree._Element) -> dict[str, str]:
    return {part.tag: part.text or "" for part in item}


def test_settings_name_the_dialects_that_there_are() -> None:
    assert {row.name for row in FORMATS if row.dialect} == set(get_args(Dialect)) == {row.name for row in DIALECTS}


def test_baidu_document_says_whose_it_is_and_how_often_to_come() -> None:
    root = baidu(edition([], site=replace(SITE, email="feeds@example.org")))
    assert etree.tostring(root, encoding="unicode") == (
        "<document><webSite>https://feeds.example.org/</webSite><webMaster>feeds@example.org</webMaster>"
        "<updatePeri>15</updatePeri></document>"
    )


def test_baidu_document_without_a_mail_address_names_the_author() -> None:
    assert baidu().findtext("webMaster") == "滨海信息服务"


def test_baidu_item_has_every_part_in_the_published_order() -> None:
    assert told(baidu().findall("item")[0]) == {
        "title": FULL.fields.title,
        "link": FULL.url,
        "description": FULL.fields.summary,
        "text": FULL.fields.body,
        "image": LEAD,
        "headlineImg": LEAD,
        "keywords": "高质量发展 政策 & 法规",
        "category": "其他信息",
        "author": "张三 李四",
        "source": "滨海时报",
        "pubDate": "2026-01-05 08:59:00",
    }


def test_baidu_item_shows_a_picture_of_the_text_where_there_is_no_other() -> None:
    item = told(baidu(edition([replace(FULL, fields=replace(FULL.fields, lead_image=None))])).findall("item")[0])
    assert item["image"] == IN_BODY
    assert "headlineImg" not in item


def test_baidu_takes_a_hundred_articles() -> None:
    assert BAIDU.most == 100


def test_partner_item_has_its_text_in_content_of_no_namespace() -> None:
    item = partner().findall("item")[0]
    assert told(item) == {
        "title": FULL.fields.title,
        "link": FULL.url,
        "description": "大会部署 2026 年重点工作，a &lt; b，并发布配套政策。",
        "content": FULL.fields.body,
        "category": "其他信息",
        "tags": "高质量发展,政策 & 法规",
        "author": "张三 李四",
        "source": "滨海时报",
        "image": LEAD,
        "pubDate": "Mon, 05 Jan 2026 08:59:00 +0800",
        "guid": FULL.id,
    }
    assert [guid.get("isPermaLink") for guid in partner().iter("guid")] == ["true", "false", "true", "true", "true"]


def test_partner_channel_is_a_feed_that_readers_understand_too() -> None:
    seen = feedparser.parse(PARTNER.render(WHOLE))
    assert not seen.bozo
    assert (seen.feed.title, seen.feed.language, seen.feed.link) == ("其他信息", "zh-cn", "https://feeds.example.org/")
    assert [entry.id for entry in seen.entries] == [each.id for each in WHOLE.articles]
    assert seen.entries[0].published == "Mon, 05 Jan 2026 08:59:00 +0800"
    (own,) = (link for link in seen.feed.links if link.rel == "self")
    assert own.href == "https://feeds.example.org/feeds/qita.partner.xml"


def test_kuaichuan_article_has_every_part() -> None:
    assert kuaichuan()[0] == {
        "title": FULL.fields.title,
        "content": FULL.fields.body,
        "image_list": [LEAD, IN_BODY],
        "publish_time": "2026-01-05 08:59:00",
        "url": FULL.url,
    }


def test_kuaichuan_list_shows_at_most_three_pictures_each_once() -> None:
    body = "".join(f'<img src="https://example.org/{number}.png">' for number in (1, 1, 2, 3, 4))
    (item,) = kuaichuan(edition([article(1, fields=Fields(title="t", body=body))]))
    assert item["image_list"] == [f"https://example.org/{number}.png" for number in (1, 2, 3)]


@pytest.mark.parametrize("row", [BAIDU, KUAICHUAN], ids=lambda row: row.name)
@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(1988, 7, 1, 0, 0, tzinfo=UTC), "1988-07-01 08:00:00"),
        (datetime(1900, 12, 30, 0, 0, tzinfo=UTC), "1900-12-30 08:00:00"),
        (datetime(2026, 1, 4, 16, 0, 0, 999_999, tzinfo=UTC), "2026-01-05 00:00:00"),
    ],
    ids=["summer time in China", "before standard time", "midnight"],
)
def test_times_are_beijings_whatever_the_year_and_the_sites_zone(row: Format, instant: datetime, text: str) -> None:
    one = edition([article(1, published=instant)], site=replace(SITE, timezone="America/St_Johns"))
    document = row.render(one)
    assert text.encode() in document
    assert row.read(document).dates == (instant.replace(microsecond=0),)


@pytest.mark.parametrize("row", [BAIDU, KUAICHUAN], ids=lambda row: row.name)
def test_last_day_of_all_has_no_later_zone(row: Format) -> None:
    """The calendar ends before midnight in Beijing comes; the article is written all the same."""
    document = row.render(edition([article(1, published=datetime(9999, 12, 31, 20, 0, tzinfo=UTC))]))
    assert b"9999-12-31 20:00:00" in document


@pytest.mark.parametrize(
    ("of", "name"),
    [(FULL, "滨海时报"), (FILE_ONLY, "泰达要闻"), (replace(FILE_ONLY, source="unknown"), "滨海信息服务")],
    ids=["publication", "source", "site"],
)
def test_source_is_named_always(of: Article, name: str) -> None:
    assert baidu(edition([of])).findtext("item/source") == partner(edition([of])).findtext("item/source") == name


@pytest.mark.parametrize("row", DIALECTS, ids=lambda row: row.name)
def test_addresses_of_body_and_pictures_are_seen_by_the_gate(row: Format) -> None:
    seen = set(row.read(row.render(edition([FULL, FOREIGN]))).urls)
    assert {FULL.url, FOREIGN.url, LEAD, IN_BODY, "mailto:info@example.org"} <= seen


BAIDU_FAULTS = {
    "another root": ("document>", "documents>"),
    "no period": ("updatePeri>", "period>"),
    "period no number": ("<updatePeri>15", "<updatePeri>hourly"),
    "no webmaster": ("webMaster>", "master>"),
    "no site": ("webSite>", "site>"),
    "no link": ("link>", "url>"),
    "no text": ("text>", "body>"),
    "date of another form": ("2026-01-05 08:59:00", "2026-01-05T08:59:00+08:00"),
    "date that is none": ("2026-01-05 08:59:00", "2026-02-30 08:59:00"),
    "no source": ("source>", "origin>"),
}
PARTNER_FAULTS = {
    "another version": ('version="2.0"', 'version="0.9"'),
    "no channel": ("channel>", "canal>"),
    "no content": ("content>", "body>"),
    "no guid": ("guid", "id"),
    "no self link": ('rel="self"', 'rel="me"'),
    "date of another form": ("Mon, 05 Jan 2026 08:59:00 +0800", "2026-01-05 08:59:00"),
    "no author": ("author>", "writer>"),
}
KUAICHUAN_FAULTS = {
    "no data": ('"data"', '"items"'),
    "no url": ('"url"', '"link"'),
    "no content": ('"content"', '"text"'),
    "pictures no list": ('"image_list":[', '"image_list":{"a":['),
    "pictures missing": ('"image_list"', '"images"'),
    "picture no text": (f'["{LEAD}",', "[1,"),
    "date of another form": ("2026-01-05 08:59:00", "2026/01/05 08:59"),
    "blank title": (json.dumps(FULL.fields.title, ensure_ascii=False), '" "'),
}
FAULTS = [
    pytest.param(row, *fault, id=f"{row.name}: {name}")
    for row, faults in ((BAIDU, BAIDU_FAULTS), (PARTNER, PARTNER_FAULTS), (KUAICHUAN, KUAICHUAN_FAULTS))
    for name, fault in faults.items()
]


@pytest.mark.parametrize(("row", "old", "new"), FAULTS)
def test_what_a_strict_partner_stumbles_over_is_refused(row: Format, old: str, new: str) -> None:
    document = row.render(edition([FULL])).decode()
    assert old in document, "nothing would be spoiled"
    with pytest.raises(ValueError, match=r"\w"):
        row.read(document.replace(old, new).encode())


def test_pictures_are_those_that_a_page_shows() -> None:
    html = '<IMG alt="a>b" src="https://example.org/1.png"><img src=x.png><a src="https://example.org/2.png"><img>'
    assert pictures_in(html + '<img src="https://example.org/图.png?a=1&amp;b=2">') == [
        "https://example.org/1.png",
        "https://example.org/%E5%9B%BE.png?a=1&b=2",
    ]
