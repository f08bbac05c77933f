"""How fast the machine is on which the tests run, so that a bound on time is one on work."""

from __future__ import annotations

import time
from collections.abc import Callable

_NUMBERS = 400_000
_USUAL = 0.04
"""Seconds that adding up so many takes on the usual machine."""


def pace() -> float:
    """How much longer the processor takes for its work than that of the usual machine; 1 where it takes less."""
    began = time.process_time()
    _work()
    return max(1.0, (time.process_time() - began) / _USUAL)


def time_until(fact: Callable[[], object], patience: float) -> float:
    """How many seconds it would take on the usual machine with nothing else to do until a fact is true.

    Work is done while it is waited for, and counted: where others have most of the processor, that too gets less done.
    patience: seconds of the clock on the wall. Raises AssertionError when it is not true by then.
    """
    began, rounds = time.monotonic(), 0
    while not fact():
        assert time.monotonic() - began < patience, "it never came true"
        _work()
        rounds += 1
    return min(rounds * _USUAL, time.monotonic() - began)


def _work() -> None:
    sum(number + 1 for number in range(_NUMBERS))
