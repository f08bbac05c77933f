"""What is pushed to a source, on its way from whoever takes it in to the worker that admits it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An article that was pushed and waits to be admitted, or the word that one is to be taken back.

    number: the order of arrival, from 1; 0 before it is stored. key: what its source calls the article. text: the
    article as its source's kind writes it; "" for one that is to be taken back.
    """

    source: str
    key: str
    text: str
    at: datetime
    number: int = 0
