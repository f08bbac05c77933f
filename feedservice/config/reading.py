"""config.yaml + environment -> a Config, whole and checked; or everything that is wrong with it, at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from feedservice.config import shapes
from feedservice.config.addresses import RESERVED, misnamed
from feedservice.config.environment import Filled, fill
from feedservice.config.marks import Marked, Place, read_yaml, resolve
from feedservice.config.masking import cover_value, mask_address
from feedservice.config.misread import NO_CHECKS, Checks, misread
from feedservice.config.mistyped import with_colon
from feedservice.config.settings import Settings, SourceSettings
from feedservice.config.values import LONGEST_NAME, NAME_PATTERN, NAME_WORDS
from feedservice.config.wording import Complaint, complaints, nearest, show, unfit
from feedservice.errors import ConfigError, Fault
from feedservice.protocols import SourceKind

SECTIONS = (*Settings.model_fields, "sources")
_LARGEST_FILE = 20_000_000
_FROM_ENVIRONMENT = "(a value from the environment)"
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredSource:
    """One source: its name, what all kinds have in common, and the options of its kind."""

    name: str
    common: SourceSettings = field(repr=False)
    options: BaseModel = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole configuration, checked.

    path: the file; folder: where it lies, absolute. origins: for each value that was given, by dotted key, where it
    comes from ("config.yaml:12", "$PORT"). written: what the file says where the environment filled a value in.
    """

    path: str
    folder: str
    settings: Settings = field(repr=False)
    sources: Mapping[str, ConfiguredSource]
    origins: Mapping[str, str] = field(default_factory=dict, repr=False)
    written: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def store_url(self) -> str:
        """The store's URL, a relative SQLite path taken from the config's folder."""
        url = self.settings.store.url
        if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
            return f"sqlite:///{(Path(self.folder) / url.removeprefix('sqlite:///')).resolve()}"
        return url


def load(
    path: str,
    environ: Mapping[str, str],
    kinds: Mapping[str, SourceKind],
    checks: Checks = NO_CHECKS,
) -> Config:
    """Read and check a configuration file; `check` and every start go this one way.

    kinds: source kinds by name. Raises ConfigError: all faults, in order.
    """
    marked = _read_file(path)
    if not isinstance(marked.data, dict):
        raise ConfigError(marked.faults)
    folder = Path(path).resolve().parent
    reading = _Reading(marked, fill(marked, environ, folder), kinds, checks)
    settings, sources = reading.settings(), reading.sources()
    faults = reading.faults()
    if faults or settings is None:
        raise ConfigError(faults)
    return Config(
        path=path,
        folder=str(folder),
        settings=settings,
        sources=sources,
        origins=reading.origins(),
        written={_dotted(place): text for place, text in reading.filled.written.items()},
    )


