"""What the benchmarks say of processes, which come and go while they look."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from benchmarks.processes import cpu_ticks, descriptors, family, proportional, role

pytestmark = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="processes are looked at in /proc")

STARTED_BY_A_THREAD_THAT_ENDED = """
import subprocess, sys, threading
def start():
    global child
    command = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE)
one = threading.Thread(target=start)
one.start()
one.join()
sys.stdin.read()
child.stdin.close()
child.wait()
"""


def test_family_holds_what_threads_started_that_ended() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTED_BY_A_THREAD_THAT_ENDED],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        everybody = family(process.pid)
        assert len(everybody) == 2
        assert all(proportional(pid) > 0 and descriptors(pid) >= 3 for pid in everybody)
        process.stdin.close()
    assert family(process.pid) == [process.pid]


def test_process_that_ended_uses_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    pid = process.pid
    assert (proportional(pid), descriptors(pid), cpu_ticks(pid), role(pid)) == (0, 0, 0, "server")


def test_family_is_told_while_threads_come_and_go() -> None:
    """A thread that ended between the list of threads and the look at each failed a run of the soak."""
    ending = threading.Event()

    def bustle() -> None:
        while not ending.is_set():
            threads = [threading.Thread(target=lambda: None) for _ in range(20)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    pid = os.getpid()
    one = threading.Thread(target=bustle)
    one.start()
    try:
        assert all(pid in family(pid) for _ in range(50))
    finally:
        ending.set()
        one.join()
