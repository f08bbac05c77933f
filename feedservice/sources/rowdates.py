"""Dates as lists show them: beside a title, in pieces, often without a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from feedservice.model import Moment, Precision
from feedservice.sources.dates import ParseMoment, month_named, read_time

_Y, _M, _D = r"((?:19|20)\d\d)", r"(1[0-2]|0?[1-9])", r"(3[01]|[12]\d|0?[1-9])"
_SEP = r"\s*[-/.·月월]\s*"
_FULL = re.compile(rf"(?<!\d){_Y}\s*[-/.·年년]\s*{_M}{_SEP}{_D}(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)")
_NAMED = re.compile(
    r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?[\s./-]+[A-Za-zäéû]{3,10}[\s.,/-]+(?:19|20)\d\d(?!\d)"
    r"|(?<!\w)[A-Za-zäéû]{3,10}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d(?!\d)"
)
_CLOCK = re.compile(r"[日号일]?[\sT,]{0,3}([01]?\d|2[0-3])[:：]([0-5]\d)(?:[:：]([0-5]\d))?(?!\d)")
_PIECES = (
    (re.compile(rf"(?<![\d.]){_M}{_SEP}{_D}\s*[日号]?\s[\s/|,.]*{_Y}\s*年?(?!\d)"), (3, 1, 2)),
    (re.compile(rf"(?<!\d){_D}\s*[日号]?[\s/|,.]+{_Y}\s*[-/.·年]\s*{_M}\s*月?(?!\d)"), (2, 3, 1)),
    (re.compile(rf"(?<!\d){_Y}\s*年?[\s/|,.]+{_M}{_SEP}{_D}(?!\d)"), (1, 2, 3)),
)
_DAY_FIRST = (re.compile(rf"(?<!\d){_D}[/.-]{_M}[/.-]{_Y}(?!\d)"), (3, 2, 1))
_MONTH_FIRST = (re.compile(rf"(?<!\d){_M}[/.-]{_D}[/.-]{_Y}(?!\d)"), (3, 1, 2))
_MONTH_DAY = re.compile(rf"(?<![\d.:：-]){_M}\s*[-/月]\s*{_D}(?![\d.:：%-])\s*[日号]?")
_OTHER = re.compile(
    r"(?:民國|民国)\s?\d{2,3}\s?[年./-]\s?\d{1,2}\s?[月./-]\s?\d{1,2}|(?<![\d.])1[01]\d[./-]\d{1,2}[./-]\d{1,2}(?![\d.])"
    r"|[二一][〇零○一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[日号]"
    r"|(?:刚刚|今天|昨天|前天)(?:\s*\d{1,2}[:：]\d\d)?|\d{1,3}\s*(?:秒|分钟|小时|天|周|个?月)之?前"
    r"|(?:an?|\d{1,3})\s+(?:second|minute|hour|day|week|month)s?\s+ago|yesterday|\d{1,2}\.\s?[A-Za-zäé]{3,9}\.?\s20\d\d"
    r"|(?<!\d)(?:3[01]|[12]\d|0?[1-9])(?:\s+de)?\s+[^\W\d_]{3,12}\.?(?:\s+de)?\s+20\d\d(?!\d)",
    re.IGNORECASE,
)
_NAME_DAY = re.compile(
    r"(?<!\w)(?P<name>[^\W\d_]{3,10})\.?\s+(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\w:%])"
    r"|(?<![\w.:])(?P<day_>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\.?\s+(?P<name_>[^\W\d_]{3,10})(?!\w)"
)
_MOST_TRIED = 5
_SHORT = 80
_IN_ADDRESS = re.compile(r"(?<!\d)(20\d\d)(?:[-/_]?(0[1-9]|1[0-2]|[1-9](?=[-/_])))?")


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a bare date is read by: the zone it is in, the time of reading where known, and who reads human dates.

    year: of dates without one, where a heading above them tells it. month_first: 3/4/2024 is in March.
    """

    timezone: str
    now: datetime | None = None
    parse_moment: ParseMoment | None = None
    year: int | None = None
    month_first: bool = False


def find_date(text: str, calendar: Calendar, address: str = "") -> Moment | None:
    """The date that a row's text shows; None when it shows none that can be placed in a year.

    address: the article's own, which often tells the year that the row leaves out.
    """
    zone = ZoneInfo(calendar.timezone)
    turned = (_MONTH_FIRST, _DAY_FIRST) if calendar.month_first else (_DAY_FIRST, _MONTH_FIRST)
    for form, order in ((_FULL, (1, 2, 3)), *_PIECES, *turned):
        for found in form.finditer(text):
            moment = _make(text, found, order, zone)
            if moment is not None:
                return moment
    for form in (_NAMED, _COMPACT):
        for found in form.finditer(text):
            moment = read_time(found[0], calendar.timezone)
            if moment is not None:
                return moment
    if calendar.parse_moment is not None:
        for other in islice(_OTHER.finditer(text), _MOST_TRIED):
            moment = calendar.parse_moment(other[0], calendar.timezone, calendar.now)
            if moment is not None:
                return moment
    return _without_year(text, calendar, zone, address)


def _make(text: str, found: re.Match[str], order: tuple[int, int, int], zone: ZoneInfo) -> Moment | None:
    year, month, number = (int(found[group]) for group in order)
    try:
        day = datetime(year, month, number, tzinfo=zone)
    except ValueError:
        return None
    clock = _CLOCK.match(text, found.end())
    if clock is None:
        return Moment(day, Precision.DAY)
    at = day + timedelta(hours=int(clock[1]), minutes=int(clock[2]), seconds=int(clock[3] or 0))
    return Moment(at, Precision.SECOND if clock[3] else Precision.MINUTE)


def _without_year(text: str, calendar: Calendar, zone: ZoneInfo, address: str) -> Moment | None:
    for month, day in _months_and_days(text):
        year = _year(month, day, calendar, zone, address)
        if year is None:
            continue
        try:
            return Moment(datetime(year, month, day, tzinfo=zone), Precision.DAY)
        except ValueError:
            continue
    return None


def _months_and_days(text: str) -> Iterator[tuple[int, int]]:
    for found in _MONTH_DAY.finditer(text):
        yield int(found[1]), int(found[2])
    for found in _NAME_DAY.finditer(text) if len(text) <= _SHORT else ():
        month = month_named(found["name"] or found["name_"])
        if month is not None:
            yield month, int(found["day"] or found["day_"])


def _year(month: int, day: int, calendar: Calendar, zone: ZoneInfo, address: str) -> int | None:
    """The year of a month and day: what the address or a heading says, else the latest that is not in the future."""
    for found in _IN_ADDRESS.finditer(address):
        year = int(found[1])
        told = int(found[2]) if found[2] else None
        if told is None or abs(told - month) <= 1:
            return year
        if {told, month} == {1, 12}:
            return year + 1 if month == 1 else year - 1
    if calendar.year is not None or calendar.now is None:
        return calendar.year
    today = calendar.now.astimezone(zone)
    return today.year if (month, day) <= (today.month, today.day) else today.year - 1
