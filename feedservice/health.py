"""Is a source well, empty, quiet or broken? A decision on data alone; a broken read changes nothing that is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedservice.model import Health, SourceState

_LEAST_SILENCE = timedelta(days=7)
_SILENCES = 4
_ENOUGH_GAPS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a read came to. error: why nothing could be read, "" when something could.

    offers, distinct_titles: of what was on offer. pages_read, pages_unreadable: of the articles' own pages that came;
    page_titles: how many distinct headlines those pages had. new: articles never seen before.
    """

    error: str = ""
    unchanged: bool = False
    offers: int = 0
    distinct_titles: int = 0
    pages_read: int = 0
    pages_unreadable: int = 0
    page_titles: int = 0
    new: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to think of a read. believable: whether what it brought may be stored."""

    health: Health
    reason: str
    believable: bool


def judge(state: SourceState, evidence: Evidence, now: datetime) -> Verdict:
    """Decide what a read means for a source that was in `state`."""
    broken = _fault(state, evidence)
    if broken:
        return Verdict(Health.BROKEN, broken, believable=False)
    if evidence.unchanged or evidence.offers:
        silence = _silence(state, evidence, now)
        if silence:
            return Verdict(Health.QUIET, silence, believable=True)
        return Verdict(Health.WELL, "", believable=True)
    return Verdict(Health.EMPTY, "nothing is on offer", believable=True)


def _fault(state: SourceState, evidence: Evidence) -> str:
    if evidence.error:
        return evidence.error
    usual = _number(state.facts, "usual_offers")
    if not evidence.unchanged and not evidence.offers and usual:
        return f"nothing is on offer, where usually {usual:.0f} articles are"
    came = evidence.pages_read + evidence.pages_unreadable
    if evidence.pages_unreadable and not evidence.pages_read:
        return f"no article could be found on any of {came} pages"
    if came >= _ENOUGH_GAPS and evidence.pages_unreadable > came / 2:
        return f"no article could be found on {evidence.pages_unreadable} of {came} pages"
    if evidence.pages_read >= _ENOUGH_GAPS and evidence.page_titles == 1 and evidence.distinct_titles > 1:
        return f"all {evidence.pages_read} pages have the same headline"
    return ""


def _silence(state: SourceState, evidence: Evidence, now: datetime) -> str:
    gap = _number(state.facts, "usual_gap")
    if evidence.new or state.last_new is None or _number(state.facts, "gaps") < _ENOUGH_GAPS:
        return ""
    silence = now - state.last_new
    if silence <= max(_LEAST_SILENCE, _SILENCES * timedelta(seconds=gap)):
        return ""
    return f"nothing new for {silence.days} days, where usually something comes every {_span(gap)}"


def after(state: SourceState, verdict: Verdict, evidence: Evidence, now: datetime) -> SourceState:
    """The state to remember after a read that was judged."""
    changed = verdict.health is not state.health
    state = replace(
        state,
        health=verdict.health,
        reason=verdict.reason,
        since=now if changed or state.since is None else state.since,
        last_run=now,
        failures=state.failures + 1 if verdict.health is Health.BROKEN else 0,
    )
    if not verdict.believable:
        return state
    return replace(
        state,
        last_success=now,
        last_new=now if evidence.new else state.last_new,
        facts=_learn(state, evidence, now),
    )


def _learn(state: SourceState, evidence: Evidence, now: datetime) -> Mapping[str, str | int | float | bool | None]:
    facts = dict(state.facts)
    if evidence.offers:
        usual = _number(facts, "usual_offers")
        facts["usual_offers"] = round(0.8 * usual + 0.2 * evidence.offers, 2) if usual else evidence.offers
    if evidence.new and state.last_new is not None:
        gap = (now - state.last_new).total_seconds()
        usual_gap = _number(facts, "usual_gap")
        facts["usual_gap"] = round(0.7 * usual_gap + 0.3 * gap, 2) if usual_gap else gap
        facts["gaps"] = int(_number(facts, "gaps")) + 1
    return facts


def _number(facts: Mapping[str, str | int | float | bool | None], name: str) -> float:
    value = facts.get(name)
    return float(value) if isinstance(value, (int, float)) else 0.0


def _span(seconds: float) -> str:
    hours = seconds / 3600
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{max(1, hours):.0f} hours"
