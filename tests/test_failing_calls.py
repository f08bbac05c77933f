"""Each single write, and each wait for the disk, of a refresh and a rebuild: killed there, and refused there."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.killed_bench import SECOND, Bench, bench_in, folder_of, spread

CALLS = ("pwrite64", "fdatasync", "ftruncate", "unlink", "openat", "pread64")
FAULTS = [
    *((call, "signal=KILL") for call in CALLS),
    *((call, "error=EIO") for call in CALLS),
    *((call, "error=ENOSPC") for call in ("pwrite64", "fdatasync", "openat")),
]

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not there to break system calls")


@pytest.fixture(scope="module")
def bench_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench_in(tmp_path_factory.mktemp("failing")) as bench:
        yield bench


def run(bench: Bench, url: str, log: Path, call: str, *inject: str) -> tuple[int, list[str]]:
    """Read and publish under strace; how that ended, and the calls on the files of the store."""
    process = bench.readers.start(url, SECOND, traced=True)
    folder = folder_of(url)
    paths = [f"-P{folder}/{name}" for name in ("feeds.db", "feeds.db-wal", "feeds.db-journal")]
    command = ["strace", "-f", "-qq", "-p", str(process), *paths, f"-etrace={call}", *inject, "-o", str(log)]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    code = bench.readers.wait()
    said = tracer.communicate()[1]
    lines = log.read_text("utf-8").splitlines()
    assert "not permitted" not in said, said
    return code, [line for line in lines if f" {call}(" in line]


@pytest.mark.parametrize(
    "points", [pytest.param(6, marks=pytest.mark.slow), pytest.param(10_000, marks=pytest.mark.campaign)]
)
@pytest.mark.parametrize(("call", "fault"), FAULTS)
def test_whichever_call_fails_nothing_is_lost_and_the_next_try_ends_it(
    bench_on_sqlite: Bench, tmp_path: Path, call: str, fault: str, points: int
) -> None:
    bench = bench_on_sqlite
    code, calls = run(bench, bench.copy(bench.base), tmp_path / "log", call)
    assert (code, bool(calls)) == (0, True)
    injected = 0
    for number in spread(points, len(calls), seed=points):
        url = bench.copy(bench.base)
        code, broken = run(bench, url, tmp_path / "log", call, f"-einject={call}:{fault}:when={number}")
        reached = any("INJECTED" in line for line in broken) or code < 0
        # Connections are opened as threads need them: a run may make fewer calls than the one that was counted.
        assert reached or len(broken) < number, f"{call} {number} was made and did not fail"
        injected += reached
        assert code == (-9 if "KILL" in fault else 0), f"{call} {number}: {broken[-1]}"
        bench.check_after_kill(url)
    assert 2 * injected >= min(points, len(calls))
