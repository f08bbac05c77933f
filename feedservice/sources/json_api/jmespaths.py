"""Paths into JSON as operators write them: JMESPath, checked while the configuration is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, cast

from feedservice.config.urls import check_address
from feedservice.errors import Unreadable

if TYPE_CHECKING:
    from jmespath.parser import ParsedResult

HOLE = re.compile(r"\{([^{}]+)\}")
"""A path inside a template."""
_WANTED = "a JMESPath expression such as data.rows[].title"


def check_path(path: str) -> str:
    """Let a path through that can be followed. Raises ValueError saying what is wrong."""
    _check_node(_compile(path).parsed)
    return path


def check_template(template: str) -> str:
    """Let a path, or an address with {paths} in it, through. Raises ValueError saying what is wrong."""
    if not is_template(template):
        return check_path(template)
    for hole in HOLE.findall(template):
        check_path(hole)
    if set("{}") & set(HOLE.sub("", template)):
        raise ValueError("an address whose { and } go together, such as https://www.example.org/news/{docid}.html")
    return template if template.startswith("/") else check_address(template)


def is_template(text: str) -> bool:
    """Whether a text is an address with {paths} in it, no path."""
    return text.startswith(("http://", "https://", "/"))


def follow(path: str, name: str) -> Callable[[object], object]:
    """What finds the value at a path. name: the setting whose path it is. The function raises Unreadable."""
    try:
        search = _compile(path).search
    except ValueError as error:
        raise Unreadable(f"{name}: {path!r} cannot be followed: {error}") from error

    def found(value: object) -> object:
        try:
            return cast("object", search(value))
        # What its functions make of a value that they are not for.
        except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
            raise Unreadable(f"{name}: {path!r} cannot be followed: {error}") from error

    return found


def _compile(path: str) -> ParsedResult:
    import jmespath

    try:
        return jmespath.compile(path)
    except (jmespath.exceptions.JMESPathError, RecursionError) as error:
        raise ValueError(f"{_WANTED}; {error}") from None


def _check_node(node: Mapping[str, object]) -> None:
    """What the parser lets through and no value can be put into: functions that are not there, steps of 0."""
    from jmespath.functions import Functions

    for inner in _nodes(node):
        children, name = cast("list[object]", inner["children"]), inner.get("value")
        if inner["type"] == "slice" and children[2] == 0:
            raise ValueError(f"{_WANTED}; a step of 0 leads nowhere")
        if inner["type"] != "function_expression":
            continue
        told = Functions.FUNCTION_TABLE.get(name)
        if told is None:
            raise ValueError(f"{_WANTED}; there is no function {name}()")
        takes, given = len(told["signature"]), len(children)
        more = takes > 0 and told["signature"][-1].get("variadic")
        if given < takes or (given > takes and not more):
            raise ValueError(f"{_WANTED}; {name}() takes {takes} {'or more ' if more else ''}values, not {given}")


def _nodes(node: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting += [child for child in cast("list[object]", here["children"]) if isinstance(child, dict)]
