"""What comes of looking at stored articles again: new revisions, pages that are gone, and mostly nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
    edits: list[Edit] = []
    checked: list[int] = []
    stamps: dict[int, str] = {}
    captures: dict[int, Capture] = {}
    for look in looks:
        if look.fields is None:
            continue
        keeping = changes.keep_edit(look.known, now)
        same = digests.is_as_stored(look.known, look.fields)
        if not same and keeping is changes.Keeping.LATER and not at_once:
            # The page waits with the edit: what is kept is the page of what is stored.
            checked.append(look.known.seq)
            continue
        if look.capture is not None:
            captures[look.known.seq] = look.capture
        if same:
            checked.append(look.known.seq)
            if (told := digests.stamp_after_nothing(look.known, look.offer)) != look.known.offer_digest:
                stamps[look.known.seq] = told
        else:
            dated = changes.edited_at(look.known, look.fields, now) if keeping is changes.Keeping.FULLY else None
            edits.append(_edit(look, look.fields, dated, feeds_of(look.fields)))
    gone = [look.known for look in looks if look.gone] if well else []
    absent = changes.absent(gone, pages)
    # So few may be due at once that all of them are gone: another one that is there tells that the site is not ill.
    is_alive = there > 0 or pages == 1
    return Outcome(
        edits=tuple(edits),
        checked=tuple(checked),
        absent=tuple(known.seq for known in absent),
        withdrawn=tuple(known.seq for known in absent if is_alive and changes.is_gone_for_good(known, now)),
        stamps=stamps,
        captures=captures,
    )


def _edit(look: Look, fields: Fields, updated: datetime | None, feeds: tuple[str, ...]) -> Edit:
    return Edit(
        seq=look.known.seq,
        fields=fields,
        offer_digest=digests.offer_digest(look.offer),
        content_digest=digests.content_digest(fields),
        updated=updated,
        feeds=feeds,
    )
