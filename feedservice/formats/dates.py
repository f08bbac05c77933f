"""Dates in the two forms of feeds, written without the locale: `time.strftime` would name the months in Chinese."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from datetime import timezone as fixed_offset
from email.utils import format_datetime
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)
BEIJING = fixed_offset(timedelta(hours=8))
"""What dates without a zone are read in, whatever the year: no summer time, no time before zones."""


def in_zone(instant: datetime, timezone: str) -> datetime:
    """The instant as wall time of an IANA zone, whole seconds, with an offset of whole minutes as both forms need.

    (Before standard time zones had offsets of seconds: Asia/Shanghai was at +08:05:43 until 1901.)
    """
    instant = instant.replace(microsecond=0)
    try:
        local = instant.astimezone(ZoneInfo(timezone))
    except OverflowError:
        return instant.astimezone(UTC)
    offset = local.utcoffset() or timedelta()
    return local if offset % _MINUTE == timedelta() else local.astimezone(fixed_offset(offset // _MINUTE * _MINUTE))


def rfc822(moment: datetime) -> str:
    """RFC 822 as amended by RFC 1123, numeric offset: Mon, 05 Jan 2026 11:00:00 +0800."""
    return format_datetime(moment)


def rfc3339(moment: datetime) -> str:
    """RFC 3339 with a numeric offset: 2026-01-05T11:00:00+08:00."""
    return moment.isoformat(timespec="seconds")


def beijing(moment: datetime) -> str:
    """Beijing's wall time, as partners' dialects tell it: 2026-01-05 11:00:00."""
    try:
        local = moment.astimezone(BEIJING)
    except OverflowError:
        local = moment
    return local.replace(tzinfo=None).isoformat(" ", "seconds")
