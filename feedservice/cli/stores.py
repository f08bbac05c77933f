"""The command about whole stores."""

from __future__ import annotations

import os

import click

from feedservice.cli.codes import ExitCode
from feedservice.cli.group import Command, Manner, json_option, shared_options
from feedservice.cli.steps import open_screen


@click.command(
    cls=Command,
    examples=("feedservice adopt old.yaml", "feedservice --config new.yaml adopt config.yaml"),
)
@click.argument("origin", metavar="FILE", type=click.Path())
@json_option
@shared_options
@click.pass_obj
def adopt(manner: Manner, origin: str, as_json: bool) -> int:
    """Take over all that the store of another configuration holds."""
    from feedservice import assembly
    from feedservice.cli import telling
    from feedservice.cli.interrupt import interruptible
    from feedservice.config.environment import STORE_URL

    screen = open_screen(manner, "reading the configurations")
    config = assembly.load_config(manner.config, os.environ, fetches=False)
    # The variable says which store is used from now on; the other one stands in its file.
    others = {name: value for name, value in os.environ.items() if not name.startswith(STORE_URL)}
    before = assembly.load_config(origin, others, fetches=False)
    with interruptible(screen.say):
        try:
            copied = assembly.adopt(config, before, screen.step)
        finally:
            screen.end()
    telling.adopted(copied, as_json=as_json)
    return ExitCode.DONE
