"""How articles are pushed to a source: what a serving process may know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from feedservice.model import Known, Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Where one source takes in what is pushed to it.

    token: who may push. read: one article of what came, as JSON values -> what it offers, and the text that a letter
    carries it in; raises BadArticle. is_told: whether a stored article is as such an offer tells it.
    """

    token: str = field(repr=False)
    read: Callable[[object], tuple[Offer, str]]
    is_told: Callable[[Known, Offer], bool]
