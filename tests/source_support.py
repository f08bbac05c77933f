"""What tests of sources share: an opening as assembly makes it, a network that remembers validators, the corpora."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from feedservice.extract import decode, parse_moment
from feedservice.model import Moment, NotModified, Page, Reading, Validators
from feedservice.protocols import Opening, Source
from feedservice.sources import KINDS
from tests.fakes import FakeWeb

DATA = Path(__file__).parent / "data" / "sources"
CORPORA = Path(os.environ.get("FEEDSERVICE_CORPORA") or Path(__file__).parents[2] / "shared" / "corpora")
needs_corpora = pytest.mark.skipif(not CORPORA.is_dir(), reason="the shared corpora are not beside the checkout")


def truth(part: str) -> list[dict[str, Any]]:
    """The ground truth of one part of the corpora; empty where they are not at hand."""
    if not CORPORA.is_dir():
        return []
    rows: list[dict[str, Any]] = json.loads((CORPORA / "ground-truth.json").read_text())[part]
    return rows


def open_source(
    kind: str,
    options: Mapping[str, object],
    *,
    folder: Path = Path(),
    limit: int = 200,
    timezone: str = "Asia/Shanghai",
) -> Source:
    """A source as assembly opens it."""
    row = KINDS[kind]
    opening = Opening(base_folder=str(folder), timezone=timezone, decode=decode, parse_moment=parse_moment, limit=limit)
    return row.open(row.options.model_validate(options), opening)


class Visit:
    """A ConditionalGet on a fake network that remembers validators between reads."""

    def __init__(self, web: FakeWeb) -> None:
        self.web = web
        self.validators: dict[str, Validators] = {}

    def __call__(self, url: str, *, conditional: bool = False, accept: str = "*/*") -> Page | NotModified:
        answer = self.web(url, unless=self.validators.get(url) if conditional else None, accept=accept)
        if conditional and isinstance(answer, Page):
            self.validators[url] = answer.validators
        return answer


def read(source: Source, web: FakeWeb, *, known: Callable[[str], bool] = lambda key: False) -> Reading:
    """Read a source once, with nothing remembered of the network."""
    return source.read(Visit(web), lambda keys: frozenset(filter(known, keys)))


def shown(moment: Moment | None) -> str | None:
    """A moment as the source told it: its local time, as far as it was given."""
    if moment is None:
        return None
    return moment.at.strftime(
        {"day": "%Y-%m-%d", "minute": "%Y-%m-%d %H:%M"}.get(moment.precision, "%Y-%m-%d %H:%M:%S")
    )
