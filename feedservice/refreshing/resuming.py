"""When a source is read next where the stored time stands no more: another configuration, a clock that was wrong.

A decision on data alone, and none at all where nothing changed: a restart moves no source.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from feedservice.model import SourceState
from feedservice.refreshing.opened import OpenSource
from feedservice.schedule import polling

_RHYTHM = "rhythm"
_SLIGHT = timedelta(minutes=1)
# The hours and days that a source rests are looked at for so long.
_LONGEST_REST = timedelta(days=8)
_JITTER = timedelta(hours=1)


def resume(state: SourceState, source: OpenSource, now: datetime, soon: datetime) -> tuple[SourceState, str]:
    """The state with the next time that stands now; and why it is another one, in words, "" where it is not.

    soon: when a source is read whose settings are others. One with another rhythm is read by the new one at the latest.
    """
    rhythm = state.facts.get(_RHYTHM)
    state = noted(state, source)
    if state.next_run is None:
        return replace(state, next_run=now), ""
    if state.facts.get("settings", source.settings) != source.settings:
        return _moved(state, soon, "other settings")
    planned = source.next_run(now)
    if rhythm is not None and rhythm != source.rhythm:
        return _moved(state, planned or now, "another rhythm")
    ahead = state.last_run is not None and state.last_run > now + _SLIGHT
    if ahead or (planned is not None and state.next_run > _latest(source, planned)):
        return _moved(state, planned or now, "a time of a clock that was wrong, or of other settings")
    return state, ""


def noted(state: SourceState, source: OpenSource) -> SourceState:
    """The state with the rhythm that its next time was given by."""
    if state.facts.get(_RHYTHM) == source.rhythm:
        return state
    return replace(state, facts={**state.facts, _RHYTHM: source.rhythm})


def _moved(state: SourceState, at: datetime, why: str) -> tuple[SourceState, str]:
    if state.next_run is not None and state.next_run <= at:
        return state, ""
    return replace(state, next_run=at), why


def _latest(source: OpenSource, planned: datetime) -> datetime:
    """The latest time that any read until now may have given a source. planned: what one at this moment would give."""
    asked = (source.longest_wait or polling.LONGEST) + _LONGEST_REST if source.heeds else timedelta(0)
    return planned + asked + _JITTER
