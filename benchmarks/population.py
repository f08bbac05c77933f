"""A store as large as wanted, for the other benchmarks: articles of about 8 kB of Chinese text in a tree of categories.

The first articles come through the store's own interface; the rest are copies of them made inside SQLite, each older
than the one it is made of, under an id of its own and in another category, so that no feed shows one text twice.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feedservice.config.settings import FeedSettings
from feedservice.formats import FORMATS
from feedservice.model import Arrival, CategoryStep, Feed, FeedKind, Fields, Intake, Site, SourceState
from feedservice.protocols import Store
from feedservice.publish import Press

NOW = datetime(2026, 1, 5, tzinfo=UTC)
SITE = Site(title="示例站", base_url="https://feeds.example.org")
FINGERPRINT = "benchmark"
_BATCH = 1_000
_JUMP = 37
"""How many categories further a copy stands than what it is a copy of."""
Path3 = tuple[CategoryStep, CategoryStep, CategoryStep]


@dataclass(frozen=True, slots=True)
class Tree:
    """Categories three deep: `tops`, so many under each, and so many leaves under each of those."""

    tops: int
    middles: int
    leaves: int

    def paths(self) -> list[Path3]:
        """The way to each leaf."""
        return [
            (_step("t", top), _step(f"t{top}m", middle), _step(f"t{top}m{middle}l", leaf))
            for top in range(self.tops)
            for middle in range(self.middles)
            for leaf in range(self.leaves)
        ]

    def count(self) -> int:
        """How many categories there are, those in the middle included."""
        return self.tops * (1 + self.middles * (1 + self.leaves))


def _step(slug: str, number: int) -> CategoryStep:
    return CategoryStep(title=f"类{slug}{number}", slug=f"{slug}{number}")


class Writer:
    """Writes articles: the same ones for the same seed."""

    def __init__(self, tree: Tree, sources: int, seed: int = 7) -> None:
        self._chance = random.Random(seed)
        self._words = [
            "".join(chr(self._chance.randint(0x4E00, 0x6FFF)) for _ in range(self._chance.choice((1, 2, 2, 3))))
            for _ in range(4_000)
        ]
        self._weights = [1 / (rank + 2) for rank in range(len(self._words))]
        self._paths = tree.paths()
        self.sources = sources

    def arrival(self, number: int, *, leaf: int | None = None) -> Arrival:
        """An article; `number` tells it from others, and a larger one is newer."""
        url = f"https://news.example.org/{number}.html"
        at = NOW + timedelta(seconds=number)
        path = self._paths[(number * 7 if leaf is None else leaf) % len(self._paths)]
        paragraphs = ("".join(self._chance.choices(self._words, self._weights, k=60)) for _ in range(20))
        return Arrival(
            id=url,
            key=url,
            url=url,
            published=at,
            updated=at,
            arrival=at,
            fields=Fields(
                title=f"第{number}条",
                body="".join(f"<p>{text}。</p>" for text in paragraphs),
                origins=("示例社",),
                authors=("张三",),
            ),
            offer_digest=f"{number:064}",
            content_digest=f"{number:064}",
            categories=(path,),
        )

    @property
    def leaves(self) -> list[str]:
        """The categories that articles are put in."""
        return [path[-1].slug for path in self._paths]

    def intakes(self, numbers: range) -> Iterator[Intake]:
        """These articles, spread over the sources."""
        for source in range(self.sources):
            mine = range(numbers.start + source, numbers.stop, self.sources)
            for first in range(0, len(mine), _BATCH):
                yield intake(f"s{source}", [self.arrival(number) for number in mine[first : first + _BATCH]])


def intake(source: str, arrivals: list[Arrival]) -> Intake:
    """What a refresh of a source brought."""
    return Intake(
        source=source, at=NOW, state=SourceState(name=source, last_run=NOW, next_run=NOW), arrivals=tuple(arrivals)
    )


def save(store: Store, what: Intake) -> None:
    """Store what a refresh brought."""
    with store.writing() as writer:
        writer.save(what)


def press(now: datetime | None = None) -> Press:
    """What writes feeds, with the settings as they are by default."""
    return Press(formats=FORMATS, site=SITE, settings=FeedSettings(), clock=lambda: now or datetime.now(UTC))


def populate(
    store: Store, file: Path, writer: Writer, *, size: int, most_written: int = 10_000, define: bool = True
) -> None:
    """Fill an empty SQLite store with `size` articles, whose feeds have their closed archive pages but no documents.

    define: name the feeds; without it, they are as they were configured. most_written: the rest are copies.
    """
    if define:
        _define(store, writer)
    written = min(size, most_written)
    for some in writer.intakes(range(written)):
        save(store, some)
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        for line in ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-1000000", "BEGIN IMMEDIATE"):
            database.execute(line)
        _copy(database, written, size)
        _close_pages(database)
        for line in ("COMMIT", "PRAGMA wal_checkpoint(TRUNCATE)"):
            database.execute(line)


def _define(store: Store, writer: Writer) -> None:
    feeds = [Feed(name="all", kind=FeedKind.ALL, title=SITE.title, home_url=SITE.base_url)]
    feeds += [
        Feed(name=f"s{number}", kind=FeedKind.SOURCE, title=f"源{number}", home_url=SITE.base_url)
        for number in range(writer.sources)
    ]
    with store.writing() as open_writer:
        open_writer.define_feeds(feeds, FINGERPRINT)


def _copy(database: sqlite3.Connection, written: int, size: int) -> None:
    """Make the older articles, a generation of copies at a time, oldest first; the originals join last."""
    generations = -(-size // written) - 1
    if not generations:
        return
    leaves = database.execute(
        "SELECT name, parent FROM feeds f WHERE kind = 'category'"
        " AND NOT EXISTS (SELECT 1 FROM feeds c WHERE c.parent = f.name) ORDER BY name"
    ).fetchall()
    database.execute("CREATE TEMP TABLE ways (leaf INTEGER, feed TEXT, slug TEXT)")
    for number, (slug, _) in enumerate(leaves):
        feed: str | None = slug
        while feed is not None:
            database.execute("INSERT INTO ways VALUES (?, ?, ?)", (number, feed, slug))
            feed = database.execute("SELECT parent FROM feeds WHERE name = ?", (feed,)).fetchone()[0]
    database.execute("CREATE TEMP TABLE base AS SELECT seq, published, source, '' AS slug, 0 AS leaf FROM articles")
    database.execute("UPDATE base SET leaf = (seq * 7919) % ?", (len(leaves),))
    database.execute("CREATE INDEX temp.ix_ways ON ways (leaf, feed)")
    joins = database.execute("SELECT value FROM counters WHERE name = 'joined'").fetchone()[0]
    # The originals join after all copies: they are what the feeds show.
    database.execute("UPDATE memberships SET joined = joined + ?", (generations * joins,))
    for generation in range(1, generations + 1):
        count = min(written, size - generation * written)
        _copy_once(database, generation, count, written, generations, joins, len(leaves))
    database.execute("UPDATE counters SET value = ? WHERE name = 'article'", (size,))
    database.execute("UPDATE counters SET value = ? WHERE name = 'joined'", ((generations + 1) * joins,))
    database.execute(
        "UPDATE feeds SET articles = (SELECT count(*) FROM memberships m WHERE m.feed = feeds.name AND NOT m.hidden)"
    )


def _copy_once(
    database: sqlite3.Connection, generation: int, count: int, written: int, generations: int, joins: int, leaves: int
) -> None:
    shift, older = generation * written, generation * written
    iri = f"replace({{}}, '.org/', '.org/{generation}-')"
    changed = {
        "seq": f"seq + {shift}",
        "id": iri.format("id"),
        "key": iri.format("key"),
        "url": iri.format("url"),
        "iri": iri.format("iri"),
        "published": f"published - {older}",
        "updated": f"updated - {older}",
        "arrival": f"arrival - {older}",
        "categories": f"""'["' || (SELECT min(w.slug) FROM ways w JOIN base b ON b.seq = articles.seq
            WHERE w.leaf = (b.leaf + {generation * _JUMP}) % {leaves}) || '"]'""",
    }
    for table in ("articles", "bodies", "names", "keys"):
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        values = ", ".join(changed.get(column, f'"{column}"') for column in columns)
        database.execute(f"INSERT INTO {table} SELECT {values} FROM {table} WHERE seq <= ?", (count,))
    first = (generations - generation) * joins
    database.execute(
        f"""INSERT INTO memberships (feed, published, seq, hidden, joined)
            SELECT feed, published - {older}, seq + {shift}, 0, {first} + row_number() OVER (ORDER BY seq, feed) FROM (
                SELECT w.feed, b.published, b.seq FROM base b
                    JOIN ways w ON w.leaf = (b.leaf + {generation * _JUMP}) % {leaves} WHERE b.seq <= {count}
                UNION ALL SELECT 'all', published, seq FROM base WHERE seq <= {count}
                UNION ALL SELECT source, published, seq FROM base WHERE seq <= {count})"""
    )


def _close_pages(database: sqlite3.Connection) -> None:
    """Close each feed's archive pages as if they had been written long ago; 50 articles or so stay in the feed."""
    items, page = FeedSettings().items, 10
    database.execute(
        f"""INSERT INTO archives (feed, number, after, upto, stale)
            SELECT feed, place / {page}, coalesce(lag(joined) OVER (PARTITION BY feed ORDER BY joined), 0), joined, 0
            FROM (SELECT feed, joined, row_number() OVER (PARTITION BY feed ORDER BY joined) AS place,
                         count(*) OVER (PARTITION BY feed) AS members FROM memberships)
            WHERE place % {page} = 0 AND members - place >= {items}"""
    )
