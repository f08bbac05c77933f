"""The store on PostgreSQL, through pg8000."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from io import BufferedRWPair

import pg8000
from sqlalchemy import URL, Connection, Dialect, Engine, ExceptionContext, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from feedservice.errors import StoreBusy, StoreError, StoreSetBack
from feedservice.store.engines.backend import Backend, begin_with, connected, reason, translated

# Advisory locks are pairs of numbers. The second one is made of the schema's name, so that two services can share a
# database.
_WRITING = "SELECT pg_advisory_xact_lock(1718969700, hashtext(current_schema() || '/writing'))"
_ACTING = text("SELECT pg_try_advisory_lock(1718969700, hashtext(current_schema() || '/acting'))")
_HOLDER = text(
    "SELECT application_name || coalesce(' on ' || host(client_addr), '')"
    " FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND classid = 1718969700"
    " AND objid::bigint = hashtext(current_schema() || '/acting')::bigint & 4294967295"
    " AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_SIGNED = text(
    "INSERT INTO meta (name, value) VALUES ('acting', :sign) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_LAST_SIGNED = text("SELECT value FROM meta WHERE name = 'acting'")
_SHUTDOWN = ("57P0", "08")
"""SQLSTATEs: the server shuts down or ends the session; connection exceptions."""
_SETTINGS = (
    "SELECT set_config(name, value, false) FROM (VALUES ('client_encoding', 'UTF8'), ('idle_session_timeout', '0'),"
    " ('tcp_keepalives_idle', '30'), ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3'),"
    " ('tcp_user_timeout', '60000')) AS wanted (name, value) WHERE name IN (SELECT name FROM pg_settings)"
)
"""Locks go with their connection: the server is to notice within a minute that a host is gone, where it would take two
hours, and is to end none that is only idle."""
_ALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 60_000}
"""The same for our own end, by the names of the system's options."""
_LONGEST_CALL = 10.0
_VERSION = text("SELECT value FROM counters WHERE name = 'version'")


def open_postgres(url: URL) -> Backend:
    """Open the database of `url`, which may end in ?sslmode=disable, ?sslmode=require or ?sslmode=verify-full.

    Connecting comes later.
    """
    name = url.set(query={}).render_as_string(hide_password=True)
    engine = create_engine(
        url.set(drivername="postgresql+pg8000", query={}),
        isolation_level="AUTOCOMMIT",
        connect_args={"application_name": f"feedservice {os.getpid()}", "ssl_context": _tls(url)},
    )
    # pg8000 sends the rows of an executemany one at a time; this makes it one statement for many rows.
    engine.dialect.use_insertmanyvalues_wo_returning = True
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "checkout", _ping)
    event.listen(engine, "handle_error", partial(_translate, name))
    turn = _Acting(engine, name)
    begin_with(engine, partial(_begin, turn))
    return Backend(
        name=name,
        engine=engine,
        acting=turn.hold,
        watch=partial(_TableWatch, engine, name),
        close=engine.dispose,
        suit=partial(_check_encoding, name),
    )


def _check_encoding(name: str, connection: Connection) -> None:
    encoding: str = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding not in ("UTF8", "SQL_ASCII"):  # the second one keeps bytes as they come, and ours are UTF-8
        raise StoreError(
            f"{name}: the database is encoded as {encoding}, which has not all characters:"
            " make it with ENCODING 'UTF8' TEMPLATE template0"
        )


def _tls(url: URL) -> ssl.SSLContext | bool | None:
    """How connections are encrypted; None for as the server likes it."""
    mode = url.query.get("sslmode")
    if mode is None or mode == "disable":
        return None if mode is None else False
    context = ssl.create_default_context()
    if mode == "require":  # encrypted, but whoever answers is believed: what the word means to PostgreSQL
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _connect(
    dialect: Dialect, entry: ConnectionPoolEntry, args: Sequence[object], named: Mapping[str, object]
) -> DBAPIConnection:
    """A connection that breaks within a minute where the server's host is gone without a word."""
    place = (str(named.get("host", "localhost")), int(str(named.get("port", 5432))))
    end = socket.create_connection(place, _LONGEST_CALL)
    try:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _ALIVE.items():
            if hasattr(socket, name):
                end.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        line = _Line(*args, **named, sock=end)
    except BaseException:
        end.close()
        raise
    # Until here no answer takes long, or it is no database that listens there; the turn to write may.
    line.be_patient()
    connection: DBAPIConnection = line
    return connection


