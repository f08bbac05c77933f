"""A process that is kept running beside this one, and that ends with it, whatever ends it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence

_log = logging.getLogger(__name__)
_ATTACHED = "FEEDSERVICE_ATTACHED"
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_PATIENCE = 30.0


class Companion:
    """Runs `command`, and again, after a pause, whenever it ends by itself.

    The pause doubles up to a minute, and is short again after a run that was longer than that.
    """

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self._command = list(command)
        self._environ = {**environ, _ATTACHED: "1"}
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name="companion", daemon=True)

    def start(self) -> None:
        """Start the process; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the process to end, wait for it, and return; after half a minute it is killed."""
        with self._lock:
            self._stopping.set()
            if self._process is not None:
                self._process.terminate()
        self._thread.join(_PATIENCE)
        if self._thread.is_alive() and self._process is not None:
            self._process.kill()

    def _keep(self) -> None:
        pause = _FIRST_PAUSE
        while self._begin():
            began = time.monotonic()
            how = "could not be started"
            if self._process is not None:
                with self._process:
                    how = f"ended by itself with {self._process.wait()}"
            if self._stopping.is_set():
                return
            if time.monotonic() - began > _LONGEST_PAUSE:
                pause = _FIRST_PAUSE
            _log.error("the worker %s; it is started again in %.0f s", how, pause)
            self._stopping.wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _begin(self) -> bool:
        """Start the process, if it is to go on; where the system has none to give, there is no process."""
        with self._lock:
            if self._stopping.is_set():
                return False
            self._process = None
            try:
                # The pipe's other end closes with this process, however it dies; the companion reads that as its end.
                self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, env=self._environ)  # noqa: S603
            except OSError:
                _log.exception("no process could be started")
        return True


def is_attached(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether this is a companion."""
    return _ATTACHED in environ


def end_with_parent(end: Callable[[], None], environ: Mapping[str, str] = os.environ) -> None:
    """In a companion: call `end` when the process that started it is gone. Elsewhere: nothing."""
    if not is_attached(environ):
        return

    descriptor = sys.stdin.fileno()

    def watch() -> None:
        # Not through sys.stdin, whose lock this thread would hold for ever: at its end the interpreter aborts on that.
        while os.read(descriptor, 1024):
            pass
        end()

    threading.Thread(target=watch, name="parent", daemon=True).start()
