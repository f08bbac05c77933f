"""What the store costs above plain sqlite3 doing the least that could be done, measured alternately in one run.

    python benchmarks/store.py [--articles 100000] [--rounds 15] [--postgres postgresql://USER@HOST/EMPTY_DATABASE]

"plain" reads and writes the same rows of the same tables through the sqlite3 module, with the same durability and the
same packing of bodies, but decides nothing and makes no values of them. Medians of wall time: the ratio is what counts,
the milliseconds are this machine's.
"""

from __future__ import annotations

import argparse
import platform
import random
import sqlite3
import statistics
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy

sys.path.insert(0, str(Path(__file__).parents[1]))

from feedservice.model import Arrival, CategoryStep, Document, Fields, Intake, Representation, SourceState
from feedservice.protocols import Store
from feedservice.store import open_store

NOW = datetime(2026, 1, 5, tzinfo=UTC)
CATEGORIES = 100
PAGE = (
    "SELECT a.*, b.body FROM memberships m JOIN articles a ON a.seq = m.seq JOIN bodies b ON b.seq = m.seq"
    " WHERE m.feed = 'c0' AND a.withdrawn IS NULL ORDER BY m.published DESC, m.seq DESC LIMIT 50"
)
TABLES = ("articles", "bodies", "keys", "names", "memberships")

Task = Callable[[], object]


def arrivals(numbers: range, chance: random.Random) -> Iterator[Arrival]:
    """Articles of about 8 kB of Chinese text, in categories of very different sizes."""
    words = [chr(chance.randint(0x4E00, 0x9FA5)) * 2 for _ in range(400)]
    for number in numbers:
        body = "".join(f"<p>{''.join(chance.choices(words, k=60))}</p>" for _ in range(22))
        at = NOW - timedelta(seconds=chance.randrange(10**8))
        category = min(int(chance.paretovariate(1.0)) - 1, CATEGORIES - 1)
        yield Arrival(
            id=f"https://news.example.org/{number}.html",
            key=f"https://news.example.org/{number}.html",
            url=f"https://news.example.org/{number}.html",
            published=at,
            updated=at,
            arrival=at,
            fields=Fields(title=f"第{number}条", body=body, origins=("新华社",), authors=("张三",)),
            offer_digest=f"{number:064}",
            content_digest=f"{number:064}",
            categories=(
                (CategoryStep(title="顶", slug="top"), CategoryStep(title=f"类{category}", slug=f"c{category}")),
            ),
            aliases=(f"http://news.example.org/{number}.html",),
        )


def intake(numbers: range, chance: random.Random, source: str = "site") -> Intake:
    state = SourceState(name=source, last_run=NOW + timedelta(seconds=chance.randrange(10**6)), next_run=NOW)
    return Intake(source=source, at=NOW, state=state, arrivals=tuple(arrivals(numbers, chance)))


def save(store: Store, what: Intake) -> None:
    with store.writing() as writer:
        writer.save(what)


def fill(store: Store, size: int, chance: random.Random) -> None:
    for first in range(0, size, 2_000):
        save(store, intake(range(first, min(first + 2_000, size)), chance))
        print(f"\rfilling: {first:,} of {size:,} articles", end="", file=sys.stderr, flush=True)
    with store.writing() as writer:
        for number in range(10_000):
            writer.put_state(SourceState(name=f"source-{number}", next_run=NOW + timedelta(seconds=number)))
    for feed, mark in store.stale().items():
        publish(store, feed, b"x" * 100_000, mark)
    print(file=sys.stderr)


def publish(store: Store, feed: str, body: bytes, mark: int) -> None:
    bodies = (body, body[:30_000], body[:25_000], body[:26_000])
    codings = ("identity", "gzip", "br", "zstd")
    etag = f'"{hash(body)}'
    given = tuple(
        Representation(coding, each, f'{etag}-{coding}"') for coding, each in zip(codings, bodies, strict=True)
    )
    document = Document(
        path=f"/feeds/{feed}.rss", feed=feed, media_type="application/rss+xml", last_modified=NOW, representations=given
    )
    with store.writing() as writer:
        writer.put_documents([document], {feed: mark})


def plain_save(file: Path, copied: Path) -> Task:
    """Insert the 1,000 newest rows of every table into a file of the same schema, in one transaction."""
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copied)) as target:
        newest = source.execute("SELECT max(seq) FROM articles").fetchone()[0] - 1_000
        rows = {table: source.execute(f"SELECT * FROM {table} WHERE seq > ?", (newest,)).fetchall() for table in TABLES}
        for (statement,) in source.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"):
            target.execute(statement)
    bodies = [(seq, zlib.decompress(body)) for seq, body in rows.pop("bodies")]
    connection = sqlite3.connect(copied, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")

    def run() -> None:
        for table in TABLES:
            connection.execute(f"DELETE FROM {table}")
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        packed = {"bodies": [(seq, zlib.compress(body)) for seq, body in bodies]}
        for table, values in (rows | packed).items():
            connection.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(values[0]))})", values)
        connection.execute("COMMIT")
        raise Took(time.perf_counter() - begun)

    return run


