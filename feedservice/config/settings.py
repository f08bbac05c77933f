"""What an operator may set: frozen models whose field descriptions are the documentation. Knows nothing of YAML."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from feedservice.config.closed import CLOSED, Model
from feedservice.config.feeds import FeedSettings, OneFeedSettings
from feedservice.config.selections import SelectionSettings
from feedservice.config.sources import ArticleRules, SourceSettings
from feedservice.config.urls import check_address
from feedservice.config.values import (
    NAMES,
    Addresses,
    CategoryPath,
    CronLine,
    Duration,
    FeedName,
    Name,
    Network,
    Rate,
    Selectors,
    Size,
    SomeTime,
    TimeZone,
    WebAddress,
    check_folder,
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

    to: Annotated[str | None, AfterValidator(check_folder)] = Field(
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


class Settings(BaseModel):
    """The whole configuration. `sources` maps a name to its common settings; `options` to those of its kind."""

    model_config = CLOSED

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
