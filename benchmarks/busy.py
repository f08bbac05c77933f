"""How long readers wait while everything else goes on at once, beside nginx on the same machine with the same bytes.

    python benchmarks/busy.py [--rounds 5] [--seconds 4] [--articles 6000]

`feedservice run` with 300 feeds: every feed is written anew, whole, again and again, and 99 sources are read every five
seconds, a new article falling into one of them every quarter of a second. Meanwhile wrk asks with 64 connections for a
feed that changes all the time, conditionally and not, and, in turn, nginx for the same feed as a file. The ratio of the
99th percentiles is taken inside each round. Another client asks ten times a second and tells how long a published
change took to be served.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.installation import Installation, first_200, free_port, get, install, running
from benchmarks.serve import NGINX
from feedservice.protocols import Store
from feedservice.rebuild import make_stale
from feedservice.store import open_store

FEED = "/feeds/all.rss"
CONNECTIONS = 64
MODES = {"304": "gzip", "gzip 200": "gzip"}


class Watcher(threading.Thread):
    """Asks for the feed, and compares it with what the store has: how old was what was served?"""

    def __init__(self, here: Installation, store: Store) -> None:
        super().__init__(daemon=True)
        self._here, self._store = here, store
        self.stop = threading.Event()
        self.ages: list[float] = []
        self.faults: list[str] = []

    def run(self) -> None:
        """Until told to stop."""
        since: dict[str, float] = {}
        current = ""
        while not self.stop.wait(0.1):
            document = self._store.document(FEED, ["identity"])
            tag = document.representations[0].etag if document is not None else ""
            now = time.monotonic()
            if tag != current:
                current = tag
                since[tag] = now
            answer = get(self._here.port, FEED)
            if not answer.startswith(b"HTTP/1.1 200"):
                self.faults.append(answer[:40].decode("latin-1"))
                continue
            served = re.search(rb"etag: (\S+)", answer[:2_000], re.IGNORECASE)
            assert served is not None
            if served[1].decode() == current and current in since:
                self.ages.append(time.monotonic() - since.pop(current))


def disturb(here: Installation, stop: threading.Event) -> None:
    """Have all feeds written anew, whole, again and again, and new articles fall into the folders."""
    store = open_store(here.url, lambda: datetime.now(UTC))
    folders = sorted(path for path in here.folder.iterdir() if path.is_dir() and path.name.startswith("s"))
    number = 0
    while not stop.wait(0.25):
        number += 1
        if not store.stale():
            make_stale(store, None)
        text = f"---\ntitle: 忙时第{number}号\ndate: {datetime.now(UTC).isoformat()}\n---\n\n第{number}号的正文。\n"
        (folders[number % len(folders)] / f"b{number}.md").write_text(text)
    store.close()


@contextmanager
def nginx(folder: Path, here: Installation) -> Iterator[int]:
    """nginx with the feed as it is at the beginning; its port."""
    port = free_port()
    (folder / "feeds").mkdir(parents=True)
    (folder / "feeds/all.rss").write_bytes(get(here.port, FEED).partition(b"\r\n\r\n")[2])
    packed = get(here.port, FEED, "Accept-Encoding: gzip").partition(b"\r\n\r\n")[2]
    (folder / "feeds/all.rss.gz").write_bytes(packed)
    user = "root" if os.geteuid() == 0 else "nobody"
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, user=user))
    process = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(folder / "nginx.conf")])
    try:
        time.sleep(1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def p99(port: int, mode: str, seconds: int) -> float:
    """Milliseconds. Raises SystemExit when an answer is not what it should be."""
    tag = re.search(rb"etag: (\S+)", get(port, FEED, "Accept-Encoding: gzip")[:2_000], re.IGNORECASE)
    assert tag is not None
    fields = ["-H", "Accept-Encoding: gzip"]
    fields += ["-H", f"If-None-Match: {tag[1].decode()}"] if mode == "304" else []
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds}s",
        "--latency",
        *fields,
        f"http://127.0.0.1:{port}{FEED}",
    ]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(f"answers failed:\n{told}")
    found = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    assert found is not None, told
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]]


def measure(here: Installation, port: int, *, rounds: int, seconds: int) -> dict[str, list[tuple[float, float]]]:
    """By kind of answer, the 99th percentiles of ours and of nginx, in each round."""
    found: dict[str, list[tuple[float, float]]] = {mode: [] for mode in MODES}
    for _ in range(rounds):
        for mode in MODES:
            found[mode].append((p99(here.port, mode, seconds), p99(port, mode, seconds)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--articles", type=int, default=6_000)
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, load before: {os.getloadavg()[0]:.1f}")
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        here = install(folder, articles=arguments.articles, every="5s")
        stack.enter_context(running(here))
        first_200(here, FEED)
        port = stack.enter_context(nginx(folder / "static", here))
        quiet = measure(here, port, rounds=1, seconds=arguments.seconds)
        store = open_store(here.url, lambda: datetime.now(UTC))
        stop = threading.Event()
        before = store.version()
        disturber = threading.Thread(target=disturb, args=(here, stop))
        watcher = Watcher(here, store)
        disturber.start()
        watcher.start()
        found = measure(here, port, rounds=arguments.rounds, seconds=arguments.seconds)
        stop.set()
        watcher.stop.set()
        disturber.join()
        watcher.join()
        written = store.version() - before
        store.close()
    print(f"{written:,} documents were published meanwhile")
    for mode, pairs in found.items():
        ratios = [ours / theirs for ours, theirs in pairs]
        middle = [statistics.median(column) for column in zip(*pairs, strict=True)]
        still = quiet[mode][0]
        print(
            f"{mode}: p99 {middle[0]:.1f} ms, nginx {middle[1]:.1f} ms: {statistics.median(ratios):.2f}"
            f" ({min(ratios):.2f}-{max(ratios):.2f}) x nginx (goal 3); without the rest going on {still[0]:.1f}"
            f" and {still[1]:.1f} ms"
        )
    ages = sorted(watcher.ages)
    print(f"{len(ages)} changes, served after {statistics.median(ages):.2f} s, at most {ages[-1]:.2f} s (goal 1)")
    print(f"other answers than 200: {watcher.faults or 'none'}")


if __name__ == "__main__":
    main()
