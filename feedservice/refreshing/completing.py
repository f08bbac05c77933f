"""Offers made whole: the pages behind them are fetched and read, a few at a time."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace

from feedservice import changes
from feedservice.addresses.masking import shown
from feedservice.addresses.spellings import is_front_of, is_one
from feedservice.errors import FetchError, TooLarge, Unreadable
from feedservice.model import Attachment, Capture, Extraction, Fields, NotModified, Offer, Page, Seen, Validators
from feedservice.packing import Packer
from feedservice.protocols import Get, PageReader

_log = logging.getLogger(__name__)
_MOST_PAGES = 20
_GONE_FOR_GOOD = 410  # RFC 9110 §15.5.11
_GONE = frozenset({404, _GONE_FOR_GOOD})
_PAGE_TYPES = ("html", "xml")


@dataclass(frozen=True, slots=True)
class Completed:
    """An offer after its page was read. fields: None when there is nothing to store; then `problem` says why.

    capture: the pages that were read, where they are to be kept.
    passing: it may be another time. unreadable: its page came, and no article is on it. gone: there is no page.
    hopeless: nor will there be, or it is too large.
    matched, unmatched: the fields with a selector of the operator's that found something on its page, and nothing.
    seen: what its page is at first sight, where there is no article on it.
    """

    offer: Offer
    fields: Fields | None
    problem: str = ""
    passing: bool = False
    unreadable: bool = False
    gone: bool = False
    hopeless: bool = False
    matched: frozenset[str] = frozenset()
    unmatched: frozenset[str] = frozenset()
    seen: Seen | None = None
    capture: Capture | None = None


@dataclass(slots=True)
class Visit:
    """One refresh's way to the network: asks conditionally with what is remembered, and remembers what it is told.

    last: what the source itself was answered last, articles' own pages apart. places: where it was read.
    """

    get: Get
    before: Mapping[str, Validators]
    after: dict[str, Validators] = field(default_factory=dict)
    last: Page | None = None
    places: set[str] = field(default_factory=set)

    def __call__(self, url: str, *, conditional: bool = False, accept: str = "*/*") -> Page | NotModified:
        answer = self.get(url, unless=self.before.get(url) if conditional else None, accept=accept)
        if isinstance(answer, Page):
            self.last = answer
            self.places |= {url, answer.url}
        if conditional and isinstance(answer, Page):
            self.after[url] = answer.validators
        return answer

    def page(self, url: str) -> Page:
        """Fetch `url` unconditionally. Raises FetchError, also for a server that answers 304 all the same."""
        answer = self.get(url)
        if isinstance(answer, NotModified):
            raise FetchError(f"{url}: 304 to an unconditional request", status=304)
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where the offers of one source are made whole.

    home: the base for relative links of articles without an address. offer_wins: what the source says of an article is
    better than what stands on its page. width: how many pages are asked for at once. packer: packs the pages that are
    to be kept; None where none are.
    """

    pages: PageReader
    visit: Visit
    home: str
    offer_wins: bool
    width: int
    packer: Packer | None = None

    def complete_all(self, offers: Iterable[Offer], fetchers: Executor) -> list[Completed]:
        """Every offer made whole, in order. Never more than `width` of them wait in `fetchers`: others share it."""
        waiting: deque[tuple[Offer, Future[Completed]]] = deque()
        done: list[Completed] = []
        for offer in offers:
            if len(waiting) >= self.width:
                done.append(_result(*waiting.popleft()))
            waiting.append((offer, fetchers.submit(self.complete, offer)))
        done.extend(_result(*each) for each in waiting)
        return done

    def complete(self, offer: Offer) -> Completed:
        """The whole article behind an offer, its page and further pages read where it is a stub."""
        try:
            return self._complete(offer)
        except Unreadable as error:
            return Completed(
                offer, None, f"{offer.url or offer.key}: {error}", passing=not offer.complete, unreadable=True
            )
        except FetchError as error:
            return Completed(
                offer,
                None,
                str(error),
                passing=not _is_final(error),
                gone=error.status in _GONE,
                hopeless=error.status == _GONE_FOR_GOOD or isinstance(error, TooLarge),
            )

    def _complete(self, offer: Offer) -> Completed:
        if offer.complete or offer.url is None:
            return Completed(offer, self.pages.clean(offer.fields, offer.url or self.home))
        got: dict[str, Page] = {}

        def fetch(url: str) -> Page:
            got[url] = page = self.visit.page(url)
            return page

        page = fetch(offer.url)
        if self._is_sent_away(offer.url, page.url):
            raise FetchError(f"{offer.url}: leads to {page.url} now", status=404)
        if page.content_type and not any(kind in page.content_type.lower() for kind in _PAGE_TYPES):
            return Completed(offer, self.pages.clean(_file_as_article(offer, page), offer.url))
        try:
            read = read_article(self.pages, fetch, page)
        except Unreadable as error:
            told = f"{offer.url}: {error}"
            return Completed(offer, None, told, passing=True, unreadable=True, seen=self.pages.glance(page))
        fields = combine(read.extraction.fields, self.pages.clean(offer.fields, offer.url), offer_wins=self.offer_wins)
        # Packed at once: what waits to be stored is a tenth of the pages.
        capture = self.packer.pack(got, offer.fields) if self.packer else None
        matched = _matched(read.extraction, self.pages)
        unmatched = frozenset(self.pages.selectors) - matched
        return Completed(offer, fields, read.problem, capture=capture, matched=matched, unmatched=unmatched)

    def _is_sent_away(self, asked: str, came: str) -> bool:
        """Whether an article's address leads to a front page or to the source's own: what sites do in place of 404."""
        asked, came = (address.partition("#")[0] for address in (asked, came))
        if is_one(asked, came):
            return False
        return is_front_of(came, asked) or any(is_one(came, place) for place in (self.home, *self.visit.places))


