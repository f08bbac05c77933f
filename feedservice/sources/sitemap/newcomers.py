"""Which addresses of a sitemap are offered: the latest ones, and all that are new, but nothing of its past.

A sitemap holds everything, and any of its files may fail: old addresses come to the top where newer ones are missing.
So a first read names what it leaves out, and notes how old its oldest article is where that is more than is remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from feedservice.model import Memory
from feedservice.protocols import KnownAmong
from feedservice.sources.sitemap.latest import Told, newest_first, without_backlog

_REMEMBERED = 4_000
_ASKED_AT_ONCE = 500
_LEEWAY = timedelta(days=2)
OLDEST, MORE = "oldest", "more"


@dataclass(frozen=True, slots=True)
class Choice:
    """The addresses that are offered, the latest first, and those left out for good. notes: for the next read's memory.

    cut: more are new than are taken at once.
    """

    offered: Sequence[str]
    beyond: Sequence[str] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[str] = ()
    cut: bool = False


def choose(
    told: Sequence[Told], known: KnownAmong, memory: Memory, *, limit: int, partial: bool, unread: bool
) -> Choice:
    """Decide what is offered of what a sitemap tells.

    limit: how many are offered at least, known or not. partial: a file failed. unread: there are files that nobody
    read. A source that was read before anything was noted of it is told of as by a first read.
    """
    order = [told[place] for place in newest_first(told)]
    latest = without_backlog([url for url, _ in order[:limit]], told, known)
    if memory.first or OLDEST not in memory.notes:
        return _first(order, latest, known, memory, missing=partial or unread)
    return _later(order, latest, known, memory, partial=partial)


def _first(order: Sequence[Told], latest: Sequence[str], known: KnownAmong, memory: Memory, *, missing: bool) -> Choice:
    taken = set(latest)
    rest = [url for url, _ in order if url not in taken]
    beyond = rest[:_REMEMBERED]
    if memory.since is not None:
        stored = known(beyond)
        beyond = [url for url in beyond if url not in stored]
    times = [at for url, at in order if url in taken and at is not None]
    notes = {
        OLDEST: min(times).isoformat() if times else "",
        MORE: "yes" if missing or len(rest) > _REMEMBERED else "",
    }
    return Choice(latest, beyond, notes)


def _later(order: Sequence[Told], latest: Sequence[str], known: KnownAmong, memory: Memory, *, partial: bool) -> Choice:
    top, more = set(latest), bool(memory.notes.get(MORE))
    oldest = memory.notes.get(OLDEST)
    since = datetime.fromisoformat(oldest) - _LEEWAY if oldest else None
    # One file may be gone for good; where what came is not of another time, the others tell what is new.
    tops = top if not partial or known(latest) else frozenset()
    offered: list[str] = []
    new, row = 0, 0
    for url, at, is_stored in _with_stored(order, known):
        if row > memory.most + len(top):
            break
        if is_stored:
            row += 1
            if url in top:
                offered.append(url)
        elif not more or (since is not None and at >= since if at is not None else url in tops):
            new, row = new + 1, 0
            offered.append(url)
        if new > memory.most:
            return _too_many(offered, top, memory, more=more)
    return Choice(offered)


def _with_stored(order: Sequence[Told], known: KnownAmong) -> Iterator[tuple[str, datetime | None, bool]]:
    """What was told, each with whether it is known; no more of it is asked about than is looked at, but for a few."""
    for start in range(0, len(order), _ASKED_AT_ONCE):
        some = order[start : start + _ASKED_AT_ONCE]
        stored = known([url for url, _ in some])
        for url, at in some:
            yield url, at, url in stored


def _too_many(offered: Sequence[str], top: set[str], memory: Memory, *, more: bool) -> Choice:
    """What is offered where more are new than one read takes.

    Where all of the past is remembered, they are. Else their times were all touched, and say nothing.
    """
    if not more:
        told = f"more than {memory.most} addresses of the sitemap are new: the rest comes with the next reads"
        return Choice(offered[:-1], problems=(told,), cut=True)
    told = f"more than {memory.most} addresses are dated as if they were new: only the first {len(top)} are looked at"
    return Choice([url for url in offered if url in top], problems=(told,))
