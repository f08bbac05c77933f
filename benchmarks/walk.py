"""Walks over the whole past of feeds of 100,000 articles: whole, nothing twice, and in bounded memory.

    python -m benchmarks.walk [--articles 100000] [--compare 10000]

A store of so many small articles, in 8 sources and 60 categories two deep, each article in four feeds; `feedservice
rebuild` writes the feeds and their archives, `feedservice serve` serves them. Each walk goes over HTTP from the feed
itself along `prev-archive` (Atom, RSS) or `next_url` (JSON), and has to meet exactly the articles of the feed, none
twice, on pages that name each other and the feed:

* in all formats, of `all`, two categories and a source;
* of `all`, in all formats, while some articles arrive and all is rebuilt, five times on the way: the articles of its
  beginning;
* of all those feeds once more: the articles of its beginning and those that arrived.

All pages are then asked for again: the same bytes and entity tags. (The page that was a feed's newest has the link to
the next one since; its articles are the same.) Memory is the peak of the rebuilding process (VmHWM), and the largest
sum of all serving processes (PSS) during the walks. All is done with --compare articles first; the exit code is 1 where
a walk is not exact, or where ten times the articles take half as much memory again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from lxml import etree

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.installation import PATIENCE, Installation, first_200, free_port, running
from benchmarks.processes import family, proportional
from feedservice.model import Arrival, CategoryStep, Feed, FeedKind, Fields, Intake, SourceState
from feedservice.protocols import Store
from feedservice.store import open_store

_SOURCES, _TOPS, _LEAVES, _BATCH = 8, 10, 5, 500
_FORMATS = ("atom", "rss", "json")
_FEEDS = ("all", "lei3", "lei3-zi3", "yuan1")
_NOW = datetime(2026, 1, 5, tzinfo=UTC)
_STOPS, _BURST = 5, 60
_MOST_MORE = 1.5
_ATOM, _HISTORY = "{http://www.w3.org/2005/Atom}", "{http://purl.org/syndication/history/1.0}"
_CONFIG = """\
site: {{title: 示例站, base_url: "http://127.0.0.1:{port}"}}
store: {{url: "{url}"}}
server: {{port: {port}}}
"""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A document of a walk. newer, older: the addresses of its neighbours, as far as its format tells."""

    path: str
    ids: tuple[str, ...]
    archive: bool
    current: str
    newer: str
    older: str


@dataclass(slots=True)
class Walked:
    """What a walk met. prints: of each archive page, its entity tag and a digest of its bytes, newest page first."""

    feed: str
    format: str
    ids: list[str] = field(default_factory=list)
    prints: dict[str, tuple[str, str]] = field(default_factory=dict)
    newest: tuple[str, ...] = ()
    faults: list[str] = field(default_factory=list)


def shelf(number: int) -> tuple[CategoryStep, CategoryStep]:
    """The category of an article."""
    top, leaf = number % _TOPS, number // _TOPS % _LEAVES
    return CategoryStep(title=f"类{top}", slug=f"lei{top}"), CategoryStep(title=f"子{leaf}", slug=f"lei{top}-zi{leaf}")


def feeds_of(number: int) -> set[str]:
    """The feeds that an article is in."""
    return {"all", f"yuan{number % _SOURCES}", *(step.slug for step in shelf(number))}


def address(number: int) -> str:
    """The id of an article."""
    return f"https://news.example.org/{number}.html"


def arrival(number: int) -> Arrival:
    """A small article; a larger number is newer."""
    at = _NOW + timedelta(seconds=number)
    body = f"<p>第{number}条的正文。</p><p>{'会议讨论了下一步的工作安排。' * (3 + number % 5)}</p>"
    return Arrival(
        id=address(number),
        key=address(number),
        url=address(number),
        published=at,
        updated=at,
        arrival=at,
        fields=Fields(title=f"第{number}条", body=body),
        offer_digest=f"{number:064}",
        content_digest=f"{number:064}",
        categories=(shelf(number),),
    )


def add(store: Store, numbers: range) -> None:
    """Store these articles, each with its source."""
    for first in range(numbers.start, numbers.stop, _BATCH):
        some = range(first, min(first + _BATCH, numbers.stop))
        with store.writing() as writer:
            for source in range(_SOURCES):
                mine = tuple(arrival(number) for number in some if number % _SOURCES == source)
                state = SourceState(name=f"yuan{source}", last_run=_NOW)
                writer.save(Intake(source=f"yuan{source}", at=_NOW, state=state, arrivals=mine))


