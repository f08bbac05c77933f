"""The process that stands for the service as long as it runs: it holds no more than it needs to keep others running.

What checks the configuration and the store holds 25 MB of modules when it is done, so it gives way (`execv`: the same
process in the eyes of whoever started it) to a program that never loads them.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from feedservice.cli.codes import ExitCode


def give_way(
    role: str, config_path: str, *, host: str, port: int, processes: int, limited: bool, quiet: bool
) -> NoReturn:
    """Become the process that stands for `role` ("run" or "serve"), which is served at that address."""
    words = [role, config_path, host, str(port), str(processes)]
    words += [word for word, said in (("limited", limited), ("quiet", quiet)) if said]
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os.execv(sys.executable, [sys.executable, "-m", __name__, *words])  # noqa: S606


def main(words: Sequence[str]) -> int:
    """Stand for a role, by what `give_way` said, until told to stop; returns the exit code.

    "check" and a configuration: see whether a serving process would start by it; 0 when it would.
    """
    from feedservice.errors import ConfigError, FeedserviceError

    try:
        if words[0] == "check":
            from feedservice import assembly

            assembly.check_serving(words[1])
            return ExitCode.DONE
        return _stand(*words)
    except ConfigError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return ExitCode.USAGE
    except FeedserviceError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return ExitCode.FOUND
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


def _stand(role: str, config_path: str, host: str, port: str, processes: str, *more: str) -> int:
    from feedservice import assembly
    from feedservice.cli.health import address_of
    from feedservice.cli.screen import Screen, send_log_to

    screen = Screen(quiet="quiet" in more, plain=True)
    send_log_to(screen, logging.WARNING if "quiet" in more else logging.INFO, dated=True)
    here = f"http://{address_of(host, int(port))}"
    stand = {"run": assembly.run, "serve": assembly.serve}[role]

    def greet() -> None:
        # Where the log's disk is full, feeds can be served all the same.
        with suppress(OSError):
            screen.note(f"{here}/ lists the feeds; {here}/feeds/all.atom has everything. Ctrl-C stops.")

    return stand(
        config_path,
        host=host,
        port=int(port),
        processes=int(processes),
        limited="limited" in more,
        checking=[sys.executable, "-m", "feedservice.cli.standing", "check", config_path],
        listening=greet,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
