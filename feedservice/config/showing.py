"""A configuration as it is understood: every setting, its value, and where that comes from. Secrets are covered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel, SecretStr

from feedservice.config.masking import MASK, mask_address
from feedservice.config.reading import Config


@dataclass(frozen=True, slots=True)
class Row:
    """One setting. value: as JSON holds it. origin: "config.yaml:12", "$PORT" or "default"."""

    key: str
    value: object
    origin: str

    @property
    def text(self) -> str:
        """The value as it could stand in the file."""
        if isinstance(self.value, str) and self.value and self.value == self.value.strip():
            return self.value
        return json.dumps(self.value, ensure_ascii=False)


def rows(config: Config) -> tuple[Row, ...]:
    """Every setting of a configuration, in the order of the documentation."""
    found = list(_model(config.settings, ""))
    for source in config.sources.values():
        found += _model(source.common, f"sources.{source.name}.")
        found += _model(source.options, f"sources.{source.name}.")
    return tuple(Row(key, _covered(config, key, value), _origin(config, key)) for key, value in found)


def _model(model: BaseModel, prefix: str) -> Iterator[tuple[str, object]]:
    plain = model.model_dump(mode="json")
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _model(value, f"{prefix}{name}.")
        elif isinstance(value, dict) and value:
            yield from ((f"{prefix}{name}.{key}", _plain(item)) for key, item in value.items())
        else:
            yield f"{prefix}{name}", MASK if isinstance(value, SecretStr) else plain[name]


def _plain(value: object) -> object:
    if isinstance(value, SecretStr):
        return MASK
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _covered(config: Config, key: str, value: object) -> object:
    """What may be shown: where the environment filled something in, what the file says in its place."""
    shown = config.written.get(key, value)
    return mask_address(shown) if isinstance(shown, str) else shown


def _origin(config: Config, key: str) -> str:
    return config.origins.get(key, "default")