class Took(Exception):
    """What a task took that had to prepare something first."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def measure(pairs: dict[str, tuple[Task, Task | None]], rounds: int) -> None:
    """Run each pair's tasks in turn, `rounds` times, and print the medians."""
    print(f"{'':44}{'store ms':>10}{'plain ms':>10}{'ratio':>8}")
    for name, pair in pairs.items():
        taken: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds):
            for task, times in zip(pair, taken, strict=True):
                if task is not None:
                    times.append(run(task))
        ours = statistics.median(taken[0]) * 1_000
        line = f"{name:44}{ours:>10.3f}"
        if taken[1]:
            plain = statistics.median(taken[1]) * 1_000
            line += f"{plain:>10.3f}{ours / plain:>8.2f}"
        print(line)


def run(task: Task) -> float:
    begun = time.perf_counter()
    try:
        task()
    except Took as took:
        return took.seconds
    return time.perf_counter() - begun


def tasks(store: Store, size: int, chance: random.Random) -> dict[str, Task]:
    """What a running service does, by name."""
    fresh = iter(range(size, 10**9, 1_000))
    marks = iter(range(10**9))

    def save_new() -> None:
        what = intake(range(first := next(fresh), first + 1_000), chance)
        begun = time.perf_counter()
        save(store, what)
        raise Took(time.perf_counter() - begun)

    def save_quiet() -> None:
        what = intake(range(0), chance)
        begun = time.perf_counter()
        save(store, what)
        raise Took(time.perf_counter() - begun)

    watch = store.watch()
    keys = [f"https://news.example.org/{chance.randrange(size)}.html" for _ in range(200)]
    middle = store.articles("c0", 1)[0]
    deep = (middle.published - timedelta(seconds=5 * 10**6), 0)
    return {
        "latest 50 of a feed, with bodies": lambda: store.articles("c0", 50),
        "50 from the depth of a feed": lambda: store.articles("c0", 50, before=deep),
        "known: 200 keys of a listing": lambda: store.known("site", keys),
        "save: 1,000 new articles": save_new,
        "save: nothing new": save_quiet,
        "publish: a feed whose bytes are equal": lambda: publish(store, "c0", b"x" * 100_000, 0),
        "publish: a feed whose bytes changed": lambda: publish(store, "c0", b"%d" % next(marks) * 9_000, 0),
        "stale feeds, when there are few": store.stale,
        "sources due (10 of 10,000)": lambda: store.due(NOW + timedelta(days=1), 10),
        "watch: has a document changed?": watch.changed,
    }


def pairs_on_sqlite(store: Store, file: Path, size: int, chance: random.Random) -> dict[str, tuple[Task, Task | None]]:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.executescript("PRAGMA synchronous=FULL")
    plain: dict[str, Task] = {
        "latest 50 of a feed, with bodies": lambda: [
            zlib.decompress(row[-1]).decode() for row in connection.execute(PAGE)
        ],
        "save: 1,000 new articles": plain_save(file, file.with_name("copied.db")),
        "save: nothing new": lambda: connection.execute(
            "UPDATE sources SET last_run = last_run + 1 WHERE name = 'site'"
        ),
        "stale feeds, when there are few": lambda: connection.execute(
            "SELECT name, mark FROM feeds WHERE mark IS NOT NULL"
        ).fetchall(),
    }
    return {name: (task, plain.get(name)) for name, task in tasks(store, size, chance).items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--postgres", help="an empty database to measure too")
    options = parser.parse_args()
    print(f"{platform.platform()}, {platform.processor() or platform.machine()}, Python {platform.python_version()}")
    print(f"SQLite {sqlite3.sqlite_version}, SQLAlchemy {sqlalchemy.__version__}; {options.articles:,} articles\n")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "feedservice.db"
        store = open_store(f"sqlite:///{file}", lambda: datetime.now(UTC))
        fill(store, options.articles, random.Random(1))
        measure(pairs_on_sqlite(store, file, options.articles, random.Random(2)), options.rounds)
        print(f"{file.stat().st_size / max(options.articles, 1):,.0f} bytes an article")
        store.close()
    if options.postgres:
        store = open_store(options.postgres, lambda: datetime.now(UTC))
        fill(store, options.articles, random.Random(1))
        print("\nPostgreSQL")
        named = tasks(store, options.articles, random.Random(2))
        measure({name: (task, None) for name, task in named.items()}, options.rounds)
        store.close()


if __name__ == "__main__":
    main()
