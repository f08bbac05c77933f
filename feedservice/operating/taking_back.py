"""Articles taken back on somebody's word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from feedservice.protocols import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What came of taking back one article. asked: the name that it was asked for by: its id, alias or address.

    id: None where there is no such article; withdrawn: since when it is; new: whether that was done just now.
    """

    asked: str
    id: str | None = None
    title: str = ""
    withdrawn: datetime | None = None
    new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """What came of taking back several. feeds: those that changed; rewritten: whether that is done, or the worker's."""

    articles: tuple[TakenBack, ...]
    feeds: tuple[str, ...]
    rewritten: bool


def take_back(store: Store, names: Iterable[str], at: datetime) -> tuple[TakenBack, ...]:
    """Withdraw the articles of these names, all or none of those that are known. Raises StoreError."""
    found = {name: store.find(name) for name in dict.fromkeys(names)}
    with store.writing() as writer:
        new = {name for name, article in found.items() if article and writer.withdraw(article.id, at)}
    return tuple(
        TakenBack(
            asked=name,
            id=article.id,
            title=article.fields.title,
            withdrawn=article.withdrawn or at.replace(microsecond=0),
            new=name in new,
        )
        if article
        else TakenBack(asked=name)
        for name, article in found.items()
    )
