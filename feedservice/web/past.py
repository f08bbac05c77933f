"""The archive pages of feeds: too many to follow, and asked for seldom, so that each is read when somebody asks."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable

from feedservice.model import Document, Representation
from feedservice.web.answers import Entry, Manner

_PAGE = re.compile(r"/feeds/[^/]{1,100}/archive/[1-9][0-9]{0,9}\.[a-z0-9]{1,20}")
_TTL, _STALE = 12 * 3600, 3600
"""Seconds; what is withdrawn or edited is so for hours at most in caches on the way."""


class Past:
    """Looks archive pages up in the store; what is stored compressed is unpacked for those who take nothing else."""

    def __init__(self, read: Callable[[str], Document | None], manner: Manner) -> None:
        self._read = read
        self._manner = Manner(ttl=_TTL, site=manner.site, stale=_STALE)

    def entry(self, path: str) -> Entry | None:
        """What is answered at the address of an archive page; None where there is none. Raises StoreError."""
        document = self._read(path) if _PAGE.fullmatch(path) else None
        if document is None:
            return None
        whole = _unpacked(document)
        prepared = self._manner.entry(whole.head())
        return Entry(
            prepared.path,
            prepared.version,
            prepared.last_modified,
            prepared.modified_text,
            prepared.pieces,
            {each.coding: each.body for each in whole.representations},
        )


def _unpacked(document: Document) -> Document:
    if any(each.coding == "identity" for each in document.representations):
        return document
    body = document.identity()
    tag = base64.urlsafe_b64encode(hashlib.sha256(body).digest()[:16]).decode("ascii").rstrip("=")
    return Document(
        path=document.path,
        feed=document.feed,
        media_type=document.media_type,
        last_modified=document.last_modified,
        representations=(Representation("identity", body, f'"{tag}"'), *document.representations),
    )
