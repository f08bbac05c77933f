"""What is new, edited, or as it was? A decision on data alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as field_names
from datetime import datetime, timedelta
from enum import Enum

from feedservice.digests import is_idle_talk, is_told_otherwise
from feedservice.model import Fields, Known, Moment, Offer, Precision, as_told

_SPACE = re.compile(r"\s+")
_ADDITION = re.compile(r"\s*[（(\[【][^（()）\[\]【】]{1,20}[)）\]】]")
_SHORTEST_LOOK = timedelta(hours=1)
_LOOKS_PER_REFRESH = 10
_DAY = timedelta(days=1)
# Somewhat less than a day, so that a source that is read once a day is not a minute too early.
_LOOK_AT_SUSPECT = timedelta(hours=20)
_LEAST_ABSENCES = 3
_LEAST_ABSENT = timedelta(days=3)
_MOST_REVISIONS = 20
_RANKS = {Precision.DAY: 0, Precision.MINUTE: 1, Precision.SECOND: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a refresh has to do about what is on offer.

    new: never seen. edited: the source tells of them otherwise than it did. look: unchanged in the list, or told of
    with other times as they were before for nothing, but their page has not been looked at for long; and another one
    beside those whose page was gone. kept: nothing to do. left: never seen, and more than are taken at once.
    """

    new: tuple[Offer, ...] = ()
    edited: tuple[tuple[Known, Offer], ...] = ()
    look: tuple[tuple[Known, Offer], ...] = ()
    kept: tuple[Known, ...] = ()
    left: tuple[Offer, ...] = ()


def keys_of(offer: Offer) -> tuple[str, ...]:
    """All keys that an offer's article may be stored under."""
    return (offer.key, *offer.former_keys, *([offer.url] if offer.shared and offer.url else []))


def recognise(offers: Sequence[Offer], known: Mapping[str, Known]) -> tuple[Offer, ...]:
    """The offers, each under the key that its article is stored under. known: what is stored of all their keys."""
    return tuple(_recognised(offer, known) for offer in offers)


def _recognised(offer: Offer, known: Mapping[str, Known]) -> Offer:
    for key in offer.former_keys:
        if key in known:
            return replace(offer, key=key)
    if not offer.shared or offer.url is None or offer.key in known or offer.url not in known:
        return offer
    before = known[offer.url]
    alike = _squeeze(before.title) == _squeeze(offer.fields.title) != "" or not is_told_otherwise(before, offer)
    return replace(offer, key=offer.url) if alike else offer


def plan(offers: Sequence[Offer], known: Mapping[str, Known], *, source: str, now: datetime, limit: int) -> Plan:
    """Sort what is on offer. Of `new`, the first `limit` are taken; a key offered twice counts once, the first time.

    Articles that another source brought, or that were withdrawn, are left as they are; but those of another source that
    this one offers for the first time are new to it.
    """
    new: list[Offer] = []
    edited: list[tuple[Known, Offer]] = []
    look: list[tuple[Known, Offer]] = []
    kept: list[tuple[Known, Offer]] = []
    seen: set[str] = set()
    for offer in offers:
        if offer.key in seen:
            continue
        seen.add(offer.key)
        before = known.get(offer.key)
        if before is None or is_new_here(before, offer, source):
            new.append(offer)
        elif before.withdrawn or before.source != source:
            kept.append((before, offer))
        elif is_told_otherwise(before, offer) and not is_idle_talk(before, offer):
            edited.append((before, offer))
        elif _look_is_due(before, offer, now) and len(look) < _LOOKS_PER_REFRESH:
            look.append((before, offer))
        else:
            kept.append((before, offer))
    if look and not (new or edited) and all(known.absences for known, _ in look):
        look += (other := _other_to_see(kept, source))
        kept = [each for each in kept if each not in other]
    return Plan(
        new=tuple(new[:limit]),
        edited=tuple(edited),
        look=tuple(look),
        kept=tuple(known for known, _ in kept),
        left=tuple(new[limit:]),
    )


def is_new_here(known: Known, offer: Offer, source: str) -> bool:
    """Whether a stored article is one of another source's that this source offers for the first time."""
    if known.offered or known.withdrawn or known.source == source:
        return False
    return offer.key in (offer.url, offer.permanent_id)


