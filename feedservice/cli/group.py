"""How commands look: a sentence, examples, then usage and options; and the options that all of them take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import click

SHARED = ("config", "quiet", "plain", "help")
_Function = TypeVar("_Function", bound=Callable[..., object])


@dataclass(slots=True)
class Manner:
    """How the user wants a command to behave. config: the file, None where it was not named."""

    config: str | None = None
    quiet: bool = False
    plain: bool = False


class Command(click.Command):
    """A command with examples."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.examples = tuple(examples)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help: the sentence and the examples come first."""
        _write_head(self.help or "", self.examples, formatter)
        self.format_usage(ctx, formatter)
        self.format_options(ctx, formatter)


class Group(click.Group):
    """A command of commands, with examples."""

    command_class = Command

    def __init__(self, *args: Any, examples: Sequence[str] = (), **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.examples = tuple(examples)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help: the sentence and the examples come first, then the commands in the order of their use."""
        _write_head(self.help or "", self.examples, formatter)
        self.format_usage(ctx, formatter)
        rows = [(name, self.commands[name].get_short_help_str(80)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
        click.Command.format_options(self, ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order in which they were defined."""
        return list(self.commands)


Group.group_class = Group


def _write_head(sentence: str, examples: Sequence[str], formatter: click.HelpFormatter) -> None:
    formatter.write_text(sentence)
    formatter.write_paragraph()
    for example in examples:
        formatter.write(f"  {example}\n")
    formatter.write_paragraph()


def shared_options(function: _Function) -> _Function:
    """The options that every command takes, and the program itself before the command."""
    for decorate in (
        click.option("--no-color", "plain", is_flag=True, expose_value=False, callback=_note, help="Plain text only."),
        click.option(
            "-q", "--quiet", is_flag=True, expose_value=False, callback=_note, help="Say what is wrong, no more."
        ),
        click.option(
            "-c",
            "--config",
            metavar="FILE",
            expose_value=False,
            callback=_note,
            help="The configuration.  [config.yaml]",
        ),
    ):
        function = decorate(function)
    return function


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _note(ctx: click.Context, param: click.Parameter, value: object) -> None:
    manner = ctx.ensure_object(Manner)
    if value and param.name:
        setattr(manner, param.name, value)
