"""What is on offer and not read now: how long, and that it is forgotten with the offer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from feedservice.model import Facts, Fields, Moment, Offer, Precision
from feedservice.refreshing.overlooking import leave_out, recall, remember

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def offer(key: str, title: str = "Title") -> Offer:
    return Offer(key=key, url=f"https://example.org/{key}", fields=Fields(title=title))


A, B = offer("a"), offer("b")


def fail(facts: Facts, *offers: Offer, at: datetime = NOW, hopeless: bool = False) -> Facts:
    keys = {each.key for each in offers}
    return remember(facts, offers, at, tried=keys, failed=dict.fromkeys(keys, hopeless))


def read(facts: Facts, listed: Sequence[Offer], *tried: Offer) -> Facts:
    return remember(facts, listed, NOW, tried={each.key for each in tried}, failed={})


def test_what_failed_is_tried_again_when_it_has_failed_for_as_long_again() -> None:
    facts, tries = fail({}, A), []
    for minutes in range(0, 60 * 24 * 6, 30):
        at = NOW + timedelta(minutes=minutes)
        if not recall(facts).holds_back(A, at):
            assert recall(facts).is_due(at)
            facts = fail(facts, A, at=at)
            tries.append(minutes / 60)
    assert tries == [0, 0.5, 1, 2, 4, 8, 16, 32, 56, 80, 104, 128]


def test_what_promises_little_waits_for_a_day() -> None:
    facts = fail({}, A, hopeless=True)
    assert recall(facts).holds_back(A, NOW + 23 * HOUR)
    assert not recall(facts).holds_back(A, NOW + 24 * HOUR)


def test_what_the_source_tells_otherwise_waits_no_longer() -> None:
    facts = fail({}, A, hopeless=True)
    assert not recall(facts).holds_back(offer("a", "Another title"), NOW + HOUR)


def test_a_clock_that_was_ahead_holds_nothing_back() -> None:
    facts = fail({}, A, at=NOW + timedelta(days=3650), hopeless=True)
    assert not recall(facts).holds_back(A, NOW)
    assert recall(fail(facts, A)).holds_back(A, NOW) is False
    assert recall(fail(facts, A, hopeless=True)).holds_back(A, NOW + HOUR)


def test_what_was_read_or_is_on_offer_no_more_is_forgotten() -> None:
    facts = fail({"other": 1}, A, B, hopeless=True)
    assert "a" in recall(facts)
    assert "a" not in recall(read(facts, [A, B], A))
    assert "b" in recall(read(facts, [A, B], A))
    assert read(facts, []) == {"other": 1}


def test_what_a_read_did_not_come_to_is_not_forgotten() -> None:
    facts = remember(fail({}, B), [A, B], NOW, tried={"b"}, failed={"b": True}, left_out=[A])
    part = remember(facts, [], NOW + HOUR, tried=set(), failed={}, paged=True, whole=False)
    assert part.items() > facts.items()
    assert (recall(facts).paged, recall(part).paged) == (False, True)
    assert "b" not in recall(remember(facts, [B], NOW, tried={"b"}, failed={}, paged=True, whole=False))
    assert recall(remember(part, [], NOW + HOUR, tried=set(), failed={}, paged=True)).failed == {}
    assert remember(part, [], NOW + HOUR, tried=set(), failed={}) == {}


def test_nothing_is_forgotten_while_some_of_what_is_on_offer_is_missing() -> None:
    facts = remember(fail({}, B), [A, B], NOW, tried={"b"}, failed={"b": True}, left_out=[A])
    part = remember(facts, [], NOW + HOUR, tried=set(), failed={}, partial=True)
    assert part == facts
    paged = remember(facts, [], NOW + HOUR, tried=set(), failed={}, paged=True)
    assert recall(paged).leaves_out("a")
    assert not recall(paged).leaves_out("b")


def test_what_was_left_out_is_never_read_while_it_is_on_offer() -> None:
    facts = remember({}, [A, B], NOW, tried={"a"}, failed={}, left_out=[B])
    assert recall(facts).holds_back(B, NOW + timedelta(days=100))
    assert not recall(facts).holds_back(A, NOW)
    assert not recall(facts).is_due(NOW + timedelta(days=100))
    facts = read(facts, [A, B])
    assert recall(facts).holds_back(B, NOW)
    assert read(facts, [A]) == {}


def test_so_many_are_remembered() -> None:
    many = [offer(str(number)) for number in range(6_000)]
    facts = remember(fail({}, *many), many, NOW, tried=set(), failed={}, left_out=many)
    assert len(recall(facts).failed) == 300
    assert len(recall(facts).left_out) == 5_000
    assert len(str(facts)) < 80_000


def test_of_what_is_not_remembered_it_is_known_how_old_it_was() -> None:
    """What has no date is remembered before all, for nothing else tells it from what is new."""

    def dated(number: int) -> Offer:
        moment = Moment(NOW - number * HOUR, Precision.MINUTE)
        return Offer(key=str(number), url=None, fields=Fields(title="Title", published=moment))

    many = [*(dated(number) for number in range(6_000)), A]
    overlooked = recall(remember({}, many, NOW, tried=set(), failed={}, left_out=many[200:]))
    assert overlooked.leaves_out("a")
    assert all(overlooked.leaves_out(str(number)) for number in range(200, 5_199))
    assert overlooked.past_of(many, {"5999"}) == {str(number) for number in range(5_199, 5_999)}
    assert overlooked.past_of([dated(-1), B], {}) == set()
    assert recall({}).past_of(many, {}) == set()


def test_what_a_move_leaves_out_is_remembered_however_much_was_before() -> None:
    facts = leave_out({}, {f"old {number}" for number in range(5_000)})
    facts = leave_out(facts, {"a", "b"})
    assert recall(facts).leaves_out("a")
    assert recall(facts).leaves_out("b")
