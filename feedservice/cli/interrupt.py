"""Ctrl-C: a word at once, a clean end within five seconds, and the second one ends now. Every write survives that."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from feedservice.cli.codes import ExitCode

PATIENCE = 5.0


@contextmanager
def interruptible(say: Callable[[str], None], patience: float = PATIENCE) -> Iterator[None]:
    """Turn the first Ctrl-C into KeyboardInterrupt, with a word, and the second one into the end.

    patience: seconds until the end comes by itself, whatever still runs. Outside the main thread: nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed = threading.Event()

    def end() -> None:
        os._exit(ExitCode.INTERRUPTED)

    def press(number: int, frame: FrameType | None) -> None:
        if pressed.is_set():
            end()
        pressed.set()
        timer = threading.Timer(patience, end)
        timer.daemon = True
        timer.start()
        say("stopping; Ctrl-C again stops at once")
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, press)
    try:
        yield
    finally:
        if not pressed.is_set():
            signal.signal(signal.SIGINT, before)
