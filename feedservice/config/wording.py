"""From what a model refuses to what an operator reads: one fault for each place, with found, allowed and nearest."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from zoneinfo import available_timezones

from pydantic import BaseModel, ValidationError

from feedservice.config import shapes
from feedservice.config.marks import Place
from feedservice.config.mistyped import with_colon

_PATH = "资讯动态 > 其他信息"
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])0?(\d{1,2})(?::?00)?", re.IGNORECASE)
_CHINA = re.compile(r"(?:Asia/)?(?:Beijing|Peking|Guangzhou|Shenzhen|Tianjin)|CST|China|北京(?:时间)?", re.IGNORECASE)
_SIGNS = re.compile("[>＞›]")
_LONGEST_FOUND = 80
_YES_NO = {**dict.fromkeys(("yes", "y", "on", "true"), "true"), **dict.fromkeys(("no", "n", "off", "false"), "false")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A fault before it has a line: its place in the document and its words. at_key: the name is at fault."""

    place: Place
    problem: str
    at_key: bool = False
    value: object = None
    has_value: bool = False
    allowed: str = ""
    nearest: str = ""


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like `name`, case and hyphens aside; empty where none is."""
    plain = {_plain(item): item for item in sorted(known, reverse=True)}
    found = difflib.get_close_matches(_plain(name), sorted(plain), 1, 0.6)
    return plain[found[0]] if found else ""


def show(value: object) -> str:
    """A value as an operator would write it, cut to a readable length."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        text = f"settings: {', '.join(map(str, value))}" if value else "no settings"
    elif isinstance(value, (list, tuple)):
        text = f"a list of {len(value)}"
    else:
        text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_FOUND else f"{text[: _LONGEST_FOUND - 3]}..."


def complaints(
    model: type[BaseModel], error: ValidationError, data: object, known: Sequence[str] = ()
) -> list[Complaint]:
    """What is wrong with `data`, one complaint a place; places count from the model's own top.

    known: the names that the top level may hold, where they are more than the model's.
    """
    by_place: dict[Place, list[Mapping[str, object]]] = {}
    for raw in error.errors(include_url=False, include_context=False):
        item = cast("Mapping[str, object]", raw)
        by_place.setdefault(_place(item, data), []).append(item)
    # A union complains both at its top and inside of the branch that came nearest: the inner one tells more.
    inner = [
        place for place in by_place if not any(len(other) > len(place) == _common(other, place) for other in by_place)
    ]
    return [_complaint(model, place, by_place[place], known) for place in inner]


def _common(one: Place, other: Place) -> int:
    return next(
        (index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )


def _place(item: Mapping[str, object], data: object) -> Place:
    """pydantic's path without the names of union branches, which stand nowhere in the file."""
    location = cast("tuple[str | int, ...]", item["loc"])
    place: list[str | int] = []
    here: object = data
    for part in location:
        inside = here if isinstance(here, dict) else dict(enumerate(here)) if isinstance(here, list) else {}
        if part in inside or (item["type"] == "missing" and part == location[-1]):
            here = inside.get(part)
            place.append(part)
    return tuple(place)


def _complaint(
    model: type[BaseModel], place: Place, items: Sequence[Mapping[str, object]], known: Sequence[str]
) -> Complaint:
    # A list whose one item is refused counts as empty too.
    items = [item for item in items if item["type"] != "too_short"] or items
    schema, item = shapes.schema_of(model), items[0]
    if item["type"] == "missing":
        return Complaint(place=place, problem="is missing", at_key=True, allowed=shapes.words(schema, place))
    if item["type"] == "extra_forbidden":
        names = tuple(known) if known and len(place) == 1 else shapes.names(schema, place[:-1])
        name = str(place[-1])
        return Complaint(
            place=place,
            problem="there is no such setting",
            at_key=True,
            allowed=", ".join(names),
            nearest=nearest(name, names),
        )
    if "[key]" in cast("tuple[object, ...]", item["loc"]):
        allowed = str(item["msg"]).removeprefix("Value error, ")
        return Complaint(place=place, problem="not a name", at_key=True, allowed=allowed)
    allowed = str(item["msg"]).removeprefix("Value error, ")
    return unfit(model, place, item.get("input"), allowed if len(items) == 1 and item["type"] == "value_error" else "")


def unfit(model: type[BaseModel], place: Place, found: object, allowed: str = "") -> Complaint:
    """A complaint about a value; what is allowed, where it is not given, is what the model's schema says."""
    schema = shapes.schema_of(model)
    allowed = allowed or shapes.words(schema, place)
    if isinstance(found, (int, float)) and not isinstance(found, bool) and allowed.startswith("text"):
        allowed = f"{allowed}; what looks like a number needs quotes"
    close = ""
    if "time zone" in allowed and isinstance(found, str):
        close = _zone(found)
    elif isinstance(found, str):
        choices = _choices(schema, place)
        close = _YES_NO.get(found.lower(), "") if "true" in choices else nearest(found, choices)
    if allowed.startswith("settings: ") and isinstance(found, str):
        close = with_colon(found)
    if _PATH in allowed:
        close = _as_path(found) or close
    return Complaint(place=place, problem="not allowed", value=found, has_value=True, allowed=allowed, nearest=close)


def _zone(found: str) -> str:
    """The zone that a text may mean: an offset (the signs of Etc/GMT are turned round), a city of China, a likeness."""
    known = available_timezones()
    if offset := _OFFSET.fullmatch(found.strip()):
        sign, hours = "-" if offset[1] == "+" else "+", int(offset[2])
        name = f"Etc/GMT{sign}{hours}"
        return "Asia/Shanghai" if name == "Etc/GMT-8" else name if hours and name in known else ""
    return "Asia/Shanghai" if _CHINA.fullmatch(found.strip()) else nearest(found, known)


def _as_path(found: object) -> str:
    """A category as it may be meant, where other signs than > stand between its levels, or any within a level."""
    levels = found if isinstance(found, list) else [found]
    parts = [part.strip() for level in levels if isinstance(level, str) for part in _SIGNS.split(level)]
    path = " > ".join(parts)
    return path if len(parts) > len(levels) and all(parts) and path != found else ""


def _choices(schema: shapes.Node, place: Place) -> list[str]:
    found: list[str] = []
    for branch in shapes.branches(schema, shapes.walk(schema, place)):
        values = [branch["const"]] if "const" in branch else cast("list[object]", branch.get("enum", []))
        found += [str(value) for value in values]
        found += ["true", "false"] if branch.get("type") == "boolean" else []
    return found


def _plain(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_")
