"""Which entries of a feed are the same article: ids that are none, ids that come twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urljoin

from feedservice.model import Offer

_IRI = re.compile(r"(?:https?|tag|urn|ni|doi|info|at|acct|mid|cid):[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:")
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def as_addresses(name: str, base: str) -> tuple[str, ...]:
    """The addresses that older releases made of an Atom id that is a mere name, first that at `base`; () for an IRI.

    They changed with the feed's own address, at least with its scheme.
    """
    if not name or _SCHEME.match(name):
        return ()
    try:
        url = urljoin(base, name)
    except ValueError:
        return ()
    rest = url.partition("://")[2]
    return tuple(dict.fromkeys((url, f"https://{rest}", f"http://{rest}"))) if rest else ()


def settle(offers: Sequence[Offer]) -> tuple[tuple[Offer, ...], tuple[str, ...]]:
    """The offers of a feed, each article once, in their order; and what had to be decided, in words.

    An id that entries with three different links share, or all entries of a feed, is no id: their links are. Where they
    share the link too, but not the titles, it is none either. Entries that have nothing but a link, and share it, are
    told apart by their titles. Of two entries with one id the newest wins. `permanent_id` stays only where it is an
    absolute IRI.
    """
    problems: list[str] = []
    by_key: dict[str, list[int]] = defaultdict(list)
    for index, offer in enumerate(offers):
        by_key[offer.key].append(index)
    settled = list(offers)
    for key, indexes in by_key.items():
        instead = _told_apart_by([offers[index] for index in indexes], of=len(offers))
        if instead:
            problems.append(
                f"the id {key[:200]!r} is shared by {len(indexes)} entries: their {instead} are taken instead"
            )
            for index in indexes:
                link = offers[index].url
                settled[index] = replace(offers[index], key=link or key, permanent_id=None, former_keys=())
    settled = _by_titles(settled)
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


def _told_apart_by(sharing: Sequence[Offer], *, of: int) -> str | None:
    """What tells entries apart that share an id which is none; None where it is one. of: how many the feed has."""
    links = {offer.url for offer in sharing} - {None}
    all_of_them = len(sharing) == of > 1
    if len(links) > 2 or (all_of_them and len(links) == len(sharing)):
        return "links"
    titles = {_title_of(offer) for offer in sharing}
    if links and not _is_only_linked(sharing[0]) and (len(titles) > 2 or (all_of_them and len(titles) == len(sharing))):
        return "titles"
    return None


def _by_titles(offers: Sequence[Offer]) -> list[Offer]:
    """The offers, those with nothing but a link under link and title where others have that link too."""
    titles: dict[str | None, set[str]] = defaultdict(set)
    for offer in offers:
        if _is_only_linked(offer):
            titles[offer.url].add(_title_of(offer))
    return [_by_title(offer, titles[offer.url]) if offer.url else offer for offer in offers]


def _by_title(offer: Offer, titles: Set[str]) -> Offer:
    titled = f"{offer.url}\n{_title_of(offer)}"
    if _is_only_linked(offer) and len(titles) > 1:
        return replace(offer, key=titled, shared=True)
    # It may be the last one left of several, whose id was none when they stood side by side.
    return replace(offer, former_keys=(*offer.former_keys, titled))


def _is_only_linked(offer: Offer) -> bool:
    return offer.permanent_id is None and offer.key == offer.url


def _title_of(offer: Offer) -> str:
    """What tells an article that has no id from others: its title, or how it begins."""
    return offer.fields.title or offer.fields.summary[:200]


def _date(offer: Offer) -> datetime:
    moment = offer.fields.updated or offer.fields.published
    return moment.at if moment else _EARLIEST


def _with_proper_id(offer: Offer) -> Offer:
    if offer.permanent_id is None or _IRI.fullmatch(offer.permanent_id):
        return offer
    return replace(offer, permanent_id=None)
