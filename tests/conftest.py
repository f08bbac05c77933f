"""A real store for every test that wants one: on a SQLite file, and on PostgreSQL where a server answers.

FEEDSERVICE_TEST_POSTGRES names the server (default postgresql://postgres@127.0.0.1:5432/postgres); each test gets a
database of its own there, which is dropped afterwards. Where no server answers, these tests are skipped, with the
reason. With CI=true they fail instead, so that nobody believes they ran; FEEDSERVICE_TEST_POSTGRES=none skips them on
purpose.

Examples that are made up may take as long as they take: a machine that does other things too is no fault of the code.
"""

from __future__ import annotations

import gc
import logging
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from feedservice.protocols import Store
from feedservice.store import open_store
from tests.fakes import FakeClock

settings.register_profile("busy machine", settings.default, deadline=None)
settings.load_profile("busy machine")

_EVERYWHERE = ("test_store_articles", "test_store_sources", "test_store_opening", "test_migrations")
_SERVER = os.environ.get("FEEDSERVICE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What the store promises of articles holds on both databases in every run; CI runs the rest on PostgreSQL."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is None or "postgres" not in callspec.params.values():
            continue
        if not item.path.name.startswith(_EVERYWHERE):
            item.add_marker(pytest.mark.slow)


def pytest_collection() -> None:
    """What is loaded stays till the end; to look for garbage in it again and again took a seventh of the time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """From here on there is garbage, but none among what is loaded."""
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """Commands send the program's log to a screen that is gone after the test; the next test must not write there."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def _on_server(statement: str) -> None:
    engine = create_engine(make_url(_SERVER).set(drivername="postgresql+pg8000"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a PostgreSQL server that answers; a skip, or under CI a failure, where there is none."""
    if _SERVER == "none":
        pytest.skip("FEEDSERVICE_TEST_POSTGRES=none")
    try:
        _on_server("SELECT 1")
    except SQLAlchemyError as error:
        complaint = f"no PostgreSQL answers at {make_url(_SERVER)!r}: {' '.join(str(error).split())}"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{complaint} (set FEEDSERVICE_TEST_POSTGRES=none to go without)")
        pytest.skip(complaint)
    return _SERVER


@contextmanager
def _database(server: str, like: str = "template1") -> Iterator[str]:
    """The address of a PostgreSQL database that is gone afterwards, a copy of the one named."""
    name = f"feedservice_test_{uuid.uuid4().hex}"
    _on_server(f"CREATE DATABASE {name} TEMPLATE {like}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def made_postgres(postgres_server: str) -> Iterator[str]:
    """The name of a PostgreSQL database with the newest schema and nothing in it, to be copied."""
    with _database(postgres_server) as url:
        open_store(url, FakeClock()).close()
        yield make_url(url).database or ""


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database for one test: empty, or with the schema in it where the test asks for a store too."""
    like = request.getfixturevalue("made_postgres") if "store" in request.fixturenames else "template1"
    with _database(postgres_server, like) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'store' / 'feedservice.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def made_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema and nothing in it; a copy is there sooner than one that is made anew."""
    path = tmp_path_factory.mktemp("made") / "feedservice.db"
    open_store(f"sqlite:///{path}", FakeClock()).close()
    return path


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until the test moves it."""
    return FakeClock()


@pytest.fixture
def store(store_url: str, clock: FakeClock, made_sqlite: Path) -> Iterator[Store]:
    """An empty store, on each kind of database in turn; it dates documents by `clock`."""
    if store_url.startswith("sqlite:///"):
        path = Path(store_url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made_sqlite, path)
    opened = open_store(store_url, clock)
    try:
        yield opened
    finally:
        opened.close()
