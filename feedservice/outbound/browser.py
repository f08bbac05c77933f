"""A Chromium for one page: started by us, so that it can be killed with all its processes, whatever its page does.

It is killed and its files are gone also where the service is killed meanwhile: `keeper` sees to that.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_STARTING = 30.0
_TRIES = 2
_LONGEST_FOLDER = 40
"""Where the path of a browser's socket is longer than 107 characters (unix(7)), it does not start."""
_MOST_TOLD = 10_000
_HEARING = 1.0
_STAMP = re.compile(r"^\[[^\]]*\]\s*")
_ARGUMENTS = ("--headless=new", "--remote-debugging-port=0", "--no-first-run", "--disable-background-networking",
              "--disable-component-update", "--disable-sync", "--disable-extensions", "--mute-audio")  # fmt: skip


@contextmanager
def running(browser: str, arguments: Sequence[str], seconds: float) -> Iterator[str]:
    """The endpoint of a browser that is there until the block ends, and no longer than so many seconds.

    When its time is over it is killed, so that whoever waits for it is told that it is gone. One that falls over, or
    hangs, before it can be spoken to is started once more. Raises OSError, with the browser's own words, when it does
    not start.
    """
    with ExitStack() as stack:
        for left in reversed(range(_TRIES)):
            started = stack.enter_context(_started(browser, arguments))
            try:
                endpoint = started.endpoint()
                break
            except OSError:
                if not left:
                    raise
                stack.close()
        watchdog = threading.Timer(seconds, started.let_go)
        watchdog.daemon = True
        watchdog.start()
        stack.callback(watchdog.cancel)
        yield endpoint


@contextmanager
def _started(browser: str, arguments: Sequence[str]) -> Iterator[_Started]:
    sandbox = () if os.geteuid() else ("--no-sandbox",)  # root has none in Chromium
    usual = tempfile.gettempdir()
    folder = tempfile.mkdtemp(prefix="feedservice-", dir=usual if len(usual) <= _LONGEST_FOLDER else "/tmp")  # noqa: S108
    command = [browser, *_ARGUMENTS, *arguments, *sandbox, f"--user-data-dir={folder}", "about:blank"]
    keeper = subprocess.Popen(  # noqa: S603 - the operator's browser, no shell
        [sys.executable, "-I", "-S", str(Path(__file__).with_name("keeper.py")), folder, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={"HOME": folder, "TMPDIR": folder, "PATH": os.defpath, "LANG": "C.UTF-8"},
    )
    started = _Started(keeper, Path(folder) / "DevToolsActivePort")
    try:
        yield started
    finally:
        started.let_go()
        keeper.wait()
        started.hear()


@dataclass(slots=True)
class _Started:
    """A browser on its way. note: where it writes down where it listens."""

    keeper: subprocess.Popen[bytes]
    note: Path
    _told: bytearray = field(default_factory=bytearray)
    _listener: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def endpoint(self) -> str:
        """Where the browser listens, as soon as it has written that down. Raises OSError."""
        ends = time.monotonic() + _STARTING
        while time.monotonic() < ends:
            ended = self.keeper.poll() is not None
            with suppress(FileNotFoundError):
                port, _, path = self.note.read_text().strip().partition("\n")
                if path:
                    return f"ws://127.0.0.1:{port}{path}"
            if ended:
                break
            time.sleep(0.05)
        said = self.hear()
        raise OSError("the browser did not start" + (f": {said}" if said else ""))

    def let_go(self) -> None:
        """Have it killed."""
        if self.keeper.stdin is not None:
            self.keeper.stdin.close()

    def hear(self) -> str:
        """What it said, until now or, when it has ended, in all: the line that matters most. "" for nothing."""
        self._listener.join(_HEARING)
        lines = [line for line in self._told.decode("utf-8", "replace").splitlines() if line.strip()]
        telling = [line for line in lines if "FATAL" in line] or [line for line in lines if "dbus" not in line]
        return _STAMP.sub("", telling[-1]).strip() if telling else ""

    def _listen(self) -> None:
        """Hear all, so that it never waits for somebody to, and keep the beginning."""
        if self.keeper.stderr is not None:
            with self.keeper.stderr as spoken:
                for line in iter(lambda: spoken.readline(_MOST_TOLD), b""):
                    self._told += line[: _MOST_TOLD - len(self._told)]
