"""The commands about single articles."""

from __future__ import annotations

import logging
import os
import sys

import click

from feedservice.cli.codes import ExitCode
from feedservice.cli.group import Command, Manner, json_option, shared_options


@click.command(
    cls=Command,
    examples=("feedservice withdraw https://www.example.org/news/1.html",),
)
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@json_option
@shared_options
@click.pass_obj
def withdraw(manner: Manner, ids: tuple[str, ...], as_json: bool) -> int:
    """Take articles back, by id or address; readers are told."""
    from feedservice import assembly
    from feedservice.cli import chronicle
    from feedservice.cli.screen import Screen, send_log_to

    send_log_to(Screen(quiet=manner.quiet, plain=manner.plain), logging.WARNING, dated=False)
    result = assembly.withdraw(assembly.load_config(manner.config, os.environ, fetches=False), ids)
    chronicle.withdrawn(result, as_json=as_json)
    return ExitCode.FOUND if any(article.id is None for article in result.articles) else ExitCode.DONE


@click.command(
    cls=Command,
    examples=("feedservice history https://www.example.org/news/1.html",),
)
@click.argument("id", metavar="ID")
@json_option
@shared_options
@click.pass_obj
def history(manner: Manner, id: str, as_json: bool) -> int:
    """Show every version of an article, and what each one changed."""
    from feedservice import assembly
    from feedservice.cli import chronicle
    from feedservice.cli.screen import is_lively

    article, revisions = assembly.history(assembly.load_config(manner.config, os.environ, fetches=False), id)
    if article is None:
        chronicle.unknown(id)
        return ExitCode.FOUND
    chronicle.history(article, revisions, as_json=as_json, lively=is_lively(sys.stdout, os.environ, plain=manner.plain))
    return ExitCode.DONE
