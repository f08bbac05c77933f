"""From what was typed to an exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import TextIO

import click

from feedservice.cli.codes import ExitCode
from feedservice.errors import ConfigError, FeedserviceError, StoreBusy

_NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO))
_BUSY = "wait for what it does by itself, or stop it (`work` or `run`) for this command"


def main(args: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. A bug is not caught: it shows its traceback and ends with 1."""
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(sys.argv[1:] if args is None else args)
    except BrokenPipeError:
        # Whoever read our output has had enough of it; nothing may be written at exit either.
        _leave(sys.stdout)
        return ExitCode.DONE
    except OSError as error:
        # What names a file is told by whoever opened it; a stream has none.
        if error.filename is not None or error.errno not in _NO_ROOM:
            raise
        print(f"error: the output cannot be written: {error.strerror}", file=sys.stderr)  # noqa: T201
        _leave(sys.stdout)
        return ExitCode.FOUND


def _run(args: Sequence[str]) -> int:
    from feedservice.cli.commands import feedservice

    try:
        if "_FEEDSERVICE_COMPLETE" in os.environ:
            feedservice.main(list(args), prog_name="feedservice")
        with feedservice.make_context("feedservice", list(args)) as context:
            code = feedservice.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show(sys.stderr)
        return ExitCode.USAGE
    except ConfigError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return ExitCode.USAGE
    except StoreBusy as error:
        print(f"error: {error}; {_BUSY}", file=sys.stderr)  # noqa: T201
        return ExitCode.FOUND
    except FeedserviceError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return ExitCode.FOUND
    except (KeyboardInterrupt, click.Abort):
        return ExitCode.INTERRUPTED
    return int(code or ExitCode.DONE)


def _open_streams() -> None:
    """Have what we were started without go nowhere: else the first file that is opened takes its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(descriptor, True)
            setattr(sys, name, os.fdopen(descriptor, mode))


def _leave(stream: TextIO) -> None:
    """Have what waits in a stream go nowhere, at exit too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
