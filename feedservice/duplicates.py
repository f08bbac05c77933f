"""Whether two sources carry the same article. A decision on data alone, with bounded work whatever articles hold."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta

from feedservice.model import Carried

WINDOW = timedelta(days=3)
"""How far apart the dates of one article may be at two sources."""
_ALIKE = 0.9
_SHINGLE = 5
_SHORT = 100
_TOO_SHORT = 20
_MOST_COMPARED = 20_000
_MARKUP = re.compile(r"<[^<>]*>")
_NO_LETTER = re.compile(r"[\W_]+")


def title_key(title: str) -> str:
    """What of a headline is compared: letters and digits, in no case and one width. "" fits no other."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", title).casefold())
    return _NO_LETTER.sub("", folded)


def may_be_one(one: Carried, other: Carried) -> bool:
    """Whether two articles, by all but their texts, may be the same as two sources carry it."""
    key = title_key(one.title)
    near = abs(one.published - other.published) <= WINDOW
    return bool(key) and one.source != other.source and near and key == title_key(other.title)


def original_of(body: str, bodies: Mapping[int, str]) -> int | None:
    """Which of these stored bodies, by seq, is nearly the same text: the first that arrived; None when none is."""
    mine = _letters(body)
    return next((seq for seq in sorted(bodies) if _is_alike(mine, _letters(bodies[seq]))), None)


def _is_alike(one: str, other: str) -> bool:
    """Nine tenths of what stands in either stands in both, in runs of five letters; short texts are equal."""
    if min(len(one), len(other)) < _SHORT:
        return one == other and len(one) >= _TOO_SHORT
    first, second = _shingles(one), _shingles(other)
    return len(first & second) >= _ALIKE * len(first | second)


def _shingles(text: str) -> set[str]:
    return {text[start : start + _SHINGLE] for start in range(len(text) - _SHINGLE + 1)}


def _letters(body: str) -> str:
    text = html.unescape(_MARKUP.sub("", body[: 10 * _MOST_COMPARED]))
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())[:_MOST_COMPARED]
