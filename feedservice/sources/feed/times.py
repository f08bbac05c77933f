"""When an entry was published and updated, by whatever its feed calls that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from feedservice.model import Moment
from feedservice.sources.feed.values import Entry, string_of

_KNOWN = ("published", "created", "updated")
_OWN = re.compile(
    r"(?:[a-z0-9]{1,20}_)?(?:(?:pub(?:l(?:ish(?:ed)?|ication))?|post(?:ed)?|release[ds]?|creat(?:ed?|ion)|issued?|news|article|input)_?"
    r"(?:date|time|datetime)|(?:date|time)_?(?:pub(?:lished)?|posted|created|issued|released)|time|datetime)"
)
"""Names that no standard has, of elements that programs of their own put in the place of pubDate."""
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?!\d)")

Read = Callable[[str], Moment | None]


def times_of(entry: Entry, read: Read) -> tuple[Moment | None, Moment | None]:
    """When it was published and updated. A feed with one date only means the publication by it."""
    found = [read(string_of(entry, name)) for name in _KNOWN]
    published = found[0] or found[1]
    if not any(found):
        return next((moment for told in _own_times(entry) if (moment := read(told))), None), None
    return published or found[2], found[2] if published and found[2] != published else None


def _own_times(entry: Entry) -> Iterator[str]:
    for name in entry:
        if _OWN.fullmatch(name):
            yield string_of(entry, name)


def in_one_order(entries: Sequence[Entry]) -> Callable[[str], str]:
    """What writes dates such as 5/16/2024 with the year first, where the feed's own dates tell which number is the
    month: one of them is over twelve, always in the same place. Else it changes nothing."""
    told = [string_of(entry, name) for entry in entries for name in _KNOWN]
    dates = [found for text in told if "/" in text for found in _SLASHED.finditer(text)]
    day_first, month_first = any(int(date[1]) > 12 for date in dates), any(int(date[2]) > 12 for date in dates)
    if day_first == month_first:
        return str
    order = r"\3-\1-\2" if month_first else r"\3-\2-\1"
    return lambda text: _SLASHED.sub(order, text)
