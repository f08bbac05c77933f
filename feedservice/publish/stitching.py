"""gzip, a segment for each chunk, so that segments are made once and stitched together ever after.

Each chunk is deflated by itself (RFC 1951), with the 16 KB in front of it as its preset dictionary, and ends at a byte
boundary; the last one, which says next to nothing, without a dictionary. Its bytes depend on these alone; so taking a
segment over is the same as making it anew, and equal documents have equal gzip bytes whatever was there before. On real
articles this costs up to 4 % more bytes than one go over all (benchmarks/segments.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from zlib_ng import zlib_ng

from feedservice.publish.chunks import Chunk, check_of, joined, length_of
from feedservice.publish.recent import Recent

_SEGMENT_LEVEL, _LEVEL = 6, 5
"""A segment is made once and taken over ever after; small documents are compressed in one go at each change."""
_WINDOW = 16_384
"""How far a chunk may refer back: half of what deflate allows, so that fewer neighbours of a new item are made anew."""
METHOD = (zlib_ng.ZLIBNG_RUNTIME_VERSION, _SEGMENT_LEVEL, _WINDOW)
"""What segments depend on besides the bytes: they are taken over of those alone that were made alike."""
_WHOLE = 65_536
"""Up to here a document is compressed in one go: it costs less than looking for what could be taken over."""
_BESIDE = 300
"""About how many bytes a segment takes in memory besides its own."""
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK = b"\x03\x00"


@dataclass(frozen=True, slots=True)
class Stitched:
    """A gzip member (RFC 1952). segments: how long each chunk's is; () where all were compressed in one go."""

    body: bytes
    segments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """What was stitched last time: the digests of the chunks, and what came of them."""

    digests: Sequence[bytes]
    stitched: Stitched


def stitch(
    chunks: Sequence[Chunk],
    before: Before | None = None,
    places: Sequence[int | None] = (),
    made: Recent[bytes, bytes] | None = None,
) -> Stitched:
    """Compress the concatenation of these chunks.

    places: which chunk of `before` each of them may be, if any. made: segments that were made of late, of other
    documents too, by the digests of what they depend on.
    """
    length = length_of(chunks)
    if length <= _WHOLE or len(chunks) < 2:
        return Stitched(_in_one_go(joined(chunks)))
    kept = _kept(chunks, before, places) if before is not None and before.stitched.segments else {}
    made = Recent(0) if made is None else made
    segments = [kept.get(at) or _segment(chunks, at, made) for at in range(len(chunks))]
    trailer = check_of(chunks).to_bytes(4, "little") + (length & 0xFFFFFFFF).to_bytes(4, "little")
    return Stitched(b"".join((_HEADER, *segments, _LAST_BLOCK, trailer)), tuple(map(len, segments)))


def _kept(chunks: Sequence[Chunk], before: Before, places: Sequence[int | None]) -> dict[int, bytes]:
    """The segments that are there already, by the place of their chunk."""
    starts = list(accumulate(before.stitched.segments, initial=len(_HEADER)))
    body = before.stitched.body
    return {at: body[starts[place] : starts[place + 1]] for at, place in _same(chunks, before, places)}


def _same(chunks: Sequence[Chunk], before: Before, places: Sequence[int | None]) -> Iterator[tuple[int, int]]:
    """(place, place before) of each chunk that is the same, behind the same window."""
    old, last, old_last = before.digests, len(chunks) - 1, len(before.digests) - 1
    previous: int | None = -1
    behind, from_start = 0, True
    for at, (chunk, told) in enumerate(zip(chunks, places, strict=False)):
        place = told if told is not None and 0 <= told <= old_last and old[told] == chunk.digest else None
        if place is None or previous is None or place != previous + 1:
            # The chunk in front is another one: of the window nothing is the same.
            behind, from_start = 0, False
        if (
            place is not None
            and (at == last) == (place == old_last)
            and (from_start or behind >= _WINDOW or at == last)
        ):
            yield at, place
        previous = place
        behind += chunk.length


def _segment(chunks: Sequence[Chunk], at: int, made: Recent[bytes, bytes]) -> bytes:
    behind = _behind(chunks, at) if at < len(chunks) - 1 else ()
    depends = hashlib.sha256(b"".join([chunk.digest for chunk in (*behind, chunks[at])])).digest()
    segment = made.get(depends)
    if segment is None:
        segment = _deflate(joined(behind)[-_WINDOW:], chunks[at].read())
        made.put(depends, segment, len(segment) + _BESIDE)
    return segment


def _behind(chunks: Sequence[Chunk], at: int) -> Sequence[Chunk]:
    """The chunks in front of one that it may refer back to."""
    first, room = at, _WINDOW
    while room > 0 and first > 0:
        first -= 1
        room -= chunks[first].length
    return chunks[first:at]


def _in_one_go(identity: bytes) -> bytes:
    from zlib_ng import gzip_ng

    return bytes(gzip_ng.compress(identity, compresslevel=_LEVEL, mtime=0))  # type: ignore[no-untyped-call]


def _deflate(window: bytes, body: bytes) -> bytes:
    dictionary = (window,) if window else ()
    settings = (zlib_ng.DEFLATED, -zlib_ng.MAX_WBITS, zlib_ng.DEF_MEM_LEVEL, zlib_ng.Z_DEFAULT_STRATEGY)
    packer = zlib_ng.compressobj(_SEGMENT_LEVEL, *settings, *dictionary)
    return packer.compress(body) + packer.flush(zlib_ng.Z_SYNC_FLUSH)
