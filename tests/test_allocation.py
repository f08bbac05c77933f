"""A process that held large documents gives the room back when they are gone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from feedservice.running.allocation import then_release

_SCENE = """
from pathlib import Path
from feedservice.running.allocation import give_back, release

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1])

give_back()
before = resident()
held = [bytes(200_000) for _ in range(300)] + [bytes(3_000) for _ in range(20_000)]
most = resident()
last = held[-1]
del held
release()
print(resident() - before < (most - before) / 4)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux tells how much is resident")
def test_freed_documents_are_given_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", _SCENE], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_a_task_that_is_followed_by_a_release_answers_and_fails_as_before() -> None:
    assert then_release(lambda: 7)() == 7
    with pytest.raises(ValueError, match="no"):
        then_release(lambda: int("no"))()
