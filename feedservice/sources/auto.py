"""Nothing but an address: what it holds is found out at every read, and said."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import cast
from urllib.parse import urljoin

from pydantic import BaseModel, Field

from feedservice.config.settings import Model
from feedservice.digests import key_digest
from feedservice.errors import FetchError, SourceError, Unreadable
from feedservice.model import FIRST_READ, Memory, NotModified, Page, Reading
from feedservice.protocols import ConditionalGet, KnownAmong, Opening, Source, SourceKind
from feedservice.sources.addresses import absolute
from feedservice.sources.discovery import article_feeds, feeds_of_page
from feedservice.sources.feed import ENOUGH_FAILURES, GONE, Feed, FeedOptions
from feedservice.sources.json_api import JsonApi, JsonOptions
from feedservice.sources.listing.options import ListingOptions
from feedservice.sources.markup import unescape
from feedservice.sources.options import Address, FullText
from feedservice.sources.packed import unpacked
from feedservice.sources.sitemap import Sitemap, SitemapOptions
from feedservice.sources.turning import Bounds, read_from

_ACCEPT = (
    "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, application/json;q=0.9, */*;q=0.8"
)
_SITEMAP_ROOT = re.compile(rb"<(?:[\w-]{1,20}:)?(?:urlset|sitemapindex)[\s>]")
_WORDPRESS = re.compile(r"<link\b[^>]{0,300}\brel=[\"']https://api\.w\.org/[\"'][^>]{0,300}>", re.IGNORECASE)
_HREF = re.compile(r"\bhref=[\"']([^\"'>]{1,1000})[\"']", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"^[ \t]*+sitemap[ \t]*+:[ \t]*+(\S+)", re.IGNORECASE | re.MULTILINE)


_BY_LIST = "the list on the page"
_BY_SITEMAP = "the site's sitemap"
_BY_FEED = "the feed that the page announces"
_BY_ITSELF = "what the address itself is"
_WAY, _FORMER = "lasting_way", "way"
_Way = tuple[str, Callable[[], Reading]]


class AutoOptions(Model):
    """Any address: a feed, a page that announces one, an API, a page with links to articles, a site with a sitemap."""

    url: Address
    """The address."""
    full_text: FullText = "auto"
    """Where an article's text comes from: feed, page, or auto."""
    max_pages: int = Field(default=50, ge=1, le=10_000)
    """How many pages of a list are read at most."""


@dataclass(frozen=True, slots=True)
class _Visit:
    """A way to the network that remembers what was asked conditionally, and what failed with which status."""

    get: ConditionalGet
    asked: list[str] = field(default_factory=list)
    failed: list[int | None] = field(default_factory=list)

    def __call__(self, url: str, *, conditional: bool = False, accept: str = "*/*") -> Page | NotModified:
        if conditional:
            self.asked.append(url)
        try:
            return self.get(url, conditional=conditional, accept=accept)
        except FetchError as error:
            self.failed.append(error.status)
            raise


