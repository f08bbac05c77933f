"""A document that is put together of old parts and new ones is, to the byte, the one that would be written whole."""

from __future__ import annotations

import gzip
import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url

from feedservice.errors import StoreDamaged
from feedservice.formats import FORMATS
from feedservice.formats.rss import RSS
from feedservice.model import Arrival, CategoryStep, Document, Feed, FeedKind, Fields, Showing
from feedservice.protocols import Format, Store
from feedservice.publish import Pool, finish_documents
from feedservice.publish.chunks import Chunk, chunk_of, joined
from feedservice.publish.codings import finish
from feedservice.publish.layout import Piece
from feedservice.publish.recent import Recent
from feedservice.publish.stitching import Before, Stitched, stitch
from feedservice.rebuild import make_stale
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.publish_examples import SOURCE, Press, add, body, documents, ids
from tests.store_examples import OTHER, START, arrival, damage, edit, intake, save

ITEMS = 12


@pytest.fixture
def press(store: Store, clock: FakeClock) -> Press:
    return Press(store, clock)


def article(number: int, words: int = 700) -> Fields:
    """An article of its own words, large enough that a feed of a dozen is compressed in parts."""
    chance = random.Random(number)
    text = "".join(chr(chance.randint(0x4E00, 0x62FF)) for _ in range(words * 3))
    return Fields(title=f"第{number}条", body=f"<p>{text}</p>")


def counted(rows: tuple[Format, ...] = FORMATS) -> tuple[tuple[Format, ...], list[str]]:
    """The formats, and a list of the ids of the items that they write."""
    written: list[str] = []

    def watched(row: Format) -> Format:
        def item(showing: Showing) -> bytes:
            written.append(showing.article.id)
            return row.item(showing)

        return replace(row, item=item)

    return tuple(map(watched, rows)), written


def test_only_new_articles_are_written(store: Store, press: Press) -> None:
    add(store, *(arrival(number, fields=article(number)) for number in range(20)))
    press()
    add(store, arrival(20, fields=article(20)))
    formats, written = counted()
    press(formats=formats)
    assert written == [arrival(20).id] * len(FORMATS)


def test_articles_that_leave_a_feed_take_their_items_along(store: Store, press: Press) -> None:
    add(store, *(arrival(number, fields=article(number)) for number in range(60)))
    press()
    add(store, arrival(60, fields=article(60)))
    formats, written = counted()
    assert press(formats=formats).pages == (1,)
    assert written == [arrival(60).id] * len(FORMATS)
    together = pages(store)
    assert len(together) == len([row for row in FORMATS if not row.dialect])
    with store.writing() as writer:
        writer.define_feeds([], "another look")
    make_stale(store, None)
    assert press(formats=formats).pages == (1,)
    assert len(written) > 61 * len(together)
    assert pages(store) == together


def test_page_that_gets_a_neighbour_takes_its_own_items_over(store: Store, press: Press) -> None:
    """Its articles are in no feed any more; only the link to the new page is new."""
    add(store, *(arrival(number, fields=article(number)) for number in range(61)))
    press()
    (first, *_) = pages(store)
    add(store, *(arrival(number, fields=article(number)) for number in range(61, 71)))
    formats, written = counted()
    assert press(formats=formats).pages == (1, 2)
    assert sorted(written) == sorted(arrival(number).id for number in range(61, 71) for _ in FORMATS)
    assert pages(store)[0].identity() != first.identity()
    both = [(page.path, page.representations) for page in pages(store)]
    with store.writing() as writer:
        writer.define_feeds([], "another look")
    make_stale(store, None)
    press()
    assert [(page.path, page.representations) for page in pages(store)] == both


