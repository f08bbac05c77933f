"""What a reader would notice of an article, what its source told of it, and what counts for nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feedservice.digests import content_digest, is_other, key_digest, offer_digest
from feedservice.model import Attachment, Fields, Moment, Offer, Precision

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>第一段</p><p>第二段</p>", "<p>第一段</p>\n  <p> 第二段 </p>"),
        ('<p class="a">text</p>', "<div>text</div>"),
    ],
)
def test_white_space_and_markup_are_no_edit(one: str, other: str) -> None:
    assert content_digest(Fields(body=one)) == content_digest(Fields(body=other))


@pytest.mark.parametrize(
    "edit",
    [
        Fields(title="Other", body='<p>text <img src="https://example.org/1.png"></p>'),
        Fields(title="Title", body='<p>texts <img src="https://example.org/1.png"></p>'),
        Fields(title="Title", body='<p>text <img src="https://example.org/2.png"></p>'),
        Fields(
            title="Title",
            body='<p>text <img src="https://example.org/1.png"></p>',
            attachments=(Attachment(url="https://example.org/a.pdf"),),
        ),
        Fields(title="Title", body='<p>text <img src="https://example.org/1.png"></p>', authors=("Li",)),
        Fields(title="Title", body='<p>text <img src="https://example.org/1.png"></p>', origins=("日报",)),
    ],
    ids=["title", "words", "picture", "file", "author", "origin"],
)
def test_what_a_reader_would_notice_is_an_edit(edit: Fields) -> None:
    before = Fields(title="Title", body='<p>text <img src="https://example.org/1.png"></p>')
    assert content_digest(edit) != content_digest(before)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>正文。</p><p>浏览次数：123</p>", "<p>正文。</p><p>浏览次数：1,124 次</p>"),
        ("<p>来源：日报 阅读 1,024 编辑：王</p>", "<p>来源：日报 阅读 1.2万 编辑：王</p>"),
        ("<p>点击量：<span>5</span>次</p><p>文</p>", "<p>点击量：<span>6</span>次</p><p>文</p>"),
        ("<p>Text</p><p>1,024 views</p>", "<p>Text</p><p>2,048 views</p>"),
        ("<p>Text</p><p>Views: 7</p>", "<p>Text</p><p>Views: 8</p>"),
        ("<p>当前时间：2026-01-05 10:00:00</p>文", "<p>当前时间：2026-01-06 11:30:00</p>文"),
        ("<p>现在是2026年1月5日 星期一 10:02:03</p>文", "<p>现在是2026年1月6日 星期二 08:02</p>文"),
        ("<p>Today is Monday, January 5, 2026</p>Text", "<p>Today is Tuesday, January 6, 2026</p>Text"),
        ("<p>文</p><p>分享到： 微信 微博 QQ空间</p>", "<p>文</p>"),
        ("<p>【字体：大 中 小】【打印】【关闭】</p><p>文</p>", "<p>文</p>"),
        ('<a href="https://service.weibo.com/share/share.php?url=x">文</a>', "文"),
        ('<img src="https://example.org/1.png?t=1767">', '<img src="https://example.org/1.png?t=1768">'),
        ("<p>文&nbsp;字</p>", "<p>文字</p>"),
    ],
)
def test_counters_clocks_and_share_buttons_are_no_edit(one: str, other: str) -> None:
    assert content_digest(Fields(body=one)) == content_digest(Fields(body=other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>阅读2025年报告</p>", "<p>阅读2026年报告</p>"),
        ("<p>全年阅读3本书</p>", "<p>全年阅读4本书</p>"),
        ("<p>参观人数12万</p>", "<p>参观人数13万</p>"),
        ("<p>北京时间1月5日开会</p>", "<p>北京时间1月6日开会</p>"),
        ("<p>会议时间：2026年1月5日10:00</p>", "<p>会议时间：2026年1月6日10:00</p>"),
        ("<td>大</td>", "<td>小</td>"),
        ("<p>They sold 300 shares of it.</p>", "<p>They sold 400 shares of it.</p>"),
        ('<a href="https://example.org/?id=1">文</a>', '<a href="https://example.org/?id=2">文</a>'),
    ],
)
def test_numbers_and_dates_of_the_text_itself_are_an_edit(one: str, other: str) -> None:
    assert content_digest(Fields(body=one)) != content_digest(Fields(body=other))


def test_body_of_any_shape_is_compared_in_linear_time() -> None:
    """Each of these took minutes with a rule that looks back or ahead without end."""
    for shape in ("<", "<p ", "阅读 ", "1,", "现在是", "&nbsp;", "分享 "):
        content_digest(Fields(body=shape * 100_000))


def test_offer_digest_sees_dates_and_summaries() -> None:
    plain = Offer(key="a", fields=Fields(title="t"))
    dated = replace(plain, fields=replace(plain.fields, published=Moment(NOW, Precision.DAY)))
    told = replace(plain, fields=replace(plain.fields, summary="s"))
    assert len({offer_digest(item) for item in (plain, dated, told)}) == 3


@pytest.mark.parametrize("name", ["published", "updated"])
def test_page_read_again_is_no_other_for_midnight_that_became_a_day(name: str) -> None:
    midnight = datetime.fromisoformat("2026-01-05T00:00:00+08:00")
    moments = Moment(midnight), Moment(midnight, Precision.DAY), Moment(midnight + timedelta(minutes=1))
    before, after, later = (
        Fields(published=moment) if name == "published" else Fields(updated=moment) for moment in moments
    )
    assert not is_other(before, after)
    assert is_other(before, later)


def test_source_that_rewrites_white_space_tells_the_same() -> None:
    one = Offer(key="a", fields=Fields(title="A  title", summary="s", body="<p>x</p>"))
    other = Offer(key="a", fields=Fields(title=" A title\n", summary="s ", body="<p>x</p>\n"))
    assert offer_digest(one) == offer_digest(other)


def test_source_that_moves_an_article_or_changes_its_body_tells_otherwise() -> None:
    before = Offer(key="a", url="https://example.org/a", fields=Fields(title="t", body="<p>x</p>"))
    moved = replace(before, url="https://example.org/b")
    edited = replace(before, fields=replace(before.fields, body="<p>y</p>"))
    redated = replace(before, fields=replace(before.fields, updated=Moment(NOW)))
    assert len({offer_digest(each) for each in (before, moved, edited, redated)}) == 4


def test_order_of_pictures_and_files_is_no_edit() -> None:
    one, other = Attachment(url="https://example.org/a.pdf"), Attachment(url="https://example.org/b.pdf")
    assert content_digest(Fields(attachments=(one, other))) == content_digest(Fields(attachments=(other, one)))


def test_key_stands_among_facts_as_it_did() -> None:
    """Facts that are stored name keys in this form."""
    assert key_digest("https://example.org/1") == "GMF0GPWtgvBj"
    assert key_digest("\ud800").isascii()
