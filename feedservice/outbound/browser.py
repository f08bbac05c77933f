"""A Chromium for one page: started by us, so that it can be killed with all its processes, whatever its page does."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_STARTING = 15.0
_ARGUMENTS = ("--headless=new", "--remote-debugging-port=0", "--no-first-run", "--disable-background-networking",
              "--disable-component-update", "--disable-sync", "--disable-extensions", "--mute-audio")  # fmt: skip


@contextmanager
def running(browser: str, arguments: Sequence[str], seconds: float) -> Iterator[str]:
    """The endpoint of a browser that is there until the block ends, and no longer than so many seconds.

    When its time is over it is killed, so that whoever waits for it is told that it is gone. Raises OSError when it
    does not start.
    """
    sandbox = () if os.geteuid() else ("--no-sandbox",)  # root has none in Chromium
    with tempfile.TemporaryDirectory(prefix="feedservice-", ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(  # noqa: S603 - the operator's browser, no shell
            [browser, *_ARGUMENTS, *arguments, *sandbox, f"--user-data-dir={folder}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={"HOME": folder, "PATH": os.defpath, "LANG": "C.UTF-8"},
        )
        watchdog = threading.Timer(seconds, _kill, [process])
        watchdog.daemon = True
        watchdog.start()
        try:
            yield _endpoint(process, Path(folder) / "DevToolsActivePort")
        finally:
            watchdog.cancel()
            _kill(process)
            process.wait()


def _endpoint(process: subprocess.Popen[bytes], note: Path) -> str:
    """Where a browser listens, as soon as it has written that down."""
    ends = time.monotonic() + _STARTING
    while time.monotonic() < ends and process.poll() is None:
        with suppress(FileNotFoundError):
            port, _, path = note.read_text().strip().partition("\n")
            if path:
                return f"ws://127.0.0.1:{port}{path}"
        time.sleep(0.05)
    raise OSError("the browser did not start")


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
