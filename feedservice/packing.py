"""Pages as they came, packed: against a page of the same source, since pages of one site share most of their markup.

The first page of a source is its base. A page that the base does not help, of another template, becomes the base of
those after it; it is itself packed against itself, to a few bytes, so that a base costs no more than a page.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from feedservice.errors import Unreadable
from feedservice.model import Capture, CaptureBase, Fields, Page

if TYPE_CHECKING:
    from zstandard import ZstdCompressor

_LEVEL = 3
_LARGEST_BASE = 512 * 1024
_HELPED = 0.75
"""A base is of help to pages that it makes smaller than this part of what its own page takes alone."""
_HEAD_END = b"\n"


class Packer:
    """Packs what one refresh reads of one source; `pack` may be called from any thread.

    base: the newest of the source, where there is one. taken: when the pages came.
    """

    def __init__(self, base: CaptureBase | None, taken: datetime) -> None:
        self._base = base
        self._against: ZstdCompressor | None = None
        self._enough = 0.0
        self._taken = taken
        self._turn = threading.Lock()

    def pack(self, pages: Mapping[str, Page], offer: Fields) -> Capture:
        """An article's pages by the addresses that they were asked for at, in order, and what the source said of it."""
        raw = _joined(pages)
        digest = hashlib.sha256(raw + repr(offer).encode("utf-8", "surrogatepass")).hexdigest()
        with self._turn:
            base, packed = self._packed(raw)
        return Capture(taken=self._taken, digest=digest, base=base, packed=packed, offer=offer)

    def _packed(self, raw: bytes) -> tuple[CaptureBase, bytes]:
        """The base to use, a new one where the present one is of no help, and the bytes packed against it."""
        if self._against is None and self._base is not None:
            # A base that is damaged is of no use, and no reason to lose an article.
            with contextlib.suppress(Unreadable):
                self._use(self._base, _content(self._base))
        if self._against is not None and self._base is not None:
            packed = _compress(self._against, raw)
            if len(packed) <= self._enough * len(raw):
                return self._base, packed
        start = raw[:_LARGEST_BASE]
        base = CaptureBase(hashlib.sha256(start).hexdigest(), _compress(_compressor(), start))
        return base, _compress(self._use(base, start), raw)

    def _use(self, base: CaptureBase, content: bytes) -> ZstdCompressor:
        self._base, self._against = base, _compressor(content)
        self._enough = _HELPED * len(base.packed) / max(1, len(content))
        return self._against


def unpack(capture: Capture) -> dict[str, Page]:
    """The pages of a capture by the addresses that they were asked for at, the article's first one first.

    Raises Unreadable when the bytes are not what was packed.
    """
    import zstandard

    base = zstandard.ZstdCompressionDict(_content(capture.base), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    try:
        raw = zstandard.ZstdDecompressor(dict_data=base).decompress(capture.packed)
        return dict(_split(raw))
    except (zstandard.ZstdError, ValueError) as error:
        raise Unreadable(f"the page that was kept is damaged: {error}") from error


def _content(base: CaptureBase) -> bytes:
    import zstandard

    try:
        return zstandard.ZstdDecompressor().decompress(base.packed)
    except zstandard.ZstdError as error:
        raise Unreadable(f"the page that others are packed against is damaged: {error}") from error


def _compressor(base: bytes = b"") -> ZstdCompressor:
    import zstandard

    shared = zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT) if base else None
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=shared, write_checksum=True)


def _compress(compressor: ZstdCompressor, raw: bytes) -> bytes:
    """The compressed bytes, copied: zstandard hands over the end of a block as large as `raw`, and what waits to be
    stored would keep the memory of all that it is made of in pieces."""
    return bytes(memoryview(compressor.compress(raw)))


def _joined(pages: Mapping[str, Page]) -> bytes:
    head = [[asked, page.url, page.content_type, len(page.body)] for asked, page in pages.items()]
    return b"".join([json.dumps(head).encode("ascii"), _HEAD_END, *(page.body for page in pages.values())])


def _split(raw: bytes) -> Iterator[tuple[str, Page]]:
    head, _, bodies = raw.partition(_HEAD_END)
    at = 0
    for asked, url, content_type, length in json.loads(head):
        yield asked, Page(url=url, status=200, content_type=content_type, body=bodies[at : at + length])
        at += length
