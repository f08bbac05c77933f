"""A feed's past (RFC 5005 §4): the oldest articles leave the feed for pages that stand still, each for one page.

The feed holds what joined after the newest page. When that is too much, its oldest articles become a page. So a walk
from the feed along `prev-archive` meets every article once, also while articles arrive; and what left the feed never
comes back to it, whatever its date.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

from feedservice.model import ArchivePage, Card, Document, Edition, Member
from feedservice.protocols import Store
from feedservice.publish.gate import document_path
from feedservice.publish.printing import Printer
from feedservice.publish.sizes import Room, most_that_fit

PAGE = 10
"""How many articles an archive page holds; fewer where they are large. With 50 items to a feed at least, it never holds
more than 60: that many new ones Google News takes of a fetch."""
_PAGES_AT_ONCE, _BYTES_AT_ONCE = 100, 12_000_000
"""How many pages are written in one go, and about how many bytes of articles: fewer pages where these are large."""
Sizes = Callable[[Sequence[Card]], Sequence[int]]
"""The room that articles take at most, in bytes, in whichever format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What stays in the feed itself, oldest first.

    newest: the number of its newest archive page, None where it has none. pages: those to write, closed just now or
    linking to one that was. unfinished: more pages are missing, or have to be closed, than is done at once. held:
    therefore the feed that is served, which joins the pages that were there before, stays until the last one is closed.
    returning: pages that were there before are missing.
    """

    members: tuple[Member, ...]
    newest: int | None = None
    pages: tuple[ArchivePage, ...] = ()
    unfinished: bool = False
    held: bool = False
    returning: bool = False

    @property
    def joining(self) -> int | None:
        """The number of the page that the feed goes on at, None where that is not closed yet: nothing lies between."""
        return None if self.unfinished else self.newest


def present_of(
    store: Store,
    feed: str,
    newest: ArchivePage | None,
    sizes: Sizes,
    *,
    items: int,
    room: Room,
    until: datetime | None,
    left: Callable[[Sequence[Member]], int] = lambda members: 0,
) -> Present:
    """Decide what stays in a feed and which pages are closed behind it. Stores nothing. Raises StoreError.

    newest: the feed's newest closed page, where it has one. until: for a feed that tells arrivals as dates, now: what
    is dated ahead of it is held back. left: how many of the oldest of what is on no page left the feed while it had no
    archive; they go to a page, wherever there is room in the feed.
    """
    before = last = newest
    closed: list[ArchivePage] = []
    leaving = closed_bytes = 0
    members: tuple[Member, ...] = ()
    for _ in range(_PAGES_AT_ONCE):
        after, number = (last.upto, last.number) if last else (0, 0)
        found = store.members(feed, after, limit=items + PAGE + 1)
        members = due(found, until)
        leaving, leaving_bytes = _leaving(members, sizes, items, room)
        if not leaving and (gone := left(members)):
            leaving, leaving_bytes = _together(_taken(members[:gone], sizes), room.for_as_much_as(0))
        if leaving and members[leaving - 1].joined > _first_held(found, until):
            leaving = 0  # a page never closes over what is held back still: that would be nowhere
        if not leaving or closed_bytes > _BYTES_AT_ONCE:
            break
        closed_bytes += leaving_bytes
        last = ArchivePage(number=number + 1, after=after, upto=members[leaving - 1].joined)
        closed.append(last)
    held = bool(leaving) and before is not None
    if leaving and not held:
        members = _newest(due(store.latest(feed, items), until), sizes, room)
    return Present(
        members=members,
        newest=last.number if last else None,
        pages=(before, *closed) if before and closed else tuple(closed),
        unfinished=bool(leaving),
        held=held,
    )


def coming_back(printer: Printer, edition: Edition, newest: ArchivePage, present: Present, items: int) -> Present:
    """The same, but for a feed that was retired, whose pages went with its documents: none is closed meanwhile.

    They are written again from the oldest on, so that all are there when the newest is. Raises StoreError.
    """
    rows = [row for row in printer.formats if not row.dialect]
    paths = [document_path(replace(edition, archive=newest.number), row) for row in rows]
    if sum(bool(head.codings) for head in printer.store.heads(paths)) == len(paths):
        return present
    if not present.pages and not present.unfinished:
        return replace(present, returning=True)
    until = printer.now if edition.by_arrival else None
    latest = due(printer.store.latest(edition.feed.name, items + PAGE), until)
    members = tuple(member for member in latest if member.joined > newest.upto)
    return Present(members=members, newest=newest.number, unfinished=True)


def _first_held(members: Sequence[Member], until: datetime | None) -> float:
    """Where the first member joined that is held back still; infinity where none is."""
    held = (member.joined for member in members if until is not None and member.card.arrival > until)
    return min(held, default=math.inf)


def due(members: tuple[Member, ...], until: datetime | None) -> tuple[Member, ...]:
    """The members whose arrival is not after `until`."""
    return members if until is None else tuple(member for member in members if member.card.arrival <= until)


def _leaving(members: Sequence[Member], sizes: Sizes, items: int, room: Room) -> tuple[int, int]:
    """How many of the oldest members leave the feed together, none or as many as make a page, and their bytes."""
    taken = _taken(members, sizes)
    there = room.for_as_much_as(sum(taken))
    if len(members) <= items + PAGE and (sum(taken) <= there or len(members) == 1):
        return 0, 0
    return _together(taken[: len(members) - 1], there)


def _together(taken: Sequence[int], there: int) -> tuple[int, int]:
    """How many of these members make a page, and their bytes. taken: the room that each takes, of all that there is."""
    together = list(accumulate(taken[:PAGE]))
    leaving = max(1, bisect_right(together, there))
    return leaving, together[leaving - 1]


def _newest(members: tuple[Member, ...], sizes: Sizes, room: Room) -> tuple[Member, ...]:
    """As many of the newest members as there is room for, one at least."""
    taken = _taken(members, sizes)[::-1]
    return members[-most_that_fit(taken, room.for_as_much_as(sum(taken)), sum) :]


def _taken(members: Sequence[Member], sizes: Sizes) -> list[int]:
    """The room that each member takes: none, where it was withdrawn."""
    shown = [member.card for member in members if member.card.withdrawn is None]
    by_seq = dict(zip((card.seq for card in shown), sizes(shown), strict=True))
    return [by_seq.get(member.card.seq, 0) for member in members]


@dataclass(frozen=True, slots=True)
class Rest:
    """What of an archive has yet to be written: `many`, more pages than are written at once; `early`, pages of a feed
    that tells arrivals as dates, with one that is still to come."""

    many: bool
    early: bool


def print_pages(printer: Printer, edition: Edition, present: Present, mark: int, *, spoiled: bool) -> Rest:
    """Write and store the pages of the feed's archive that have to be; returns what still has to be.

    edition: the feed's, for all that its pages share with it. mark: of the feed, before anything was read. spoiled:
    whether any page may be out of date. Raises StoreError.
    """
    store, feed = printer.store, edition.feed.name
    stale = store.stale_archives(feed, _PAGES_AT_ONCE) if spoiled else ()
    closing = {page.number for page in present.pages}
    pages = {page.number: page for page in (*stale, *present.pages)}
    written: list[tuple[ArchivePage, tuple[Document, ...]]] = []
    early: list[ArchivePage] = []
    size, left = 0, len(stale) == _PAGES_AT_ONCE
    for page in pages.values():
        if size > _BYTES_AT_ONCE and page.number not in closing:
            left = True
            continue
        members = store.members(feed, page.after, upto=page.upto)
        cards = [member.card for member in members if member.card.withdrawn is None]
        # Closed while the feed told other dates: the gate would leave out what is dated ahead, and nobody ask again.
        if edition.by_arrival and any(card.arrival > printer.now for card in cards):
            early.append(page)
            continue
        documents, taken = _print_page(printer, edition, page, present.newest or 0, cards)
        size += taken
        written.append((page, documents))
    late = [page for page in early if page.number in closing]
    if written or late:
        with store.writing() as writer:
            for page, documents in written:
                writer.put_archive(feed, page, documents, mark)
            for page in late:
                writer.put_archive(feed, page, (), mark - 1)  # out of date, as it is to link to a newer one
        printer.notes.pages.extend(page.number for page, _ in written)
    return Rest(many=(present.unfinished or left) and bool(written or not early), early=bool(early))


def _print_page(
    printer: Printer, edition: Edition, page: ArchivePage, newest: int, cards: Sequence[Card]
) -> tuple[tuple[Document, ...], int]:
    """A page's documents, and about how many bytes its articles take. newest: the number of the newest page."""
    shown = replace(
        edition,
        archive=page.number,
        prev_archive=page.number - 1 or None,
        next_archive=page.number + 1 if page.number < newest else None,
    )
    printing = printer.of_page(shown)
    size = sum(printing.sizes(cards))
    documents = printing.documents(shown, cards)
    if shown.next_archive is not None:
        documents = tuple(replace(document, layout=b"") for document in documents)
    return documents, size
