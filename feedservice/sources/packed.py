"""Bodies that are gzip files themselves, which no Content-Encoding announces."""

from __future__ import annotations

import zlib

from feedservice.errors import Unreadable

_MAGIC = b"\x1f\x8b"
_MOST_BYTES = 52_428_800


def unpacked(body: bytes, url: str) -> bytes:
    """A body as it is, or what the gzip file holds that it is. url: for messages.

    Raises Unreadable for one that is damaged, cut off, or unpacks to more than 50 MB.
    """
    if not body.startswith(_MAGIC):
        return body
    unpack = zlib.decompressobj(wbits=31)
    try:
        plain = unpack.decompress(body, _MOST_BYTES)
    except zlib.error as error:
        raise Unreadable(f"{url}: damaged gzip: {error}") from error
    if not unpack.eof and not unpack.unconsumed_tail:
        raise Unreadable(f"{url}: gzip that is cut off")
    if unpack.unconsumed_tail:
        raise Unreadable(f"{url}: unpacks to more than {_MOST_BYTES:,} bytes")
    return plain
