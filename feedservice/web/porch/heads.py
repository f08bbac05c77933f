"""The head of a request (RFC 9112 §3, §5), read strictly: what is in any way unusual is not recognised."""

from __future__ import annotations

import re
from typing import NamedTuple

from feedservice.web.hosts import is_host

_LONGEST = 16_384
"""Longer heads are not waited for."""
_HEAD = re.compile(
    rb"(GET|HEAD) (/[A-Za-z0-9/._~-]*) HTTP/1\.([01])\r\n"
    rb"((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\x00-\x08\x0a-\x1f\x7f]*\r\n)*)\r\n"
)
_FIELD = re.compile(
    rb"^(accept-encoding|if-none-match|if-modified-since|connection|host"
    rb"|if-match|if-unmodified-since"
    rb"|content-length|transfer-encoding|expect|upgrade|te|trailer|a-im):[ \t]*([^\r\n]*)\r$",
    re.IGNORECASE | re.MULTILINE,
)
_KNOWN = frozenset((b"accept-encoding", b"if-none-match", b"if-modified-since", b"connection", b"host"))
_METHODS = (b"GET /", b"HEAD /")


class Head(NamedTuple):
    """A request for an address without a query, by a client that sends no body. Fields: as sent, None where absent."""

    method: str
    path: str
    accept_encoding: str | None
    none_match: str | None
    modified_since: str | None
    closes: bool
    """Whether the connection ends with the answer."""


def read_head(head: bytes) -> Head | None:
    """A head with the empty line at its end; None for one that asks for more, or that may be read in two ways.

    Fields that change nothing about the answer may be anything; one that does may come once only.
    """
    found = _HEAD.fullmatch(head)
    if found is None:
        return None
    method, path, minor, lines = found.groups()
    fields: dict[bytes, str] = {}
    for told, value in _FIELD.findall(lines):
        name = told.lower()
        if name not in _KNOWN or name in fields:
            return None
        fields[name] = value.rstrip(b" \t").decode("latin-1")
    # Proxies that ask by HTTP/1.0, such as nginx unless it is told otherwise, keep no connection.
    kept, manners = ("keep-alive", ("keep-alive", "close")) if minor == b"1" else ("close", ("close",))
    manner = fields.get(b"connection", kept).lower()
    if manner not in manners or not is_host(fields.get(b"host", "" if minor == b"1" else "unsaid")):
        return None
    return Head(
        method.decode("ascii"),
        path.decode("ascii"),
        fields.get(b"accept-encoding"),
        fields.get(b"if-none-match"),
        fields.get(b"if-modified-since"),
        manner == "close",
    )


def may_be_head(begun: bytes) -> bool:
    """Whether the rest may still make this a head that `read_head` takes."""
    if len(begun) > _LONGEST or begun.count(b"\n") != begun.count(b"\r\n"):
        return False
    return any(begun[: len(each)] == each[: len(begun)] for each in _METHODS)
