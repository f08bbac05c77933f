"""What a PostgreSQL server may be set to, and what its connections may come to, that a file never does."""

from __future__ import annotations

import socket
from threading import Thread

import pytest

from feedservice.errors import StoreBusy, StoreError
from feedservice.model import Fields
from feedservice.publish import publish
from feedservice.store import open_store
from feedservice.store.engines.backend import reading
from feedservice.store.engines.url import open_backend
from tests.fakes import FakeClock
from tests.postgres_server import await_one_who_waits, encoded_database, end_connections, end_place, set_database
from tests.publish_examples import Press, add, ids
from tests.store_examples import arrival, intake, save

PATIENCE = 30


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_writers_take_turns_whatever_isolation_the_database_is_set_to(
    postgres_url: str, clock: FakeClock, level: str
) -> None:
    """Who waited for its turn sees what was stored meanwhile, and is not refused."""
    set_database(postgres_url, "default_transaction_isolation", level)
    one, two = open_store(postgres_url, clock), open_store(postgres_url, clock)
    failed: list[StoreError] = []

    def write() -> None:
        try:
            save(two, intake(arrival(2)))
        except StoreError as error:
            failed.append(error)

    waiting = Thread(target=write)
    with one.writing() as writer:
        waiting.start()
        await_one_who_waits(postgres_url)
        writer.save(intake(arrival(1)))
    waiting.join(PATIENCE)
    assert failed == []
    assert one.counts()["all"] == 2
    one.close()
    two.close()


def test_connection_whose_other_end_is_gone_without_a_word_is_noticed_by_both(postgres_url: str) -> None:
    """Locks go with their connection: nobody is to wait hours for those of a host that lost its power."""
    set_database(postgres_url, "idle_session_timeout", "1h")
    backend = open_backend(postgres_url)
    with reading(backend) as connection:
        told = [
            connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout")
        ]
        assert told == ["30", "10", "3", "60000"]
        assert connection.exec_driver_sql("SHOW idle_session_timeout").scalar_one() == "0"
        end: socket.socket = connection.connection.dbapi_connection._usock  # type: ignore[union-attr]
        options = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
        assert [end.getsockopt(socket.IPPROTO_TCP, option) for option in options] == [30, 10, 3, 60_000]
        assert end.gettimeout() is None
    backend.close()


CHINESE = Fields(title="关于停水的通知 — 😀", body="<p>今晚停水。</p>")


def keeps_all_characters(url: str, clock: FakeClock) -> bool:
    store = open_store(url, clock)
    (stored,) = save(store, intake(arrival(1, fields=CHINESE)))
    (told,) = store.articles("all", 1)
    store.close()
    return stored == told and told.fields == CHINESE


@pytest.mark.parametrize(
    "encoding",
    ["GBK", pytest.param("LATIN1", marks=pytest.mark.slow), pytest.param("SQL_ASCII", marks=pytest.mark.slow)],
)
def test_text_is_ours_whatever_encoding_clients_are_told_to_take(
    postgres_url: str, clock: FakeClock, encoding: str
) -> None:
    set_database(postgres_url, "client_encoding", encoding)
    assert keeps_all_characters(postgres_url, clock)


def test_database_that_keeps_bytes_as_they_come_keeps_ours(postgres_url: str, clock: FakeClock) -> None:
    """As they are made where no language is set."""
    with encoded_database(postgres_url, "SQL_ASCII") as url:
        assert keeps_all_characters(url, clock)


@pytest.mark.parametrize("encoding", ["EUC_CN", pytest.param("LATIN1", marks=pytest.mark.slow)])
def test_database_in_which_not_all_characters_can_be_kept_is_refused(
    postgres_url: str, clock: FakeClock, encoding: str
) -> None:
    with encoded_database(postgres_url, encoding) as url, pytest.raises(StoreError) as refused:
        open_store(url, clock)
    assert f"encoded as {encoding}" in str(refused.value)
    assert "ENCODING 'UTF8'" in str(refused.value)


def test_feed_that_was_written_before_another_worker_acted_is_not_published(
    postgres_url: str, clock: FakeClock
) -> None:
    """What that one withdrew would be there again, in a feed that nobody takes for out of date."""
    one, two = open_store(postgres_url, clock), open_store(postgres_url, clock)
    press, other = Press(one, clock), Press(two, clock)
    add(one, arrival(1), arrival(2))
    with one.acting():
        prepared = press.prepare()
        end_place(postgres_url)
        with two.acting():
            with two.writing() as writer:
                assert writer.withdraw(arrival(1).id, clock())
            other()
        with pytest.raises(StoreBusy):
            publish(one, [prepared])
    assert ids(one) == [arrival(2).id]
    one.close()
    two.close()


def test_connections_that_the_server_ended_are_left_without_a_word(
    postgres_url: str, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    """After a restart of the server the log would tell of each connection of each process with a traceback."""
    store = open_store(postgres_url, clock)
    with store.acting():
        save(store, intake(arrival(1)))
        end_connections(postgres_url)
        save(store, intake(arrival(2)))
        assert store.counts()["all"] == 2
    store.close()
    assert caplog.text == ""
