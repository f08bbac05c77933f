"""What a model's JSON Schema says at a place: which names, which types, and all of it in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import cast

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from feedservice.config.marks import Place
from feedservice.config.values import NAME_PATTERN, NAME_WORDS, say_duration

Node = Mapping[str, object]
_LONGEST = 60
_MATCHES = " that matches "
_HOLES = re.compile(r"\\\{(.+?)\\\}")
"""What a pattern asks for in braces."""


class AsWritten(GenerateJsonSchema):
    """JSON Schema whose defaults are written as they may stand in the file."""

    def encode_default(self, dft: object) -> object:
        """pydantic would tell a duration as "PT1H30M", which nobody may write."""
        return say_duration(dft) if isinstance(dft, timedelta) else super().encode_default(dft)


@cache
def schema_of(model: type[BaseModel]) -> Node:
    """A model's JSON Schema, references and all."""
    return model.model_json_schema(schema_generator=AsWritten)


def walk(root: Node, place: Place) -> Node | None:
    """The schema of the value at a place; None where the model has no such place."""
    node: Node | None = root
    for part in place:
        node = next((found for branch in branches(root, node) if (found := _step(branch, part)) is not None), None)
        if node is None:
            return None
    return node


def branches(root: Node, node: Node | None) -> Iterator[Node]:
    """The alternatives that a schema node allows, with references followed."""
    if node is None:
        return
    reference = node.get("$ref")
    if isinstance(reference, str):
        definitions = cast("Mapping[str, Node]", root.get("$defs", {}))
        yield from branches(root, definitions[reference.rpartition("/")[2]])
        return
    alternatives = cast("list[Node]", node.get("anyOf") or node.get("oneOf") or node.get("allOf") or [])
    for alternative in alternatives:
        yield from branches(root, alternative)
    if not alternatives:
        yield node


def types(root: Node, node: Node | None) -> frozenset[str]:
    """The JSON types that a node allows."""
    return frozenset(kind for branch in branches(root, node) for kind in _types(branch))


def names(root: Node, place: Place) -> tuple[str, ...]:
    """The names of the settings that a mapping at a place may hold."""
    found = (branch.get("properties") for branch in branches(root, walk(root, place)))
    return tuple(name for properties in found if isinstance(properties, Mapping) for name in properties)


def words(root: Node, place: Place) -> str:
    """What is allowed at a place, for a reader."""
    node = walk(root, place)
    said = [_branch_words(root, branch) for branch in branches(root, node)]
    # An example that stands there already is not told again.
    said = [
        "a list of them" if word.removeprefix("a list of ") in set(said) - {word, "text"} else word for word in said
    ]
    examples = _examples(node) if node and "anyOf" in node else ""
    if examples:
        said = [word.partition(" such as ")[0].partition(_MATCHES)[0] for word in said]
    return " or ".join(dict.fromkeys(word for word in said if word)) + examples


def misfits(root: Node, value: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    """Plain values of a type that JSON Schema does not allow at their place, as "8000" for a number."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from misfits(root, item, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from misfits(root, item, (*place, index))
    else:
        allowed = types(root, walk(root, place))
        if allowed and not allowed & _type_names(value):
            yield place, value


def _type_names(value: object) -> frozenset[str]:
    if isinstance(value, bool):
        return frozenset({"boolean"})
    if isinstance(value, (int, float)):
        return frozenset({"integer", "number"} if float(value).is_integer() else {"number"})
    return frozenset({"null" if value is None else "string"})


def _types(branch: Node) -> tuple[str, ...]:
    kind = branch.get("type")
    if isinstance(kind, str):
        return (kind,)
    if isinstance(kind, list):
        return tuple(map(str, kind))
    value = branch.get("const", next(iter(cast("list[object]", branch.get("enum", []))), None))
    return ("string",) if isinstance(value, str) else ()


def _step(branch: Node, part: str | int) -> Node | None:
    if isinstance(part, int):
        return cast("Node | None", branch.get("items"))
    properties = cast("Mapping[str, Node]", branch.get("properties", {}))
    more = branch.get("additionalProperties")
    return properties.get(part) or (cast("Node", more) if isinstance(more, Mapping) else None)


def _branch_words(root: Node, branch: Node) -> str:
    if "const" in branch:
        return str(branch["const"])
    if "enum" in branch:
        return " or ".join(str(value) for value in cast("list[object]", branch["enum"]))
    kind = branch.get("type")
    if kind in ("integer", "number"):
        return ("a whole number" if kind == "integer" else "a number") + _range(branch)
    if kind == "boolean":
        return "true or false"
    if kind == "string":
        return _text_words(branch)
    if kind == "array":
        items = [_branch_words(root, item) for item in branches(root, cast("Node | None", branch.get("items")))]
        return f"a list of {' or '.join(dict.fromkeys(items)) or 'values'}"
    if kind == "object":
        known = cast("Mapping[str, object]", branch.get("properties", {}))
        more = cast("Node | None", branch.get("additionalProperties")) or {}
        inside = "settings" if "object" in types(root, more) else "text"
        return f"settings: {', '.join(known)}" if known else f"NAME: {inside}"
    return ""


def _range(branch: Node) -> str:
    low, high = branch.get("minimum"), branch.get("maximum")
    if low is not None and high is not None:
        return f" from {_number(low)} to {_number(high)}"
    if low is not None:
        return f" of at least {_number(low)}"
    return f" of at most {_number(high)}" if high is not None else ""


def _number(value: object) -> str:
    text = json.dumps(value)
    return text.removesuffix(".0")


def _text_words(branch: Node) -> str:
    pattern = str(branch.get("pattern", ""))
    if "https?://" in pattern:
        return _address_words(pattern, branch)
    least = cast("int", branch.get("minLength", 0))
    if least:
        return "text that is not empty" if least == 1 else f"text of at least {least} characters"
    if pattern == NAME_PATTERN:
        return f"text of {NAME_WORDS}"
    if pattern == r"\S":
        return "text that is not empty"
    if "examples" in branch or not pattern or len(pattern) > _LONGEST:
        return "text" + _examples(branch)
    return f"text{_MATCHES}{pattern}"


def _address_words(pattern: str, branch: Node) -> str:
    holes = [f"{{{name}}}" for name in re.findall("[a-z]+", "".join(_HOLES.findall(pattern)))]
    if not holes:
        return "an http:// or https:// address such as https://www.example.org/news/"
    told = holes[0] if len(holes) == 1 else f"{', '.join(holes[:-1])} or {holes[-1]}"
    return f"an http:// or https:// address with {told} in it" + _examples(branch)


def _examples(node: Node) -> str:
    examples = cast("list[object]", node.get("examples", []))
    return f" such as {' or '.join(map(str, examples))}" if examples else ""
