"""The generated parts of the documentation: `python -m feedservice.cli.reference` writes them into the checkout.

config.schema.json, and in docs/configuration.md and docs/commands.md what stands between `<!-- begin NAME -->` and
`<!-- end NAME -->`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from feedservice.cli.codes import MEANINGS
from feedservice.cli.commands import feedservice
from feedservice.cli.group import SHARED, Command, Group


def commands_reference() -> dict[str, str]:
    """Markdown by the name of its block: `commands` and `codes`."""
    codes = ["| code | meaning |", "|---|---|", *(f"| {code.value} | {text} |" for code, text in MEANINGS.items())]
    sections = [_section(name, command) for name, command in _all(feedservice, "feedservice")]
    return {"commands": "\n\n".join(sections), "codes": "\n".join(codes)}


def documents() -> dict[str, dict[str, str]]:
    """For each document with generated parts, the parts by the name of their block."""
    from feedservice.config.reference import settings_reference
    from feedservice.sources import KINDS

    return {"docs/configuration.md": settings_reference(KINDS), "docs/commands.md": commands_reference()}


def schema_text() -> str:
    """What config.schema.json holds."""
    from feedservice.config.schema import json_schema
    from feedservice.sources import KINDS

    return json.dumps(json_schema(KINDS), ensure_ascii=False, indent=2) + "\n"


def filled(text: str, blocks: Mapping[str, str]) -> str:
    """A document with its blocks brought up to date. Raises ValueError when a block is not in it."""
    for name, block in blocks.items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
        if not pattern.search(text):
            raise ValueError(f"there is no block {begin}")
        text = pattern.sub(f"{begin}\n{block}\n{end}".replace("\\", r"\\"), text)
    return text


def main(root: Path) -> None:
    """Write all generated parts below `root`."""
    for name, blocks in documents().items():
        path = root / name
        path.write_text(filled(path.read_text(encoding="utf-8"), blocks), encoding="utf-8")
    (root / "config.schema.json").write_text(schema_text(), encoding="utf-8")


def _all(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, group
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _all(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _section(name: str, command: click.Command) -> str:
    examples = command.examples if isinstance(command, (Command, Group)) else ()
    context = click.Context(command, help_option_names=["-h", "--help"])
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [f"### `{name}`", "", command.help or "", "", "```sh", *examples, "```", "", f"Usage: `{name} {usage}`", ""]
    own = [param for param in command.get_params(context) if command is feedservice or param.name not in SHARED]
    rows = [record for param in own if (record := param.get_help_record(context)) is not None]
    if rows:
        lines += ["| option | what it does |", "|---|---|"]
        lines += [f"| `{option}` | {text} |".replace("|URL", "\\|URL") for option, text in rows]
    return "\n".join(lines).strip()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
