"""References that need no parser to be made absolute: most of those that stand in pages, feeds and APIs."""

from __future__ import annotations

import re
from functools import lru_cache

_ROOT = r"https?://[a-z0-9](?:[a-z0-9-]|\.(?=[a-z0-9]))*+(?::[1-9]\d{0,3})?+"
_OCTET = r"(?:[A-Za-z0-9_~.,=&$!'()*@+|-]|%[0-9A-Fa-f]{2})"
_SEGMENT = rf"(?!\.){_OCTET}++"
_QUERY = r"(?:\?(?:[A-Za-z0-9_~.,=&$!'()*@+|:/?-]|%[0-9A-Fa-f]{2})++)?+"
_PATH = rf"{_SEGMENT}(?:/{_SEGMENT})*+/?+{_QUERY}"
_BASE = re.compile(rf"({_ROOT})((?:/{_SEGMENT}(?=/))*+)(?:/[^/?#;]*+)?+(?:[?#].*)?+", re.DOTALL)
_WHOLE, _ROOTED, _RELATIVE = (re.compile(text) for text in (rf"{_ROOT}/{_PATH}", rf"/{_PATH}", rf"(?:\./)?+({_PATH})"))


def plainly_joined(base: str, reference: str) -> str | None:
    """The address that a reference in a document at `base` comes to (RFC 3986 §5.2), where both are plain; else None.

    Plain is what every reading of an address leaves as it is: no fragment, no dot segments but one in front, no empty
    segments, no parameters, hosts in small letters, and nothing that would have to be percent-encoded.
    """
    start = _start(base)
    if start is None:
        return None
    root, folder = start
    if reference[:1] == "/":
        return root + reference if _ROOTED.fullmatch(reference) else None
    if _WHOLE.fullmatch(reference):
        return reference
    relative = _RELATIVE.fullmatch(reference)
    return f"{root}{folder}/{relative[1]}" if relative else None


@lru_cache(maxsize=32)
def _start(base: str) -> tuple[str, str] | None:
    found = _BASE.fullmatch(base)
    return (found[1], found[2]) if found else None