def test_item_that_several_feeds_show_alike_is_written_once(store: Store, press: Press) -> None:
    shelf = Feed(name="shelf", kind=FeedKind.CATEGORY, title="架")
    add(
        store,
        *(replace(arrival(number), categories=((CategoryStep(title="架", slug="shelf"),),)) for number in range(5)),
    )
    formats, written = counted()
    pool = Pool()
    press(formats=formats, pool=pool)
    press(shelf, formats=formats, pool=pool)
    assert len(written) == 5 * len(FORMATS)
    together = [store.document(f"/feeds/shelf.{row.suffix}") for row in FORMATS]
    assert all(together)
    press(SOURCE, formats=formats, pool=pool)
    assert len(written) == 2 * 5 * len(FORMATS), "in its source's feed an article names no source"
    make_stale(store, None)
    press(shelf)
    assert [store.document(f"/feeds/shelf.{row.suffix}") for row in FORMATS] == together


def test_pool_keeps_what_was_asked_for_last_within_its_room() -> None:
    pool = Pool(room=20)
    first, second, third = (Piece(bytes([number]) * 16, 1, chunk_of(b"x" * 8)) for number in range(3))
    for piece in (first, second, second):
        pool.put(b"", "rss", piece)
    assert pool.get(b"", "rss", first.key) == first
    pool.put(b"", "rss", third)
    assert [pool.get(b"", "rss", piece.key) for piece in (first, second, third)] == [first, None, third]
    assert pool.get(b"", "atom", first.key) is None
    assert pool.get(b"other", "rss", first.key) is None


def test_edited_article_is_written_anew_and_no_other(store: Store, press: Press) -> None:
    add(store, *(arrival(number, fields=article(number)) for number in range(20)))
    press()
    save(store, intake(edits=[edit(5, fields=article(99), updated=START + timedelta(minutes=40))]))
    formats, written = counted()
    press(formats=formats)
    assert set(written) == {arrival(4).id}
    assert "第99条".encode() in body(store, RSS)


def test_all_is_written_anew_under_other_settings_or_by_another_program(store: Store, press: Press) -> None:
    add(store, *map(arrival, range(20)))
    press()
    formats, written = counted()
    press(formats=formats, shape="another")
    assert len(written) == 20 * len(FORMATS)


def test_all_is_written_anew_when_somebody_asks_for_it(store: Store, press: Press) -> None:
    add(store, *map(arrival, range(20)))
    press()
    for names in (None, ["all"]):
        make_stale(store, names)
        formats, written = counted()
        press(formats=formats)
        assert len(written) == 20 * len(FORMATS)


