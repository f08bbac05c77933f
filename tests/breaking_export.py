"""Exports that die or fail at each write in turn: `python -m tests.breaking_export HOW STORE_URL BEFORE AFTER WORK`.

HOW: `die` ends the process, as kill -9 would; `fail` has the system refuse. BEFORE: a folder as an earlier export left
it; AFTER: as an undisturbed one leaves it now; WORK: where copies of BEFORE are broken. Prints how many were broken.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from feedservice.errors import ExportError
from feedservice.export import export, open_target
from feedservice.store import open_store
from tests.export_examples import Newsroom, laid
from tests.fakes import FakeClock

_SURVIVED, _DIED, _REFUSED = 0, 9, 3
_CALLS = ("replace", "fsync", "unlink")


def _break_at(number: int, how: str) -> None:
    left = number

    def breaking(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left == 0 and how == "die":
                os._exit(_DIED)
            if left == 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*args, **named)

        return call

    for name in _CALLS:
        setattr(os, name, breaking(getattr(os, name)))


def _export(url: str, folder: Path, clock: FakeClock) -> None:
    store = open_store(url, clock)
    export(Newsroom(store, clock).outlet, open_target(str(folder)))
    store.close()


def _attempt(number: int, how: str, url: str, folder: Path, clock: FakeClock) -> int:
    """Export in a child that breaks at the given write; how it ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    _break_at(number, how)
    try:
        _export(url, folder, clock)
    except ExportError:
        os._exit(_REFUSED)
    os._exit(_SURVIVED)


def main(how: str, url: str, before: Path, after: Path, work: Path) -> None:
    old, new = laid(before), laid(after)
    clock = FakeClock()
    clock.pass_(days=3)
    # Each of the first writes, which replace a feed whole, then one of several: they are the same again.
    for number in (*range(1, 25), *range(25, 10_000, 9)):
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(before, work)
        ended = _attempt(number, how, url, work, clock)
        if ended == _SURVIVED:
            print(number - 1)
            return
        assert ended == (_DIED if how == "die" else _REFUSED), ended
        found = laid(work)
        torn = [name for name, body in found.items() if body not in (old.get(name), new.get(name))]
        lost = [name for name in old.keys() & new.keys() if name not in found]
        assert not torn, f"torn at write {number}: {torn}"
        assert not lost, f"lost at write {number}: {lost}"
        _export(url, work, clock)
        assert laid(work) == new, f"not mended after write {number}"
    raise AssertionError("it never came to an end")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(Path, sys.argv[3:6]))
