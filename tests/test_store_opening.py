"""The door to the store: what it opens, and in which words it refuses."""

from __future__ import annotations

import errno
import gc
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from feedservice.errors import StoreError
from feedservice.protocols import Store
from feedservice.store import open_store
from feedservice.store.engines.url import check_url
from tests.fakes import FakeClock
from tests.store_examples import arrival, document, documents_of, intake, publish, save

SSL_REQUEST = bytes.fromhex("0000000804d2162f")


def refusal(url: str) -> str:
    with pytest.raises(StoreError) as caught:
        open_store(url, FakeClock()).close()
    said = str(caught.value)
    assert "\n" not in said
    return said


def test_folder_of_the_file_is_made(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/deep/er/feedservice.db", FakeClock()).close()
    assert (tmp_path / "deep/er/feedservice.db").is_file()


def test_relative_path_is_under_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///var/feedservice.db", FakeClock()).close()
    assert (tmp_path / "var/feedservice.db").is_file()


def test_path_may_hold_any_character(tmp_path: Path) -> None:
    """A percent sign and a hash are part of the name."""
    open_store(f"sqlite:///{tmp_path}/数据 100%/feed%20service#1.db", FakeClock()).close()
    assert [file.name for file in (tmp_path / "数据 100%").glob("*.db")] == ["feed%20service#1.db"]


def test_everything_is_there_after_reopening(store_url: str) -> None:
    store = open_store(store_url, FakeClock())
    (new,) = save(store, intake(arrival(1)))
    publish(store, document("/feeds/all.rss", b"one"))
    documents = documents_of(store)
    store.close()
    again = open_store(store_url, FakeClock())
    assert again.article(new.id) == new
    assert documents_of(again) == documents
    again.close()


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///file:x", "sqlite:///x.db?mode=ro"]
)
def test_store_without_a_file_of_its_own_is_refused(url: str) -> None:
    assert "needs a file" in refusal(url)


@pytest.mark.parametrize("url", ["mysql://root:secret@127.0.0.1/x", "secret", "", "http://secret", "postgresql:secret"])
def test_address_of_anything_else_is_refused_without_its_password(url: str) -> None:
    said = refusal(url)
    assert "sqlite:///PATH or postgresql://" in said
    assert ":secret@" not in said


@pytest.mark.parametrize("password", ["one@two", "one@two/three", "one@two/three?four=five", "one@two?three"])
def test_password_that_has_to_be_encoded_is_told_and_no_part_of_it_is_shown(password: str) -> None:
    said = refusal(f"postgresql://feeds:{password}@127.0.0.1/feeds")
    assert "%40" in said
    assert not any(part in said for part in ("one", "two", "three", "four", "five"))


def test_encoded_password_and_a_user_of_a_server_are_taken() -> None:
    for login in ("feeds:one%40two", "feeds@server:secret", "feeds@server"):
        check_url(f"postgresql://{login}@127.0.0.1:5432/feeds")


def test_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "feedservice.db"
    file.write_bytes(b"no database " * 100)
    assert "file is not a database" in refusal(f"sqlite:///{file}")
    assert file.read_bytes() == b"no database " * 100


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert str(tmp_path / "file") in refusal(f"sqlite:///{tmp_path}/file/feedservice.db")


def test_damaged_file_is_told(tmp_path: Path) -> None:
    """Every page but the first is overwritten; reading ends in a StoreError, not in a traceback of the driver."""
    file = tmp_path / "feedservice.db"
    store = open_store(f"sqlite:///{file}", FakeClock())
    save(store, intake(*(arrival(number) for number in range(100))))
    store.close()
    size = file.stat().st_size
    with file.open("r+b") as raw:
        raw.seek(4096)
        raw.write(os.urandom(size - 4096))
    with (
        pytest.raises(StoreError, match="malformed"),
        closing(open_store(f"sqlite:///{file}", FakeClock())) as damaged,
    ):
        damaged.articles("all", 10)


def test_damage_that_is_no_text_is_told(tmp_path: Path) -> None:
    """SQLite quotes it in its complaint, which then cannot be decoded."""
    file = tmp_path / "feedservice.db"
    open_store(f"sqlite:///{file}", FakeClock()).close()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_master SET name = CAST(x'9d80' AS TEXT), sql = 'x' WHERE name = 'articles'")
    with (
        pytest.raises(StoreError, match="malformed"),
        closing(open_store(f"sqlite:///{file}", FakeClock())) as damaged,
    ):
        damaged.articles("all", 10)


