"""What comes back from reading a source: offers, pages, and what to ask with the next time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from feedservice.model.content import Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One article as a source tells of it, perhaps only a stub whose page has to be read for the rest.

    key: how the source itself tells its articles apart (guid, else address, else path); same key, same article.
    url: the article's own address, absolute; None where there is none.
    permanent_id: the source's own id where it is an absolute IRI (RFC 4287 §4.2.6), else None.
    complete: the fields are all there will be; the article's page is not to be read.
    stamp: what tells this version from others, where the source's words alone do not.
    former_keys: others that the article may be stored under, if it came at another time or from an older release.
    shared: the source also tells of other articles by this url: the one stored under it as its key is this one only if
    it is called the same.
    came: when it came to us, where it had to wait until it was read.
    """

    key: str
    url: str | None = None
    permanent_id: str | None = None
    fields: Fields = field(default_factory=Fields)
    complete: bool = False
    stamp: str = ""
    former_keys: tuple[str, ...] = ()
    shared: bool = False
    came: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollHints:
    """When a source asks to be read again: the longest of what it says, in seconds; hours and days in UTC."""

    min_interval: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What a source is told of the reads before this one.

    first: there was none that was believed, so that what it leaves out is left out for good. most: how many new
    articles are taken at most, by other reads than the first one. again: so many offers from the top are looked at,
    known or not. depth: behind so many offers something waits to be read. since: when it was last read and believed,
    aware. failures: broken reads in a row since. notes: what the source itself noted; those whose names begin with
    lasting_ outlive a change of its settings. past: what is older, in a list of which something is known, is no reason
    to turn a page: the settings are others than those of the reads before, so that more of the list may be seen.
    """

    first: bool = True
    most: int = 1_000
    again: int = 0
    depth: int = 0
    failures: int = 0
    since: datetime | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    past: datetime | None = None


FIRST_READ = Memory()
"""Of a source that was never read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The result of reading a source once.

    unchanged: the source said "not modified" or gave the same bytes; then `offers` is empty and means nothing.
    problems: things that went wrong without stopping the read (a dead second page, an unreadable file), in words.
    title: what the source calls itself, where it says so.
    way: how the articles were found, where the source had to find that out by itself.
    volatile: addresses that were asked conditionally and must not be next time: that they stand still says nothing of
    the offers (a page that announces a feed, a first page behind which another one failed).
    paged: the list goes on behind its first page, whether it was turned or not, or a sitemap or a folder may
    hold more.
    unfinished: a page further back could not be read; until one has been read to its end, a page of which all is known
    is no reason to stop. depth: how many offers stood before what was not read.
    partial: some of what is on offer may be missing for now: a list or a file failed, a feed was cut off.
    beyond: keys of what is on offer besides, and is left out for good.
    other_way: it was read by another way than before: what it offers besides is mostly the past.
    unheard: keys of what those lists offer of which nothing is known.
    notes: what the source is to be told of by the next read's memory; what is not named stays as it was.
    withdrawn: keys of articles that the source takes back. refused: by key, why what was told of an article could not
    be read. letters: the number of the last letter that was read for this.
    """

    offers: tuple[Offer, ...] = ()
    unchanged: bool = False
    problems: tuple[str, ...] = ()
    title: str = ""
    way: str = ""
    hints: PollHints = field(default_factory=PollHints)
    volatile: tuple[str, ...] = ()
    paged: bool = False
    unfinished: bool = False
    depth: int = 0
    partial: bool = False
    beyond: tuple[str, ...] = ()
    other_way: bool = False
    unheard: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)
    withdrawn: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    letters: int = 0


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed?" with (RFC 9110 §8.8), and the digest of the body it came with."""

    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A fetched representation. `url` is the final address after redirects; `body` is content-decoded bytes.

    content_type: the raw Content-Type field value, "" when there was none. headers: names in lower case.
    """

    url: str
    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    validators: Validators = field(default_factory=Validators)


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server, or the digest of the body, says that nothing has changed since `unless`."""

    url: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """The article on a page, and for each field that was found, how (`"label 来源"`, `"css .xl_tit"`, `"og:title"`).

    problems: selectors that could not be applied. unmatched: settings of the article's rules whose selectors, all of
    them, found nothing that could be used.
    """

    fields: Fields
    found: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
