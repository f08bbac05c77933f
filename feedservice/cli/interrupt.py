"""Ctrl-C: a word at once, a clean end within five seconds, and the second one ends now. Every write survives that."""

from __future__ import annotations

import _thread
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from feedservice.cli.codes import ExitCode

PATIENCE = 5.0


@contextmanager
def interruptible(say: Callable[[str], None], patience: float = PATIENCE) -> Iterator[None]:
    """Turn the first Ctrl-C into KeyboardInterrupt, with a word, and the second one into the end.

    say: takes the word in the middle of anything, as `Screen.say` does.
    patience: seconds until the end comes by itself, whatever still runs. Outside the main thread: nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    presses: list[int] = []

    def end_soon() -> None:
        time.sleep(patience)
        os._exit(ExitCode.INTERRUPTED)

    def press(number: int, frame: FrameType | None) -> None:
        presses.append(number)
        if len(presses) > 1:
            os._exit(ExitCode.INTERRUPTED)
        # Not a Timer: what is interrupted may hold the lock that `threading` starts threads with.
        _thread.start_new_thread(end_soon, ())
        say("stopping; Ctrl-C again stops at once")
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, press)
    try:
        yield
    finally:
        if not presses:
            signal.signal(signal.SIGINT, before)
