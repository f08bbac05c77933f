"""What an operator may say of a listing source."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from feedservice.config.settings import Model
from feedservice.config.urls import check_address
from feedservice.sources.options import Addresses
from feedservice.sources.selectors import Chain


class ListingOptions(Model):
    """A page with links to articles. With nothing but its address, the list and its dates are found automatically.

    A selector is CSS (`ul.list li`, `a@title` for an attribute) or starts with `xpath:`; a list of them is a chain: the
    first that finds something wins.
    """

    url: Addresses = Field(min_length=1)
    """The page's address, or several of them."""
    container: Chain = ()
    """The element that holds the list. Where it is there and empty, the list is empty, not broken."""
    items: Chain = ()
    """Each row of the list. Left out: found automatically."""
    link: Chain = ()
    """The link to the article, inside a row."""
    headline: Chain = ()
    """The headline, inside a row."""
    date: Chain = ()
    """The date, inside a row."""
    next: Chain = ()
    """The link to the next page. Left out: found automatically."""
    pages: Annotated[str, Field(pattern=r"^https?://\S*\{page\}\S*$"), AfterValidator(check_address)] | None = Field(
        default=None, examples=["https://www.example.org/news/index_{page}.html"]
    )
    """The address of the further pages with {page} in the number's place: https://www.example.org/news/index_{page}.html."""
    second_page: int = Field(default=2, ge=0)
    """The number of the second page in `pages`."""
    max_pages: int = Field(default=50, ge=1, le=10_000)
    """How many pages are read at most. Reading stops at the first page of which every article is known."""
    offsite: bool = False
    """Whether links to other sites are articles too."""
