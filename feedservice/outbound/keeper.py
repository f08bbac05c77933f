"""Keeps a browser for a service that may end at any moment, killed included: a program of its own, run beside it.

    python keeper.py FOLDER COMMAND ...

It runs COMMAND until that ends, or its own standard input does, which a service that is gone has let go of. Then it
kills COMMAND with all its processes, and removes FOLDER.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

_LOOK = 0.1
_MOST_TRIES = 50


def keep(folder: str, command: Sequence[str]) -> None:
    """Run a command as long as it is wanted."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - no shell
    while process.poll() is None and not select.select([sys.stdin], [], [], _LOOK)[0]:
        pass
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for _ in range(_MOST_TRIES):  # what has just been killed may still be writing
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.exists(folder):  # noqa: PTH110 - this starts for each page: pathlib takes longer than all of it
            break
        time.sleep(_LOOK)


if __name__ == "__main__":
    keep(sys.argv[1], sys.argv[2:])
