"""What the environment puts into a configuration: ${NAME}, ${NAME:-default}, ${file:PATH}, and variables of our own.

A variable NAME that is not set is looked for in the file that NAME_FILE names, as containers hand secrets over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from feedservice.config.marks import Marked, Place
from feedservice.errors import Fault

STORE_URL = "FEEDSERVICE_STORE_URL"
OVERRIDES: Mapping[str, Place] = {
    "FEEDSERVICE_HOST": ("server", "host"),
    STORE_URL: ("store", "url"),
    "PORT": ("server", "port"),
}
"""Variables that win over what the file says."""
_REFERENCE = re.compile(
    r"\$(?P<escaped>\$)?\{(?:file:(?P<file>[^}]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?)\}"
)
_LARGEST_SECRET = 65_536


@dataclass(frozen=True, slots=True)
class Filled:
    """A configuration's values with the environment in them.

    variables: for each value that came from outside, from where. outside: those that stand in no file at all.
    written: what the file says at such a place. spoiled: places whose value could not be had; the fault is told.
    """

    data: dict[str, object] = field(default_factory=dict)
    variables: dict[Place, tuple[str, ...]] = field(default_factory=dict)
    outside: set[Place] = field(default_factory=set)
    written: dict[Place, str] = field(default_factory=dict)
    spoiled: set[Place] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)


def fill(marked: Marked, environ: Mapping[str, str], folder: Path) -> Filled:
    """Put the environment into a document whose values are a mapping. Relative files are taken from `folder`."""
    filling = _Filling(marked, environ, folder)
    data = cast("dict[str, object]", filling.put(marked.data, ()))
    made = Filled(data, *filling.notes)
    for name, place in OVERRIDES.items():
        filling.override(name, place, made)
    return made


class _Missing(Exception):
    """A variable or a file that cannot be had; says why."""


class _Filling:
    def __init__(self, marked: Marked, environ: Mapping[str, str], folder: Path) -> None:
        self._marked = marked
        self._environ = environ
        self._folder = folder
        self._variables: dict[Place, tuple[str, ...]] = {}
        self._outside: set[Place] = set()
        self._written: dict[Place, str] = {}
        self._spoiled: set[Place] = set()
        self._faults: list[Fault] = []
        self.notes = (self._variables, self._outside, self._written, self._spoiled, self._faults)

    def put(self, value: object, place: Place) -> object:
        if isinstance(value, dict):
            return {key: self.put(item, (*place, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.put(item, (*place, index)) for index, item in enumerate(value)]
        return self._text(value, place) if isinstance(value, str) and "${" in value else value

    def override(self, name: str, place: Place, made: Filled) -> None:
        """Let a variable of our own win over the file."""
        section, key = place
        try:
            value = self._variable(name)
        except _Missing as missing:
            self._faults.append(Fault(f"${name}", 0, 0, f"{section}.{key}", str(missing)))
            return
        inside = made.data.get(str(section))
        if not value or not (inside is None or isinstance(inside, dict)):
            return
        made.data[str(section)] = {**(inside or {}), str(key): value}
        self._variables[place] = (name,)
        self._outside.add(place)
        self._written.pop(place, None)
        self._spoiled.discard(place)

    def _text(self, text: str, place: Place) -> str:
        names: list[str] = []
        rest = _REFERENCE.sub("", text)

        def one(match: re.Match[str]) -> str:
            if match["escaped"]:
                return match[0][1:]
            names.append(match["file"] or match["name"])
            return self._look_up(match)

        if "${" in rest:
            self._complain(place, "${ begins a variable, and none follows", "${NAME}, ${NAME:-default}, ${file:PATH}")
            return ""
        try:
            value = _REFERENCE.sub(one, text)
        except _Missing as missing:
            self._complain(place, str(missing), "")
            return ""
        if names:
            self._variables[place] = tuple(names)
            self._written[place] = text
        return value

    def _look_up(self, match: re.Match[str]) -> str:
        if match["file"]:
            return self._file(match["file"])
        value = self._variable(match["name"])
        if value is not None:
            return value
        if match["default"] is None:
            name = match["name"]
            raise _Missing(f"{name} is not set in the environment; set it, or write ${{{name}:-default}}")
        return match["default"]

    def _variable(self, name: str) -> str | None:
        value = self._environ.get(name)
        if value is not None:
            return self._clean(value, name)
        path = self._environ.get(f"{name}_FILE")
        return self._file(path) if path else None

    def _file(self, path: str) -> str:
        try:
            with (self._folder / path).open("rb") as file:
                body = file.read(_LARGEST_SECRET + 1)
            text = body.decode("utf-8").strip()
        except OSError as error:
            raise _Missing(f"the file {path} cannot be read: {error.strerror}") from None
        except ValueError:
            raise _Missing(f"the file {path} is not UTF-8") from None
        if len(body) > _LARGEST_SECRET:
            raise _Missing(f"the file {path} is larger than {_LARGEST_SECRET:,} bytes")
        return self._clean(text, path)

    def _clean(self, text: str, name: str) -> str:
        if re.search(r"[\x00\ud800-\udfff]", text):
            raise _Missing(f"{name} holds bytes that are not UTF-8 text")
        return text

    def _complain(self, place: Place, problem: str, allowed: str) -> None:
        self._spoiled.add(place)
        self._faults.append(self._marked.fault(place, problem, allowed=allowed))
