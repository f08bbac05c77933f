"""A feed's articles -> an edition -> bytes -> gate -> the documents that changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from feedservice.config.settings import FeedSettings
from feedservice.model import Card, Document, Edition, Feed, FeedState, Member, Site
from feedservice.protocols import Store
from feedservice.publish.archive import PAGE, Present, coming_back, due, present_of, print_pages
from feedservice.publish.gate import document_path
from feedservice.publish.manuscripts import Manuscripts
from feedservice.publish.pool import Pool
from feedservice.publish.press import Press
from feedservice.publish.printing import Printer
from feedservice.publish.sizes import MEASURE, Room, article_limit, most_around, room_alone
from feedservice.publish.stitching import METHOD
from feedservice.publish.stock import stock_of
from feedservice.publish.window import count_left, latest_shown, shown_ids

_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
_MOST_TOMBSTONES = 50
_USUAL = timedelta(minutes=1)
"""How far the date of a document may be ahead of the clock when it changed often within a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What came of writing a feed.

    documents_changed: how many documents have new bytes. shortened: ids of articles too large for a feed, told by
    summary and link. isolated: (article's id, reason) of those left out. cut: from which documents the oldest articles
    were left out for want of room, and how many. failures: what went wrong with whole formats,
    whose last good document stays. pages: the numbers of the archive pages that were written. unfinished: more of them
    have to be than are written at once.
    """

    feed: str
    documents_changed: int = 0
    shortened: tuple[str, ...] = ()
    isolated: tuple[tuple[str, str], ...] = ()
    cut: tuple[str, ...] = ()
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
    press: Press,
    feed: Feed,
    state: FeedState,
    mark: int,
    *,
    origins: Mapping[str, Feed],
    titles: Mapping[str, str],
    pool: Pool,
) -> Prepared:
    """Write a feed in every format; of its archive, what is due is written and stored.

    mark: as `Store.stale()` gave it, before anything else was read, `state` too; the feed is then fresh as of it.
    origins: each source's feed, by source. titles: of categories, by slug. pool: what other feeds have written of
    late. An article that the gate refuses is left out and told of; a format that fails as a whole keeps its last good
    document. Nothing is written, compressed or checked while the store's write transaction is open. Raises StoreError
    when the store cannot be used.
    """
    settings = press.settings
    blank = _blank(feed, press.site, settings, origins, titles)
    stored = store.packed([document_path(blank, row) for row in press.formats])
    newest = store.latest(feed.name, settings.items + PAGE + 1) if blank.by_arrival else ()
    now = _moment(store, feed, press, stored, newest)
    printer = _printer(store, press, blank, now, stored, pool)
    present = _present(blank, state, settings, printer, _room(store, press, blank, state), stored)
    # The pages first: an article is never in neither of them, whenever the process dies.
    rest = print_pages(printer, blank, present, mark, spoiled=state.spoiled)
    cards = [member.card for member in present.members if member.card.withdrawn is None]
    told_of = settings.archive and not (present.returning and (rest.many or rest.early))
    withdrawn = _withdrawn(store, feed, state)
    edition = replace(blank, withdrawn=withdrawn, prev_archive=present.joining if told_of else None)
    documents = () if present.held and stored else printer.documents(edition, cards)
    return Prepared(
        feed=feed.name,
        mark=mark,
        documents=documents,
        dropped=tuple(stored.keys() - {document_path(blank, row) for row in printer.formats}),
        again=rest.many or rest.early or any(member.card.arrival > now for member in newest),
        told=_told(feed, printer, rest.many),
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


def _room(store: Store, press: Press, blank: Edition, state: FeedState) -> Room:
    """How much of a document articles may take; what stands around them is measured when it is first asked for."""

    @cache
    def around() -> int:
        return most_around(replace(blank, withdrawn=_withdrawn(store, blank.feed, state)), press.formats)

    return Room(press.settings.max_bytes, around)


def _withdrawn(store: Store, feed: Feed, state: FeedState) -> tuple[Card, ...]:
    return store.withdrawn(feed.name, _MOST_TOMBSTONES) if state.withdrawn else ()


def _present(
    blank: Edition,
    state: FeedState,
    settings: FeedSettings,
    printer: Printer,
    room: Room,
    stored: Mapping[str, Document],
) -> Present:
    """What the feed itself holds, and which archive pages are due.

    Where no archive is wanted none is closed; those that were before are served still, and have to be true.
    """
    store, feed, newest = printer.store, blank.feed.name, state.newest
    until = printer.now if blank.by_arrival else None
    if not settings.archive:
        last = newest.number if newest else None
        members = latest_shown(store, feed, settings.items, printer.formats, stored)
        return Present(members=due(members, until), newest=last)
    present = present_of(
        store,
        feed,
        newest,
        printer.sizes,
        items=settings.items,
        room=room,
        until=until,
        left=_left(printer, stored),
    )
    # Pages that are missing are out of date too, so that all other feeds are spared the question.
    return coming_back(printer, blank, newest, present, settings.items) if newest and state.spoiled else present


def _left(printer: Printer, stored: Mapping[str, Document]) -> Callable[[Sequence[Member]], int]:
    """How to count what left a feed while it had no archive; that ends with the first rebuild by other settings."""
    if any(stock.fits for stock in printer.stocks.values()):
        return lambda members: 0
    return lambda members: count_left(members, printer.formats, stored)


def _moment(
    store: Store, feed: Feed, press: Press, stored: Mapping[str, Document], newest: Sequence[Member]
) -> datetime:
    """What the time is for a feed: never before what it was served with, though the clock was ahead and is set back.

    newest: the newest members of a feed that tells arrivals as dates. Where articles came while the clock was ahead,
    their arrivals, and all that follow, are no dates that anybody waits for.
    """
    now = press.clock().replace(microsecond=0)
    served = max((document.last_modified for document in stored.values()), default=now)
    if served - now > _USUAL:
        return max([served, *(member.card.arrival for member in store.latest(feed.name, press.settings.items + PAGE))])
    ahead = [member for member in newest if member.card.arrival > now]
    if not ahead:
        return now
    # What is shown, for a clock that was set back say, is not held back when that has nearly caught up.
    shown = frozenset(shown_ids(press.formats, stored))
    told = [each.card.arrival for each in ahead if each.card.withdrawn is None and each.card.id in shown]
    if any(member.card.arrival - now > _USUAL for member in ahead):
        told.append(store.arrival_ahead(now + _USUAL) or now)
    return max([now, *told])


def _told(feed: Feed, printer: Printer, unfinished: bool) -> Published:
    notes, manuscripts = printer.notes, printer.manuscripts
    return Published(
        feed=feed.name,
        shortened=tuple(manuscripts.shortened),
        isolated=tuple((manuscripts.refused | notes.isolated).items()),
        cut=tuple(notes.cut),
        failures=tuple(notes.failures),
        pages=tuple(notes.pages),
        unfinished=unfinished,
    )


def _printer(
    store: Store, press: Press, blank: Edition, now: datetime, stored: Mapping[str, Document], pool: Pool
) -> Printer:
    """What writes a feed, in the formats that are wanted of it."""
    formats, max_bytes = press.formats, press.settings.max_bytes
    dialects = press.settings.dialects_of(blank.feed.name)
    wanted = [row for row in formats if not row.dialect or row.name in dialects]
    # Sizes that were remembered are of one measure; the room decides which articles are told briefly.
    told = (press.shape, astuple(blank.site), max_bytes, MEASURE, METHOD)
    digest = hashlib.sha256(repr(told).encode()).digest()[:16]
    limit, alone = article_limit(max_bytes), room_alone(max_bytes)
    return Printer(
        store=store,
        formats=wanted,
        now=now,
        max_bytes=max_bytes,
        manuscripts=Manuscripts(store=store, edition=blank, formats=formats, limit=limit, alone=alone),
        stocks={row.name: stock_of(stored.get(document_path(blank, row)), digest) for row in wanted},
        pool=pool,
    )
