"""Exported files: the bytes that are served, whole at every moment, touched only when they changed."""

from __future__ import annotations

import errno
import fcntl
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
import zstandard
from pydantic import ValidationError
from werkzeug.test import Client

from feedservice.cli import main
from feedservice.config.settings import ExportSettings, FeedSettings, ServerSettings
from feedservice.errors import ExportError
from feedservice.export import Exported, Exporting, Target, export, open_target
from feedservice.export.environment import is_plain
from feedservice.export.files import Bundle, name_of
from feedservice.export.folder import Folder
from feedservice.model import Document
from feedservice.protocols import Store
from feedservice.publish import Published, finish_documents
from feedservice.rebuild import make_stale
from feedservice.store import open_store
from feedservice.store.engines.copying import copy_store
from feedservice.web import make_app
from tests.export_examples import SITE, Newsroom, laid, marks
from tests.fakes import FakeClock
from tests.store_examples import arrival, damage, document, publish

ROOT = Path(__file__).parent.parent
SUFFIXES = {"identity": "", "gzip": ".gz", "br": ".br", "zstd": ".zst"}
UNPACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.decompress,
    ".br": brotli.decompress,
    ".zst": lambda body: zstandard.ZstdDecompressor().decompress(body),
}


def opened(store: Store, clock: FakeClock) -> Newsroom:
    clock.pass_(days=2)
    return Newsroom(store, clock)


