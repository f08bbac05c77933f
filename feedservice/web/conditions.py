"""Conditional requests (RFC 9110 §13): whether what the client has is still what we have."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_OPAQUE = r'("[\x21\x23-\x7e\x80-\xff]*")'
_TAG, _MARKED_TAG = re.compile(f"(?:W/)?{_OPAQUE}"), re.compile(f"(W/)?{_OPAQUE}")
_LONGEST_FIELD = 8192
"""Longer lists of tags are not looked at: no client keeps that many, and looking would cost time."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_LONG_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = f"(?P<month>{'|'.join(_MONTHS)})"
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"{_DAY}, (?P<day>\d\d) {_MONTH} (?P<year>\d{{4}}) {_CLOCK} GMT",
        rf"{_LONG_DAY}, (?P<day>\d\d)-{_MONTH}-(?P<year>\d\d) {_CLOCK} GMT",
        rf"{_DAY} {_MONTH} (?P<day>[ \d]\d) {_CLOCK} (?P<year>\d{{4}})",
    )
)
"""IMF-fixdate, RFC 850, asctime. The locale must have no say in it, which rules out strptime."""


def has_tag(field: str, etag: str) -> bool:
    """Whether an If-None-Match field names `etag` (a strong tag, quotes included) by weak comparison (§8.8.3.2).

    What is no tag is passed over, never an error.
    """
    if field == etag:
        return True
    if len(field) > _LONGEST_FIELD:
        return False
    return field.strip() == "*" or etag in _TAG.findall(field)


def fails(match: str | None, unmodified_since: str | None, etag: str, last_modified: datetime | None) -> bool:
    """Whether the client wants nothing else than what it has, and we have something else: the answer is 412.

    match: an If-Match field as sent, by strong comparison (§13.1.1); None where it is absent. unmodified_since: an
    If-Unmodified-Since field (§13.1.4), which is looked at only where the other one is absent, and if it is a date.
    """
    if match is not None:
        found = _MARKED_TAG.findall(match) if len(match) <= _LONGEST_FIELD else []
        return match.strip() != "*" and ("", etag) not in found
    if unmodified_since is None or last_modified is None:
        return False
    since = http_date(unmodified_since.strip())
    return since is not None and last_modified > since


def http_date(field: str, now: datetime | None = None) -> datetime | None:
    """The time that an HTTP-date tells in any of its three forms (§5.6.7); None where it is none of them.

    now: what two-digit years are seen from; the present, unless it is given.
    """
    for form in _FORMS:
        told = form.fullmatch(field)
        if told is not None:
            break
    else:
        return None
    year = int(told["year"])
    if len(told["year"]) == 2:
        today = (now or datetime.now(UTC)).year
        year += today - today % 100
        # What seems to be more than 50 years ahead was in the past (§5.6.7).
        year -= 100 if year > today + 50 else 0
    month = _MONTHS.index(told["month"]) + 1
    second = min(int(told["second"]), 59)  # a leap second is written as 60
    try:
        return datetime(year, month, int(told["day"]), int(told["hour"]), int(told["minute"]), second, tzinfo=UTC)
    except ValueError:
        return None


def unmodified(
    none_match: str | None,
    modified_since: str | None,
    etag: str,
    last_modified: datetime | None,
    sent: str | None = None,
) -> bool:
    """Whether the answer to a GET or HEAD is 304.

    none_match, modified_since: the fields as sent, None where they are absent. With If-None-Match, the other one is not
    looked at (§13.1.3). sent: `last_modified` as clients were told it; most say it back, and need no parsing.
    """
    if none_match is not None:
        return has_tag(none_match, etag)
    if modified_since is None or last_modified is None:
        return False
    if modified_since == sent:
        return True
    since = http_date(modified_since.strip())
    return since is not None and since >= last_modified
