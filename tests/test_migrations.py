"""Schemas: from nothing and from every released one to the newest, by one process, wholly or not at all."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, MetaData, create_engine, delete, insert, inspect, make_url

import feedservice.store
from feedservice.errors import StoreError, StoreTooNew
from feedservice.model import Letter
from feedservice.packing import unpack
from feedservice.store import open_store
from feedservice.store.engines.upgrade import VERSION_TABLE, newest, prepare
from feedservice.store.engines.url import open_backend
from feedservice.store.tables.schema import metadata
from tests.fakes import FakeClock
from tests.killed_bench import spread
from tests.store_dump import DUMPS, PAGES, facts, fill, load
from tests.store_examples import arrival, intake, publish, save, set_schema
from tests.store_saver import check_file
from tests.web_examples import document as web_document

SCHEMAS = sorted(dump.stem for dump in DUMPS.glob("*.sql"))


def pour(dump: Path, url: str, folder: Path) -> None:
    """Make a PostgreSQL database of a dump: its schema by the migrations, its rows by copying them."""
    load(dump, folder / "dump.db")
    backend = open_backend(url)
    prepare(backend, migrate=True, target=dump.stem)
    old = create_engine(f"sqlite:///{folder / 'dump.db'}")
    tables = MetaData()
    tables.reflect(backend.engine)
    with old.connect() as source, backend.engine.connect() as target:
        for table in (table for table in tables.sorted_tables if table.name != VERSION_TABLE):
            flags = {column.name for column in table.columns if isinstance(column.type, Boolean)}
            rows = source.exec_driver_sql(f"SELECT * FROM {table.name}").mappings()  # noqa: S608
            values = [{name: bool(value) if name in flags else value for name, value in row.items()} for row in rows]
            target.execute(delete(table))
            if values:
                target.execute(insert(table), values)
    old.dispose()
    backend.close()


def test_migrations_make_the_schema_that_the_program_uses(store_url: str) -> None:
    open_store(store_url, FakeClock()).close()
    backend = open_backend(store_url)
    with backend.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []
        keys = {
            table: set(inspect(connection).get_pk_constraint(table)["constrained_columns"]) for table in metadata.tables
        }
    assert keys == {name: set(table.primary_key.columns.keys()) for name, table in metadata.tables.items()}
    backend.close()


def test_migrations_are_one_line_numbered_like_their_files() -> None:
    scripts = ScriptDirectory(Path(feedservice.store.__file__).parent / "migrations")
    line = [script.revision for script in scripts.walk_revisions()][::-1]
    assert line == [f"{number:04}" for number in range(1, len(line) + 1)]
    assert all(Path(script.path).name.startswith(script.revision) for script in scripts.walk_revisions())


def test_every_schema_has_a_dump() -> None:
    """`python -m tests.store_dump` writes the one of a new migration."""
    assert [f"{number:04}" for number in range(1, int(newest()) + 1)] == SCHEMAS


UPGRADES = [
    *(("sqlite", schema) for schema in SCHEMAS),
    *(("postgres", schema) for schema in (SCHEMAS[0], SCHEMAS[-1])),
    *(pytest.param("postgres", schema, marks=pytest.mark.slow) for schema in SCHEMAS[1:-1]),
]


@pytest.mark.parametrize(("database", "schema"), UPGRADES)
def test_released_schema_is_upgraded_with_everything_in_it(
    schema: str, database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Ids, dates, documents and entity tags are what they were, and the store works on."""
    url: str = request.getfixturevalue(f"{database}_url")
    dump = DUMPS / f"{schema}.sql"
    if database == "sqlite":
        load(dump, Path(str(make_url(url).database)))
    else:
        pour(dump, url, tmp_path)
    store = open_store(url, FakeClock())
    assert facts(store) == json.loads(dump.with_suffix(".json").read_text("utf-8"))
    assert {seq: unpack(capture) for seq, capture in store.captures(range(10)).items()} == (
        {1: PAGES} if schema >= "0003" else {}
    )
    assert [new.seq for new in save(store, intake(arrival(100)))] == [7]
    store.close()


def test_store_of_the_other_schema_0005_is_upgraded(store_url: str) -> None:
    """The one with the newest schema's column, of between two releases."""
    store = open_store(store_url, FakeClock())
    fill(store)
    before = facts(store)
    store.close()
    set_schema(store_url, "0005")
    store = open_store(store_url, FakeClock())
    assert facts(store) == before
    store.close()


