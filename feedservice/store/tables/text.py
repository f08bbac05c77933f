"""What text may enter the store, and how text becomes a key that any database can index."""

from __future__ import annotations

import hashlib
import re

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_KEY = 1_000
_KEPT_OF_LONG_KEY = 200


def clean(text: str) -> str:
    """Drop every character outside XML 1.0 `Char` (§2.2): controls, lone surrogates, U+FFFE and U+FFFF.

    They cannot be written in any feed, and one of them would stop the whole of it.
    """
    return _ILLEGAL.sub("", text)


def index_key(text: str) -> str:
    """The text itself, cleaned; one longer than 1,000 bytes keeps its start and is told apart by its SHA-256.

    PostgreSQL refuses index entries above 2,704 bytes, and addresses can be longer.
    """
    text = clean(text)
    encoded = text.encode()
    if len(encoded) <= _LONGEST_KEY:
        return text
    return f"{text[:_KEPT_OF_LONG_KEY]}…{hashlib.sha256(encoded).hexdigest()}"
