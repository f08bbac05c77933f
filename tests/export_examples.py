"""For the tests of exports: a store with real feeds, their archives and categories, and what lies below a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from feedservice.config.settings import FeedSettings
from feedservice.export import Outlet
from feedservice.formats import FORMATS
from feedservice.model import Feed, FeedKind, Fields, Site
from feedservice.protocols import Store
from feedservice.publish import Press, Published
from feedservice.rebuild import finish, rebuild
from tests.fakes import FakeClock
from tests.house import BASE
from tests.store_examples import OTHER, arrival, edit, intake, save

SITE = Site(title="示例站", base_url=BASE, description="示例")
TTL = 900


class Newsroom:
    """A store that articles come into, and what it takes to publish and export them."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store, self.clock = store, clock
        self.press = Press(
            formats=FORMATS, site=SITE, settings=FeedSettings(items=5, dialects=("baidu", "kuaichuan")), clock=clock
        )
        suffixes = tuple(row.suffix for row in FORMATS if not row.dialect)
        self.outlet = Outlet(store=store, site=SITE, ttl=TTL, suffixes=suffixes, clock=clock)
        with store.writing() as writer:
            writer.define_feeds([Feed(name="all", kind=FeedKind.ALL, title="全部")], "x")

    def add(self, first: int, last: int) -> tuple[Published, ...]:
        """Articles come in, and the feeds are rebuilt, an hour later than all before."""
        self.clock.pass_(hours=1)
        save(self.store, intake(*(arrival(number, categories=(OTHER,)) for number in range(first, last))))
        return self.publish()

    def edit(self, number: int, title: str) -> tuple[Published, ...]:
        self.clock.pass_(hours=1)
        article = self.store.article(arrival(number).id)
        assert article is not None
        fields = Fields(title=title, body="<p>改</p>")
        save(self.store, intake(edits=[edit(article.seq, fields=fields, updated=self.clock.now, digest=title)]))
        return self.publish()

    def publish(self) -> tuple[Published, ...]:
        """Rebuild until nothing is stale."""
        every: list[Published] = []
        while published := rebuild(self.store, self.press):
            every += published
        finish(self.store)
        return tuple(every)

    def paths(self) -> tuple[str, ...]:
        """Every address that the store has a document for, archives included."""
        pages = []
        for feed in self.store.feeds():
            last = self.store.last_archive(feed.name)
            for number in range(1, (last.number if last else 0) + 1):
                pages += [f"/feeds/{feed.name}/archive/{number}.{suffix}" for suffix in self.outlet.suffixes]
        return (*sorted(head.path for head in self.store.heads_since(0)), *pages)


def laid(folder: Path) -> dict[str, bytes]:
    """Every file that a web server may see, by its relative name."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    return {
        name: path.read_bytes()
        for name, path in named.items()
        if not any(part.startswith(".") for part in Path(name).parts)
    }


def marks(folder: Path) -> Mapping[str, tuple[int, int]]:
    """Inode and time of modification of every file, the exporter's own included."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
