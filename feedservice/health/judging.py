"""Is a source well, empty, quiet or broken? A decision on data alone; a broken read changes nothing that is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feedservice.addresses.masking import shown
from feedservice.health.rhythm import LEAST_SILENCE, unusual_silence
from feedservice.model import Facts, Health, Seen, SourceState

_ENOUGH = 3
_OF_A_FAULT = ("seen_url", "seen_status", "seen_title", "seen_words", "instead")
_UNREAD = "unread_in_a_row"
_DOUBTED = "doubted"
# Pages that the old settings could not read ("failed") may be read by the new ones.
_LEARNED = ("usual_offers", "varied", "dated", _UNREAD, _DOUBTED, "failed")
_MISSED = "missed_"
_NOTED, _LASTING = "note_", "note_lasting_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a read came to. error: why nothing could be read, "" when something could.

    offers, distinct_titles: of what was on offer. pages_read, pages_unreadable: of the articles' own pages that came;
    page_titles: how many distinct headlines those pages had. pages_missing: of those that did not come and may yet.
    Pages that could not be read before either are not counted. new: articles never seen before.
    dates, dates_now: how many whole times were told, and how many of them are that of the read itself.
    matched, unmatched: the fields with a selector of the operator's that was found on one of the pages, and on none.
    seen: what came, where that was not what should have come.
    """

    error: str = ""
    unchanged: bool = False
    offers: int = 0
    distinct_titles: int = 0
    pages_read: int = 0
    pages_unreadable: int = 0
    pages_missing: int = 0
    page_titles: int = 0
    new: int = 0
    dates: int = 0
    dates_now: int = 0
    matched: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to think of a read. believable: whether what it brought may be stored; where it may not and the source is
    not broken, the next read decides."""

    health: Health
    reason: str
    believable: bool


def judge(
    state: SourceState, evidence: Evidence, now: datetime, came: Sequence[datetime] = (), timezone: str = "UTC"
) -> Verdict:
    """Decide what a read means for a source that was in `state`.

    came: when its last articles were published; asked for only where `is_silent` says so. timezone: whose days count.
    """
    broken = _fault(state, evidence)
    if broken:
        return Verdict(Health.BROKEN, broken, believable=False)
    if _all_now(state, evidence):
        # Several articles may well come out in the minute of a read. Then their dates are of the past at the next one.
        told = f"all {evidence.dates} articles are dated to the moment of the read"
        again = bool(state.facts.get(_DOUBTED)) or state.health is Health.BROKEN
        return Verdict(Health.BROKEN if again else state.health, told, believable=False)
    if not evidence.unchanged and not evidence.offers:
        return Verdict(Health.EMPTY, "nothing is on offer", believable=True)
    if came and is_silent(state, evidence, now) and (silence := unusual_silence(came, now, timezone)):
        return Verdict(Health.QUIET, silence, believable=True)
    return Verdict(Health.WELL, "", believable=True)


def is_silent(state: SourceState, evidence: Evidence, now: datetime) -> bool:
    """Whether a source has said nothing for so long that its rhythm is to be looked at."""
    return not evidence.new and state.last_new is not None and now - state.last_new > LEAST_SILENCE


def _fault(state: SourceState, evidence: Evidence) -> str:
    if evidence.error:
        return evidence.error
    usual = _number(state.facts, "usual_offers")
    if not evidence.unchanged and not evidence.offers and usual:
        return f"nothing is on offer, where usually {usual:.0f} articles are"
    if evidence.offers >= _ENOUGH and evidence.distinct_titles == 1 and state.facts.get("varied"):
        return f"all {evidence.offers} articles on offer have the same headline"
    return _fault_of_pages(state, evidence) or _fault_of_selectors(state, evidence)


def _all_now(state: SourceState, evidence: Evidence) -> bool:
    all_now = evidence.dates >= _ENOUGH and evidence.dates == evidence.dates_now
    return all_now and bool(state.facts.get("dated"))


def _fault_of_pages(state: SourceState, evidence: Evidence) -> str:
    """Pages without an article on them, and those that are all alike.

    Where articles were read before, a page without one is a video, say. Only where nothing but such pages come, three
    of them in a row, is it the site that changed.
    """
    came, first = evidence.pages_read + evidence.pages_unreadable, state.last_success is None
    if evidence.pages_unreadable and not evidence.pages_read and (first or came >= _ENOUGH):
        return f"no article could be found on any of {came} pages"
    if first and came >= _ENOUGH and evidence.pages_unreadable > came / 2:
        return f"no article could be found on {evidence.pages_unreadable} of {came} pages"
    unread = evidence.pages_unreadable + evidence.pages_missing
    row = int(_number(state.facts, _UNREAD)) + unread
    if unread and not evidence.pages_read and row >= _ENOUGH:
        return f"no article could be read on the last {row} pages"
    if evidence.pages_read >= _ENOUGH and evidence.page_titles == 1 and evidence.distinct_titles > 1:
        return f"all {evidence.pages_read} pages have the same headline"
    return ""


def _fault_of_selectors(state: SourceState, evidence: Evidence) -> str:
    """Selectors that used to find something, and found nothing on the last three pages. One page proves nothing."""
    for name in evidence.unmatched:
        missed = _number(state.facts, _MISSED + name) + evidence.pages_read
        if _MISSED + name in state.facts and missed >= _ENOUGH:
            return f"the selector of {name} finds nothing any more, on {missed:.0f} pages in a row"
    return ""


def after(state: SourceState, verdict: Verdict, evidence: Evidence, now: datetime) -> SourceState:
    """The state to remember after a read that was judged; of a broken one, also what was seen."""
    changed = verdict.health is not state.health
    facts = {name: value for name, value in state.facts.items() if name not in _OF_A_FAULT}
    state = replace(
        state,
        health=verdict.health,
        reason=verdict.reason,
        since=now if changed or state.since is None else state.since,
        last_run=now,
        failures=state.failures + 1 if verdict.health is Health.BROKEN else 0,
    )
    if not verdict.believable:
        doubt: Facts = {} if verdict.health is Health.BROKEN else {_DOUBTED: True}
        return replace(state, facts={**facts, **_noted(evidence.seen), **doubt})
    return replace(
        state,
        last_success=now,
        last_new=now if evidence.new else state.last_new,
        facts=_learn(facts, evidence),
    )


def seen_of(state: SourceState) -> Seen | None:
    """What was seen at a source's last read, where that was broken and something came."""
    facts = state.facts
    if not any(name in facts for name in _OF_A_FAULT[:4]):
        return None
    return Seen(
        url=str(facts.get("seen_url") or ""),
        status=int(_number(facts, "seen_status")),
        title=str(facts.get("seen_title") or ""),
        words=str(facts.get("seen_words") or ""),
    )


