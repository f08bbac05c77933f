"""What comes of looking at stored articles again: new revisions, pages that are gone, and mostly nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from feedservice import changes, digests
from feedservice.model import Capture, Edit, Fields, Known, Offer


@dataclass(frozen=True, slots=True)
class Look:
    """A stored article that was looked at. fields: None where nothing could be read; gone: for there was no page.

    capture: the pages that were looked at, where they are to be kept.
    """

    known: Known
    offer: Offer
    fields: Fields | None
    gone: bool = False
    capture: Capture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What has to be remembered of looks, in the words of `Intake`."""

    edits: tuple[Edit, ...]
    checked: tuple[int, ...]
    absent: tuple[int, ...]
    withdrawn: tuple[int, ...]
    stamps: dict[int, str]
    captures: dict[int, Capture]


def weigh(
    looks: Sequence[Look],
    now: datetime,
    *,
    pages: int,
    there: int,
    well: bool,
    feeds_of: Callable[[Fields], tuple[str, ...]],
    at_once: bool = False,
) -> Outcome:
    """Decide what each look means.

    pages: how many pages were asked for in all. there: how many of them were read. well: whether the source is.
    feeds_of: the selections for an article. at_once: an edit that would wait is stored all the same, without a date:
    nobody will tell of it again.
    """
    seen = _Seen()
    for look in looks:
        if look.fields is not None:
            seen.take(look, look.fields, now, feeds_of, at_once)
    gone = [look.known for look in looks if look.gone] if well else []
    absent = changes.absent(gone, pages)
    # So few may be due at once that all of them are gone: another one that is there tells that the site is not ill.
    is_alive = there > 0 or pages == 1
    return Outcome(
        edits=tuple(seen.edits),
        checked=tuple(seen.checked),
        absent=tuple(known.seq for known in absent),
        withdrawn=tuple(known.seq for known in absent if is_alive and changes.is_gone_for_good(known, now)),
        stamps=seen.stamps,
        captures=seen.captures,
    )


def with_arrivals(edits: Sequence[Edit], arrivals: Iterable[datetime]) -> tuple[Edit, ...]:
    """The edits, those that a selection takes with the next of these dates each: they may be news there."""
    given = iter(arrivals)
    return tuple(replace(edit, arrival=next(given)) if edit.feeds else edit for edit in edits)


@dataclass(slots=True)
class _Seen:
    """What comes of the articles that are there still."""

    edits: list[Edit] = field(default_factory=list)
    checked: list[int] = field(default_factory=list)
    stamps: dict[int, str] = field(default_factory=dict)
    captures: dict[int, Capture] = field(default_factory=dict)

    def take(
        self, look: Look, fields: Fields, now: datetime, feeds_of: Callable[[Fields], tuple[str, ...]], at_once: bool
    ) -> None:
        """Decide what it means that an article says this now."""
        known = look.known
        keeping = changes.keep_edit(known, now)
        same = digests.is_as_stored(known, fields)
        if not same and keeping is changes.Keeping.LATER and not at_once:
            # The page waits with the edit: what is kept is the page of what is stored.
            self.checked.append(known.seq)
            return
        if look.capture is not None:
            self.captures[known.seq] = look.capture
        if not same:
            dated = changes.edited_at(known, fields, now) if keeping is changes.Keeping.FULLY else None
            self.edits.append(_edit(look, fields, dated, feeds_of(fields)))
            return
        self.checked.append(known.seq)
        if (told := digests.stamp_after_nothing(known, look.offer)) != known.offer_digest:
            self.stamps[known.seq] = told


def _edit(look: Look, fields: Fields, updated: datetime | None, feeds: tuple[str, ...]) -> Edit:
    return Edit(
        seq=look.known.seq,
        fields=fields,
        offer_digest=digests.offer_digest(look.offer),
        content_digest=digests.content_digest(fields),
        updated=updated,
        feeds=feeds,
    )
