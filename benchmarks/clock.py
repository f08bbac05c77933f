"""What keeping the time costs: 10,000 simulated sources due within an hour, and how soon `run` serves.

    python benchmarks/clock.py [--sources 10000] [--minutes 1] [--starts 5]

1. "an hour, compressed": a fake clock goes through an hour in steps of a second; every source must be read in its turn,
   none twice, none dropped. Drift is how long after its time a source is handed to a refresher.
2. "a minute, real": the schedule ticks once a real second at the real rate (10,000 in an hour are 2.8 a second); a
   read takes 200 ms of waiting and stores its state. CPU is that of the whole process.
3. "start": from the start of `feedservice run` to the first 200, 300 feeds stored.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.installation import first_200, install, running
from feedservice.model import (
    FIRST_READ,
    Extraction,
    Fields,
    Memory,
    NotModified,
    Page,
    Reading,
    SourceState,
    Validators,
)
from feedservice.protocols import Clock, ConditionalGet, KnownAmong, PageReader
from feedservice.refreshing.opened import OpenSource
from feedservice.running.worker import Worker
from feedservice.schedule import Schedule, next_run
from feedservice.store import open_store

_MEMORY = Path("/dev/shm")  # noqa: S108
HOUR = timedelta(hours=1)
START = datetime(2026, 1, 5, tzinfo=UTC)
READERS = PageReader(
    read=lambda page: Extraction(Fields()),
    clean=lambda fields, base: fields,
    next_pages=lambda page: (),
    join=lambda first, rest: first,
)


@dataclass(slots=True)
class Simulated:
    """A source that takes its time and says that nothing has changed; counts its reads and how late they were."""

    due: datetime
    clock: Clock
    wait: float
    drifts: list[float]
    reads: int = 0

    def read(self, get: ConditionalGet, known: KnownAmong, memory: Memory = FIRST_READ) -> Reading:
        self.drifts.append((self.clock() - self.due).total_seconds())
        self.reads += 1
        time.sleep(self.wait)
        return Reading(unchanged=True)


@dataclass(slots=True)
class Scene:
    """A worker with simulated sources, due one after another within an hour."""

    clock: Clock
    begin: datetime
    wait: float
    drifts: list[float] = field(default_factory=list)
    sources: dict[str, Simulated] = field(default_factory=dict)

    def open(self, folder: str, count: int, fetchers: ThreadPoolExecutor, workers: int) -> Worker:
        """The worker; the times of its sources are stored."""
        store = open_store(f"sqlite:///{folder}/clock.db", self.clock)
        opened: dict[str, OpenSource] = {}
        with store.writing() as writer:
            for number in range(count):
                name, due = f"source-{number}", self.begin + number * HOUR / count
                due = due.replace(microsecond=0)
                self.sources[name] = Simulated(due, self.clock, self.wait, self.drifts)
                opened[name] = self._source(name)
                writer.put_state(SourceState(name=name, next_run=due))
        return Worker(
            store=store,
            sources=opened,
            clock=self.clock,
            workers=workers,
            fetchers=fetchers,
            rebuild=lambda: None,
        )

    def _source(self, name: str) -> OpenSource:
        def again(now: datetime) -> datetime | None:
            return next_run(name, now, every=HOUR, cron=None, jitter=timedelta(seconds=30), timezone="Asia/Shanghai")

        return OpenSource(
            name=name,
            home="https://news.example.org/",
            source=self.sources[name],
            get=no_network,
            pages=READERS,
            shelf=(),
            timezone="Asia/Shanghai",
            limit=200,
            offer_wins=False,
            next_run=again,
        )

    def was_read(self, times: int) -> bool:
        """Whether there were so many reads."""
        return len(self.drifts) >= times

    def tell(self, expected: int) -> None:
        """Print how late reads were; asserts that each source came once."""
        counts = Counter(source.reads for source in self.sources.values())
        late = sorted(self.drifts)
        p99 = late[int(0.99 * (len(late) - 1))]
        print(f"  {len(late):,} reads, expected {expected:,}; drift median {statistics.median(late):.2f} s, ", end="")
        print(f"p99 {p99:.2f} s, worst {late[-1]:.2f} s (goal p99 under 2 s)")
        assert set(counts) <= {0, 1}, f"sources were read more than once: {counts}"
        assert len(late) >= expected, "sources were dropped"


def no_network(url: str, *, unless: Validators | None = None, accept: str = "*/*") -> Page | NotModified:
    """Nothing is fetched here."""
    raise AssertionError(url)


def compressed_hour(count: int) -> None:
    """Correctness: an hour in as little time as the ticks take."""
    now = [START]
    scene = Scene(lambda: now[0], START, 0.0)
    # In memory where that can be: 10,000 commits to a disk would be all that is measured.
    with TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder, ThreadPoolExecutor(4) as fetchers:
        worker = scene.open(folder, count, fetchers, 8)
        begun, cpu = time.perf_counter(), time.process_time()
        for _ in range(3_600):
            expected = sum(source.due <= now[0] for source in scene.sources.values())
            worker.tick()
            _wait(partial(scene.was_read, expected))
            now[0] += timedelta(seconds=1)
        worker.stop()
        print(f"an hour, compressed into {time.perf_counter() - begun:.0f} s, {time.process_time() - cpu:.0f} s CPU:")
    scene.tell(count)


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 0.5
    while not until() and time.monotonic() < end:
        time.sleep(0.001)


def real_time(count: int, minutes: float) -> None:
    """Cost: real ticks, at the real rate."""
    clock: Clock = lambda: datetime.now(UTC)  # noqa: E731
    begin = clock() + timedelta(seconds=2)
    scene = Scene(clock, begin + timedelta(seconds=8), 0.2)
    with TemporaryDirectory() as folder, ThreadPoolExecutor(4) as fetchers:
        worker = scene.open(folder, count, fetchers, 8)
        schedule = Schedule(
            tick=worker.tick, rebuild=lambda: None, rebuild_cron="17 3 * * *", timezone="Asia/Shanghai", clock=clock
        )
        late = (clock() - scene.begin).total_seconds()
        if late > 0:
            print(f"  (the store was filled {late:.0f} s too late: the first sources are late by that)")
        schedule.start()
        time.sleep(max(0.0, -late))
        before = time.process_time()
        time.sleep(60 * minutes)
        spent = time.process_time() - before
        until = clock() - timedelta(seconds=3)
        schedule.stop()
        worker.stop()
    due = sum(source.due <= until for source in scene.sources.values())
    print(f"{minutes:g} minutes, real: {spent / (60 * minutes):.1%} of a core (goal under 1.5 cores)")
    scene.tell(due)


def starts(rounds: int) -> None:
    """How long it takes to be there."""
    with TemporaryDirectory() as folder:
        here = install(Path(folder), articles=6_000)
        times = []
        for _ in range(rounds):
            begun = time.perf_counter()
            with running(here):
                first_200(here, "/feeds/all.rss")
                times.append(time.perf_counter() - begun)
    spread = f"{min(times):.2f}-{max(times):.2f}"
    print(f"start of run to the first 200, 300 feeds: median {statistics.median(times):.2f} s ({spread}; goal 2 s)")
    print(f"  load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--starts", type=int, default=5)
    arguments = parser.parse_args()
    if arguments.starts:
        starts(arguments.starts)
    compressed_hour(arguments.sources)
    real_time(arguments.sources, arguments.minutes)
    assert threading.active_count() < 50


if __name__ == "__main__":
    main()
