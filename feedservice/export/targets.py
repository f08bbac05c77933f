"""Where files can go: what a target has to be able to do, and which one an address means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from feedservice.export.files import Bundle


class Target(Protocol):
    """A place for files. Entered before use: one exporter at a time, where that can be known.

    Names are relative, with `/` between. Every method raises ExportError when the place cannot be used.
    """

    @property
    def where(self) -> str:
        """How people name the place."""

    @property
    def keeps_fields(self) -> bool:
        """Whether header fields are kept beside the bytes, so that other fields are a change."""

    def __enter__(self) -> Target: ...

    def __exit__(self, *_: object) -> None: ...

    def put(self, bundle: Bundle) -> None:
        """Replace a document's files. Each is whole at every moment: the old one or the new one."""

    def remove(self, name: str) -> None:
        """Remove a document's files, in all codings, where there are any."""

    def intact(self, name: str, sizes: Mapping[str, int], modified: datetime) -> bool:
        """Whether the files are as they were put, as far as can be told cheaply. sizes: in bytes, by suffix."""

    def read(self, name: str) -> bytes | None:
        """A file of the exporter's own; None where there is none."""

    def write(self, name: str, body: bytes) -> None:
        """Replace a file of the exporter's own, in one step."""

    def discard(self, name: str) -> None:
        """Remove a file of the exporter's own, where there is one."""


def open_target(to: str) -> Target:
    """The target of an address: s3://BUCKET/PREFIX, or the path of a folder. Raises ExportError."""
    if to.startswith("s3://"):
        from feedservice.export.bucket import Bucket

        return Bucket(to)
    from feedservice.export.folder import Folder

    return Folder(Path(to))