def test_bytes_that_schema_0005_did_not_store_are_served_by_the_newest(sqlite_url: str) -> None:
    store = open_store(sqlite_url, FakeClock())
    fill(store)
    body = b"<rss>" + b"x" * 1000 + b"</rss>"
    publish(store, replace(web_document("/feeds/packed.rss", body), packed=True))
    before = store.document("/feeds/packed.rss")
    store.close()
    with closing(sqlite3.connect(Path(str(make_url(sqlite_url).database)))) as database, database:
        database.execute("ALTER TABLE representations RENAME COLUMN omitted TO length")
        database.execute("UPDATE representations SET length = length + length(body)")
        (stored,) = database.execute("SELECT count(*) FROM representations WHERE body = x'' AND length > 0").fetchone()
    assert stored == 1
    set_schema(sqlite_url, "0005")
    store = open_store(sqlite_url, FakeClock())
    assert store.document("/feeds/packed.rss") == before
    assert before is not None
    assert before.representations[0].body == body
    assert {head.path: [each.length for each in head.codings] for head in store.heads_since(0)}[
        "/feeds/packed.rss"
    ] == [len(each.body) for each in before.representations]
    store.close()


def test_upgraded_store_is_like_a_new_one(sqlite_url: str, tmp_path: Path) -> None:
    """The oldest dump, upgraded, holds what `fill` puts into a new store, in a schema of the same words."""
    oldest = tmp_path / "oldest.db"
    load(DUMPS / f"{SCHEMAS[0]}.sql", oldest)
    old, new = open_store(f"sqlite:///{oldest}", FakeClock()), open_store(sqlite_url, FakeClock())
    fill(new)
    assert facts(old) == facts(new)
    old.close()
    new.close()


def test_store_of_a_newer_program_is_refused_in_one_line(store_url: str) -> None:
    open_store(store_url, FakeClock()).close()
    set_schema(store_url, "9999")
    with pytest.raises(StoreTooNew) as caught:
        open_store(store_url, FakeClock())
    said = str(caught.value)
    assert "newer program" in said
    assert "9999" in said
    assert "\n" not in said


def test_acting_worker_writes_nothing_into_a_store_of_a_newer_program(store_url: str) -> None:
    """Whoever takes in what is pushed may: letters are for whoever reads them."""
    store = open_store(store_url, FakeClock())
    with store.acting():
        save(store, intake(arrival(1)))
        set_schema(store_url, "9999")
        with pytest.raises(StoreTooNew, match="9999"):
            save(store, intake(arrival(2)))
    with store.writing() as writer:
        writer.post([Letter(source="site", key="1", text="{}", at=FakeClock().now)])
    assert store.waiting("site") == 1
    assert store.counts()["all"] == 1
    store.close()


def test_store_that_may_not_be_migrated_is_refused(store_url: str) -> None:
    with pytest.raises(StoreError, match="start the worker"):
        open_store(store_url, FakeClock(), migrate=False)
    open_store(store_url, FakeClock()).close()
    open_store(store_url, FakeClock(), migrate=False).close()


def test_opening_a_store_that_is_up_to_date_waits_for_nobody(store_url: str) -> None:
    """So that serving processes start while the worker writes."""
    worker = open_store(store_url, FakeClock())
    with worker.writing() as writer:
        writer.save(intake(arrival(1)))
        server = open_store(store_url, FakeClock())
        assert server.version() == 0
    server.close()
    worker.close()


