"""The documentation says what the program does: every setting, command, option and exit code; its examples work."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
import yaml
from pydantic import BaseModel

from feedservice.cli.codes import ExitCode
from feedservice.cli.commands import feedservice
from feedservice.cli.reference import documents, filled, schema_text
from feedservice.config.reading import load
from feedservice.config.settings import SelectionSettings, Settings, SourceSettings
from feedservice.export import Exported
from feedservice.extract.page.dom import parse
from feedservice.extract.rules import select_text
from feedservice.sources import KINDS
from feedservice.sources.json_api.jmespaths import follow

ROOT = Path(__file__).parent.parent
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
HOW = "run: python -m feedservice.cli.reference"
YAML_BLOCKS = re.findall(r"```yaml\n(.*?)```", CONFIGURATION, re.DOTALL)


def every_command(group: click.Group, path: str = "feedservice") -> Iterator[tuple[str, click.Command]]:
    yield path, group
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


ALL_COMMANDS = list(every_command(feedservice))


@pytest.mark.parametrize("name", list(documents()))
def test_generated_parts_are_in_step(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text == filled(text, documents()[name]), HOW


def test_schema_file_is_in_step() -> None:
    assert (ROOT / "config.schema.json").read_text(encoding="utf-8") == schema_text(), HOW


@pytest.mark.parametrize("section", list(Settings.model_fields))
def test_every_setting_is_documented(section: str) -> None:
    chapter = CONFIGURATION.partition(f"### `{section}`\n")[2].partition("\n### ")[0]
    model: type[BaseModel] = SelectionSettings if section == "selections" else type(getattr(Settings(), section))
    assert [
        name for name in model.model_fields if f"| `{name}` |" not in chapter and f"| `{name}." not in chapter
    ] == []


def test_every_common_setting_of_sources_is_documented() -> None:
    chapter = CONFIGURATION.partition("## Sources\n")[2].partition("\n## ")[0]
    assert [name for name in SourceSettings.model_fields if f"| `{name}" not in chapter] == []


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_setting_of_every_kind_is_documented_and_explained(kind: str) -> None:
    chapter = CONFIGURATION.partition(f"### `kind: {kind}`\n")[2].partition("\n### ")[0]
    fields = KINDS[kind].options.model_fields
    assert [name for name in fields if f"| `{name}" not in chapter] == []
    assert [name for name, field in fields.items() if not field.description] == []


@pytest.mark.parametrize(("name", "command"), ALL_COMMANDS, ids=[name for name, _ in ALL_COMMANDS])
def test_every_document_of_json_is_described(name: str, command: click.Command) -> None:
    if any("--json" in option.opts for option in command.params):
        assert f"| `{name.removeprefix('feedservice ')} --json` |" in COMMANDS


def test_every_field_of_an_exports_json_is_described() -> None:
    row = next(line for line in COMMANDS.splitlines() if line.startswith("| `export --json`"))
    assert [field.name for field in fields(Exported) if f'"{field.name}"' not in row] == []


@pytest.mark.parametrize(("name", "command"), ALL_COMMANDS, ids=[name for name, _ in ALL_COMMANDS])
def test_every_command_and_option_is_documented(name: str, command: click.Command) -> None:
    chapter = COMMANDS.partition(f"### `{name}`\n")[2].partition("\n### ")[0]
    assert command.help
    assert command.help in chapter
    options = [option for param in command.params if isinstance(param, click.Option) for option in param.opts]
    assert [option for option in options if option not in chapter and f"`{option}" not in COMMANDS] == []


def test_every_exit_code_is_documented() -> None:
    rows = re.findall(r"^\| (\d+) \|", COMMANDS, re.MULTILINE)
    assert [int(row) for row in rows] == [code.value for code in ExitCode]


@pytest.mark.parametrize("section", sorted(set(Settings.model_fields) - {"sources", "selections"}))
def test_every_default_that_is_told_may_stand_in_the_file(section: str, tmp_path: Path) -> None:
    """Who copies one out of the reference, or has an editor fill it in, is not refused it."""
    told = {name: node["default"] for name, node in _settings_in_schema(section).items() if node.get("default")}
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump({section: told}, allow_unicode=True), encoding="utf-8")
    assert getattr(load(str(path), {}, KINDS).settings, section) == getattr(Settings(), section)


def _settings_in_schema(section: str) -> dict[str, dict[str, object]]:
    schema = json.loads(schema_text())
    node = schema["properties"][section]
    while "properties" not in node:
        reference = node.get("$ref") or next(each["$ref"] for each in node["anyOf"] if "$ref" in each)
        node = schema["$defs"][reference.rpartition("/")[2]]
    properties: dict[str, dict[str, object]] = node["properties"]
    return properties


@pytest.mark.parametrize("block", YAML_BLOCKS, ids=range(len(YAML_BLOCKS)))
def test_every_example_is_a_configuration(block: str, tmp_path: Path) -> None:
    secret = tmp_path / "cookie"
    secret.write_text("a=b")
    path = tmp_path / "config.yaml"
    path.write_text(block.replace("/run/secrets/members-cookie", str(secret)), encoding="utf-8")
    assert load(str(path), {"POSTGRES_PASSWORD": "x"}, KINDS)


def test_every_form_of_selector_finds_what_the_table_says() -> None:
    """On the pieces that stand before the table."""
    chapter = CONFIGURATION.partition("| form | written | finds |\n")
    page, row = re.findall(r"`([<{].*?)`", chapter[0])[-2:]
    forms = re.findall(r"^\| (\S+).* \| `(.*?)` \| `(.*?)` \|$", chapter[2].partition("\n\n")[0], re.MULTILINE)
    assert [form for form, _, _ in forms] == ["CSS:", "CSS,", "`xpath:`", "`regex:`", "`text:`", "JMESPath,"]
    tree = parse(page)
    for form, written, finds in forms:
        path = follow(written, "author") if form.startswith("JMESPath") else None
        found = path(json.loads(row)) if path else select_text([written], tree, page)[0]
        assert (written, found) == (written, finds)


@pytest.mark.parametrize(
    "page", [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"], ids=lambda page: page.name
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_test_that_conformance_is_held_by_exists() -> None:
    text = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+\.py)(?:::(test_\w+))?`", text))
    assert len(named) > 80
    for file, test in sorted(named):
        source = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert not test or f"\ndef {test}(" in source, f"{file}::{test}"
