"""Processes that use a store until they are killed, and what must be true of the store afterwards."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event

from sqlalchemy import make_url

from feedservice.errors import StoreError
from feedservice.model import Fields
from feedservice.protocols import Store
from feedservice.store import open_store
from feedservice.store.engines.sqlite import open_sqlite
from tests.fakes import FakeClock
from tests.store_examples import OTHER, arrival, document, edit, intake

BATCH = 3
PATH = "/feeds/all.rss"
FEEDS = ("all", "site", "zixun", "qita")


def start(work: Callable[[str, Connection], None], url: str) -> tuple[BaseProcess, Connection]:
    """Run `work` in a process of its own; returns it with the end of the pipe that it reports to."""
    ours, theirs = _context().Pipe()
    process = _context().Process(target=work, args=(url, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _context() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, "feedservice.store.database"])
    return context


def save_once(store: Store) -> int:
    """Save a batch of articles, revise one that is older, and publish a document that tells how many there are."""
    number = store.counts().get("all", 0)
    mark = store.stale().get("all", 0)
    edits = [edit(number, fields=Fields(title=f"改 {number}"))] if number else []
    with store.writing() as writer:
        writer.save(intake(*(arrival(number + n, categories=(OTHER,)) for n in range(BATCH)), edits=edits))
        writer.put_documents([document(PATH, str(number + BATCH).encode())], {"all": mark})
    return number + BATCH


def save_forever(url: str, reports: Connection) -> None:
    """Save without end; acknowledge each save with the number of articles that are then stored."""
    store = open_store(url, FakeClock())
    reports.send(0)
    while True:
        reports.send(save_once(store))


def act_forever(url: str, reports: Connection) -> None:
    """Be the acting worker without end."""
    with open_store(url, FakeClock()).acting():
        reports.send("acting")
        Event().wait()


def act_with_children(url: str, reports: Connection) -> None:
    """Be the acting worker, with a child started in each of two ways; report their process ids. Ends without a word."""
    with open_store(url, FakeClock()).acting():
        children = [subprocess.Popen(["sleep", "60"]).pid]
        if url.startswith("sqlite:"):
            children.append(os.fork() or Event().wait())
        reports.send(children)
        Event().wait()


def open_together(url: str, reports: Connection) -> None:
    """Say so when ready, wait for the word, open the store and tell how it went."""
    reports.send("ready")
    reports.recv()
    try:
        open_store(url, FakeClock()).close()
    except StoreError as error:
        reports.send(str(error))
    else:
        reports.send("opened")


def open_new_files(folder: str, reports: Connection) -> None:
    """For each name that is sent, open the database of that name and tell how it went; "" ends it."""
    reports.send("ready")
    while name := reports.recv():
        try:
            open_sqlite(Path(folder, name)).close()
        except StoreError as error:
            reports.send(str(error))
        else:
            reports.send("opened")


def check(url: str) -> int:
    """Assert that the store is in a state that `save_once` leaves, and wholly; returns how many articles it has."""
    store = open_store(url, FakeClock())
    articles = sorted(store.every("site"), key=lambda article: article.seq)
    number = len(articles)
    assert number % BATCH == 0
    assert [article.key for article in articles] == [f"key-{n}" for n in range(number)]
    assert [article.seq for article in articles] == list(range(1, number + 1))
    by_id = {known.id: known.seq for known in store.known("site", [article.id for article in articles]).values()}
    assert by_id == {article.id: article.seq for article in articles}
    for article in articles:
        last_of_its_batch = article.seq % BATCH == 0 and article.seq < number
        assert article.revision == (2 if last_of_its_batch else 1)
    if number:
        assert store.counts() == dict.fromkeys(sorted(FEEDS), number)
        for feed in FEEDS:
            assert {article.seq for article in store.articles(feed, number + 1)} == set(range(1, number + 1))
        published = store.document(PATH)
        assert published is not None
        assert [each.body[-len(str(number)) :] for each in published.representations] == [str(number).encode()] * 2
        assert published.version == store.version() == number // BATCH
    store.close()
    check_file(url)
    return number


def check_file(url: str) -> None:
    """Assert that a SQLite file is whole."""
    if url.startswith("sqlite:"):
        with closing(sqlite3.connect(str(make_url(url).database))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def main() -> None:
    """`python -m tests.store_saver URL open|save`: open the store, save once, and say so on standard output."""
    _, url, what = sys.argv
    try:
        store = open_store(url, FakeClock())
        print("opened", flush=True)
        if what == "save":
            print("saved", save_once(store), flush=True)
        store.close()
    except StoreError as error:
        print("refused", error, flush=True)


if __name__ == "__main__":
    main()
