"""Documents: bytes that change only when they are others, with dates and versions that only grow."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from feedservice.model import Document, Representation
from feedservice.protocols import Store
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.store_examples import START, arrival, document, documents_of, intake, publish, save

RSS = "/feeds/all.rss"
ATOM = "/feeds/all.atom"


def stored(store: Store, path: str = RSS) -> Document:
    found = store.document(path)
    assert found is not None
    return found


def test_document_comes_back_as_it_was_put(store: Store) -> None:
    codings = tuple(
        Representation(coding, bytes(range(256)) * 10 + coding.encode(), f'"{coding}"')
        for coding in ("zstd", "identity", "br", "gzip")
    )
    given = replace(document(RSS, b"x"), representations=codings)
    assert publish(store, given) == 1
    assert store.document(RSS) == replace(given, version=1)
    assert documents_of(store) == (replace(given, version=1),)
    assert store.document(ATOM) is None


def test_bytes_that_gzip_unpacks_to_are_not_stored_beside_it(sqlite_url: str, clock: FakeClock) -> None:
    """Nobody who asks sees the difference, but the disk."""
    store = open_store(sqlite_url, clock)
    body = b"<p>one and two</p>" * 100_000
    bodies = {"identity": body, "gzip": gzip.compress(body, mtime=0), "br": b"br"}
    codings = tuple(Representation(coding, each, f'"{coding}"') for coding, each in bodies.items())
    given = replace(document(RSS, b"x"), representations=codings, packed=True)
    publish(store, given)
    assert store.document(RSS) == replace(given, version=1)
    for wanted in (["identity"], ["gzip"], ["br"], ["identity", "br"]):
        found = store.document(RSS, wanted)
        assert found is not None
        assert {each.coding: each.body for each in found.representations} == {name: bodies[name] for name in wanted}
    assert store.heads_since(0) == (replace(given, version=1).head(),)
    store.close()
    assert Path(str(make_url(sqlite_url).database)).stat().st_size < len(body)


def test_equal_document_keeps_every_byte_and_date(store: Store, clock: FakeClock) -> None:
    """The identity bytes decide: a compressor that packs otherwise changes nothing."""
    publish(store, document(RSS, b"one"))
    before = stored(store)
    clock.pass_(days=1)
    again = document(RSS, b"one", last_modified=clock())
    repacked = replace(again, representations=(again.representations[0], Representation("gzip", b"other", '"other"')))
    assert publish(store, repacked) == 0
    assert stored(store) == before
    assert store.version() == before.version


def test_changed_document_gets_a_new_version_and_date(store: Store, clock: FakeClock) -> None:
    publish(store, document(RSS, b"one"))
    clock.pass_(hours=1)
    assert publish(store, document(RSS, b"two", last_modified=clock())) == 1
    after = stored(store)
    assert (after.version, after.last_modified) == (2, START + timedelta(hours=1))
    assert [each.body for each in after.representations] == [b"two", b"\x1f\x8btwo"]


def test_changed_media_type_is_a_change(store: Store) -> None:
    publish(store, document(RSS, b"one"))
    assert publish(store, replace(document(RSS, b"one"), media_type="text/xml")) == 1
    assert stored(store).media_type == "text/xml"


def test_only_changed_documents_of_several_are_counted(store: Store) -> None:
    assert publish(store, document(RSS, b"one"), document(ATOM, b"one")) == 2
    assert publish(store, document(RSS, b"one"), document(ATOM, b"two")) == 1
    assert [each.path for each in documents_of(store)] == [RSS, ATOM]


def test_version_grows_with_every_change_of_any_document(store: Store) -> None:
    assert store.version() == 0
    publish(store, document(RSS, b"one"), document(ATOM, b"one"))
    publish(store, document(RSS, b"two"))
    assert store.version() == 3
    assert [(each.path, each.version) for each in documents_of(store)] == [(ATOM, 2), (RSS, 3)]
    assert [each.path for each in documents_of(store, 2)] == [RSS]
    assert documents_of(store, 3) == ()


def test_last_modified_moves_on_although_the_clock_stands_still(store: Store) -> None:
    """Else a reader who asks by date would be told that nothing changed."""
    for number, body in enumerate((b"one", b"two", b"three")):
        publish(store, document(RSS, body))
        assert stored(store).last_modified == START + timedelta(seconds=number)


def test_last_modified_never_goes_back(store: Store, clock: FakeClock) -> None:
    publish(store, document(RSS, b"one"))
    clock.pass_(days=-1)
    publish(store, document(RSS, b"two", last_modified=clock()))
    assert stored(store).last_modified == START + timedelta(seconds=1)


def test_last_modified_is_never_later_than_the_clock(store: Store, clock: FakeClock) -> None:
    publish(store, document(RSS, b"one", last_modified=START + timedelta(days=30)))
    assert stored(store).last_modified == START
    clock.pass_(seconds=10)
    publish(store, document(RSS, b"two", last_modified=START + timedelta(days=30)))
    assert stored(store).last_modified == START + timedelta(seconds=10)


def test_document_without_identity_bytes_is_refused(store: Store) -> None:
    save(store, intake(arrival(1)))
    only_gzip = replace(document(RSS, b"one"), representations=(Representation("gzip", b"x", '"x"'),))
    with pytest.raises(ValueError, match="identity"):
        publish(store, document(ATOM, b"one"), only_gzip)
    assert documents_of(store) == ()
    assert "all" in store.stale()


def test_documents_of_the_whole_site_belong_to_no_feed(store: Store) -> None:
    assert publish(store, replace(document("/opml.xml", b"one"), feed=""), feed="", as_of=0) == 1
    assert stored(store, "/opml.xml").feed == ""


def test_watch_tells_of_documents_once(store: Store, store_url: str, clock: FakeClock) -> None:
    """Also of those that another process publishes; articles and states alone are no news to it."""
    other = open_store(store_url, clock)
    watch = store.watch()
    assert not watch.changed()
    save(other, intake(arrival(1)))
    assert not watch.changed()
    publish(other, document(RSS, b"one"))
    assert watch.changed()
    assert not watch.changed()
    publish(store, document(RSS, b"one"))
    assert not watch.changed()
    publish(store, document(RSS, b"two"))
    assert watch.changed()
    other.close()


def test_watch_begins_when_it_is_made(store: Store) -> None:
    publish(store, document(RSS, b"one"))
    assert not store.watch().changed()


def test_dropped_document_is_no_more_and_followers_see_it_go(store: Store) -> None:
    publish(store, document(RSS, b"one"), document(ATOM, b"two"))
    since = store.version()
    with store.writing() as writer:
        writer.drop_documents([RSS, "/feeds/unknown.rss"])
    assert store.document(RSS) is None
    assert [each.path for each in documents_of(store)] == [ATOM]
    (gone,) = store.heads_since(since)
    assert (gone.path, gone.codings) == (RSS, ())
    assert store.version() == gone.version
    with store.writing() as writer:
        writer.drop_documents([RSS])
    assert store.version() == gone.version, "what is gone does not go again"


def test_dropped_document_comes_back_with_a_later_date_though_its_bytes_are_the_same(store: Store) -> None:
    publish(store, document(RSS, b"one"))
    before = stored(store)
    with store.writing() as writer:
        writer.drop_documents([RSS])
    assert publish(store, document(RSS, b"one")) == 1
    assert stored(store).representations == before.representations
    assert stored(store).last_modified > before.last_modified


def test_layout_that_is_forgotten_while_a_document_is_written_does_not_come_back(store: Store) -> None:
    """Else the next one would take over what was to be written anew."""
    save(store, intake(arrival(1)))
    mark = store.stale()["all"]
    with store.writing() as writer:
        writer.mark_stale(["all"], whole=True)
    later = store.stale()["all"]
    for path, body in ((RSS, b"x"), (ATOM, b"y")):
        publish(store, replace(document(path, body), layout=b"parts"), as_of=mark)
        assert stored(store, path).layout == b""
        publish(store, replace(document(path, body), layout=b"parts"), as_of=later)
        assert stored(store, path).layout == b"parts"
