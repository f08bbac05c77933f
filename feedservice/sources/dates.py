"""Times as machines write them: RFC 822, RFC 3339 and their cousins, Unix time, plain numbers with any separator.

What people write (relative dates, 二〇二四年, other calendars) is left to the reader that is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from feedservice.model import Moment, Precision, as_told

ParseMoment = Callable[[str, str, datetime | None], Moment | None]

_LONGEST = 200
_CLOCK = (
    r"(?P<hour>[01]?\d|2[0-4])\s*[:：时時.]\s*(?P<minute>[0-5]\d|\d(?=[:：分]))"
    r"(?:\s*[:：分.]\s*(?P<second>[0-6]\d|(?<=[:：分])\d(?!\d)))?(?:[.,]\d+)?\s*秒?分?"
)
_HALF = r"(?:\s*(?P<half>[ap])\.?m\b\.?)?"
_ZONE = (
    r"(?:\s*(?P<zone>Z\b|(?:(?:GMT|UTC)\s*[+-]\s*|\+\s*|-)\d{1,2}(?::?\d\d)?"
    r"|[A-Z]{2,20}/[A-Z_]{2,30}(?:/[A-Z_]{2,30})?|[A-Z]{1,5}\b))?"
)
_YEAR_FIRST = re.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d\d)\s*(?:[-/.年]\s*)(?P<month>1[0-2]|0?[1-9])\s*(?:[-/.月]\s*)(?P<day>3[01]|[12]\d|0?[1-9])(?!\d|T\d\d\d\d)"
    rf"\s*[日号.]?(?:\s?[（(][^\W\d_]{{1,9}}[）)])?(?:[T\s,-]*(?:at\s+)?(?P<part>上午|下午|中午|凌晨|早上|早晨|清晨|傍晚|晚上|오전|오후|午前|午後|[AP]M)?\s*{_CLOCK}{_HALF}{_ZONE})?",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>3[01]|[12]\d|0?[1-9])(?:(?:st|nd|rd|th)(?:\s+of(?=\s))?)?[\s./-]*(?P<name>(?:1[0-2]|0?[1-9])[月월]|th(?:g|áng)\s(?:1[0-2]|0?[1-9])|[^\W\d_]{{1,10}})[\s.,/-]*(?P<year>(?:19|20)\d\d|\d\d)(?!\d)"
    rf"(?:[,\s-]*(?:at\s+)?{_CLOCK}{_HALF}{_ZONE})?",
    re.IGNORECASE,
)
_NAME_DAY = r"(?<!\w)(?P<name>[^\W\d_]{3,10})\.?\s+(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\s*,?\s+"
_MONTH_FIRST = re.compile(
    rf"{_NAME_DAY}(?P<year>(?:19|20)\d\d)(?!\d)(?:[,\s-]*(?:at\s+)?{_CLOCK}{_HALF}{_ZONE})?", re.IGNORECASE
)
_YEAR_LAST = re.compile(rf"{_NAME_DAY}{_CLOCK}{_HALF}{_ZONE}\s+(?P<year>(?:19|20)\d\d)(?!\d)", re.IGNORECASE)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<dash>-?)(?P<month>0[1-9]|1[0-2])(?P=dash)(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:(?:T?|\s(?=\d\d:?\d\d:?\d\d))(?P<hour>[01]\d|2[0-3])(?P<colon>:?)(?P<minute>[0-5]\d)"
    r"(?:(?P=colon)(?P<second>[0-5]\d)(?:[.,]\d+)?)?)?\s?(?P<zone>Z|[+-]\d\d:?\d\d)?(?!\d)"
)
_EPOCH = re.compile(r"-?\d{9,10}(?:\d{3}(?:\d{3})?)?(?:\.\d+)?")
_NET = re.compile(r"/?Date\((-?\d{9,16})(?:[+-]\d{4})?\)/?")
"""How .NET writes Unix time into JSON; its offset only says where the server stands."""
_OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+-])\s*(\d{1,2}):?(\d\d)?", re.IGNORECASE)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero gennaio janeiro 一月 1月",
            "feb february februar février fevrier febrero febbraio fevereiro 二月 2月",
            "mar march märz maerz mars marzo março 三月 3月",
            "apr april avril abril aprile 四月 4月",
            "may mai mayo maggio maio 五月 5月",
            "jun june juni juin junio giugno junho 六月 6月",
            "jul july juli juillet julio luglio julho 七月 7月",
            "aug august août aout agosto 八月 8月",
            "sep sept september septembre septiembre settembre setembro 九月 9月",
            "oct okt october oktober octobre octubre ottobre outubro 十月 10月",
            "nov november novembre noviembre novembro 十一月 11月",
            "dec dez december dezember décembre decembre diciembre dicembre dezembro 十二月 12月",
        ),
        start=1,
    )
    for name in names.split()
}
_SHORTENED = {
    name: number
    for number, names in enumerate(
        (
            "tammi led xan сту ιαν saus jaan urt ean jan qer yan",
            "helmi úno лют φεβ vas veebr ots feabh shk fev",
            "maalis bře сак μαρ kov márta mac",
            "huhti dub квіт кра απρ bal api aib pri apr",
            "touko kvě трав μαϊ μαΐ geg mai beal maj",
            "kesä čvn черв чэр ιουν birž jūn eka meith qer iyn",
            "heinä čvc лип ліп ιουλ liep jūl uzt xul iúil korr iyl",
            "elo серп жні αυγ rugp abu lún gush avg avq ágú ogo",
            "syys zář вер σεπ rugs ira mfómh sht sen",
            "loka říj жовт кас οκτ spal urr dfómh tet",
            "marras лист листоп ліс νοε lapkr nov aza samh nën noy нов nóv",
            "joulu pro груд сне δεκ gruod dets abe noll dhj dek dis",
        ),
        start=1,
    )
    for name in names.split()
}
"""As programs write them in Finnish, Czech, Ukrainian, Greek, Baltic and further languages (CLDR). What is another
month's name elsewhere (lis, srp) is left out."""
_MONTH_NUMBER = re.compile(r"\d+")
_HALVES = {
    word: half
    for half, words in (("a", "上午 凌晨 早上 早晨 清晨 午前 오전"), ("p", "下午 傍晚 午後 오후"))
    for word in words.split()
}
_LOST = datetime(1970, 1, 1, tzinfo=UTC)
_ZONES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2,
    "EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5,
    "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "NST": -3.5, "NDT": -2.5,
    "AEST": 10, "AEDT": 11, "ACST": 9.5, "ACDT": 10.5, "AWST": 8, "NZST": 12, "NZDT": 13, "MSD": 4, "PKT": 5, "WIB": 7,
    "SAST": 2, "MET": 1, "MEST": 2,
}  # fmt: skip
"""Names that mean one zone only, as far as feeds go. IST, AST and SST mean several; EAT, CAT and ART are words too."""
_AMERICAN = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
"""What American papers write, whether it is summer or not."""


