"""Somebody's feed: RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed, however damaged.

Before feedparser reads: `repair.py`, `bounds.py` and `cut.py` (damage, hostility, early ends). After it: `entries.py`
sorts what it found, of which `values.py` knows the dictionaries; `identity.py`, `links.py`, `times.py`, `texts.py`
and `files.py` know one thing about an entry each. `jsonfeed.py` reads what it does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from pydantic import BaseModel

from feedservice.allowance import bounded
from feedservice.config.settings import Model
from feedservice.digests import key_digest
from feedservice.errors import FetchError, Unreadable
from feedservice.model import FIRST_READ, Memory, NotModified, Page, Reading
from feedservice.protocols import ConditionalGet, KnownAmong, Opening, Source, SourceKind
from feedservice.sources.dates import ParseMoment
from feedservice.sources.discovery import feeds_of_page
from feedservice.sources.hints import hints_of_answer, longest
from feedservice.sources.options import Address, FullText
from feedservice.sources.packed import unpacked

ENOUGH_FAILURES = 3
"""After so many broken reads in a row another feed, or another way to the articles, is tried."""
GONE = frozenset({404, 410})
"""The statuses of a server that says of something that it is there no more."""
_FEED = "lasting_feed"
_MOST_TRIED = 3
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"


class FeedOptions(Model):
    """Somebody's RSS, Atom or JSON feed."""

    url: Address
    """The feed's address; that of a page which announces a feed does too."""
    full_text: FullText = "auto"
    """Where an article's text comes from: feed, page (its own page is read), or auto: the feed where it has the whole
    text, else the page."""


def parse(
    body: bytes,
    content_type: str,
    url: str,
    timezone: str,
    *,
    decode: Callable[[bytes, str], str] | None = None,
    parse_moment: ParseMoment | None = None,
    full_text: FullText = "auto",
) -> Reading:
    """Read a feed's bytes. Pure.

    content_type: the raw Content-Type, "" when there was none. url: the feed's address, for relative links.
    timezone: IANA zone of times that come without one. decode: reads bytes that no declaration fits. parse_moment:
    reads dates that no machine wrote. Raises Unreadable when it is no feed, or one that is dangerous to read.
    """
    from feedservice.sources.feed.entries import Manner, read_feed
    from feedservice.sources.feed.jsonfeed import is_json_feed, load, read_json_feed, without_call
    from feedservice.sources.feed.repair import repair, to_text

    text = without_call(to_text(unpacked(body, url), content_type, decode))
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        document = load(text)
        if not is_json_feed(document):
            return _read_other_json(document, url, timezone, parse_moment, full_text)
        return read_json_feed(document, url, timezone, parse_moment, full_text=full_text)
    return read_feed(repair(text), url, Manner(timezone, parse_moment, full_text))


def _read_other_json(
    document: object, url: str, timezone: str, parse_moment: ParseMoment | None, full_text: FullText
) -> Reading:
    """The articles in JSON of another kind. Raises Unreadable where it has none."""
    from feedservice.sources.json_offers import JsonManner, offers_of
    from feedservice.sources.jsonlists import find_list

    found = find_list(document)
    offers = offers_of(found, JsonManner(url, timezone, parse_moment, full_text)) if found else ()
    if found is None or not offers:
        raise Unreadable(f"{url}: JSON without a list of articles that could be found by itself: the kind json is told")
    return Reading(offers=offers, way=f"{url}: no JSON Feed; articles were found at {found.where}")


