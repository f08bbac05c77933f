"""A disk that fails, and a process that dies, at every single write of a save: exact, repeatable, by strace."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.store_saver import BATCH, check, save_once

pytestmark = pytest.mark.slow


@pytest.fixture
def strace() -> str:
    found = shutil.which("strace")
    if found is None:
        pytest.skip("strace is not installed")
    return found


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[Path]:
    """Copies without end of a store that holds one batch."""
    original = tmp_path / "original.db"
    store = open_store(f"sqlite:///{original}", FakeClock())
    save_once(store)
    store.close()

    def copy() -> Iterator[Path]:
        for number in range(1, 2_000):
            file = tmp_path / str(number) / "feedservice.db"
            file.parent.mkdir()
            shutil.copy(original, file)
            yield file

    return copy()


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ("pwrite64", "signal=KILL"),
        ("fdatasync", "signal=KILL"),
        ("fdatasync", "error=EIO"),
        ("pwrite64", "error=EIO"),
        ("pwrite64", "error=ENOSPC"),
    ],
)
def test_save_is_whole_or_not_there_whichever_call_fails(
    call: str, fault: str, strace: str, copies: Iterator[Path]
) -> None:
    """The Nth call of one save fails, N = 1, 2, ... until the save gets through: what was acknowledged is there."""
    outcomes = set()
    for number, file in enumerate(copies, 1):
        program = [sys.executable, "-m", "tests.store_saver", f"sqlite:///{file}", "save"]
        inject = f"inject={call}:{fault}:when={number}"
        traced = [strace, "-f", "-qq", "-o", str(file.parent / "trace"), "-e", f"trace={call}", "-e", inject, *program]
        ended = subprocess.run(traced, check=False, capture_output=True, text=True)
        stored = check(f"sqlite:///{file}")
        if "saved" in ended.stdout:
            assert stored == 2 * BATCH
        else:
            assert stored in (BATCH, 2 * BATCH)
            assert "refused" in ended.stdout or "KILL" in fault, ended.stderr
        outcomes.add(stored)
        if "INJECTED" not in (file.parent / "trace").read_text() and ended.returncode == 0:
            assert outcomes == {BATCH, 2 * BATCH} or call == "fdatasync"
            return
    pytest.fail("the save never got through")