def fill(here: Installation, size: int) -> None:
    """A store of so many articles, that nobody has written feeds of yet."""
    feeds = [Feed(name=f"yuan{source}", kind=FeedKind.SOURCE, title=f"源{source}") for source in range(_SOURCES)]
    store = open_store(here.url, lambda: datetime.now(UTC))
    with store.writing() as writer:
        writer.define_feeds([Feed(name="all", kind=FeedKind.ALL, title="示例站"), *feeds], "")
    add(store, range(size))
    store.close()


def rebuilt(here: Installation) -> int:
    """Have all feeds written; returns the largest resident size of the process, in bytes."""
    process = subprocess.Popen(here.command("rebuild"), stdout=subprocess.DEVNULL)
    most = 0
    # Not what wait4 tells: that begins with the size of this process, which has all that walks met.
    while process.poll() is None:
        told = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
        if told:
            most = max(most, int(told[1]) * 1024)
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"feedservice rebuild ended with {process.returncode}")
    return most


class Memory(threading.Thread):
    """Looks every half second how much the serving processes have."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ending = threading.Event()
        self.most = 0

    def run(self) -> None:
        """Until told to end."""
        while not self._ending.wait(0.5):
            self.most = max(self.most, sum(proportional(pid) for pid in family(self._pid)))

    def end(self) -> int:
        """The largest sum, in bytes."""
        self._ending.set()
        self.join()
        return self.most


class Reader:
    """Reads documents over one connection."""

    def __init__(self, port: int) -> None:
        self._wire = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def get(self, path: str) -> tuple[bytes, str]:
        """The bytes of a document and its entity tag."""
        try:
            answer = self._ask(path)
        except (BrokenPipeError, ConnectionResetError):  # nobody keeps a connection open that is idle for long
            self._wire.close()
            answer = self._ask(path)
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
        return body, answer.headers["ETag"]

    def _ask(self, path: str) -> HTTPResponse:
        self._wire.request("GET", path)
        return self._wire.getresponse()


def leaf_of(path: str, body: bytes) -> Leaf:
    """What a document tells of itself, as paths."""
    if path.endswith(".json"):
        told = json.loads(body)
        ids = tuple(item["id"] for item in told["items"])
        name = urlsplit(told["feed_url"]).path
        return Leaf(name, ids, "/archive/" in name, "", "", urlsplit(told.get("next_url", "")).path)
    root = etree.fromstring(body)
    above = root if root.tag == f"{_ATOM}feed" else root[0]
    links = {str(link.get("rel")): urlsplit(str(link.get("href"))).path for link in above.findall(f"{_ATOM}link")}
    entries = above.iterfind(f"{_ATOM}entry/{_ATOM}id") if above is root else above.iterfind("item/guid")
    return Leaf(
        links["self"],
        tuple(entry.text or "" for entry in entries),
        above.find(f"{_HISTORY}archive") is not None,
        links.get("current", ""),
        links.get("next-archive", ""),
        links.get("prev-archive", ""),
    )


def walk(reader: Reader, feed: str, form: str, between: Callable[[int], None] = lambda page: None) -> Walked:
    """From the feed itself to its oldest page. between: called with how many documents were read, before each page."""
    told = Walked(feed, form)
    head = f"/feeds/{feed}.{form}"
    path, newer = head, ""
    while path:
        body, tag = reader.get(path)
        leaf = leaf_of(path, body)
        told.ids += leaf.ids
        if path != head:
            told.prints[path] = (tag, hashlib.sha256(body).hexdigest())
            told.newest = told.newest or leaf.ids
        expected = (path, path != head)
        if (leaf.path, leaf.archive) != expected:
            told.faults.append(f"{path} says that it is {leaf.path}, archive: {leaf.archive}")
        # What was the newest page when the walk began may name a newer one by now.
        beside = form == "json" or path == head or (newer == head and "/archive/" in leaf.newer)
        if not beside and (leaf.current, leaf.newer) != (head, "" if newer == head else newer):
            told.faults.append(f"{path} names {leaf.newer or 'nothing'} after it and {leaf.current} as the feed")
        if leaf.older in told.prints or leaf.older == head:
            told.faults.append(f"{path} leads back to {leaf.older}")
            break
        path, newer = leaf.older, path
        between(len(told.prints))
    return told


def faults_of(told: Walked, size: int) -> list[str]:
    """What is wrong with a walk over the first so many articles."""
    expected = {address(number) for number in range(size) if told.feed in feeds_of(number)}
    met = set(told.ids)
    faults = list(told.faults)
    for what, count in (
        ("twice", len(told.ids) - len(met)),
        ("missing", len(expected - met)),
        ("too many", len(met - expected)),
    ):
        if count:
            faults.append(f"{count:,} articles {what}")
    return [f"{told.feed}.{told.format}: {fault}" for fault in faults]


class Arrivals:
    """Lets articles arrive while somebody walks."""

    def __init__(self, here: Installation, store: Store, size: int) -> None:
        self._here, self._store, self.size = here, store, size
        self.memory = 0

    def on_the_way(self, pages: int) -> Callable[[int], None]:
        """What has to be called between the pages of a walk over so many."""
        stops = {pages * stop // (_STOPS + 1) for stop in range(1, _STOPS + 1)}

        def between(page: int) -> None:
            if page in stops:
                stops.remove(page)
                add(self._store, range(self.size, self.size + _BURST))
                self.size += _BURST
                self.memory = max(self.memory, rebuilt(self._here))

        return between


def repeated(reader: Reader, walks: list[Walked]) -> list[str]:
    """What is wrong when all pages that were met are read again."""
    faults = []
    for told in walks:
        for number, (path, before) in enumerate(told.prints.items()):
            body, tag = reader.get(path)
            same = (tag, hashlib.sha256(body).hexdigest()) == before
            linked = number == 0 and leaf_of(path, body).newer and leaf_of(path, body).ids == told.newest
            if not same and not linked:
                faults.append(f"{path} is not what it was")
    return faults


def quiet(reader: Reader, size: int, faults: list[str]) -> list[Walked]:
    """Walk over all feeds in all formats while nothing happens."""
    walks = []
    for feed in _FEEDS:
        for form in _FORMATS:
            told = walk(reader, feed, form)
            faults += faults_of(told, size)
            walks.append(told)
    return walks


def measure(folder: Path, size: int) -> tuple[int, int, list[str]]:
    """Build, walk and tell; returns the memory of the rebuild and of serving, and what was wrong."""
    here = Installation(folder, free_port())
    here.config.write_text(_CONFIG.format(port=here.port, url=here.url))
    clock = laps()
    next(clock)
    fill(here, size)
    print(f"{size:,} articles stored in {next(clock):.0f} s;", end=" ", flush=True)
    written = rebuilt(here)
    data = here.database.stat().st_size
    print(f"written in {next(clock):.0f} s, {data / 1e6:,.0f} MB, peak {written / 1e6:.0f} MB", flush=True)
    faults: list[str] = []
    with running(here, "serve") as process:
        first_200(here, "/feeds/all.rss")
        memory = Memory(process.pid)
        memory.start()
        next(clock)
        reader, store = Reader(here.port), open_store(here.url, lambda: datetime.now(UTC))
        walks = quiet(reader, size, faults)
        told(walks, next(clock), "nothing new meanwhile", faults)
        busy, arrivals = [], Arrivals(here, store, size)
        for form in _FORMATS:
            pages = next(len(each.prints) for each in walks if (each.feed, each.format) == ("all", form))
            begun = arrivals.size
            busy.append(walk(reader, "all", form, arrivals.on_the_way(pages)))
            faults += faults_of(busy[-1], begun)
        told(busy, next(clock), f"{arrivals.size - size:,} articles arrived on the way", faults)
        again = quiet(reader, arrivals.size, faults)
        told(again, next(clock), "once more", faults)
        faults += repeated(reader, walks)
        pages = sum(len(each.prints) for each in walks)
        print(f"  {pages:,} pages of the first walks read again in {next(clock):.0f} s")
        served = memory.end()
        store.close()
    print(f"  peak while it rebuilt with new articles {arrivals.memory / 1e6:.0f} MB, serving {served / 1e6:.0f} MB")
    return max(written, arrivals.memory), served, faults


def laps() -> Iterator[float]:
    """The seconds since the last time."""
    begun = time.monotonic()
    while True:
        now = time.monotonic()
        yield now - begun
        begun = now


def told(walks: list[Walked], seconds: float, what: str, faults: list[str]) -> None:
    """Print what walks came to."""
    pages, met = sum(len(each.prints) for each in walks), sum(len(each.ids) for each in walks)
    print(
        f"  {len(walks)} walks, {what}: {pages + len(walks):,} documents in {seconds:.0f} s,"
        f" {met:,} articles met, {len(faults)} faults so far",
        flush=True,
    )


def main() -> int:
    """Measure small and large; tell whether all holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--compare", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="where the stores are built; a temporary folder unless told")
    given = parser.parse_args()
    found = []
    for size in (given.compare, given.articles):
        with TemporaryDirectory(dir=given.folder) as name:
            found.append(measure(Path(name), size))
    (small_written, small_served, small_faults), (written, served, faults) = found
    faults = small_faults + faults
    for what, little, much in (("rebuilding", small_written, written), ("serving", small_served, served)):
        print(f"{what}: {little / 1e6:.0f} MB, then {much / 1e6:.0f} MB: {much / little:.2f} times as much")
        if much > _MOST_MORE * little:
            faults.append(f"{what} takes more than {_MOST_MORE} times the memory")
    print("\n".join(faults[:50]) or "every walk was exact")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
