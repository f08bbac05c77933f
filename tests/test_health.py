"""A broken source is noticed at once, and what it brought is not believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feedservice.health import Evidence, after, judge
from feedservice.model import Health, SourceState

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


def test_one_unreadable_page_among_many_is_no_reason_to_doubt() -> None:
    evidence = Evidence(offers=5, distinct_titles=5, pages_read=4, pages_unreadable=1, page_titles=4, new=4)
    assert judge(FRESH, evidence, NOW).health is Health.WELL


def test_equal_headlines_that_the_list_has_too_are_believed() -> None:
    evidence = Evidence(offers=5, distinct_titles=1, pages_read=5, page_titles=1, new=5)
    assert judge(FRESH, evidence, NOW).health is Health.WELL


def test_source_is_quiet_when_its_own_rhythm_is_long_past() -> None:
    daily = lived(usual_offers=10, usual_gap=86_400, gaps=5)
    later = NOW + timedelta(days=8)
    verdict = judge(daily, Evidence(offers=10, distinct_titles=10), later)
    assert verdict.health is Health.QUIET
    assert verdict.believable
    assert "8 days" in verdict.reason
    assert "24 hours" in verdict.reason


def test_source_that_brings_something_every_few_minutes_is_told_of_in_hours() -> None:
    verdict = judge(lived(usual_gap=600, gaps=5), Evidence(unchanged=True), NOW + timedelta(days=8))
    assert verdict.reason.endswith("something comes every 1 hours")


def test_monthly_source_is_not_quiet_after_a_week_but_after_months() -> None:
    monthly = lived(usual_offers=10, usual_gap=30 * 86_400, gaps=5)
    assert judge(monthly, Evidence(unchanged=True), NOW + timedelta(days=60)).health is Health.WELL
    verdict = judge(monthly, Evidence(unchanged=True), NOW + timedelta(days=150))
    assert verdict.health is Health.QUIET
    assert "30 days" in verdict.reason


def test_unknown_rhythm_is_never_quiet() -> None:
    assert judge(lived(usual_gap=3600, gaps=1), Evidence(offers=1), NOW + timedelta(days=900)).health is Health.WELL


def test_broken_reads_are_counted_and_forgotten_on_recovery() -> None:
    bad, good = Evidence(error="down"), Evidence(offers=3, distinct_titles=3, new=1)
    state = after(FRESH, judge(FRESH, bad, NOW), bad, NOW)
    state = after(state, judge(state, bad, NOW), bad, NOW + timedelta(hours=1))
    assert (state.failures, state.since, state.last_success) == (2, NOW, None)
    later = NOW + timedelta(hours=2)
    state = after(state, judge(state, good, later), good, later)
    assert (state.health, state.failures, state.since) == (Health.WELL, 0, later)
    assert (state.last_run, state.last_success, state.last_new) == (later, later, later)


def test_rhythm_and_usual_number_are_learned_from_believable_reads() -> None:
    good = Evidence(offers=10, distinct_titles=10, new=1)
    state, now = FRESH, NOW
    for _ in range(4):
        state = after(state, judge(state, good, now), good, now)
        now += timedelta(days=1)
    assert state.facts == {"usual_offers": 10.0, "usual_gap": 86_400.0, "gaps": 3}
    bad = Evidence(error="down")
    assert after(state, judge(state, bad, now), bad, now).facts == state.facts


def test_unchanged_read_teaches_nothing_of_the_usual_number() -> None:
    unchanged = Evidence(unchanged=True)
    state = after(lived(usual_offers=10), judge(FRESH, unchanged, NOW), unchanged, NOW)
    assert state.facts == {"usual_offers": 10}
    assert state.last_success == NOW


def test_usual_number_follows_slowly_and_rhythm_faster() -> None:
    state = lived(usual_offers=10, usual_gap=86_400, gaps=3)
    more = Evidence(offers=20, distinct_titles=20, new=1)
    later = NOW + timedelta(days=2)
    learned = after(state, judge(state, more, later), more, later).facts
    assert learned == {"usual_offers": 12.0, "usual_gap": 86_400 * 1.3, "gaps": 4}


def test_health_is_dated_when_it_changed() -> None:
    good = Evidence(offers=1, distinct_titles=1)
    state = after(FRESH, judge(FRESH, good, NOW), good, NOW)
    later = NOW + timedelta(hours=1)
    assert after(state, judge(state, good, later), good, later).since == NOW


def test_first_articles_of_a_source_give_no_rhythm() -> None:
    good = Evidence(offers=5, distinct_titles=5, new=5)
    assert after(FRESH, judge(FRESH, good, NOW), good, NOW).facts == {"usual_offers": 5}


def test_something_new_ends_the_quiet() -> None:
    daily = lived(usual_offers=10, usual_gap=86_400, gaps=5)
    later = NOW + timedelta(days=30)
    assert judge(daily, Evidence(offers=10, distinct_titles=10, new=1), later).health is Health.WELL
    assert judge(daily, Evidence(offers=10, distinct_titles=10), NOW + timedelta(days=7)).health is Health.WELL


def test_fact_that_is_no_number_counts_as_unknown() -> None:
    state = SourceState(name="news", last_new=NOW, facts={"usual_offers": "many", "gaps": None})
    assert judge(state, Evidence(), NOW).health is Health.EMPTY
