"""Whether `feedservice run` stays as it is: requests at a steady rate for a long time, with rebuilds going on.

    python benchmarks/soak.py [--minutes 60] [--rate 2000] [--articles 6000]

300 feeds; the sources are folders into which a file falls every second, read again and again, so that feeds are rebuilt
and swapped all the time. Clients ask over keep-alive connections, nine of ten conditionally with the entity tag that
they were given last, a tenth for the whole body in some coding; a hundredth of them comes on a connection of its own.
Asserts: every answer is a 200 or a 304 with a whole body whose entity tag is known or new, no connection fails, memory
in the second half is no more than a tenth above that in the first, no process holds more descriptors at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.installation import Installation, first_200, install, running
from benchmarks.processes import descriptors, family, proportional
from feedservice.store import open_store

CONNECTIONS = 32
CODINGS = ("gzip", "gzip", "gzip", "gzip, br", "gzip, br, zstd", "identity")
"""As clients accept them: br and zstd follow when nothing waits to be written, and gzip is sent until then."""
SLACK = 1.10
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True)
class Seen:
    """What the clients were answered. tags: the newest entity tag by path and coding."""

    statuses: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    changes: int = 0
    tags: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass(slots=True)
class Measured:
    """What the service took, at one moment."""

    memory: int
    descriptors: int


@dataclass(slots=True)
class Client:
    """One keep-alive connection that asks at its own pace, like the poller of an aggregator."""

    port: int
    paths: list[str]
    pause: float
    seen: Seen
    chance: random.Random
    streams: Streams | None = None

    async def poll(self, until: float) -> None:
        """Ask until the time has come; an answer that is late delays none of the next."""
        turn = time.monotonic() + self.chance.random() * self.pause
        while turn < until:
            await asyncio.sleep(max(0.0, turn - time.monotonic()))
            turn += self.pause
            begun = time.perf_counter()
            try:
                await asyncio.wait_for(self.ask(), 30)
            except (OSError, EOFError, ValueError, TimeoutError) as error:
                self.seen.errors.append(f"{type(error).__name__}: {error}")
                self.close()
            if self.chance.random() < 0.01:
                self.seen.times.append(time.perf_counter() - begun)
        self.close()

    async def ask(self) -> None:
        """One request and its whole answer. Raises ValueError for an answer that is not what it should be."""
        path, coding = self.chance.choice(self.paths), self.chance.choice(CODINGS)
        known = self.seen.tags.get((path, coding)) if self.chance.random() < 0.9 else None
        if self.streams is None or self.chance.random() < 0.01:
            self.close()
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        match = f"If-None-Match: {known}\r\n" if known else ""
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {coding}\r\n{match}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status = int(head[9:12])
        fields = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.split("\r\n"))
        }
        if status == 200:
            body = await reader.readexactly(int(fields["content-length"]))
            self._judge(path, coding, fields, body, known)
        elif status != 304 or not known:
            raise ValueError(f"{path}: {status}")
        self.seen.statuses[status] += 1

    def _judge(self, path: str, coding: str, fields: dict[str, str], body: bytes, known: str | None) -> None:
        if fields.get("content-encoding", "identity") not in coding.split(", ") or not body:
            raise ValueError(f"{path}: {coding} was asked for, {fields.get('content-encoding')} came")
        self.seen.changes += known is not None
        self.seen.tags[path, coding] = fields["etag"]

    def close(self) -> None:
        if self.streams is not None:
            self.streams[1].close()
            self.streams = None


async def grow(here: Installation, until: float, pause: float) -> int:
    """Let new articles fall into the folders; returns how many."""
    number = 0
    folders = sorted(path for path in here.folder.iterdir() if path.is_dir())
    while time.monotonic() < until:
        number += 1
        text = f"---\ntitle: 新的第{number}号\ndate: {datetime.now(UTC).isoformat()}\n---\n\n第{number}号的正文。\n"
        # In one folder after another: what it holds must not grow into the measure of anything.
        (folders[number % len(folders)] / f"n{number}.md").write_text(text)
        await asyncio.sleep(pause)
    return number


async def watch(pid: int, until: float, pause: float, found: list[Measured]) -> None:
    """Measure the service now and then."""
    while time.monotonic() < until:
        await asyncio.sleep(pause)
        pids = family(pid)
        found.append(Measured(sum(proportional(each) for each in pids), sum(descriptors(each) for each in pids)))


async def load(here: Installation, pid: int, seconds: float, rate: float) -> tuple[Seen, list[Measured], int | None]:
    """All clients, the sources and the watch, together."""
    store = open_store(here.url, lambda: datetime.now(UTC))
    paths = sorted(head.path for head in store.heads_since(0))
    store.close()
    seen, found = Seen(), list[Measured]()
    until = time.monotonic() + seconds
    clients = [
        Client(here.port, paths, CONNECTIONS / rate, seen, random.Random(number)) for number in range(CONNECTIONS)
    ]
    work = [client.poll(until) for client in clients]
    grown, *_ = await asyncio.gather(grow(here, until, 1.0), watch(pid, until, max(0.5, seconds / 100), found), *work)
    return seen, found, grown


def soak(folder: Path, *, seconds: float, rate: float, articles: int) -> str:
    """Run all of it. Raises AssertionError when something is wrong; returns what was seen, in words."""
    here = install(folder, articles=articles, every="10s")
    with running(here) as process:
        first_200(here, "/feeds/all.rss")
        # Warm: every document was asked for once, and every source read.
        asyncio.run(load(here, process.pid, max(5.0, seconds / 10), rate))
        before = descriptors(process.pid)
        seen, found, grown = asyncio.run(load(here, process.pid, seconds, rate))
        settle = time.monotonic() + 15
        while (idle := sum(descriptors(each) for each in family(process.pid))) and (
            time.monotonic() < settle and idle > min(each.descriptors for each in found)
        ):
            time.sleep(0.2)
        after = descriptors(process.pid)
    told = describe(seen, found, grown, seconds, idle)
    assert not seen.errors, f"{len(seen.errors)} errors, the first: {seen.errors[:3]}\n{told}"
    assert seen.changes, f"no feed changed\n{told}"
    half = len(found) // 2
    first, second = (statistics.median(each.memory for each in part) for part in (found[:half], found[half:]))
    assert second <= SLACK * first, f"memory grew\n{told}"
    assert after <= before, f"the first process holds {after} descriptors, {before} before\n{told}"
    assert idle <= min(each.descriptors for each in found) + 2, f"{idle} descriptors are open without clients\n{told}"
    return told


def describe(seen: Seen, found: list[Measured], grown: int | None, seconds: float, idle: int) -> str:
    """What was seen, in words."""
    total = sum(seen.statuses.values())
    late = sorted(seen.times)
    half = len(found) // 2
    first, second = (statistics.median(each.memory for each in part) / 1e6 for part in (found[:half], found[half:]))
    most = max(each.descriptors for each in found)
    return (
        f"{total:,} answers in {seconds:,.0f} s ({total / seconds:,.0f}/s):"
        f" {', '.join(f'{count:,} x {status}' for status, count in sorted(seen.statuses.items()))};"
        f" {len(seen.errors)} errors\n"
        f"{grown} new articles; {seen.changes:,} conditional requests met a changed feed\n"
        f"latency as the client sees it: median {statistics.median(late) * 1e3:.1f} ms,"
        f" p99 {late[int(0.99 * (len(late) - 1))] * 1e3:.1f} ms\n"
        f"memory of all processes: median {first:.1f} MB in the first half, {second:.1f} MB in the second\n"
        f"descriptors: at most {most} with {CONNECTIONS} clients, {idle} when they had gone"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=2_000, help="requests a second")
    parser.add_argument("--articles", type=int, default=6_000)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        print(
            soak(Path(folder), seconds=60 * arguments.minutes, rate=arguments.rate, articles=arguments.articles),
        )


if __name__ == "__main__":
    main()
