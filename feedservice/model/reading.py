"""What comes back from reading a source: offers, pages, and what to ask with the next time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from feedservice.model.content import Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One article as a source tells of it, perhaps only a stub whose page has to be read for the rest.

    key: how the source itself tells its articles apart (guid, else address, else path); same key, same article.
    url: the article's own address, absolute; None where there is none.
    permanent_id: the source's own id where it is an absolute IRI (RFC 4287 §4.2.6), else None.
    complete: the fields are all there will be; the article's page is not to be read.
    stamp: what tells this version from others, where the source's words alone do not.
    """

    key: str
    url: str | None = None
    permanent_id: str | None = None
    fields: Fields = field(default_factory=Fields)
    complete: bool = False
    stamp: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollHints:
    """When a source asks to be read again: the longest of what it says, in seconds; hours and days in UTC."""

    min_interval: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The result of reading a source once.

    unchanged: the source said "not modified" or gave the same bytes; then `offers` is empty and means nothing.
    problems: things that went wrong without stopping the read (a dead second page, an unreadable file), in words.
    title: what the source calls itself, where it says so.
    way: how the articles were found, where the source had to find that out by itself.
    volatile: addresses that were asked conditionally and must not be next time: that they stand still says nothing of
    the offers (a page that announces a feed, a first page behind which another one failed).
    withdrawn: keys of articles that the source takes back. letters: the number of the last letter that
    was read for this.
    """

    offers: tuple[Offer, ...] = ()
    unchanged: bool = False
    problems: tuple[str, ...] = ()
    title: str = ""
    way: str = ""
    hints: PollHints = field(default_factory=PollHints)
    volatile: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
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
    """The article on a page, and for each field that was found, how (`"label 来源"`, `"css .xl_tit"`, `"og:title"`)."""

    fields: Fields
    found: Mapping[str, str] = field(default_factory=dict)
