"""For the tests of web: documents in every coding, and the application on a real store, asked as a server asks it."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.test import Client

from feedservice.config.settings import FeedSettings, ServerSettings
from feedservice.model import Document, Feed, FeedKind, Representation, Site
from feedservice.protocols import Store
from feedservice.web import make_app
from feedservice.web.hot import HotPath
from tests.house import BASE
from tests.store_examples import START, arrival, intake, publish, save

CODINGS = ("identity", "gzip", "br", "zstd")
SITE = Site(title="示例站", base_url=BASE, description="示例")
TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


def coded(coding: str, body: bytes) -> bytes:
    """Bytes that stand for a body in a coding; gzip is real."""
    if coding == "identity":
        return body
    return gzip.compress(body, mtime=0) if coding == "gzip" else coding.encode() + b":" + body


def document(
    path: str = "/feeds/all.rss",
    body: bytes = b"<rss/>",
    *,
    feed: str = "all",
    changed: datetime = START,
    codings: Sequence[str] = CODINGS,
) -> Document:
    """A document whose tags tell its bytes and codings."""
    mark = body[:24].hex()
    return Document(
        path=path,
        feed=feed,
        media_type=TYPES.get(path.rpartition(".")[2], "text/x-opml; charset=utf-8"),
        last_modified=changed,
        representations=tuple(
            Representation(coding, coded(coding, body), f'"{mark}-{len(body)}-{coding}"') for coding in codings
        ),
    )


def etag(body: bytes, coding: str) -> str:
    """The tag of such a document in a coding."""
    return document(body=body).representations[CODINGS.index(coding)].etag


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application answered."""

    status: int
    headers: Headers
    body: bytes

    def __getitem__(self, name: str) -> str | None:
        values = self.headers.getlist(name)
        assert len(values) <= 1, f"{name} is there {len(values)} times"
        return values[0] if values else None


class Served:
    """The application of one serving process; the test is its clock: `look` takes over what was published."""

    def __init__(self, store: Store, *, site: Site = SITE, memory: int = 64_000_000) -> None:
        self.store = store
        self.app: HotPath = make_app(store, site=site, feeds=FeedSettings(), server=ServerSettings(memory=memory))
        self._client = Client(self.app)

    def look(self) -> None:
        self.app.look()

    def ask(self, path: str = "/feeds/all.rss", method: str = "GET", /, **fields: str) -> Answer:
        """Send a request; `fields` are header fields, with _ for -."""
        headers: dict[str, Any] = {name.replace("_", "-"): value for name, value in fields.items()}
        with self._client.open(path, method=method, headers=headers) as response:
            return Answer(response.status_code, response.headers, response.get_data())


def define(store: Store, *feeds: Feed) -> None:
    """Tell the store of feeds, with the feed of everything before them."""
    with store.writing() as writer:
        writer.define_feeds([Feed(name="all", kind=FeedKind.ALL, title="全部"), *feeds], "")


def fill(store: Store, *, body: bytes = b"<rss/>") -> None:
    """One article, and the feed of everything in three formats."""
    define(store)
    save(store, intake(arrival(1)))
    publish(store, *(document(f"/feeds/all.{suffix}", body) for suffix in TYPES))
