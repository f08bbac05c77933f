"""A store as each released schema left it, kept as SQL beside the facts that must still be true of it.

After a new migration: `python -m tests.store_dump` writes the pair of files for the newest schema into
tests/data/store. The pairs of older schemas are never written again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from feedservice.model import (
    Article,
    Attachment,
    Document,
    Feed,
    FeedKind,
    Fields,
    Health,
    Moment,
    Page,
    Precision,
    SourceState,
)
from feedservice.packing import Packer
from feedservice.protocols import Store
from feedservice.store import open_store
from feedservice.store.engines.upgrade import newest
from tests.fakes import FakeClock
from tests.store_examples import NEWS, OTHER, START, arrival, document, documents_of, edit, intake, publish, save

DUMPS = Path(__file__).parent / "data" / "store"
PAGES = {
    "https://news.example.org/1.html": Page(
        url="https://news.example.org/1.html?from=list",
        status=200,
        content_type="text/html; charset=gb18030",
        body="<html><h1>滨海新区高质量发展大会</h1><p>正文</p></html>".encode("gb18030"),
    )
}
"""What was kept of the first article, since schema 0003."""
Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | None


def fill(store: Store) -> None:
    """Put something of every kind into an empty store."""
    with store.writing() as writer:
        writer.define_feeds(
            [
                Feed(name="all", kind=FeedKind.ALL, title="全部", description="一切"),
                Feed(name="site", kind=FeedKind.SOURCE, title="本站", home_url="https://news.example.org/"),
                Feed(name="picked", kind=FeedKind.SELECTION, title="精选"),
            ],
            "fingerprint",
        )
    whole = Fields(
        title="滨海新区高质量发展大会",
        published=Moment(START, Precision.DAY),
        summary="摘要",
        body="<p>正文</p>" * 20,
        language="zh-CN",
        authors=("张三",),
        origins=("新华社",),
        breadcrumb=("资讯动态", "其他信息"),
        attachments=(Attachment(url="https://news.example.org/a.pdf", name="附件", length=3),),
        extras=(("文号", "1号"),),
    )
    packer = Packer(None, START)
    first = arrival(1, fields=whole, categories=(OTHER,), aliases=("http://old.example.org/1",))
    save(
        store,
        intake(
            replace(first, capture=packer.pack(PAGES, Fields(title="滨海新区高质量发展大会"))),
            *(arrival(number, categories=(NEWS,)) for number in range(2, 6)),
        ),
    )
    save(store, intake(arrival(9, id="https://news.example.org/2.html", categories=(OTHER,)), source="mirror"))
    save(store, intake(edits=[edit(3, fields=whole, updated=START + timedelta(days=1))]))
    with store.writing() as writer:
        writer.put_state(
            SourceState(
                name="site", health=Health.WELL, reason="ok", since=START, next_run=START, facts={"usual": 5, "x": None}
            )
        )
        writer.save(intake(source="third"))
    publish(store, document("/feeds/all.rss", b"all-rss"), document("/feeds/all.atom", b"all-atom"))
    publish(store, document("/feeds/site.rss", b"site", feed="site"), feed="site")
    publish(store, document("/feeds/all.rss", b"all-rss-2"))
    with store.writing() as writer:
        writer.admit("picked", [2, 4])
        writer.save(intake(replace(arrival(20), duplicate_of=2), source="mirror"))
        writer.retire({"old": "site"}, ["lost"])


def facts(store: Store) -> Json:
    """What an upgrade must not change, in plain values."""
    return {
        "articles": [_article(article) for article in store.articles("all", 1_000)],
        "feeds": [[f.name, f.kind.value, f.title, f.description, f.home_url, f.parent] for f in store.feeds()],
        "counts": dict(store.counts()),
        "stale": dict(store.stale()),
        "members": {f.name: [a.seq for a in store.articles(f.name, 1_000)] for f in store.feeds()},
        "titles": dict(store.category_titles()),
        "documents": [_document(document) for document in documents_of(store)],
        "states": [[s.name, s.health.value, s.reason, str(s.since), str(s.next_run)] for s in store.states()],
        "known": {
            key: [known.seq, known.offer_digest, known.content_digest, str(known.checked)]
            for source, asked in (("site", ["key-1", "http://old.example.org/1"]), ("mirror", ["key-9"]))
            for key, known in store.known(source, asked).items()
        },
        "version": store.version(),
        "retired": dict(store.retired()),
        "carriers": {str(seq): list(sources) for seq, sources in store.carriers(range(1, 10)).items()},
    }


def _article(article: Article) -> Json:
    dates = (article.published, article.updated, article.first_seen, article.arrival)
    fields = article.fields
    return {
        "id": [article.seq, article.id, article.source, article.key, article.url, article.revision],
        "dates": [str(date) for date in dates],
        "categories": list(article.categories),
        "fields": [fields.title, fields.summary, fields.body, fields.language, str(fields.published)],
        "lists": [list(fields.authors), list(fields.origins), list(fields.breadcrumb), dict(fields.extras)],
        "attachments": [[each.url, each.name, each.media_type, each.length] for each in fields.attachments],
    }


def _document(document: Document) -> Json:
    return {
        "path": [document.path, document.feed, document.media_type, document.version],
        "last_modified": str(document.last_modified),
        "representations": [[each.coding, each.etag, each.body.hex()] for each in document.representations],
    }


def load(dump: Path, file: Path) -> None:
    """Make a SQLite file of a dump."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(dump.read_text("utf-8"))


def main() -> None:
    DUMPS.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "feedservice.db"
        store = open_store(f"sqlite:///{file}", FakeClock())
        fill(store)
        known = json.dumps(facts(store), ensure_ascii=False, indent=1, sort_keys=True)
        store.close()
        with closing(sqlite3.connect(file)) as connection:
            dump = "\n".join(connection.iterdump())
    (DUMPS / f"{newest()}.sql").write_text(dump + "\n", "utf-8")
    (DUMPS / f"{newest()}.json").write_text(known + "\n", "utf-8")


if __name__ == "__main__":
    main()
