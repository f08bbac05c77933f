"""A process that reads a site and publishes it, until it is killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Engine

from feedservice.errors import StoreError
from feedservice.store import open_store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.outbound_server import door_for, fetch_settings

ACKNOWLEDGED = "/no/such/file/acknowledged"


def read_and_publish(url: str, list_url: str, minutes: int, done: Callable[[], None] = lambda: None) -> None:
    """Refresh the list and rebuild what that changed, in the store at `url`, at a time that is always the same.

    done: called after each of the two.
    """
    clock = FakeClock()
    clock.pass_(minutes=minutes)
    store = open_store(url, clock)
    with door_for(fetch_settings(), clock) as door:
        house = House(store, FakeWeb(), clock)
        house.add("news", "listing", {"url": list_url})
        house.sources["news"] = replace(house.sources["news"], get=door.get)
        report = house.refresh("news")
        assert not report.failed, report
        done()
        house.rebuild()
        done()
    store.close()


def wait_for_tracer() -> None:
    """Return as soon as somebody traces this process."""
    while "TracerPid:\t0\n" in Path("/proc/self/status").read_text("ascii"):
        time.sleep(0.001)


def tell_tracer() -> None:
    """Make a call that does nothing, for a tracer to see that what was done so far is acknowledged."""
    with contextlib.suppress(FileNotFoundError):
        Path(ACKNOWLEDGED).unlink()


def try_twice(url: str, list_url: str, minutes: int) -> None:
    """Read and publish; where the store refuses, once more."""
    try:
        read_and_publish(url, list_url, minutes, tell_tracer)
    except StoreError:
        read_and_publish(url, list_url, minutes)


class Statements:
    """Counts what is said to the database: statements, and the moments before a transaction ends."""

    def __init__(self, kill_at: int = 0) -> None:
        self.kill_at = kill_at
        self.count = 0
        event.listen(Engine, "before_cursor_execute", self._next)
        event.listen(Engine, "commit", self._next)
        event.listen(Engine, "rollback", self._next)

    def _next(self, *told: object) -> None:
        self.count += 1
        if self.count == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def end(self) -> int:
        """Stop counting; returns how many there were."""
        event.remove(Engine, "before_cursor_execute", self._next)
        event.remove(Engine, "commit", self._next)
        event.remove(Engine, "rollback", self._next)
        return self.count


class Readers:
    """Starts processes that do `read_and_publish`: forks of one that has done so already; they begin at once."""

    def __init__(self, warm_url: str, list_url: str) -> None:
        command = [sys.executable, "-m", __name__, warm_url, list_url]
        self._list_url = list_url
        self._parent = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._answer() == 0

    def start(self, url: str, minutes: int, *, statement: int = 0, traced: bool = False) -> int:
        """Start one, which kills itself (SIGKILL) before that statement; returns its process id.

        traced: it waits for its tracer, and when the store refuses something it tells so and tries once more, as the
        worker would at its next turn.
        """
        assert self._parent.stdin is not None
        print(url, self._list_url, minutes, statement, int(traced), file=self._parent.stdin, flush=True)
        return self._answer()

    def wait(self) -> int:
        """The exit code of the one that was started last, negative for a signal."""
        return self._answer()

    def close(self) -> None:
        self._parent.communicate()

    def _answer(self) -> int:
        assert self._parent.stdout is not None
        return int(self._parent.stdout.readline())


def main() -> None:
    """`python -m tests.killed_reader URL LIST_URL`: read once, then fork a reader for each line of standard input."""
    read_and_publish(sys.argv[1], sys.argv[2], 0)
    print(0, flush=True)
    for line in sys.stdin:
        url, list_url, minutes, statement, traced = line.split()
        child = os.fork()
        if not child:
            Statements(int(statement))
            if int(traced):
                wait_for_tracer()
                try_twice(url, list_url, int(minutes))
            else:
                read_and_publish(url, list_url, int(minutes))
            os._exit(0)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
