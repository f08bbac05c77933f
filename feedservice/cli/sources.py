"""How the service on this machine is, and how its sources are."""

from __future__ import annotations

import os

import click

from feedservice.cli.codes import ExitCode
from feedservice.cli.group import Command, Manner, json_option, shared_options
from feedservice.cli.steps import check_sources, complete_source


@click.command(cls=Command, examples=("feedservice health", "feedservice health --sources", "feedservice health news"))
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=complete_source)
@click.option("--sources", "all_of_them", is_flag=True, help="Tell how every source is, too.")
@json_option
@shared_options
@click.pass_obj
def health(manner: Manner, names: tuple[str, ...], all_of_them: bool, as_json: bool) -> int:
    """Ask whether the local service is ready, and how sources are."""
    from feedservice import assembly
    from feedservice.cli import telling
    from feedservice.cli.health import ask

    config = assembly.load_config(manner.config, os.environ, fetches=False)
    check_sources(names, config)
    answer = ask(config.settings.server.host, config.settings.server.port)
    if not names and not all_of_them:
        telling.health(answer, as_json=as_json)
        return ExitCode.DONE if answer.ready else ExitCode.FOUND
    states = assembly.states(config, names)
    telling.health(answer, states, as_json=as_json)
    wrong = not answer.ready or any(state.health == "broken" for state in states)
    return ExitCode.FOUND if wrong else ExitCode.DONE
