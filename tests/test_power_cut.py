"""The power fails at any write of a refresh and a rebuild: what was acknowledged is there, whole, and nothing else."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.killed_bench import SECOND, Bench, Remembered, bench_in, check_file, folder_of, remembered
from tests.power_cut import TRACED, Call, Disk, calls_of

SEEDS = 5

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not there to see what is written"),
]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench_in(tmp_path_factory.mktemp("cut")) as bench:
        yield bench


def recorded(bench: Bench, log: Path) -> list[Call]:
    """What an undisturbed refresh and rebuild says to the disk."""
    url = bench.copy(bench.base)
    process = bench.readers.start(url, SECOND, traced=True)
    trace = [
        "strace",
        "-f",
        "-qq",
        "-y",
        "-xx",
        "-s",
        "1000000",
        "-p",
        str(process),
        f"-etrace={TRACED}",
        "-o",
        str(log),
    ]
    tracer = subprocess.Popen([*trace, f"-etrace={TRACED}", "-o", str(log)])
    assert bench.readers.wait() == 0
    assert tracer.wait() == 0
    assert remembered(url) == bench.after
    return calls_of(log, folder_of(url))


def told(folder: Path) -> Remembered:
    url = f"sqlite:///{folder}/feeds.db"
    check_file(url)
    return remembered(url)


def test_power_cut_loses_nothing_that_was_acknowledged(bench: Bench, tmp_path: Path) -> None:
    """After a cut the store is as some kill -9 between the last acknowledged work and the cut would have left it."""
    calls = recorded(bench, tmp_path / "log")
    assert sum(call.kind == "acknowledged" for call in calls) == 2
    whole = Disk(folder_of(bench.base))
    possible: list[Remembered] = []
    acknowledged = 0
    for number, call in enumerate(calls, 1):
        whole.run([call])
        whole.cut(tmp_path / f"killed-{number}", None)
        possible.append(told(tmp_path / f"killed-{number}"))
        if call.kind == "acknowledged":
            acknowledged = number - 1
        for seed in range(SEEDS):
            folder = tmp_path / f"cut-{number}-{seed}"
            whole.cut(folder, random.Random(f"{number} {seed}"))
            assert told(folder) in possible[acknowledged:], (number, seed)
            if seed == 0:
                bench.check_after_kill(f"sqlite:///{folder}/feeds.db")
            shutil.rmtree(folder)
        shutil.rmtree(tmp_path / f"killed-{number}")
    assert possible[-1] == bench.after
