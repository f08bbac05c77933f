"""Dates whose parts stand in lines of their own: a big day over a small month, a year over a day and a time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedservice.extract.dates.forms import Found, find_moments
from feedservice.model import Moment

_SEPARATOR = r"\s?[-/.月]\s?"
_YEAR = r"(?P<y>20\d\d|199\d)\s?年?"
_MONTH_DAY = rf"(?P<m>1[0-2]|0?[1-9]){_SEPARATOR}(?P<d>3[01]|[12]\d|0?[1-9])\s?日?"
_CLOCK = r"(?:\s+(?P<clock>\d{1,2}\s?[:：]\s?\d\d(?:\s?[:：]\s?\d\d)?))?(?![\d:：])"
_ORDERS = (
    re.compile(rf"^{_YEAR}\s+{_MONTH_DAY}{_CLOCK}"),
    re.compile(rf"^{_MONTH_DAY}\s+{_YEAR}{_CLOCK}"),
    re.compile(
        rf"^(?P<d>3[01]|[12]\d|0?[1-9])\s?日?\s+(?P<y>20\d\d|199\d)\s?[-/.年月]\s?(?P<m>1[0-2]|0?[1-9])(?!\d)\s?月?{_CLOCK}"
    ),
)


def joined_date(texts: Sequence[str], timezone: str, month_first: bool) -> tuple[Found, ...]:
    """The date that begins in the first of these lines and is only whole with the next ones; () when none does."""
    joined = " ".join(texts)
    for order in _ORDERS:
        if found := order.match(joined):
            clock = re.sub(r"\s", "", found["clock"] or "")
            return find_moments(f"{found['y']}-{found['m']}-{found['d']} {clock}".strip(), timezone)
    found_later = find_moments(joined, timezone, month_first=month_first)
    return tuple(item for item in found_later if item.start < len(texts[0]))


_BARRED = re.compile(r"^\s*[|｜【\[]\s*(?P<y>[012]\d)-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])\s*[|｜】\]]")


def between_bars(text: str, timezone: str) -> Moment | None:
    """The day of two digits each, the year first, that a line begins with between bars: | 13-05-08 | 【打印】."""
    found = _BARRED.match(text)
    whole = find_moments(f"20{found['y']}-{found['m']}-{found['d']}", timezone) if found else ()
    return whole[0].moment if whole else None
