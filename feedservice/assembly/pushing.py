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
    from feedservice.changes import is_new_here
    from feedservice.protocols import Counter
    from feedservice.refreshing.refusing import recall
    from feedservice.sources.push import PushOptions

    counters = {}
    for name, source in config.sources.items():
        token = source.options.token if isinstance(source.options, PushOptions) else None
        if token is not None and source.common.enabled:
            timezone = source.common.timezone or config.settings.site.timezone
            read = partial(_read, timezone=timezone)
            is_new = partial(is_new_here, source=name)
            counters[name] = Counter(
                token=token.get_secret_value(), read=read, is_new=is_new, is_told=_is_told, why_refused=recall
            )
    return counters


def _read(data: object, *, timezone: str) -> tuple[Offer, str]:
    """An article that was pushed and its letter; one that the worker could never read is not taken in."""
    from feedservice.errors import BadArticle
    from feedservice.extract import measured
    from feedservice.sources.push import read_pushed

    offer, text = read_pushed(data, timezone)
    _, fault = measured(f"<div>{offer.fields.body}</div>")
    if fault:
        told = "html" if isinstance(data, dict) and data.get("html") else "text"
        raise BadArticle(((f"/{told}", fault),))
    return offer, text


def _is_told(known: Known, offer: Offer) -> bool:
    from feedservice.digests import is_told_otherwise

    return not is_told_otherwise(known, offer)
