"""What gzip made of segments costs beside gzip in one go: bytes, and processor time when one article is new.

    python benchmarks/segments.py [FOLDER] [--rounds 9]

The articles of FOLDER, in the format of shared/corpora (which is taken where it stands beside the checkout), are read,
and feeds of up to 50 of them written in RSS, Atom and JSON Feed: those of each set in the order of their names. "made"
are segments where nothing was there before, "one new" where the feed without its newest article was. Sides alternate in
one run.
"""

from __future__ import annotations

import argparse
import gzip
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from zlib_ng import gzip_ng

sys.path.insert(0, str(Path(__file__).parents[1]))

from feedservice.config.settings import ArticleRules
from feedservice.errors import FeedserviceError
from feedservice.extract import extract
from feedservice.formats.atom import ATOM
from feedservice.formats.jsonfeed import JSON
from feedservice.formats.rss import RSS
from feedservice.model import Article, Edition, Feed, FeedKind, Fields, Page, Site
from feedservice.protocols import Format
from feedservice.publish.chunks import Chunk, chunk_of, joined
from feedservice.publish.stitching import Before, stitch

CORPORA = Path(os.environ.get("FEEDSERVICE_CORPORA") or Path(__file__).parents[2] / "shared" / "corpora")
SETS = {
    "Chinese": "articles-zh/*.html*",
    "other languages": "articles-multi/*.html*",
    "article-extraction-benchmark": "article-extraction-benchmark/html/*.html*",
    "the test site": "seed-site/site/**/t2*.html",
}
FORMATS = (RSS, ATOM, JSON)
MOST = 50
NOW = datetime(2026, 1, 5, tzinfo=UTC)
FEED = Feed(name="all", kind=FeedKind.ALL, title="示例站", home_url="https://news.example.org/")
SITE = Site(title="示例站", base_url="https://feeds.example.org")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=CORPORA)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    print(f"{platform.platform()}, Python {platform.python_version()}, zlib-ng {version('zlib-ng')}")
    print(f"{'feed of':34} {'kB':>5} {'each':>5}   in one go: level 5, 6, 9 (kB)   segments", end="")
    print(f"   in one go {'made':>6} {'one new':>8} (ms)")
    for name, pattern in SETS.items():
        found = list(read(sorted(arguments.folder.glob(pattern))))
        for first in range(0, len(found), MOST):
            some = found[first : first + MOST]
            if len(some) > 9:
                tell(f"{len(some)}, {name}", some, arguments.rounds)
    return 0


def read(files: Sequence[Path]) -> Iterator[Fields]:
    """What is read on these pages."""
    for file in files:
        body = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        page = Page(url=f"https://news.example.org/{file.name}", status=200, content_type="text/html", body=body)
        try:
            yield extract(page, ArticleRules(), "Asia/Shanghai").fields
        except FeedserviceError:
            continue


def article(number: int, fields: Fields) -> Article:
    """An article of a feed, newer the larger its number."""
    url, at = f"https://news.example.org/{number}.html", NOW + timedelta(hours=number)
    return Article(
        seq=number,
        id=url,
        source="s",
        key=url,
        url=url,
        published=at,
        updated=at,
        first_seen=at,
        arrival=at,
        fields=replace(fields, published=None, updated=None),
    )


def chunks_of(row: Format, articles: Sequence[Article]) -> list[Chunk]:
    """The parts of a feed of these articles, newest first."""
    edition = Edition(feed=FEED, site=SITE, articles=tuple(articles), updated=articles[0].updated)
    frame = row.frame(edition)
    items = [row.item(edition.showing(each)) for each in articles]
    led = [items[0], *(row.between + item for item in items[1:])]
    return [chunk_of(frame.opening), *map(chunk_of, led), chunk_of(frame.closing)]


def tell(name: str, fields: Sequence[Fields], rounds: int) -> None:
    """Print a line: the sums over all formats."""
    articles = [article(number, each) for number, each in reversed(list(enumerate(fields, 1)))]
    feeds = [(chunks_of(row, articles[1:]), chunks_of(row, articles)) for row in FORMATS]
    size = sum(len(joined(new)) for _, new in feeds)
    wholes = [sum(len(one_go(joined(new), level)) for _, new in feeds) for level in (5, 6, 9)]
    segments = sum(len(stitch(new).body) for _, new in feeds)
    times: dict[str, list[float]] = {"one go": [], "made": [], "new": []}
    for _ in range(rounds):
        for old, new in feeds:
            before = Before([chunk.digest for chunk in old], stitch(old))
            places = [0, None, *range(1, len(new) - 1)]
            assert stitch(new, before, places) == stitch(new), "taken over is not what is made"
            times["one go"].append(spent(lambda new=new: one_go(joined(new), 5)))  # type: ignore[misc]
            times["made"].append(spent(lambda new=new: stitch(new)))  # type: ignore[misc]
            times["new"].append(
                spent(lambda new=new, before=before, places=places: stitch(new, before, places))  # type: ignore[misc]
            )
    shown = "  ".join(f"{statistics.median(each) * len(FORMATS):8.2f}" for each in times.values())
    sizes = " ".join(f"{each / 1000:8.1f}" for each in wholes)
    more = 100 * (segments / wholes[0] - 1)
    each = size / len(FORMATS) / len(fields) / 1000
    print(f"{name:34} {size / 1000:5.0f} {each:5.1f}   {sizes}  {segments / 1000:8.1f} {more:+5.1f} %  {shown}")


def one_go(body: bytes, level: int) -> bytes:
    return bytes(gzip_ng.compress(body, compresslevel=level, mtime=0))  # type: ignore[no-untyped-call]


def spent(task: Callable[[], object]) -> float:
    """Milliseconds of the processor."""
    begun = time.process_time()
    task()
    return (time.process_time() - begun) * 1000


if __name__ == "__main__":
    sys.exit(main())