def read_time(text: str, zone: str, parse_moment: ParseMoment | None = None) -> Moment | None:
    """The time that a feed or an API tells; None when it tells none.

    zone: IANA name, for times that come without one. CST is China's in a zone of +08:00, else America's.
    """
    text = " ".join(text[:_LONGEST].replace("\u2212", "-").split())
    if not text:
        return None
    if net := _NET.fullmatch(text):
        return from_epoch(float(net[1]))
    if _EPOCH.fullmatch(text) and ((since := from_epoch(float(text))) or not _COMPACT.fullmatch(text)):
        return since
    home = ZoneInfo(zone)
    for form in (_YEAR_FIRST, _YEAR_LAST, _DAY_FIRST, _MONTH_FIRST, _COMPACT):
        for found in form.finditer(text):
            moment = _moment(found, home)
            if moment is not None:
                return moment if moment.at != _LOST else None  # what programs write that have lost the time
    return parse_moment(text, zone, None) if parse_moment else None


def from_epoch(number: float) -> Moment | None:
    """Unix time in seconds, milliseconds or microseconds, told apart by size; None outside of 1990 to 2100."""
    for unit in (1.0, 1_000.0, 1_000_000.0):
        seconds = number / unit
        if 631_152_000 <= seconds < 4_102_444_800:
            return Moment(datetime.fromtimestamp(int(seconds), UTC))
    return None


def month_named(name: str) -> int | None:
    """The number of a month by its name or abbreviation, in the languages that feeds are written in."""
    return _MONTHS.get(name.lower())


def _moment(found: re.Match[str], home: ZoneInfo) -> Moment | None:
    parts = found.groupdict()
    name = parts.get("name")
    month = _month(name, beside_clock=parts.get("hour") is not None) if name else int(parts.get("month") or 0)
    if not month:
        return None
    try:
        day = datetime(_year(parts["year"]), month, int(parts["day"]), tzinfo=home)
    except ValueError:
        return None
    if parts.get("hour") is None:
        return Moment(day, Precision.DAY)
    hour = _hour(int(parts["hour"]), parts.get("part") or parts.get("half"))
    second = min(int(parts.get("second") or 0), 59)
    at = day.replace(tzinfo=_zone(parts.get("zone"), home)) + timedelta(hours=hour, minutes=int(parts["minute"]))
    precision = Precision.SECOND if parts.get("second") else Precision.MINUTE
    at += timedelta(seconds=second)
    return as_told(at, precision) if hour < 24 else Moment(at, precision)


def _month(name: str, *, beside_clock: bool) -> int | None:
    """The number of a month; short forms that are words too count where a program wrote a time of day beside them."""
    number = _MONTH_NUMBER.search(name)
    if number:
        return int(number[0])
    return month_named(name) or (_SHORTENED.get(name.lower()) if beside_clock else None)


def _year(text: str) -> int:
    year = int(text)
    if year >= 100:
        return year
    return year + (2000 if year < 70 else 1900)


def _hour(hour: int, part: str | None) -> int:
    """The hour of the day, from 24 on of the next one, by the part of the day that it is told in."""
    if part is None or hour > 12:
        return hour
    if part == "晚上":
        return hour % 12 + (24 if hour % 12 < 5 else 12)  # 晚上12点 is the midnight that the evening ends with
    if part == "中午":
        return hour + 12 if hour < 6 else hour
    half = _HALVES.get(part, part).lower()[0]
    return hour % 12 + (12 if half == "p" else 0)


def _zone(text: str | None, home: ZoneInfo) -> tzinfo:
    if not text:
        return home
    offset = _OFFSET.fullmatch(text.strip())
    if offset:
        sign, hours, minutes = offset.groups()
        # Four digits run together are hours and minutes; one or two are hours.
        span = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-span if sign == "-" else span) if span < timedelta(hours=24) else home
    name = text.strip()
    if name in _AMERICAN or "/" in name:
        return _named_zone(_AMERICAN.get(name, name)) or home
    name = name.upper()
    if name == "CST" and datetime(2000, 1, 1, tzinfo=home).utcoffset() == timedelta(hours=8):
        return home
    return timezone(timedelta(hours=_ZONES[name])) if name in _ZONES else home


def _named_zone(name: str) -> ZoneInfo | None:
    """The zone of the IANA database with a name; None where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError for a name that only others begin with
        return None
