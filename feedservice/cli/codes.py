"""How a command ends."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of all commands."""

    DONE = 0
    FOUND = 1
    USAGE = 2
    INTERRUPTED = 130


MEANINGS: Mapping[ExitCode, str] = {
    ExitCode.DONE: "done, and nothing is wrong",
    ExitCode.FOUND: "done, and something is wrong: a fault in the configuration that was to be checked, a source that "
    "cannot be read, a feed that failed its checks, a service that is not ready, an article that is not there, a store "
    "or a place for exports that cannot be used",
    ExitCode.USAGE: "not begun: an unknown command, option, source or feed, or a configuration that is wrong",
    ExitCode.INTERRUPTED: "stopped by Ctrl-C",
}
