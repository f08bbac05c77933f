"""Whatever a source does, subscribers keep the last good feeds, and when it comes back nothing is doubled or lost."""

from __future__ import annotations

import pytest

from feedservice.errors import FetchError
from feedservice.model import Health, Page
from feedservice.protocols import Store
from tests.fakes import FakeClock
from tests.small_site import ERROR_PAGE, SmallSite
from tests.survival_scene import Scene

SITE = SmallSite()
LIST = SITE.list_url
LIST_FAULTS: dict[str, tuple[Page | Exception | bytes | str, str]] = {
    "500": (FetchError(f"{LIST}: the server answered 500", status=500), f"{LIST}: the server answered 500"),
    "404": (FetchError(f"{LIST}: the server answered 404", status=404), f"{LIST}: the server answered 404"),
    "error page": (ERROR_PAGE, f"{LIST}: looks like a maintenance page: '系统维护'"),
    "no body": (Page(url=LIST, status=200, content_type="text/html", body=b""), "an empty page"),
    "white space": (b" \r\n", "an empty page"),
    "list without articles": (SITE.list_page([]), f"{LIST}: no list of articles found"),
    "JSON": ('{"code": 500, "msg": "error"}', f"{LIST}: looks like an error page"),
    "binary": (bytes(range(256)) * 20, f"{LIST}: no list of articles found"),
    "script challenge": (
        "<html><head><script>document.cookie='x=1';location.reload()</script></head><body></body></html>",
        f"{LIST}: a script challenge",
    ),
}


@pytest.fixture
def scene(store: Store, clock: FakeClock) -> Scene:
    scene = Scene(store, clock)
    scene.begin()
    return scene


def test_outage_changes_nothing_that_is_served(scene: Scene) -> None:
    """Twice broken in a row, then back: for every fault, one after the other."""
    for fault, (answer, reason) in LIST_FAULTS.items():
        scene.web.pages[LIST] = answer
        for failures in (1, 2):
            report = scene.read_again()
            assert (report.health, report.failed, report.new, report.edited) == (Health.BROKEN, True, 0, 0), fault
            assert report.reason.startswith(reason), fault
            state = scene.house.store.state("news")
            assert (state.health, state.reason, state.failures) == (Health.BROKEN, report.reason, failures), fault
            assert scene.untouched(), fault
        scene.check_return()
    scene.check_progress()


def test_source_that_never_worked_is_broken_and_its_feed_is_empty_and_whole(store: Store, clock: FakeClock) -> None:
    scene = Scene(store, clock)
    report = scene.house.refresh("news")
    assert (report.health, report.new) == (Health.BROKEN, 0)
    scene.publish()
    assert scene.house.json_feed("news")["items"] == []
    scene.repair()
    assert scene.read_again().new == scene.site.count
