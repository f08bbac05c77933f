"""What an operator may set of a source, whatever its kind, and of the pages of its articles."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from feedservice.config.closed import CLOSED, Model
from feedservice.config.values import (
    CategoryPath,
    CronLine,
    Headers,
    Rate,
    Selectors,
    SomeTime,
    TimeZone,
    WebAddress,
)


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


class SourceSettings(BaseModel):
    """What every kind of source has in common."""

    model_config = CLOSED

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