def _set_up(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(_SETTINGS)
    cursor.close()


def _ping(connection: DBAPIConnection, entry: ConnectionPoolEntry, fairy: PoolProxiedConnection) -> None:
    # In place of SQLAlchemy's pre-ping, which takes neither a server that shuts down nor a reset for a disconnect.
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT 1")
        cursor.close()
    except (pg8000.Error, OSError) as error:
        raise InvalidatePoolError from error


def _translate(name: str, context: ExceptionContext) -> StoreError | None:
    """Recognise that a connection is lost; pg8000 lets errors of the network through as they are."""
    error = context.original_exception
    if isinstance(error, OSError):
        context.is_disconnect = True
        return StoreError(f"{name}: {reason(error)}")
    said = error.args[0] if error.args else None
    if isinstance(said, dict) and str(said.get("C")).startswith(_SHUTDOWN):
        context.is_disconnect = True
    return None


class _Line(pg8000.Connection):  # type: ignore[misc]  # it has no types
    """A connection that can be closed though its other end is gone: SQLAlchemy would tell of each in fifty lines."""

    def __init__(self, *args: object, **named: object) -> None:
        self._sock: BufferedRWPair | None = None
        try:
            super().__init__(*args, **named)
        except BaseException:
            _let_go(self._sock)
            raise

    def be_patient(self) -> None:
        """Wait for every answer as long as it takes from now on."""
        self._usock.settimeout(None)

    def close(self) -> None:
        """End the connection; that it has ended already is no matter."""
        wire = self._sock
        with contextlib.suppress(pg8000.Error, OSError):
            super().close()
        _let_go(wire)


def _let_go(wire: BufferedRWPair | None) -> None:
    """Close what pg8000 leaves to the collector, with what could not be sent: newer Pythons would tell of that."""
    if wire is not None:
        with contextlib.suppress(OSError):
            wire.close()


class _Acting:
    """The acting worker's lock. The server lets go of it when the connection that took it ends, however it ends.

    Who takes it signs, so that one who lost it sees whether another one has acted meanwhile.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = name
        self._guard = threading.Lock()
        self._claimed = False
        self._sign = ""
        self._connection: Connection | None = None

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        with self._guard:
            if self._claimed:
                raise StoreBusy(f"{self._name}: process {os.getpid()} is already the acting worker")
            self._connection, self._sign = self._take(), uuid.uuid4().hex
            with self._or_not_at_all(self._connection) as connection:
                connection.execute(_SIGNED, {"sign": self._sign})
            self._claimed = True
        try:
            yield
        finally:
            with self._guard:
                self._claimed = False
                if self._connection is not None:
                    # Said aloud, since the server notices the end of a connection only a moment later.
                    with contextlib.suppress(DBAPIError, StoreError):
                        self._connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
                self._drop()

    def confirm(self) -> None:
        """Take the lock anew where the connection was lost, as in a restart of the server.

        Raises StoreBusy when another worker took it meanwhile, for good also where that one is gone again: what is to
        be written now may have been made of what was there before.
        """
        with self._guard:
            if not self._claimed:
                return
            if self._connection is not None:
                try:
                    self._connection.exec_driver_sql("SELECT 1")
                except (DBAPIError, StoreError):
                    self._drop()
            if self._connection is None:
                self._connection = self._take()
                with self._or_not_at_all(self._connection) as connection:
                    if connection.scalar(_LAST_SIGNED) != self._sign:
                        raise StoreBusy(f"{self._name}: another process was the acting worker meanwhile")

    def _take(self) -> Connection:
        connection = connected(self._name, self._engine)
        try:
            with translated(self._name):
                taken = connection.scalar(_ACTING)
                holder = None if taken else connection.scalar(_HOLDER)
        except StoreError:
            connection.close()
            raise
        if not taken:
            connection.close()
            raise StoreBusy(f"{self._name}: {holder or 'another process'} is already the acting worker")
        return connection

    @contextlib.contextmanager
    def _or_not_at_all(self, connection: Connection) -> Iterator[Connection]:
        """What belongs to taking the lock; where it fails, the lock is not taken."""
        try:
            with translated(self._name):
                yield connection
        except StoreError:
            self._drop()
            raise

    def _drop(self) -> None:
        if self._connection is not None:
            # Not back into the pool: the connection itself is the lock.
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _begin(acting: _Acting, connection: Connection) -> None:
    # Whatever the default is: at a stricter level, who waited for its turn would see nothing of what came meanwhile.
    connection.exec_driver_sql("BEGIN ISOLATION LEVEL READ COMMITTED")
    try:
        connection.exec_driver_sql(_WRITING)
        # Only then: while this one waited for its turn, another worker may have taken over.
        acting.confirm()
    except BaseException:
        with contextlib.suppress(DBAPIError, StoreError):
            connection.exec_driver_sql("ROLLBACK")
        raise


class _TableWatch:
    """Tells whether documents changed, by one look-up in a table that stays in the server's memory."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = name
        self._version = self._read()

    def changed(self) -> bool:
        before, self._version = self._version, self._read()
        if self._version < before:
            # Connections are renewed unseen where the other server was there within a moment.
            raise StoreSetBack(
                f"{self._name}: it holds less than before, as after a fail-over to a replica that lagged"
            )
        return self._version != before

    def _read(self) -> int:
        with translated(self._name), connected(self._name, self._engine) as connection:
            version: int = connection.scalars(_VERSION).one()
            return version
