"""A store that is copied to another database, as docs/operating.md tells for the way to PostgreSQL."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select

from feedservice.errors import StoreBusy, StoreError
from feedservice.store import open_store
from feedservice.store.backend import reading
from feedservice.store.copying import copy_store
from feedservice.store.schema import metadata
from feedservice.store.url import open_backend
from tests.fakes import FakeClock
from tests.store_dump import facts, fill
from tests.store_examples import arrival, intake, save

GUIDE = Path(__file__).parent.parent / "docs" / "operating.md"


def rows_of(url: str) -> Mapping[str, list[str]]:
    """All that is stored, by table, but for who is the acting worker, which PostgreSQL is told."""
    backend = open_backend(url)
    with reading(backend) as connection:
        found = {name: sorted(map(str, connection.execute(select(table)))) for name, table in metadata.tables.items()}
    backend.close()
    return {name: [row for row in rows if not row.startswith("('acting'")] for name, rows in found.items()}


@pytest.fixture
def filled(tmp_path: Path, made_sqlite: Path) -> str:
    """The address of a store with something of every kind, and more than is copied at one time."""
    path = tmp_path / "var" / "feedservice.db"
    path.parent.mkdir()
    shutil.copyfile(made_sqlite, path)
    url = f"sqlite:///{path}"
    store = open_store(url, FakeClock())
    fill(store)
    save(store, intake(*(arrival(number, key="k" * 3_000 + str(number)) for number in range(1_000, 1_450))))
    store.close()
    return url


def test_copy_in_another_database_is_whole_and_so_is_the_one_that_comes_back(
    filled: str, tmp_path: Path, postgres_url: str
) -> None:
    (command,) = re.findall(r'^\.venv/bin/python (-c "from feedservice.store.*")$', GUIDE.read_text(), re.MULTILINE)
    command = re.sub(r"postgresql://[^']*", postgres_url, command)
    subprocess.run(f"{sys.executable} {command}", shell=True, cwd=tmp_path, check=True)  # noqa: S602 - ours
    before = rows_of(filled)
    assert all(before[name] for name in ("articles", "captures", "documents", "names", "revisions", "meta"))
    assert rows_of(postgres_url) == before
    copy_store(postgres_url, f"sqlite:///{tmp_path / 'back.db'}")
    assert rows_of(f"sqlite:///{tmp_path / 'back.db'}") == before
    first, copied = open_store(filled, FakeClock()), open_store(postgres_url, FakeClock())
    assert facts(copied) == facts(first)
    again = save(copied, intake(arrival(1_449, key="k" * 3_000 + "1449"), arrival(9_999)))
    assert [article.seq for article in again] == [article.seq for article in save(first, intake(arrival(9_999)))]
    first.close()
    copied.close()


def test_nothing_is_copied_over_what_is_there(filled: str, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    store = open_store(other, FakeClock())
    save(store, intake(arrival(1)))
    store.close()
    before = rows_of(other)
    with pytest.raises(StoreError, match=r"other\.db: this store is in use already"):
        copy_store(filled, other)
    assert rows_of(other) == before


def test_nothing_is_copied_while_a_worker_acts(filled: str, tmp_path: Path) -> None:
    store = open_store(filled, FakeClock())
    with store.acting(), pytest.raises(StoreBusy):
        copy_store(filled, f"sqlite:///{tmp_path / 'other.db'}")
    store.close()


def test_store_that_is_not_there_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere\.db: there is no such store"):
        copy_store(f"sqlite:///{tmp_path / 'nowhere.db'}", f"sqlite:///{tmp_path / 'other.db'}")
    assert list(tmp_path.iterdir()) == []
