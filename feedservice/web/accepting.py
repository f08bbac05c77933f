"""Which content codings a client takes, and in which order we would send them (RFC 9110 §12.5.3)."""

from __future__ import annotations

import re

IDENTITY = "identity"
_OURS = ("br", "zstd", "gzip", IDENTITY)
_PLAIN = (IDENTITY,)
_ALIASES = {"x-gzip": "gzip"}
_Q = re.compile(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.IGNORECASE)
_MOST_REMEMBERED = 512
_LONGEST_FIELD = 512


class Preferences:
    """Reads Accept-Encoding; remembers what it read, for clients send few different fields. For one process."""

    def __init__(self) -> None:
        self._read: dict[str | None, tuple[str, ...]] = {}

    def __call__(self, field: str | None) -> tuple[str, ...]:
        """The codings to try, best first; identity is always the last resort, so that nobody is answered 406."""
        found = self._read.get(field)
        if found is None:
            found = preferred(field)
            if len(self._read) < _MOST_REMEMBERED:
                self._read[field] = found
        return found


def preferred(field: str | None) -> tuple[str, ...]:
    """The codings to send a client, best first. A client that says nothing, or nothing readable, gets identity."""
    if not field or len(field) > _LONGEST_FIELD:
        return _PLAIN
    weights: dict[str, float] = {}
    for part in field.split(","):
        name, _, parameter = part.partition(";")
        weight = _Q.fullmatch(parameter) if parameter else None
        if parameter and weight is None:
            continue
        name = name.strip().lower()
        weights.setdefault(_ALIASES.get(name, name), float(weight[1]) if weight else 1.0)
    rest = weights.get("*", 0.0)
    # Identity is acceptable unless refused, but nobody who names a coding wants it more than that coding.
    ranked = {name: weights.get(name, rest) for name in _OURS[:-1]}
    identity = weights.get(IDENTITY, 0.0005)
    taken = [name for name in _OURS[:-1] if ranked[name] > 0 and ranked[name] >= identity]
    taken.sort(key=lambda name: -ranked[name])
    return (*taken, IDENTITY)
