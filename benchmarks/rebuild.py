"""What it costs to bring feeds up to date: one new article, no change, 5 % of the categories, beside rebuilding all.

    python benchmarks/rebuild.py [--articles 1000000] [--rounds 15] [--changed 50]

Two stores stand side by side: one of 1,000 articles in 19 categories, one of `--articles` in 1,000; feeds of both hold
50 articles of about 8 kB. A third has 1,000 categories too, but 998 of them side by side, and one source. "one new
article" is stored through the store, and every feed that it touches (its category, two above, its source, `all`) is
written in every format: first without a coding and as gzip, from when on it is served, then as br and zstd too. "naive"
rebuilds a feed as one would without any of this: its articles read from the store, feedgen for RSS and Atom, `json` for
JSON Feed, gzip at level 6. Sides alternate in one run; CPU is that of the process. Ratios are what counts, milliseconds
are this machine's.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import os
import platform
import re
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from feedgen.feed import FeedGenerator

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.population import Tree, Writer, intake, populate, press, save
from feedservice.model import Document
from feedservice.protocols import Store
from feedservice.rebuild import finish, rebuild
from feedservice.store import open_store

SMALL, LARGE, FLAT = Tree(1, 2, 8), Tree(10, 9, 10), Tree(1, 1, 998)
_MOST_FLAT = 100_000


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds."""

    wall: float
    cpu: float


@dataclass(slots=True)
class Archive:
    """A store that feeds are written from, and the number of its next article."""

    name: str
    store: Store
    writer: Writer
    next: int

    def receive(self, *, leaf: int | None = None) -> None:
        """Store one new article."""
        number, self.next = self.next, self.next + 1
        save(self.store, intake(f"s{number % self.writer.sources}", [self.writer.arrival(number, leaf=leaf)]))


def spent(task: Callable[[], object]) -> Spent:
    """Run a task once."""
    wall, cpu = time.perf_counter(), time.process_time()
    task()
    return Spent((time.perf_counter() - wall) * 1_000, (time.process_time() - cpu) * 1_000)


def open_archive(folder: Path, name: str, tree: Tree, *, sources: int, size: int) -> Archive:
    """Build a store and write its feeds."""
    file = folder / f"{name}.db"
    begun = time.perf_counter()
    store = open_store(f"sqlite:///{file}", lambda: datetime.now(UTC))
    writer = Writer(tree, sources)
    populate(store, file, writer, size=size)
    print(f"{name}: {size:,} articles in {tree.count():,} categories, {file.stat().st_size / 1e6:,.0f} MB,", end=" ")
    filled = time.perf_counter()
    written = rebuild(store, press())
    finish(store)
    print(f"filled in {filled - begun:.0f} s; {len(written):,} feeds written in {time.perf_counter() - filled:.0f} s")
    assert not any(each.failures or each.isolated for each in written)
    return Archive(name, store, writer, size)


def one_new_article(archives: list[Archive], rounds: int) -> None:
    """From before it is stored until every document that shows it is stored, and until they are in all codings."""
    found: dict[str, list[Spent]] = {archive.name: [] for archive in archives}
    whole: dict[str, list[Spent]] = {archive.name: [] for archive in archives}
    feeds: dict[str, int] = {}
    for _ in range(rounds):
        for archive in archives:

            def task(archive: Archive = archive) -> None:
                archive.receive()
                feeds[archive.name] = len(rebuild(archive.store, press()))

            first = spent(task)
            rest = spent(lambda archive=archive: finish(archive.store))  # type: ignore[misc]
            found[archive.name].append(first)
            whole[archive.name].append(Spent(first.wall + rest.wall, first.cpu + rest.cpu))
    print(f"\none new article, until all it touches is servable ({rounds} rounds):")
    for name, times in found.items():
        print(f"  {name}: {feeds[name]} feeds, {told(times)}; in all codings {told(whole[name])} (goal 300)")
    print(f"  large to small: {compared(found)}; in all codings {compared(whole)} (goal 1.5)")


def compared(found: dict[str, list[Spent]]) -> str:
    """The medians of what the second archive took in each round, as a multiple of the first."""
    pairs = list(zip(*found.values(), strict=True))
    cpu, wall = ([getattr(b, name) / getattr(a, name) for a, b in pairs] for name in ("cpu", "wall"))
    return f"CPU {statistics.median(cpu):.2f}, wall {statistics.median(wall):.2f}"


def told(times: list[Spent]) -> str:
    """Medians, and the range of wall time."""
    walls = sorted(each.wall for each in times)
    cpu = statistics.median(each.cpu for each in times)
    return f"median {statistics.median(walls):.1f} ms wall ({walls[0]:.1f}-{walls[-1]:.1f}), {cpu:.1f} ms CPU"


def no_change(archive: Archive, rounds: int) -> None:
    """The acting worker's whole second when no source is due and no feed is stale."""
    now = datetime(2026, 1, 1, tzinfo=UTC)

    def task() -> None:
        assert not archive.store.due(now, 8)
        assert not rebuild(archive.store, press())

    print(f"\nno change, a tick and a rebuild over 1,000 categories: {told([spent(task) for _ in range(rounds * 3)])}")


