"""Real pages, 20,000 articles of them in 60 categories, served for whoever checks feeds from outside.

    FEEDSERVICE_CORPORA=DIR python -m benchmarks.conformance [--size N] [--port P] [--no-archive] [-- COMMAND...]

The articles on the corpora's pages are extracted once each and repeated under other addresses, titles and dates; feeds
and archives are written by `feedservice rebuild` and served by `feedservice serve`. COMMAND is run meanwhile, with
{base} in it replaced by the served address; without one it serves until it is interrupted.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from feedservice import extract
from feedservice.config.settings import ArticleRules
from feedservice.errors import Unreadable
from feedservice.model import Arrival, CategoryStep, Feed, FeedKind, Fields, Intake, Page, SourceState
from feedservice.store import open_store

_CATEGORIES, _BATCH = 60, 500
_NOW = datetime(2026, 1, 5, tzinfo=UTC)
_ADDRESS = re.compile(r"https?://\S+")
_CONFIG = """\
site: {{title: 示例站, base_url: "http://127.0.0.1:{port}", icon_url: "http://127.0.0.1:{port}/icon.png"}}
store: {{url: "sqlite:///feeds.db"}}
server: {{port: {port}}}
feeds: {{archive: {archive}, moved: {{old: all}}, gone: [gone]}}
"""


def pages(corpora: Path) -> list[tuple[str, Fields]]:
    """The articles on the corpora's pages, with the addresses of these; pages that are none are left out."""
    told = json.loads((corpora / "ground-truth.json").read_text())["articles"]
    found = []
    for each in told:
        if not _ADDRESS.fullmatch(each["url"]):
            continue
        path = corpora / each["file"] if (corpora / each["file"]).exists() else next(corpora.glob(f"*/{each['file']}"))
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        try:
            page = Page(url=each["url"], status=200, content_type="text/html", body=body)
            found.append((each["url"], extract.extract(page, ArticleRules(), "Asia/Shanghai").fields))
        except Unreadable:
            continue
    return found


def arrivals(found: Sequence[tuple[str, Fields]], size: int) -> Iterator[Arrival]:
    """So many articles, each a minute after the one before."""
    for number in range(size):
        url, fields = found[number % len(found)]
        own = f"{url.split('#')[0]}{'&' if '?' in url else '?'}copy={number:06}"
        at = _NOW - timedelta(minutes=size - number)
        shelf = CategoryStep(title=f"栏目{number % _CATEGORIES:02}", slug=f"lanmu{number % _CATEGORIES:02}")
        yield Arrival(
            id=own,
            key=own,
            url=own,
            published=at,
            updated=at,
            arrival=at,
            fields=replace(fields, title=f"{fields.title}（{number}）"),
            offer_digest=f"{number:064}",
            content_digest=f"{number:064}",
            categories=((shelf,),),
        )


def fill(folder: Path, found: Sequence[tuple[str, Fields]], size: int) -> None:
    """A store with these articles, that nobody has written feeds of yet."""
    store = open_store(f"sqlite:///{folder / 'feeds.db'}", lambda: datetime.now(UTC))
    feeds = [Feed(name="all", kind=FeedKind.ALL, title="示例站"), Feed(name="site", kind=FeedKind.SOURCE, title="来源")]
    with store.writing() as writer:
        writer.define_feeds(feeds, "")
    waiting: list[Arrival] = []
    for number, arrival in enumerate(arrivals(found, size), start=1):
        waiting.append(arrival)
        if len(waiting) == _BATCH or number == size:
            with store.writing() as writer:
                state = SourceState(name="site", last_run=_NOW)
                writer.save(Intake(source="site", at=_NOW, state=state, arrivals=tuple(waiting)))
            waiting.clear()
    store.close()


def run(folder: Path, port: int, command: Sequence[str]) -> int:
    """Write the feeds, serve them, and run the command meanwhile; returns its exit code."""
    base = [sys.executable, "-m", "feedservice", "--config", str(folder / "config.yaml")]
    began = time.monotonic()
    subprocess.run([*base, "rebuild"], check=True, stdout=subprocess.DEVNULL)
    print(f"written in {time.monotonic() - began:.0f} s", flush=True)
    server = subprocess.Popen([*base, "serve"])
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        if not command:
            return server.wait()
        return subprocess.run(
            [part.format(base=f"http://127.0.0.1:{port}") for part in command], check=False
        ).returncode
    finally:
        server.terminate()
        server.wait()


def main() -> int:
    """Fill, write, serve, check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--no-archive", action="store_true", help="leave out pages of the past: 4,000 at this size")
    parser.add_argument("command", nargs="*")
    given = parser.parse_args()
    found = pages(Path(os.environ["FEEDSERVICE_CORPORA"]))
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.yaml").write_text(_CONFIG.format(port=given.port, archive=str(not given.no_archive).lower()))
        fill(folder, found, given.size)
        print(f"{given.size:,} articles of {len(found)} pages", flush=True)
        return run(folder, given.port, given.command)


if __name__ == "__main__":
    sys.exit(main())
