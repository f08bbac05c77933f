"""Tables whose rows have a link in several cells: which columns are the headlines."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from lxml.html import HtmlElement

from feedservice.sources.listing.links import Link
from feedservice.sources.listing.scoring import weight

_CELLS = ("td", "th")
_LEAST_SHARE = 0.5


def of_columns(links: Sequence[Link]) -> Sequence[Link]:
    """The links of a table without those of columns that say less than half of what the best one says: numbers, names.

    All of them where most rows hold one, and where the columns are alike, as in a grid of headlines.
    """
    if not links or _place(links[0]) is None:
        return links  # all stand in equal places
    places = [_place(link) for link in links]
    rows = Counter(place[0] for place in places if place)
    if not rows or sum(rows.values()) < len(links) or sum(times > 1 for times in rows.values()) * 2 < len(rows):
        return links
    words: dict[int, list[float]] = defaultdict(list)
    for link, place in zip(links, places, strict=True):
        if place:
            words[place[1]].append(weight(link.text))
    usual = {column: sum(told) / len(told) for column, told in words.items()}
    best = max(usual.values())
    return [link for link, place in zip(links, places, strict=True) if place and usual[place[1]] >= _LEAST_SHARE * best]


def _place(link: Link) -> tuple[HtmlElement, int] | None:
    """The row of a table that a link stands in, and the number of its cell."""
    cell = next((above for above in link.element.iterancestors() if above.tag in _CELLS), None)
    row = cell.getparent() if cell is not None else None
    return (row, row.index(cell)) if cell is not None and row is not None else None