@pytest.fixture(scope="module")
def made_sqlite(made_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file in which the first articles have come already."""
    path, clock = tmp_path_factory.mktemp("made") / "newsroom.db", FakeClock()
    shutil.copyfile(made_sqlite, path)
    store = open_store(f"sqlite:///{path}", clock)
    opened(store, clock).add(0, 70)
    store.close()
    return path


@pytest.fixture
def newsroom(store: Store, clock: FakeClock) -> Newsroom:
    made = opened(store, clock)
    if store.article(arrival(0).id):
        clock.pass_(hours=1)
    else:
        made.add(0, 70)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "public"


def target(folder: Path) -> Target:
    return open_target(str(folder))


def ask(store_url: str, clock: FakeClock) -> Client:
    app = make_app(open_store(store_url, clock), site=SITE, feeds=FeedSettings(), server=ServerSettings())
    app.look()
    return Client(app)


# ------------------------------------------------------------------------------------------------ what is there


def test_files_are_the_bytes_that_are_served_in_every_coding(
    newsroom: Newsroom, folder: Path, store_url: str, clock: FakeClock
) -> None:
    export(newsroom.outlet, target(folder))
    client, found = ask(store_url, clock), laid(folder)
    for path in (*newsroom.paths(), "/", "/static/front.css"):
        name = path[1:] or "index.html"
        for coding, suffix in SUFFIXES.items():
            answer = client.get(path, headers={"Accept-Encoding": f"{coding}, identity;q=0.1"}, buffered=True)
            assert answer.status_code == 200, path
            if answer.headers.get("Content-Encoding", "identity") == coding:
                assert found.pop(name + suffix) == answer.data, name + suffix
                if path.startswith("/feeds/") or path == "/opml.xml":
                    assert answer.last_modified == _modified(folder / (name + suffix))
    client.application.close()  # type: ignore[attr-defined]
    assert found == {}


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def test_archive_pages_are_there_whole_and_packed(newsroom: Newsroom, folder: Path) -> None:
    export(newsroom.outlet, target(folder))
    pages = [name for name in laid(folder) if name.startswith("feeds/all/archive/")]
    assert {"feeds/all/archive/1.rss", "feeds/all/archive/1.rss.gz"} <= set(pages)
    assert not [name for name in pages if name.endswith((".br", ".zst"))]


def test_every_coding_unpacks_to_the_plain_file(newsroom: Newsroom, folder: Path) -> None:
    export(newsroom.outlet, target(folder))
    found = laid(folder)
    packed = [(name, suffix) for name in found for suffix in UNPACK if name.endswith(suffix)]
    assert {suffix for _, suffix in packed} == set(UNPACK)
    for name, suffix in packed:
        assert UNPACK[suffix](found[name]) == found[name.removesuffix(suffix)], name


def test_manifest_tells_what_lies_at_each_address(newsroom: Newsroom, folder: Path) -> None:
    export(newsroom.outlet, target(folder))
    told = json.loads((folder / ".feedservice" / "manifest.json").read_bytes())
    for head in newsroom.store.heads_since(0):
        record = told["documents"][head.path]
        assert record["etag"] == head.codings[0].etag
        assert datetime.fromisoformat(record["last_modified"]) == head.last_modified
        assert record["version"] == head.version


# ------------------------------------------------------------------------------------------------ what changes


def test_second_export_touches_nothing(newsroom: Newsroom, folder: Path) -> None:
    first = export(newsroom.outlet, target(folder))
    before = marks(folder)
    newsroom.clock.pass_(hours=1)
    second = export(newsroom.outlet, target(folder))
    assert marks(folder) == before
    assert (second.written, second.removed, second.bytes) == (0, 0, 0)
    assert second.unchanged == first.written == len(newsroom.paths()) + 2


def test_only_what_changed_is_written(newsroom: Newsroom, folder: Path) -> None:
    export(newsroom.outlet, target(folder))
    before = marks(folder)
    published = newsroom.add(70, 71)
    told = export(newsroom.outlet, target(folder), changed={each.feed: each.pages for each in published})
    after = marks(folder)
    touched = {name for name in after if before.get(name) != after[name]}
    assert "feeds/all.rss" in touched
    assert not [name for name in touched if "/archive/" in name]
    assert told.written > 0
    assert laid(folder) == fresh(newsroom, folder)


def test_export_after_rebuilds_is_what_a_whole_one_is(newsroom: Newsroom, folder: Path) -> None:
    """New pages, pages whose articles were edited, pages that are linked to anew."""
    export(newsroom.outlet, target(folder))
    steps: tuple[Callable[[], tuple[Published, ...]], ...] = (
        lambda: newsroom.add(70, 130),
        lambda: newsroom.edit(3, "改"),
        lambda: newsroom.edit(129, "又改"),
        lambda: newsroom.add(130, 131),
    )
    for step in steps:
        pages: dict[str, set[int]] = {}
        for each in step():
            pages.setdefault(each.feed, set()).update(each.pages)
        export(newsroom.outlet, target(folder), changed=pages)
        assert laid(folder) == fresh(newsroom, folder)
    assert export(newsroom.outlet, target(folder)).written == 0


def fresh(newsroom: Newsroom, folder: Path) -> dict[str, bytes]:
    """What an export into an empty folder lays down."""
    other = folder.with_name(f"fresh-{newsroom.store.version()}")
    export(newsroom.outlet, target(other))
    return laid(other)


@pytest.mark.parametrize(
    "pages",
    [{}, pytest.param({"all": {1}}, marks=pytest.mark.slow)],
    ids=["while feeds are written", "while pages are written"],
)
def test_feed_that_is_published_during_an_export_comes_with_the_pages_that_it_links_to(
    newsroom: Newsroom, folder: Path, pages: dict[str, set[int]]
) -> None:
    export(newsroom.outlet, target(folder))
    newsroom.add(70, 71)
    newsroom.edit(0, "改")
    left = [71]

    def publish_meanwhile() -> bool:
        if left:
            newsroom.add(left.pop(), 130)
        return True

    export(newsroom.outlet, target(folder), changed=pages, go_on=publish_meanwhile)
    assert not left
    found = laid(folder)
    linked = {
        name: set(re.findall(rb"(?<=feeds\.example\.org/)feeds/[a-z]+/archive/[0-9]+\.[a-z]+", body))
        for name, body in found.items()
        if re.fullmatch(r"feeds/[a-z]+\.(?:rss|atom|json)", name)
    }
    assert any(linked.values())
    assert [page.decode() for page in set().union(*linked.values()) if page.decode() not in found] == []


def test_date_of_a_changed_file_is_later(newsroom: Newsroom, folder: Path) -> None:
    """nginx makes its entity tags of it."""
    export(newsroom.outlet, target(folder))
    names = ("feeds/all.rss", "feeds/all.rss.gz", "index.html")
    before = {name: (folder / name).stat().st_mtime for name in names}
    newsroom.add(70, 71)
    export(newsroom.outlet, target(folder))
    assert all((folder / name).stat().st_mtime > before[name] for name in names)


def test_feeds_that_are_gone_are_removed_with_their_archives(newsroom: Newsroom, folder: Path) -> None:
    export(newsroom.outlet, target(folder))
    assert (folder / "feeds" / "qita" / "archive" / "1.rss").is_file()
    with newsroom.store.writing() as writer:
        writer.retire({}, ["qita"])
    told = export(newsroom.outlet, target(folder))
    assert told.removed > 3
    assert not [name for name in laid(folder) if name.startswith("feeds/qita")]
    assert not (folder / "feeds" / "qita").exists()
    assert laid(folder) == fresh(newsroom, folder)


def test_coding_that_is_no_more_is_removed(store: Store, clock: FakeClock, folder: Path) -> None:
    room = Newsroom(store, clock)
    publish(store, document("/feeds/all.rss", b"one"))
    export(room.outlet, target(folder))
    assert (folder / "feeds" / "all.rss.gz").exists()
    plain = document("/feeds/all.rss", b"two")
    publish(store, Document(**{**_values(plain), "representations": plain.representations[:1]}))  # type: ignore[arg-type]
    export(room.outlet, target(folder))
    assert (folder / "feeds" / "all.rss").read_bytes() == b"two"
    assert not (folder / "feeds" / "all.rss.gz").exists()


def _values(given: Document) -> dict[str, object]:
    return {name: getattr(given, name) for name in ("path", "feed", "media_type", "last_modified")}


def test_file_that_somebody_removed_or_cut_comes_back(newsroom: Newsroom, folder: Path) -> None:
    export(newsroom.outlet, target(folder))
    whole = laid(folder)
    (folder / "feeds" / "all.rss").unlink()
    (folder / "feeds" / "all.atom.gz").write_bytes(b"")
    (folder / "feeds" / "all" / "archive" / "1.json").unlink()
    assert export(newsroom.outlet, target(folder)).written == 3
    assert laid(folder) == whole


def test_damaged_document_keeps_its_last_files_and_holds_up_no_other(
    sqlite_url: str, clock: FakeClock, folder: Path
) -> None:
    newsroom = opened(open_store(sqlite_url, clock), clock)
    newsroom.add(0, 10)
    export(newsroom.outlet, target(folder))
    first = laid(folder)
    newsroom.add(10, 20)
    damage(sqlite_url, "/feeds/all.rss")
    told = export(newsroom.outlet, target(folder))
    assert told.damaged == ["/feeds/all.rss"]
    second = laid(folder)
    assert second["feeds/all.rss"] == first["feeds/all.rss"]
    assert second["feeds/all.atom"] != first["feeds/all.atom"]
    make_stale(newsroom.store, None)
    newsroom.publish()
    assert not export(newsroom.outlet, target(folder)).damaged
    assert laid(folder)["feeds/all.rss"] != first["feeds/all.rss"]
    newsroom.store.close()


def test_page_of_all_feeds_leads_to_no_document_that_could_not_be_written(
    sqlite_url: str, clock: FakeClock, folder: Path
) -> None:
    newsroom = opened(open_store(sqlite_url, clock), clock)
    newsroom.add(0, 10)
    damage(sqlite_url, "/feeds/all.rss")
    assert export(newsroom.outlet, target(folder)).damaged == ["/feeds/all.rss"]
    page = (folder / "index.html").read_text()
    assert "/feeds/all.atom" in page
    assert "/feeds/all.rss" not in page
    newsroom.store.close()


def test_document_that_is_mended_is_exported_though_nothing_in_it_changed(
    sqlite_url: str, clock: FakeClock, folder: Path
) -> None:
    newsroom = opened(open_store(sqlite_url, clock), clock)
    newsroom.add(0, 10)
    finish_documents(newsroom.store)
    damage(sqlite_url, "/feeds/all.rss")
    assert export(newsroom.outlet, target(folder)).damaged == ["/feeds/all.rss"]
    make_stale(newsroom.store, None)
    newsroom.publish()
    export(newsroom.outlet, target(folder), changed={})
    assert (folder / "feeds" / "all.rss").exists()
    newsroom.store.close()


def test_export_that_was_stopped_midway_goes_on_with_the_new_fields(newsroom: Newsroom, folder: Path) -> None:
    """Where files are stored with their fields, all of them get the new ones, however often that is cut short."""
    fields: dict[str, str | None] = {}

    class Bucket(Folder):
        keeps_fields = True

        def put(self, bundle: Bundle) -> None:
            fields[bundle.name] = bundle.files[0].fields.get("Cache-Control")
            super().put(bundle)

    export(newsroom.outlet, Bucket(folder))
    sooner = replace(newsroom.outlet, ttl=60)
    turns = iter([True, True])
    assert not export(sooner, Bucket(folder), go_on=lambda: next(turns, False)).complete
    export(sooner, Bucket(folder))
    feeds = {name: told for name, told in fields.items() if name.startswith("feeds/") and "/archive/" not in name}
    assert feeds
    assert all((told or "").startswith("max-age=60") for told in feeds.values())


def test_first_export_that_was_stopped_goes_on_where_it_stopped(newsroom: Newsroom, folder: Path) -> None:
    """Where files are stored with their fields too, and when all is written anew since the manifest was removed."""
    put: list[str] = []

    class Bucket(Folder):
        keeps_fields = True

        def put(self, bundle: Bundle) -> None:
            put.append(bundle.name)
            super().put(bundle)

    newsroom.add(0, 40)
    for _ in ("at first", "anew"):
        newsroom.clock.pass_(hours=1)
        for turns in ([True] * 5, [True] * 20, [True] * 1000):
            export(newsroom.outlet, Bucket(folder), go_on=iter([*turns, *[False] * 1000]).__next__)
        assert sorted(put) == sorted(set(put))
        assert {name for name in fresh(newsroom, folder) if name in put} == set(put)
        assert any("/archive/" in name for name in put)
        assert laid(folder) == fresh(newsroom, folder)
        assert export(newsroom.outlet, Bucket(folder)).written == 0
        written = set(put)
        put.clear()
        (folder / ".feedservice" / "manifest.json").unlink()
    newsroom.clock.pass_(hours=1)
    export(newsroom.outlet, Bucket(folder))
    assert set(put) == written


@pytest.mark.parametrize(
    ("articles", "documents", "most"), [(0, 15, 5), pytest.param(350, 150, 100, marks=pytest.mark.slow)]
)
def test_first_export_that_failed_does_not_begin_anew(
    newsroom: Newsroom, folder: Path, articles: int, documents: int, most: int
) -> None:
    put: list[str] = []

    class Bucket(Folder):
        keeps_fields = True
        patience = documents

        def put(self, bundle: Bundle) -> None:
            if len(put) == self.patience:
                raise ExportError("the store is away")
            put.append(bundle.name)
            super().put(bundle)

    newsroom.add(0, articles)
    failing = Bucket(folder)
    with pytest.raises(ExportError):
        export(newsroom.outlet, failing)
    failing.patience = -1
    export(newsroom.outlet, failing)
    assert 0 < len(put) - len(set(put)) <= most
    assert laid(folder) == fresh(newsroom, folder)


def test_store_that_is_new_takes_nothing_away_and_is_followed_from_its_beginning(
    newsroom: Newsroom, folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The disk was lost, or the store's address is mistyped: feeds that are served stay until there are others."""
    newsroom.add(70, 71)
    export(newsroom.outlet, target(folder))
    before = laid(folder)
    clock = FakeClock(newsroom.clock.now)
    anew = Newsroom(open_store(f"sqlite:///{tmp_path / 'new.db'}", clock), clock)
    told = export(anew.outlet, target(folder))
    assert (told.written, told.removed, laid(folder)) == (0, 0, before)
    assert "published nothing yet" in caplog.text
    published = anew.add(0, 1)
    assert anew.store.version() < newsroom.store.version()
    export(anew.outlet, target(folder), changed={each.feed: each.pages for each in published})
    new = fresh(anew, folder)
    assert {name: body for name, body in laid(folder).items() if name in new} == new
    export(anew.outlet, target(folder))
    assert laid(folder) == new
    anew.store.close()


def test_store_that_was_restored_is_exported_as_it_is_now(
    newsroom: Newsroom, folder: Path, store_url: str, tmp_path: Path
) -> None:
    """Its versions went back, below those in the list; pages that were closed since are no more."""
    backup = f"sqlite:///{tmp_path / 'backup.db'}"
    copy_store(store_url, backup)
    newsroom.add(70, 130)
    newsroom.edit(3, "改")
    export(newsroom.outlet, target(folder))
    newest = laid(folder)
    restored = Newsroom(open_store(backup, newsroom.clock), newsroom.clock)
    assert restored.store.version() < newsroom.store.version()
    told = export(restored.outlet, target(folder))
    assert told.removed > 0
    assert laid(folder) == fresh(restored, folder) != newest
    pages = {each.feed: each.pages for each in restored.add(70, 71)}
    export(restored.outlet, target(folder), changed=pages)
    assert laid(folder) == fresh(restored, folder)
    restored.store.close()


@pytest.mark.parametrize(
    "unreadable",
    [b"", pytest.param(b"{", marks=pytest.mark.slow), pytest.param(b"[]", marks=pytest.mark.slow), b'{"documents": 3}'],
)
def test_unreadable_manifest_costs_only_time(newsroom: Newsroom, folder: Path, unreadable: bytes) -> None:
    export(newsroom.outlet, target(folder))
    whole = laid(folder)
    (folder / ".feedservice" / "manifest.json").write_bytes(unreadable)
    export(newsroom.outlet, target(folder))
    assert laid(folder) == whole


def test_retired_feeds_become_redirects(newsroom: Newsroom, folder: Path) -> None:
    with newsroom.store.writing() as writer:
        writer.retire({"old": "all", "older": "nowhere"}, ["closed"])
    export(newsroom.outlet, target(folder))
    lines = (folder / ".feedservice" / "retired.map").read_text().splitlines()[1:]
    assert lines == ['"closed" "gone";', '"old" "https://feeds.example.org/feeds/all";']
    assert '\nold "https://feeds.example.org/feeds/all"\n' in (folder / ".feedservice" / "retired.caddy").read_text()


def test_nobody_is_sent_to_a_feed_whose_files_are_still_to_be_written(newsroom: Newsroom, folder: Path) -> None:
    with newsroom.store.writing() as writer:
        writer.retire({"old": "zixun"}, [])
    turns = iter([True])
    assert not export(newsroom.outlet, target(folder), go_on=lambda: next(turns, False)).complete
    assert "zixun" not in "".join(name for name in laid(folder) if "archive" not in name)
    assert "old" not in (folder / ".feedservice" / "retired.map").read_text()
    export(newsroom.outlet, target(folder))
    assert '"old" "https://feeds.example.org/feeds/zixun";' in (folder / ".feedservice" / "retired.map").read_text()


def test_retired_feeds_named_as_words_of_the_servers_are_values_to_them(newsroom: Newsroom, folder: Path) -> None:
    with newsroom.store.writing() as writer:
        writer.retire({"default": "all", "import": "all"}, ["hostnames", "include", "volatile"])
    export(newsroom.outlet, target(folder))
    lines = (folder / ".feedservice" / "retired.map").read_text().splitlines()[1:]
    there = "https://feeds.example.org/feeds/all"
    assert lines == [
        f'"\\default" "{there}";',
        r'"\hostnames" "gone";',
        f'"import" "{there}";',
        r'"\include" "gone";',
        r'"\volatile" "gone";',
    ]
    lines = (folder / ".feedservice" / "retired.caddy").read_text().splitlines()[1:]
    assert lines[0] == f'~^default$ "{there}"'
    assert lines[2] == f'~^import$ "{there}"'
    assert lines[1] == 'hostnames "gone"'


# ------------------------------------------------------------------------------------------------ what goes wrong


@pytest.mark.parametrize("how", ["die", "fail"])
@pytest.mark.slow
def test_every_file_is_whole_whenever_an_export_breaks(tmp_path: Path, sqlite_url: str, how: str) -> None:
    clock = FakeClock()
    clock.pass_(days=2)
    store = open_store(sqlite_url, clock)
    room = Newsroom(store, clock)
    room.add(0, 31)
    with store.writing() as writer:
        writer.retire({}, ["zixun"])
    before, after = tmp_path / "before", tmp_path / "after"
    export(room.outlet, target(before))
    room.add(31, 32)
    with store.writing() as writer:
        writer.retire({}, ["qita"])
    export(room.outlet, target(after))
    store.close()
    done = subprocess.run(
        [sys.executable, "-m", "tests.breaking_export", how, sqlite_url, before, after, tmp_path / "work"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20


HOSTILE = (
    "/../etc/passwd",
    "/feeds/../../x.rss",
    "/feeds/..",
    "/feeds/.hidden.rss",
    "/.feedservice/manifest.json",
    "//etc/passwd",
    "/feeds//x.rss",
    "/feeds/a\\b.rss",
    "/feeds/a\nb.rss",
    "/feeds/",
    "",
    "feeds/all.rss",
    "/feeds/all.rss.gz",
    "/feeds/" + "x" * 300 + ".rss",
    "/feeds/%2e%2e/x.rss/",
)


@pytest.mark.parametrize("path", [*HOSTILE, "/feeds/a\x00.rss"])
def test_no_hostile_address_is_the_name_of_a_file(path: str) -> None:
    with pytest.raises(ExportError):
        name_of(path)


@pytest.mark.parametrize("path", HOSTILE)
def test_no_address_leads_out_of_the_folder(sqlite_url: str, clock: FakeClock, folder: Path, path: str) -> None:
    store = open_store(sqlite_url, clock)
    room = Newsroom(store, clock)
    publish(store, document(path, b"out"), document("/feeds/all.rss", b"in"))
    told = export(room.outlet, target(folder))
    store.close()
    assert told.refused == [path]
    assert {name for name in laid(folder) if name.startswith("feeds")} == {"feeds/all.rss", "feeds/all.rss.gz"}
    assert {each.name for each in folder.parent.iterdir() if each.name != "store"} == {"public"}


def test_links_in_the_folder_lead_nothing_out_of_it(newsroom: Newsroom, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"somebody's")
    (folder / "feeds").mkdir(parents=True)
    (folder / ".feedservice").mkdir()
    for name in ("feeds/.all.rss.new", "feeds/all.rss", "feeds/.all.atom.gz.new", ".feedservice/.manifest.json.new"):
        (folder / name).symlink_to(outside)
    export(newsroom.outlet, target(folder))
    assert outside.read_bytes() == b"somebody's"
    assert laid(folder) == fresh(newsroom, folder)
    assert not [path for path in folder.rglob("*") if path.is_symlink()]


def test_two_exports_into_one_folder_do_not_meet(newsroom: Newsroom, folder: Path) -> None:
    with target(folder), pytest.raises(ExportError, match=r"another export into .* is running"):
        export(newsroom.outlet, target(folder))


def test_folder_on_a_disk_that_knows_no_locks_is_told_as_such(
    newsroom: Newsroom, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(ExportError, match=r"lock cannot be locked: No locks available"):
        export(newsroom.outlet, target(folder))


def test_folder_that_cannot_be_written_is_one_line_and_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text("store: {url: 'sqlite:///feeds.db'}\n")
    open_store(f"sqlite:///{tmp_path / 'feeds.db'}", FakeClock()).close()
    (tmp_path / "file").write_text("")
    assert main(["export", "file/below"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: file")
    assert said.err.count("\n") == 1


def test_folder_that_may_not_be_read_is_no_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text("store: {url: 'sqlite:///feeds.db'}\n")
    open_store(f"sqlite:///{tmp_path / 'feeds.db'}", FakeClock()).close()
    (tmp_path / "closed").mkdir(mode=0)
    real, effective, saved = os.getresuid()
    # Where this is root, for whom nothing is closed: as somebody whom the system would refuse it, asked beforehand.
    os.setresuid(real or 65534, effective, saved)
    try:
        code = main(["export", "closed"])
    finally:
        os.setresuid(real, effective, saved)
    assert code == (1 if effective else 0)
    assert "Usage" not in capsys.readouterr().err


def test_command_exports_and_tells_counts(
    newsroom: Newsroom,
    store_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(f"store: {{url: '{store_url}'}}\nexport: {{to: public}}\n")
    assert main(["export", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["to"], told["written"]) == (str(tmp_path / "public"), len(newsroom.paths()) + 2)
    assert main(["export", "elsewhere"]) == 0
    assert capsys.readouterr().out.startswith("elsewhere: ")
    assert laid(tmp_path / "elsewhere") == laid(tmp_path / "public")


def test_command_without_a_place_is_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text("store: {url: 'sqlite:///feeds.db'}\n")
    assert main(["export"]) == 2
    assert "feedservice export DIR" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------ all the time


class Outside:
    """A place that exports go to, which works or does not."""

    def __init__(self) -> None:
        self.broken = False
        self.problem: Exception = ExportError("the disk is full")
        self.seen: list[object] = []
        self._came = threading.Semaphore(0)

    def __call__(self, pages: object, go_on: Callable[[], bool]) -> Exported:
        self.seen.append(pages)
        self._came.release()
        if self.broken:
            raise self.problem
        return Exported(to="there")

    def wait(self, times: int = 1) -> None:
        for _ in range(times):
            assert self._came.acquire(timeout=20)


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def exporting(outside: Outside) -> Iterator[Exporting]:
    made = Exporting(outside, pause=0.01)
    yield made
    made.stop()


def test_worker_exports_everything_first_and_then_what_was_rebuilt(
    newsroom: Newsroom, outside: Outside, exporting: Exporting
) -> None:
    exporting.start()
    outside.wait()
    rebuild = exporting.after(lambda: newsroom.add(70, 130))
    published = rebuild()
    outside.wait()
    assert outside.seen[0] is None
    assert outside.seen[1] == {each.feed: set(each.pages) for each in published[: len(outside.seen[1])]}  # type: ignore[arg-type]
    assert exporting.after(lambda: ())() == ()


def test_failing_export_is_logged_once_and_tried_again(
    outside: Outside, exporting: Exporting, caplog: pytest.LogCaptureFixture
) -> None:
    outside.broken = True
    exporting.start()
    outside.wait(3)
    exporting.soon({"all": (1,)})
    outside.broken = False
    seen = len(outside.seen)
    while outside.seen[-1] is None and len(outside.seen) <= seen + 2:
        outside.wait()
        if not outside.broken:
            break
    exporting.stop()
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == 1
    assert "the disk is full" in errors[0].getMessage()
    assert all(pages is None for pages in outside.seen)


def test_bug_is_seen_once_and_is_not_the_end_of_exports(
    outside: Outside, exporting: Exporting, caplog: pytest.LogCaptureFixture
) -> None:
    outside.broken, outside.problem = True, RuntimeError("a bug")
    exporting.start()
    outside.wait(3)
    exporting.stop()
    bugs = [record for record in caplog.records if record.levelname == "CRITICAL"]
    assert [record.exc_info[1] for record in bugs if record.exc_info] == [outside.problem]
    assert all(pages is None for pages in outside.seen)


def test_export_stops_between_documents(newsroom: Newsroom, folder: Path) -> None:
    asked = iter([True, True, False])
    told = export(newsroom.outlet, target(folder), go_on=lambda: next(asked))
    assert (told.written, told.complete) == (2, False)
    assert export(newsroom.outlet, target(folder)).complete
    assert laid(folder) == fresh(newsroom, folder)


# ------------------------------------------------------------------------------------------------ s3


def test_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(ExportError, match=r'pip install "feedservice\[s3\]"'):
        open_target("s3://feeds-example")


@pytest.mark.parametrize(
    "address",
    ["s3://feeds-example//v1", "s3://feeds-example/.v1", "s3://feeds-example/v1//", "s3://feeds-example/a/../b"],
)
def test_address_that_names_no_place_in_a_bucket_is_a_fault_of_the_configuration(address: str) -> None:
    with pytest.raises(ExportError, match="an object store is named"):
        open_target(address)
    with pytest.raises(ValidationError):
        ExportSettings(to=address)


@pytest.mark.parametrize("address", ["s3://feeds-example", "s3://feeds-example/", "s3://feeds-example/v1/a.b/"])
def test_address_of_a_bucket_may_end_with_a_slash(address: str) -> None:
    assert ExportSettings(to=address).to == address


@pytest.mark.slow  # with those that an extra has to be installed for
def test_keys_come_from_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("obstore", reason="the extra s3 is not installed")
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    with pytest.raises(ExportError, match="AWS_ACCESS_KEY_ID"):
        open_target("s3://feeds-example/v1")
    with pytest.raises(ExportError, match="keys go in the environment"):
        open_target("s3://KEY:SECRET@feeds-example/v1")


KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"AWS_ACCESS_KEY_ID": "key"}, "s3:// needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        ({"AWS_SECRET_ACCESS_KEY": "secret"}, "s3:// needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        ({**KEYS, "AWS_SECRET_ACCESS_KEY": "secret\n"}, "AWS_SECRET_ACCESS_KEY in the environment holds"),
        ({**KEYS, "AWS_REGION": "us-east-1\n"}, "AWS_REGION in the environment holds"),
        ({**KEYS, "AWS_ENDPOINT_URL": ""}, "AWS_ENDPOINT_URL in the environment has to be an address"),
        ({**KEYS, "AWS_ENDPOINT_URL": "127.0.0.1:9000"}, "AWS_ENDPOINT_URL in the environment has to be an address"),
        ({**KEYS, "AWS_ENDPOINT_URL": "http://127.0.0.1:99999"}, "AWS_ENDPOINT_URL in the environment has to be"),
        ({**KEYS, "AWS_ENDPOINT_URL": "http://key:secret"}, "AWS_ENDPOINT_URL in the environment has to be"),
        ({**KEYS, "AWS_ENDPOINT_URL": "http://key:secret@127.0.0.1:1"}, "without user"),
        ({**KEYS, "AWS_ENDPOINT_URL_S3": "here"}, "AWS_ENDPOINT_URL_S3 in the environment has to be"),
    ],
)
def test_environment_that_no_store_can_be_reached_by_is_one_line(given: dict[str, str], told: str) -> None:
    with pytest.raises(ExportError) as raised:
        is_plain(given)
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "secret" not in str(raised.value)


def test_plain_http_is_for_an_endpoint_that_says_so() -> None:
    assert not is_plain(KEYS)
    assert not is_plain({**KEYS, "AWS_ENDPOINT_URL": "https://s3.example.org"})
    assert is_plain({**KEYS, "AWS_ENDPOINT_URL": "http://127.0.0.1:9000/"})
    assert is_plain({**KEYS, "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9000"})
    assert not is_plain({"AWS_WEB_IDENTITY_TOKEN_FILE": "/run/token"})


@pytest.mark.slow
@pytest.mark.parametrize("more", [{"AWS_ENDPOINT_URL": "here"}, {"AWS_CHECKSUM_ALGORITHM": "none"}])
def test_setting_that_the_package_cannot_take_is_one_line(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, str]
) -> None:
    pytest.importorskip("obstore", reason="the extra s3 is not installed")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in {**KEYS, **more}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ExportError) as raised:
        open_target("s3://feeds-example/v1").read("manifest.json")
    assert "\n" not in str(raised.value)