def test_archive_page_that_was_damaged_on_the_disk_is_written_anew(
    sqlite_url: str, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(sqlite_url, clock)
    press = Press(store, clock)
    add(store, *(arrival(number, fields=article(number)) for number in range(61)))
    press()
    good = pages(store)
    damage(sqlite_url, good[0].path)
    assert pages(store) != good
    with store.writing() as writer:
        writer.define_feeds([], "another look")
    assert not press().failures
    assert f"{good[0].path}: the stored bytes are damaged" in caplog.text
    assert [each.representations for each in pages(store)] == [each.representations for each in good]
    store.close()


@pytest.mark.parametrize("path", ["/feeds/all.rss", "/feeds/all/archive/1.rss"])
def test_damage_is_mended_though_the_bytes_were_packed_otherwise(path: str, sqlite_url: str, clock: FakeClock) -> None:
    """As another version of the compressor packs them."""
    store = open_store(sqlite_url, clock)
    press = Press(store, clock)
    add(store, *(arrival(number, fields=article(number)) for number in range(61)))
    press()
    whole = store.document(path)
    assert whole is not None
    packed = gzip.compress(whole.identity(), 1, mtime=0)
    with closing(sqlite3.connect(Path(str(make_url(sqlite_url).database)))) as database, database:
        here = (packed, '"of-before"', path)
        database.execute("UPDATE representations SET body = ?, etag = ? WHERE path = ? AND coding = 'gzip'", here)
        database.execute("UPDATE documents SET layout = ''")
    damage(sqlite_url, path)
    with store.writing() as writer:
        writer.define_feeds([], "another look")
    assert not press().failures
    mended = store.document(path)
    assert mended is not None
    assert mended.identity() == whole.identity()
    assert mended.representations == whole.representations
    store.close()


@pytest.mark.parametrize("new", [0, 1])
def test_document_that_was_damaged_on_the_disk_is_written_anew(
    new: int, sqlite_url: str, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Also where nothing else in it changed: then its bytes are what they were, and so are its date and its tags."""
    store = open_store(sqlite_url, clock)
    press = Press(store, clock)
    add(store, *(arrival(number, fields=article(number)) for number in range(20)))
    press()
    good = store.document(f"/feeds/all.{RSS.suffix}")
    damage(sqlite_url, "/feeds/all.rss")
    with pytest.raises(StoreDamaged, match=r"/feeds/all\.rss"):
        store.document("/feeds/all.rss")
    add(store, *(arrival(20 + number, fields=article(20 + number)) for number in range(new)))
    press()
    assert "/feeds/all.rss" in caplog.text
    after = served(store)
    if not new:
        assert store.document("/feeds/all.rss") == good
    assert after == scratch(store, press, items=50)
    store.close()


def test_damaged_document_keeps_no_other_from_its_codings(
    sqlite_url: str, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(sqlite_url, clock)
    press = Press(store, clock)
    add(store, arrival(1))
    press()
    damage(sqlite_url, "/feeds/all.rss")
    assert finish_documents(store) == len(FORMATS) - 1
    assert caplog.text.count("/feeds/all.rss") == 1
    assert "all" in store.stale(), "it heals by itself"
    press()
    assert "all" not in store.stale()
    finish_documents(store)
    assert all(len(document.representations) == 4 for document in documents(store))
    store.close()


def test_bytes_without_a_checksum_are_not_taken_over(sqlite_url: str, clock: FakeClock) -> None:
    """Stores of before keep bytes uncompressed too, and nothing tells whether a disk has damaged them."""
    store = open_store(sqlite_url, clock)
    press = Press(store, clock)
    add(store, *(arrival(number, fields=article(number)) for number in range(20)))
    press()
    damaged = body(store, RSS).replace("第3条".encode(), "第4条".encode())
    with closing(sqlite3.connect(Path(str(make_url(sqlite_url).database)))) as database, database:
        here = "path = '/feeds/all.rss' AND coding = 'identity'"
        database.execute(f"UPDATE representations SET body = ?, omitted = 0 WHERE {here}", (damaged,))  # noqa: S608
    add(store, arrival(20, fields=article(20)))
    formats, written = counted((RSS,))
    press(formats=formats)
    assert set(written) == {arrival(20).id}
    for number in (3, 4):
        assert body(store, RSS).count(f"<title>第{number}条</title>".encode()) == 1
    store.close()


def test_damaged_layout_is_not_believed(sqlite_url: str, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    store = open_store(sqlite_url, clock)
    press = Press(store, clock)
    add(store, *(arrival(number, fields=article(number)) for number in range(20)))
    press()
    good = body(store, RSS)
    with closing(sqlite3.connect(Path(str(make_url(sqlite_url).database)))) as database, database:
        (layout,) = database.execute("SELECT layout FROM documents WHERE path = '/feeds/all.rss'").fetchone()
        damaged = layout[:100] + bytes([layout[100] ^ 1]) + layout[101:]
        database.execute("UPDATE documents SET layout = ? WHERE path = '/feeds/all.rss'", (damaged,))
    with store.writing() as writer:
        writer.mark_stale()
    formats, written = counted((RSS,))
    press(formats=formats)
    assert len(written) == 20
    assert "/feeds/all.rss: the stored bytes are damaged" in caplog.text
    assert body(store, RSS) == good
    store.close()


def scratch(store: Store, press: Press, *, items: int) -> list[tuple[str, bytes, str]]:
    """What a rebuild that takes nothing over gives: address, bytes and tag in every coding that is made at once."""
    make_stale(store, None)
    press(items=items)
    return served(store)


def as_if_new(folder: Path, clock: FakeClock) -> list[tuple[str, bytes, str]]:
    """What is served of a copy of a store that forgets all of its documents and writes them for the first time."""
    copy = folder / "copy.db"
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(folder / "feeds.db")) as database, closing(sqlite3.connect(copy)) as other:
        database.backup(other)
        with other:
            for table in ("representations", "documents"):
                other.execute(f"DELETE FROM {table}")  # noqa: S608
            other.execute("UPDATE feeds SET mark = 1")
    store = open_store(f"sqlite:///{copy}", clock)
    Press(store, clock)(items=ITEMS)
    found = served(store)
    store.close()
    return found


def served(store: Store) -> list[tuple[str, bytes, str]]:
    return [
        (document.path, each.body, each.etag)
        for document in documents(store)
        for each in document.representations
        if each.coding in ("identity", "gzip")
    ]


def pages(store: Store) -> list[Document]:
    """The archive of the feed of everything."""
    last = store.last_archive("all")
    paths = [f"/feeds/all/archive/{1 + at}.{row.suffix}" for at in range(last.number if last else 0) for row in FORMATS]
    return [document for path in paths if (document := store.document(path)) is not None]


class Story:
    """A store that things happen to; articles are numbered as they come."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store, self.clock, self.press, self.count = store, clock, Press(store, clock), 0

    def name(self, number: int) -> str:
        return f"https://news.example.org/{number}"

    def new(self, at: int) -> Arrival:
        self.count += 1
        number = self.count
        return replace(arrival(at, fields=article(number)), key=f"k{number}", id=self.name(number))

    def happen(self, what: str, number: int) -> None:
        back = self.count - number
        if what == "arrives":
            add(self.store, self.new(20 + self.count))
        elif what == "comes late":
            add(self.store, self.new(-500 - number))
        elif what == "come many":
            add(self.store, *(self.new(20 + self.count) for _ in range(15)))
        elif what == "is edited":
            fields = article(1_000 + self.count + number)
            save(self.store, intake(edits=[edit(back, fields=fields, updated=self.clock.now, digest=fields.title)]))
        elif what == "is withdrawn":
            with self.store.writing() as writer:
                writer.withdraw(self.name(back), self.clock.now)
        elif what == "is shelved once more":
            add(self.store, replace(arrival(0, categories=(OTHER,)), key=f"k{back}", id=self.name(back)))


HAPPENINGS = ["arrives", "comes late", "come many", "is edited", "is withdrawn", "is shelved once more"]


STEPS = st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 9)), min_size=3, max_size=10)


