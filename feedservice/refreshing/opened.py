"""A source that is ready to be read: whatever reads, previews or reads anew is handed one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedservice import minting
from feedservice.model import Card, CategoryStep, Fields
from feedservice.protocols import Get, PageReader, Source
from feedservice.refreshing.admitting import Select
from feedservice.refreshing.believing import Automatic

Shelf = tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSource:
    """A configured source, ready to be read.

    home: its page for people. shelf: the category path for all its articles; None for each one's own breadcrumb, an
    empty path for no category. offer_wins: what the source says of an article is better than what stands on its page.
    next_run: when it is read again after a read at the given time. rhythm: any text that says how often that is.
    select: the selections that take an article, by its fields and the paths of its categories. merge: whether articles
    that another source brought first are looked for, to be told as one. resurfaces: whether edited articles come to the
    top of a feed again. width: how many of its pages are asked for at once. heeds: when the source asks to be read more
    seldom, it is, as far as `longest_wait`. adapts: when it is read again by what came last, in place of `next_run`.
    titled: its feed has a name; else what it calls itself becomes one. keep: how many bytes the kept pages of all
    sources take at most, packed; 0 to keep none. automatic: how it would be read without the operator's selectors,
    where there are any. settings: any text that says which its settings are. pushed: it is told of articles, by
    somebody who is to be believed. whole: it tells its articles whole, so that nothing of them comes from pages.
    """

    name: str
    home: str
    source: Source
    get: Get
    pages: PageReader
    shelf: Shelf
    timezone: str
    limit: int
    offer_wins: bool
    next_run: Callable[[datetime], datetime | None]
    select: Select = lambda fields, categories: ()
    merge: bool = False
    resurfaces: Callable[[str], bool] = lambda feed: False
    width: int = 4
    heeds: bool = False
    adapts: Callable[[Sequence[Card], datetime], datetime] | None = None
    longest_wait: timedelta | None = None
    titled: bool = True
    automatic: Automatic | None = None
    settings: str = ""
    rhythm: str = ""
    keep: int = 0
    pushed: bool = False
    whole: bool = False

    def categories(self, fields: Fields) -> tuple[tuple[CategoryStep, ...], ...]:
        """The paths of the categories that an article with these fields is put in."""
        path = minting.path_from_breadcrumb(fields.breadcrumb) if self.shelf is None else self.shelf
        return (minting.category_steps(path),) if path else ()

    def selections(self, fields: Fields) -> tuple[str, ...]:
        """The names of the selections that take an article with these fields."""
        return self.select(fields, self.categories(fields))
