"""What people see on stderr: a line that grows while work goes on, on a terminal; lines otherwise; or nothing."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TextIO

_WIDTH = 24
_OFTEN = 0.05
_CLEAR = "\r\x1b[K"


def is_lively(stream: TextIO, environ: Mapping[str, str], *, plain: bool) -> bool:
    """Whether a line may be drawn over: on a terminal that nobody asked to be plain (https://no-color.org)."""
    if plain or environ.get("NO_COLOR") or environ.get("TERM", "dumb") == "dumb":
        return False
    return stream.isatty()


class Screen:
    """Talk to people, from any thread, also from a handler of signals. `step` is called after each part of long work.

    A handler runs in the middle of whatever its thread does. Where that is writing, the line is left to what it
    interrupts: neither can wait for the other, and a stream does not let itself be written to twice at once.
    """

    def __init__(self, *, quiet: bool, plain: bool, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._lively = is_lively(self._stream, os.environ, plain=plain)
        self._lock = threading.RLock()
        self._writer: int | None = None
        self._lines: deque[str] = deque()
        self._drawn = ""
        self._last = 0.0

    def say(self, text: str) -> None:
        """A line that matters: shown even when quiet."""
        self._lines.append(text)
        self._write_lines()

    def note(self, text: str) -> None:
        """A line that may be left out."""
        if not self._quiet:
            self.say(text)

    def step(self, done: int, of: int, name: str) -> None:
        """Show how far the work is."""
        if self._quiet:
            return
        if not self._lively:
            self.say(f"{done}/{of} {name}")
            return
        now = time.monotonic()
        if done < of and now - self._last < _OFTEN:
            return
        filled = _WIDTH * done // max(of, 1)
        self._last = now
        self._draw(self._cut(f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{of} {name[:30]}"))

    def begin(self, text: str) -> None:
        """Show at once that work has begun, where a line can be drawn over."""
        if self._lively and not self._quiet:
            self._draw(self._cut(text))

    def end(self) -> None:
        """Take the growing line away."""
        if self._drawn:
            self._draw("")

    def _cut(self, line: str) -> str:
        """As much of a line as a row of the terminal holds: of one that goes on below, its end alone is cleared."""
        try:
            columns = os.get_terminal_size(self._stream.fileno()).columns
        except (OSError, ValueError):
            columns = 0
        return line[: columns - 1] if columns else line

    def _draw(self, line: str) -> None:
        with self._writing():
            self._drawn = line
            self._write(line)
        self._write_lines()

    def _write_lines(self) -> None:
        if self._writer == threading.get_ident():
            return
        while self._lines:
            with self._writing():
                while self._lines:
                    self._write(f"{self._lines.popleft()}\n{self._drawn}")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock:
            self._writer = threading.get_ident()
            try:
                yield
            finally:
                self._writer = None

    def _write(self, text: str) -> None:
        self._stream.write(f"{_CLEAR}{text}" if self._lively else text)
        self._stream.flush()


class ScreenLog(logging.Handler):
    """Log records as lines that do not tear the growing one."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen

    def emit(self, record: logging.LogRecord) -> None:
        """Say one record; where the log's disk is full or its reader is gone, the work goes on without it."""
        with suppress(OSError):
            self._screen.say(self.format(record))


def send_log_to(screen: Screen, level: int, *, dated: bool) -> None:
    """From now on the program's log goes to `screen`, from `level` on."""
    handler = ScreenLog(screen)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(message)s" if dated else "%(levelname)s: %(message)s")
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("apscheduler", "alembic"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))
    # Who asked them tells what went wrong, and where: they say neither, or whole addresses with their secrets.
    for wordy in ("urllib3", "trafilatura", "htmldate"):
        logging.getLogger(wordy).setLevel(logging.CRITICAL)
