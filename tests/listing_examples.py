"""For the tests of lists: the articles that a page lists, found as a source of kind `listing` finds them."""

from __future__ import annotations

from datetime import datetime

from feedservice.sources.dates import ParseMoment
from feedservice.sources.listing.finding import find_list
from feedservice.sources.listing.rows import Item
from feedservice.sources.rowdates import Calendar


def find_items(
    html: str,
    base_url: str,
    *,
    timezone: str = "Asia/Shanghai",
    now: datetime | None = None,
    parse_moment: ParseMoment | None = None,
) -> tuple[Item, ...]:
    """Address, title and date of each article, in page order; empty when the page has no list.

    base_url: the page's own address. now: the time of reading, for dates without a year.
    """
    return find_list(html, base_url, Calendar(timezone, now, parse_moment)) or ()
