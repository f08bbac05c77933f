"""The command line. Every command asks `assembly` to do the work, says what came of it, and turns it into an exit code.

Data goes to stdout, talk to stderr. Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

from feedservice.cli.entry import main

__all__ = ["main"]
