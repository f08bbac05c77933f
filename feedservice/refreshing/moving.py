"""Articles that come under another address or id than before: told by headline and time, and still the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from feedservice.duplicates import title_key
from feedservice.model import Arrival, Carried, Facts, Known, Moment, Offer, Precision, as_told
from feedservice.protocols import Writer

_LEAST = 3
_ADDRESS = ("http://", "https://")
_MOVED = "moved"
_LONGEST = timedelta(days=30)
_DAY = timedelta(days=1)
_SPANS = {Precision.DAY: _DAY, Precision.MINUTE: timedelta(minutes=1), Precision.SECOND: timedelta(0)}


class _Told(NamedTuple):
    """What is told of an article that may have moved. url: its address, where it has one."""

    key: str
    title: str
    claim: Moment | None
    url: str | None

    @property
    def is_addressed(self) -> bool:
        return self.url is not None or self.key.startswith(_ADDRESS)

    def is_before(self, since: datetime) -> bool:
        return self.claim is not None and self.claim.at < since


def find_moved(
    writer: Writer,
    arrivals: Sequence[Arrival],
    offers: Sequence[Offer],
    known: Mapping[str, Known],
    source: str,
    *,
    since: datetime | None = None,
    unread: Sequence[Offer] = (),
) -> dict[str, int]:
    """Of arrivals, and of what is `unread`, those that are stored under another key: their keys, and the seqs.

    offers, known: what is on offer, and what of it is stored. A site that moved to another domain, or writes its
    addresses otherwise, tells of nothing that is known any more; at least three articles, and half of those that come,
    bear the headline and the time of a stored one, and no other does. since: when that was so of late; what could not
    be read then, or is put there later, is known by the same if it is older than that. What has no address, and a time
    to the second, is known by the two of them alone: its text may be edited, and its id made anew. Raises StoreError.
    """
    offered = {offer.key: offer for offer in offers}
    met = {key: known[key] for key in offered if key in known}
    places = {each.seq: key for key, each in met.items()}
    urls = {offer.key: offer.url for offer in offers}
    come = [_Told(each.key, each.fields.title, each.fields.published, urls.get(each.key)) for each in arrivals]

    def same(some: Sequence[_Told], beside: Sequence[_Told]) -> dict[str, int]:
        found = _same(writer, some, beside, source) if some else {}
        return {key: seq for key, seq in found.items() if places.get(seq, key) == key}

    moved: dict[str, int] = {}
    # What only another source has told of under this address, it may have learned when the same site moved.
    if not any(each.offered and each.source == source for each in met.values()):
        whole = [*come, *(_Told(each.key, each.fields.title, each.fields.published, each.url) for each in unread)]
        ways = ((some, same([told for told in some if told.is_addressed], some)) for some in (come, whole))
        moved = next((found for some, found in ways if len(found) >= max(_LEAST, len(some) / 2)), {})
    if since is not None and not moved:
        moved = same([told for told in come if told.is_addressed and told.is_before(since)], come)
    return moved | same([told for told in come if _is_unaddressed(offered.get(told.key))], come)


def moved_since(facts: Facts, now: datetime) -> datetime | None:
    """When a source's site was found to have moved; None where that is long ago, or to come by this clock."""
    at = facts.get(_MOVED)
    if not isinstance(at, (int, float)) or not 0 <= now.timestamp() - at <= _LONGEST.total_seconds():
        return None
    return datetime.fromtimestamp(at, UTC)


def remember_moved(facts: Facts, moved: Mapping[str, int], offers: Sequence[Offer], now: datetime) -> Facts:
    """A source's facts after a read that found these articles under other addresses."""
    urls = {offer.key: offer.url for offer in offers}
    addressed = [key for key in moved if urls.get(key) is not None or key.startswith(_ADDRESS)]
    return {**facts, _MOVED: int(now.timestamp())} if len(addressed) >= _LEAST else facts


def _is_unaddressed(offer: Offer | None) -> bool:
    if offer is None or offer.url is not None or offer.fields.published is None:
        return False
    return offer.fields.published.precision is Precision.SECOND


def _same(writer: Writer, some: Sequence[_Told], beside: Sequence[_Told], source: str) -> dict[str, int]:
    """Of some that are told of, those whose headline and time are those of one stored article, and of no other one."""
    dated = {told.key: told.claim for told in some if told.claim is not None}
    if not dated:
        return {}
    first, last = min(moment.at for moment in dated.values()), max(map(_end, dated.values()))
    stored: dict[str, list[Carried]] = defaultdict(list)
    # What claimed a day alone was given any time of it.
    for article in writer.told(source, first.replace(microsecond=0) - _DAY, last + _DAY):
        if title := title_key(article.title):
            stored[title].append(article)
    titles = {told.key: title_key(told.title) for told in beside}
    often = Counter(titles.values())
    moved: dict[str, int] = {}
    for key, moment in dated.items():
        same = [one.seq for one in stored[titles[key]] if _is_of(moment, one.published) or _is_finer(moment, one)]
        if len(same) == often[titles[key]] == 1:
            moved[key] = same[0]
    return moved


def _end(moment: Moment) -> datetime:
    return moment.at + _SPANS[moment.precision]


def _is_of(moment: Moment, published: datetime) -> bool:
    """Whether a stored time may have been made of what is told: of a day, any second of it."""
    return moment.at.replace(microsecond=0) <= published <= _end(moment)


def _is_finer(moment: Moment, stored: Carried) -> bool:
    """Whether what is told is what a stored article's own claim told less exactly: a site that moves may do both."""
    if stored.claim is None:
        return False
    claim = as_told(stored.claim.at, stored.claim.precision)
    room = max(_SPANS[claim.precision], timedelta(seconds=1))
    return timedelta(0) <= moment.at - claim.at.replace(microsecond=0) < room
