"""Dates as pages write them: an own table of forms, read in microseconds.

`find_moments` looks for every date in a text; `parse_moment` reads a text that is one date, perhaps with a label or a
weekday around it. Nothing here reads the clock.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from feedservice.extract.dates.clock import Clock, digits, read_clock, read_clock_before
from feedservice.extract.dates.datewords import month_named
from feedservice.model import Moment, Precision, as_told
from feedservice.words.ago import find_ago

_CN = "〇零○Ｏ一二三四五六七八九"
_CN_VALUES = {char: value for value, chars in enumerate(("〇零○Ｏ", *"一二三四五六七八九")) for char in chars}
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_Y, _M, _D = r"(?P<y>(?:19|20)\d\d)", r"(?P<m>1[0-2]|0?[1-9])", r"(?P<d>3[01]|[12]\d|0?[1-9])"
_NAME = r"(?P<name>[^\W\d_][^\s\d.,/()_:-]{1,14})"


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text: where it stands, and what it says."""

    start: int
    end: int
    moment: Moment


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_FORMS: dict[str, re.Pattern[str]] = {
    "ymd": _form(
        rf"(?<![\d.]){_Y}(?:\s{{0,2}}年\s{{0,2}}{_M}\s{{0,2}}月|\s?[-/.–—]\s?(?P<m2>1[0-2]"
        rf"|0?[1-9])\s?[-/.–—])\s{{0,2}}{_D}"
        r"(?!\d)(?:\s{0,2}[日号號]|\.(?=\s))?"
    ),
    "stamp": _form(
        r"(?<![\d.])(?P<y>20\d\d|199\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])"
        r"(?:T?(?P<clock>(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?))?(?![\d.])"
    ),
    "korean": _form(rf"(?<!\d){_Y}\s?(?:년|\.)\s{{0,2}}{_M}\s?(?:월|\.)\s{{0,2}}{_D}(?:\s?일|\.)"),
    "numerals": _form(
        rf"(?P<cy>[{_CN}]{{4}})\s?年\s?(?P<cm>十[一二]?|[一二三四五六七八九])\s?月"
        r"\s?(?P<cd>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])\s?[日号]"
    ),
    "era": _form(
        rf"(?P<era>民國|民国|令和|平成|昭和)\s?(?P<ey>\d{{1,3}}|元)\s?[年./-]\s?{_M}\s?[月./-]\s?{_D}(?!\d)(?:\s?日)?"
    ),
    "roc": _form(rf"(?<![\d./-])(?P<ry>1[0-4]\d|[89]\d)(?P<sep>[./-]|年){_M}(?:(?P=sep)|月){_D}(?![\d./-])日?"),
    "day-name": _form(
        rf"(?<![\d:]){_D}(?:\.|º|°|er|st|nd|rd|th|-го|-е)?[\s.,/-]{{0,3}}(?:de\s|d['’]|of\s|den\s)?{_NAME}\.?"
        rf"[\s.,/'’-]{{0,3}}(?:de\s|del\s|do\s|of\s)?{_Y}(?![\d])(?:\s?(?:года|г\.?|р\.))?"
    ),
    "name-day": _form(
        rf"(?<![^\W\d_]){_NAME}(?:\.?\s{{0,3}}|-){_D}(?:st|nd|rd|th)?"
        rf"(?:\s?,\s{{0,2}}|\s{{1,3}}|\.\s?|-|\sdel?\s){_Y}(?!\d)"
    ),
    "year-name": _form(rf"(?<!\d){_Y}(?:\s?m\.|e?ko)?[.\s,/-]{{1,3}}{_NAME}[.\s,/-]{{1,3}}{_D}(?!\d)\.?"),
    "year-day-name": _form(rf"(?<!\d){_Y}\.?\sgada\s{_D}\.\s?{_NAME}"),
    "thai": _form(
        rf"(?<![\d:]){_D}\s{{0,2}}(?P<name>[\u0e01-\u0e4e][\u0e01-\u0e4e.]{{2,12}}?)\.?\s{{0,2}}(?:พ\.?ศ\.?\s?)?"
        r"(?:(?P<by>25[3-9]\d|26\d\d)|(?P<y>20\d\d))(?!\d)"
    ),
    "day-name2": _form(rf"(?<![\d-]){_D}(?:-{_NAME}-|\s(?P<name2>[a-z]{{3,9}})\.?\s['’])(?P<yy>[0-3]\d)(?![\d-])"),
    "american": _form(rf"(?<![\d.,/-]){_M}\s?/\s?{_D}\s?/\s?{_Y}(?!\d)"),
    "dmy": _form(rf"(?<![\d.,/-]){_D}(?P<sep>\s?[./-]\s?|\s?tháng\s?){_M}(?:(?P=sep)|\s?năm\s?){_Y}(?!\d)"),
    "viet": _form(rf"(?<!\d){_D}\s?tháng\s?{_M},?\s{_Y}(?!\d)"),
    "mdy": _form(rf"(?<![\d.,/-]){_M}(?P<sep>\s?[./-]\s?){_D}(?P=sep){_Y}(?!\d)"),
    "dmy2": _form(rf"(?<![\d.,/:-]){_D}(?P<sep>[./]){_M}(?P=sep)(?P<yy>[0-3]\d)(?![\d./-])"),
}


_NUMBER = re.compile(rf"\d|[{_CN}]")
_MARKS_OF = {
    "thai": _form(r"[\u0e01-\u0e4e]"), "viet": _form("tháng"), "year-day-name": _form("gada"),
    "numerals": _form("年"), "era": _form("[民令平昭]"), "day-name2": _form(r"['’-][0-3]\d(?!\d)"),
}  # fmt: skip
"""What a text holds at least that has a date of a rare form, so that only few texts are searched for it."""


