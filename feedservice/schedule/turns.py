"""When things happen. APScheduler lives here only, and computes times; a loop of ours calls what is due.

A tick once a second asks the store who is due; the next times stand in the store's indexed column, so they survive a
restart and ten thousand sources cost one look-up a second, where a job each cost a quarter of a core. APScheduler's own
loop waits for a time of day: after a clock that was an hour ahead was set back, it would stand still for an hour.
"""

from __future__ import annotations

import logging
import threading
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Protocol, cast
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from feedservice.protocols import Clock

_log = logging.getLogger(__name__)
_TICK = 1.0


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
    """Calls `tick` once a second and `rebuild` at its own times, one after the other, until it is stopped.

    Whatever the clock does meanwhile: the seconds are those that really pass. Times that were missed become one; a
    rebuild comes at its next time after whatever hour the clock shows now.
    """

    def __init__(
        self, *, tick: Callable[[], None], rebuild: Callable[[], None], rebuild_cron: str, timezone: str, clock: Clock
    ) -> None:
        self._tick, self._rebuild, self._clock = tick, rebuild, clock
        self._times = cast("_Trigger", CronTrigger.from_crontab(rebuild_cron, timezone=ZoneInfo(timezone)))
        self._stopping = threading.Event()
        self._hand = ThreadPoolExecutor(1, thread_name_prefix="schedule")
        self._loop = threading.Thread(target=self._run, name="schedule")

    def start(self) -> None:
        """Begin; returns at once."""
        self._loop.start()

    def stop(self) -> None:
        """Wait for what is running, and end."""
        self._stopping.set()
        if self._loop.is_alive():
            self._loop.join()
        self._hand.shutdown()

    def _run(self) -> None:
        before = self._clock()
        rebuild_at = self._times.get_next_fire_time(None, before)
        while True:
            self._call(self._tick)
            now = self._clock()
            missed = rebuild_at is not None and now >= rebuild_at
            if missed or now < before:
                rebuild_at = self._times.get_next_fire_time(None, now + timedelta(seconds=1))
            if missed:
                self._call(self._rebuild)
            before = now
            if self._stopping.wait(_TICK):
                return

    def _call(self, job: Callable[[], None]) -> None:
        """A bug stops its job and is seen; the next one comes all the same."""
        problem = self._hand.submit(job).exception()
        if problem is not None:
            _log.critical("what was due stopped on a bug", exc_info=problem)
