"""What a read came to, put together for `health` to judge; and what would be found where it broke."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedservice import changes, health
from feedservice.addresses.masking import shown_in
from feedservice.errors import FetchError, SourceError, Unreadable
from feedservice.model import Known, Moment, NotModified, Page, Precision, Reading, Seen, SourceState
from feedservice.protocols import Get, PageReader, Source
from feedservice.refreshing.completing import Completed, Visit

_ENOUGH_FAILURES = 3
_ENOUGH_OFFERS = 3
_LOOKED_AT = 2
_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Automatic:
    """The same source as it would be read without the operator's selectors."""

    source: Source
    pages: PageReader


def evidence_of_failure(error: SourceError, visit: Visit, pages: PageReader) -> health.Evidence:
    """What is known of a read that failed: why, and what came instead."""
    seen = _glance(visit, pages) if not isinstance(error, FetchError) else None
    if isinstance(error, FetchError) and error.status is not None:
        seen = Seen(status=error.status)
    return health.Evidence(error=shown_in(str(error)), seen=seen)


def _glance(visit: Visit, pages: PageReader) -> Seen | None:
    try:
        return pages.glance(visit.last) if visit.last is not None else None
    except Unreadable:
        return None


def evidence_of(
    reading: Reading,
    plan: changes.Plan,
    completed: Sequence[Completed],
    now: datetime,
    failed: Container[str] = frozenset(),
) -> health.Evidence:
    """What is known of a read that brought something on offer.

    failed: the keys of those that could not be read before either; that they still cannot says nothing new.
    """
    fresh = [item for item in completed if item.fields is not None or item.offer.key not in failed]
    failures = [item.problem for item in fresh if item.passing and not item.unreadable]
    if len(failures) == len(fresh) >= _ENOUGH_FAILURES:
        return health.Evidence(error=f"none of {len(failures)} articles' pages could be read: {shown_in(failures[0])}")
    from_pages = [item for item in fresh if not item.offer.complete and item.offer.url]
    read = [item.fields for item in from_pages if item.fields is not None]
    claims = [fields.published for fields in read] or [offer.fields.published for offer in reading.offers]
    dates = [claim for claim in claims if claim is not None and claim.precision is not Precision.DAY]
    matched = {name for item in from_pages for name in item.matched}
    return health.Evidence(
        offers=len(reading.offers),
        distinct_titles=len({offer.fields.title for offer in reading.offers}),
        pages_read=len(read),
        pages_unreadable=sum(item.unreadable for item in from_pages),
        pages_missing=sum(item.passing and not item.unreadable for item in from_pages),
        page_titles=len({fields.title for fields in read}),
        new=sum(item.fields is not None for item in completed[: len(plan.new)]),
        dates=len(dates),
        dates_now=sum(_is_now(claim, now) for claim in dates),
        matched=tuple(sorted(matched)),
        unmatched=tuple(sorted({name for item in from_pages for name in item.unmatched} - matched)),
        seen=next((item.seen for item in completed if item.seen is not None), None),
    )


def evidence_of_push(plan: changes.Plan, completed: Sequence[Completed]) -> health.Evidence:
    """The same of what was pushed: no list could be empty or wrong, and what is pushed is what is meant."""
    return health.Evidence(unchanged=True, new=sum(item.fields is not None for item in completed[: len(plan.new)]))


def unread(completed: Sequence[Completed], known: Mapping[str, Known]) -> dict[str, bool]:
    """The keys of the offers whose pages could not be read and are to be tried again; and whether that promises little.

    That the page of a stored article is gone is counted with the article.
    """
    return {
        item.offer.key: item.hopeless
        for item in completed
        if item.fields is None and not item.offer.complete and not (item.gone and item.offer.key in known)
    }


def _is_now(claim: Moment, now: datetime) -> bool:
    return abs(now - claim.at) <= _MOMENT


def is_news(before: SourceState, verdict: health.Verdict) -> bool:
    """Whether a verdict is another one than the last. Numbers in its reason may differ: they grow by themselves."""
    return before.health is not verdict.health or _without_numbers(before.reason) != _without_numbers(verdict.reason)


def _without_numbers(reason: str) -> str:
    return re.sub(r"\d+", "#", reason)


def found_instead(name: str, automatic: Automatic, get: Get) -> str:
    """What the automatic readers find where the operator's selectors do not, and how to see it; "" for nothing.

    It is believed when at least three articles are on offer under different headlines, and one of the first two can be
    read or is whole. Asks for a page or three.
    """

    def ask(url: str, *, conditional: bool = False, accept: str = "*/*") -> Page | NotModified:
        return get(url, accept=accept)

    try:
        offers = automatic.source.read(ask, frozenset).offers
    except SourceError:
        return ""
    if len({offer.fields.title for offer in offers}) < _ENOUGH_OFFERS:
        return ""
    for offer in offers[:_LOOKED_AT]:
        try:
            page = None if offer.complete or offer.url is None else get(offer.url)
            if isinstance(page, Page):
                automatic.pages.read(page)
        except SourceError:
            continue
        return (
            f"without your selectors {len(offers)} articles are found, the first of them {offers[0].fields.title!r}: "
            f"look at them with `feedservice preview {name} --automatic`"
        )
    return ""