def test_postgres_that_does_not_answer_is_told_without_the_password() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = refusal(f"postgresql://someone:secret@127.0.0.1:{port}/feeds")
    assert f"127.0.0.1:{port}" in said
    assert "secret" not in said


def test_postgres_that_hangs_up_is_told() -> None:
    """As a server does that is starting, or something else that listens there."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.listen()
        port = server.getsockname()[1]
        child = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import socket, sys; socket.socket(fileno=int(sys.argv[1])).accept()",
                str(server.fileno()),
            ],
            pass_fds=[server.fileno()],
        )
        said = refusal(f"postgresql://someone:secret@127.0.0.1:{port}/feeds")
        assert "secret" not in said
        child.wait()
    gc.collect()


@pytest.mark.slow
def test_what_listens_and_never_answers_is_told() -> None:
    """As a web server does whose port was written for that of the database."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        said = refusal(f"postgresql://someone:secret@127.0.0.1:{server.getsockname()[1]}/feeds")
    assert said.endswith("timed out")
    gc.collect()


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("postgresql://127.0.0.1/feeds", "a user and a database are needed"),
        ("postgresql://someone@127.0.0.1", "a user and a database are needed"),
        ("postgresql://someone@127.0.0.1/feeds?sslmode=maybe", "sslmode"),
        ("postgresql://someone@127.0.0.1/feeds?connect_timeout=3", "sslmode"),
    ],
)
def test_postgres_address_that_lacks_something_is_refused(url: str, complaint: str) -> None:
    assert complaint in refusal(url)
    with pytest.raises(StoreError, match=complaint):  # `check` says it too, which opens no store
        check_url(url)


def test_refusal_of_the_database_is_one_line(postgres_url: str) -> None:
    missing = postgres_url.replace("feedservice_test_", "feedservice_missing_")
    assert "feedservice_missing_" in refusal(missing)


def test_encrypted_connection_is_asked_for(postgres_url: str) -> None:
    """The server of the tests need not offer it: then it is refused, never silently left out."""
    try:
        store: Store = open_store(f"{postgres_url}?sslmode=require", FakeClock())
    except StoreError as error:
        refused = str(error)
    else:
        store.close()
        return
    assert "SSL" in refused


@pytest.mark.parametrize(("option", "asked"), [("", True), ("?sslmode=disable", False), ("?sslmode=require", True)])
def test_encryption_is_asked_for_unless_it_is_disabled(option: str, asked: bool) -> None:
    first: list[bytes] = []

    def answer(server: socket.socket) -> None:
        client, _ = server.accept()
        with client:
            first.append(client.recv(8))

    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = Thread(target=answer, args=(server,))
        answering.start()
        refusal(f"postgresql://someone@127.0.0.1:{server.getsockname()[1]}/feeds{option}")
        answering.join()
    assert (first == [SSL_REQUEST]) is asked
    gc.collect()


def test_opening_loads_neither_alembic_nor_the_other_driver_without_need(sqlite_url: str) -> None:
    """Every command opens the store; most have nothing to migrate."""
    open_store(sqlite_url, FakeClock()).close()
    program = (
        "import sys; from feedservice.store import open_store; from tests.fakes import FakeClock\n"
        f"open_store({sqlite_url!r}, FakeClock()).close()\n"
        "print(sorted({'alembic', 'pg8000', 'mako'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert ended.stdout.strip() == "[]"


def test_port_that_there_cannot_be_is_told_without_the_password() -> None:
    said = refusal("postgresql://feeds:secret@127.0.0.1:99999/feeds")
    assert "an impossible port, 99999" in said
    assert "secret" not in said


def test_file_that_cannot_be_opened_is_told_with_the_systems_reason(tmp_path: Path) -> None:
    (tmp_path / "feeds.db").mkdir()
    assert f"{os.strerror(errno.EISDIR)}: {tmp_path / 'feeds.db'}" in refusal(f"sqlite:///{tmp_path}/feeds.db")
