"""How much longer it takes to read a source of 500 articles than its slowest part alone would take.

    python benchmarks/ingest.py [--articles 500] [--latency 50] [--connections 32] [--rounds 5] [--pages FOLDER]
        [--keep BYTES]

A server in a process of its own answers each request after so many milliseconds; a source is refreshed into an empty
SQLite store: list, articles, everything. "wait" is what the network alone would take with that many connections,
"extraction" the processor time of reading the same pages without a network. The refresh can be no faster than the
larger of them; its wall time is told as a multiple of that. Pages: those of FOLDER (shared/corpora/articles-zh beside
the checkout where there is one) in turn, else one made here. They are kept as by default; --keep 0 keeps none.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import multiprocessing
import os
import platform
import sqlite3
import statistics
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from feedservice import extract
from feedservice.config.settings import ArticleRules, FetchSettings, PageSettings
from feedservice.errors import FeedserviceError
from feedservice.model import Page
from feedservice.outbound import open_door
from feedservice.protocols import Opening, PageReader
from feedservice.refresh import refresh
from feedservice.refreshing.opened import OpenSource
from feedservice.sources import KINDS
from feedservice.store import open_store

CORPORA = Path(os.environ.get("FEEDSERVICE_CORPORA") or Path(__file__).parents[2] / "shared" / "corpora")
TIMEZONE = "Asia/Shanghai"
TYPE = "text/html; charset=utf-8"


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures the reading of a source with many articles.")
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--latency", type=float, default=50.0, help="milliseconds until an answer")
    parser.add_argument("--connections", type=int, default=32, help="requests at once")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=Path, default=CORPORA / "articles-zh")
    parser.add_argument("--keep", type=int, default=PageSettings().keep, help="bytes of pages that are kept at most")
    arguments = parser.parse_args()
    pages = made_pages(arguments.articles, arguments.pages)
    wait = (1 + math.ceil(arguments.articles / arguments.connections)) * arguments.latency / 1_000
    rounds = [one_round(pages, arguments) for _ in range(arguments.rounds)]
    told(arguments, pages, wait, rounds)
    return 0


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds. wall, processor: of the refresh. extraction, alone: processor and wall time of reading pages only."""

    wall: float
    processor: float
    extraction: float
    alone: float
    stored: int


def made_pages(count: int, folder: Path) -> list[bytes]:
    """The list, then the articles, each with its number in its headline."""
    found = [path.read_bytes() for path in sorted(folder.glob("*.html"))] if folder.is_dir() else []
    readable = [body for body in found if extracted(body)]
    rows = "".join(
        f'<li><a href="/a/{number}.html">第{number}条新闻的标题在这里</a> 2026-01-05</li>' for number in range(count)
    )
    articles = [readable[number % len(readable)] if readable else made_page(number) for number in range(count)]
    return [f"<html><body><ul>{rows}</ul></body></html>".encode(), *articles]


def made_page(number: int) -> bytes:
    text = "<p>会议讨论了工作安排，各单位要认真贯彻落实会议精神，做好各项工作，确保任务完成。</p>" * 40
    links = "".join(f'<li><a href="/other/{n}.html">另外一条新闻</a></li>' for n in range(200))
    head = f"<h1>第{number}条新闻的标题在这里</h1><div>来源：示例日报 2026-01-05 09:30</div>"
    return f"<html><body><ul>{links}</ul>{head}<div>{text}</div></body></html>".encode()


def extracted(body: bytes) -> bool:
    """Read an article as the source would; False where there is none."""
    page = Page(url="http://127.0.0.1/a/1.html", status=200, content_type=TYPE, body=body)
    try:
        extract.extract(page, ArticleRules(), TIMEZONE)
    except FeedserviceError:
        return False
    return not extract.next_pages(page)


