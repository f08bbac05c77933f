"""The commands about pages that were kept."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

import click

from feedservice.cli.codes import ExitCode
from feedservice.cli.group import Command, Manner, json_option, shared_options
from feedservice.cli.steps import check_sources, complete_source, open_screen

if TYPE_CHECKING:
    from feedservice.operating.reextract import Reread


@click.command(
    cls=Command,
    examples=("feedservice reextract news --dry-run", "feedservice reextract news"),
)
@click.argument("name", metavar="NAME", shell_complete=complete_source)
@click.option("--dry-run", is_flag=True, help="Show what would change, and store nothing.")
@json_option
@shared_options
@click.pass_obj
def reextract(manner: Manner, name: str, dry_run: bool, as_json: bool) -> int:
    """Apply changed rules to what was read before; nobody is asked."""
    from feedservice import assembly
    from feedservice.cli import chronicle
    from feedservice.cli.interrupt import interruptible
    from feedservice.cli.screen import is_lively

    screen = open_screen(manner, "reading the configuration")
    config = assembly.load_config(manner.config, os.environ, fetches=False)
    check_sources([name], config)
    lively = is_lively(sys.stdout, os.environ, plain=manner.plain)
    told: list[Reread] = []

    def tell(article: Reread) -> None:
        if as_json:
            told.append(article)
            return
        screen.end()
        chronicle.reread(article, lively=lively)

    with interruptible(screen.say):
        try:
            result = assembly.reextract(config, name, dry_run=dry_run, step=screen.step, tell=tell)
        finally:
            screen.end()
    chronicle.reextracted(result, told, as_json=as_json)
    return ExitCode.FOUND if result.refused else ExitCode.DONE


@click.command(
    cls=Command,
    examples=("feedservice explain https://www.example.org/news/1.html",),
)
@click.argument("id", metavar="ID")
@json_option
@shared_options
@click.pass_obj
def explain(manner: Manner, id: str, as_json: bool) -> int:
    """Tell how each field of an article was found, and why its dates."""
    from feedservice import assembly
    from feedservice.cli import chronicle
    from feedservice.cli.screen import Screen, send_log_to

    send_log_to(Screen(quiet=manner.quiet, plain=manner.plain), logging.WARNING, dated=False)
    article, explanation = assembly.explain(assembly.load_config(manner.config, os.environ, fetches=False), id)
    if article is None or explanation is None:
        chronicle.unknown(id)
        return ExitCode.FOUND
    chronicle.explained(explanation, as_json=as_json)
    return ExitCode.FOUND if explanation.problem else ExitCode.DONE
