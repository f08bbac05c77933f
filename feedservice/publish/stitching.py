"""gzip, a segment for each chunk, so that segments are made once and stitched together ever after.

Each chunk is deflated by itself (RFC 1951), with the 32 KB in front of it as its preset dictionary, and ends at a byte
boundary. Its bytes depend on these alone; so taking a segment over is the same as making it anew, and equal documents
have equal gzip bytes whatever was there before. For 50 Chinese articles this costs 1 % more bytes than one go over all.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, zip_longest

_LEVEL = 5
_WINDOW = 32_768
_WHOLE = 65_536
"""Up to here a document is compressed in one go: it costs less than looking for what could be taken over."""
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK = b"\x03\x00"


@dataclass(frozen=True, slots=True)
class Stitched:
    """A gzip member (RFC 1952). segments: how long each chunk's is; () where all were compressed in one go."""

    body: bytes
    segments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """What was stitched last time: the bytes, how long each chunk was, and what came of them."""

    identity: bytes
    lengths: Sequence[int]
    stitched: Stitched


def stitch(chunks: Sequence[bytes], before: Before | None = None, places: Sequence[int | None] = ()) -> Stitched:
    """Compress the concatenation of these chunks. places: which chunk of `before` each of them may be, if any."""
    identity = b"".join(chunks)
    if len(identity) <= _WHOLE or len(chunks) < 2:
        return Stitched(_in_one_go(identity))
    old = _Old(before)
    segments: list[bytes] = []
    end = 0
    for chunk, place in zip_longest(chunks, places):
        start, end = end, end + len(chunk)
        seen = identity[max(0, start - _WINDOW) : end]
        segment = old.segment(place, seen, len(chunk)) if place is not None else None
        segments.append(segment or _deflate(chunk, seen[: len(seen) - len(chunk)]))
    trailer = zlib.crc32(identity).to_bytes(4, "little") + (len(identity) & 0xFFFFFFFF).to_bytes(4, "little")
    return Stitched(b"".join((_HEADER, *segments, _LAST_BLOCK, trailer)), tuple(map(len, segments)))


class _Old:
    """The segments of a document as it was."""

    def __init__(self, before: Before | None) -> None:
        self._before = before
        lengths, segments = (before.lengths, before.stitched.segments) if before else ((), ())
        self._starts = [0, *accumulate(lengths)]
        self._packed = list(accumulate(segments, initial=len(_HEADER)))

    def segment(self, place: int, seen: bytes, length: int) -> bytes | None:
        """The segment at a place, if it is of the same bytes behind the same window. seen: the two together."""
        if self._before is None or place + 1 >= len(self._packed):
            return None
        start, end = self._starts[place : place + 2]
        if end - start != length or self._before.identity[max(0, start - _WINDOW) : end] != seen:
            return None
        return self._before.stitched.body[self._packed[place] : self._packed[place + 1]]


def _in_one_go(identity: bytes) -> bytes:
    from zlib_ng import gzip_ng

    return bytes(gzip_ng.compress(identity, compresslevel=_LEVEL, mtime=0))  # type: ignore[no-untyped-call]


def _deflate(chunk: bytes, window: bytes) -> bytes:
    from zlib_ng import zlib_ng

    dictionary = (window,) if window else ()
    packer = zlib_ng.compressobj(
        _LEVEL, zlib_ng.DEFLATED, -zlib_ng.MAX_WBITS, zlib_ng.DEF_MEM_LEVEL, zlib_ng.Z_DEFAULT_STRATEGY, *dictionary
    )
    return packer.compress(chunk) + packer.flush(zlib_ng.Z_SYNC_FLUSH)
