"""A page with links to articles: a news column, a notice board, a blog's front page."""

from __future__ import annotations

from typing import cast

from pydantic import BaseModel

from feedservice.protocols import Opening, Source, SourceKind
from feedservice.sources.listing.options import ListingOptions


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
