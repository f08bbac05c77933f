"""The command that docs/operating.md gives for a backup copies a store that is open, as of one moment."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.store_examples import arrival, document, intake, publish, save

GUIDE = Path(__file__).parent.parent / "docs" / "operating.md"


def test_backup_of_an_open_store_is_whole(tmp_path: Path, made_sqlite: Path) -> None:
    (command,) = re.findall(r'^python3 (-c "import os, sqlite3;.*")$', GUIDE.read_text(), re.MULTILINE)
    folder = tmp_path / "var"
    folder.mkdir()
    shutil.copyfile(made_sqlite, folder / "feedservice.db")
    store = open_store(f"sqlite:///{folder / 'feedservice.db'}", FakeClock())
    save(store, intake(*map(arrival, range(20))))
    publish(store, document("/feeds/all.rss", b"one"))
    assert (folder / "feedservice.db-wal").stat().st_size, "there is nothing that a plain copy would leave out"
    (tmp_path / "backup.db.new").write_bytes(b"what a run left that was stopped")
    for number in range(2):
        subprocess.run(f"{sys.executable} {command}", shell=True, cwd=tmp_path, check=True)  # noqa: S602 - ours
        publish(store, document("/feeds/all.atom", b"%d" % number))
    assert not (tmp_path / "backup.db.new").exists()
    copied = open_store(f"sqlite:///{tmp_path / 'backup.db'}", FakeClock())
    assert copied.articles("all", 99) == store.articles("all", 99)
    assert len(copied.articles("all", 99)) == 20
    assert copied.document("/feeds/all.rss") == store.document("/feeds/all.rss")
    assert copied.document("/feeds/all.atom") is not None, "the second night took no other copy"
    assert copied.stale() == store.stale()
    copied.close()
    store.close()
