"""Conditional requests (RFC 9110 §13): whether what the client has is still what we have."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_LONGEST_FIELD = 8192
"""Longer lists of tags are not looked at: no client keeps that many, and looking would cost time."""


def has_tag(field: str, etag: str) -> bool:
    """Whether an If-None-Match field names `etag` (a strong tag, quotes included) by weak comparison (§8.8.3.2).

    What is no tag is passed over, never an error.
    """
    if field == etag:
        return True
    if len(field) > _LONGEST_FIELD:
        return False
    return field.strip() == "*" or etag in _TAG.findall(field)


def http_date(field: str) -> datetime | None:
    """The time that an HTTP-date tells in any of its three forms (§5.6.7); None where it is none of them."""
    try:
        moment = parsedate_to_datetime(field)
        # The asctime form has no zone, and comes back naive; it means GMT.
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None


def unmodified(none_match: str | None, modified_since: str | None, etag: str, last_modified: datetime | None) -> bool:
    """Whether the answer to a GET or HEAD is 304.

    none_match, modified_since: the fields as sent, None where they are absent. With If-None-Match, the other one is not
    looked at (§13.1.3).
    """
    if none_match is not None:
        return has_tag(none_match, etag)
    if modified_since is None or last_modified is None:
        return False
    since = http_date(modified_since)
    return since is not None and since >= last_modified
