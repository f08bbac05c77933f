"""A Chromium for one page: started by us, so that it can be killed with all its processes, whatever its page does.

It is killed and its files are gone also where the service is killed meanwhile: `keeper` sees to that.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_STARTING = 15.0
_LONGEST_FOLDER = 40
"""Where the path of a browser's socket is longer than 107 characters (unix(7)), it does not start."""
_ARGUMENTS = ("--headless=new", "--remote-debugging-port=0", "--no-first-run", "--disable-background-networking",
              "--disable-component-update", "--disable-sync", "--disable-extensions", "--mute-audio")  # fmt: skip


@contextmanager
def running(browser: str, arguments: Sequence[str], seconds: float) -> Iterator[str]:
    """The endpoint of a browser that is there until the block ends, and no longer than so many seconds.

    When its time is over it is killed, so that whoever waits for it is told that it is gone. Raises OSError when it
    does not start.
    """
    sandbox = () if os.geteuid() else ("--no-sandbox",)  # root has none in Chromium
    usual = tempfile.gettempdir()
    folder = tempfile.mkdtemp(prefix="feedservice-", dir=usual if len(usual) <= _LONGEST_FOLDER else "/tmp")  # noqa: S108
    command = [browser, *_ARGUMENTS, *arguments, *sandbox, f"--user-data-dir={folder}", "about:blank"]
    keeper = subprocess.Popen(  # noqa: S603 - the operator's browser, no shell
        [sys.executable, "-I", "-S", str(Path(__file__).with_name("keeper.py")), folder, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={"HOME": folder, "TMPDIR": folder, "PATH": os.defpath, "LANG": "C.UTF-8"},
    )
    watchdog = threading.Timer(seconds, _let_go, [keeper])
    watchdog.daemon = True
    watchdog.start()
    try:
        yield _endpoint(keeper, Path(folder) / "DevToolsActivePort")
    finally:
        watchdog.cancel()
        _let_go(keeper)
        keeper.wait()


def _endpoint(keeper: subprocess.Popen[bytes], note: Path) -> str:
    """Where a browser listens, as soon as it has written that down."""
    ends = time.monotonic() + _STARTING
    while time.monotonic() < ends and keeper.poll() is None:
        with suppress(FileNotFoundError):
            port, _, path = note.read_text().strip().partition("\n")
            if path:
                return f"ws://127.0.0.1:{port}{path}"
        time.sleep(0.05)
    raise OSError("the browser did not start")


def _let_go(keeper: subprocess.Popen[bytes]) -> None:
    if keeper.stdin is not None:
        keeper.stdin.close()
