"""Reading a list page by page: which links are offers, where the next page is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from feedservice.model import FIRST_READ, Fields, Memory, Offer, Page, Reading
from feedservice.protocols import ConditionalGet, KnownAmong, Opening
from feedservice.sources.addresses import absolute, site_of
from feedservice.sources.listing.finding import Finding, find_by
from feedservice.sources.listing.links import text_within
from feedservice.sources.listing.options import ListingOptions
from feedservice.sources.listing.paging import next_page, pattern_page
from feedservice.sources.listing.rows import Item
from feedservice.sources.rowdates import Calendar
from feedservice.sources.selectors import values
from feedservice.sources.turning import Bounds, Sheet, read_each, read_list

ACCEPT = "text/html, application/xhtml+xml, */*;q=0.8"


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing source with its options bound."""

    options: ListingOptions
    opening: Opening

    def read(self, get: ConditionalGet, known: KnownAmong, memory: Memory = FIRST_READ) -> Reading:
        """Read every list; of each, pages until one holds nothing new. Offers are stubs: address, title, date.

        A page behind the first that cannot be read is a problem, not a failure. Raises SourceError when no list can be
        read.
        """
        bounds = Bounds(self.opening.limit, self.options.max_pages, memory)
        return read_each(
            self.options.url,
            lambda url: read_list(url, self.read_page, get, known, bounds=bounds, accept=ACCEPT),
        )

    def read_page(self, page: Page, number: int) -> Sheet:
        """What the n-th page of a list offers. Raises Unreadable when there is no list on it."""
        html = self.opening.decode(page.body, page.content_type)
        finding = find_by(self.options, html, page.url, self._calendar(page))
        site = site_of(page.url)
        offers = tuple(_offer(item) for item in finding.items if self.options.offsite or site_of(item.url) == site)
        named = next(iter(finding.root.iter("title")), None) if number == 1 else None
        return Sheet(
            offers,
            self._after(finding, html, page.url, number),
            title="" if named is None else text_within(named, 100).strip(),
            guessed=self.options.pages is not None,
        )

    def _after(self, finding: Finding, html: str, url: str, number: int) -> str | None:
        if self.options.pages is not None:
            return pattern_page(self.options.pages, self.options.second_page + number - 1)
        if self.options.next:
            found = next(iter(values(self.options.next, finding.root)), None)
            reference = found if isinstance(found, str) else (found.get("href") or "") if found is not None else ""
            return absolute(url, reference)
        return next_page(finding.root, html, url)

    def _calendar(self, page: Page) -> Calendar:
        return Calendar(self.opening.timezone, served_at(page), self.opening.parse_moment)


def _offer(item: Item) -> Offer:
    return Offer(key=item.url, url=item.url, fields=Fields(title=item.title, published=item.date))


def served_at(page: Page) -> datetime | None:
    """The server's own time, by which dates without a year are placed (RFC 9110 §6.6.1)."""
    try:
        at = parsedate_to_datetime(page.headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo is not None else None
