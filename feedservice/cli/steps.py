"""Steps that several commands take."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from feedservice.cli.group import Manner

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from feedservice.cli.screen import Screen
    from feedservice.config.reading import Config


def open_screen(manner: Manner, doing: str) -> Screen:
    """What people see of a command, with its log, from now on."""
    from feedservice.cli.screen import Screen, send_log_to

    screen = Screen(quiet=manner.quiet, plain=manner.plain)
    send_log_to(screen, logging.ERROR if manner.quiet else logging.WARNING, dated=False)
    screen.begin(doing)
    return screen


def check_sources(names: Sequence[str], config: Config) -> None:
    """Refuse names that no source has. Raises UsageError with the nearest one."""
    from feedservice.config.wording import nearest

    for name in names:
        if name not in config.sources:
            close = nearest(name, config.sources)
            known = f"Did you mean {close!r}?" if close else f"There are: {', '.join(config.sources) or 'none'}."
            raise click.UsageError(f"No such source {name!r}. {known}")


def read_web_address(text: str) -> str:
    """The address that was typed or pasted. Raises UsageError for what cannot be read over HTTP."""
    from feedservice.config.masking import mask_address
    from feedservice.config.urls import check_address

    scheme, mark, rest = text.strip().partition("://")
    address = f"{scheme.lower()}{mark}{rest.replace(' ', '%20')}"
    problem = "" if address.isprintable() else "an address on one line, in letters that can be shown"
    try:
        check_address(address)
    except ValueError as error:
        problem = str(error)
    if problem:
        raise click.UsageError(f"{mask_address(text)!r} cannot be read: what can is {problem}.")
    return address


def complete_source(ctx: click.Context, param: click.Parameter, start: str) -> list[CompletionItem]:
    """Source names for the shell; nothing where the configuration cannot be read."""
    from pathlib import Path

    from click.shell_completion import CompletionItem

    from feedservice.config.marks import read_yaml

    manner = ctx.find_object(Manner) or Manner()
    path = Path(manner.config or os.environ.get("FEEDSERVICE_CONFIG") or "config.yaml")
    try:
        data = read_yaml(path.read_text("utf-8-sig"), str(path)).data
    except (OSError, ValueError):
        return []
    sources = data.get("sources") if isinstance(data, dict) else None
    return [CompletionItem(name) for name in sources or () if name.startswith(start)]