def _result(offer: Offer, done: Future[Completed]) -> Completed:
    """What became of an offer. A bug stops its page and is seen; the other pages are kept."""
    bug = done.exception()
    if bug is None:
        return done.result()
    if not isinstance(bug, Exception):
        raise bug
    place = offer.url or offer.key
    _log.critical("%s: its reading stopped on a bug", shown(place), exc_info=bug)
    return Completed(offer, None, f"{place}: its reading stopped on a bug: {type(bug).__name__}: {bug}", passing=True)


def _matched(extraction: Extraction, pages: PageReader) -> frozenset[str]:
    found = extraction.found
    return frozenset(name for name, chain in pages.selectors.items() if found.get(name, "").startswith(chain))


@dataclass(frozen=True, slots=True)
class Read:
    """An article as its pages tell it. problem: what is wrong with a further page that was left out."""

    extraction: Extraction
    problem: str = ""


def read_article(pages: PageReader, fetch: Callable[[str], Page], page: Page) -> Read:
    """An article with its further pages; one that is gone, or no article, is left out.

    Raises FetchError for one that failed to come, which may come next time; Unreadable when there is no article.
    """
    first = pages.read(page)
    rest: list[Extraction] = []
    problem = ""
    for url in pages.next_pages(page)[:_MOST_PAGES]:
        try:
            rest.append(pages.read(fetch(url)))
        except Unreadable as error:
            problem = f"{url}: {error}"
        except FetchError as error:
            if not _is_final(error):
                raise
            problem = str(error)
    return Read(pages.join(first, rest) if rest else first, problem)


def combine(told: Fields, own: Fields, *, offer_wins: bool) -> Fields:
    """What an article's page tells and what its source says of it, as one. own: cleaned."""
    return changes.merge(own, told) if offer_wins else changes.merge(told, own)


def _is_final(error: FetchError) -> bool:
    """Whether asking again before the source tells something else is of no use."""
    return error.status in _GONE or isinstance(error, TooLarge)


def _file_as_article(offer: Offer, page: Page) -> Fields:
    """What a list says of an article that is a file (a PDF, say): the file becomes its attachment."""
    media_type = page.content_type.split(";")[0].strip().lower()
    file = Attachment(url=page.url, name=offer.fields.title, media_type=media_type, length=len(page.body))
    return replace(offer.fields, attachments=(*offer.fields.attachments, file))
