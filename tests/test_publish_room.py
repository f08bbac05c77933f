"""Room is shared out so that nothing is ever in no document: not for a while, and not for good."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import struct
import zlib
from contextlib import closing
from dataclasses import astuple
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from feedservice.cli.telling import rebuilt
from feedservice.formats import FORMATS
from feedservice.formats.atom import ATOM
from feedservice.formats.jsonfeed import JSON
from feedservice.model import Arrival, Fields
from feedservice.protocols import Format, Store
from feedservice.publish.sizes import Room, article_limit, room_alone
from feedservice.publish.stitching import METHOD
from feedservice.rebuild import make_stale, tell
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.format_examples import READERS_FORMATS, SITE, ids_in
from tests.publish_examples import Press, add, body, documents, ids, long
from tests.store_examples import arrival

QUOTED = "&quot;", '"a","b","c"\n', "\\\\server\\share\n", "第一条，“甲”乙。"


@pytest.fixture
def press(store: Store, clock: FakeClock) -> Press:
    return Press(store, clock)


def told(number: int, words: str, size: int) -> Arrival:
    """A new article that says the same again and again, in about so many characters."""
    return arrival(number, fields=Fields(title=f"第{number}条", body=f"<pre>{words * (size // len(words))}</pre>"))


def everywhere(store: Store, row: Format) -> list[str]:
    """The ids of all items of a feed and of its archive, newest first."""
    last = store.last_archive("all")
    numbers = range(last.number if last else 0, 0, -1)
    pages = [store.document(f"/feeds/all/archive/{number}.{row.suffix}") for number in numbers]
    return [*ids(store, row), *(each for page in pages if page is not None for each in ids_in(page.identity(), row))]


def every(count: int) -> list[str]:
    return [arrival(number).id for number in range(count - 1, -1, -1)]


@pytest.mark.parametrize("words", QUOTED)
def test_no_article_is_in_no_document_whatever_formats_make_of_its_text(words: str, store: Store, press: Press) -> None:
    add(store, *(told(number, words, 2_000) for number in range(59)))
    result = press(max_bytes=100_000)
    assert (result.isolated, result.shortened, result.cut, result.failures) == ((), (), (), ())
    for row in READERS_FORMATS:
        assert everywhere(store, row) == every(59), row.name
        assert 20_000 < len(body(store, row)) <= 100_000


def test_tombstones_leave_articles_in_peace(store: Store, press: Press) -> None:
    add(store, *(long(number, 3_000) for number in range(60)))
    with store.writing() as writer:
        for number in range(50):
            writer.withdraw(arrival(number).id, press.clock())
    result = press(max_bytes=40_000)
    assert result.cut == ()
    for row in READERS_FORMATS:
        assert everywhere(store, row) == every(60)[:10], row.name


def test_pages_that_were_closed_before_keep_their_articles_when_feeds_are_to_be_smaller(
    store: Store, press: Press
) -> None:
    add(store, *(long(number, 12_000) for number in range(40)))
    press(items=5, max_bytes=1_000_000)
    with store.writing() as writer:
        writer.define_feeds([], "smaller")
    result = press(items=5, max_bytes=60_000)
    assert (result.isolated, result.shortened, result.cut, result.failures) == ((), (), (), ())
    page = store.document(f"/feeds/all/archive/1.{ATOM.suffix}")
    assert page is not None
    assert len(page.identity()) > 60_000
    for row in READERS_FORMATS:
        assert everywhere(store, row) == every(40), row.name
        assert len(body(store, row)) <= 60_000


def test_article_that_no_feed_could_hold_in_full_is_told_briefly(store: Store, press: Press) -> None:
    large = arrival(1, fields=Fields(title="t", body='"' * 4_300))
    add(store, large, arrival(2))
    result = press(max_bytes=10_000)
    assert (result.shortened, result.isolated) == ((large.id,), ())
    for row in FORMATS:
        assert len(ids(store, row)) == 2, row.name


def test_article_that_a_feed_can_hold_is_told_in_full_however_much_is_escaped(store: Store, press: Press) -> None:
    add(store, arrival(1, fields=Fields(title="t", body='"' * 3_000)))
    result = press(max_bytes=10_000)
    assert result.shortened == ()
    assert body(store, JSON).count(b'\\"') >= 3_000


def test_feed_that_has_to_be_cut_says_so(
    store: Store, press: Press, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without an archive there is no other place for what does not fit."""
    add(store, *(long(number, 3_000) for number in range(20)))
    result = press(max_bytes=30_000, archive=False)
    for row, said in zip(FORMATS, result.cut, strict=True):
        left = 20 - len(ids(store, row))
        assert said == f"{row.title}: 30,000 bytes have no room for the oldest {left} of 20 articles"
    with caplog.at_level(logging.WARNING):
        tell(result)
    assert f"feed all was cut: {result.cut[0]}" in caplog.messages
    rebuilt([result], as_json=False)
    rebuilt([result], as_json=True)
    written = capsys.readouterr().out
    assert f"  cut: {result.cut[0]}\n" in written
    assert '"cut"' in written
    assert press(max_bytes=200_000, archive=False).cut == ()


