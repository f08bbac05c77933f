"""What is laid down: a document's bytes in every coding, each a file of its own, and the name that they go by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from feedservice.errors import ExportError
from feedservice.web.answers import Entry

SUFFIXES: Mapping[str, str] = {"gzip": ".gz", "br": ".br", "zstd": ".zst", "identity": ""}
"""What is added to a file's name for each content coding, as nginx and Caddy look for it."""
OWN = ".feedservice"
"""The folder for what is no document: the manifest, redirects. It begins with a dot: no document's name does."""
_KEPT = ("Content-Type", "Content-Encoding", "Cache-Control")
_SEGMENT = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}"
_PATH = re.compile(rf"(?:/{_SEGMENT}){{1,8}}")
_TAKEN = tuple(suffix for suffix in SUFFIXES.values() if suffix)


@dataclass(frozen=True, slots=True)
class File:
    """One representation. suffix: of its coding (`SUFFIXES`). fields: what an object store has to answer it with."""

    suffix: str
    body: bytes = field(repr=False)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Everything that is laid down for one address, under a relative name such as `feeds/all.rss`."""

    name: str
    modified: datetime
    files: tuple[File, ...]


def name_of(path: str) -> str:
    """The relative name of the file for an address. Raises ExportError for one that could leave its folder.

    Letters, digits and `-._` in each segment, none of which begins with a dot; so nothing reaches above the folder,
    hides in it, or is taken for another document's coding.
    """
    if path == "/":
        return "index.html"
    if not _PATH.fullmatch(path) or path.endswith(_TAKEN):
        raise ExportError(f"the address {path!r} cannot be the name of a file")
    return path[1:]


def bundle_of(entry: Entry, bodies: Mapping[str, bytes], modified: datetime) -> Bundle:
    """What is laid down for an address that is answered with these bodies, by coding. Raises ExportError."""
    files = []
    for coding, suffix in SUFFIXES.items():
        if coding in bodies:
            answered = dict(entry.pieces[coding].full)
            files.append(File(suffix, bodies[coding], {name: answered[name] for name in _KEPT if name in answered}))
    return Bundle(name=name_of(entry.path), modified=modified, files=tuple(files))