def find_moments(text: str, timezone: str, *, month_first: bool = False) -> tuple[Found, ...]:
    """Every full date in a text, in order of place; overlapping readings of one place are decided by the table's order.

    timezone: IANA name of the zone of times that come without one. month_first: read 9/25/2024 and 9/4/2024 the
    American way.
    """
    text = digits(text)
    if not _NUMBER.search(text):
        return ()
    zone = ZoneInfo(timezone)
    taken: list[Found] = []
    starts: list[int] = []
    for name in _FORMS:
        if name == "american" and not month_first:
            continue
        if name in _MARKS_OF and not _MARKS_OF[name].search(text):
            continue
        for found in _FORMS[name].finditer(text):
            place = bisect_left(starts, found.end())
            if place and taken[place - 1].end > found.start():
                continue
            if reading := _read(text, found, zone):
                place = bisect_left(starts, reading.start)
                starts.insert(place, reading.start)
                taken.insert(place, reading)
    return tuple(taken)


def _read(text: str, found: re.Match[str], zone: tzinfo) -> Found | None:
    ymd = _numbers(found)
    if ymd is None:
        return None
    start, end = found.span()
    groups = found.groupdict()
    if compact := groups.get("clock"):
        clock = read_clock(f"{compact[:2]}:{compact[2:4]}" + (f":{compact[4:6]}" if compact[4:] else ""), 0)
    else:
        clock = read_clock(text, end)
        if clock:
            end = clock.end
        elif clock := read_clock_before(text, start):
            start = clock.start
    try:
        at = datetime(*ymd, tzinfo=zone)
    except ValueError:
        return None
    if clock is None:
        return Found(start, end, Moment(at, Precision.DAY))
    return Found(start, end, _clocked(clock, at))


def _numbers(found: re.Match[str]) -> tuple[int, int, int] | None:
    """Year, month and day of a match; None when the words in it are no date."""
    groups = found.groupdict()
    if cy := groups.get("cy"):
        year = int("".join(str(_CN_VALUES[char]) for char in cy))
        ymd = year, _cn_number(groups["cm"]), _cn_number(groups["cd"])
        return ymd if 1900 <= year < 2100 else None
    month = groups.get("m") or groups.get("m2")
    if name := groups.get("name") or groups.get("name2"):
        number = month_named(name)
        if number is None:
            return None
        month = str(number)
    if era := groups.get("era"):
        count = 1 if groups["ey"] == "元" else int(groups["ey"])
        year = count + _ERAS.get(era, 1911)
    elif roc := groups.get("ry"):
        year = int(roc) + 1911
    elif buddhist := groups.get("by"):
        year = int(buddhist) - 543
    elif short := groups.get("yy"):
        year = 2000 + int(short)
    else:
        year = int(groups["y"])
    return (year, int(month or 0), int(groups["d"])) if year < 2100 else None


def _cn_number(text: str) -> int:
    """A number from 1 to 31 in Chinese numerals."""
    tens, ten, ones = text.rpartition("十")
    value = _CN_VALUES.get(ones, 0)
    return value + 10 * (_CN_VALUES.get(tens, 1) if tens else 1) if ten else value


_MONTH_DAY = re.compile(rf"(?<![\d:./-]){_M}(?:[-/.]|\s?月\s?){_D}(?![\d./:-])日?")
_EPOCH = re.compile(r"^\s*(\d{10})(\d{3})?(?:\.\d+)?\s*$")


def parse_moment(text: str, timezone: str, now: datetime | None) -> Moment | None:
    """Read a text that tells one date; None when it tells none.

    timezone: IANA name of the zone for times that come without one. now: aware; what "3小时前" and dates without a
    year are counted from; without it they are not read. The first full date in the text wins.
    """
    if len(text) > 300:
        text = text[:300]
    if epoch := _EPOCH.match(text):
        at = datetime.fromtimestamp(int(epoch.group(1)), UTC).astimezone(ZoneInfo(timezone))
        return Moment(at) if 1990 < at.year < 2100 else None
    if found := next(iter(find_moments(text, timezone)), None):
        return found.moment
    return _relative(digits(text), ZoneInfo(timezone), now) if now is not None else None


def _relative(text: str, zone: tzinfo, now: datetime) -> Moment | None:
    here = now.astimezone(zone).replace(microsecond=0)
    if ago := find_ago(text):
        if ago.named:
            return _with_clock(text, ago.end, here.replace(hour=0, minute=0, second=0) - ago.back)
        exact = Precision.DAY if ago.days else Precision.MINUTE
        return Moment(_floor(here - ago.back, exact), exact)
    for found in _MONTH_DAY.finditer(text):
        if moment := _month_day(text, found, here):
            return moment
    return None


def _month_day(text: str, found: re.Match[str], here: datetime) -> Moment | None:
    """A month and a day without a year: the latest such day that is not after tomorrow."""
    for year in (here.year, here.year - 1):
        try:
            midnight = datetime(year, int(found["m"]), int(found["d"]), tzinfo=here.tzinfo)
        except ValueError:
            continue
        if midnight <= here + timedelta(days=1):
            return _with_clock(text, found.end(), midnight)
    return None


def _with_clock(text: str, place: int, midnight: datetime) -> Moment:
    clock = read_clock(text, place)
    return _clocked(clock, midnight) if clock else Moment(midnight, Precision.DAY)


def _clocked(clock: Clock, day: datetime) -> Moment:
    at = clock.on(day)
    return as_told(at, clock.precision) if clock.hour < 24 else Moment(at, clock.precision)


def _floor(at: datetime, precision: Precision) -> datetime:
    return at.replace(hour=0, minute=0, second=0) if precision is Precision.DAY else at.replace(second=0)
