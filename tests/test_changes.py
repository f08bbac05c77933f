"""What counts as new, as an edit, and as nothing at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feedservice.changes import (
    Keeping,
    absent,
    content_digest,
    edited_at,
    first_updated,
    is_gone_for_good,
    is_other,
    keep_edit,
    merge,
    offer_digest,
    plan,
)
from feedservice.looks import Look, weigh
from feedservice.model import Attachment, Fields, Known, Moment, Offer, Precision
from feedservice.stamps import read_stamp

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def offer(key: str, title: str = "Title", *, complete: bool = False) -> Offer:
    return Offer(key=key, url=f"https://example.org/{key}", fields=Fields(title=title), complete=complete)


def known(of: Offer, **changed: object) -> Known:
    base = Known(
        seq=1,
        id=of.key,
        source="news",
        key=of.key,
        url=of.url or "",
        title=of.fields.title,
        offer_digest=offer_digest(of),
        content_digest="",
        published=NOW - timedelta(days=1),
        checked=NOW,
        revision=1,
    )
    return replace(base, **changed)  # type: ignore[arg-type]


def decide(*offers: Offer, stored: dict[str, Known] | None = None, limit: int = 100) -> tuple[list[str], ...]:
    made = plan(offers, stored or {}, source="news", now=NOW, limit=limit)
    return (
        [item.key for item in made.new],
        [item.key for item, _ in made.edited],
        [item.key for item, _ in made.look],
        [item.key for item in made.kept],
    )


def test_unknown_keys_are_new_up_to_the_limit_and_counted_once() -> None:
    offers = [offer("a"), offer("b"), offer("a", "again"), offer("c")]
    assert decide(*offers, limit=2) == (["a", "b"], [], [], [])


def test_what_the_source_tells_otherwise_is_edited() -> None:
    before = offer("a", "Old title")
    assert decide(offer("a", "New title"), stored={"a": known(before)}) == ([], ["a"], [], [])


def test_what_the_source_tells_as_before_is_kept() -> None:
    assert decide(offer("a"), stored={"a": known(offer("a"))}) == ([], [], [], ["a"])


@pytest.mark.parametrize("changed", [{"withdrawn": NOW}, {"source": "other"}])
def test_withdrawn_and_foreign_articles_are_left_alone(changed: dict[str, object]) -> None:
    stored = {"a": known(offer("a", "Old title"), **changed)}
    assert decide(offer("a", "New title"), stored=stored) == ([], [], [], ["a"])


def test_page_is_looked_at_again_the_rarer_the_older_it_is() -> None:
    fresh, old = offer("fresh"), offer("old")
    stored = {
        "fresh": known(fresh, checked=NOW - timedelta(hours=2), published=NOW - timedelta(hours=3)),
        "old": known(old, checked=NOW - timedelta(hours=2), published=NOW - timedelta(days=30)),
    }
    assert decide(fresh, old, stored=stored) == ([], [], ["fresh"], ["old"])


def test_what_a_clock_that_was_ahead_left_hides_no_edit() -> None:
    ahead = NOW + timedelta(days=3650)
    stored = known(offer("a"), checked=ahead, fifth_last=ahead, revised=ahead, absent_since=ahead)
    assert decide(offer("a"), stored={"a": stored}) == ([], [], ["a"], [])
    assert keep_edit(stored, NOW) is Keeping.FULLY
    assert keep_edit(replace(stored, revision=30), NOW) is Keeping.QUIETLY


def test_looks_are_few_at_a_time_and_only_at_pages() -> None:
    offers = [offer(str(number)) for number in range(30)] + [offer("whole", complete=True)]
    past = {"checked": NOW - timedelta(days=9), "published": NOW - timedelta(days=9)}
    made = decide(*offers, stored={item.key: known(item, **past) for item in offers})
    assert len(made[2]) == 10
    assert "whole" in made[3]


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


def test_page_that_is_gone_is_looked_at_about_once_a_day() -> None:
    one = offer("a")
    for hours, looked in ((19, []), (21, ["a"])):
        before = known(one, checked=NOW - timedelta(hours=hours), absences=1)
        assert decide(one, stored={"a": before})[2] == looked


@pytest.mark.parametrize(
    ("absences", "days", "gone"),
    [(0, None, False), (1, 9, False), (2, 2, False), (2, 3, True), (9, 2.9, False), (9, 30, True)],
)
def test_page_is_gone_for_good_at_the_third_absence_over_three_days(
    absences: int, days: float | None, gone: bool
) -> None:
    since = None if days is None else NOW - timedelta(days=days)
    assert is_gone_for_good(known(offer("a"), absences=absences, absent_since=since), NOW) is gone


def test_absence_of_most_pages_at_once_counts_for_none() -> None:
    gone = [known(offer(str(number))) for number in range(6)]
    assert absent(gone, 12) == tuple(gone)
    assert absent(gone, 11) == ()
    assert absent(gone[:3], 3) == tuple(gone[:3])


@pytest.mark.parametrize(
    ("changed", "keeping"),
    [
        ({}, Keeping.FULLY),
        ({"revision": 19, "revised": NOW}, Keeping.FULLY),
        ({"revision": 20, "revised": NOW - timedelta(hours=23)}, Keeping.LATER),
        ({"revision": 20, "revised": NOW - timedelta(hours=24)}, Keeping.QUIETLY),
        ({"revision": 5, "revised": NOW, "fifth_last": NOW - timedelta(hours=23)}, Keeping.LATER),
        ({"revision": 5, "revised": NOW, "fifth_last": NOW - timedelta(hours=24)}, Keeping.FULLY),
    ],
)
def test_edits_of_a_page_that_changes_all_the_time_lose_their_weight(
    changed: dict[str, object], keeping: Keeping
) -> None:
    assert keep_edit(known(offer("a"), **changed), NOW) is keeping


def test_offer_digest_sees_dates_and_summaries() -> None:
    plain = Offer(key="a", fields=Fields(title="t"))
    dated = replace(plain, fields=replace(plain.fields, published=Moment(NOW, Precision.DAY)))
    told = replace(plain, fields=replace(plain.fields, summary="s"))
    assert len({offer_digest(item) for item in (plain, dated, told)}) == 3


def test_edit_is_dated_by_the_source_only_where_that_can_be_true() -> None:
    before = known(offer("a"), checked=NOW - timedelta(hours=5), published=NOW - timedelta(days=1))
    claim = NOW - timedelta(hours=1)
    assert edited_at(before, Fields(updated=Moment(claim)), NOW) == claim
    for untrue in (NOW + timedelta(hours=1), NOW - timedelta(days=2), NOW - timedelta(hours=6)):
        assert edited_at(before, Fields(updated=Moment(untrue)), NOW) == NOW
    assert edited_at(before, Fields(), NOW) == NOW


def test_new_article_is_updated_when_it_says_so_and_that_can_be_true() -> None:
    published = NOW - timedelta(days=1)
    claim = NOW - timedelta(hours=1)
    assert first_updated(published, Fields(updated=Moment(claim)), NOW) == claim
    assert first_updated(published, Fields(updated=Moment(NOW + timedelta(1))), NOW) == published
    assert first_updated(published, Fields(), NOW) == published


def test_merge_fills_what_is_lacking_and_keeps_what_is_there() -> None:
    page, told = Fields(title="Page", authors=("Li",)), Fields(title="List", summary="s", tags=("x",))
    assert merge(page, told) == Fields(title="Page", authors=("Li",), summary="s", tags=("x",))


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("放假安排公告（更新）", "放假安排公告（更新）"),
        ("放假安排公告 [第二版]", "放假安排公告 [第二版]"),
        ("放假安排公告解读", "放假安排公告"),
        ("放假安排公", "放假安排公告"),
        ("放假安排公告（" + "很长" * 20 + "）", "放假安排公告"),
    ],
)
def test_merge_keeps_what_a_list_adds_to_a_title_in_brackets(told: str, kept: str) -> None:
    assert merge(Fields(title="放假安排公告"), Fields(title=told)).title == kept


def test_merge_takes_the_more_exact_time_of_the_same_day_only() -> None:
    day = Moment(datetime.fromisoformat("2026-01-05T00:00:00+08:00"), Precision.DAY)
    minute = Moment(datetime.fromisoformat("2026-01-05T09:30:00+08:00"), Precision.MINUTE)
    other = Moment(datetime.fromisoformat("2026-01-04T09:30:00+08:00"), Precision.MINUTE)
    assert merge(Fields(published=day), Fields(published=minute)).published == minute
    assert merge(Fields(published=minute), Fields(published=day)).published == minute
    assert merge(Fields(published=day), Fields(published=other)).published == day


def test_midnight_is_no_time_of_day_when_times_are_merged() -> None:
    """As lists and pages tell it that were read before midnight was the day alone, too."""
    minute = Moment(datetime.fromisoformat("2026-01-05T09:30:00+08:00"), Precision.MINUTE)
    midnight = Moment(datetime.fromisoformat("2026-01-05T00:00:00+08:00"))
    assert merge(Fields(published=minute), Fields(published=midnight)).published == minute
    assert merge(Fields(published=midnight), Fields(published=minute)).published == minute


@pytest.mark.parametrize("name", ["published", "updated"])
def test_page_read_again_is_no_other_for_midnight_that_became_a_day(name: str) -> None:
    midnight = datetime.fromisoformat("2026-01-05T00:00:00+08:00")
    moments = Moment(midnight), Moment(midnight, Precision.DAY), Moment(midnight + timedelta(minutes=1))
    before, after, later = (
        Fields(published=moment) if name == "published" else Fields(updated=moment) for moment in moments
    )
    assert not is_other(before, after)
    assert is_other(before, later)


def test_article_whose_midnight_became_a_day_is_no_edit() -> None:
    """Its list's row tells otherwise than it did, so that its page is looked at, once: no date of it moves."""
    at = datetime.fromisoformat("2026-01-05T00:00:00+08:00")
    one = Offer(key="a", url="https://example.org/a", fields=Fields(title="Title", published=Moment(at)))
    other = replace(one, fields=replace(one.fields, published=Moment(at, Precision.DAY)))
    stored = known(one, content_digest=content_digest(one.fields))
    outcome = weigh([Look(stored, other, other.fields)], NOW, pages=1, well=True, feeds_of=lambda fields: ())
    assert outcome.edits == ()
    assert read_stamp(outcome.stamps[1]).digest == offer_digest(other)


