"""Nothing but an address: what it holds is found out at every read, and said."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import urljoin

from pydantic import BaseModel, Field

from feedservice.config.settings import Model
from feedservice.errors import SourceError, Unreadable
from feedservice.model import NotModified, Page, Reading
from feedservice.protocols import ConditionalGet, Opening, Source, SourceKind
from feedservice.sources.addresses import absolute
from feedservice.sources.discovery import feeds_of_page
from feedservice.sources.feed import Feed, FeedOptions
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
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class AutoOptions(Model):
    """Any address: a feed, a page that announces one, an API, a page with links to articles, a site with a sitemap."""

    url: Address
    """The address."""
    full_text: FullText = "auto"
    """Where an article's text comes from: feed, page, or auto."""
    max_pages: int = Field(default=50, ge=1, le=10_000)
    """How many pages of a list are read at most."""


@dataclass(frozen=True, slots=True)
class Auto:
    """An automatic source with its options bound."""

    options: AutoOptions
    opening: Opening

    def read(self, get: ConditionalGet, known: Callable[[str], bool]) -> Reading:
        """Read what the address holds; its first problem says which way was taken.

        In this order: what the address itself is (feed, JSON, sitemap); the feed that the page announces; the list in
        its scripts or its markup; WordPress's API; the site's sitemap. Raises SourceError when none can be read.
        """
        answer = get(self.options.url, conditional=True, accept=_ACCEPT)
        if isinstance(answer, NotModified):
            return Reading(unchanged=True)
        answer = replace(answer, body=unpacked(answer.body, answer.url))
        direct = self._directly(answer, get, known)
        if direct is not None:
            return direct
        return self._by_page(answer, get, known)

    def _directly(self, answer: Page, get: ConditionalGet, known: Callable[[str], bool]) -> Reading | None:
        """What the address itself is, unless it is a web page."""
        if _SITEMAP_ROOT.search(answer.body[:20_000]):
            return _noted(self._sitemap(answer.url).read_answer(answer, get), f"read as a sitemap: {answer.url}")
        feed = self._feed()
        if feed.page_text(answer) is not None:
            return None
        try:
            return _noted(feed.read_answer(answer), f"read as a feed: {answer.url}")
        except Unreadable as error:
            if answer.body.lstrip()[:1] not in (b"{", b"["):
                raise
            try:
                return _noted(self._json(answer, get, known), f"read as a JSON API: {answer.url}")
            except Unreadable:
                raise error from None

    def _by_page(self, answer: Page, get: ConditionalGet, known: Callable[[str], bool]) -> Reading:
        html = self.opening.decode(answer.body, answer.content_type)
        failures: list[str] = []
        ways: list[tuple[str, Callable[[], Reading]]] = [
            ("the list on the page", lambda: self._list(answer, get, known)),
            ("the site's sitemap", lambda: self._site_sitemap(answer.url, get)),
        ]
        api = _wordpress(html, answer.url)
        if api is not None:
            ways.insert(0, ("WordPress's API", lambda: self._wordpress(api, get, known)))
        if feeds_of_page(html, answer.url):
            ways.insert(0, ("the feed that the page announces", lambda: self._announced(answer, html, get)))
        for name, way in ways:
            try:
                reading = way()
            except SourceError as error:
                failures.append(str(error))
                continue
            if name == "the list on the page":
                return _noted(reading, f"read by {name}: {answer.url}")
            return replace(_noted(reading, f"read by {name}"), volatile=(*reading.volatile, self.options.url))
        raise Unreadable("; ".join(dict.fromkeys(failures)))

    def _announced(self, answer: Page, html: str, get: ConditionalGet) -> Reading:
        return self._feed().read_announced(get, answer.url, html)

    def _list(self, answer: Page, get: ConditionalGet, known: Callable[[str], bool]) -> Reading:
        from feedservice.sources.listing.reading import ACCEPT, Listing

        listing = Listing(ListingOptions(url=(self.options.url,)), self.opening)
        return read_from(
            answer, listing.read_page, get, known, bounds=self._bounds(), accept=ACCEPT, url=self.options.url
        )

    def _json(self, answer: Page, get: ConditionalGet, known: Callable[[str], bool]) -> Reading:
        options = JsonOptions(url=(self.options.url,), full_text=self.options.full_text)
        api = JsonApi(options, self.opening)
        return read_from(
            answer, api.read_page, get, known, bounds=self._bounds(), accept="application/json", url=self.options.url
        )

    def _wordpress(self, url: str, get: ConditionalGet, known: Callable[[str], bool]) -> Reading:
        options = JsonOptions(url=(url,), full_text=self.options.full_text)
        return JsonApi(options, self.opening).read(get, known)

    def _site_sitemap(self, url: str, get: ConditionalGet) -> Reading:
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
        return self._sitemap(addresses[0]).read_answer(answer, get)

    def _feed(self) -> Feed:
        return Feed(FeedOptions(url=self.options.url, full_text=self.options.full_text), self.opening)

    def _sitemap(self, url: str) -> Sitemap:
        return Sitemap(SitemapOptions(url=url), self.opening)

    def _bounds(self) -> Bounds:
        return Bounds(self.opening.limit, self.options.max_pages)


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