def one_round(pages: Sequence[bytes], arguments: argparse.Namespace) -> Round:
    """A refresh and, after it, the extraction alone."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(list(pages), arguments.latency / 1_000, theirs), daemon=True)
    server.start()
    try:
        wall, processor, stored = refreshed(ours.recv(), arguments)
    finally:
        server.kill()
        server.join()
    began, start = time.process_time(), time.perf_counter()
    for body in pages[1:]:
        extracted(body)
    return Round(wall, processor, time.process_time() - began, time.perf_counter() - start, stored)


def refreshed(port: int, arguments: argparse.Namespace) -> tuple[float, float, int]:
    """Wall and processor seconds of a first refresh, and how many articles it stored."""
    settings = FetchSettings(allow=("127.0.0.1",), per_host=arguments.connections, robots=False)
    with TemporaryDirectory() as folder, ThreadPoolExecutor(arguments.connections) as fetchers:
        store = open_store(f"sqlite:///{folder}/ingest.db", now)
        door = open_door(settings, now, version="0")
        row = KINDS["listing"]
        url = f"http://127.0.0.1:{port}/"
        opening = Opening(
            base_folder="",
            timezone=TIMEZONE,
            decode=extract.decode,
            parse_moment=extract.parse_moment,
            limit=arguments.articles,
        )
        source = OpenSource(
            name="ingest",
            home=url,
            source=row.open(row.options.model_validate({"url": url}), opening),
            get=door.get,
            pages=PageReader(
                read=lambda page: extract.extract(page, ArticleRules(), TIMEZONE),
                clean=extract.clean,
                next_pages=extract.next_pages,
                join=extract.join,
            ),
            shelf=None,
            timezone=TIMEZONE,
            limit=arguments.articles,
            offer_wins=row.offer_wins,
            next_run=lambda at: None,
            keep=arguments.keep,
        )
        wall, processor = time.perf_counter(), time.process_time()
        report = refresh(source, store=store, clock=now, fetchers=fetchers)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        door.close()
        store.close()
    if report.problems:
        print(f"problems: {len(report.problems)}, such as {report.problems[0]}")
    return wall, processor, report.new


def now() -> datetime:
    return datetime.now(UTC)


def serve(pages: list[bytes], latency: float, answer: Connection) -> None:
    """Answer / with the list and /a/N.html with the articles, each after a while, on as many connections as come."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                request = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            path = request.split()[1].decode()
            body = pages[0] if path == "/" else pages[1 + int(path[3:-5])]
            await asyncio.sleep(latency)
            head = f"HTTP/1.1 200 OK\r\nContent-Type: {TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()

    async def run() -> None:
        async with await asyncio.start_server(handle, "127.0.0.1", 0, backlog=256) as server:
            answer.send(server.sockets[0].getsockname()[1])
            await server.serve_forever()

    asyncio.run(run())


def told(arguments: argparse.Namespace, pages: Sequence[bytes], wait: float, rounds: Sequence[Round]) -> None:
    """Print the medians and the ratios."""
    size = statistics.median(map(len, pages[1:]))
    print(f"{arguments.articles} articles of {size / 1000:.0f} kB (median), {arguments.latency:g} ms, ", end="")
    print(f"{arguments.connections} connections, {len(rounds)} rounds, {rounds[0].stored} stored")
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, ", end="")
    print(f"lxml {version('lxml')}, requests {version('requests')}, SQLite {sqlite3.sqlite_version}")
    wall, processor, extraction = (
        statistics.median(getattr(done, name) for done in rounds) for name in ("wall", "processor", "extraction")
    )
    ratio = statistics.median(done.wall / max(wait, done.extraction) for done in rounds)
    print(f"{'wall':24} {wall:7.2f} s  {1000 * wall / arguments.articles:6.1f} ms an article")
    print(f"{'processor, all of it':24} {processor:7.2f} s  {processor / extraction:.2f} of extraction alone")
    print(f"{'extraction alone':24} {extraction:7.2f} s  wall is {wall / extraction:.2f} of it")
    print(f"{'network wait alone':24} {wait:7.2f} s  wall is {wall / wait:.2f} of it")
    busy = statistics.median(done.wall / max(wait, done.alone) for done in rounds)
    print(f"wall / the larger of both: {ratio:.2f} (goal: 1.5)")
    print(f"the same against the wall time of extraction, which shares the machine with the same others: {busy:.2f}")


if __name__ == "__main__":
    sys.exit(main())