def with_instead(state: SourceState, told: str) -> SourceState:
    """The state of a broken source with what the automatic readers find in its place, in words."""
    return replace(state, facts={**state.facts, "instead": told}) if told else state


def instead_of(state: SourceState) -> str:
    """What the automatic readers found when the source broke; "" for nothing."""
    return str(state.facts.get("instead") or "")


def forget_when_new(state: SourceState, settings: str) -> SourceState:
    """The state with nothing learned where the source's settings are others than those it was learned with.

    settings: any text that says which they are. So it is that new selectors are not judged by what the old ones found.
    """
    known = state.facts.get("settings")
    if known == settings:
        return state
    drop = known is not None
    facts = {name: value for name, value in state.facts.items() if not (drop and _is_learned(name))}
    return replace(state, facts={**facts, "settings": settings})


def _is_learned(name: str) -> bool:
    return name in _LEARNED or (name.startswith((_MISSED, _NOTED)) and not name.startswith(_LASTING))


def _noted(seen: Seen | None) -> Facts:
    if seen is None:
        return {}
    noted: Facts = {
        "seen_url": shown(seen.url),
        "seen_status": seen.status,
        "seen_title": seen.title,
        "seen_words": seen.words,
    }
    return {name: value for name, value in noted.items() if value}


def _learn(known: Facts, evidence: Evidence) -> Facts:
    facts = {name: value for name, value in known.items() if name != _DOUBTED}
    if evidence.offers:
        usual = _number(facts, "usual_offers")
        facts["usual_offers"] = round(0.8 * usual + 0.2 * evidence.offers, 2) if usual else evidence.offers
    if evidence.distinct_titles > 1:
        facts["varied"] = True
    if evidence.dates > evidence.dates_now:
        facts["dated"] = True
    if evidence.new:
        facts.pop(_UNREAD, None)
    elif unread := evidence.pages_unreadable + evidence.pages_missing:
        facts[_UNREAD] = int(_number(facts, _UNREAD)) + unread
    for name in evidence.matched:
        facts[_MISSED + name] = 0
    for name in evidence.unmatched:
        if _MISSED + name in facts:
            facts[_MISSED + name] = int(_number(facts, _MISSED + name)) + evidence.pages_read
    return facts


def _number(facts: Facts, name: str) -> float:
    value = facts.get(name)
    return float(value) if isinstance(value, (int, float)) else 0.0
