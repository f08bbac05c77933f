"""RSS 2.0 as the specification, the Advisory Board's profile, and two readers see it: lxml and feedparser."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feedservice.config.settings import FeedSettings
from feedservice.formats.fence import parted
from feedservice.formats.jsonfeed import JSON
from feedservice.formats.rss import RSS, update_period
from feedservice.formats.text import one_line
from feedservice.model import Attachment, Edition, Feed, FeedKind, Fields
from feedservice.protocols import Frame
from tests.format_examples import FULL, ORIGIN, SITE, START, WHOLE, article, edition

NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
}


def channel(of: Edition = WHOLE) -> etree._Element:
    found = etree.fromstring(RSS.render(of)).find("channel")
    assert found is not None
    return found


def item(fields: Fields, **other: object) -> etree._Element:
    found = channel(edition([article(1, fields=fields, **other)])).find("item")
    assert found is not None
    return found


def texts(element: etree._Element, path: str) -> list[str | None]:
    return [found.text for found in element.findall(path, NS)]


def test_document_is_utf8_xml_without_byte_order_mark_or_doctype() -> None:
    document = RSS.render(WHOLE)
    assert document.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<rss ")
    assert b"<!DOCTYPE" not in document
    assert document.decode("utf-8").count("</rss>") == 1


def test_channel_has_what_the_specification_requires() -> None:
    root = etree.fromstring(RSS.render(WHOLE))
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    told = channel()
    assert texts(told, "title") == ["其他信息"]
    assert texts(told, "description") == ["资讯动态 > 其他信息"]
    assert texts(told, "link") == ["https://feeds.example.org/"]


def test_channel_link_is_the_page_that_the_feed_is_about() -> None:
    assert texts(channel(edition([FULL], feed=ORIGIN)), "link") == ["https://news.example.org/tdyw/"]


def test_channel_says_where_it_is_and_which_hub_tells_of_changes() -> None:
    assert [dict(link.attrib) for link in channel().findall("atom:link", NS)] == [
        {"rel": "self", "href": "https://feeds.example.org/feeds/qita.rss", "type": "application/rss+xml"},
        {"rel": "hub", "href": "https://hub.example.org/"},
    ]


def test_channel_tells_language_rights_generator_and_documentation() -> None:
    told = channel()
    assert texts(told, "language") == ["zh-cn"]
    assert texts(told, "copyright") == ["© 2026 滨海信息"]
    assert texts(told, "generator") == ["feedservice"]
    assert texts(told, "docs") == ["https://www.rssboard.org/rss-specification"]


def test_image_repeats_the_channels_title_and_link() -> None:
    told = channel()
    assert texts(told, "image/url") == ["https://feeds.example.org/icon.png"]
    assert texts(told, "image/title") == texts(told, "title")
    assert texts(told, "image/link") == texts(told, "link")


def test_channel_without_rights_icon_or_hub_says_nothing_of_them() -> None:
    told = channel(edition([FULL], site=replace(SITE, rights="", icon_url="", hubs=())))
    assert told.find("copyright") is None
    assert told.find("image") is None
    assert [link.get("rel") for link in told.findall("atom:link", NS)] == ["self"]


def test_icon_that_is_no_address_of_the_web_is_left_out() -> None:
    assert channel(edition([FULL], site=replace(SITE, icon_url="/icon.png"))).find("image") is None


def test_last_build_date_comes_from_the_articles() -> None:
    told = channel(replace(WHOLE, updated=datetime.fromisoformat("2026-02-03T04:05:06+00:00")))
    assert texts(told, "lastBuildDate") == ["Tue, 03 Feb 2026 12:05:06 +0800"]


def test_dates_are_rfc_822_with_weekday_four_digit_year_and_numeric_offset() -> None:
    dates = texts(channel(), "item/pubDate")
    assert dates[0] == "Mon, 05 Jan 2026 08:59:00 +0800"
    assert [parsedate_to_datetime(date or "") for date in dates] == [each.published for each in WHOLE.articles]


def test_period_frequency_and_ttl_agree() -> None:
    told = channel()
    assert texts(told, "ttl") == ["15"]
    assert texts(told, "sy:updatePeriod") == ["hourly"]
    assert texts(told, "sy:updateFrequency") == ["4"]


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (1, ("hourly", 60)),
        (15, ("hourly", 4)),
        (45, ("daily", 32)),
        (7, ("weekly", 1_440)),
        (11, ("hourly", 5)),
        (50, ("yearly", 10_512)),
        (60, ("hourly", 1)),
        (240, ("daily", 6)),
        (1_000, ("daily", 1)),
        (1_440, ("daily", 1)),
        (10_080, ("weekly", 1)),
        (20_000, ("yearly", 26)),
        (525_600, ("yearly", 1)),
        (9_999_999, ("yearly", 1)),
    ],
)
def test_update_period_never_asks_for_more_visits_than_the_ttl_allows(minutes: int, told: tuple[str, int]) -> None:
    assert update_period(minutes) == told


@pytest.mark.parametrize(("seconds", "minutes"), [(0, "1"), (1, "1"), (60, "1"), (61, "2"), (86_400, "1440")])
def test_ttl_is_in_whole_minutes_never_fewer_than_were_meant(seconds: int, minutes: str) -> None:
    assert texts(channel(edition([FULL], site=replace(SITE, ttl=seconds))), "ttl") == [minutes]


def test_guid_is_the_stored_id_and_a_permalink_only_where_it_leads_to_the_article() -> None:
    guids = channel().findall("item/guid")
    assert [guid.text for guid in guids] == [each.id for each in WHOLE.articles]
    assert [guid.get("isPermaLink") for guid in guids] == ["true", "false", "true", "true", "true"]


def test_guid_stays_when_the_article_moves_or_is_edited() -> None:
    moved = item(Fields(title="Other"), url="https://moved.example.org/1.html")
    guid = moved.find("guid")
    assert guid is not None
    assert guid.text == FULL.id
    assert guid.get("isPermaLink") == "false"
    assert texts(moved, "link") == ["https://moved.example.org/1.html"]


def test_bare_names_are_creators_and_never_the_mail_address_that_author_asks_for() -> None:
    told = channel()
    assert told.find("item/author") is None
    assert texts(told.findall("item")[0], "dc:creator") == ["张三", "李四"]


def test_creator_is_the_publication_then_the_source_then_the_service_where_nobody_is_named() -> None:
    items = channel().findall("item")
    assert texts(items[1], "dc:creator") == ["Binhai Times"]
    assert texts(items[3], "dc:creator") == ["泰达要闻"]
    assert texts(item(Fields(title="t"), source="unknown"), "dc:creator") == ["滨海信息服务"]
    nameless = replace(edition([article(1, source="unknown")]), site=replace(SITE, author=" "))
    assert texts(channel(nameless), "item/dc:creator") == ["滨海信息"]


def test_whole_text_is_in_content_and_a_plain_summary_in_description() -> None:
    first = channel().findall("item")[0]
    assert texts(first, "content:encoded") == [FULL.fields.body]
    assert texts(first, "description") == ["大会部署 2026 年重点工作，a &lt; b，并发布配套政策。"]


def test_item_without_a_body_has_its_title_and_files_for_one() -> None:
    only_file = channel().findall("item")[2]
    told = '<p>关于道路施工的通告</p><p><a href="https://news.example.org/a/9.pdf">通告.pdf</a></p>'
    assert texts(only_file, "content:encoded") == [told]
    assert texts(only_file, "description") == ["关于道路施工的通告"]


def test_item_without_a_title_begins_with_its_own_words() -> None:
    items = channel().findall("item")
    assert texts(items[3], "title") == ["没有标题的一段话。"]
    assert texts(items[4], "title") == ["无题"]
    assert texts(item(Fields(language="en")), "title") == ["Untitled"]


def test_one_file_is_enclosed_the_first_whose_type_and_length_are_known() -> None:
    enclosures = [dict(found.attrib) for found in channel().findall("item/enclosure")]
    assert enclosures == [{"url": "https://news.example.org/a/2.pdf", "type": "application/pdf", "length": "48213"}]


@pytest.mark.parametrize(
    "file",
    [
        Attachment(url="https://news.example.org/a.pdf", media_type="application/pdf"),
        Attachment(url="https://news.example.org/a.pdf", media_type="application/pdf", length=0),
        Attachment(url="https://news.example.org/a.pdf", media_type="application/pdf", length=-1),
        Attachment(url="https://news.example.org/a.pdf", media_type="application/pdf", length=10**15),
        Attachment(url="https://news.example.org/a.pdf", media_type="pdf", length=10),
        Attachment(url="https://news.example.org/a.pdf", length=10),
        Attachment(url="a.pdf", media_type="application/pdf", length=10),
    ],
    ids=["no length", "empty", "negative", "beyond belief", "no media type", "type unknown", "relative"],
)
def test_file_that_cannot_be_enclosed_truly_is_not_enclosed(file: Attachment) -> None:
    assert item(Fields(title="t", attachments=(file,))).find("enclosure") is None


def test_enclosed_type_is_told_without_parameters_in_lower_case() -> None:
    file = Attachment(url="https://news.example.org/a.txt", media_type=" Text/Plain; charset=GBK", length=3)
    enclosure = item(Fields(title="t", attachments=(file,))).find("enclosure")
    assert enclosure is not None
    assert enclosure.get("type") == "text/plain"


def test_source_names_the_feed_that_an_item_comes_from() -> None:
    source = channel().find("item/source")
    assert source is not None
    assert source.get("url") == "https://feeds.example.org/feeds/tdyw.rss"
    assert source.text == "泰达要闻"


def test_items_in_their_sources_own_feed_name_no_source() -> None:
    assert channel(edition([FULL], feed=ORIGIN)).find("item/source") is None


def test_categories_and_tags_each_stand_once() -> None:
    assert texts(channel().findall("item")[0], "category") == ["其他信息", "高质量发展", "政策 & 法规"]


def test_category_without_a_title_is_named_by_its_slug() -> None:
    assert texts(item(Fields(title="t"), categories=("unheard",)), "category") == ["unheard"]


def test_lead_image_stands_directly_in_the_item_with_an_ascii_address() -> None:
    first = channel().findall("item")[0]
    address = "https://news.example.org/a/%E5%BE%AE%E4%BF%A1%E5%9B%BE%E7%89%87.png"
    assert [dict(found.attrib) for found in first.findall("media:content", NS)] == [{"url": address, "medium": "image"}]
    assert [found.get("url") for found in first.findall("media:thumbnail", NS)] == [address]


def test_items_keep_the_order_of_the_edition() -> None:
    links = texts(channel(), "item/link")
    assert links == [each.url for each in WHOLE.articles]
    backwards = replace(WHOLE, articles=WHOLE.articles[::-1])
    assert texts(channel(backwards), "item/link") == links[::-1]


def test_feed_without_articles_is_a_whole_document() -> None:
    told = channel(edition([]))
    assert told.findall("item") == []
    assert texts(told, "title") == ["其他信息"]


def test_feed_without_title_or_description_is_called_by_its_name() -> None:
    told = channel(edition([FULL], feed=Feed(name="bare", kind=FeedKind.SELECTION, title=" ")))
    assert (texts(told, "title"), texts(told, "description")) == (["bare"], ["bare"])


def test_feedparser_finds_no_fault_and_every_fact() -> None:
    seen = feedparser.parse(RSS.render(WHOLE))
    assert not seen.bozo
    assert seen.version == "rss20"
    assert seen.feed.title == "其他信息"
    assert [entry.id for entry in seen.entries] == [each.id for each in WHOLE.articles]
    first = seen.entries[0]
    assert first.title_detail.type == "text/plain"
    assert first.published_parsed[:6] == FULL.published.utctimetuple()[:6]
    assert [file.href for file in first.enclosures] == ["https://news.example.org/a/2.pdf"]
    assert [tag.term for tag in first.tags] == ["其他信息", "高质量发展", "政策 & 法规"]


def test_text_that_looks_like_markup_is_escaped_once_and_comes_back() -> None:
    fields = Fields(title="a ]]> b &amp; R&D < 3", body="<p>a ]]&gt; b &amp;amp; &lt;b&gt;</p>")
    document = RSS.render(edition([article(1, fields=fields)]))
    seen = feedparser.parse(document)
    assert not seen.bozo
    assert seen.entries[0].content[0].value == fields.body
    assert item(fields).findtext("title") == fields.title
    assert b"]]>" not in document.replace(b"]]&gt;", b"")


def test_addresses_are_written_as_rfc_3986_asks() -> None:
    moved = item(Fields(title="t"), url="https://新闻.example.org/通知 1.html?a=1&b=%E4", id="urn:x:1")
    assert texts(moved, "link") == ["https://xn--efvy88h.example.org/%E9%80%9A%E7%9F%A5%201.html?a=1&b=%E4"]


def test_published_is_written_in_the_sites_zone() -> None:
    one = edition([article(0)], site=replace(SITE, timezone="America/New_York"))
    assert START.hour == 1
    assert texts(channel(one), "item/pubDate") == ["Sun, 04 Jan 2026 20:00:00 -0500"]


def test_document_that_does_not_end_as_it_should_is_not_taken_apart() -> None:
    """Should feedgen ever write its end otherwise, no item may come to stand behind it."""
    assert parted(b"<feed><title/></feed>", b"</feed>") == Frame(b"<feed><title/>", b"</feed>")
    with pytest.raises(ValueError, match="does not end with"):
        parted(b"<feed><title/></feed>\n", b"</feed>")


def test_feed_that_is_claimed_at_folo_says_so() -> None:
    """Nobody else's feed does, and the gate lets it through."""
    claimed = replace(WHOLE, claim=("56144913816835091", "70410173045150720"))
    challenge = etree.fromstring(RSS.render(claimed)).find("channel/follow_challenge")
    assert challenge is not None
    assert [(part.tag, part.text) for part in challenge] == [
        ("feedId", "56144913816835091"),
        ("userId", "70410173045150720"),
    ]
    told = json.loads(JSON.render(claimed))["follow_challenge"]
    assert told == {"feed_id": "56144913816835091", "user_id": "70410173045150720"}
    for row in (RSS, JSON):
        assert b"follow_challenge" not in row.render(WHOLE)
        assert row.read(row.render(claimed)).title == row.read(row.render(WHOLE)).title


