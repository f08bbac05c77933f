"""Web addresses that can be asked at all: with a host and a port that there may be."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from feedservice.config.mistyped import UNSEEN

_LONGEST_HOST, _LONGEST_LABEL = 253, 63
_UNSEEN = re.compile(f"[{UNSEEN}]")


def check_address(value: str) -> str:
    """Let an http or https address through whose host and port are possible. Raises ValueError for any other text."""
    if found := _UNSEEN.search(value):
        raise ValueError(f"an address without invisible characters, as U+{ord(found[0]):04X} is")
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"an address with a possible host and port; {error}") from None
    if parts.scheme not in ("http", "https"):
        raise ValueError("an address that begins with http:// or https://")
    if not host or not _may_be(host) or port == 0 or "\\" in value:
        raise ValueError("an address with a possible host and port, and without backslashes")
    return value


def _may_be(host: str) -> bool:
    """Whether a host can be looked up: of at most 253 characters, and labels of one to 63 (RFC 1035 §2.3.4)."""
    labels = host.removesuffix(".").split(".")
    return len(host) <= _LONGEST_HOST and all(0 < len(label) <= _LONGEST_LABEL for label in labels)


def check_some_address(value: str) -> str:
    """Like `check_address`, but nothing at all is let through too."""
    return check_address(value) if value else value
