"""What servers say about coming back later."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST_PAUSE = 86_400


def read_retry_after(value: str, now: datetime) -> int | None:
    """Seconds that a Retry-After field asks for (RFC 9110 §10.2.3), a day at most; None where it says nothing."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), _LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the latter for a year of twenty digits
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0, min(round((until - now).total_seconds()), _LONGEST_PAUSE))
