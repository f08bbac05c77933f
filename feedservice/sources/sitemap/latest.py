"""Which addresses of a sitemap are the latest: by the times it tells, by what stands in them, or by their place."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from datetime import datetime

from feedservice.protocols import KnownAmong

_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:[-/_.]?(0[1-9]|1[0-2])(?:[-/_.]?(0[1-9]|[12]\d|3[01]))?(?!\d)"
    r"|[-/_.](1[0-2]|[1-9])(?:[-/_.](3[01]|[12]\d|[1-9]))?(?!\d))?(?!\d)"
)
_NUMBER = re.compile(r"\d{1,9}")
Told = tuple[str, datetime | None]
"""An address, and the time that is told of it."""
Date = tuple[int, int, int]


def newest_first(told: Sequence[Told]) -> list[int]:
    """The places of addresses in what was told, the latest first; those without a time behind those with one.

    Without times they go by the dates in them, or where most have none by the last number in them. Where most have
    neither, the last and the first ones come before those in the middle: new ones are put at either end.
    """
    dated = [place for place, (_, at) in enumerate(told) if at is not None]
    others = [place for place, (_, at) in enumerate(told) if at is None]
    dated.sort(key=lambda place: (told[place][1], _last_number(told[place][0])), reverse=True)
    return dated + _by_what_stands_in_them(others, [told[place][0] for place in others])


def without_backlog(chosen: Sequence[str], told: Sequence[Told], known: KnownAmong) -> list[str]:
    """The addresses that were chosen of what was told, without old ones that come forward as others leave.

    Only where places alone say what is new: between what is known and the middle of a sitemap stands what its first
    read left out.
    """
    addresses = [address for address, _ in told]
    if len(chosen) == len(told) or any(at is not None for _, at in told) or not _go_by_place(addresses):
        return list(chosen)
    places = {address: place for place, address in enumerate(addresses)}
    at_end = [address for address in chosen if 2 * places[address] >= len(addresses)]
    at_start = [address for address in chosen if 2 * places[address] < len(addresses)]
    stored = known(chosen)
    kept = {*_outside(at_end, stored), *_outside(at_start, stored)}
    return [address for address in chosen if address in kept]


def _outside(addresses: Sequence[str], stored: Set[str]) -> Sequence[str]:
    """Those from the outermost to the innermost that is known; all where none is."""
    for size in range(len(addresses), 0, -1):
        if addresses[size - 1] in stored:
            return addresses[:size]
    return addresses


def _by_what_stands_in_them(places: Sequence[int], addresses: Sequence[str]) -> list[int]:
    numbers = [_last_number(address) for address in addresses]
    dates = [_date(address) for address in addresses]
    keys: list[tuple[Date, int]]
    if _are_most(dates):
        keys = [(date or (0, 0, 0), number) for date, number in zip(dates, numbers, strict=True)]
    elif _go_by_place(addresses):
        keys = [((0, 0, 0), -min(place, len(addresses) - 1 - place)) for place in range(len(addresses))]
    else:
        keys = [((0, 0, 0), number) for number in numbers]
    order = sorted(range(len(addresses)), key=lambda index: keys[index], reverse=True)
    return [places[index] for index in order]


def _go_by_place(addresses: Sequence[str]) -> bool:
    return not _are_most([_NUMBER.search(address) for address in addresses])


def _are_most(facts: Sequence[object]) -> bool:
    return 2 * sum(fact is not None for fact in facts) >= len(facts)


def _date(address: str) -> Date | None:
    """The first date in an address, else the first year."""
    year: Date | None = None
    for found in _DATE.finditer(address):
        month = int(found[2] or found[4] or 0)
        if month:
            return int(found[1]), month, int(found[3] or found[5] or 0)
        year = year or (int(found[1]), 0, 0)
    return year


def _last_number(address: str) -> int:
    numbers = _NUMBER.findall(address)
    return int(numbers[-1]) if numbers else 0
