"""The tables of docs/configuration.md, made from the models."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import cast

from pydantic import BaseModel

from feedservice.config import shapes
from feedservice.config.marks import Place
from feedservice.config.settings import SelectionSettings, Settings, SourceSettings
from feedservice.protocols import SourceKind


def settings_reference(kinds: Mapping[str, SourceKind]) -> dict[str, str]:
    """Markdown by the name of its block: `sections`, `source` and `kinds`; equal models give equal text."""
    sections = [
        f"### `{name}`\n\n{_sentence(field.annotation)}\n\n{_table(Settings, (name,))}"
        for name, field in Settings.model_fields.items()
        if name != "selections"
    ]
    sections.append(f"### `selections`\n\n{_sentence(SelectionSettings)}\n\n{_table(SelectionSettings, ())}")
    of_kinds = [
        f"### `kind: {kind.name}`\n\n{_sentence(kind.options)}\n\n{_table(kind.options, ())}" for kind in kinds.values()
    ]
    return {
        "sections": "\n\n".join(sections),
        "source": _table(SourceSettings, ()),
        "kinds": "\n\n".join(of_kinds),
    }


def _sentence(model: object) -> str:
    text = (model.__doc__ or "") if isinstance(model, type) else ""
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _table(model: type[BaseModel], top: Place) -> str:
    lines = ["| setting | what it is | allowed | default |", "|---|---|---|---|"]
    for place, node in _leaves(shapes.schema_of(model), top):
        name = ".".join(map(str, place[len(top) :]))
        cells = (
            f"`{name}`",
            str(node.get("description", "")),
            shapes.words(shapes.schema_of(model), place),
            _default(node),
        )
        lines.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
    return "\n".join(lines)


def _leaves(root: shapes.Node, place: Place) -> Iterator[tuple[Place, shapes.Node]]:
    for name in shapes.names(root, place):
        here: Place = (*place, name)
        node = shapes.walk(root, here)
        if shapes.names(root, here):
            yield from _leaves(root, here)
        else:
            required = name in cast("list[str]", _holder(root, place).get("required", []))
            yield here, {**(node or {}), **({"required": True} if required else {})}


def _holder(root: shapes.Node, place: Place) -> shapes.Node:
    return next(shapes.branches(root, shapes.walk(root, place)), {})


def _default(node: shapes.Node) -> str:
    if node.get("required") is True:
        return "(required)"
    value = node.get("default")
    if value in (None, "", [], {}):
        return ""
    return f"`{value}`" if isinstance(value, str) else f"`{json.dumps(value, ensure_ascii=False)}`"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