def _is_gone(error: Exception) -> bool:
    """Whether a server says of something that it is there no more."""
    return isinstance(error, FetchError) and error.status in GONE


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed source with its options bound."""

    options: FeedOptions
    opening: Opening

    def read(self, get: ConditionalGet, known: KnownAmong, memory: Memory = FIRST_READ) -> Reading:
        """Read the feed; of a web page, the first feed that it announces and that can be read.

        The feed that was read is kept to; only when that failed three times in a row, or is gone, another is taken.
        Raises FetchError when it cannot be had, Unreadable when it is no feed.
        """
        answer = get(self.options.url, conditional=True, accept=ACCEPT)
        if isinstance(answer, NotModified):
            return Reading(unchanged=True)
        page_text = self.page_text(answer)
        if page_text is None:
            return self._kept_to(self.options.url, self.read_answer(answer), memory)
        if self._is_bound_to(self.options.url, memory):
            raise Unreadable(f"{answer.url}: a web page, where the feed was before")
        return self.read_announced(get, answer.url, page_text, memory)

    def read_announced(self, get: ConditionalGet, url: str, html: str, memory: Memory = FIRST_READ) -> Reading:
        """Read the feed that the page at `url` announced before, else the first readable one that it announces.

        Raises FetchError or Unreadable where the one before is not to be had for now, Unreadable when there is none.
        """
        failures: list[str] = []
        announced = feeds_of_page(html, url)
        bound = [address for address in announced if self._is_bound_to(address, memory)]
        if not bound and self._is_bound(memory):
            raise Unreadable(f"{url}: a web page that does not announce the feed that was read before")
        for address in dict.fromkeys([*bound, *announced[:_MOST_TRIED]]):
            try:
                answer = get(address, conditional=True, accept=ACCEPT)
                if isinstance(answer, NotModified):
                    return Reading(unchanged=True, volatile=(self.options.url,))
                reading = self.read_answer(answer)
            except (FetchError, Unreadable) as error:
                if address in bound and not _is_gone(error):
                    raise
                failures.append(f"{address}: {error}")
                continue
            note = f"{url} is a web page; its feed {address} was read: better give that address"
            reading = replace(reading, problems=(note, *reading.problems), volatile=(self.options.url,))
            return self._kept_to(address, reading, memory)
        raise Unreadable("; ".join([f"{url}: a web page that announces no feed", *failures]))

    def _read_before(self, memory: Memory) -> str | None:
        """A digest of the address of the feed that was read last, whatever the other settings were."""
        source, _, feed = memory.notes.get(_FEED, "").partition(" ")
        return feed if source == key_digest(self.options.url) else None

    def _is_bound(self, memory: Memory) -> bool:
        """Whether a feed that a page announced is kept to."""
        before = self._read_before(memory)
        return before not in (None, key_digest(self.options.url)) and memory.failures < ENOUGH_FAILURES

    def _is_bound_to(self, address: str, memory: Memory) -> bool:
        return memory.failures < ENOUGH_FAILURES and self._read_before(memory) == key_digest(address)

    def _kept_to(self, address: str, reading: Reading, memory: Memory) -> Reading:
        """A reading of the feed at `address`, to be kept to from now on. Of another feed, it is mostly the past."""
        notes = {**reading.notes, _FEED: f"{key_digest(self.options.url)} {key_digest(address)}"}
        return replace(reading, notes=notes, other_way=self._read_before(memory) not in (None, key_digest(address)))

    def read_answer(self, answer: Page) -> Reading:
        """The feed in an answer. Raises Unreadable when it is none."""
        reading = bounded(parse)(
            answer.body,
            answer.content_type,
            answer.url,
            self.opening.timezone,
            decode=self.opening.decode,
            parse_moment=self.opening.parse_moment,
            full_text=self.options.full_text,
        )
        return replace(reading, hints=longest(reading.hints, hints_of_answer(answer)))

    def page_text(self, answer: Page) -> str | None:
        """The text of an answer that is a web page; None when it is something else."""
        from feedservice.sources.feed.repair import is_page

        head = answer.body[:2_048].lstrip().lower()
        if head.startswith((b"<?xml", b"<rss", b"<feed", b"{")):
            return None
        text = self.opening.decode(answer.body, answer.content_type)
        return text if is_page(text) else None


def _open(options: BaseModel, opening: Opening) -> Source:
    return Feed(cast(FeedOptions, options), opening)


FEED = SourceKind(
    name="feed",
    summary="somebody's RSS, Atom or JSON feed",
    options=FeedOptions,
    open=_open,
    offer_wins=True,
)
