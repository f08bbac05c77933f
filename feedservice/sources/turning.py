"""Turning pages: reading a list that goes on behind its first page, as far as it holds something new."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from feedservice.errors import SourceError, Unreadable
from feedservice.model import NotModified, Offer, Page, PollHints, Reading
from feedservice.protocols import ConditionalGet
from feedservice.sources.hints import hints_of_answer, longest

_GONE = frozenset({404, 410})


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
    """How far is read: at most so many articles, on at most so many pages."""

    articles: int
    pages: int


ReadSheet = Callable[[Page, int], Sheet]


@dataclass(slots=True)
class _Tour:
    offers: dict[str, Offer] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)

    def take(self, sheet: Sheet, known: Callable[[str], bool]) -> bool:
        """Add a page's offers; whether one of them is new to us."""
        fresh = False
        self.problems += sheet.problems
        for offer in sheet.offers:
            if offer.key not in self.offers:
                self.offers[offer.key] = offer
                fresh = fresh or not known(offer.key)
        return fresh


def read_list(
    url: str, read: ReadSheet, get: ConditionalGet, known: Callable[[str], bool], *, bounds: Bounds, accept: str
) -> Reading:
    """Read the list at `url`: its first page if it changed, and pages behind it until one holds nothing new.

    read: what a page, the n-th from 1, offers; raises Unreadable. A further page that cannot be read is a problem; the
    first page's address is volatile then, so that the rest is tried again. Raises SourceError for the first page.
    """
    answer = get(url, conditional=True, accept=accept)
    if isinstance(answer, NotModified):
        return Reading(unchanged=True)
    return read_from(answer, read, get, known, bounds=bounds, accept=accept, url=url)


def read_from(
    answer: Page,
    read: ReadSheet,
    get: ConditionalGet,
    known: Callable[[str], bool],
    *,
    bounds: Bounds,
    accept: str,
    url: str,
) -> Reading:
    """Like `read_list`, from a first page that was fetched already."""
    tour = _Tour(visited={url, answer.url})
    sheet = read(answer, 1)
    title, number, lost = sheet.title, 1, False
    while tour.take(sheet, known) and len(tour.offers) < bounds.articles and number < bounds.pages:
        after = sheet.after
        if after is None or after in tour.visited:
            break
        tour.visited.add(after)
        number += 1
        try:
            further = get(after, accept=accept)
            if isinstance(further, NotModified):
                break
            sheet = read(further, number)
        except SourceError as error:
            if sheet.guessed and (isinstance(error, Unreadable) or getattr(error, "status", None) in _GONE):
                break
            tour.problems.append(f"page {number} of the list: {error}")
            lost = True
            break
    return Reading(
        offers=tuple(tour.offers.values())[: bounds.articles],
        problems=tuple(tour.problems),
        title=title,
        hints=hints_of_answer(answer),
        volatile=(url,) if lost else (),
    )


def together(readings: Iterable[Reading], failures: Iterable[SourceError]) -> Reading:
    """Several lists of one source as one reading. Raises the failure where there is no reading at all."""
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
        unchanged=all(reading.unchanged for reading in readings) and not failures,
        problems=(*map(str, failures), *(problem for reading in readings for problem in reading.problems)),
        title=next((reading.title for reading in readings if reading.title), ""),
        hints=hints,
        volatile=tuple(address for reading in readings for address in reading.volatile),
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
