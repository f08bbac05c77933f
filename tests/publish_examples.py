"""For the tests of publish: a store with the feeds of the examples, and a press that publishes them."""

from __future__ import annotations

from collections.abc import Sequence

from feedservice.config.feeds import Dialect, FeedSettings
from feedservice.formats import FORMATS
from feedservice.formats.jsonfeed import JSON
from feedservice.model import Arrival, Document, Feed, FeedKind, Fields, Representation
from feedservice.protocols import Format, Store
from feedservice.publish import Pool, Prepared, Published, prepare_feed, publish
from feedservice.publish.codings import encode, finish
from feedservice.publish.press import Press as Outfit
from tests.fakes import FakeClock
from tests.format_examples import SITE, ids_in
from tests.store_examples import START, arrival, intake, save

DIALECTS: tuple[Dialect, ...] = ("baidu", "partner", "kuaichuan")
ALL = Feed(name="all", kind=FeedKind.ALL, title="滨海信息")
SOURCE = Feed(name="site", kind=FeedKind.SOURCE, title="泰达要闻", home_url="https://news.example.org/")


class Press:
    """Publishes feeds of a store, an hour after the example articles begin."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store, self.clock = store, clock
        clock.pass_(hours=1)
        with store.writing() as writer:
            writer.define_feeds([ALL, SOURCE], "")

    def __call__(
        self,
        feed: Feed = ALL,
        formats: Sequence[Format] = FORMATS,
        items: int = 50,
        max_bytes: int = 2_000_000,
        archive: bool = True,
        shape: str = "",
        dialects: tuple[Dialect, ...] = DIALECTS,
        pool: Pool | None = None,
    ) -> Published:
        settings = FeedSettings(items=items, max_bytes=max_bytes, archive=archive, dialects=dialects)
        return publish(self.store, [self.prepare(feed, formats, settings, shape, pool)])[0]

    def prepare(
        self,
        feed: Feed = ALL,
        formats: Sequence[Format] = FORMATS,
        settings: FeedSettings | None = None,
        shape: str = "",
        pool: Pool | None = None,
    ) -> Prepared:
        return prepare_feed(
            self.store,
            Outfit(formats=formats, site=SITE, settings=settings or FeedSettings(), clock=self.clock, shape=shape),
            feed,
            self.store.feed_states([feed.name])[feed.name],
            self.store.stale().get(feed.name, 0),
            origins={"site": SOURCE},
            titles=self.store.category_titles(),
            pool=pool or Pool(),
        )


def in_every_coding(body: bytes) -> tuple[Representation, ...]:
    """Bytes as they are served once nothing waits any more."""
    whole = Document(path="/x", feed="", media_type="", last_modified=START, representations=encode(body), partial=True)
    return finish(whole)


def add(store: Store, *arrivals: Arrival) -> None:
    """Store new articles."""
    save(store, intake(*arrivals))


def documents(store: Store) -> list[Document]:
    """The feed of everything, as it is published in each format."""
    found = [store.document(f"/feeds/all.{row.suffix}") for row in FORMATS]
    return [document for document in found if document is not None]


def body(store: Store, row: Format = JSON) -> bytes:
    """The identity bytes of the feed of everything."""
    document = store.document(f"/feeds/all.{row.suffix}")
    assert document is not None
    return document.representations[0].body


def ids(store: Store, row: Format = JSON) -> list[str]:
    """Of the items of the feed of everything, as its readers see them."""
    return ids_in(body(store, row), row)


def long(number: int, size: int) -> Arrival:
    """A new article whose body takes about so many bytes."""
    return arrival(number, fields=Fields(title=f"第{number}条", body="<p>" + "长" * (size // 3) + "</p>"))
