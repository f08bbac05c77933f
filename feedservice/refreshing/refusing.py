"""Which articles that were pushed could not be read, and why: for who pushed them, and was told that they are taken in.

Kept among a source's facts, the last hundred. A decision on data alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from feedservice.digests import key_digest
from feedservice.model import Facts

_REFUSED = "refused"
_MOST = 100
_LONGEST = 300


def remember(facts: Facts, tried: Mapping[str, str]) -> Facts:
    """A source's facts after articles were read. tried: by key, why each could not be; "" for one that could."""
    before = _noted(facts)
    for key in tried:
        before.pop(key_digest(key), None)
    now = {key_digest(key): why[:_LONGEST] for key, why in tried.items() if why}
    notes = dict(list({**now, **before}.items())[:_MOST])
    others = {name: value for name, value in facts.items() if name != _REFUSED}
    return {**others, _REFUSED: json.dumps(notes, ensure_ascii=False)} if notes else others


def recall(facts: Facts, key: str) -> str:
    """Why the last word on an article could not be read; "" where it could, or nothing is remembered."""
    return _noted(facts).get(key_digest(key), "")


def _noted(facts: Facts) -> dict[str, str]:
    notes: dict[str, str] = json.loads(str(facts.get(_REFUSED) or "{}"))
    return notes
