"""When things happen. APScheduler lives here only.

One job ticks once a second and asks the store who is due; the next times stand in the store's indexed column, so they
survive a restart and ten thousand sources cost one look-up a second, where a job each cost a quarter of a core.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol, cast
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from feedservice.protocols import Clock


class _Trigger(Protocol):
    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None: ...


def next_run(
    name: str, now: datetime, *, every: timedelta, cron: str | None, jitter: timedelta, timezone: str
) -> datetime | None:
    """When a source that was read at `now` is read again; None when its cron line has no further time.

    The jitter is drawn from the name and the time, at most `jitter` and a tenth of the interval: spread over the
    sources, the same at every run of the program.
    """
    zone = ZoneInfo(timezone)
    trigger = cast(
        "_Trigger",
        CronTrigger.from_crontab(cron, timezone=zone)
        if cron
        else IntervalTrigger(seconds=max(1, int(every.total_seconds())), timezone=zone, start_date=now + every),
    )
    fires = trigger.get_next_fire_time(None, now + timedelta(seconds=1))
    if fires is None:
        return None
    room = min(jitter, every / 10) if not cron else jitter
    # On the wall clock, adding would forget which of the two hours it is in the night that has one twice.
    return fires.astimezone(UTC) + share_of(name, fires) * room


def share_of(name: str, at: datetime) -> float:
    """How much of its jitter a source gets at a time, 0 to 1: spread over the sources, the same at every run."""
    return zlib.crc32(f"{name} {at.isoformat()}".encode()) / 2**32


def check_cron(line: str, timezone: str) -> None:
    """Let a cron line of five fields through. Raises ValueError saying what is wrong with it."""
    CronTrigger.from_crontab(line, timezone=ZoneInfo(timezone))


class Schedule:
    """Calls `tick` once a second and `rebuild` at its own times, each never twice at once, until it is stopped.

    Misfires coalesce, however late: a machine that slept runs a thing once when it wakes, and a tick that waited for a
    thread is never dropped.
    """

    def __init__(
        self, *, tick: Callable[[], None], rebuild: Callable[[], None], rebuild_cron: str, timezone: str, clock: Clock
    ) -> None:
        defaults = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        zone = ZoneInfo(timezone)
        self._scheduler = BackgroundScheduler(job_defaults=defaults, timezone=zone)
        self._scheduler.add_job(tick, IntervalTrigger(seconds=1, timezone=zone), id="tick", next_run_time=clock())
        self._scheduler.add_job(rebuild, CronTrigger.from_crontab(rebuild_cron, timezone=zone), id="rebuild")

    def start(self) -> None:
        """Begin; returns at once."""
        self._scheduler.start()

    def stop(self) -> None:
        """Wait for what is running, and end."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