@pytest.mark.parametrize("before", ["全民免費\u200b檢測", "全民免費 檢測", "\ufeff全民免費檢測", "全民免費檢測\u202c"])
def test_title_that_lost_what_nobody_sees_is_no_edit(before: str) -> None:
    one = Offer(key="a", url="https://example.org/a", fields=Fields(title=before, body="<p>x</p>"))
    stored = known(one, content_digest=content_digest(one.fields))
    for fields, edits in (
        (replace(one.fields, title="全民免費檢測"), 0),
        (replace(one.fields, title="全民免費檢查"), 1),
        (replace(one.fields, title="全民免費檢測", body="<p>y</p>"), 1),
    ):
        look = Look(stored, replace(one, fields=fields), fields)
        assert len(weigh([look], NOW, pages=1, well=True, feeds_of=lambda fields: ()).edits) == edits


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


def test_article_without_a_page_is_never_looked_at() -> None:
    pageless = Offer(key="a", fields=Fields(title="t"))
    long_ago = known(pageless, checked=NOW - timedelta(days=9), published=NOW - timedelta(days=9))
    assert decide(pageless, stored={"a": long_ago}) == ([], [], [], ["a"])


def test_page_that_was_looked_at_within_the_hour_is_left_alone() -> None:
    one = offer("a")
    stored = {"a": known(one, checked=NOW - timedelta(hours=1), published=NOW - timedelta(hours=1))}
    assert decide(one, stored=stored) == ([], [], [], ["a"])


def test_claimed_dates_are_kept_in_whole_seconds_of_our_zone() -> None:
    claim = Moment(datetime.fromisoformat("2026-01-05T10:30:00.75+08:00"))
    before = known(offer("a"), checked=NOW - timedelta(hours=5))
    expected = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
    assert edited_at(before, Fields(updated=claim), NOW) == expected
    assert first_updated(NOW - timedelta(days=1), Fields(updated=claim), NOW) == expected
    assert edited_at(before, Fields(), NOW.replace(microsecond=9)) == NOW
