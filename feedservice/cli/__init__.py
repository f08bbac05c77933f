"""The command line. Every command asks `assembly` to do the work, says what came of it, and turns it into an exit code.

Data goes to stdout, talk to stderr. Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

from collections.abc import Sequence


def main(args: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    from feedservice.cli.entry import main as enter

    return enter(args)
