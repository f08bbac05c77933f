"""When a configured source is read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedservice.config.reading import ConfiguredSource
    from feedservice.config.settings import ScheduleSettings
    from feedservice.model import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When a source is read again, in the words of `OpenSource`."""

    next_run: Callable[[datetime], datetime | None]
    rhythm: str
    heeds: bool
    adapts: Callable[[Iterable[Card], datetime], datetime] | None
    longest_wait: timedelta | None


def timing_of(configured: ConfiguredSource, schedule: ScheduleSettings, timezone: str, *, pushed: bool) -> Timing:
    """When a source is read, by its own settings, else by those for all. pushed: it is told of articles."""
    from feedservice.schedule import next_run, share_of
    from feedservice.schedule.adapting import UNKNOWN, Bounds, next_read, times_of

    common, name = configured.common, configured.name
    every = common.every or schedule.every
    bounds = Bounds(common.min_every or schedule.min_every, common.max_every or schedule.max_every)
    fixed = bounds.held(UNKNOWN) if every == "adaptive" else every
    # Letters make their source due: there is nothing to learn of when they come.
    adapts = every == "adaptive" and common.cron is None and not pushed

    def next_time(now: datetime) -> datetime | None:
        return next_run(name, now, every=fixed, cron=common.cron, jitter=schedule.jitter, timezone=timezone)

    def adapted(cards: Iterable[Card], now: datetime) -> datetime:
        at = next_read(times_of(cards, timezone), now, bounds, timezone)
        return at + share_of(name, at) * min(schedule.jitter, bounds.least / 10)

    if common.cron is not None:
        rhythm = f"{common.cron} {timezone}"
    else:
        rhythm = f"{every} {bounds.least} {bounds.most} {timezone}" if every == "adaptive" else str(every)
    return Timing(
        next_run=next_time,
        rhythm=rhythm,
        heeds=common.cron is None and (adapts or common.every is None),
        adapts=adapted if adapts else None,
        longest_wait=bounds.most if adapts else None,
    )
