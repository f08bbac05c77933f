"""When a server or a feed asks to be read again."""

from __future__ import annotations

import re

from feedservice.model import Page, PollHints

_MAX_AGE = re.compile(r"(?:\A|[\s,])(?:s-)?max-?age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_LONGEST = 86_400
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*<", re.IGNORECASE)
_DAY = re.compile(r"<day>\s*(\w{6,9})\s*<", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:[\w.-]{1,30}:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_SYNDICATION = re.compile(r"\bxmlns:([\w.-]{1,30})\s*=\s*[\"']http://purl\.org/rss/1\.0/modules/syndication/?[\"']")
_MOST_READ = 2_000


def hints_of_answer(answer: Page) -> PollHints:
    """What the answer's Cache-Control asks for (RFC 9111 §5.2.2.1), at most a day: it speaks of caches, not of news."""
    found = _MAX_AGE.search(answer.headers.get("cache-control", ""))
    seconds = min(int(found[1]), _LONGEST) if found else 0
    return PollHints(min_interval=seconds or None)


def hints_of_feed(xml: str) -> PollHints:
    """What a feed asks for with ttl, skipHours, skipDays and the syndication module's updatePeriod; as far as it makes
    sense, and before its first entry: what an article says of these is no wish.

    A feed that wants never to be read (all hours, all days) is not taken at its word.
    """
    first = _ENTRY.search(xml)
    xml = xml[: first.start()] if first else xml
    bound = _SYNDICATION.search(xml)
    prefix = bound[1] if bound else "sy"
    ttl, period, times = (_inside(xml, name) for name in ("ttl", f"{prefix}:updatePeriod", f"{prefix}:updateFrequency"))
    waits = [_number(ttl) * 60] if _number(ttl) else []
    if period.lower() in _PERIODS:
        waits.append(_PERIODS[period.lower()] // (_number(times) or 1))
    hours = {int(hour) % 24 for hour in _HOUR.findall(_inside(xml, "skipHours"))}
    names = {day.lower() for day in _DAY.findall(_inside(xml, "skipDays"))}
    days = {number for number, name in enumerate(_WEEK) if name in names}
    return PollHints(
        min_interval=max(waits, default=None),
        skip_hours=frozenset(hours) if len(hours) < 24 else frozenset(),
        skip_days=frozenset(days) if len(days) < 7 else frozenset(),
    )


def _inside(xml: str, name: str) -> str:
    opened = re.search(rf"<{re.escape(name)}>\s*+", xml, re.IGNORECASE)
    if opened is None:
        return ""
    closed = re.compile(rf"</{re.escape(name)}>", re.IGNORECASE).search(xml, opened.end(), opened.end() + _MOST_READ)
    return xml[opened.end() : closed.start()].rstrip() if closed else ""


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def longest(one: PollHints, other: PollHints) -> PollHints:
    """Both hints together: the longest wait, all hours and days to leave out."""
    waits = [hint.min_interval for hint in (one, other) if hint.min_interval is not None]
    return PollHints(
        min_interval=max(waits, default=None),
        skip_hours=one.skip_hours | other.skip_hours,
        skip_days=one.skip_days | other.skip_days,
    )
