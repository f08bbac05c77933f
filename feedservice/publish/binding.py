"""What was written -> the document that is stored: the one that was there, tags, date and all, where it is the same."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feedservice.errors import StoreDamaged
from feedservice.model import Document, Representation
from feedservice.publish.chunks import Chunk, entity_tag, length_of, tag_of
from feedservice.publish.layout import Sheet, pack
from feedservice.publish.recent import Recent
from feedservice.publish.stitching import Stitched, stitch
from feedservice.publish.stock import Stock

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binder:
    """Makes a document. stock: what it can be made of, the one that was there before all. made: segments made of late.

    now: the date of what changed.
    """

    feed: str
    media_type: str
    stock: Stock
    made: Recent[bytes, bytes]
    now: datetime

    def document(self, path: str, sheet: Sheet) -> Document:
        """The document of a sheet; the one that was there, with all that it has, where the bytes are the same."""
        chunks = sheet.chunks()
        stock, stored = self.stock, self.stock.document
        stitched = stitch(chunks, stock.before(), stock.places(sheet), self.made)
        if stored is not None and stored.media_type == self.media_type and self._holds(chunks):
            kept = next((each.body for each in stored.representations if each.coding == "gzip"), b"")
            same = stitched if kept == stitched.body else Stitched(kept)
            return replace(stored, layout=pack(sheet, chunks, stock.shape, same.body, same.segments))
        return Document(
            path=path,
            feed=self.feed,
            media_type=self.media_type,
            last_modified=self.now,
            representations=(
                Representation("identity", b"", tag_of(chunks), omitted=length_of(chunks)),
                Representation("gzip", stitched.body, entity_tag(stitched.body)),
            ),
            layout=pack(sheet, chunks, stock.shape, stitched.body, stitched.segments),
            partial=True,
            packed=True,
        )

    def _holds(self, chunks: Sequence[Chunk]) -> bool:
        try:
            return self.stock.holds(chunks)
        except StoreDamaged as error:
            _log.error("%s; it is written anew", error)
            return False
