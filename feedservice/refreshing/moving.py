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
        return _is_addressed(self.key, self.url)

    def is_before(self, since: datetime) -> bool:
        return self.claim is not None and self.claim.at < since


class Moved(NamedTuple):
    """What a read tells of articles that are stored under other keys. seqs: theirs, by the new keys.

    past: the keys of what is older than all that is stored of the source: nobody was ever told of it.
    """

    seqs: Mapping[str, int]
    past: frozenset[str] = frozenset()


def find_moved(
    writer: Writer,
    arrivals: Sequence[Arrival],
    offers: Sequence[Offer],
    known: Mapping[str, Known],
    source: str,
    *,
    since: datetime | None = None,
    unread: Sequence[Offer] = (),
) -> Moved:
    """Of arrivals, and of what is `unread`, those that are stored under another key.

    offers, known: what is on offer, and what of it is stored. A site that moved to another domain, or writes its
    addresses otherwise, tells of nothing that is known any more; at least three articles, and half of those that come
    and are no older than all that is stored, bear the headline and the time of a stored one, and no other does. since:
    when that was so of late; what could not be read then, or is put there later, is known by the same if it is older
    than that. What has no address, and a time to the second, is known by the two of them alone: its text may be edited,
    and its id made anew. Raises StoreError.
    """
    offered = {offer.key: offer for offer in offers}
    met = {key: known[key] for key in offered if key in known}
    places = {each.seq: key for key, each in met.items()}
    urls = {offer.key: offer.url for offer in offers}
    come = [_Told(each.key, each.fields.title, each.fields.published, urls.get(each.key)) for each in arrivals]

    def same(some: Sequence[_Told], beside: Sequence[_Told], upto: datetime | None = None) -> Moved:
        found = _same(writer, some, beside, source, upto) if some else Moved({})
        return found._replace(seqs={key: seq for key, seq in found.seqs.items() if places.get(seq, key) == key})

    moved = Moved({})
    # What only another source has told of under this address, it may have learned when the same site moved.
    if not any(each.offered and each.source == source for each in met.values()):
        whole = [*come, *(_Told(each.key, each.fields.title, each.fields.published, each.url) for each in unread)]
        ways = ((some, same([told for told in some if told.is_addressed], some)) for some in (come, whole))
        moved = next((found for some, found in ways if _is_enough(found, some)), moved)
    if since is not None and not moved.seqs:
        moved = same([told for told in come if told.is_addressed and told.is_before(since)], come, since)
        if 2 * len(moved.past) < len(come):
            moved = moved._replace(past=frozenset())
    unaddressed = same([told for told in come if _is_unaddressed(offered.get(told.key))], come)
    return moved._replace(seqs={**moved.seqs, **unaddressed.seqs})


def _is_enough(found: Moved, told: Sequence[_Told]) -> bool:
    return len(found.seqs) >= max(_LEAST, (len(told) - len(found.past)) / 2)


def moved_since(facts: Facts, now: datetime) -> datetime | None:
    """When a source's site was found to have moved; None where that is long ago, or to come by this clock."""
    at = facts.get(_MOVED)
    if not isinstance(at, (int, float)) or not 0 <= now.timestamp() - at <= _LONGEST.total_seconds():
        return None
    return datetime.fromtimestamp(at, UTC)


def remember_moved(facts: Facts, moved: Mapping[str, int], offers: Sequence[Offer], now: datetime) -> Facts:
    """A source's facts after a read that found these articles under other addresses."""
    urls = {offer.key: offer.url for offer in offers}
    addressed = [key for key in moved if _is_addressed(key, urls.get(key))]
    return {**facts, _MOVED: int(now.timestamp())} if len(addressed) >= _LEAST else facts


def _is_addressed(key: str, url: str | None) -> bool:
    """Whether an article has an address, which a move of its site changes."""
    return url is not None or key.startswith(_ADDRESS)


def _is_unaddressed(offer: Offer | None) -> bool:
    if offer is None or offer.url is not None or offer.fields.published is None:
        return False
    return offer.fields.published.precision is Precision.SECOND


def _same(
    writer: Writer, some: Sequence[_Told], beside: Sequence[_Told], source: str, upto: datetime | None = None
) -> Moved:
    """Of some that are told of, those whose headline and time are those of one stored article, and of no other one.

    upto: of more than a few, the stored ones are looked through until then, to see whether all of them are later.
    """
    dated = {told.key: told.claim for told in some if told.claim is not None}
    if not dated:
        return Moved({})
    first, last = min(moment.at for moment in dated.values()), max(map(_end, dated.values()))
    if upto is not None and len(dated) >= _LEAST:
        last = max(last, upto)
    stored: dict[str, list[Carried]] = defaultdict(list)
    # What claimed a day alone was given any time of it.
    oldest: datetime | None = None
    for article in writer.told(source, first.replace(microsecond=0) - _DAY, last + _DAY):
        oldest = article.published if oldest is None else min(oldest, article.published)
        if title := title_key(article.title):
            stored[title].append(article)
    titles = {told.key: title_key(told.title) for told in beside}
    often = Counter(titles.values())
    moved: dict[str, int] = {}
    for key, moment in dated.items():
        same = [one.seq for one in stored[titles[key]] if _is_of(moment, one.published) or _is_finer(moment, one)]
        if len(same) == often[titles[key]] == 1:
            moved[key] = same[0]
    # Where the first ones told of are older than any, the oldest that was found is the oldest of all.
    past = (
        frozenset(key for key, moment in dated.items() if oldest is not None and _end(moment) <= oldest) - moved.keys()
    )
    # One or two may be new and dated wrongly.
    return Moved(moved, past if len(past) >= _LEAST else frozenset())


def _end(moment: Moment) -> datetime:
    return moment.at + _SPANS[moment.precision]


def _is_of(moment: Moment, published: datetime) -> bool:
    """Whether a stored time may have been made of what is told: of a day, any second of it."""
    return moment.at.replace(microsecond=0) <= published <= _end(moment)


def _is_finer(moment: Moment, stored: Carried) -> bool:
    """Whether what is told is what a stored article's own claim told less exactly: a site that moves may do both.

    Also by the clock on the wall: the source may be read in another zone since.
    """
    if stored.claim is None:
        return False
    claim = as_told(stored.claim.at, stored.claim.precision)
    if claim.precision is moment.precision and claim.at.replace(tzinfo=None) == moment.at.replace(tzinfo=None):
        return True
    room = max(_SPANS[claim.precision], timedelta(seconds=1))
    return timedelta(0) <= moment.at - claim.at.replace(microsecond=0) < room
