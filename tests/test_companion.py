"""A process beside this one: it is started again when it dies, and neither outlives the other."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from feedservice.running.companion import Companion, end_with_parent

WAIT_FOR_END = (
    "import os, threading; from feedservice.running.companion import end_with_parent; ended = threading.Event();"
)


@contextmanager
def running(command: Sequence[str]) -> Iterator[Companion]:
    companion = Companion(command, os.environ)
    companion.start()
    try:
        yield companion
    finally:
        companion.stop()


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def eventually(fact: Callable[[], bool]) -> None:
    deadline, pause = time.monotonic() + 30, threading.Event()
    while not fact():
        assert time.monotonic() < deadline, "it never came true"
        pause.wait(0.02)


def noting(file: Path, then: str) -> list[str]:
    """A command that writes its process id to a file, and goes on."""
    return ["sh", "-c", f'echo $$ >> "{file}"; {then}']


def noted(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_process_that_ends_by_itself_is_started_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """After a pause, so that one that dies at once does not eat the machine; each time is told."""
    file = tmp_path / "ids"
    began = time.monotonic()
    with running(noting(file, "exit 3")):
        eventually(lambda: len(noted(file)) == 2)
        assert time.monotonic() - began >= 1
        eventually(lambda: "started again in 2 s" in caplog.text)
    assert "the worker ended by itself with 3; it is started again in 1 s" in caplog.text
    assert len(noted(file)) == 2


def test_stop_ends_the_process_and_is_no_accident(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "ids"
    with running(noting(file, "exec sleep 60")):
        eventually(lambda: len(noted(file)) == 1)
    assert not alive(noted(file)[0])
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_stop_does_not_wait_for_a_pause_to_end(tmp_path: Path) -> None:
    file = tmp_path / "ids"
    with running(noting(file, "exit 1")) as companion:
        eventually(lambda: len(noted(file)) == 2)
        began = time.monotonic()
        companion.stop()
        assert time.monotonic() - began < 1


def test_process_that_cannot_be_started_is_told_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    program, file = tmp_path / "program", tmp_path / "ids"
    with running([str(program)]):
        eventually(lambda: "the worker could not be started; it is started again in 1 s" in caplog.text)
        program.write_text(f'#!/bin/sh\necho $$ >> "{file}"\nexec sleep 60\n')
        program.chmod(0o755)
        eventually(lambda: len(noted(file)) == 1)


def test_companion_notices_the_end_of_its_parent() -> None:
    code = WAIT_FOR_END + "end_with_parent(ended.set); print(1, flush=True); ended.wait(); os._exit(7)"
    environ = {**os.environ, "FEEDSERVICE_ATTACHED": "1", "PYTHONPATH": str(Path(__file__).parent.parent)}
    child = subprocess.Popen(python(code), env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stdout.readline() == b"1\n"
    assert child.poll() is None
    child.stdin.close()
    assert child.wait(30) == 7
    child.stdout.close()


def test_process_that_nobody_attached_does_not_listen_to_its_input() -> None:
    """Started by hand or by an init system with its input closed, it goes on."""
    before = threading.active_count()
    end_with_parent(lambda: pytest.fail("it was ended"), {})
    assert threading.active_count() == before