def _read_file(path: str) -> Marked:
    try:
        with Path(path).open("rb") as file:
            body = file.read(_LARGEST_FILE + 1)
        text = body.decode("utf-8-sig")
    except FileNotFoundError:
        allowed = "a file that is there: --config FILE, or FEEDSERVICE_CONFIG=FILE in the environment"
        raise ConfigError([Fault(path, 0, 0, "", "there is no such file", allowed=allowed)]) from None
    except OSError as error:
        raise ConfigError([Fault(path, 0, 0, "", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise ConfigError([_not_utf8(path, body, error.start)]) from None
    if text.count("\x00") > len(text) // 4:
        # UTF-16, every other byte of which is a NUL where it holds Latin letters.
        raise ConfigError([_not_utf8(path, body, body.index(0))])
    marked = read_yaml(text, path)
    if not marked.faults and not isinstance(marked.data, dict):
        empty = marked.data is None
        problem = "the file holds no settings" if empty else "settings are missing: NAME: value, line by line"
        found = "" if empty else show(marked.data)
        meant = with_colon(marked.data) if isinstance(marked.data, str) else ""
        allowed = f"settings: {', '.join(SECTIONS)}"
        marked.faults.append(marked.fault((), problem, found=found, allowed=allowed, nearest=meant))
    return marked


def _not_utf8(path: str, body: bytes, start: int) -> Fault:
    line = body.count(b"\n", 0, start) + 1
    before = body[body.rfind(b"\n", 0, start) + 1 : start].decode("utf-8", "replace")
    return Fault(path, line, len(before) + 1, "", "this is not UTF-8", allowed="a file saved as UTF-8")


class _Reading:
    """One pass over a document; collects faults instead of stopping at the first."""

    def __init__(self, marked: Marked, filled: Filled, kinds: Mapping[str, SourceKind], checks: Checks) -> None:
        self.filled = filled
        self._marked = marked
        self._kinds = kinds
        self._complaints = [*misnamed(filled.data), *misread(filled.data, checks)]

    def settings(self) -> Settings | None:
        data = {key: value for key, value in self.filled.data.items() if key != "sources"}
        return self._validate(Settings, data, (), SECTIONS)

    def sources(self) -> dict[str, ConfiguredSource]:
        raw = self.filled.data.get("sources")
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            self._refuse(("sources",), raw, "NAME: settings, for each source")
            return {}
        made = (self._source(name, settings) for name, settings in raw.items())
        return {source.name: source for source in made if source is not None}

    def faults(self) -> list[Fault]:
        """Everything that is wrong, in file order."""
        spoiled = self.filled.spoiled | self._marked.spoiled - {()}
        told = [self._fault(one) for one in self._complaints if not spoiled & set(_prefixes(one.place))]
        every = [*self._marked.faults, *self.filled.faults, *told]
        return sorted(every, key=lambda fault: (fault.line, fault.column))

    def origins(self) -> dict[str, str]:
        """Where each given value comes from, by dotted key."""
        found = {place: f"{self._marked.file}:{span.line}" for place, span in self._marked.values.items() if place}
        for place, names in self.filled.variables.items():
            variables = ", ".join(f"${name}" if name.isidentifier() else name for name in names)
            found[place] = variables if place in self.filled.outside else f"{found[place]}, {variables}"
        return {_dotted(place): origin for place, origin in found.items()}

    # -- models

    def _validate(
        self, model: type[_Model], data: dict[str, object], place: Place, known: Sequence[str]
    ) -> _Model | None:
        settled = self._settle(data, shapes.schema_of(model), (), place)
        found: list[Complaint] = []
        made: _Model | None = None
        try:
            made = model.model_validate_json(json.dumps(settled))
        except ValidationError as error:
            found = complaints(model, error, settled, known)
        told = {complaint.place for complaint in found}
        # pydantic takes "8000" for a number and 1 for true; editors do not, and neither do we.
        found += [
            unfit(model, *misfit)
            for misfit in shapes.misfits(shapes.schema_of(model), settled)
            if misfit[0] not in told
        ]
        self._complaints += [replace(complaint, place=(*place, *complaint.place)) for complaint in found]
        return None if found else made

    def _settle(self, value: object, root: shapes.Node, at: Place, place: Place) -> object:
        """Text from the environment becomes a number where one is wanted; an empty section counts as left out.

        Notes where secrets stand, so that no fault shows them.
        """
        if isinstance(value, dict):
            inside = {key: (item, shapes.types(root, shapes.walk(root, (*at, key)))) for key, item in value.items()}
            return {
                key: self._settle(item, root, (*at, key), (*place, key))
                for key, (item, types) in inside.items()
                if item is not None or types != {"object"}
            }
        if isinstance(value, list):
            return [self._settle(item, root, (*at, index), (*place, index)) for index, item in enumerate(value)]
        node = shapes.walk(root, at)
        if any(branch.get("writeOnly") for branch in shapes.branches(root, node)):
            self._marked.hidden.add(place)
        if not isinstance(value, str) or place not in self.filled.variables:
            return value
        return value if "string" in shapes.types(root, node) else resolve(value)

    # -- sources

    def _source(self, name: str, raw: object) -> ConfiguredSource | None:
        place: Place = ("sources", name)
        self._check_name(name, place)
        if not isinstance(raw, dict):
            self._refuse(place, raw, "settings of its own: kind, and those of the kind, on lines below")
            return None
        kind = self._kinds.get(str(raw.get("kind")))
        if kind is None:
            self._unknown_kind(place, raw)
            return None
        own = kind.options.model_fields
        known = (*SourceSettings.model_fields, *own)
        common = self._validate(
            SourceSettings, {key: value for key, value in raw.items() if key not in own}, place, known
        )
        options = self._validate(kind.options, {key: value for key, value in raw.items() if key in own}, place, known)
        if raw.get("every") is not None and raw.get("cron") is not None:
            self._complain((*place, "cron"), "every and cron exclude each other", at_key=True, allowed="one of the two")
        if common is None or options is None:
            return None
        return ConfiguredSource(name=name, common=common, options=options)

    def _check_name(self, name: str, place: Place) -> None:
        allowed = f"{NAME_WORDS}: it is part of the feed's address"
        is_one = re.fullmatch(NAME_PATTERN, name)
        if not is_one or len(name) > LONGEST_NAME:
            plain = "" if is_one else "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:LONGEST_NAME]
            self._complain(place, "not a name for a source", at_key=True, allowed=allowed, nearest=plain)
        if name in RESERVED:
            self._complain(place, RESERVED[name], at_key=True, allowed="another name")

    def _unknown_kind(self, place: Place, raw: Mapping[str, object]) -> None:
        allowed, kind = ", ".join(self._kinds), raw.get("kind")
        if kind is None:
            self._complain((*place, "kind"), "is missing", at_key=True, allowed=allowed)
            return
        close = nearest(str(kind), self._kinds)
        here: Place = (*place, "kind")
        self._add(
            Complaint(place=here, problem="not allowed", value=kind, has_value=True, allowed=allowed, nearest=close)
        )

    # -- telling

    def _refuse(self, place: Place, value: object, allowed: str) -> None:
        meant = with_colon(value) if isinstance(value, str) else ""
        self._add(
            Complaint(place=place, problem="not allowed", value=value, has_value=True, allowed=allowed, nearest=meant)
        )

    def _complain(self, place: Place, problem: str, *, at_key: bool, allowed: str, nearest: str = "") -> None:
        self._add(Complaint(place=place, problem=problem, at_key=at_key, allowed=allowed, nearest=nearest))

    def _add(self, complaint: Complaint) -> None:
        self._complaints.append(complaint)

    def _fault(self, complaint: Complaint) -> Fault:
        place, allowed, found = complaint.place, complaint.allowed, ""
        secret = place in self._marked.hidden or place in self.filled.variables
        if complaint.has_value:
            found = _FROM_ENVIRONMENT if place in self.filled.variables else mask_address(show(complaint.value))
            found = "(a secret)" if place in self._marked.hidden else found
        if secret and isinstance(complaint.value, str) and complaint.value:
            allowed = cover_value(allowed, complaint.value, _FROM_ENVIRONMENT)
        close = "" if secret else complaint.nearest
        if not close and complaint.problem == "there is no such setting":
            close = self._elsewhere(place)
        if place in self.filled.outside:
            variable = "$" + self.filled.variables[place][0]
            return Fault(variable, 0, 0, _dotted(place), complaint.problem, found, allowed, close)
        return self._marked.fault(
            place, complaint.problem, at_key=complaint.at_key, found=found, allowed=allowed, nearest=close
        )

    def _elsewhere(self, place: Place) -> str:
        """Where a setting does exist that was not found here."""
        name = str(place[-1])
        if place[0] == "sources" and len(place) == 3:
            kinds = [kind.name for kind in self._kinds.values() if name in kind.options.model_fields]
            return f"{name} belongs to kind {' and '.join(kinds)}" if kinds else ""
        root = shapes.schema_of(Settings)
        return ", ".join(f"{section}.{name}" for section in SECTIONS if name in shapes.names(root, (section,)))


def _prefixes(place: Place) -> list[Place]:
    return [place[:length] for length in range(1, len(place) + 1)]


def _dotted(place: Place) -> str:
    return ".".join(map(str, place))
