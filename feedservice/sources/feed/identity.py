"""Which entries of a feed are the same article: ids that are none, ids that come twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from feedservice.model import Offer

_IRI = re.compile(r"(?:https?|tag|urn|ni|doi|info|at|acct|mid|cid):[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def settle(offers: Sequence[Offer]) -> tuple[tuple[Offer, ...], tuple[str, ...]]:
    """The offers of a feed, each article once, in their order; and what had to be decided, in words.

    An id that entries with three different links share, or all entries of a feed, is no id: their links are. Of two
    entries with one id the newest wins. `permanent_id` stays only where it is an absolute IRI.
    """
    problems: list[str] = []
    by_key: dict[str, list[int]] = defaultdict(list)
    for index, offer in enumerate(offers):
        by_key[offer.key].append(index)
    settled = list(offers)
    for key, indexes in by_key.items():
        links = {offers[index].url for index in indexes} - {None}
        if len(links) > 2 or (len(indexes) == len(offers) > 1 and len(links) == len(indexes)):
            problems.append(f"the id {key[:200]!r} is shared by {len(indexes)} entries: their links are taken instead")
            for index in indexes:
                link = offers[index].url
                settled[index] = replace(offers[index], key=link or key, permanent_id=None)
    newest: dict[str, int] = {}
    for index, offer in enumerate(settled):
        before = newest.get(offer.key)
        if before is None:
            newest[offer.key] = index
            continue
        if _date(offer) > _date(settled[before]):
            newest[offer.key] = index
        problems.append(f"two entries have the id {offer.key[:200]!r}: the newest is taken")
    kept = (settled[index] for index in sorted(newest.values()))
    return tuple(_with_proper_id(offer) for offer in kept), tuple(dict.fromkeys(problems))


def _date(offer: Offer) -> datetime:
    moment = offer.fields.updated or offer.fields.published
    return moment.at if moment else _EARLIEST


def _with_proper_id(offer: Offer) -> Offer:
    if offer.permanent_id is None or _IRI.fullmatch(offer.permanent_id):
        return offer
    return replace(offer, permanent_id=None)