def _other_to_see(kept: Sequence[tuple[Known, Offer]], source: str) -> list[tuple[Known, Offer]]:
    """An article by whose page to tell whether a site is ill on which others are looked for in vain: one at most."""
    may = [
        (known, offer) for known, offer in kept if _has_page(offer) and known.source == source and not known.withdrawn
    ]
    return [min(may, key=lambda each: each[0].absences)] if may else []


def _has_page(offer: Offer) -> bool:
    return not offer.complete and offer.url is not None


def _look_is_due(known: Known, offer: Offer, now: datetime) -> bool:
    if not _has_page(offer):
        return False
    if known.checked > now:  # by a clock that was ahead
        return True
    if known.absences:
        return now - known.checked > _LOOK_AT_SUSPECT
    return now - known.checked > max(_SHORTEST_LOOK, (known.checked - known.published) / 4)


def absent(gone: Sequence[Known], pages: int) -> tuple[Known, ...]:
    """Of the articles whose page was gone, those for which that counts, when `pages` were asked for in all.

    A site that lost most of its pages at once has moved or is ill; then it counts for none.
    """
    return tuple(gone) if len(gone) <= max(_LEAST_ABSENCES, pages / 2) else ()


def is_gone_for_good(known: Known, now: datetime) -> bool:
    """Whether an article's page, found gone once more, has been for good: three times at least, over three days."""
    since = known.absent_since
    return since is not None and known.absences + 1 >= _LEAST_ABSENCES and now - since >= _LEAST_ABSENT


class Keeping(Enum):
    """What becomes of an edit: a revision, one that changes no date, or nothing before the last one is a day old."""

    FULLY = "fully"
    QUIETLY = "quietly"
    LATER = "later"


def keep_edit(known: Known, now: datetime) -> Keeping:
    """What to make of an edit, so that a page with a clock in it does not make revisions for ever.

    Significant revisions count. While there are 5 of them of the last 24 hours, an edit waits; after 20, it changes no
    date and is stored once a day at most.
    """
    if _is_of_today(known.fifth_last, now):
        return Keeping.LATER
    if known.revision - known.quiet < _MOST_REVISIONS:
        return Keeping.FULLY
    return Keeping.LATER if _is_of_today(known.revised, now) else Keeping.QUIETLY


def _is_of_today(instant: datetime | None, now: datetime) -> bool:
    """Whether less than a day has passed; what a clock that was ahead left in the future is of no day."""
    return instant is not None and timedelta(0) <= now - instant < _DAY


def edited_at(known: Known, fields: Fields, now: datetime) -> datetime:
    """When an edit happened: what the source says if that can be true, else now."""
    claim = fields.updated.at if fields.updated else None
    if claim is not None and known.published < claim <= now and claim > known.checked:
        return claim.astimezone(now.tzinfo).replace(microsecond=0)
    return now.replace(microsecond=0)


def first_updated(published: datetime, fields: Fields, now: datetime) -> datetime:
    """The `updated` of a new article: what the source says if that can be true, else `published`."""
    claim = fields.updated.at if fields.updated else None
    if claim is not None and published < claim <= now:
        return claim.astimezone(now.tzinfo).replace(microsecond=0)
    return published


def merge(first: Fields, second: Fields) -> Fields:
    """`first`, with what it lacks taken from `second`; of two times of one day, the more exact one.

    A title that only the other one adds to in brackets, as in 公告（更新）, is taken with the addition: editors mark a
    change in the list and forget the page.
    """
    lacking = {
        name.name: getattr(second, name.name)
        for name in field_names(Fields)
        if not getattr(first, name.name) and getattr(second, name.name)
    }
    merged = replace(first, **lacking)
    if first.title and second.title.startswith(first.title) and _ADDITION.fullmatch(second.title[len(first.title) :]):
        merged = replace(merged, title=second.title)
    if first.published and second.published and _is_finer(second.published, first.published):
        merged = replace(merged, published=second.published)
    return merged


def _is_finer(one: Moment, other: Moment) -> bool:
    same_day = one.at.astimezone(other.at.tzinfo).date() == other.at.date()
    return same_day and _rank(one) > _rank(other)


def _rank(moment: Moment) -> int:
    """How exact a moment is that may have been kept when midnight was still a time of day."""
    return _RANKS[as_told(moment.at, moment.precision).precision]


def _squeeze(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
