"""The nouns: frozen values that flow through the house. Floor 1: imports nothing of ours.

Each value is named by its stage of life: an `Offer` is what a source says is there, `Fields` are what is known of an
article's content, an `Article` is what the store remembers, an `Edition` is one feed as it stands at one moment,
a `Document` is published bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Precision(StrEnum):
    """How exactly a source tells a time."""

    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as a source tells it: always aware, with the precision that was really given."""

    at: datetime
    precision: Precision = Precision.SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that belongs to an article. `length` is in bytes; None where nobody has said it yet."""

    url: str
    name: str = ""
    media_type: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What is known of an article's content. Anything may be missing: empty, or None.

    body: HTML. Sanitised and absolute once it has left `extract`; raw in an Offer.
    origins: the publications that the article names as where it comes from (来源), in order.
    authors: who wrote it; never the editor (责任编辑).
    breadcrumb: the titles on the way to the page, outermost first, without the headline itself.
    extras: labelled facts that have no field of their own (索引号, 文号, ...), in page order.
    """

    title: str = ""
    published: Moment | None = None
    updated: Moment | None = None
    summary: str = ""
    body: str = ""
    language: str | None = None
    authors: tuple[str, ...] = ()
    editor: str = ""
    origins: tuple[str, ...] = ()
    breadcrumb: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lead_image: str | None = None
    attachments: tuple[Attachment, ...] = ()
    extras: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One article as a source tells of it, perhaps only a stub whose page has to be read for the rest.

    key: how the source itself tells its articles apart (guid, else address, else path); same key, same article.
    url: the article's own address, absolute; None where there is none.
    permanent_id: the source's own id where it is an absolute IRI (RFC 4287 §4.2.6), else None.
    complete: the fields are all there will be; the article's page is not to be read.
    """

    key: str
    url: str | None = None
    permanent_id: str | None = None
    fields: Fields = field(default_factory=Fields)
    complete: bool = False


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
    """

    offers: tuple[Offer, ...] = ()
    unchanged: bool = False
    problems: tuple[str, ...] = ()
    title: str = ""
    way: str = ""
    hints: PollHints = field(default_factory=PollHints)
    volatile: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One thing published, as the store remembers it. All datetimes are aware, UTC, whole seconds.

    seq: order of arrival, from 1. id: minted once, never changes (RFC 4287 §4.2.6). url: the link, stored once.
    published: decided once, never changes after it was served. updated: moves only on a significant edit.
    first_seen: when it came to us. arrival: the date of the `arrival` profile, never behind what was served before.
    categories: slugs of the categories that it was put in (not their ancestors).
    """

    seq: int
    id: str
    source: str
    key: str
    url: str
    published: datetime
    updated: datetime
    first_seen: datetime
    arrival: datetime
    fields: Fields
    categories: tuple[str, ...] = ()
    revision: int = 1
    withdrawn: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a refresh must know of an article that is already stored, to decide whether it is new, edited or gone.

    source: the one that brought it; others may offer it too, but only that one edits it.
    checked: when its page was last looked at. absences: how many times in a row it was found to be gone, the first time
    at `absent_since`. revised: when its newest revision came. fifth_last: when the fifth revision from the end came,
    None where there are fewer.
    """

    seq: int
    id: str
    source: str
    key: str
    url: str
    title: str
    offer_digest: str
    content_digest: str
    published: datetime
    checked: datetime
    revision: int
    withdrawn: datetime | None = None
    absences: int = 0
    absent_since: datetime | None = None
    revised: datetime | None = None
    fifth_last: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """An article as one source carries it, as far as another's copy is looked for by. seq: 0 for one not stored yet."""

    seq: int = 0
    source: str
    title: str
    published: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryStep:
    """One level of a category's path: its title and the slug to use if it has to be minted."""

    title: str
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A new article, all decided, ready to be stored.

    feeds: names of the selections that take it. duplicate_of: the seq of the same article, as another source brought it
    first; then only its own source's feed shows it.
    """

    id: str
    key: str
    url: str
    published: datetime
    updated: datetime
    arrival: datetime
    fields: Fields
    offer_digest: str
    content_digest: str
    categories: tuple[tuple[CategoryStep, ...], ...] = ()
    feeds: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    duplicate_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A new revision of a stored article. `updated` is None when the edit is not significant. feeds: names of the
    selections that take it as it is now; it stays in all others."""

    seq: int
    fields: Fields
    offer_digest: str
    content_digest: str
    updated: datetime | None
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of an article. number: from 1. taken_at: when it came to us. updated: the article's date as of it."""

    number: int
    taken_at: datetime
    significant: bool
    updated: datetime
    fields: Fields


