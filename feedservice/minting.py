"""What is decided once and stored for ever: ids, dates, slugs. Decisions on data alone; the clock is not read."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from feedservice.digests import is_told_otherwise
from feedservice.model import CategoryStep, Known, Moment, Offer, Precision

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_NAMESPACE = uuid.UUID("6f1d3c5a-0b1e-5d53-9f0e-3a9c1c0f5eed")
_FRONT_PAGES = frozenset({"首页", "网站首页", "主页", "本站首页", "home", "homepage", "start", "index"})
_SECOND = timedelta(seconds=1)
_LONGEST_SLUG = 60


def is_absolute_iri(text: str) -> bool:
    """Whether `text` can be an Atom id as it stands: an absolute IRI (RFC 3987), without white space."""
    return _IRI.fullmatch(text) is not None


def mint_id(offer: Offer, source: str, *, taken: int = 0) -> str:
    """The article's permanent id (RFC 4287 §4.2.6): the source's own where it is an IRI, else the first URL.

    With neither it is a name-based UUID of source and key (RFC 9562 §5.5): nobody owns a domain that a file on a disk
    could be named under, as a tag: URI would need. taken: how many such ids other articles have, of sources that bore
    the name before.
    """
    if offer.permanent_id and _has_iri(offer):
        return offer.permanent_id
    if offer.url:
        return offer.url
    return uuid.uuid5(_NAMESPACE, f"{source}\n{offer.key}" + (f"\n{taken}" if taken else "")).urn


def count_taken(
    new: Iterable[Offer], source: str, look_up: Callable[[Iterable[str]], Mapping[str, Known]]
) -> Counter[str]:
    """By key, how many of the ids that new offers would get without an address are those of other articles: a source
    that was renamed took its articles along, and another one has its name now.

    look_up: what is stored under these ids. One of which this source tells the very same is the article itself.
    """
    taken: Counter[str] = Counter()
    asked = [offer for offer in new if offer.url != offer.key and not _has_iri(offer)]
    while asked:
        ids = {offer.key: mint_id(replace(offer, url=None), source, taken=taken[offer.key]) for offer in asked}
        met = look_up(ids.values())
        asked = [offer for offer in asked if _is_of_another(met.get(ids[offer.key]), offer)]
        taken.update(offer.key for offer in asked)
    return taken


def _has_iri(offer: Offer) -> bool:
    return offer.permanent_id is not None and is_absolute_iri(offer.permanent_id)


def _is_of_another(known: Known | None, offer: Offer) -> bool:
    return known is not None and not known.offered and is_told_otherwise(known, offer)


def link_without_page(home: str, id: str) -> str:
    """The link of an article that has no address: the source's home, with a fragment that tells it from all others."""
    return f"{home.split('#')[0]}#{hashlib.sha256(id.encode('utf-8', 'replace')).hexdigest()[:16]}"


def decide_published(
    claims: Sequence[Moment | None],
    *,
    taken: Set[datetime],
    now: datetime,
    timezone: str,
    came: Sequence[datetime | None] = (),
) -> tuple[datetime, ...]:
    """The `published` instants of a batch that came in newest first.

    claims: what the source says. taken: instants that other articles already have. came: when each came, where it had
    to wait to be read; left out where none had. Missing and future claims become the time of first sight; a day alone
    becomes distinct seconds of that day (today: up to now); a minute alone, distinct seconds of that minute as far as
    they reach; a whole time stays as it is. Watermark readers lose an article that has the same instant as another one.
    """
    zone = ZoneInfo(timezone)
    now = now.replace(microsecond=0)
    used = set(taken)
    decided: dict[int, datetime] = {}
    for index, claim in reversed(list(enumerate(claims))):
        if claim is not None and not _needs_first_sight(claim, now, zone):
            decided[index] = _place(claim, used, now)
            used.add(decided[index])
    sights = {index: min(now, _or_now(came, index, now)) for index in range(len(claims)) if index not in decided}
    latest = now
    for index in sorted(sights, key=sights.__getitem__, reverse=True):
        latest = _latest_free(min(latest, sights[index]), used)
        decided[index] = latest
        used.add(latest)
    return tuple(decided[index] for index in range(len(claims)))


def _or_now(came: Sequence[datetime | None], index: int, now: datetime) -> datetime:
    at = came[index] if came else None
    return now if at is None else at.astimezone(now.tzinfo).replace(microsecond=0)


def _needs_first_sight(claim: Moment | None, now: datetime, zone: ZoneInfo) -> bool:
    if claim is None or claim.at > now:
        return True
    return claim.precision is Precision.DAY and claim.at.astimezone(zone).date() == now.astimezone(zone).date()


def _place(claim: Moment, used: set[datetime], now: datetime) -> datetime:
    at = claim.at.astimezone(now.tzinfo).replace(microsecond=0)
    room = {Precision.DAY: 86_400, Precision.MINUTE: 60, Precision.SECOND: 1}[claim.precision]
    for offset in range(room):
        instant = at + offset * _SECOND
        if instant > now:
            break
        if instant not in used:
            return instant
    return at


def _latest_free(instant: datetime, used: set[datetime]) -> datetime:
    while instant in used:
        instant -= _SECOND
    return instant


def decide_arrivals(published: Sequence[datetime], *, latest: datetime | None, now: datetime) -> tuple[datetime, ...]:
    """The dates of the `arrival` profile for a batch in any order: never behind `latest`, distinct.

    latest: None while the store is empty: the very first load keeps its dates. All others end at `now` where the
    seconds since `latest` suffice; of a burst of more articles than seconds the rest is dated ahead, and is held back
    until then.
    """
    if latest is None:
        return tuple(published)
    now = now.replace(microsecond=0)
    order = sorted(range(len(published)), key=lambda index: published[index])
    start = max(latest + _SECOND, now - (len(published) - 1) * _SECOND)
    given = {index: start + place * _SECOND for place, index in enumerate(order)}
    return tuple(given[index] for index in range(len(published)))


def propose_slug(title: str) -> str:
    """An ASCII name for addresses: Chinese in pinyin, accents dropped; a hash where nothing is left. Never empty."""
    from pypinyin import lazy_pinyin  # 60 ms and 10 MB that only a new category needs

    spelled = " ".join("".join(lazy_pinyin(run)) for run in title.split())
    ascii_text = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")[:_LONGEST_SLUG].strip("-")
    return slug or f"category-{hashlib.sha256(title.encode('utf-8', 'replace')).hexdigest()[:8]}"


def category_steps(path: Sequence[str]) -> tuple[CategoryStep, ...]:
    """The levels of a category path with the ASCII slug that each gets if it is new (Chinese in pinyin)."""
    return tuple(CategoryStep(title=title, slug=propose_slug(title)) for title in path)


def path_from_breadcrumb(breadcrumb: Sequence[str]) -> tuple[str, ...]:
    """The category path in a breadcrumb: without the front page that every path begins with."""
    titles = tuple(" ".join(title.split()) for title in breadcrumb)
    titles = tuple(title for title in titles if title)
    while titles and titles[0].lower() in _FRONT_PAGES:
        titles = titles[1:]
    return titles
