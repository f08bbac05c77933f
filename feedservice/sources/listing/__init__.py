"""A page with links to articles: a news column, a notice board, a blog's front page.

`reading.py` reads page by page and `paging.py` knows where a list goes on; `options.py` is what operators may say.
`finding.py` finds the list, in the markup or in `scripts.py` (`javascript.py` knows how these write values). In the
markup: `links.py` are the links and where they stand, `groups.py` those that belong together, `scoring.py` which
group is the list. Its rows: `rows.py` makes items of them, `showing.py` and `around.py` know the dates in and between
them, `columns.py` tables, `habits.py` what all of them repeat, `hangers.py` and `leads.py` links that hang on
headlines and headlines above the list.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel

from feedservice.protocols import Opening, Source, SourceKind
from feedservice.sources.dates import ParseMoment
from feedservice.sources.listing.options import ListingOptions

if TYPE_CHECKING:
    from feedservice.sources.listing.rows import Item


def find_items(
    html: str,
    base_url: str,
    *,
    timezone: str = "Asia/Shanghai",
    now: datetime | None = None,
    parse_moment: ParseMoment | None = None,
) -> tuple[Item, ...]:
    """The articles that a page lists: address, title and date of each, in page order. Pure.

    base_url: the page's own address. timezone: IANA zone of the dates. now: the time of reading, for dates without a
    year. parse_moment: reads dates that people write. Empty when the page has no list.
    """
    from feedservice.sources.listing.finding import find_list
    from feedservice.sources.rowdates import Calendar

    return find_list(html, base_url, Calendar(timezone, now, parse_moment)) or ()


def _open(options: BaseModel, opening: Opening) -> Source:
    from feedservice.sources.listing.reading import Listing

    return Listing(cast(ListingOptions, options), opening)


LISTING = SourceKind(
    name="listing",
    summary="a page with links to articles",
    options=ListingOptions,
    open=_open,
    selectors=frozenset({"container", "items", "link", "headline", "date"}),
)
