"""How the C library gives memory back: documents of some hundred kB come and go, in threads of many kinds."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

# https://man7.org/linux/man-pages/man3/mallopt.3.html
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_LARGE = 65_536
_TRIMMED = 131_072
_ARENAS = 2


def give_back() -> None:
    """Have this process return freed documents to the system, where the C library is glibc; elsewhere nothing.

    By default glibc has an arena for every thread, and keeps in them ever larger blocks once one was freed: by
    measurement, a third of all that the service held.
    """
    library = _glibc()
    if library is None:
        return
    for name, value in ((_ARENA_MAX, _ARENAS), (_MMAP_THRESHOLD, _LARGE), (_TRIM_THRESHOLD, _TRIMMED)):
        library.mallopt(name, value)


def release() -> None:
    """Return what this process has freed already; a millisecond or two, so after large pieces of work only."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


def then_release(task: Callable[[], Result]) -> Callable[[], Result]:
    """The task, with what it freed returned at its end."""

    def run() -> Result:
        try:
            return task()
        finally:
            release()

    return run


def _glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
