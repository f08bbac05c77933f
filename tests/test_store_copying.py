"""A store that is copied to another database, as docs/operating.md tells for the way to PostgreSQL."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select

from feedservice.cli import main
from feedservice.errors import StoreBusy, StoreError
from feedservice.store import open_store
from feedservice.store.engines.backend import reading
from feedservice.store.engines.copying import copy_store
from feedservice.store.engines.url import open_backend
from feedservice.store.tables.schema import metadata
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
    (command,) = re.findall(r"^feedservice (adopt \S+)$", GUIDE.read_text(), re.MULTILINE)
    (tmp_path / "old.yaml").write_text("store: {url: 'sqlite:///var/feedservice.db'}\n")
    (tmp_path / "config.yaml").write_text("store: {url: '${NEW_STORE}'}\n")
    before = rows_of(filled)
    environ = {**os.environ, "NEW_STORE": postgres_url, "FEEDSERVICE_STORE_URL": postgres_url}
    said = subprocess.run(
        [sys.executable, "-m", "feedservice", *command.split(), "--json"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        check=True,
    )
    told = json.loads(said.stdout)
    assert (told["articles"], told["origin"]) == (len(before["articles"]), filled)
    assert rows_of(filled) == before
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


def test_command_tells_what_it_did_and_refuses_a_store_for_itself(
    filled: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FEEDSERVICE_STORE_URL", raising=False)
    for name, path in (("old", "var/feedservice.db"), ("new", "new.db"), ("same", "./var/feedservice.db")):
        (tmp_path / f"{name}.yaml").write_text(f"store: {{url: 'sqlite:///{path}'}}\n")
    old, new, same = (str(tmp_path / f"{name}.yaml") for name in ("old", "new", "same"))
    assert main(["-q", "-c", new, "adopt", old]) == 0
    assert capsys.readouterr().out.startswith(f"{len(rows_of(filled)['articles']):,} articles, and all that belongs")
    assert main(["-q", "-c", new, "adopt", old]) == 1
    assert "new.db: this store is in use already" in capsys.readouterr().err
    assert main(["-q", "-c", same, "adopt", old]) == 1
    assert "names the same store as" in capsys.readouterr().err
    assert main(["-q", "-c", new, "adopt", str(tmp_path / "none.yaml")]) != 0
    assert "none.yaml" in capsys.readouterr().err


def test_store_that_is_not_there_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere\.db: there is no such store"):
        copy_store(f"sqlite:///{tmp_path / 'nowhere.db'}", f"sqlite:///{tmp_path / 'other.db'}")
    assert list(tmp_path.iterdir()) == []
