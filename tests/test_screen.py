"""What people see of a command, where a signal comes in the middle of it."""

from __future__ import annotations

import io
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from feedservice.cli.screen import Screen, ScreenLog


class Interrupted(io.StringIO):
    """A stream on which something happens in the middle of the first write, as a handler of signals would have it."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], None] = lambda: None

    def write(self, text: str) -> int:
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        middle = len(text) // 2
        written = super().write(text[:middle])
        meanwhile()
        return written + super().write(text[middle:])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_log_that_cannot_be_written_stops_nobody() -> None:
    """A disk that is full, or a reader that is gone, would end the thread that has something to tell."""
    with Path("/dev/full").open("w") as full:
        log = ScreenLog(Screen(quiet=False, plain=True, stream=full))
        log.handle(logging.makeLogRecord({"msg": "the store does not answer"}))
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())


def test_log_has_no_words_of_libraries_that_name_whole_addresses_or_none() -> None:
    """Whoever asked tells what went wrong, and where, without the secrets in the address."""
    code = (
        "import logging; from feedservice.cli.screen import *; import sys\n"
        "send_log_to(Screen(quiet=False, plain=True, stream=sys.stdout), logging.INFO, dated=False)\n"
        "logging.getLogger('urllib3.connection').warning('url=http://example.org/?token=s3cret')\n"
        "logging.getLogger('urllib3.connectionpool').error('url=http://example.org/?token=s3cret')\n"
        "logging.getLogger('trafilatura.core').error('discarding data: None')\n"
        "logging.getLogger('htmldate.core').error('empty HTML tree: None')\n"
        "logging.getLogger('feedservice').info('here')"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told == "INFO: here\n"


def end_of(task: Callable[[], None]) -> bool:
    """Whether a task comes to its end."""
    thread = threading.Thread(target=task, daemon=True)
    thread.start()
    thread.join(10)
    return not thread.is_alive()


@pytest.mark.parametrize("do", [lambda screen: screen.say("first"), lambda screen: screen.step(1, 2, "first")])
def test_line_of_a_signal_handler_follows_the_one_that_it_comes_into(do: Callable[[Screen], None]) -> None:
    stream = Interrupted()
    screen = Screen(quiet=False, plain=True, stream=stream)
    stream.meanwhile = lambda: screen.say("second")
    assert end_of(lambda: do(screen))
    first, second = stream.getvalue().splitlines()
    assert (first.endswith("first"), second) == (True, "second")
    screen.say("third")
    assert stream.getvalue().endswith("\nsecond\nthird\n")


def test_lines_of_many_threads_are_whole() -> None:
    stream = io.StringIO()
    screen = Screen(quiet=False, plain=True, stream=stream)
    lines = [f"{number} " * 50 for number in range(40)]

    def talk(line: str) -> None:
        for _ in range(20):
            screen.say(line)

    threads = [threading.Thread(target=talk, args=(line,)) for line in lines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(stream.getvalue().splitlines()) == sorted(lines * 20)


TALKING = """
import signal, sys
from feedservice.cli.interrupt import interruptible
from feedservice.cli.screen import Screen
screen = Screen(quiet=False, plain=True)
with interruptible(screen.say):
    while True:
        screen.say("at work")
"""


def test_ctrl_c_in_the_middle_of_a_line_is_answered_and_heeded() -> None:
    """Of what talks all the time, it comes into the middle of a line."""
    with subprocess.Popen([sys.executable, "-c", TALKING], stderr=subprocess.PIPE, env=os.environ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"at work\n"
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.wait(30) != 0
    assert b"KeyboardInterrupt" in said
