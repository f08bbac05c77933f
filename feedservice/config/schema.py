"""The JSON Schema of config.yaml (draft 2020-12), made from the same models that check it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from feedservice.config.addresses import RESERVED
from feedservice.config.settings import Settings, SourceSettings
from feedservice.config.shapes import AsWritten
from feedservice.config.values import LONGEST_NAME, NAME_PATTERN
from feedservice.protocols import SourceKind

Json = dict[str, object]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_VARIABLE = "variable"
_COMMON = "source-of-any-kind"
_BOUNDS = ("pattern", "minLength", "maxLength", "enum", "const")


def json_schema(kinds: Mapping[str, SourceKind]) -> Json:
    """The schema of a configuration with these kinds of sources; equal kinds give equal schemas.

    It accepts what the loader accepts, and refuses what the loader refuses but for checks that no schema can say: time
    zones, what a cron line means, selectors' syntax, hosts, the exact bounds of durations, and duplicate keys.
    """
    models: list[type[BaseModel]] = [Settings, SourceSettings, *(kind.options for kind in kinds.values())]
    references, whole = models_json_schema([(model, "validation") for model in models], schema_generator=AsWritten)
    definitions = {name: _tidy(node) for name, node in cast("dict[str, Json]", whole["$defs"]).items()}
    names = {model: str(references[model, "validation"]["$ref"]).rpartition("/")[2] for model in models}
    settings, common = definitions.pop(names[Settings]), definitions.pop(names[SourceSettings])
    for kind in kinds.values():
        definitions[f"source-{kind.name}"] = _source(kind, common, definitions.pop(names[kind.options]))
    definitions[_COMMON] = common
    definitions["source"] = _any_source(kinds)
    definitions[_VARIABLE] = {
        "type": "string",
        "pattern": r"\$\{",
        "description": "A value from the environment: ${NAME}, ${NAME:-default} or ${file:PATH}.",
    }
    properties = {**cast("Json", settings["properties"]), "sources": _sources()}
    return {
        "$schema": _DIALECT,
        "title": "feedservice configuration",
        "description": "What feedservice reads and serves; docs/configuration.md has every setting.",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "$defs": dict(sorted(definitions.items())),
    }


def _sources() -> Json:
    names: Json = {"pattern": NAME_PATTERN, "maxLength": LONGEST_NAME, "not": {"enum": list(RESERVED)}}
    return {
        "description": "Where articles come from, by name; the name is part of the feed's address.",
        "type": ["object", "null"],
        "propertyNames": names,
        "additionalProperties": {"$ref": "#/$defs/source"},
    }


def _any_source(kinds: Mapping[str, SourceKind]) -> Json:
    named = [{"const": kind.name, "description": kind.summary} for kind in kinds.values()]
    return {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"oneOf": named}},
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
                "then": {"$ref": f"#/$defs/source-{name}"},
            }
            for name in kinds
        ],
    }


def _source(kind: SourceKind, common: Json, options: Json) -> Json:
    shared = {name: {"$ref": f"#/$defs/{_COMMON}/properties/{name}"} for name in cast("Json", common["properties"])}
    given = {"not": {"type": "null"}}
    return {
        "description": kind.summary,
        "type": "object",
        "additionalProperties": False,
        "properties": {**shared, **cast("Json", options["properties"])},
        "required": ["kind", *cast("list[str]", options.get("required", []))],
        "not": {"required": ["every", "cron"], "properties": {"every": given, "cron": given}},
    }


def _tidy(node: Json) -> Json:
    """A schema node without pydantic's titles, where sections may be empty and values may be variables."""
    node = {key: value for key, value in node.items() if key != "title"}
    if isinstance(properties := node.get("properties"), dict):
        node["properties"] = {name: _value(child) for name, child in properties.items()}
    for key in ("items", "additionalProperties"):
        if isinstance(child := node.get(key), dict):
            node[key] = _value(child)
    for key in ("anyOf", "oneOf", "allOf"):
        if isinstance(children := node.get(key), list):
            node[key] = [_tidy(child) for child in children]
    return node


def _value(node: Json) -> Json:
    node = _tidy(node)
    if "$ref" in node:
        rest = {key: value for key, value in node.items() if key not in ("$ref", "default")}
        return {**rest, "anyOf": [{"$ref": node["$ref"]}, {"type": "null"}]}
    if node.get("type") == "object":
        return {**node, "type": ["object", "null"]}
    branches = cast("list[Json]", node.get("anyOf", [node]))
    if any(branch.get("type") == "string" and not any(bound in branch for bound in _BOUNDS) for branch in branches):
        return node
    told = ("description", "default", "examples")
    outer = {key: node[key] for key in told if key in node}
    inner = [
        {key: value for key, value in branch.items() if branch is not node or key not in told} for branch in branches
    ]
    if all(branch.get("type") == "array" for branch in inner):
        return node
    return {**outer, "anyOf": [*inner, {"$ref": f"#/$defs/{_VARIABLE}"}]}
