"""The real command, killed at its system calls: before any write to the disk, and before any wait for the disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.killed_bench import check_file, spread
from tests.outbound_server import HostileServer, answer, running
from tests.small_site import SmallSite
from tests.store_examples import documents_of
from tests.survival_scene import HTML

ROOT = Path(__file__).parent.parent
CALLS = ("pwrite64", "fdatasync", "unlink", "ftruncate")
CONFIG = """\
site: {{title: Town}}
store: {{url: "sqlite:///feeds.db"}}
fetch: {{allow: [127.0.0.1], robots: false}}
sources:
  news: {{kind: listing, url: "{url}"}}
"""
Told = list[tuple[str, str, str, str]]

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not there to kill at system calls"),
]


@dataclass
class Yard:
    """A site on a wire, and folders to run the command in."""

    root: Path
    site: SmallSite

    def refresh(self, name: str, *before: str) -> tuple[int, Path]:
        """Run `feedservice refresh` in a folder, with a command in front of it."""
        folder = self.root / name
        folder.mkdir(exist_ok=True)
        (folder / "config.yaml").write_text(CONFIG.format(url=self.site.list_url))
        environ = {key: value for key, value in os.environ.items() if not key.startswith("FEEDSERVICE")}
        done = subprocess.run(
            [*before, sys.executable, "-m", "feedservice", "refresh"],
            cwd=folder,
            env={**environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
        )
        return done.returncode, folder

    def told(self, folder: Path) -> Told:
        """What every run must end with, whenever it was killed."""
        url = f"sqlite:///{folder}/feeds.db"
        check_file(url)
        store = open_store(url, FakeClock())
        articles = sorted(store.every("news"), key=lambda article: article.seq)
        assert store.stale() == {}
        assert {path for feed in store.feeds() for path in [f"/feeds/{feed.name}.rss"]} <= {
            document.path for document in documents_of(store)
        }
        counts = [("feed", name, str(count), "") for name, count in store.counts().items()]
        store.close()
        return counts + [(each.id, each.published.isoformat(), each.fields.title, each.key) for each in articles]


@pytest.fixture
def yard(tmp_path: Path) -> Iterator[Yard]:
    with running(HostileServer()) as server:
        site = SmallSite(base=server.url(""))
        for url, page in site.pages().items():
            server.replies[url.removeprefix(site.base)] = answer(page, Content_Type=HTML)
        yield Yard(tmp_path, site)


@pytest.mark.parametrize("call", CALLS)
def test_command_that_is_killed_at_a_system_call_is_finished_by_the_next_one(yard: Yard, call: str) -> None:
    log = yard.root / "calls"
    code, folder = yard.refresh("whole", "strace", "-f", "-e", f"trace={call}", "-o", str(log))
    if code and not (folder / "feeds.db").exists():
        pytest.skip("strace may not trace here")
    whole = yard.told(folder)
    assert len(whole) == yard.site.count + 3
    count = sum(f" {call}(" in line for line in log.read_text().splitlines())
    killed = 0
    # strace counts in each thread by itself, so that the last numbers may never come.
    for number in spread(8, count, seed=1):
        inject = ["strace", "-f", "-e", f"trace={call}", f"--inject={call}:signal=KILL:when={number}", "-o", os.devnull]
        code, folder = yard.refresh(f"killed-{number}", *inject)
        assert code in (0, -9, 137), number
        killed += code != 0
        assert yard.refresh(f"killed-{number}")[0] == 0, number
        assert yard.told(folder) == whole, number
    assert killed or not count
