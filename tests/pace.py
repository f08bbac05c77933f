"""How fast the machine is on which the tests run, so that a bound on time is one on work."""

from __future__ import annotations

from collections.abc import Callable

_NUMBERS = 400_000
_USUAL = 0.04
"""Seconds that adding up so many takes on the usual machine."""


def pace(clock: Callable[[], float]) -> float:
    """How much longer work takes here and now than on the usual machine; 1 where it takes less.

    clock: `time.process_time` for how slow the processor is, `time.perf_counter` also for how busy.
    """
    began = clock()
    sum(number + 1 for number in range(_NUMBERS))
    return max(1.0, (clock() - began) / _USUAL)
