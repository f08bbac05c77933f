"""Sources: how they are, when their turn is, and what to ask their servers with."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from feedservice.model import Health, Intake, SourceState, Validators
from feedservice.protocols import Store
from tests.store_examples import START, intake, save

WHOLE = SourceState(
    name="site",
    health=Health.BROKEN,
    reason="列表为空\nsecond line",
    since=START,
    failures=3,
    next_run=START + timedelta(minutes=30),
    last_run=START - timedelta(minutes=1),
    last_success=START - timedelta(days=1),
    last_new=datetime(2020, 1, 1, tzinfo=UTC),
    facts={"usual": 20, "rhythm": 0.5, "note": "备注", "seen": True, "none": None, "far": math.inf, "big": 2**60},
)


def put(store: Store, *states: SourceState) -> None:
    with store.writing() as writer:
        for state in states:
            writer.put_state(state)


def test_source_never_seen_has_a_fresh_state(store: Store) -> None:
    assert store.state("site") == SourceState(name="site")
    assert store.states() == ()


def test_state_comes_back_as_it_was_put(store: Store) -> None:
    put(store, WHOLE)
    assert store.state("site") == WHOLE
    assert store.states() == (WHOLE,)


def test_state_is_replaced_as_a_whole(store: Store) -> None:
    put(store, WHOLE, SourceState(name="site"))
    assert store.state("site") == SourceState(name="site")


def test_state_of_an_intake_is_stored_with_it(store: Store) -> None:
    save(store, Intake(source="site", at=START, state=WHOLE))
    assert store.state("site") == WHOLE


def test_states_come_by_name(store: Store) -> None:
    put(store, *(SourceState(name=name) for name in ("b", "a-1", "c", "a")))
    assert [state.name for state in store.states()] == ["a", "a-1", "b", "c"]


def test_reason_and_facts_lose_what_xml_forbids(store: Store) -> None:
    put(store, replace(WHOLE, reason="a\x00\ud800b", facts={"k\x01": "v\x02"}))
    state = store.state("site")
    assert (state.reason, state.facts) == ("ab", {"k": "v"})


def test_due_sources_are_those_whose_turn_has_come_longest_first(store: Store) -> None:
    def at(name: str, minutes: int) -> SourceState:
        return SourceState(name=name, next_run=START + timedelta(minutes=minutes))

    put(store, at("now", 0), at("late", -60), at("also-late", -60), at("soon", 1), at("later", -30))
    put(store, SourceState(name="never"))
    assert store.due(START, 10) == ("also-late", "late", "later", "now")
    assert store.due(START, 2) == ("also-late", "late")
    assert store.due(START - timedelta(hours=2), 10) == ()


def test_validators_are_remembered_by_address(store: Store) -> None:
    first = {
        "https://news.example.org/": Validators('W/"1"', "Mon, 05 Jan 2026 00:00:00 GMT", "abc"),
        "https://news.example.org/2": Validators(body_digest="def"),
    }
    save(store, replace(intake(), validators=first))
    assert store.validators("site") == first
    assert store.validators("other") == {}


def test_new_validators_replace_those_of_their_address_only(store: Store) -> None:
    one, two = "https://news.example.org/1", "https://news.example.org/2"
    save(store, replace(intake(), validators={one: Validators('"a"'), two: Validators('"b"', "x")}))
    save(store, replace(intake(), validators={two: Validators('"c"')}))
    assert store.validators("site") == {one: Validators('"a"'), two: Validators('"c"')}
    save(store, intake())
    assert len(store.validators("site")) == 2


def test_address_too_long_for_an_index_is_not_remembered(store: Store) -> None:
    """It is fetched in full the next time; nothing else suffers."""
    long = "https://news.example.org/?" + "x" * 9_000
    save(store, replace(intake(), validators={long: Validators('"a"'), "https://news.example.org/": Validators('"b"')}))
    assert store.validators("site") == {"https://news.example.org/": Validators('"b"')}
