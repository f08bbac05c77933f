"""Reading a body to its end, and never further than allowed (RFC 9112 §6, RFC 9110 §8.4)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import Protocol

from feedservice.errors import FetchError, TooLarge

_PIECE = 65_536
_REAL_CODINGS = {"br", "zstd", "compress", "x-compress", "exi", "pack200-gzip", "dcb", "dcz"}
_TRANSFERS = {"", "chunked", "identity"}


class Raw(Protocol):
    """The undecoded body of an answer: b"" at its end."""

    def read(self, amt: int, decode_content: bool) -> bytes: ...


def read_body(raw: Raw, headers: Mapping[str, str], *, limit: int, where: str, cut: bool = False) -> bytes:
    """The content-decoded body.

    limit: bytes, on the wire and decoded. where: what to call the place in errors. cut: keep the first `limit` bytes of
    a longer body. Raises TooLarge, and FetchError for a coding that was not asked for or a compressed body that is
    damaged or ends too soon. What the connection raises passes through.
    """
    if wrong := {name.strip().lower() for name in headers.get("transfer-encoding", "").split(",")} - _TRANSFERS:
        raise FetchError(f"{where}: answers in Transfer-Encoding {min(wrong)}, which was not asked for")
    codings = _codings(headers.get("content-encoding", ""), where)
    length = _told_length(headers, where)
    if length > limit and not cut:
        raise TooLarge(f"{where}: {length} bytes are more than the {limit} allowed")
    pieces = _wire(raw, limit, where, cut=cut)
    if codings:
        pieces = _inflated(pieces, codings[0], where, cut=cut)
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > limit:
            if cut:
                return bytes(body[:limit])
            raise TooLarge(f"{where}: more than the {limit} bytes allowed, decompressed")
    return bytes(body)


def _told_length(headers: Mapping[str, str], where: str) -> int:
    """The Content-Length, 0 where none counts. Raises FetchError for one that RFC 9112 §6.3 calls invalid."""
    told = {value.strip() for value in headers.get("content-length", "0").split(",")}
    value = told.pop()
    if "transfer-encoding" in headers:
        return 0
    if told or not value.isascii() or not value.isdigit():
        raise FetchError(f"{where}: its Content-Length is no length")
    return int(value[:20])


def _codings(field: str, where: str) -> list[str]:
    named = [name.strip().lower() for name in field.split(",")]
    if wrong := _REAL_CODINGS.intersection(named):
        raise FetchError(f"{where}: answers in Content-Encoding {min(wrong)}, which was not asked for")
    # Anything else (utf-8, none, ...) is a server's misunderstanding, and browsers pass the body through.
    codings = [name for name in named if name in {"gzip", "x-gzip", "deflate"}]
    if len(codings) > 1:
        raise FetchError(f"{where}: answers in nested content codings, which is never honest")
    return codings


def _wire(raw: Raw, limit: int, where: str, *, cut: bool) -> Iterator[bytes]:
    total = 0
    while piece := raw.read(_PIECE, False):
        total += len(piece)
        yield piece
        if total > limit:
            if cut:
                return
            raise TooLarge(f"{where}: more than the {limit} bytes allowed")


def _inflated(pieces: Iterator[bytes], coding: str, where: str, *, cut: bool) -> Iterator[bytes]:
    """Decompress in pieces of bounded size, so that a bomb is noticed before it goes off."""
    gzip = coding != "deflate"
    inflater = None
    try:
        for piece in pieces:
            data = piece
            while data:
                if inflater is None:
                    inflater = zlib.decompressobj(31 if gzip else _deflate_window(data))
                yield inflater.decompress(data, _PIECE)
                data = inflater.unconsumed_tail
                if inflater.eof:
                    if not gzip or not inflater.unused_data.startswith(b"\x1f\x8b"):
                        return
                    data, inflater = inflater.unused_data, None
            while inflater is not None and not inflater.eof and (more := inflater.decompress(b"", _PIECE)):
                yield more
    except zlib.error as error:
        raise FetchError(f"{where}: its {coding} body is damaged") from error
    if inflater is not None and not inflater.eof and not cut:
        raise FetchError(f"{where}: its {coding} body ends too soon")


def _deflate_window(start: bytes) -> int:
    # RFC 9110 §8.4.1.2 says zlib; some servers have always sent the bare stream.
    zlib_header = start[0] & 0x0F == 8 and (len(start) < 2 or int.from_bytes(start[:2], "big") % 31 == 0)
    return 15 if zlib_header else -15
