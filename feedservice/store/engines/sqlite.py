"""The store on SQLite: one file, in WAL mode, every commit on the disk before it is acknowledged."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from feedservice.errors import StoreBusy, StoreError
from feedservice.store.engines.backend import Backend, begin_with, translated

_TURN_SECONDS = 60
_LEAST_ROOM = 1_000_000
"""With fewer bytes than this no store can be opened: its -shm and first pages find no room."""
# secure_delete: Debian's SQLite puts zeros over all that is deleted, which writes pages that nothing else would.
_PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=FAST",
    "PRAGMA journal_size_limit=67108864",
)


def open_sqlite(file: Path) -> Backend:
    """Open a database file, making it and its folder where they are missing. Raises StoreError where that fails."""
    name = f"sqlite:///{file}"
    try:
        # One file has one lock, whichever way leads to it.
        file = Path(os.path.realpath(file))
        file.parent.mkdir(parents=True, exist_ok=True)
        with translated(name), _alone_in(file.parent):
            _open_first(file)
    except OSError as error:
        raise StoreError(f"{name}: {error.strerror}: {error.filename or file.parent}") from error
    engine = create_engine(
        URL.create("sqlite", database=str(file)), isolation_level="AUTOCOMMIT", connect_args={"timeout": _TURN_SECONDS}
    )
    event.listen(engine, "connect", _configure)
    begin_with(engine, _begin)
    watches: weakref.WeakSet[_FileWatch] = weakref.WeakSet()
    return Backend(
        name=name,
        engine=engine,
        acting=partial(_acting, file.with_name(f"{file.name}.work.lock"), name),
        watch=partial(_watch, file, name, watches),
        close=partial(_close, engine, watches),
    )


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    # SQLite refuses at once, whatever its timeout, when two processes change the journal mode of a new file. The lock
    # is on the folder: one on the file itself could drop SQLite's own locks when it is let go.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)  # closing would not do while a child made by fork has it open too
        os.close(descriptor)


def _open_first(file: Path) -> None:
    """Make the file what it has to be. Raises OSError with the system's reason where SQLite hides that."""
    try:
        _use_wal(file)
    except sqlite3.OperationalError as error:
        space = os.statvfs(file.parent)
        if space.f_bavail * space.f_frsize < _LEAST_ROOM:
            raise OSError(errno.ENOSPC, "the disk may be full", str(file.parent)) from None
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CANTOPEN:
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o644))
        raise


def _use_wal(file: Path) -> None:
    # Both are properties of the file: set once, before any pool holds it open. Pages count only for a new file: large
    # ones, for a document is some hundred kB, and a page of 4 kB costs as many system calls as one of 16.
    with closing(sqlite3.connect(file, timeout=_TURN_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size=16384")
        connection.execute("PRAGMA journal_mode=WAL")


def _configure(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _acting(file: Path, name: str) -> Iterator[None]:
    # flock: the kernel lets go of it when the process ends, however it ends.
    try:
        held = _Held(os.open(file, os.O_RDWR | os.O_CREAT, 0o644))
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror}") from error
    try:
        try:
            fcntl.flock(held.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(held.descriptor, 32, 0).decode("ascii", "replace").strip()
            who = f"process {holder}" if holder else "another process"
            raise StoreBusy(f"{name}: {who} is already the acting worker ({file.name})") from None
        os.ftruncate(held.descriptor, 0)
        os.pwrite(held.descriptor, f"{os.getpid()}\n".encode(), 0)
        # A child made by fork would inherit the lock, and keep it after our death.
        os.register_at_fork(after_in_child=held.close)
        yield
    finally:
        held.close()


class _Held:
    """A file descriptor that is closed once."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


class _FileWatch:
    """Tells whether documents changed; asks the file only when any other connection has committed since."""

    def __init__(self, file: Path, name: str) -> None:
        self._name = name
        with translated(name):
            self._connection = sqlite3.connect(
                file, timeout=_TURN_SECONDS, isolation_level=None, check_same_thread=False
            )
            weakref.finalize(self, self._connection.close)
            self._data = self._ask("PRAGMA data_version")
            self._version = self._ask("SELECT value FROM counters WHERE name = 'version'")

    def changed(self) -> bool:
        with translated(self._name):
            data = self._ask("PRAGMA data_version")
            if data == self._data:
                return False
            version = self._ask("SELECT value FROM counters WHERE name = 'version'")
        before, self._data, self._version = self._version, data, version
        return version != before

    def close(self) -> None:
        self._connection.close()

    def _ask(self, question: str) -> int:
        row: tuple[int] = self._connection.execute(question).fetchone()
        return row[0]


def _watch(file: Path, name: str, watches: weakref.WeakSet[_FileWatch]) -> _FileWatch:
    watch = _FileWatch(file, name)
    watches.add(watch)
    return watch


def _close(engine: Engine, watches: weakref.WeakSet[_FileWatch]) -> None:
    for watch in list(watches):
        watch.close()
    engine.dispose()
