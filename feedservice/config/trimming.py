"""A source without the operator's selectors, and the lines of configuration that would say so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from pydantic import BaseModel

from feedservice.config.reading import Config, ConfiguredSource
from feedservice.config.settings import ArticleRules
from feedservice.protocols import SourceKind


def selectors_of(configured: ConfiguredSource, kind: SourceKind) -> tuple[str, ...]:
    """The settings of a source that say where things stand, as they are called below its name: items, article.title."""
    article = configured.common.article
    return (
        *(name for name in sorted(kind.selectors) if getattr(configured.options, name)),
        *(f"article.{name}" for name in ArticleRules.model_fields if getattr(article, name)),
    )


def without_selectors(configured: ConfiguredSource, kind: SourceKind) -> ConfiguredSource:
    """The same source, left to the automatic readers."""
    kept = {
        name: value
        for name, value in configured.options.model_dump(exclude_unset=True).items()
        if name not in kind.selectors
    }
    return replace(
        configured,
        common=configured.common.model_copy(update={"article": ArticleRules()}),
        options=kind.options.model_validate(kept),
    )


def lines_of(config: Config, configured: ConfiguredSource) -> tuple[str, ...]:
    """A source as YAML, line by line, ready to be put into the configuration. Secrets stand as the file has them."""
    given = {**_given(configured.common), **_given(configured.options)}
    lines = ["sources:", f"  {configured.name}:"]
    for name, value in given.items():
        key = f"sources.{configured.name}.{name}"
        if name == "headers":
            lines.append("    # headers: as they are")
        elif value not in ({}, [], None):
            lines.append(f"    {name}: {_written(config, key, value)}")
    return tuple(lines)


def _given(model: BaseModel) -> Mapping[str, object]:
    return model.model_dump(mode="json", exclude_unset=True, exclude_defaults=True)


def _written(config: Config, key: str, value: object) -> str:
    if isinstance(value, list) and len(value) == 1:
        value = config.written.get(f"{key}.0", config.written.get(key, value[0]))
    text = config.written.get(key, value)
    return json.dumps(text, ensure_ascii=False)