def test_feed_whose_past_is_not_written_yet_holds_what_fits_and_is_not_said_to_be_cut(
    store: Store, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedservice.publish.archive._PAGES_AT_ONCE", 2)
    add(store, *(long(number, 3_000) for number in range(50)))
    result = press(max_bytes=60_000)
    assert (result.unfinished, result.cut) == (True, ())
    newest = ids(store, ATOM)
    assert newest == every(50)[: len(newest)]
    assert {tuple(ids(store, row)) for row in READERS_FORMATS} == {tuple(newest)}
    assert len(body(store, ATOM)) > 0.9 * 60_000
    while press(max_bytes=60_000).unfinished:
        pass
    for row in READERS_FORMATS:
        assert everywhere(store, row) == every(50)


def test_sizes_of_another_measure_are_not_believed_and_documents_stay_as_they_are(
    sqlite_url: str, clock: FakeClock
) -> None:
    """Stores of the last release remember how large articles were estimated to be."""
    head, part = struct.Struct(">4s16sII"), struct.Struct(">16s16sIIII")
    told_before = ("", astuple(SITE), article_limit(200_000), METHOD)
    digest = hashlib.sha256(repr(told_before).encode()).digest()[:16]
    store = open_store(sqlite_url, clock)
    press = Press(store, clock)
    add(store, *(long(number, 5_700) for number in range(20)))
    press(max_bytes=200_000)
    before = [(each.path, each.last_modified, each.representations) for each in documents(store)]
    with closing(sqlite3.connect(Path(str(make_url(sqlite_url).database)))) as database, database:
        for path, layout in database.execute(
            "SELECT path, layout FROM documents WHERE path LIKE '/feeds/all.%'"
        ).fetchall():
            query = "SELECT body FROM representations WHERE path = ? AND coding = 'gzip'"
            (packed,) = database.execute(query, (path,)).fetchone()
            rows = part.iter_unpack(layout[head.size :])
            parts = b"".join(part.pack(*row[:5], 1 if row[5] else 0) for row in rows)
            check = zlib.crc32(packed, zlib.crc32(parts))
            made = head.pack(layout[:4], digest, len(parts) // part.size, check) + parts
            database.execute("UPDATE documents SET layout = ? WHERE path = ?", (made, path))
    with store.writing() as writer:
        writer.mark_stale(["all"])
    clock.pass_(hours=1)
    assert press(max_bytes=200_000).documents_changed == 0
    assert [(each.path, each.last_modified, each.representations) for each in documents(store)] == before
    for document in store.packed([path for path, _, _ in before]).values():
        sizes = [row[5] for row in part.iter_unpack(document.layout[head.size :])][1:-1]
        lengths = [row[2] for row in part.iter_unpack(document.layout[head.size :])][1:-1]
        assert len(sizes) == 20
        assert all(size >= length for size, length in zip(sizes, lengths, strict=True))
    store.close()


@given(st.integers(min_value=10_000, max_value=10**8), st.integers(min_value=0, max_value=10**8))
def test_half_of_a_document_is_for_its_articles_whatever_stands_around_them(max_bytes: int, around: int) -> None:
    room = Room(max_bytes, lambda: around)
    assert room.for_as_much_as(0) == max_bytes // 2
    there = room.for_as_much_as(max_bytes)
    assert there >= max_bytes // 2
    assert there + around <= max_bytes or there == max_bytes // 2
    assert article_limit(max_bytes) < room_alone(max_bytes) < max_bytes


def test_frames_are_not_written_where_they_do_not_matter() -> None:
    def around() -> int:
        raise AssertionError

    assert Room(100, around).for_as_much_as(50) == 50


def test_what_is_taken_over_is_measured_as_what_is_written_anew(store: Store, press: Press) -> None:
    """Where room is short too, a feed that was brought up to date is the one that is written whole, to the byte."""
    for number in range(0, 30, 3):
        add(store, *(told(number + at, QUOTED[(number + at) % 4], 500 * (number % 7 + at + 1)) for at in range(3)))
        press(max_bytes=40_000)
        together, pages = documents(store), store.last_archive("all")
        make_stale(store, None)
        assert press(max_bytes=40_000).documents_changed == 0
        assert (documents(store), store.last_archive("all")) == (together, pages)
    for row in READERS_FORMATS:
        assert everywhere(store, row) == every(30)
