"""Where articles are pushed to: the sources whose kind is told of articles, and who knows their tokens."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedservice.config.reading import Config
    from feedservice.model import Known, Offer
    from feedservice.protocols import Counter


def make_counters(config: Config) -> dict[str, Counter]:
    """By name, every enabled source that articles may be pushed to: one that has a token."""
    from feedservice.protocols import Counter
    from feedservice.sources.push import PushOptions, read_pushed

    counters = {}
    for name, source in config.sources.items():
        token = source.options.token if isinstance(source.options, PushOptions) else None
        if token is not None and source.common.enabled:
            timezone = source.common.timezone or config.settings.site.timezone
            read = partial(read_pushed, timezone=timezone)
            counters[name] = Counter(token=token.get_secret_value(), read=read, is_told=_is_told)
    return counters


def _is_told(known: Known, offer: Offer) -> bool:
    from feedservice.changes import offer_digest

    return known.offer_digest == offer_digest(offer)
