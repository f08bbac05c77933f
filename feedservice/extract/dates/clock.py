"""The time of day that stands after a date, or before it, with its zone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from feedservice.extract.dates.datewords import AFTERNOON, FORENOON, NOON, ZONES
from feedservice.model import Precision

_HALVES = "|".join(sorted((re.escape(word) for word in AFTERNOON | FORENOON | NOON), key=len, reverse=True))
_GLUE = (
    r"[\s\u3000]{0,6}(?:(?:T|,|，|;|\||｜|·|•|-|–|—|/|@|às|as|at|um|à|a las|a les|alle|ore|klo|kl\.?|o|ob|v|в|о"
    r"|saat|om|lúc|"
    r"pukul|jam|के|και|στις)(?![a-z]|[^\W\d_])[\s\u3000]{0,4}){0,2}"
)
_WEEKDAY = (
    r"(?:[\s(（\[]{0,3}(?:(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]"
    r"|[月火水木金土日월화수목금토일](?=[)）])|[월화수목금토일]요일)[)）\]]?)?"
)
_NAMES = "|".join(sorted((name.upper() for name in (*ZONES, "cst")), key=len, reverse=True))
_ZONE = rf"(?:[(（\[]?(?-i:(?P<told>{_NAMES}))(?:[)）\]]|(?=[\s\u3000,，]))[\s\u3000,，|-]{{0,3}})?"
"""A zone between date and time, in capitals: est and ist are words."""
_CLOCK = re.compile(
    rf"{_WEEKDAY}{_GLUE}{_ZONE}(?:[\[【]\s?)?(?:(?P<half>{_HALVES})\s{{0,2}})?"
    r"(?P<h>2[0-4]|[01]?\d)(?:\s{0,2}[:：]\s{0,2}(?P<mi>[0-5]\d)(?:\s{0,2}[:：]\s{0,2}(?P<s>[0-5]\d"
    r"|60)(?:[.,]\d{1,9})?)?(?!\d)"
    r"|\s{0,2}[时時點点시](?:\s{0,2}(?P<mi2>[0-5]?\d)\s{0,2}[分분](?:\s{0,2}(?P<s2>[0-5]?\d)\s{0,2}[秒초])?)?"
    r"|(?:[.]|\s?h\s?|\s?u\s?)(?P<mi3>[0-5]\d)(?![\d.])|\s?h\b(?!\w)|(?=\s{0,2}[ap]\.?m\b))",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"\s{{0,2}}(?:uhr|hrs|hod\.?)?\s{{0,2}}(?P<half>(?:{_HALVES})(?!\w))?"
    r"[\s(（]{0,3}(?:(?P<utc>(?:UTC|GMT)\s?)?(?P<offset>[+\u2212-](?:0\d|1[0-4]|\d)(?::?[0-5]\d)?(?![\d/-]))"
    r"|(?P<zone>[a-z]{1,5})\b)?[)）]?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?<![\d:.])(?P<h>2[0-3]|[01]?\d)[:：](?P<mi>[0-5]\d)(?:[:：](?P<s>[0-5]\d))?\s?(?P<half>[ap]\.?m\.?)?"
    r"(?:\s(?P<zone>[A-Z]{1,4}))?\s{0,3}(?:uhr|hrs)?[\s,，|·•/–—-]{1,5}(?:on\s|am\s|le\s|el\s)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in a text, with the zone that is said with it; `zone` is None when none is."""

    start: int
    end: int
    hour: int
    minute: int
    second: int
    precision: Precision
    zone: timezone | None = None

    def on(self, day: datetime) -> datetime:
        """This time on that day; 24:00 is the next day's midnight."""
        at = day.replace(hour=self.hour % 24, minute=self.minute, second=min(self.second, 59))
        if self.zone is not None:
            at = at.replace(tzinfo=self.zone)
        return at + timedelta(days=1) if self.hour == 24 else at


_FULL_WIDTH = str.maketrans("－／．∶", "-/.:")


def digits(text: str) -> str:
    """The text with the decimal digits of every script and the full-width separators made ASCII; its length stays."""
    if text.isascii():
        return text
    text = text.translate(_FULL_WIDTH)
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)


def read_clock(text: str, place: int) -> Clock | None:
    """The time of day that stands at `place`, which is where a date has just ended."""
    found = _CLOCK.match(text, place)
    if not found or (found.end() > place and not found["half"] and _runs_on(text, place, found)):
        return None
    after = _AFTER.match(text, found.end())
    half = found["half"] or (after["half"] if after else None)
    minute, second = found["mi"] or found["mi2"] or found["mi3"], found["s"] or found["s2"]
    hour = _hour(int(found["h"]), half)
    if hour > 24 or (hour == 24 and int(minute or 0)):
        return None
    zone, end = None, after.end("half") if after and after["half"] else found.end()
    if after:
        zone = _zone(after["offset"], after["zone"])
        end = after.end() if zone else end
    zone = zone or _zone(None, found["told"])
    precision = Precision.SECOND if second is not None else Precision.MINUTE
    return Clock(found.start(), end, hour, int(minute or 0), int(second or 0), precision, zone)


def read_clock_before(text: str, place: int) -> Clock | None:
    """The time of day that stands right before a date that begins at `place`."""
    begin = max(0, place - 30)
    found = _BEFORE.search(text[begin:place])
    if not found:
        return None
    hour = _hour(int(found["h"]), found["half"])
    precision = Precision.SECOND if found["s"] else Precision.MINUTE
    start = begin + found.start()
    return Clock(start, place, hour, int(found["mi"]), int(found["s"] or 0), precision, _zone(None, found["zone"]))


def _runs_on(text: str, place: int, found: re.Match[str]) -> bool:
    """Whether the digits follow the date so closely that they belong to something else."""
    return found.start("h") == place and text[place - 1 : place].isdigit()


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    word = half.lower()
    if word in AFTERNOON and hour < 12:
        return hour + 12
    if word in FORENOON and hour == 12:
        return 0
    if word in NOON and hour < 3:
        return hour + 12
    return hour


def _zone(offset: str | None, name: str | None) -> timezone | None:
    if offset:
        number = offset[1:].replace(":", "")
        hours, minutes = (number[:-2], number[-2:]) if len(number) > 2 else (number, "0")
        span = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-span if offset[0] != "+" else span)
    if name and name.lower() in ZONES:
        minutes_east = ZONES[name.lower()]
        return timezone(timedelta(minutes=minutes_east)) if minutes_east else UTC
    return None
