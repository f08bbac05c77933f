"""How much memory `feedservice run` takes: 300 feeds of 100,000 articles, after the start and after load on all feeds.

    python benchmarks/memory.py [--articles 100000] [--rounds 3]

Memory is the sum over all processes of what each has resident, shared pages divided among those that share them (PSS of
/proc/PID/smaps_rollup). "load" asks for every document in every coding, and again conditionally; "rebuilt" is after the
worker has written all feeds anew.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.installation import Installation, first_200, get, install, running
from benchmarks.processes import family, proportional, role
from feedservice.rebuild import make_stale
from feedservice.store import open_store

GOAL = 250_000_000
CODINGS = ("identity", "gzip", "br", "zstd")


def tell(when: str, pid: int) -> int:
    """Print the memory of a process and its descendants; returns the sum in bytes."""
    each = [(role(one), proportional(one)) for one in family(pid)]
    total = sum(size for _, size in each)
    parts = ", ".join(f"{name} {size / 1e6:.0f}" for name, size in each)
    print(f"{when:24} {total / 1e6:7.1f} MB  ({parts})", flush=True)
    return total


def load(here: Installation, paths: list[str]) -> None:
    """Ask for every document in every coding, then conditionally."""
    for path in paths:
        for coding in CODINGS:
            answer = get(here.port, path, f"Accept-Encoding: {coding}")
            assert answer.startswith(b"HTTP/1.1 200 "), (path, answer[:80])
        tag = next(line for line in answer.split(b"\r\n") if line.lower().startswith(b"etag:")).decode()
        match = f"If-None-Match:{tag.partition(':')[2]}"
        answer = get(here.port, path, "Accept-Encoding: zstd", match)
        assert answer.startswith(b"HTTP/1.1 304 "), (path, answer[:80])


def rebuild_all(here: Installation) -> Callable[[], bool]:
    """Make every feed stale and have the worker see it; the result says whether all are written."""
    store = open_store(here.url, lambda: datetime.now(UTC))
    make_stale(store, None)

    def done() -> bool:
        if store.stale():
            return False
        store.close()
        return True

    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with TemporaryDirectory() as name:
        here = install(Path(name), articles=arguments.articles)
        store = open_store(here.url, lambda: datetime.now(UTC))
        heads = store.heads_since(0)
        store.close()
        paths = [head.path for head in heads]
        bodies = sum(coded.length for head in heads for coded in head.codings)
        print(
            f"{arguments.articles:,} articles, {len({head.feed for head in heads})} feeds, {len(paths)} documents",
            end="",
        )
        print(f" of {bodies / 1e6:,.0f} MB in all codings, database {here.database.stat().st_size / 1e6:,.0f} MB\n")
        with running(here) as process:
            first_200(here, "/feeds/all.rss")
            time.sleep(10)
            most = tell("after the start", process.pid)
            for number in range(arguments.rounds):
                load(here, paths)
                most = max(most, tell(f"after load {number + 1}", process.pid))
        # The worker rebuilds what is stale when it starts.
        done = rebuild_all(here)
        with running(here) as process:
            first_200(here, "/feeds/all.rss")
            while not done():
                time.sleep(0.5)
            most = max(most, tell("after rebuilding all", process.pid))
            load(here, paths)
            most = max(most, tell("and load", process.pid))
    print(f"\nmost: {most / 1e6:.1f} MB, goal under {GOAL / 1e6:.0f} MB: {'reached' if most < GOAL else 'missed'}")


if __name__ == "__main__":
    main()
