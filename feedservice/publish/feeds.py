"""A feed's articles -> an edition -> bytes -> gate -> the documents that changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime, timedelta

from feedservice.config.settings import FeedSettings
from feedservice.model import Document, Edition, Feed, FeedState, Site
from feedservice.protocols import Clock, Format, Store
from feedservice.publish.archive import PAGE, Present, due, present_of, print_pages
from feedservice.publish.gate import document_path
from feedservice.publish.manuscripts import Manuscripts
from feedservice.publish.pool import Pool
from feedservice.publish.printing import Printer
from feedservice.publish.sizes import article_limit
from feedservice.publish.stitching import METHOD
from feedservice.publish.stock import stock_of

_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
_MOST_TOMBSTONES = 50
_USUAL = timedelta(minutes=1)
"""How far the date of a document may be ahead of the clock when it changed often within a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What came of writing a feed.

    documents_changed: how many documents have new bytes. shortened: ids of articles too large for a feed, told by
    summary and link. isolated: (article's id, reason) of those left out. failures: what went wrong with whole formats,
    whose last good document stays. pages: the numbers of the archive pages that were written. unfinished: more of them
    have to be than are written at once.
    """

    feed: str
    documents_changed: int = 0
    shortened: tuple[str, ...] = ()
    isolated: tuple[tuple[str, str], ...] = ()
    failures: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    unfinished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A feed that was written and passed the gate, ready to be published.

    dropped: addresses of documents in dialects that are wanted no more.
    mark: what it is fresh as of. again: it has to be written once more. told: what came of it, but for what changed.
    """

    feed: str
    mark: int
    documents: tuple[Document, ...]
    dropped: tuple[str, ...]
    again: bool
    told: Published

    @property
    def size(self) -> int:
        """How many bytes it holds."""
        return sum(len(each.body) for document in self.documents for each in document.representations)


def publish(store: Store, prepared: Sequence[Prepared]) -> tuple[Published, ...]:
    """Make the new bytes of these feeds the served ones, all at once. Raises StoreError, and nothing is published."""
    with store.writing() as writer:
        documents = [document for each in prepared for document in each.documents]
        changed = writer.put_documents(documents, {each.feed: each.mark for each in prepared})
        writer.drop_documents([path for each in prepared for path in each.dropped])
        writer.mark_stale([each.feed for each in prepared if each.again])
    return tuple(replace(each.told, documents_changed=changed.get(each.feed, 0)) for each in prepared)


def prepare_feed(
    store: Store,
    feed: Feed,
    state: FeedState,
    mark: int,
    *,
    formats: Sequence[Format],
    site: Site,
    settings: FeedSettings,
    clock: Clock,
    origins: Mapping[str, Feed],
    titles: Mapping[str, str],
    shape: str,
    pool: Pool,
) -> Prepared:
    """Write a feed in every format; of its archive, what is due is written and stored.

    mark: as `Store.stale()` gave it, before anything else was read, `state` too; the feed is then fresh as of it.
    origins: each source's feed, by source. titles: of categories, by slug. shape: tells this program and its settings
    from others: what was written under another one is written anew. pool: what other feeds have written of late. An
    article that the gate refuses is left out and told of; a format that fails as a whole keeps its last good document.
    Nothing is written, compressed or checked while the store's write transaction is open. Raises StoreError when the
    store cannot be used.
    """
    blank = _blank(feed, site, settings, origins, titles)
    stored = store.packed([document_path(blank, row) for row in formats])
    now = _moment(store, feed, stored, clock, settings.items)
    dialects = settings.dialects_of(feed.name)
    wanted = [row for row in formats if not row.dialect or row.name in dialects]
    printer = _printer(store, wanted, blank, shape, now, settings.max_bytes, stored, pool)
    until = now if blank.by_arrival else None
    present = _present(store, feed, state, settings, printer, until)
    # The pages first: an article is never in neither of them, whenever the process dies.
    more = print_pages(printer, blank, present, mark, spoiled=state.spoiled) if settings.archive else False
    cards = [member.card for member in present.members if member.card.withdrawn is None]
    withdrawn = store.withdrawn(feed.name, _MOST_TOMBSTONES) if state.withdrawn else ()
    edition = replace(blank, withdrawn=withdrawn, prev_archive=present.joining)
    documents = () if present.held and stored else printer.documents(edition, cards)
    return Prepared(
        feed=feed.name,
        mark=mark,
        documents=documents,
        dropped=tuple(stored.keys() - {document_path(blank, row) for row in wanted}),
        again=more or (until is not None and _is_ahead(store, feed.name, until, settings.items)),
        told=_told(feed, printer, more),
    )


def _blank(
    feed: Feed, site: Site, settings: FeedSettings, origins: Mapping[str, Feed], titles: Mapping[str, str]
) -> Edition:
    """The edition with nothing in it yet."""
    return Edition(
        feed=feed,
        site=site,
        articles=(),
        updated=_BEFORE_ALL,
        origins=origins,
        category_titles=titles,
        by_arrival=settings.dates_of(feed.name) == "arrival",
        by_update=settings.resurfaces(feed.name),
        claim=settings.claim_of(feed.name),
    )


def _present(
    store: Store, feed: Feed, state: FeedState, settings: FeedSettings, printer: Printer, until: datetime | None
) -> Present:
    """What the feed itself holds, and which archive pages are due."""
    if not settings.archive:
        return Present(members=due(store.latest(feed.name, settings.items), until))
    return present_of(
        store,
        feed.name,
        state.newest,
        printer.sizes,
        items=settings.items,
        max_bytes=settings.max_bytes,
        until=until,
    )


def _moment(store: Store, feed: Feed, stored: Mapping[str, Document], clock: Clock, items: int) -> datetime:
    """What the time is for a feed: never before what it was served with, though the clock was ahead and is set back."""
    now = clock().replace(microsecond=0)
    served = max((document.last_modified for document in stored.values()), default=now)
    if served - now <= _USUAL:
        return now
    return max([served, *(member.card.arrival for member in store.latest(feed.name, items + PAGE))])


def _told(feed: Feed, printer: Printer, unfinished: bool) -> Published:
    notes, manuscripts = printer.notes, printer.manuscripts
    return Published(
        feed=feed.name,
        shortened=tuple(manuscripts.shortened),
        isolated=tuple((manuscripts.refused | notes.isolated).items()),
        failures=tuple(notes.failures),
        pages=tuple(notes.pages),
        unfinished=unfinished,
    )


def _is_ahead(store: Store, feed: str, now: datetime, items: int) -> bool:
    """Whether any of the feed's newest members is held back still."""
    return any(member.card.arrival > now for member in store.latest(feed, items + PAGE + 1))


def _printer(
    store: Store,
    formats: Sequence[Format],
    blank: Edition,
    shape: str,
    now: datetime,
    max_bytes: int,
    stored: Mapping[str, Document],
    pool: Pool,
) -> Printer:
    limit = article_limit(max_bytes)
    digest = hashlib.sha256(repr((shape, astuple(blank.site), limit, METHOD)).encode()).digest()[:16]
    return Printer(
        store=store,
        formats=formats,
        now=now,
        max_bytes=max_bytes,
        manuscripts=Manuscripts(store=store, edition=blank, limit=limit),
        stocks={row.name: stock_of(stored.get(document_path(blank, row)), digest) for row in formats},
        pool=pool,
    )