@settings(max_examples=2, deadline=None)
@given(steps=STEPS)
def test_whatever_happens_the_parts_make_the_whole(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    check_story(steps, tmp_path_factory.mktemp("parts"))


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_whatever_happens_for_longer_the_parts_make_the_whole(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    check_story(steps, tmp_path_factory.mktemp("parts"))


def check_story(steps: list[tuple[str, int]], folder: Path) -> None:
    """Let it all happen, and compare with writing all anew after each."""
    clock = FakeClock()
    store = open_store(f"sqlite:///{folder / 'feeds.db'}", clock)
    story = Story(store, clock)
    add(store, *(story.new(number) for number in range(10)))
    story.press(items=ITEMS)
    for what, number in steps:
        clock.pass_(minutes=7)
        story.happen(what, number)
        story.press(items=ITEMS)
        together, past = served(store), pages(store)
        with store.writing() as writer:
            writer.define_feeds([], f"as of {clock.now}")
        assert scratch(store, story.press, items=ITEMS) == together
        assert as_if_new(folder, clock) == together
        assert pages(store) == past
        for document in documents(store):
            identity, packed = document.representations
            assert gzip.decompress(packed.body) == identity.body
    store.close()


# ------------------------------------------------------------------------------------------------ gzip in segments

CHUNKS = st.lists(st.integers(0, 6), min_size=2, max_size=14)


def chunk(number: int) -> Chunk:
    return chunk_of(article(number, words=1_000).body.encode())


@settings(max_examples=60, deadline=None)
@given(old=CHUNKS, new=CHUNKS)
def test_stitching_gives_what_compressing_anew_gives(old: list[int], new: list[int]) -> None:
    before = [chunk(number) for number in old]
    places = [old.index(number) if number in old else None for number in new]
    chunks = [chunk(number) for number in new]
    second = stitch(chunks, Before([each.digest for each in before], stitch(before)), places)
    assert second == stitch(chunks)
    made: Recent[bytes, bytes] = Recent(10_000)
    stitch(before, made=made)
    assert stitch(chunks, made=made) == second
    assert gzip.decompress(second.body) == joined(chunks)


def test_wrong_places_do_no_harm() -> None:
    before = [chunk(number) for number in range(12)]
    told = Before([each.digest for each in before], stitch(before))
    chunks = before[::-1]
    for places in ([3] * 12, [None] * 12, [99] * 12, [-1] * 12, [], list(range(12))):
        assert stitch(chunks, told, places) == stitch(chunks)
    assert stitch(chunks, Before([], Stitched(b"")), [0] * 12) == stitch(chunks)


def test_same_neighbours_are_compressed_once() -> None:
    """Two feeds that differ in their first part alone have all in common that lies behind its window."""
    made = Counting(1_000_000)
    news = [chunk(number) for number in range(20)]
    stitch([chunk(30), *news], made=made)
    first, made.missed = made.missed, 0
    stitch([chunk(31), *news], made=made)
    assert first == 21
    assert made.missed < 9


class Counting(Recent[bytes, bytes]):
    """Counts what was asked for in vain."""

    missed = 0

    def get(self, name: bytes) -> bytes | None:
        found = super().get(name)
        self.missed += found is None
        return found


def test_segments_cost_little() -> None:
    chunks = [chunk(number) for number in range(40)]
    assert len(stitch(chunks).body) < 1.04 * len(gzip.compress(joined(chunks), 6))


# ------------------------------------------------------------------------------------------------ later codings


def test_codings_that_come_later_change_no_tag_and_no_date(store: Store, press: Press, clock: FakeClock) -> None:
    add(store, *map(arrival, range(5)))
    press()
    before = documents(store)
    assert {tuple(each.coding for each in document.representations) for document in before} == {("identity", "gzip")}
    clock.pass_(hours=1)
    assert finish_documents(store) == len(FORMATS)
    after = documents(store)
    assert {tuple(each.coding for each in document.representations) for document in after} == {
        ("identity", "gzip", "br", "zstd")
    }
    for old, new in zip(before, after, strict=True):
        assert new.representations[:2] == old.representations
        assert new.last_modified == old.last_modified
        assert new.version > old.version
    assert finish_documents(store) == 0


def test_document_that_changed_meanwhile_keeps_its_new_bytes(store: Store, press: Press) -> None:
    add(store, arrival(1))
    press()
    (stale, *_) = documents(store)
    add(store, arrival(2))
    press()
    with store.writing() as writer:
        assert not writer.add_codings([stale])
    assert ids(store, RSS) == [arrival(2).id, arrival(1).id]
    assert finish_documents(store) == len(FORMATS)


def test_of_documents_finished_together_each_gets_its_own_version_or_is_left(store: Store, press: Press) -> None:
    add(store, arrival(1))
    press()
    first, *others = documents(store)
    changed = replace(first, representations=tuple(replace(each, etag='"another"') for each in first.representations))
    coded = [replace(each, representations=finish(each)) for each in others]
    with store.writing() as writer:
        assert writer.add_codings([changed, *coded]) == len(others)
    after = {each.path: each for each in documents(store)}
    assert after[first.path] == first
    versions = [after[each.path].version for each in others]
    assert versions == sorted(set(versions))
    assert versions[0] > max(each.version for each in (first, *others))
    assert {len(after[each.path].representations) for each in others} == {4}
    assert store.partial(9) == (first.path,)


def test_finishing_makes_way_for_what_has_to_be_written(store: Store, press: Press) -> None:
    add(store, arrival(1))
    press()
    answers = iter([True])
    assert finish_documents(store, lambda: next(answers, False)) == 1
    assert len(store.partial(9)) == len(FORMATS) - 1
    assert finish_documents(store) == len(FORMATS) - 1


def test_unchanged_feed_is_not_finished_again(store: Store, press: Press) -> None:
    add(store, arrival(1))
    press()
    finish_documents(store)
    make_stale(store, None)
    assert press().documents_changed == 0
    assert finish_documents(store) == 0
