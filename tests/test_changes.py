"""What counts as new, as an edit, and as nothing at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feedservice.changes import (
    Keeping,
    absent,
    edited_at,
    first_updated,
    is_gone_for_good,
    keep_edit,
    merge,
    plan,
)
from feedservice.digests import content_digest, offer_digest
from feedservice.model import Fields, Known, Moment, Offer, Precision
from feedservice.refreshing.looks import Look, weigh
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


def test_article_whose_midnight_became_a_day_is_no_edit() -> None:
    """Its list's row tells otherwise than it did, so that its page is looked at, once: no date of it moves."""
    at = datetime.fromisoformat("2026-01-05T00:00:00+08:00")
    one = Offer(key="a", url="https://example.org/a", fields=Fields(title="Title", published=Moment(at)))
    other = replace(one, fields=replace(one.fields, published=Moment(at, Precision.DAY)))
    stored = known(one, content_digest=content_digest(one.fields))
    outcome = weigh([Look(stored, other, other.fields)], NOW, pages=1, there=1, well=True, feeds_of=lambda fields: ())
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
        assert len(weigh([look], NOW, pages=1, there=1, well=True, feeds_of=lambda fields: ()).edits) == edits


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
