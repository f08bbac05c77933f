"""How the C library gives memory back: documents of some hundred kB come and go, in threads of many kinds."""

from __future__ import annotations

import ctypes
import sys

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
    if not sys.platform.startswith("linux"):
        return
    library = ctypes.CDLL(None)
    if not hasattr(library, "mallopt"):
        return
    for name, value in ((_ARENA_MAX, _ARENAS), (_MMAP_THRESHOLD, _LARGE), (_TRIM_THRESHOLD, _TRIMMED)):
        library.mallopt(name, value)
