"""What is new, edited, or as it was? A decision on data alone."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as field_names
from datetime import datetime, timedelta
from enum import Enum

from feedservice.model import Fields, Known, Moment, Offer
from feedservice.noticing import noticed_addresses, noticed_words

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a refresh has to do about what is on offer.

    new: never seen. edited: the source tells of them otherwise than it did. look: unchanged in the list, but their page
    has not been looked at for long. kept: nothing to do.
    """

    new: tuple[Offer, ...] = ()
    edited: tuple[tuple[Known, Offer], ...] = ()
    look: tuple[tuple[Known, Offer], ...] = ()
    kept: tuple[Known, ...] = ()


def offer_digest(offer: Offer) -> str:
    """What the source said of an article, stamped before anything is completed from its page."""
    fields = offer.fields
    said = [
        offer.url,
        _squeeze(fields.title),
        _moment(fields.published),
        _moment(fields.updated),
        noticed_words(fields.summary),
        noticed_words(fields.body),
    ]
    return _digest([*said, offer.stamp] if offer.stamp else said)


def content_digest(fields: Fields) -> str:
    """What a reader would notice of an article: words, pictures, links, files; not markup, counters or clocks."""
    noticed = [
        _squeeze(fields.title),
        noticed_words(fields.body),
        noticed_addresses(fields.body),
        sorted(attachment.url for attachment in fields.attachments),
        list(fields.authors),
        list(fields.origins),
    ]
    return _digest(noticed)


def is_other(before: Fields, after: Fields) -> bool:
    """Whether two readings of one page differ in any field, white space, markup, counters and clocks aside."""
    return content_digest(before) != content_digest(after) or _aside(before) != _aside(after)


def _aside(fields: Fields) -> list[object]:
    """What `content_digest` leaves out."""
    return [
        _moment(fields.published),
        _moment(fields.updated),
        noticed_words(fields.summary),
        fields.language,
        _squeeze(fields.editor),
        [_squeeze(step) for step in fields.breadcrumb],
        [_squeeze(tag) for tag in fields.tags],
        fields.lead_image,
        [(file.url, _squeeze(file.name)) for file in fields.attachments],
        [(_squeeze(label), _squeeze(value)) for label, value in fields.extras],
    ]


def plan(offers: Sequence[Offer], known: Mapping[str, Known], *, source: str, now: datetime, limit: int) -> Plan:
    """Sort what is on offer. Of `new`, the first `limit` are taken; a key offered twice counts once, the first time.

    Articles that another source brought, or that were withdrawn, are left as they are.
    """
    new: list[Offer] = []
    edited: list[tuple[Known, Offer]] = []
    look: list[tuple[Known, Offer]] = []
    kept: list[Known] = []
    seen: set[str] = set()
    for offer in offers:
        if offer.key in seen:
            continue
        seen.add(offer.key)
        before = known.get(offer.key)
        if before is None:
            new.append(offer)
        elif before.withdrawn or before.source != source:
            kept.append(before)
        elif before.offer_digest != offer_digest(offer):
            edited.append((before, offer))
        elif _look_is_due(before, offer, now) and len(look) < _LOOKS_PER_REFRESH:
            look.append((before, offer))
        else:
            kept.append(before)
    return Plan(new=tuple(new[:limit]), edited=tuple(edited), look=tuple(look), kept=tuple(kept))


def _look_is_due(known: Known, offer: Offer, now: datetime) -> bool:
    if offer.complete or offer.url is None:
        return False
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
    if known.fifth_last is not None and now - known.fifth_last < _DAY:
        return Keeping.LATER
    if known.revision - known.quiet < _MOST_REVISIONS:
        return Keeping.FULLY
    return Keeping.QUIETLY if known.revised is None or now - known.revised >= _DAY else Keeping.LATER


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
    ranks = {"day": 0, "minute": 1, "second": 2}
    same_day = one.at.astimezone(other.at.tzinfo).date() == other.at.date()
    return same_day and ranks[one.precision] > ranks[other.precision]


def _moment(moment: Moment | None) -> str:
    return f"{moment.at.isoformat()}/{moment.precision}" if moment else ""


def _squeeze(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _digest(values: Sequence[object]) -> str:
    text = json.dumps(values, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
