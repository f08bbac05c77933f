"""How much of the processor the reading of one page may take, whatever is on it."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from functools import partial
from threading import Event, Lock, Thread, get_ident
from typing import ParamSpec, TypeVar

from feedservice.errors import Unreadable

SECONDS = 20.0
"""Of the processor, not of the clock on the wall: a page takes some hundredths, the worst real one less than two."""

_SOONEST = 0.05
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class _Overdue(BaseException):
    """Raised in the thread that is to end; no `except Exception` of a library holds it up."""


def bounded(work: Callable[Arguments, Result], seconds: float = SECONDS) -> Callable[Arguments, Result]:
    """The same function, ended once a call has used so many seconds of the processor.

    For work that holds no lock and changes nothing outside itself. What a library does in one step of its own, such as
    one search for a pattern, is ended only after that step. Raises Unreadable when a call is ended.
    """

    def call(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        watch = _Watch(seconds)
        try:
            watch.begin()
            try:
                return work(*args, **kwargs)
            finally:
                watch.end()
        except _Overdue:
            raise Unreadable(f"reading it takes more than {seconds:g} seconds") from None

    return call


class _Watch:
    """Looks after one call from another thread, and ends it when its time is over."""

    def __init__(self, seconds: float) -> None:
        self._thread = get_ident()
        self._clock = _clock_of(self._thread)
        self._until = self._clock() + seconds
        self._done = Event()
        self._raised = False
        self._lock = Lock()

    def begin(self) -> None:
        Thread(target=self._look, name="allowance", daemon=True).start()

    def end(self) -> None:
        with self._lock:
            self._done.set()
        if self._raised:
            _receive(self._thread)

    def _look(self) -> None:
        while not self._done.wait(max(_SOONEST, self._until - self._clock())):
            with self._lock:
                if self._done.is_set():
                    return
                if self._clock() >= self._until:
                    self._raised = True
                    _raise_in(self._thread)
                    return


def _clock_of(thread: int) -> Callable[[], float]:
    """How many seconds of the processor a thread has used; where the system does not tell, those that passed."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.monotonic
    return partial(time.clock_gettime, time.pthread_getcpuclockid(thread))


def _raise_in(thread: int) -> None:
    """Raise _Overdue in another thread at its next step."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(_Overdue))


def _receive(thread: int) -> None:
    """Have what was raised in this thread come now, if it has not come yet, rather than at some step later.

    Taking it back would leave the interpreter looking for it for good, and hang it under a profiler (CPython 3.11).
    """
    try:
        _raise_in(thread)
        while True:
            pass
    except _Overdue:
        return
