"""Three kinds of sources that tests own, so that the real ones may grow without changing what is expected here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, Field

from feedservice.config.settings import Model, Selectors
from feedservice.protocols import Opening, Source, SourceKind


class Shelf(Model):
    """A folder."""

    path: str = Field(min_length=1)
    """The folder."""


class Stream(Model):
    """A feed."""

    url: str = Field(pattern=r"^https?://\S+$")
    """The address."""
    full_text: Literal["auto", "feed", "page"] = "auto"
    """Where the text comes from."""


class Pages(Model):
    """A list page."""

    url: str = Field(pattern=r"^https?://\S+$")
    """The address."""
    items: Selectors = ()
    """The entries."""
    pages: int = Field(default=1, ge=1, le=50)
    """How many pages are read."""


def _open(options: BaseModel, opening: Opening) -> Source:
    raise NotImplementedError


KINDS: Mapping[str, SourceKind] = {
    "folder": SourceKind("folder", "a folder of files", Shelf, _open),
    "feed": SourceKind("feed", "somebody's feed", Stream, _open),
    "listing": SourceKind("listing", "a list page", Pages, _open),
}

ENVIRON: Mapping[str, str] = {
    "SECRET_TOKEN": "canary-4711",
    "A_WORD": "canary-word",
    "EMPTY": "",
    "LIMIT": "25",
    "HOME": "/nowhere",
}
