"""What the tests of survival share: a house with one list that was read well, on a fake network or on a real wire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

from feedservice.model import Health
from feedservice.protocols import Store
from feedservice.refresh import RefreshReport
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.outbound_server import HostileServer, Reply, answer, door_for, fetch_settings, running
from tests.small_site import SmallSite
from tests.store_examples import documents_of

Shown = dict[str, tuple[str, list[tuple[str, bytes, str]]]]
HTML = "text/html; charset=utf-8"


def shown(store: Store) -> Shown:
    """Everything that subscribers are served: each document's date, bytes and entity tags."""
    return {
        document.path: (
            document.last_modified.isoformat(),
            [(each.coding, each.body, each.etag) for each in document.representations],
        )
        for document in documents_of(store)
    }


class Scene:
    """A house and the one site that it reads, which can break and come back."""

    def __init__(self, store: Store, clock: FakeClock, site: SmallSite | None = None) -> None:
        self.site = site or SmallSite()
        self.web = FakeWeb()
        self.house = House(store, self.web, clock)
        self.house.add("news", "listing", {"url": self.site.list_url})
        self.served: Shown = {}

    def begin(self) -> None:
        """Read the site for the first time, and publish it."""
        self.repair()
        first = self.house.refresh("news")
        assert (first.health, first.new) == (Health.WELL, self.site.count)
        self.publish()

    def publish(self) -> None:
        self.house.rebuild()
        self.served = shown(self.house.store)
        assert {"/feeds/all.rss", "/feeds/news.atom", "/feeds/news.json"} <= set(self.served)

    def repair(self) -> None:
        """Have the site as it ought to be."""
        self.web.pages = dict(self.site.pages())

    def read_again(self, **later: float) -> RefreshReport:
        self.house.clock.pass_(**(later or {"minutes": 30}))
        return self.house.refresh("news")

    def untouched(self) -> bool:
        """Whether nothing was rebuilt, and every byte, date and entity tag is as it was when it was published."""
        return self.house.rebuild() == () and shown(self.house.store) == self.served

    def check_return(self) -> None:
        """Assert that the site comes back as it was before it broke."""
        self.repair()
        report = self.read_again()
        assert (report.health, report.new, report.edited, report.reason) == (Health.WELL, 0, 0, "")
        assert self.untouched()

    def check_progress(self) -> None:
        """Assert that something new comes to what was there before, with nothing doubled and nothing lost."""
        before = self.house.items()
        self.site.count += 2
        self.repair()
        assert self.read_again().new == 2
        self.publish()
        assert self.house.items()[2:] == before
        assert len({url for url, _, _ in self.house.items()}) == self.site.count == len(self.house.items())


class WireScene(Scene):
    """The same with a real server and the real door between them."""

    def __init__(self, store: Store, clock: FakeClock, server: HostileServer) -> None:
        super().__init__(store, clock, SmallSite(base=server.url("")))
        self.server = server

    def repair(self) -> None:
        self.server.replies = {
            urlsplit(url).path: answer(page, Content_Type=HTML) for url, page in self.site.pages().items()
        }

    def break_list(self, reply: Reply) -> None:
        self.server.replies[urlsplit(self.site.list_url).path] = reply


@contextmanager
def on_a_wire(store: Store, clock: FakeClock, *, patience: float = 5) -> Iterator[WireScene]:
    """A scene whose site answers on 127.0.0.1; patience: seconds until a fetch is given up."""
    settings = fetch_settings(total=patience, read=patience)
    with running(HostileServer()) as server, door_for(settings, clock) as door:
        scene = WireScene(store, clock, server)
        scene.house.sources["news"] = replace(scene.house.sources["news"], get=door.get)
        scene.begin()
        yield scene
