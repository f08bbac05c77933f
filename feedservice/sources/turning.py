"""Turning pages: reading a list that goes on behind its first page, as far as it holds something new."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from feedservice.allowance import bounded
from feedservice.errors import SourceError, Unreadable
from feedservice.model import FIRST_READ, Memory, NotModified, Offer, Page, PollHints, Reading
from feedservice.protocols import ConditionalGet, KnownAmong
from feedservice.sources.hints import hints_of_answer, longest

_GONE = frozenset({400, 404, 410})
"""What servers answer beyond the last page; WordPress 400."""
_LEEWAY = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one page of a list offers, and the address of the page after it; None on the last.

    guessed: nothing says that there is a page after it; its address was made by a pattern.
    """

    offers: tuple[Offer, ...]
    after: str | None = None
    guessed: bool = False
    title: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far is read: at most so many pages; by a first read, so many articles; by others, so many new ones.

    A later read that meets nothing it knows goes no further into the past than a first one: its list may be another.
    """

    articles: int
    pages: int
    memory: Memory = FIRST_READ


ReadSheet = Callable[[Page, int], Sheet]


@dataclass(slots=True)
class _Tour:
    bounds: Bounds
    offers: dict[str, Offer] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    new: int = 0
    fresh: bool = True
    run: bool = True
    heard: bool = False
    """Whether something on offer is known."""
    depth: int = 0
    number: int = 1
    lost: bool = False
    """Whether a further page could not be read."""

    def take(self, sheet: Sheet, known: KnownAmong) -> None:
        """Add a page's offers; one of them may be new to us."""
        self.fresh = False
        self.problems += sheet.problems
        offers: dict[str, Offer] = {}
        for offer in sheet.offers:
            if offer.key not in self.offers:
                offers.setdefault(offer.key, offer)
        self.offers |= offers
        stored = known(tuple(offers))
        for key, offer in offers.items():
            if key in stored:
                self.heard = True
            elif not self._is_past(offer):
                self.fresh = True
                self.new += 1
        self.run = self.run and self.fresh

    def goes_on(self) -> bool:
        """Whether the next page may hold something that is to be read."""
        memory, seen = self.bounds.memory, len(self.offers)
        if self.run or seen < memory.again:
            return True
        # What is new has pushed down what waits to be read.
        return memory.depth > 0 and (self.fresh or seen - self.new <= memory.depth)

    def _is_past(self, offer: Offer) -> bool:
        """Whether an offer that is not known stood in the list before, where other settings kept it from being seen."""
        past, published = self.bounds.memory.past, offer.fields.published
        return self.heard and past is not None and published is not None and published.at < past

    def is_full(self) -> bool:
        """Whether as much was found as one read takes."""
        first = self.bounds.memory.first
        return len(self.offers) >= self.bounds.articles if first else self.new >= self.bounds.memory.most

    def is_all_new(self) -> bool:
        """Whether a later read met nothing that is known, so far back as a first one would have gone."""
        return not self.bounds.memory.first and self.new == len(self.offers) > self.bounds.articles


def read_list(
    url: str, read: ReadSheet, get: ConditionalGet, known: KnownAmong, *, bounds: Bounds, accept: str
) -> Reading:
    """Read the list at `url`: its first page if it changed, and pages behind it until one holds nothing new.

    read: what a page, the n-th from 1, offers; raises Unreadable. A further page that cannot be read is a problem; the
    first page's address is volatile then and the reading unfinished, so that the rest is tried again. Raises
    SourceError for the first page.
    """
    answer = get(url, conditional=True, accept=accept)
    if isinstance(answer, NotModified):
        return Reading(unchanged=True)
    return read_from(answer, read, get, known, bounds=bounds, accept=accept, url=url)


def read_from(
    answer: Page,
    read: ReadSheet,
    get: ConditionalGet,
    known: KnownAmong,
    *,
    bounds: Bounds,
    accept: str,
    url: str,
) -> Reading:
    """Like `read_list`, from a first page that was fetched already."""
    read = bounded(read)
    tour = _Tour(bounds, visited={url, answer.url})
    first = read(answer, 1)
    tour.take(first, known)
    last = _turn(tour, first, read, get, known, accept)
    unfinished = tour.lost or _is_cut(tour, last)
    offers, beyond = _divided(tour)
    return Reading(
        offers=offers,
        problems=tuple(tour.problems),
        title=first.title,
        hints=hints_of_answer(answer),
        volatile=(url,) if unfinished else (),
        paged=first.after is not None,
        unfinished=unfinished,
        partial=tour.lost,
        depth=tour.depth if tour.lost else len(tour.offers),
        beyond=beyond,
        unheard=frozenset() if tour.heard else frozenset(tour.offers),
    )


