"""What the address of a page tells of the day on which it was published."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from urllib.parse import urlsplit

from feedservice.extract.dates.datewords import month_named
from feedservice.extract.dates.forms import parse_moment
from feedservice.extract.dating.chosen import ADDRESS
from feedservice.extract.dating.stateddates import Dated

_DAY = re.compile(
    r"/(?P<y>(?:19|20)\d\d)[-/_]?(?P<m>0[1-9]|1[0-2]|(?<=[-/_])[1-9](?=[-/_]))[-/_]?(?P<d>0[1-9]|[12]\d|3[01]"
    r"|(?<=[-/_])[1-9](?=[-/_.]))(?=[-/_.]|$)|[/_-]t?(?P<stamp>(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d"
    r"|3[01]))(?=[-/_.]|\d{0,8}(?:\D|$))"
)
_WRITTEN = re.compile(
    r"/(?P<y>(?:19|20)\d\d)/(?P<name>[a-z]{3,9})/(?P<d>\d{1,2})(?=/)|[/_-](?P<d2>1[3-9]|2\d|3[01])-(?P<m>0[1-9]|1[0-2])"
    r"-(?P<y2>(?:19|20)\d\d)(?=[-/_.]|$)"
)
"""Days with the month by name, and those whose day cannot be a month before a month."""
_PARTED = re.compile(
    r"/(?P<y>(?:19|20)\d\d)/(?!(?:vol|iss|num|no|art|pag|part|ch)[a-z]*/)[a-z][a-z_-]{2,30}/(?P<m>1[0-2]|0?[1-9])/"
    r"(?P<d>3[01]|[12]\d|0?[1-9])/(?!\d+(?:/|$))"
)
"""A year, the name of a section, and month and day, each a step of the path with another one behind it."""
_MONTH = re.compile(r"/(?P<y>(?:19|20)\d\d)/(?P<m>0[1-9]|1[0-2])/(?!\d{1,2}/)")
_ARCHIVED = re.compile(r"^https?://[^/]+/web/\d{8,14}[a-z_]*/(?=https?:)")
"""What an archive puts before the address of a page that it keeps."""


def dates_in_address(url: str, timezone: str) -> Iterable[Dated]:
    """The day in an address such as /202409/t20240925_1224.html or /2024-05/13/."""
    path = urlsplit(own_address(url)).path
    if found := _DAY.search(path):
        text = found["stamp"] or f"{found['y']}-{found['m']}-{found['d']}"
    elif found := _WRITTEN.search(path):
        month = found["m"] or month_named(found["name"])
        text = f"{found['y'] or found['y2']}-{month}-{found['d'] or found['d2']}"
    elif found := _PARTED.search(path):
        text = f"{found['y']}-{found['m']}-{found['d']}"
    else:
        return
    if moment := parse_moment(text[:10], timezone, None):
        yield Dated(4.2, moment, ADDRESS)


def month_in_address(url: str) -> tuple[str, str] | None:
    """The first and the last day of the month in an address such as /2010/05/some-words/; None where it has none."""
    found = _MONTH.search(urlsplit(own_address(url)).path)
    if not found:
        return None
    last = monthrange(int(found["y"]), int(found["m"]))[1]
    return f"{found['y']}-{found['m']}-01", f"{found['y']}-{found['m']}-{last}"


def own_address(url: str) -> str:
    """The address that a page had before an archive kept it."""
    return _ARCHIVED.sub("", url)
