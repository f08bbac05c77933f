"""The front page: every feed in its place, with its formats; rendered when documents change, not when somebody asks."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from feedservice.model import Feed, FeedKind, Site
from feedservice.protocols import Store
from feedservice.web.answers import Entry, page_entry

_FORMATS = {
    "rss": ("RSS", "application/rss+xml"),
    "atom": ("Atom", "application/atom+xml"),
    "json": ("JSON", "application/feed+json"),
    # Dialects are no feeds that readers subscribe to, so they are not announced.
    "baidu.xml": ("百度", ""),
    "partner.xml": ("Partner RSS", ""),
    "kuaichuan.json": ("快传号", ""),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A feed in one format."""

    name: str
    media_type: str
    path: str


@dataclass(slots=True)
class Row:
    """A feed as the page shows it, with the feeds below it."""

    feed: Feed
    count: int
    links: Sequence[Link]
    rows: list[Row] = field(default_factory=list)


class FrontPage:
    """Renders `/` from what the store holds."""

    def __init__(self, store: Store, site: Site) -> None:
        self._store = store
        self._site = site

    def entry(self, paths: Iterable[str]) -> Entry:
        """The page, ready to be answered. paths: every document that is served. Raises StoreError."""
        counts = self._store.counts()
        links = _links(paths)
        rows = [
            Row(feed, counts.get(feed.name, 0), links[feed.name])
            for feed in self._store.feeds()
            if feed.name in links and (feed.kind is FeedKind.ALL or counts.get(feed.name))
        ]
        text = _template().render(
            site=self._site,
            zh=self._site.language.lower().startswith("zh"),
            everything=[row for row in rows if row.feed.kind in (FeedKind.ALL, FeedKind.SELECTION)],
            categories=_tree([row for row in rows if row.feed.kind is FeedKind.CATEGORY]),
            sources=[row for row in rows if row.feed.kind is FeedKind.SOURCE],
            announced=rows,
        )
        body = text.encode()
        return page_entry(
            "/", "text/html; charset=utf-8", {"identity": body, "gzip": gzip.compress(body, compresslevel=6, mtime=0)}
        )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("feedservice.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("front.html")


def _links(paths: Iterable[str]) -> Mapping[str, Sequence[Link]]:
    """The formats that each feed is served in, RSS first."""
    found: dict[str, list[Link]] = {}
    for path in sorted(paths):
        if path.startswith("/feeds/"):
            name, _, suffix = path.removeprefix("/feeds/").partition(".")
            title, media_type = _FORMATS.get(suffix, (suffix.upper(), ""))
            found.setdefault(name, []).append(Link(title, media_type, path))
    order = [name for name, _ in _FORMATS.values()]
    for links in found.values():
        links.sort(key=lambda link: order.index(link.name) if link.name in order else len(order))
    return found


def _tree(rows: Sequence[Row]) -> list[Row]:
    """The rows of the top, those of their children inside them. Parents come before children."""
    by_name = {row.feed.name: row for row in rows}
    top: list[Row] = []
    for row in rows:
        parent = by_name.get(row.feed.parent or "")
        (parent.rows if parent else top).append(row)
    return top