def test_failing_migration_leaves_the_old_schema(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first statements are undone with it: databases change their schema in a transaction here, SQLite too."""
    store = open_store(store_url, FakeClock())
    fill(store)
    before = facts(store)
    store.close()
    migrations = tmp_path / "migrations"
    shutil.copytree(Path(feedservice.store.__file__).parent / "migrations", migrations)
    (migrations / "versions" / "9000_broken.py").write_text(
        f"revision, down_revision = '9000', '{newest()}'\n"  # noqa: S608
        "def upgrade():\n"
        "    from alembic import op\n"
        "    op.execute('CREATE TABLE half (x INTEGER)')\n"
        "    op.execute('UPDATE articles SET title = id')\n"
        "    op.execute('DROP TABLE representations')\n"
        "    op.execute('this is no SQL')\n"
    )
    monkeypatch.setattr("feedservice.store.engines.upgrade._MIGRATIONS", migrations)
    with pytest.raises(StoreError, match="syntax error"):
        open_store(store_url, FakeClock())
    monkeypatch.undo()
    store = open_store(store_url, FakeClock())
    assert facts(store) == before
    store.close()


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param(
            schema, marks=pytest.mark.slow if schema in (None, SCHEMAS[0], SCHEMAS[-2]) else pytest.mark.campaign
        )
        for schema in [None, *SCHEMAS[:-1]]
    ],
)
def test_process_killed_at_any_write_of_a_migration_leaves_old_or_new(schema: str | None, tmp_path: Path) -> None:
    """The next start finishes the work, and everything is there."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    for number in range(1, 1_000):
        file = tmp_path / f"{number}" / "feedservice.db"
        file.parent.mkdir()
        if schema is not None:
            load(DUMPS / f"{schema}.sql", file)
        kill = f"inject=pwrite64:signal=KILL:when={number}"
        program = [sys.executable, "-m", "tests.store_saver", f"sqlite:///{file}", "open"]
        ended = subprocess.run(
            [strace, "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64", "-e", kill, *program],
            check=False,
            capture_output=True,
            text=True,
        )
        with closing(sqlite3.connect(file)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert schema is not None or tables in (set(), {*metadata.tables, VERSION_TABLE})
        store = open_store(f"sqlite:///{file}", FakeClock())
        if schema is not None:
            assert facts(store) == json.loads((DUMPS / f"{schema}.json").read_text("utf-8"))
        store.close()
        check_file(f"sqlite:///{file}")
        if ended.returncode == 0:
            assert "opened" in ended.stdout
            return
    pytest.fail("the migration never ended")


def multiply(file: Path, count: int) -> None:
    """Put copies of a store's first article into it, in all of its feeds, as the oldest schema has them."""
    with closing(sqlite3.connect(file)) as connection, connection:
        numbers = f"SELECT 100 UNION ALL SELECT n + 1 FROM n WHERE n < {99 + count}"  # noqa: S608
        copies = f"(WITH RECURSIVE n(n) AS ({numbers}) SELECT n FROM n)"  # noqa: S608
        columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(articles)")]
        new = {"seq": "n", "id": "id || n", "key": "key || n", "url": "url || n", "published": "published - n"}
        picked = ", ".join(new.get(name, name) for name in columns)
        connection.execute(f"INSERT INTO articles SELECT {picked} FROM articles, {copies} WHERE seq = 1")  # noqa: S608
        for table, values in (
            ("bodies", "n, body"),
            ("keys", "source, key || n, n"),
            ("memberships", "feed, published - n, n, hidden, joined * 100000 + n"),
        ):
            connection.execute(f"INSERT INTO {table} SELECT {values} FROM {table}, {copies} WHERE seq = 1")  # noqa: S608
        connection.execute("UPDATE counters SET value = 10000000 WHERE name IN ('article', 'joined')")


def lasting(file: Path) -> list[list[tuple[object, ...]]]:
    """What no migration may change: ids and dates of articles, tags and dates of documents, and who belongs where."""
    with closing(sqlite3.connect(file)) as connection:
        return [
            connection.execute(question).fetchall()
            for question in (
                "SELECT seq, id, url, published, updated, arrival, title, fields FROM articles ORDER BY seq",
                "SELECT seq, body FROM bodies ORDER BY seq",
                "SELECT path, etag, last_modified FROM documents ORDER BY path",
                "SELECT path, coding, etag, body FROM representations ORDER BY path, coding",
                "SELECT feed, seq, published, hidden, joined FROM memberships ORDER BY feed, joined",
            )
        ]


@pytest.mark.slow
@pytest.mark.parametrize("points", [8, pytest.param(10_000, marks=pytest.mark.campaign)])
def test_upgrade_of_ten_thousand_articles_that_is_killed_is_finished_by_the_next_start(
    tmp_path: Path, points: int
) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    old = tmp_path / "old.db"
    load(DUMPS / f"{SCHEMAS[0]}.sql", old)
    multiply(old, 10_000)
    before = lasting(old)
    assert len(before[0]) == 10_006

    def upgrade(name: str, *inject: str) -> tuple[Path, int, int]:
        file, log = tmp_path / name, tmp_path / "log"
        shutil.copy(old, file)
        program = [sys.executable, "-m", "tests.store_saver", f"sqlite:///{file}", "open"]
        traced = [strace, "-f", "-qq", "-o", str(log), "-e", "trace=pwrite64", *inject, *program]
        code = subprocess.run(traced, check=False, capture_output=True).returncode
        return file, code, log.read_text("utf-8").count("pwrite64(")

    _, code, writes = upgrade("whole.db")
    assert code == 0
    for number in spread(points, writes, seed=points):
        file, code, _ = upgrade(f"{number}.db", "-e", f"inject=pwrite64:signal=KILL:when={number}")
        assert code != 0
        store = open_store(f"sqlite:///{file}", FakeClock())
        assert len(store.articles("all", 20_000)) >= 10_000
        store.close()
        assert lasting(file) == before, number
        check_file(f"sqlite:///{file}")
        file.unlink()
