"""How articles are pushed to a source: what a serving process may know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from feedservice.model import Facts, Known, Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Where one source takes in what is pushed to it.

    token: who may push. read: one article of what came, as JSON values -> what it offers, and the text that a letter
    carries it in; raises BadArticle. is_new: whether a stored article, of another source, is new to this one. is_told:
    whether a stored article of its own is as such an offer tells it. why_refused: by the facts of the source and the
    article's key, why its last word could not be read when its turn came; "" where nothing is known of that.
    """

    token: str = field(repr=False)
    read: Callable[[object], tuple[Offer, str]]
    is_new: Callable[[Known, Offer], bool]
    is_told: Callable[[Known, Offer], bool]
    why_refused: Callable[[Facts, str], str]