@dataclass(frozen=True, slots=True)
class Auto:
    """An automatic source with its options bound."""

    options: AutoOptions
    opening: Opening

    def read(self, get: ConditionalGet, known: KnownAmong, memory: Memory = FIRST_READ) -> Reading:
        """Read what the address holds; its first problem says which way was taken.

        In this order: what the address itself is (feed, JSON, sitemap); the feed that the page announces; WordPress's
        API; the list in its scripts or its markup; the site's sitemap; a feed of comments, where no other is announced.
        A feed or an API that has nothing to offer gives way to the list. The way that brought something is kept to;
        only when that failed three times in a row, or is gone (404, 410), another is taken: what that offers besides
        is mostly the past. Raises SourceError when none can be read.
        """
        answer = get(self.options.url, conditional=True, accept=_ACCEPT)
        if isinstance(answer, NotModified):
            return Reading(unchanged=True)
        answer = replace(answer, body=unpacked(answer.body, answer.url))
        direct = self._directly(answer, get, known, memory)
        if direct is not None:
            if self._keeps_to(memory, _BY_ITSELF):
                raise Unreadable(f"{answer.url}: no web page, as it was when it was read by {self._way(memory)}")
            return self._by(_BY_ITSELF, direct, memory)
        return self._by_page(answer, get, known, memory)

    def _directly(self, answer: Page, get: ConditionalGet, known: KnownAmong, memory: Memory) -> Reading | None:
        """What the address itself is, unless it is a web page."""
        if _SITEMAP_ROOT.search(answer.body[:20_000]):
            reading = self._sitemap(answer.url).read_answer(answer, get, known, memory)
            return _noted(reading, f"read as a sitemap: {answer.url}")
        feed = self._feed()
        if feed.page_text(answer) is not None:
            return None
        try:
            return _noted(feed.read_answer(answer), f"read as a feed: {answer.url}")
        except Unreadable as error:
            if answer.body.lstrip()[:1] not in (b"{", b"["):
                raise Unreadable(_what_came(answer, error)) from error
            try:
                return _noted(self._json(answer, get, known, memory), f"read as a JSON API: {answer.url}")
            except Unreadable:
                raise error from None

    def _by_page(self, answer: Page, get: ConditionalGet, known: KnownAmong, memory: Memory) -> Reading:
        """The first way that brings something; what the whole site has only where no other way can be taken."""
        failures: list[str] = []
        empty: Reading | None = None
        visit = _Visit(get)
        for name, way in self._in_order(answer, visit, known, memory):
            if empty is not None and name == _BY_SITEMAP:
                break
            keeps = name == self._way(memory) and memory.failures < ENOUGH_FAILURES
            before = tuple(visit.asked)
            try:
                reading = way()
            except SourceError as error:
                if keeps and not GONE.issuperset(visit.failed or [None]):
                    raise
                failures.append(str(error))
                continue
            # What was passed over must not say "not modified" next time, or that would be taken for the answer.
            own = (*reading.volatile, *before)
            if name == _BY_LIST:
                reading = replace(_noted(reading, f"read by {name}: {answer.url}"), volatile=own)
            else:
                reading = replace(_noted(reading, f"read by {name}"), volatile=(*own, self.options.url))
            if reading.offers or reading.unchanged or keeps:
                return self._by(name, reading, memory)
            empty = empty or reading
        if empty is not None:
            return replace(empty, volatile=(*empty.volatile, *visit.asked))
        raise Unreadable("; ".join(dict.fromkeys(failures)))

    def _way(self, memory: Memory) -> str | None:
        """The way that brought something from this address, whatever the other settings were."""
        address, _, name = memory.notes.get(_WAY, "").partition(" ")
        return name if address == key_digest(self.options.url) else memory.notes.get(_FORMER)

    def _by(self, name: str, reading: Reading, memory: Memory) -> Reading:
        """A reading by a way, to be kept to from now on."""
        notes = {**reading.notes, _WAY: f"{key_digest(self.options.url)} {name}"}
        other = reading.other_way or self._way(memory) not in (None, name)
        return replace(reading, notes=notes, other_way=other)

    def _keeps_to(self, memory: Memory, *others: str) -> bool:
        """Whether another way than these is kept to: one that brought something, and did not fail often."""
        kept = self._way(memory)
        return kept is not None and kept not in others and memory.failures < ENOUGH_FAILURES

    def _in_order(self, answer: Page, get: ConditionalGet, known: KnownAmong, memory: Memory) -> list[_Way]:
        """The ways, before all the one that is kept to. Raises Unreadable where that is not there for now."""
        ways = self._ways(answer, get, known, memory)
        if self._keeps_to(memory, *(name for name, _ in ways)):
            raise Unreadable(f"{answer.url}: the page does not lead to {self._way(memory)} any more")
        return sorted(ways, key=lambda way: way[0] != self._way(memory))

    def _ways(self, answer: Page, get: ConditionalGet, known: KnownAmong, memory: Memory) -> list[_Way]:
        html = self.opening.decode(answer.body, answer.content_type)
        ways: list[_Way] = [
            (_BY_LIST, lambda: self._list(answer, get, known, memory)),
            (_BY_SITEMAP, lambda: self._site_sitemap(answer.url, get, known, memory)),
        ]
        api = _wordpress(html, answer.url)
        if api is not None:
            ways.insert(0, ("WordPress's API", lambda: self._wordpress(api, get, known, memory)))
        announced = (_BY_FEED, lambda: self._feed().read_announced(get, answer.url, html, memory))
        if article_feeds(html, answer.url):
            ways.insert(0, announced)
        elif feeds_of_page(html, answer.url):
            ways.append(announced)
        return ways

    def _list(self, answer: Page, get: ConditionalGet, known: KnownAmong, memory: Memory) -> Reading:
        from feedservice.sources.listing.reading import ACCEPT, Listing

        listing = Listing(ListingOptions(url=(self.options.url,)), self.opening)
        return read_from(
            answer, listing.read_page, get, known, bounds=self._bounds(memory), accept=ACCEPT, url=self.options.url
        )

    def _json(self, answer: Page, get: ConditionalGet, known: KnownAmong, memory: Memory) -> Reading:
        options = JsonOptions(url=(self.options.url,), full_text=self.options.full_text)
        api = JsonApi(options, self.opening)
        return read_from(
            answer,
            api.reader(),
            get,
            known,
            bounds=self._bounds(memory),
            accept="application/json",
            url=self.options.url,
        )

    def _wordpress(self, url: str, get: ConditionalGet, known: KnownAmong, memory: Memory) -> Reading:
        options = JsonOptions(url=(url,), full_text=self.options.full_text)
        return JsonApi(options, self.opening).read(get, known, memory)

    def _site_sitemap(self, url: str, get: ConditionalGet, known: KnownAmong, memory: Memory) -> Reading:
        """The sitemap that robots.txt names, else /sitemap.xml."""
        addresses = [urljoin(url, "/sitemap.xml")]
        try:
            robots = get(urljoin(url, "/robots.txt"), accept="text/plain")
        except SourceError:
            robots = None
        if isinstance(robots, Page):
            named = _SITEMAP_LINE.findall(self.opening.decode(robots.body[:500_000], "text/plain; charset=utf-8"))
            addresses = [found for address in named[:3] if (found := absolute(url, address))] or addresses
        answer = get(addresses[0], accept="application/xml")
        if isinstance(answer, NotModified):
            return Reading(unchanged=True)
        return self._sitemap(addresses[0]).read_answer(answer, get, known, memory)

    def _feed(self) -> Feed:
        return Feed(FeedOptions(url=self.options.url, full_text=self.options.full_text), self.opening)

    def _sitemap(self, url: str) -> Sitemap:
        return Sitemap(SitemapOptions(url=url), self.opening)

    def _bounds(self, memory: Memory) -> Bounds:
        return Bounds(self.opening.limit, self.options.max_pages, memory)


def _what_came(answer: Page, error: Unreadable) -> str:
    """What is wrong with an answer that is no web page, and nothing else that holds articles."""
    if not answer.body.strip():
        return f"{answer.url}: the answer is empty"
    kind = answer.content_type.partition(";")[0].strip()
    return f"{answer.url}: {error}, nor a web page" + (f": {kind}" if kind else "")


def _noted(reading: Reading, note: str) -> Reading:
    return replace(reading, way=note)


def _wordpress(html: str, url: str) -> str | None:
    """The address of the posts in WordPress's API, where a page names the API."""
    link = _WORDPRESS.search(html[:200_000])
    href = _HREF.search(link[0]) if link else None
    if href is None:
        return None
    root = absolute(url, unescape(href[1]))
    if root is None:
        return None
    return f"{root}&rest_route=/wp/v2/posts" if "?" in root else f"{root.rstrip('/')}/wp/v2/posts?per_page=50"


def _open(options: BaseModel, opening: Opening) -> Source:
    return Auto(cast(AutoOptions, options), opening)


AUTO = SourceKind(
    name="auto",
    summary="any address: what it holds is found out",
    options=AutoOptions,
    open=_open,
    offer_wins=True,
)
