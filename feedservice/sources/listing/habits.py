"""What the rows of one list have in common: words that many of them repeat, how they write day and month."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from lxml.html import HtmlElement

from feedservice.sources.listing.links import pieces_of

_LEAST_ROWS = 3
_LEAST_SHARE = 0.2
_MOST_PIECES = 200
_TWO_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Habits:
    """What many rows of a list repeat, and what is no part of their headlines therefore.

    labels: texts that links hold beside the headline (新闻, Company news).
    additions: what title attributes say more than the links' texts (点击查看, opens in a new window).
    """

    labels: frozenset[str] = frozenset()
    additions: frozenset[str] = frozenset()


NONE = Habits()


def habits_of(elements: Sequence[HtmlElement]) -> Habits:
    """What the links of a list have in common."""
    labels: Counter[str] = Counter()
    additions: Counter[str] = Counter()
    for element in elements:
        pieces = list(dict.fromkeys(texts_in(element)))
        if len(pieces) > 1:
            labels.update(pieces)
        added = addition(" ".join(pieces), " ".join((element.get("title") or "").split()))
        if added:
            additions[added] += 1
    least = max(_LEAST_ROWS, len(elements) * _LEAST_SHARE)
    return Habits(
        *(frozenset(text for text, times in found.items() if times >= least) for found in (labels, additions))
    )


def texts_in(element: HtmlElement) -> list[str]:
    """The texts inside an element, each on one line, the first 200 nodes."""
    pieces = (" ".join(piece[:3_000].split()) for piece in islice(pieces_of(element), _MOST_PIECES))
    return [piece for piece in pieces if piece]


def addition(text: str, told: str) -> str:
    """What a title attribute says before or behind a link's text; "" when it says something else or no more."""
    if not text or len(told) <= len(text):
        return ""
    if told.startswith(text):
        return told[len(text) :]
    return told[: -len(text)] if told.endswith(text) else ""


def months_first(texts: Iterable[str]) -> bool:
    """Whether 3/4/2024 is in March, judged by all dates of a list: a 13th month there is not, and lists are sorted."""
    dates = [(int(found[1]), int(found[2]), int(found[3])) for text in texts if (found := _TWO_NUMBERS.search(text))]
    if any(one > 12 for one, _, _ in dates):
        return False
    if any(two > 12 for _, two, _ in dates):
        return True
    as_days = _breaks([(year, month, day) for day, month, year in dates])
    return _breaks([(year, month, day) for month, day, year in dates]) < as_days


def _breaks(days: Sequence[tuple[int, int, int]]) -> int:
    """How many neighbours stand out of order, whichever of both orders the list is in."""
    rising = sum(one > two for one, two in pairwise(days))
    falling = sum(one < two for one, two in pairwise(days))
    return min(rising, falling)
