"""The bytes of a document in parts, known by length, digest and checksum, and read only when somebody needs them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from zlib_ng import zlib_ng

_DIGEST = 16


class Chunk(NamedTuple):
    """A part of a document. digest: 128 bits of its SHA-256. check: its CRC-32. read: gives its bytes."""

    length: int
    digest: bytes
    check: int
    read: Callable[[], bytes]


def chunk_of(body: bytes) -> Chunk:
    """The chunk of bytes that are there."""
    return Chunk(len(body), hashlib.sha256(body).digest()[:_DIGEST], zlib_ng.crc32(body), lambda: body)


def joined(chunks: Sequence[Chunk]) -> bytes:
    """The bytes of all these chunks."""
    return b"".join([chunk.read() for chunk in chunks])


def length_of(chunks: Sequence[Chunk]) -> int:
    """How many bytes all these chunks are."""
    return sum([chunk.length for chunk in chunks])


def check_of(chunks: Sequence[Chunk]) -> int:
    """The CRC-32 of all these chunks together."""
    check = 0
    for chunk in chunks:
        check = zlib_ng.crc32_combine(check, chunk.check, chunk.length)
    return check


def entity_tag(body: bytes) -> str:
    """A strong entity tag (RFC 9110 §8.8.3), quotes included: 128 bits of the SHA-256 of these very bytes."""
    return _quoted(hashlib.sha256(body).digest())


def tag_of(chunks: Sequence[Chunk]) -> str:
    """A strong entity tag of the bytes of all these chunks, without reading them: 128 bits of their digests' SHA-256.

    Other bytes have another tag. The same bytes have the same, as long as they are divided into chunks alike.
    """
    return _quoted(hashlib.sha256(b"".join([chunk.digest for chunk in chunks])).digest())


def _quoted(digest: bytes) -> str:
    return f'"{base64.urlsafe_b64encode(digest[:_DIGEST]).decode("ascii").rstrip("=")}"'