class Health(StrEnum):
    """How a source is, decided from data alone."""

    UNKNOWN = "unknown"
    WELL = "well"
    EMPTY = "empty"
    QUIET = "quiet"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of a source between two refreshes.

    since: when it came into this health. failures: broken reads in a row. facts: what was learned of it (its usual
    number of offers, its rhythm), as plain JSON values, owned by `health` and `schedule`.
    """

    name: str
    health: Health = Health.UNKNOWN
    reason: str = ""
    since: datetime | None = None
    failures: int = 0
    next_run: datetime | None = None
    last_run: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    facts: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Everything that one refresh has to remember; stored in one transaction, or not at all.

    validators: by URL. checked: seqs of articles whose page was looked at and brought nothing to store. absent: seqs of
    those whose page was gone; withdrawn: those for which that was once too often. stamps: by seq, the
    offer_digest to remember for articles that the source tells of otherwise, though nothing in them changed.
    """

    source: str
    at: datetime
    state: SourceState
    arrivals: tuple[Arrival, ...] = ()
    edits: tuple[Edit, ...] = ()
    checked: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    withdrawn: tuple[int, ...] = ()
    stamps: Mapping[int, str] = field(default_factory=dict)
    validators: Mapping[str, Validators] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article's place in a feed. joined: a number that grows with every article that comes into any feed."""

    joined: int
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePage:
    """A closed page of a feed's past: the members that joined after `after`, up to and including `upto`.

    number: from 1, oldest first.
    """

    number: int
    after: int
    upto: int


class FeedKind(StrEnum):
    """Why a feed is there."""

    ALL = "all"
    SOURCE = "source"
    CATEGORY = "category"
    SELECTION = "selection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A selection of articles with a title and a size. `name` is its address: /feeds/NAME.rss.

    home_url: the human page that the feed is about; "" stands for the service's own front page.
    parent: the feed name of the category above; None at the top.
    """

    name: str
    kind: FeedKind
    title: str
    description: str = ""
    home_url: str = ""
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The service as its feeds name it. `base_url` has no trailing slash; `timezone` is an IANA name.

    authority: what the feeds' own tag: ids begin with (RFC 4151 §2.1: a host and a date), minted at the first start and
    stored, so that feed ids outlive a move to another address. ttl: seconds.
    """

    title: str
    base_url: str
    authority: str = "feeds.example.org,2026"
    description: str = ""
    language: str = "zh-CN"
    timezone: str = "Asia/Shanghai"
    author: str = ""
    rights: str = ""
    icon_url: str = ""
    hubs: tuple[str, ...] = ()
    ttl: int = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One feed as it stands at one moment: all that a format may know. Articles come newest first.

    updated: the feed's own date, taken from its articles, never from the clock.
    origins: for each source of the articles, its Feed (for atom:source and RSS source).
    category_titles: titles by category slug. by_arrival: tells each article's `arrival` as its date (`dates: arrival`).
    by_update: edited articles come to the top again (`edits: resurface`). withdrawn: articles that were served and are
    no more, for tombstones (RFC 6721).
    archive: the number of the archive page that this is (RFC 5005 §4); None for the feed itself.
    prev_archive, next_archive: the numbers of the neighbouring archive pages, where there are any.
    """

    feed: Feed
    site: Site
    articles: tuple[Article, ...]
    updated: datetime
    origins: Mapping[str, Feed] = field(default_factory=dict)
    category_titles: Mapping[str, str] = field(default_factory=dict)
    by_arrival: bool = False
    by_update: bool = False
    withdrawn: tuple[Article, ...] = ()
    archive: int | None = None
    prev_archive: int | None = None
    next_archive: int | None = None


@dataclass(frozen=True, slots=True)
class Representation:
    """A document's bytes in one content coding (RFC 9110 §8.4), with their own strong entity tag, quotes included."""

    coding: str
    body: bytes
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Published bytes. `path` is the address ("/feeds/all.rss"); `last_modified` is when these bytes came to be.

    version grows with every change of any document; 0 before the store has given one.
    """

    path: str
    feed: str
    media_type: str
    last_modified: datetime
    representations: tuple[Representation, ...]
    version: int = 0

    def head(self) -> DocumentHead:
        """What is answered of this document besides its bytes."""
        return DocumentHead(
            path=self.path,
            feed=self.feed,
            media_type=self.media_type,
            last_modified=self.last_modified,
            version=self.version,
            codings=tuple(Coded(each.coding, each.etag, len(each.body)) for each in self.representations),
        )


@dataclass(frozen=True, slots=True)
class Coded:
    """A representation without its bytes; `length` counts them."""

    coding: str
    etag: str
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentHead:
    """A document without its bytes: enough to answer HEAD, and every conditional request that ends in a 304."""

    path: str
    feed: str
    media_type: str
    last_modified: datetime
    version: int
    codings: tuple[Coded, ...]
