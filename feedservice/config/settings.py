"""What an operator may set: frozen models whose field descriptions are the documentation. Knows nothing of YAML."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from feedservice.config.selections import SelectionSettings
from feedservice.config.urls import check_address
from feedservice.config.values import (
    CLOSED,
    NAMES,
    Addresses,
    CategoryPath,
    CronLine,
    Duration,
    FeedName,
    Headers,
    Name,
    Network,
    Rate,
    Selectors,
    Size,
    SomeTime,
    TimeZone,
    WebAddress,
    parse_list,
)

__all__ = [  # noqa: RUF022 - what rooms build their own options of, then the settings
    "CategoryPath",
    "Duration",
    "Model",
    "Name",
    "Selectors",
    "SomeTime",
    "TimeZone",
    "WebAddress",
    "ArticleRules",
    "ExportSettings",
    "FeedSettings",
    "FetchSettings",
    "OneFeedSettings",
    "PageSettings",
    "ScheduleSettings",
    "SelectionSettings",
    "ServerSettings",
    "Settings",
    "SiteSettings",
    "SourceSettings",
    "StoreSettings",
]


class Model(BaseModel):
    """Frozen, closed: unknown keys are refused."""

    model_config = CLOSED


class SiteSettings(Model):
    """How the service names itself in its feeds."""

    title: str = "feedservice"
    """The service's name; the feed of everything carries it."""
    description: str = ""
    """One sentence about the service."""
    base_url: (
        Annotated[str, Field(pattern=r"^https?://[^\s/?#]+(?:/[^\s?#]*)?$"), AfterValidator(check_address)] | None
    ) = None
    """The public address, for absolute links. Left out: the address that is served. Ids never depend on it."""
    language: str = Field(default="zh-CN", pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$", examples=["zh-CN", "en"])
    """The feeds' language, as in RFC 5646: zh-CN, not zh_CN."""
    timezone: TimeZone = "Asia/Shanghai"
    """The zone that all dates in feeds are written in."""
    author: str = ""
    """Who publishes; for articles that name nobody. Left out: the title."""
    email: str = Field(default="", pattern=r"^(?:[^\s@<>]+@[^\s@<>]+)?$", examples=["feeds@example.org"])
    """The mail address of whoever looks after the feeds; 百度 asks for one."""
    rights: str = ""
    """A copyright line for the feeds."""
    icon_url: WebAddress = ""
    """Absolute address of a square picture."""


class StoreSettings(Model):
    """Where everything is remembered."""

    url: str = Field(
        default="sqlite:///var/feedservice.db",
        pattern=r"^(?:sqlite:///|postgres(?:ql)?://[^/\s]*/)\S+$",
        examples=["sqlite:///var/feedservice.db", "postgresql://USER:PASSWORD@HOST/DATABASE"],
    )
    """sqlite:///PATH (relative to this file) or postgresql://USER:PASSWORD@HOST/DATABASE."""


class ServerSettings(Model):
    """Where feeds are served."""

    host: str = Field(default="127.0.0.1", pattern=r"^[A-Za-z0-9.:%_-]+$", examples=["127.0.0.1"])
    """The address to listen on; 0.0.0.0 for all."""
    port: int = Field(default=8000, ge=1, le=65535)
    """The port to listen on; PORT in the environment wins."""
    processes: int = Field(default=1, ge=1, le=64)
    """How many processes serve."""
    memory: int = Field(default=40_000_000, ge=1_000_000)
    """How many bytes of documents each serving process holds; what is asked for seldom is read from the store."""
    deltas: bool = False
    """Whether readers that ask for it (`A-IM: feed`, RFC 3229) are sent only what is new since their last visit: a
    thirtieth of the bytes. Off, because rss2email asks for it and then takes the answer, 226, for an error."""
    per_hour: int | None = Field(default=None, ge=10, le=1_000_000, examples=[240])
    """How many documents a client may have in an hour from each serving process, before it is told to wait (429 with
    `Retry-After`). Its first fetch of a feed and what has not changed (304) are answered always; the latter counts a
    twentieth. A client is an IPv4 address or an IPv6 /64. Left out: no limit, and answers cost half as much."""
    proxies: tuple[Addresses, ...] = ()
    """Reverse proxies whose `X-Forwarded-For` says who the client is, for `per_hour`: 127.0.0.1, 10.1.0.0/16. Left out:
    nobody's is believed, and all who come through a proxy are one client."""


class FetchSettings(Model):
    """How the service behaves towards other people's servers."""

    contact: str = ""
    """An address or page that site owners can turn to; part of the User-Agent."""
    connect_timeout: SomeTime = timedelta(seconds=10)
    """How long to wait for a connection."""
    read_timeout: SomeTime = timedelta(seconds=15)
    """How long to wait for the next bytes."""
    total_timeout: SomeTime = timedelta(seconds=30)
    """How long one fetch may take, redirects included."""
    max_bytes: int = Field(default=10_000_000, ge=1_000)
    """The largest answer read, decompressed, in bytes."""
    per_host: int = Field(default=2, ge=1, le=64)
    """How many requests to one host at once."""
    delay: Duration = timedelta(0)
    """The least time between two requests to one host; a longer Crawl-delay in robots.txt wins."""
    robots: bool = True
    """Whether robots.txt is honoured."""
    allow: tuple[Network, ...] = ()
    """Private hosts or networks that may be read all the same: intranet.example.org, 10.1.0.0/16, 127.0.0.1."""
    proxy: Annotated[str, Field(pattern=r"^https?://[^\s/?#]+/?$"), AfterValidator(check_address)] | None = Field(
        default=None, examples=["http://proxy.example.org:3128"]
    )
    """An HTTP proxy for all requests. Environment proxies are never used unasked."""
    chromium: str = Field(default="/usr/bin/chromium", pattern=r"^/\S.*$", examples=["/usr/bin/chromium"])
    """Where the browser is that sources with `render: chromium` are read with."""


Dialect = Literal["baidu", "partner", "kuaichuan"]
Dialects = Annotated[tuple[Dialect, ...], BeforeValidator(parse_list, json_schema_input_type=Dialect | list[Dialect])]


class FoloSettings(Model):
    """A claim of a feed by somebody at Folo; both numbers are what Folo shows."""

    feed: str = Field(pattern=r"^[0-9]{1,30}$", examples=["56144913816835091"])
    """The number of the feed."""
    user: str = Field(pattern=r"^[0-9]{1,30}$", examples=["70410173045150720"])
    """The number of the user."""


class OneFeedSettings(Model):
    """What one feed does otherwise than the others."""

    dates: Literal["truthful", "arrival"] | None = None
    """Whose dates it tells; see `feeds.dates`."""
    edits: Literal["quiet", "resurface"] | None = None
    """What a significant edit does; see `feeds.edits`."""
    dialects: Dialects | None = None
    """Which partners' dialects it is written in too; see `feeds.dialects`."""
    folo: FoloSettings | None = None
    """Who claims the feed at Folo; its RSS and JSON then say so (`follow_challenge`)."""


class FeedSettings(Model):
    """How feeds are cut."""

    items: int = Field(default=50, ge=1, le=500)
    """How many of the newest articles a feed holds at least; what is older is in its archive, 10 articles to a page."""
    max_bytes: int = Field(default=2_000_000, ge=10_000)
    """How large a feed may be; older articles go to the archive earlier to make room. Google News reads 2 MB.
    An archive page may be larger: it never leaves an article out."""
    ttl: Duration = timedelta(minutes=15)
    """How long readers may keep a feed before they ask again."""
    archive: bool = True
    """Whether feeds link to pages with all their older articles (RFC 5005); else they hold no more than `items`."""
    dates: Literal["truthful", "arrival"] = "truthful"
    """truthful: articles carry the date that their site tells. arrival: no article is dated before one that was served
    already, for bridges that remember only the newest date; the site's own date stands in the text."""
    edits: Literal["quiet", "resurface"] = "quiet"
    """quiet: an edited article stays where it is, with a new `updated`. resurface: it comes to the top again."""
    of: Annotated[dict[FeedName, OneFeedSettings], NAMES] = {}
    """What single feeds do otherwise, by feed name."""
    dialects: Dialects = ()
    """What partners take feeds in, beside RSS, Atom and JSON Feed. baidu: 百度's <document>, at /feeds/NAME.baidu.xml.
    partner: RSS with the text in <content>, at /feeds/NAME.partner.xml. kuaichuan: 360 快传号's JSON, at
    /feeds/NAME.kuaichuan.json. For some feeds only: `feeds.of.NAME.dialects`."""
    duplicates: Literal["show", "merge"] = "show"
    """merge: what a source brings nearly word for word like another before it, within 3 days and under the same
    headline, is shown by its own feed only; in all others the first one names all who carry it. It counts for what
    arrives from then on."""
    moved: Annotated[dict[FeedName, Name], NAMES] = {}
    """Feeds that are found under another name now, OLD: NEW. Readers are sent there (301), also when this is left out
    again later; a source or selection that takes the old name has it back."""
    gone: tuple[Name, ...] = ()
    """Feeds that are there no more. Readers are told so (410), for good like `moved`."""

    def dates_of(self, feed: str) -> str:
        """Whose dates a feed tells."""
        own = self.of.get(feed)
        return (own.dates if own else None) or self.dates

    def dialects_of(self, feed: str) -> tuple[str, ...]:
        """Which partners' dialects a feed is written in."""
        own = self.of.get(feed)
        return self.dialects if own is None or own.dialects is None else own.dialects

    def claim_of(self, feed: str) -> tuple[str, str] | None:
        """Who claims a feed at Folo: the numbers of the feed and of the user."""
        claim = self.of[feed].folo if feed in self.of else None
        return (claim.feed, claim.user) if claim else None

    def resurfaces(self, feed: str) -> bool:
        """Whether an edited article comes to the top of a feed again."""
        own = self.of.get(feed)
        return ((own.edits if own else None) or self.edits) == "resurface"


class ScheduleSettings(Model):
    """When things happen."""

    every: Rate = timedelta(minutes=30)
    """How often a source is read that says nothing else. adaptive: when it is likely to have something new, as its past
    articles tell; a source that publishes at nine on weekdays is read then."""
    min_every: SomeTime = timedelta(minutes=5)
    """With `adaptive`, the least time between two reads of a source."""
    max_every: SomeTime = timedelta(hours=6)
    """With `adaptive`, the most time between two reads of a source; where it is the shorter one, `min_every`."""
    jitter: Duration = timedelta(seconds=30)
    """Up to this much is added to each time, so that not all sources are read at once."""
    rebuild: CronLine = "17 3 * * *"
    """When all feeds are rebuilt, changed or not: a cron line in the site's time zone."""
    workers: int = Field(default=8, ge=1, le=64)
    """How many sources are read at once."""


class ExportSettings(Model):
    """Where feeds are kept as files too, for a web server or a CDN in front of them. Left out: nowhere."""

    to: str | None = Field(
        default=None,
        pattern=r"^(?:s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?|[^:\x00]+)$",
        examples=["public", "/srv/feeds", "s3://BUCKET/PREFIX"],
    )
    """A folder (relative to this file), or s3://BUCKET/PREFIX. The worker writes there whatever a rebuild changed."""


class PageSettings(Model):
    """The pages that articles are read from are kept as they came, the latest of each article, so that changed rules
    can be applied to the past (`feedservice reextract`) and every field explained (`feedservice explain`)."""

    keep: Size = 512_000_000
    """How much room they take at most in the store, packed; the oldest go first. 0 keeps none."""


class ArticleRules(Model):
    """Where an article's fields stand on its page. Each is found by itself; a selector here comes first.

    A selector is CSS (`.xl_tit`, `time@datetime` for an attribute), or starts with `xpath:`, `regex:` or `text:`.
    A list is a chain: the first that finds something wins.
    """

    title: Selectors = ()
    """The headline."""
    published: Selectors = ()
    """When it was published."""
    updated: Selectors = ()
    """When it was last changed."""
    origin: Selectors = ()
    """来源: where the article comes from."""
    author: Selectors = ()
    """Who wrote it."""
    editor: Selectors = ()
    """责任编辑: who edited it."""
    breadcrumb: Selectors = ()
    """当前位置: the links on the way to the page."""
    body: Selectors = ()
    """The element that holds the text."""
    summary: Selectors = ()
    """A short text for lists."""
    lead_image: Selectors = ()
    """The main picture."""
    drop: Selectors = ()
    """Elements inside the body that do not belong to the article."""


class SourceSettings(Model):
    """What every kind of source has in common."""

    kind: str
    """How the source is read."""
    title: str = ""
    """The source's name in feeds. Left out: what it calls itself, else its name here."""
    home: WebAddress = ""
    """The page for people. Left out: the source's own address."""
    enabled: bool = True
    """Whether it is read. What is stored stays served."""
    category: CategoryPath | Literal["breadcrumb"] | None = "breadcrumb"
    """The shelf for its articles: a path such as 资讯动态 > 其他信息; or breadcrumb, to take each article's own."""
    every: Rate | None = None
    """How often it is read. Left out: as `schedule.every` says, or more seldom when the source asks for that. adaptive:
    when it is likely to have something new, and never more often than the source asks for, `max_every` apart."""
    min_every: SomeTime | None = None
    """With `adaptive`, the least time between two reads. Left out: as `schedule` says."""
    max_every: SomeTime | None = None
    """With `adaptive`, the most time between two reads. Left out: as `schedule` says."""
    cron: CronLine | None = None
    """When it is read, as a cron line in its time zone, in place of `every`."""
    timezone: TimeZone | None = None
    """The zone of dates that come without one. Left out: the site's."""
    article: ArticleRules = ArticleRules()
    """Where the fields stand on an article's page."""
    limit: int = Field(default=200, ge=1, le=10_000)
    """How many articles the first read takes at most. What it leaves out comes no later either."""
    headers: Headers = {}
    """Extra request headers, for example a cookie: "${TEDA_COOKIE}"."""
    render: Literal["chromium"] | None = None
    """chromium: its pages are read as they are when their scripts have run in a browser, for sites that show nothing
    without JavaScript. Takes seconds a page, and the extra `chromium`."""


class Settings(Model):
    """The whole configuration. `sources` maps a name to its common settings; `options` to those of its kind."""

    site: SiteSettings = SiteSettings()
    store: StoreSettings = StoreSettings()
    server: ServerSettings = ServerSettings()
    fetch: FetchSettings = FetchSettings()
    feeds: FeedSettings = FeedSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    export: ExportSettings = ExportSettings()
    pages: PageSettings = PageSettings()
    selections: Annotated[dict[FeedName, SelectionSettings], NAMES] = {}
    """Feeds of one's own choice, by name; the name is part of the feed's address, like a source's."""
