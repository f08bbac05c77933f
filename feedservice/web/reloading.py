"""SIGHUP: new serving processes take the place of the present ones, once it is found that they would start."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_log = logging.getLogger(__name__)
_PATIENCE = 20.0
"""How long a check may take, in seconds; whoever ends the service gives it more."""


class Reloading:
    """What SIGHUP does. checking: a command that ends with 0 where new processes would start; else it says why not.

    It is another process, so that this one need not hold what reads a configuration. replace: begins the replacement.
    """

    def __init__(self, checking: Sequence[str], replace: Callable[[], None]) -> None:
        self._checking = checking
        self._replace = replace
        self._busy = False
        self._again = False

    def listen(self) -> None:
        """Heed SIGHUP from now on, and one that has waited for it. In the main thread only."""
        signal.signal(signal.SIGHUP, self._hang_up)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGHUP])

    def _hang_up(self, number: int, frame: FrameType | None) -> None:
        # A second signal comes in the middle of the check for the first one: its file may be newer than what was read.
        self._again = True
        if self._busy:
            return
        self._busy, reason = True, ""
        try:
            while self._again:
                self._again = False
                reason = _refusal(self._checking)
        finally:
            self._busy = False
        if reason:
            _log.error("the serving processes stay as they are, since new ones could not serve:\n%s", reason)
        else:
            _log.info(
                "the configuration is good: the serving processes are replaced one by one; a worker stays as it is"
            )
            self._replace()


def _refusal(command: Sequence[str]) -> str:
    """Why new processes would not start; "" where they would."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, errors="replace", timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if not done.returncode:
        return ""
    return done.stderr.strip() or f"the check ended with {done.returncode}"