def _turn(tour: _Tour, sheet: Sheet, read: ReadSheet, get: ConditionalGet, known: KnownAmong, accept: str) -> Sheet:
    """Read the pages behind the first one, as far as it is to be done; the last one that could be read."""
    while (after := _after(tour, sheet)) is not None:
        tour.visited.add(after)
        tour.depth = len(tour.offers)
        tour.number += 1
        try:
            further = get(after, accept=accept)
            if isinstance(further, NotModified):
                break
            sheet = read(further, tour.number)
        except SourceError as error:
            if not (sheet.guessed and (isinstance(error, Unreadable) or getattr(error, "status", None) in _GONE)):
                tour.problems.append(f"page {tour.number} of the list: {error}")
                tour.lost = True
            break
        tour.take(sheet, known)
    return sheet


def _after(tour: _Tour, sheet: Sheet) -> str | None:
    """The page to be read after this one."""
    if tour.is_full() or tour.number >= tour.bounds.pages or not tour.goes_on() or sheet.after in tour.visited:
        return None
    return sheet.after


def _is_cut(tour: _Tour, sheet: Sheet) -> bool:
    """Whether a later read left off before its end, and another one can go on; it is told where none can."""
    if tour.bounds.memory.first or not tour.fresh or sheet.after is None or sheet.after in tour.visited:
        return False
    if tour.is_full():
        tour.problems.append(f"{tour.new} articles of the list are new, as many as are taken at once: more come later")
        return True
    if tour.number >= tour.bounds.pages > 1:
        tour.problems.append(
            f"page {tour.number} of the list still holds something new: further ones are beyond max_pages"
        )
    return False


def _divided(tour: _Tour) -> tuple[tuple[Offer, ...], tuple[str, ...]]:
    """What was found as what is offered, and the keys of what is left out."""
    offers, bounds = tuple(tour.offers.values()), tour.bounds
    if bounds.memory.first:
        return offers[: bounds.articles], tuple(offer.key for offer in offers[bounds.articles :])
    if not tour.is_all_new():
        return offers, ()
    old = [offer for offer in offers[bounds.articles :] if not _is_since(offer, bounds.memory.since)]
    if old:
        tour.problems.append(
            f"nothing in the list is known: the first {bounds.articles} articles are taken, {len(old)} old ones are not"
        )
    left = {offer.key for offer in old}
    return tuple(offer for offer in offers if offer.key not in left), tuple(left)


def _is_since(offer: Offer, since: datetime | None) -> bool:
    """Whether an article came since the last read, as far as its date tells, which may be a day or of another zone."""
    published = offer.fields.published
    return since is not None and published is not None and published.at >= since - _LEEWAY


def together(readings: Iterable[Reading], failures: Iterable[SourceError]) -> Reading:
    """Several lists of one source as one reading. Raises the failure where there is no reading at all.

    Where one stands still and the others bring nothing, the source stands still: it is not empty.
    """
    readings, failures = list(readings), list(failures)
    if not readings:
        raise failures[0]
    if len(readings) == 1 and not failures:
        return readings[0]
    hints = PollHints()
    offers: dict[str, Offer] = {}
    for reading in readings:
        hints = longest(hints, reading.hints)
        for offer in reading.offers:
            offers.setdefault(offer.key, offer)
    return Reading(
        offers=tuple(offers.values()),
        unchanged=not offers and any(reading.unchanged for reading in readings),
        problems=(*map(str, failures), *(problem for reading in readings for problem in reading.problems)),
        title=next((reading.title for reading in readings if reading.title), ""),
        hints=hints,
        volatile=tuple(address for reading in readings for address in reading.volatile),
        paged=any(reading.paged for reading in readings),
        unfinished=any(reading.unfinished for reading in readings),
        depth=max(reading.depth for reading in readings),
        partial=bool(failures) or any(reading.partial or reading.unchanged for reading in readings),
        beyond=tuple(key for reading in readings for key in reading.beyond if key not in offers),
        unheard=frozenset().union(*(reading.unheard for reading in readings)),
    )


def read_each(urls: Iterable[str], read: Callable[[str], Reading]) -> Reading:
    """Read every list of a source; one that fails is a problem as long as another one does not. Raises SourceError."""
    readings: list[Reading] = []
    failures: list[SourceError] = []
    for url in urls:
        try:
            readings.append(read(url))
        except SourceError as error:
            failures.append(error)
    return together(readings, failures)
