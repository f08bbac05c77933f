"""Published bytes, and what is answered of them besides."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from datetime import datetime

from feedservice.errors import StoreDamaged


@dataclass(frozen=True, slots=True)
class Representation:
    """A document's bytes in one content coding (RFC 9110 §8.4), with their own strong entity tag, quotes included.

    omitted: how many bytes are left out of `body`: all, where the gzip ones unpack to them, or none.
    """

    coding: str
    body: bytes
    etag: str
    omitted: int = 0

    @property
    def length(self) -> int:
        """How many bytes there are, those that are left out too."""
        return len(self.body) + self.omitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Published bytes. `path` is the address ("/feeds/all.rss"); `last_modified` is when these bytes came to be.

    version grows with every change of any document; 0 before the store has given one. layout: of what parts the bytes
    are made up, in words of `publish` alone, so that what stays need not be made again; empty where that is not known.
    partial: some codings are still to be made. packed: the gzip bytes unpack to the identity ones, so that these
    need not be stored.
    """

    path: str
    feed: str
    media_type: str
    last_modified: datetime
    representations: tuple[Representation, ...]
    version: int = 0
    layout: bytes = b""
    partial: bool = False
    packed: bool = False

    def identity(self) -> bytes:
        """The bytes without a coding, unpacked of the gzip ones where they are not there (archive pages, packed ones).

        Raises StoreDamaged where that fails.
        """
        bodies = {each.coding: each.body for each in self.representations if not each.omitted}
        if "identity" in bodies:
            return bodies["identity"]
        try:
            return gzip.decompress(bodies["gzip"])
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise StoreDamaged(f"{self.path}: the stored bytes are damaged: {error}") from error

    def head(self) -> DocumentHead:
        """What is answered of this document besides its bytes."""
        return DocumentHead(
            path=self.path,
            feed=self.feed,
            media_type=self.media_type,
            last_modified=self.last_modified,
            version=self.version,
            codings=tuple(Coded(each.coding, each.etag, each.length) for each in self.representations),
        )


@dataclass(frozen=True, slots=True)
class Coded:
    """A representation without its bytes; `length` counts them."""

    coding: str
    etag: str
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentHead:
    """A document without its bytes: enough to answer HEAD, and every conditional request that ends in a 304."""

    path: str
    feed: str
    media_type: str
    last_modified: datetime
    version: int
    codings: tuple[Coded, ...]
