"""No page can hold the reader longer than it may take of the processor."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from feedservice.allowance import bounded
from feedservice.errors import Unreadable


def spin() -> int:
    count = 0
    while True:
        count += 1


def stubborn() -> int:
    """As libraries are that catch whatever they can."""
    while True:
        with contextlib.suppress(Exception):
            spin()


@pytest.mark.parametrize("work", [spin, stubborn])
def test_work_without_an_end_is_ended(work: Callable[[], int]) -> None:
    with pytest.raises(Unreadable, match=r"more than 0\.2 seconds"):
        bounded(work, 0.2)()


def test_result_and_failure_of_work_in_time_are_its_own() -> None:
    def fail(text: str) -> None:
        raise KeyError(text)

    assert bounded(len)("four") == 4
    with pytest.raises(KeyError, match="this"):
        bounded(fail)("this")


def test_waiting_takes_nothing_of_the_allowance() -> None:
    waited = Event()
    assert not bounded(waited.wait, 0.05)(0.2)


def test_one_call_that_is_ended_leaves_the_others_and_its_own_thread_alone() -> None:
    def attempt(endless: bool) -> str:
        try:
            return str(bounded(spin if endless else time.process_time, 0.1)())
        except Unreadable:
            return "ended"

    with ThreadPoolExecutor(3) as threads:
        results = list(threads.map(attempt, [number % 3 == 0 for number in range(30)]))
    assert [result == "ended" for result in results] == [number % 3 == 0 for number in range(30)]


@pytest.mark.parametrize("work", ["len, 1)('four')", "spin, 0.1)()"])
def test_profiler_goes_on_after_a_call(work: str) -> None:
    """CPython 3.11 spins for ever in a profiled process that looks for an exception which was taken back."""
    program = f"""
import cProfile, contextlib
from feedservice.allowance import bounded
from feedservice.errors import Unreadable
def spin():
    while True:
        pass
def leave():
    with contextlib.nullcontext():
        return 3
with contextlib.suppress(Unreadable):
    bounded({work}
with cProfile.Profile():
    leave()
print("through")
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert ran.stdout == "through\n"
