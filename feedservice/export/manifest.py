"""What was exported: by it the next run knows what changed, and what to remove."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from feedservice.model import DocumentHead

MANIFEST = "manifest.json"
CHUNK = 1000
"""How many archive pages of a feed are remembered in one file: what is held in memory at once."""


class Record(BaseModel):
    """What lies at an address. etag: of the first stored coding. sizes: in bytes, by suffix of the coding."""

    model_config = ConfigDict(frozen=True)

    etag: str
    last_modified: datetime
    version: int
    sizes: dict[str, int]

    @property
    def later(self) -> datetime:
        """The earliest date for what takes its place."""
        return self.last_modified + timedelta(seconds=1)

    def is_of(self, head: DocumentHead) -> bool:
        """Whether this is the document that the head tells of."""
        mark = (head.codings[0].etag, head.last_modified, head.version)
        return (self.etag, self.last_modified, self.version) == mark


Records = dict[str, Record | None]
"""By address; None where files may lie of which nothing is known: they were about to be written."""


class Manifest(BaseModel):
    """version: the store's newest document version that is here. fields: those that all was put with (see Target).

    began: when all was begun to be put anew, "" for never: older chunks than that are not believed. documents: all but
    the pages of archives. archives: by feed, how many pages are remembered in its chunks.
    """

    version: int = 0
    fields: str = ""
    began: str = ""
    documents: Records = Field(default_factory=dict)
    archives: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)


class Chunk(BaseModel):
    """The pages CHUNK * number + 1 and on of a feed's archive. began: as of the manifest that they were put under."""

    began: str = ""
    documents: Records = Field(default_factory=dict)


def manifest_from(body: bytes | None) -> Manifest | None:
    """A manifest as it was written; None where there is none that can be read."""
    try:
        return Manifest.model_validate_json(body) if body is not None else None
    except ValidationError:
        return None


def chunk_from(body: bytes | None) -> Chunk:
    """A chunk as it was written; an empty one where there is none that can be read."""
    try:
        return Chunk.model_validate_json(body) if body is not None else Chunk()
    except ValidationError:
        return Chunk()


def chunk_name(feed: str, number: int) -> str:
    """The name of the file that remembers a chunk."""
    return f"archive/{feed}.{number}.json"


def sizes_of(head: DocumentHead, suffixes: Mapping[str, str]) -> dict[str, int]:
    """The sizes of a document's files, by suffix, as far as its head tells them."""
    return {suffixes[each.coding]: each.length for each in head.codings if each.coding in suffixes}