def some_changed(archive: Archive, changed: int, *, alone: bool) -> None:
    """New articles in some categories, and naive rebuilds of as many feeds, in turn; asserts that all else stands.

    alone: only the feeds of these categories are written, not those above them, of sources and of everything.
    """
    store, leaves = archive.store, archive.writer.leaves
    before = {head.path: head for head in store.heads_since(0)}
    names = sorted({head.feed for head in before.values() if head.feed.startswith("t")})
    naive_times: list[Spent] = []
    pauses: list[Spent] = []
    sample = names[:: max(1, len(names) // changed)]
    # Everything new is stored first: feeds that several articles touch are written once.
    for number in range(changed):
        archive.receive(leaf=number * (len(leaves) // changed))
    put_off = {name: mark for name, mark in store.stale().items() if alone and name not in leaves}
    with store.writing() as writer:
        writer.put_documents((), put_off)
    wanted = set(store.stale())

    def rebuild_one() -> None:
        naive_times.append(spent(lambda: naive(store, sample[len(naive_times)])))
        gc.collect()  # what feedgen leaves behind is not to be cleared away in our time

    def between(done: int, of: int, feed: str) -> None:
        if len(naive_times) < len(sample):
            pauses.append(spent(rebuild_one))

    gc.collect()
    total = spent(lambda: rebuild(store, press(), step=between)).cpu - sum(each.cpu for each in pauses)
    later = spent(lambda: finish(store))
    after = {head.path: head for head in store.heads_since(0)}
    moved = {path for path, head in after.items() if head != before.get(path)}
    assert {after[path].feed for path in moved} <= wanted | {""}
    one = statistics.median(each.cpu for each in naive_times)
    feeds = 1_000 if alone else len(store.feeds())
    what = "their feeds alone" if alone else "with all that shows their articles"
    print(f"\n{archive.name}, {changed} of 1,000 categories changed, {what}: {len(wanted)} of {feeds:,} feeds")
    print(f"  {len(moved)} documents new; {len(after) - len(moved):,} kept bytes, dates and entity tags")
    print(f"  ours {total:,.0f} ms CPU, {total / len(wanted):.1f} a feed;", end=" ")
    print(f"naive {one:.1f} a feed (median of {len(naive_times)}), x {feeds:,} feeds = {one * feeds:,.0f} ms")
    print(f"  ratio {one * feeds / total:.1f} (goal 100)")
    print(f"  br and zstd, when nothing waits any more: {later.cpu:,.0f} ms CPU, {later.cpu / len(wanted):.1f} a feed")
    with store.writing() as writer:
        writer.mark_stale(put_off)
    rebuild(store, press())
    finish(store)


def naive(store: Store, feed: str) -> list[bytes]:
    """A feed as one would write it without any of this: the same articles, formats and coding."""
    articles = store.articles(feed, 50)
    generator = FeedGenerator()
    generator.id(f"https://feeds.example.org/{feed}")
    generator.title(feed)
    generator.description(feed)
    generator.link(href=f"https://feeds.example.org/{feed}", rel="alternate")
    items = []
    for article in articles:
        entry = generator.add_entry(order="append")
        entry.id(article.id)
        entry.title(article.fields.title)
        entry.link(href=article.url)
        entry.author([{"name": name} for name in article.fields.authors])
        entry.published(article.published)
        entry.updated(article.updated)
        entry.content(article.fields.body, type="html")
        items.append({"id": article.id, "url": article.url, "content_html": article.fields.body})
    told = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": feed, "items": items})
    bodies = (generator.rss_str(), generator.atom_str(), told.encode())
    return [gzip.compress(body, compresslevel=6, mtime=0) for body in bodies]


def about() -> None:
    """Print what this runs on."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    print(f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, {platform.platform()}")
    print(f"load before: {os.getloadavg()[0]:.1f}; Python {platform.python_version()}, ", end="")
    print(", ".join(f"{name} {version(name)}" for name in ("feedgen", "lxml", "zlib-ng", "brotli", "zstandard")))


def sizes(document: Document | None) -> None:
    """Print how large a feed is in each coding."""
    assert document is not None
    print(f"{document.path}: " + ", ".join(f"{each.coding} {len(each.body):,} B" for each in document.representations))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--changed", type=int, default=50, help="categories with something new, of 1,000")
    parser.add_argument("--folder", type=Path, help="where the stores are built; a temporary folder unless told")
    arguments = parser.parse_args()
    about()
    with TemporaryDirectory(dir=arguments.folder) as name, ExitStack() as stack:
        small = open_archive(Path(name), "small", SMALL, sources=5, size=1_000)
        large = open_archive(Path(name), "large", LARGE, sources=100, size=arguments.articles)
        flat = open_archive(Path(name), "flat", FLAT, sources=1, size=min(arguments.articles, _MOST_FLAT))
        for archive in (small, large, flat):
            stack.callback(archive.store.close)
        sizes(large.store.document("/feeds/all.rss"))
        one_new_article([small, large], arguments.rounds)
        no_change(large, arguments.rounds)
        for archive in (large, flat):
            for alone in (True, False):
                some_changed(archive, arguments.changed, alone=alone)


if __name__ == "__main__":
    main()
