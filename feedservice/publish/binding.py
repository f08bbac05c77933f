"""What was written -> the document that is stored: the one that was there, tags, date and all, where it is the same."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from feedservice.errors import StoreDamaged
from feedservice.model import Document, Representation
from feedservice.protocols import Store
from feedservice.publish.chunks import entity_tag, length_of, tag_of
from feedservice.publish.codings import encode
from feedservice.publish.layout import Sheet, pack
from feedservice.publish.stitching import Stitched, stitch
from feedservice.publish.stock import Stock

_log = logging.getLogger(__name__)


def make_document(path: str, feed: str, media_type: str, sheet: Sheet, stock: Stock, now: datetime) -> Document:
    """The document of a sheet; the one that was there, with all that it has, where the bytes are the same."""
    chunks = sheet.chunks()
    stitched = stitch(chunks, stock.before(), stock.places(sheet))
    stored = stock.document
    if stored is not None and stored.media_type == media_type and stock.holds(chunks):
        kept = next((each.body for each in stored.representations if each.coding == "gzip"), b"")
        same = stitched if kept == stitched.body else Stitched(kept)
        return replace(stored, layout=pack(sheet, chunks, stock.shape, same.body, same.segments))
    return Document(
        path=path,
        feed=feed,
        media_type=media_type,
        last_modified=now,
        representations=(
            Representation("identity", b"", tag_of(chunks), omitted=length_of(chunks)),
            Representation("gzip", stitched.body, entity_tag(stitched.body)),
        ),
        layout=pack(sheet, chunks, stock.shape, stitched.body, stitched.segments),
        partial=True,
        packed=True,
    )


def make_page(store: Store, path: str, feed: str, media_type: str, body: bytes, now: datetime) -> Document:
    """The document of bytes that nothing will be taken over of; the stored one where it has the same."""
    stored = store.document(path)
    if stored is not None and stored.media_type == media_type and _holds(stored, body):
        return stored
    return Document(
        path=path,
        feed=feed,
        media_type=media_type,
        last_modified=now,
        representations=encode(body),
        partial=True,
        packed=True,
    )


def _holds(document: Document, body: bytes) -> bool:
    try:
        return document.identity() == body
    except StoreDamaged as error:
        _log.error("%s; it is written anew", error)
        return False
