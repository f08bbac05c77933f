"""A broken source is noticed at once, and what it brought is not believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feedservice.health import (
    Evidence,
    after,
    forget_when_new,
    instead_of,
    is_silent,
    judge,
    seen_of,
    with_instead,
)
from feedservice.model import Health, Seen, SourceState

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
FRESH = SourceState(name="news")


def lived(**facts: float) -> SourceState:
    return SourceState(name="news", health=Health.WELL, last_success=NOW, last_new=NOW, facts=facts)


def test_error_is_broken_and_says_why() -> None:
    verdict = judge(FRESH, Evidence(error="https://example.org: 500"), NOW)
    assert verdict.health is Health.BROKEN
    assert verdict.reason == "https://example.org: 500"
    assert not verdict.believable


def test_something_on_offer_is_well() -> None:
    assert judge(FRESH, Evidence(offers=3, distinct_titles=3, new=3), NOW).health is Health.WELL


def test_nothing_on_offer_is_empty_at_first_and_broken_where_something_used_to_be() -> None:
    assert judge(FRESH, Evidence(), NOW).health is Health.EMPTY
    verdict = judge(lived(usual_offers=10), Evidence(), NOW)
    assert verdict.health is Health.BROKEN
    assert "usually 10" in verdict.reason


def test_unchanged_source_is_well() -> None:
    assert judge(lived(usual_offers=10), Evidence(unchanged=True), NOW).health is Health.WELL


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(offers=5, distinct_titles=5, pages_unreadable=1, new=0),
        Evidence(offers=5, distinct_titles=5, pages_unreadable=3, pages_read=1, page_titles=1, new=1),
        Evidence(offers=5, distinct_titles=5, pages_read=5, page_titles=1, new=5),
    ],
    ids=["no page readable", "most pages unreadable", "all headlines equal"],
)
def test_pages_that_make_no_sense_are_not_believed(evidence: Evidence) -> None:
    verdict = judge(FRESH, evidence, NOW)
    assert verdict.health is Health.BROKEN
    assert verdict.reason


def test_pages_without_an_article_are_doubted_where_three_come_and_nothing_else() -> None:
    """A source that was read before: a page without text is a video or a picture, and its next article is not late."""
    state = lived(usual_offers=10)
    for evidence in (
        Evidence(offers=5, distinct_titles=5, pages_unreadable=1),
        Evidence(offers=5, distinct_titles=5, pages_unreadable=3, pages_read=1, page_titles=1, new=1),
    ):
        assert judge(state, evidence, NOW).health is Health.WELL
    three = Evidence(offers=5, distinct_titles=5, pages_unreadable=3)
    assert judge(state, three, NOW).reason == "no article could be found on any of 3 pages"


def test_pages_that_cannot_be_read_are_counted_until_a_new_article_is_read() -> None:
    one = Evidence(offers=5, distinct_titles=5, pages_missing=1)
    look = Evidence(offers=5, distinct_titles=5, pages_read=1, page_titles=1)
    new = Evidence(offers=5, distinct_titles=5, pages_read=1, page_titles=1, new=1)
    state = lived(usual_offers=10)
    for evidence in (one, look, one):
        verdict = judge(state, evidence, NOW)
        assert verdict.believable
        state = after(state, verdict, evidence, NOW)
    assert judge(state, one, NOW).reason == "no article could be read on the last 3 pages"
    assert judge(after(state, judge(state, new, NOW), new, NOW), one, NOW).believable


def test_one_unreadable_page_among_many_is_no_reason_to_doubt() -> None:
    evidence = Evidence(offers=5, distinct_titles=5, pages_read=4, pages_unreadable=1, page_titles=4, new=4)
    assert judge(FRESH, evidence, NOW).health is Health.WELL


def test_equal_headlines_that_the_list_has_too_are_believed() -> None:
    evidence = Evidence(offers=5, distinct_titles=1, pages_read=5, page_titles=1, new=5)
    assert judge(FRESH, evidence, NOW).health is Health.WELL


def test_broken_reads_are_counted_and_forgotten_on_recovery() -> None:
    bad, good = Evidence(error="down"), Evidence(offers=3, distinct_titles=3, new=1)
    state = after(FRESH, judge(FRESH, bad, NOW), bad, NOW)
    state = after(state, judge(state, bad, NOW), bad, NOW + timedelta(hours=1))
    assert (state.failures, state.since, state.last_success) == (2, NOW, None)
    later = NOW + timedelta(hours=2)
    state = after(state, judge(state, good, later), good, later)
    assert (state.health, state.failures, state.since) == (Health.WELL, 0, later)
    assert (state.last_run, state.last_success, state.last_new) == (later, later, later)


def test_usual_number_is_learned_from_believable_reads() -> None:
    good = Evidence(offers=10, distinct_titles=10, new=1)
    state, now = FRESH, NOW
    for _ in range(4):
        state = after(state, judge(state, good, now), good, now)
        now += timedelta(days=1)
    assert state.facts == {"usual_offers": 10.0, "varied": True}
    bad = Evidence(error="down")
    assert after(state, judge(state, bad, now), bad, now).facts == state.facts


def test_unchanged_read_teaches_nothing_of_the_usual_number() -> None:
    unchanged = Evidence(unchanged=True)
    state = after(lived(usual_offers=10), judge(FRESH, unchanged, NOW), unchanged, NOW)
    assert state.facts == {"usual_offers": 10}
    assert state.last_success == NOW


def test_usual_number_follows_slowly() -> None:
    more = Evidence(offers=20, distinct_titles=20, new=1)
    state = lived(usual_offers=10)
    assert after(state, judge(state, more, NOW), more, NOW).facts["usual_offers"] == 12.0


def test_health_is_dated_when_it_changed() -> None:
    good = Evidence(offers=1, distinct_titles=1)
    state = after(FRESH, judge(FRESH, good, NOW), good, NOW)
    later = NOW + timedelta(hours=1)
    assert after(state, judge(state, good, later), good, later).since == NOW


def test_fact_that_is_no_number_counts_as_unknown() -> None:
    state = SourceState(name="news", last_new=NOW, facts={"usual_offers": "many"})
    assert judge(state, Evidence(), NOW).health is Health.EMPTY


# signs that need to know how the source was before


def test_list_whose_headlines_are_suddenly_all_equal_is_broken() -> None:
    equal = Evidence(offers=5, distinct_titles=1)
    assert judge(FRESH, equal, NOW).health is Health.WELL
    verdict = judge(lived(varied=True), equal, NOW)
    assert (verdict.health, verdict.reason) == (Health.BROKEN, "all 5 articles on offer have the same headline")


def test_list_whose_dates_are_suddenly_all_now_is_broken() -> None:
    fresh = Evidence(offers=5, distinct_titles=5, dates=5, dates_now=5)
    assert judge(FRESH, fresh, NOW).health is Health.WELL
    state = lived(dated=True)
    verdict = judge(state, fresh, NOW)
    assert (verdict.health, verdict.believable) == (Health.WELL, False)
    state = after(state, verdict, fresh, NOW)
    assert (state.health, state.failures) == (Health.WELL, 0)
    verdict = judge(state, fresh, NOW)
    assert (verdict.health, verdict.reason) == (Health.BROKEN, "all 5 articles are dated to the moment of the read")
    assert judge(after(state, verdict, fresh, NOW), fresh, NOW).health is Health.BROKEN
    two = Evidence(offers=5, distinct_titles=5, dates=2, dates_now=2)
    assert judge(lived(dated=True), two, NOW).health is Health.WELL


def test_articles_that_came_out_in_the_minute_of_a_read_are_believed_at_the_next() -> None:
    fresh = Evidence(offers=5, distinct_titles=5, dates=3, dates_now=3)
    state = lived(dated=True)
    state = after(state, judge(state, fresh, NOW), fresh, NOW)
    later = Evidence(offers=5, distinct_titles=5, dates=3, new=3)
    verdict = judge(state, later, NOW)
    assert (verdict.health, verdict.believable) == (Health.WELL, True)
    state = after(state, verdict, later, NOW)
    assert judge(state, fresh, NOW).health is Health.WELL


def test_selector_that_found_its_field_and_does_so_no_more_is_told_at_the_third_page() -> None:
    matched = Evidence(offers=9, distinct_titles=9, pages_read=1, page_titles=1, new=1, matched=("title",))
    lost = Evidence(offers=9, distinct_titles=9, pages_read=1, page_titles=1, new=1, unmatched=("title",))
    state = after(FRESH, judge(FRESH, matched, NOW), matched, NOW)
    for _ in range(2):
        verdict = judge(state, lost, NOW)
        assert verdict.believable
        state = after(state, verdict, lost, NOW)
    verdict = judge(state, lost, NOW)
    assert (verdict.health, verdict.believable) == (Health.BROKEN, False)
    assert verdict.reason == "the selector of title finds nothing any more, on 3 pages in a row"
    assert judge(state, matched, NOW).health is Health.WELL


def test_selector_that_never_found_anything_is_no_sign_of_a_redesign() -> None:
    lost = Evidence(offers=9, distinct_titles=9, pages_read=9, page_titles=9, new=9, unmatched=("published",))
    assert judge(after(FRESH, judge(FRESH, lost, NOW), lost, NOW), lost, NOW).health is Health.WELL


def test_nothing_that_was_learned_with_other_settings_counts() -> None:
    state = forget_when_new(lived(usual_offers=10, varied=True), "a")
    assert state.facts["usual_offers"] == 10
    assert forget_when_new(state, "a") == state
    assert forget_when_new(state, "b").facts == {"settings": "b"}


# what is kept for the operator


def test_what_was_seen_is_kept_while_the_source_is_broken_and_no_longer() -> None:
    seen = Seen(url="https://example.org/", status=200, title="系统维护", words="系统维护中")
    bad, good = Evidence(error="no list", seen=seen), Evidence(offers=3, distinct_titles=3)
    state = with_instead(after(FRESH, judge(FRESH, bad, NOW), bad, NOW), "look here")
    assert (seen_of(state), instead_of(state)) == (seen, "look here")
    assert str(seen) == "https://example.org/, status 200, 《系统维护》, 系统维护中"
    state = after(state, judge(state, good, NOW), good, NOW)
    assert (seen_of(state), instead_of(state)) == (None, "")


def test_rhythm_is_looked_at_only_after_a_week_of_silence() -> None:
    nothing, week = Evidence(offers=1), timedelta(days=7)
    assert not is_silent(lived(), nothing, NOW + week)
    assert is_silent(lived(), nothing, NOW + week + timedelta(hours=1))
    assert not is_silent(lived(), Evidence(offers=1, new=1), NOW + 2 * week)
    assert not is_silent(FRESH, nothing, NOW)


def test_source_is_quiet_when_its_own_rhythm_is_long_past() -> None:
    came = [NOW - timedelta(days=number) for number in range(30)]
    state, later = lived(usual_offers=10), NOW + timedelta(days=8)
    verdict = judge(state, Evidence(offers=10, distinct_titles=10), later, came)
    assert (verdict.health, verdict.believable) == (Health.QUIET, True)
    assert verdict.reason == "nothing new for 8 days, where usually something comes every day"
    assert judge(state, Evidence(offers=10, distinct_titles=10, new=1), later, came).health is Health.WELL