def test_claim_is_taken_from_the_settings_of_the_one_feed() -> None:
    settings = FeedSettings.model_validate({"of": {"news": {"folo": {"feed": "1", "user": "2"}}}})
    assert (settings.claim_of("news"), settings.claim_of("all")) == (("1", "2"), None)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Vec<T> & R&D", "Vec&lt;T> & R&amp;D"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)>"),
        ("a </b> <!-- b", "a &lt;/b> &lt;!-- b"),
        ("R&D, a < b & c > d, <支持> &amp;", "R&D, a < b & c > d, <支持> &amp;"),
    ],
)
def test_titles_and_names_stay_text_for_readers_that_take_them_for_html(name: str, written: str) -> None:
    """Only what looks like a tag is escaped; what others write in their titles comes as it is, byte for byte."""
    told = item(Fields(title=name, body="<p>x</p>", authors=(name,), tags=(name,)))
    assert texts(told, "title") == texts(told, "dc:creator") == [written]
    assert written in texts(told, "category")
    assert unescape(written) == unescape(name)
    feed = replace(ORIGIN, title=name)
    assert texts(channel(edition([FULL], feed=feed)), "title") == [written]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["<", "&", "lt;", "amp;", "b", "/", "#", " ", "&lt;", "&amp;"]), max_size=9).map("".join)
)
def test_titles_are_read_back_as_they_were(title: str) -> None:
    document = RSS.render(edition([article(1, fields=Fields(title=f"x{title}x", body="<p>x</p>"))]))
    assert RSS.read(document).titles == (one_line(f"x{title}x"),)
