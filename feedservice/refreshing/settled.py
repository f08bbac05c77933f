"""Which keys of a source are settled: their articles are stored, or not to be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from feedservice.addresses.spellings import spellings
from feedservice.model import Known
from feedservice.protocols import Store
from feedservice.refreshing.opened import OpenSource
from feedservice.refreshing.overlooking import Overlooked


@dataclass(frozen=True, slots=True)
class Settled:
    """Tells of a key, during one read, whether its article is stored, or not to be read, under it or, where nobody
    pushed it, another spelling of it.

    One that another source brought, and this one never offered, is news here.
    """

    source: OpenSource
    store: Store
    overlooked: Overlooked
    _told: dict[str, bool] = field(default_factory=dict)

    def __call__(self, key: str) -> bool:
        """Whether the article of a key is settled. Raises StoreError."""
        if key not in self._told:
            self.foresee([key])
        return self._told[key]

    def foresee(self, keys: Iterable[str]) -> None:
        """Look up keys that will be asked for, all at once. Raises StoreError."""
        asked = [key for key in dict.fromkeys(keys) if key not in self._told]
        stored = self.store.known(self.source.name, [key for key in asked if not self.overlooked.leaves_out(key)])
        self._told.update((key, self.overlooked.leaves_out(key) or self._has_offered([key], stored)) for key in asked)
        if self.source.pushed:
            return
        others = {key: spellings(key) for key in asked if not self._told[key]}
        written = self.store.known(self.source.name, [other for names in others.values() for other in names])
        for key, names in others.items():
            self._told[key] = any(map(self.overlooked.leaves_out, names)) or self._has_offered(names, written)

    def _has_offered(self, keys: Iterable[str], stored: Mapping[str, Known]) -> bool:
        found: Iterator[Known] = (stored[key] for key in keys if key in stored)
        return any(each.offered or each.withdrawn or each.source == self.source.name for each in found)
