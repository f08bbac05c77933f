"""Headers that are for one server alone: a cookie, a token."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from feedservice.errors import FetchError
from feedservice.outbound.urls import Target, read_target

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
# Set by whoever frames the message, or it says something that is not so.
_NOT_YOURS = {"host", "content-length", "transfer-encoding", "connection", "te", "upgrade", "expect", "accept-encoding"}


@dataclass(frozen=True, slots=True)
class Secrets:
    """Headers, and the one place that gets them; None for nobody."""

    place: Target | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def only_for(cls, home: str, headers: Mapping[str, str]) -> Secrets:
        """Secrets for the server of the URL `home`; for nobody where `home` is no URL."""
        try:
            return cls(read_target(home), dict(headers))
        except FetchError:
            return cls()

    def for_target(self, target: Target) -> Mapping[str, str]:
        """What `target` is told: everything on the origin of home or on its https side, else nothing.

        Raises FetchError, naming the header but not its value, for one that cannot be sent.
        """
        if self.place is None or target.origin not in _origins(self.place):
            return {}
        for name, value in self.headers.items():
            if not _NAME.fullmatch(name) or name.lower() in _NOT_YOURS or not _VALUE.fullmatch(value):
                raise FetchError(f"{target.host}: the header {name!r} in the configuration cannot be sent")
        return self.headers


def _origins(place: Target) -> set[tuple[str, str, int]]:
    origins = {place.origin}
    if place.scheme == "http" and place.port == 80:
        origins.add(("https", place.host, 443))
    return origins
