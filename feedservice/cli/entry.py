"""From what was typed to an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from feedservice.cli.codes import ExitCode
from feedservice.errors import ConfigError, FeedserviceError


def main(args: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. A bug is not caught: it shows its traceback and ends with 1."""
    from feedservice.cli.commands import feedservice

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        if "_FEEDSERVICE_COMPLETE" in os.environ:
            feedservice.main(args, prog_name="feedservice")
        with feedservice.make_context("feedservice", list(sys.argv[1:] if args is None else args)) as context:
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
    except FeedserviceError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return ExitCode.FOUND
    except (KeyboardInterrupt, click.Abort):
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has had enough of it; nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    return int(code or ExitCode.DONE)
