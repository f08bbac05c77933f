"""Dates as lists show them: beside a title, in pieces, often without a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from feedservice.model import Moment, Precision, as_told
from feedservice.sources.dates import ParseMoment, month_named, read_time
from feedservice.words.ago import SIGNS, find_ago

_Y, _M, _D = r"((?:19|20)\d\d)", r"(1[0-2]|0?[1-9])", r"(3[01]|[12]\d|0?[1-9])"
_SEP = r"\s*[-/.·月월]\s*"
_FULL = re.compile(rf"(?<!\d){_Y}\s*[-/.·年년]\s*{_M}{_SEP}{_D}(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)")
_NAMED = re.compile(
    r"(?<!\d)\d{1,2}(?:(?:st|nd|rd|th)(?:\s+of(?=\s))?)?[\s./-]+[A-Za-zäéû]{3,10}[\s.,/-]+(?:19|20)\d\d(?!\d)"
    r"|(?<!\w)[A-Za-zäéû]{3,10}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d(?!\d)"
)
_CLOCK = re.compile(r"[日号일]?[\sT,]{0,3}([01]?\d|2[0-3])[:：]([0-5]\d)(?:[:：]([0-5]\d))?(?!\d)")
_DAY_MARK = re.compile(r"\s{0,2}[日号號일]")
_PIECES = (
    (re.compile(rf"(?<![\d.]){_M}{_SEP}{_D}(?:\s*+[日号])?\s[\s/|,.]*+{_Y}\s*年?(?!\d)"), (3, 1, 2)),
    (re.compile(rf"(?<!\d)(?<!\d/){_D}(?:\s*+[日号])?[\s/|,.]++{_Y}\s*[-/.·年]\s*{_M}\s*月?(?!\d|[:：]\d)"), (2, 3, 1)),
    (re.compile(rf"(?<!\d){_Y}(?:\s*+年)?[\s/|,.]++{_M}{_SEP}{_D}(?!\d)"), (1, 2, 3)),
)
_DAY_FIRST = (re.compile(rf"(?<!\d){_D}[/.-]{_M}[/.-]{_Y}(?!\d)"), (3, 2, 1))
_MONTH_FIRST = (re.compile(rf"(?<!\d){_M}[/.-]{_D}[/.-]{_Y}(?!\d)"), (3, 1, 2))
SHORT_DATE = re.compile(r"(?<![\d.:/-])(\d\d|\d(?=/))([-/.])(\d\d|\d(?=/))\2(\d\d)(?![\d/-]|[.:]\d)")
"""A day with a year of two digits, which of the three is which is not told. 2.0.14 is a release, 2/9/14 a day."""
_DAY_OVER_MONTH = re.compile(rf"\s*{_D}\s*[/|.]?\s+{_M}\s*月\s*|\s*{_D}\s*[/|.]\s*{_M}\s*月\s*")
"""A day before its month and nothing else, as badges show them: 20 /11月."""
_DOTTED = re.compile(rf"[\W_]*+(?:[^\W\d_]{{2,10}}[.,]{{1,2}}\s*+)?{_D}\.\s?{_M}\.[\W_]*+")
"""A day and a month in dots, and nothing else but the day of the week: Di., 03.02."""
_MONTH_DAY = re.compile(rf"(?<![\d.:：-]){_M}\s*[-/月]\s*{_D}(?![\d.:：%-])\s*[日号]?")
_OTHER = re.compile(
    r"(?:民國|民国)\s?\d{2,3}\s?[年./-]\s?\d{1,2}\s?[月./-]\s?\d{1,2}|(?<![\d.])1[01]\d[./-]\d{1,2}[./-]\d{1,2}(?![\d.])"
    r"|(?:令和|平成|昭和)\s?(?:\d{1,2}|元)\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
    r"|[二一][〇零○一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[日号]"
    r"|\d{1,2}\.\s?[A-Za-zäé]{3,9}\.?\s20\d\d"
    r"|(?<!\d)(?:3[01]|[12]\d|0?[1-9])(?:\s+de)?\s+[^\W\d_]{3,12}\.?(?:\s+de)?\s+20\d\d(?!\d)",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(r"[\W_]*+(\d{1,2}\.?\s+[^\W\d_]{3,9}\.?)\s+'?(\d\d)[\W_]*+")
"""A day, a month by its name, a year of two digits and nothing else: 10 set 24."""
_NAME_DAY = re.compile(
    r"(?<!\w)(?!(?:mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs?|ur)?(?:day)?\b)(?P<name>[^\W\d_]{3,10})\.?\s+"
    r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\w:%]|\.\d)"
    r"|(?<![\w.:])(?P<day_>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\.?\s+(?P<name_>[^\W\d_]{3,10})(?!\w)",
    re.IGNORECASE,
)
_MONTH_OF_YEAR = re.compile(
    rf"[\W_]*+{_Y}\s*+[-/.年]\s*+{_M}(?!\d)\s*+月?[\W_]*+|[\W_]*+([^\W\d_]{{3,12}})\.?\s++((?:19|20)\d\d)[\W_]*+"
)
_SIGN = re.compile(rf"\d|年|{SIGNS}", re.IGNORECASE)
"""What a text holds at least that tells a date."""
_MOST_TRIED = 5
_SHORT, _ALONE = 80, 24
_IN_ADDRESS = re.compile(
    r"(?<!\d)(20\d\d)(?:[-/_]?(0[1-9]|1[0-2])(?:(?!\d)|[-/_]?(?:0[1-9]|[12]\d|3[01])(?:(?!\d)|(?=\d{4})))"
    r"|[-/_]([1-9])(?=[-/_]))"
    r"|(?<=/)(20\d\d)(?=[/?#]|\Z)"
)
_AHEAD = timedelta(days=31)
"""How far ahead of now a date may be whose year and month are those of an address: notices tell of days to come."""
_SOON = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a bare date is read by: the zone it is in, the time of reading where known, and who reads human dates.

    year: of dates without one, where a heading above them tells it. month_first: 3/4/2024 is in March. short: which
    groups of SHORT_DATE are year, month and day, where the whole list tells it.
    """

    timezone: str
    now: datetime | None = None
    parse_moment: ParseMoment | None = None
    year: int | None = None
    month_first: bool = False
    short: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A date in a text, and where it stands.

    whole: it tells its year, or how long ago it was. plain: it is written in numbers.
    """

    moment: Moment
    start: int
    end: int
    whole: bool = True
    plain: bool = False


def find_date(text: str, calendar: Calendar, address: str = "") -> Moment | None:
    """The date that a row's text shows; None when it shows none that can be placed in a year.

    address: the article's own, which often tells the year that the row leaves out.
    """
    spot = spot_date(text, calendar, address)
    return None if spot is None else spot.moment


def spot_date(text: str, calendar: Calendar, address: str = "") -> Spot | None:
    """The same date with its place: a whole one wherever it stands, else one without a year."""
    if not _SIGN.search(text):
        return None
    zone = ZoneInfo(calendar.timezone)
    turned = (_MONTH_FIRST, _DAY_FIRST) if calendar.month_first else (_DAY_FIRST, _MONTH_FIRST)
    short = ((SHORT_DATE, calendar.short),) if calendar.short else ()
    for form, order in ((_FULL, (1, 2, 3)), *_PIECES, *turned, *short):
        for found in form.finditer(text):
            spot = _make(text, found, order, zone)
            if spot is not None:
                return spot
    return _in_words(text, calendar) or _without_year(text, calendar, zone, address)


def _in_words(text: str, calendar: Calendar) -> Spot | None:
    for form in (_NAMED, _COMPACT):
        for found in form.finditer(text):
            moment = read_time(found[0], calendar.timezone)
            if moment is not None:
                return Spot(moment, *found.span())
    read = calendar.parse_moment
    for other in islice(_OTHER.finditer(text), _MOST_TRIED) if read else ():
        moment = read(other[0], calendar.timezone, calendar.now) if read else None
        if moment is not None:
            return Spot(moment, *other.span())
    short = _SHORT_YEAR.fullmatch(text) if read and len(text) <= _ALONE else None
    if short and read and (moment := read(f"{short[1]} {full_year(int(short[2]))}", calendar.timezone, None)):
        return Spot(moment, 0, len(text))
    ago = find_ago(text) if read else None
    if read is None or ago is None:
        return None
    clock = _CLOCK.match(text, ago.end) if ago.named else None
    end = clock.end() if clock else ago.end
    moment = read(text[ago.start : end], calendar.timezone, calendar.now)
    return None if moment is None else Spot(moment, ago.start, end)


def is_month(word: str, calendar: Calendar) -> bool:
    """Whether a word is the name of a month, in any language that the reader of human dates knows."""
    if not 2 < len(word) <= 12:
        return False
    if month_named(word) is not None:
        return True
    return calendar.parse_moment is not None and calendar.parse_moment(f"1 {word} 2020", "UTC", None) is not None


def month_of(text: str, calendar: Calendar) -> tuple[int, int] | None:
    """Year and month of a heading that is nothing but these: 2026年11月, November 2026."""
    found = _MONTH_OF_YEAR.fullmatch(text)
    if found is None:
        return None
    if found[2]:
        return int(found[1]), int(found[2])
    spot = spot_date(f"1 {found[3]} {found[4]}", calendar)
    return (spot.moment.at.year, spot.moment.at.month) if spot is not None and spot.whole else None


def _make(text: str, found: re.Match[str], order: tuple[int, int, int], zone: ZoneInfo) -> Spot | None:
    year, month, number = (int(found[group]) for group in order)
    try:
        day = datetime(year if year > 99 else full_year(year), month, number, tzinfo=zone)
    except ValueError:
        return None
    clock = _CLOCK.match(text, found.end())
    if clock is None:
        mark = _DAY_MARK.match(text, found.end())
        return Spot(Moment(day, Precision.DAY), found.start(), mark.end() if mark else found.end(), plain=True)
    at = day + timedelta(hours=int(clock[1]), minutes=int(clock[2]), seconds=int(clock[3] or 0))
    moment = as_told(at, Precision.SECOND if clock[3] else Precision.MINUTE)
    return Spot(moment, found.start(), clock.end(), plain=True)


def full_year(short: int) -> int:
    """The year that two digits mean."""
    return short + (2000 if short < 70 else 1900)


def _without_year(text: str, calendar: Calendar, zone: ZoneInfo, address: str) -> Spot | None:
    for month, day, start, end in _months_and_days(text):
        year = _year(month, day, calendar, zone, address)
        if year is None:
            continue
        try:
            moment = Moment(datetime(year, month, day, tzinfo=zone), Precision.DAY)
        except ValueError:
            continue
        return Spot(moment, start, end, whole=False)
    return None


def _months_and_days(text: str) -> Iterator[tuple[int, int, int, int]]:
    """Month, day, start and end of each date without a year."""
    if len(text) <= _ALONE:
        if badge := _DAY_OVER_MONTH.fullmatch(text):
            yield int(badge[2] or badge[4]), int(badge[1] or badge[3]), 0, len(text)
        if dotted := _DOTTED.fullmatch(text):
            yield int(dotted[2]), int(dotted[1]), 0, len(text)
    for found in _MONTH_DAY.finditer(text):
        yield int(found[1]), int(found[2]), *found.span()
    for found in _NAME_DAY.finditer(text) if len(text) <= _SHORT else ():
        month = month_named(found["name"] or found["name_"])
        if month is not None:
            yield month, int(found["day"] or found["day_"]), *found.span()


def _year(month: int, day: int, calendar: Calendar, zone: ZoneInfo, address: str) -> int | None:
    """The year of a month and day: what the address or a heading says, else the latest that is not ahead by days."""
    today = calendar.now.astimezone(zone) if calendar.now is not None else None
    for found in _IN_ADDRESS.finditer(address):
        year, ahead = _placed(found, month)
        latest = today + ahead if today is not None else None
        if year and (latest is None or (year, month, day) <= (latest.year, latest.month, latest.day)):
            return year
    if calendar.year is not None or today is None:
        return calendar.year
    # Sites date some articles a day or two ahead; what is of the future is dated by when it is first seen.
    soon = today + _SOON
    return soon.year if (month, day) <= (soon.month, soon.day) else soon.year - 1


def _placed(found: re.Match[str], month: int) -> tuple[int, timedelta]:
    """The year of a day in `month` by what an address tells, 0 where the two do not fit; how far ahead that may be."""
    if found[4]:
        return int(found[4]), timedelta(days=1)
    year, told = int(found[1]), int(found[2] or found[3])
    if abs(told - month) <= 1:
        return year, _AHEAD
    if {told, month} == {1, 12}:
        return (year + 1 if month == 1 else year - 1), _AHEAD
    return 0, _AHEAD
