"""What was looked up of late, within bounds."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Lately(Generic[_Key, _Value]):
    """Remembers at least the last `most` things, at most twice as many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._young: dict[_Key, _Value] = {}
        self._old: dict[_Key, _Value] = {}

    def get(self, key: _Key) -> _Value | None:
        """What was put here under this key, if that was not too long ago."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: _Key, value: _Value) -> None:
        """Remember something, for a while."""
        if len(self._young) >= self._most:
            self._old, self._young = self._young, {}
        self._young[key] = value
