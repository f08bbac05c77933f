"""The commands. Each asks `assembly` for the work; what it says is written in `telling`."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Sequence, Set
from functools import partial
from typing import TYPE_CHECKING, NoReturn

import click

from feedservice import __version__
from feedservice.cli.articles import history, withdraw
from feedservice.cli.codes import ExitCode
from feedservice.cli.group import Command, Group, Manner, json_option, shared_options
from feedservice.cli.past import explain, reextract
from feedservice.cli.sources import health
from feedservice.cli.steps import check_sources, complete_source, open_screen, read_web_address
from feedservice.cli.stores import adopt

if TYPE_CHECKING:
    from feedservice.config.reading import Config

_SETTINGS = {"help_option_names": ["-h", "--help"]}


@click.group(
    cls=Group,
    context_settings=_SETTINGS,
    examples=("feedservice run", "feedservice preview https://www.example.org/news/"),
)
@shared_options
@click.version_option(__version__, "--version", prog_name="feedservice", message="%(prog)s %(version)s")
def feedservice() -> None:
    """Turn sites, feeds, APIs and folders into RSS, Atom and JSON Feed."""


# ------------------------------------------------------------------------------------------------ roles


@feedservice.command(examples=("feedservice run", "PORT=8080 feedservice --config my.yaml run"))
@shared_options
@click.pass_obj
def run(manner: Manner) -> None:
    """Serve feeds and read sources: the whole service."""
    _stand("run", _begin_role(manner), manner)


@feedservice.command(examples=("feedservice serve",))
@shared_options
@click.pass_obj
def serve(manner: Manner) -> None:
    """Serve feeds only; any number of these may share a store."""
    _stand("serve", _begin_role(manner, working=False), manner)


@feedservice.command(examples=("feedservice work",))
@shared_options
@click.pass_obj
def work(manner: Manner) -> int:
    """Read sources and write feeds only; one at a time on a store."""
    from feedservice import assembly

    config = _begin_role(manner)
    return assembly.work(config)


# ------------------------------------------------------------------------------------------------ looking


@feedservice.command(examples=("feedservice check", "feedservice check --json --config my.yaml"))
@json_option
@shared_options
@click.pass_obj
def check(manner: Manner, as_json: bool) -> int:
    """Tell everything that is wrong with the configuration."""
    from feedservice import assembly
    from feedservice.cli import telling
    from feedservice.errors import ConfigError

    try:
        config = assembly.load_config(manner.config, os.environ)
    except ConfigError as error:
        telling.faults(error.faults, as_json=as_json)
        return ExitCode.FOUND
    telling.no_faults(config, as_json=as_json)
    return ExitCode.DONE


@feedservice.command(
    examples=(
        "feedservice preview news",
        "feedservice preview news --automatic",
        "feedservice preview https://www.example.org/news/ --limit 3",
    ),
)
@click.argument("source", metavar="NAME|URL", shell_complete=complete_source)
@click.option(
    "--limit", metavar="N", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many to list."
)
@click.option("--automatic", is_flag=True, help="Leave its selectors out, and tell the configuration without them.")
@json_option
@shared_options
@click.pass_obj
def preview(manner: Manner, source: str, limit: int, automatic: bool, as_json: bool) -> int:
    """Show what a source would bring; nothing is stored."""
    from feedservice import assembly
    from feedservice.cli import telling
    from feedservice.cli.interrupt import interruptible

    screen = open_screen(manner, "reading the configuration")
    config = assembly.load_config(manner.config, os.environ)
    if any(sign in source for sign in ".:/"):  # which no source's name has
        source = read_web_address(source)
    else:
        check_sources([source], config)
    with interruptible(screen.say):
        screen.begin(f"reading {source}")
        try:
            report = assembly.preview(config, source, limit, automatic=automatic)
        finally:
            screen.end()
    telling.preview(report, as_json=as_json)
    return ExitCode.DONE if report.offers else ExitCode.FOUND


@feedservice.group("config", cls=Group, examples=("feedservice config show --origin",))
@shared_options
def config_group() -> None:
    """Look at the configuration as it is understood."""


@config_group.command(cls=Command, examples=("feedservice config show", "feedservice config show --origin --json"))
@click.option("--origin", is_flag=True, help="Where each value comes from: a line, a variable, the default.")
@json_option
@shared_options
@click.pass_obj
def show(manner: Manner, origin: bool, as_json: bool) -> int:
    """Print every setting with its value; secrets are covered."""
    from feedservice import assembly
    from feedservice.cli import telling

    telling.settings(assembly.load_config(manner.config, os.environ, fetches=False), origin=origin, as_json=as_json)
    return ExitCode.DONE


@config_group.command(cls=Command, examples=("feedservice config schema > config.schema.json",))
@shared_options
def schema() -> int:
    """Print the JSON Schema of the configuration, for editors."""
    from feedservice.cli import telling
    from feedservice.config.schema import json_schema
    from feedservice.sources import KINDS

    telling.as_json(json_schema(KINDS))
    return ExitCode.DONE


feedservice.add_command(health)


# ------------------------------------------------------------------------------------------------ working


@feedservice.command(examples=("feedservice refresh news", "feedservice refresh"))
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=complete_source)
@json_option
@shared_options
@click.pass_obj
def refresh(manner: Manner, names: tuple[str, ...], as_json: bool) -> int:
    """Read sources now, and write the feeds that this changes."""
    from feedservice import assembly
    from feedservice.cli import telling
    from feedservice.cli.interrupt import interruptible

    screen = open_screen(manner, "reading the configuration")
    config = assembly.load_config(manner.config, os.environ)
    check_sources(names, config)
    with interruptible(screen.say):
        try:
            reports = assembly.refresh(config, tuple(dict.fromkeys(names)), screen.step)
        finally:
            screen.end()
    telling.refreshed(reports, as_json=as_json)
    return ExitCode.FOUND if any(report.failed for report in reports) else ExitCode.DONE


@feedservice.command(examples=("feedservice rebuild", "feedservice rebuild all news"))
@click.argument("names", metavar="[FEED]...", nargs=-1)
@json_option
@shared_options
@click.pass_obj
def rebuild(manner: Manner, names: tuple[str, ...], as_json: bool) -> int:
    """Write feeds anew; what comes out the same stays untouched."""
    from feedservice import assembly
    from feedservice.cli import telling
    from feedservice.cli.interrupt import interruptible
    from feedservice.errors import StoreBusy

    screen = open_screen(manner, "reading the configuration")
    config = assembly.load_config(manner.config, os.environ, fetches=False)
    with interruptible(screen.say):
        try:
            wanted = tuple(dict.fromkeys(names))
            published = assembly.rebuild(config, wanted, screen.step, partial(_check_feeds, names))
        except StoreBusy:
            _check_feeds(names, assembly.feed_names(config))
            raise
        finally:
            screen.end()
    telling.rebuilt(published, as_json=as_json)
    return ExitCode.FOUND if any(result.failures for result in published) else ExitCode.DONE


@feedservice.command(examples=("feedservice export public", "feedservice export s3://feeds-example/v1 --json"))
@click.argument("to", metavar="[DIR|s3://BUCKET/PREFIX]", required=False, type=click.Path(readable=False))
@json_option
@shared_options
@click.pass_obj
def export(manner: Manner, to: str | None, as_json: bool) -> int:
    """Write all feeds as files, for web servers; touches what changed."""
    from feedservice import assembly
    from feedservice.cli import telling
    from feedservice.cli.interrupt import interruptible

    screen = open_screen(manner, "reading the configuration")
    config = assembly.load_config(manner.config, os.environ, fetches=False)
    target = to or assembly.configured_target(config)
    if target is None:
        raise click.UsageError("Say where to: feedservice export DIR, or export.to in the configuration.")
    scheme, mark, _ = target.partition("://")
    if mark and scheme.isalnum() and scheme != "s3":
        raise click.UsageError(f"Nothing can be exported to {scheme}://, only to a folder or s3://BUCKET/PREFIX.")
    with interruptible(screen.say):
        screen.begin(f"exporting to {target}")
        try:
            told = assembly.export(config, target)
        finally:
            screen.end()
    telling.exported(told, as_json=as_json)
    return ExitCode.FOUND if told.refused or told.damaged else ExitCode.DONE


feedservice.add_command(withdraw)
feedservice.add_command(history)
feedservice.add_command(explain)
feedservice.add_command(reextract)
feedservice.add_command(adopt)


# ------------------------------------------------------------------------------------------------ shared steps


def _check_feeds(names: Sequence[str], known: Set[str]) -> None:
    missing = [name for name in names if name not in known]
    if missing:
        raise click.UsageError(f"No such feed: {', '.join(missing)}.")


def _begin_role(manner: Manner, *, working: bool = True) -> Config:
    from feedservice import assembly
    from feedservice.cli.screen import Screen, send_log_to

    # Waits until there is an ear for it: it would end what is only starting, and nobody would start that again.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])
    screen = Screen(quiet=manner.quiet, plain=True)
    config = assembly.load_config(manner.config, os.environ, fetches=working)
    send_log_to(screen, logging.WARNING if manner.quiet else logging.INFO, dated=True)
    return config


def _stand(role: str, config: Config, manner: Manner) -> NoReturn:
    from feedservice import assembly
    from feedservice.cli.standing import give_way

    assembly.open_store(config).close()
    server = config.settings.server
    give_way(
        role,
        config.path,
        host=server.host,
        port=server.port,
        processes=server.processes,
        limited=server.per_hour is not None,
        quiet=manner.quiet,
    )
