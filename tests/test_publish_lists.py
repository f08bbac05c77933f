"""The list of all feeds: published when it changes, and as it was when it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial

import pytest
from lxml import etree

from feedservice.formats.opml import MEDIA_TYPE, render_opml
from feedservice.model import Document, Feed, FeedKind, Site
from feedservice.protocols import Store
from feedservice.publish import finish_documents, publish_list
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.format_examples import SITE
from tests.store_examples import NEWS, OTHER, START, arrival, damage, documents_of, intake, save

ALL = Feed(name="all", kind=FeedKind.ALL, title="滨海信息")
FULL = Feed(name="site", kind=FeedKind.SOURCE, title="泰达要闻")
EMPTY = Feed(name="silent", kind=FeedKind.SOURCE, title="没有文章")
PATH = "/opml.xml"


@pytest.fixture
def publish(store: Store, clock: FakeClock) -> Callable[..., int]:
    with store.writing() as writer:
        writer.define_feeds([ALL, FULL, EMPTY], "")

    def publish(site: Site = SITE, media_type: str = MEDIA_TYPE) -> int:
        return publish_list(store, store.feeds(), PATH, media_type, render_opml, site=site, clock=clock)

    return publish


def listed(store: Store) -> Document:
    document = store.document(PATH)
    assert document is not None
    return document


def root(store: Store) -> etree._Element:
    return etree.fromstring(listed(store).representations[0].body)


def titles(store: Store) -> list[str | None]:
    return [outline.get("text") for outline in root(store).iter("outline") if outline.get("xmlUrl")]


def dated(store: Store) -> datetime:
    return parsedate_to_datetime(root(store).findtext("head/dateModified") or "")


def test_list_holds_the_feed_of_everything_and_those_that_hold_something(
    store: Store, publish: Callable[..., int]
) -> None:
    assert publish() == 1
    assert titles(store) == ["滨海信息"]
    save(store, intake(arrival(1, categories=(OTHER,)), arrival(2, categories=(NEWS,))))
    assert publish() == 1
    assert titles(store) == ["滨海信息", "资讯动态", "其他信息", "泰达要闻"]


def test_list_belongs_to_no_feed_and_comes_in_every_coding(store: Store, publish: Callable[..., int]) -> None:
    publish()
    assert (listed(store).feed, listed(store).media_type) == ("", MEDIA_TYPE)
    assert [each.coding for each in listed(store).representations] == ["identity", "gzip"]
    assert finish_documents(store) == 1
    assert [each.coding for each in listed(store).representations] == ["identity", "gzip", "br", "zstd"]


def test_unchanged_list_keeps_its_bytes_and_its_date(
    store: Store, publish: Callable[..., int], clock: FakeClock
) -> None:
    publish()
    before = listed(store)
    clock.pass_(days=30)
    assert publish() == 0
    assert listed(store) == before
    assert dated(store) == before.last_modified == START


def test_changed_list_is_dated_when_it_changed(store: Store, publish: Callable[..., int], clock: FakeClock) -> None:
    publish()
    clock.pass_(days=30, microseconds=5)
    assert publish(replace(SITE, title="Other")) == 1
    assert dated(store) == listed(store).last_modified == START + timedelta(days=30)


def test_changed_list_has_a_later_date_although_the_clock_stands_still(
    store: Store, publish: Callable[..., int]
) -> None:
    publish()
    publish(replace(SITE, title="Other"))
    assert dated(store) == listed(store).last_modified == START + timedelta(seconds=1)
    assert publish(replace(SITE, title="Other")) == 0


def test_changed_media_type_is_a_change(store: Store, publish: Callable[..., int]) -> None:
    publish()
    assert publish(media_type="text/xml") == 1
    assert listed(store).media_type == "text/xml"


def test_new_list_is_seen_by_those_who_watch(store: Store, publish: Callable[..., int]) -> None:
    before = store.version()
    publish()
    assert store.version() > before
    publish()
    assert [document.path for document in documents_of(store, before)] == [PATH]


def test_list_that_was_damaged_on_the_disk_is_written_anew(
    sqlite_url: str, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Its date is that of the new bytes, later than what was served."""
    store = open_store(sqlite_url, clock)
    with store.writing() as writer:
        writer.define_feeds([ALL, FULL], "")
    press = partial(publish_list, store, store.feeds(), PATH, MEDIA_TYPE, render_opml, site=SITE, clock=clock)
    press()
    before = listed(store)
    damage(sqlite_url, PATH)
    clock.pass_(hours=1)
    assert press() == 1
    assert PATH in caplog.text
    assert titles(store) == ["滨海信息"]
    assert dated(store) == listed(store).last_modified > before.last_modified
    assert press() == 0
    store.close()
