"""Articles that their site has given other addresses, all at once: told by headline and time, and still the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from feedservice.duplicates import title_key
from feedservice.model import Arrival, Carried, Known, Moment, Offer, Precision
from feedservice.protocols import Writer

_LEAST = 3
_SPANS = {Precision.DAY: timedelta(days=1), Precision.MINUTE: timedelta(minutes=1), Precision.SECOND: timedelta(0)}


def find_moved(
    writer: Writer, arrivals: Sequence[Arrival], offers: Sequence[Offer], known: Mapping[str, Known], source: str
) -> dict[str, int]:
    """Of arrivals whose key is an address, those that are stored under another one: their keys, and the seqs.

    offers, known: what is on offer, and what of it is stored. A site that moved to another domain, or writes its
    addresses otherwise, tells of nothing that is known any more; at least three articles, and half of those that come,
    bear the headline and the time of a stored one, and no other does. Else nothing is taken for anything. Raises
    StoreError.
    """
    if any(offer.key in known and known[offer.key].source == source for offer in offers):
        return {}
    dated = {
        arrival.key: moment
        for arrival in arrivals
        if (moment := arrival.fields.published) is not None and arrival.key.startswith(("http://", "https://"))
    }
    if len(dated) < _LEAST:
        return {}
    first, last = min(moment.at for moment in dated.values()), max(map(_end, dated.values()))
    stored: dict[str, list[Carried]] = defaultdict(list)
    for article in writer.told(source, first, last):
        if title := title_key(article.title):
            stored[title].append(article)
    titles = {arrival.key: title_key(arrival.fields.title) for arrival in arrivals}
    often = Counter(titles.values())
    moved: dict[str, int] = {}
    for key, moment in dated.items():
        same = [one.seq for one in stored[titles[key]] if _is_of(moment, one.published)]
        if len(same) == often[titles[key]] == 1:
            moved[key] = same[0]
    return moved if len(moved) >= max(_LEAST, len(arrivals) / 2) else {}


def _end(moment: Moment) -> datetime:
    return moment.at + _SPANS[moment.precision]


def _is_of(moment: Moment, published: datetime) -> bool:
    """Whether a stored time may have been made of what is told: of a day, any second of it."""
    return moment.at.replace(microsecond=0) <= published <= _end(moment)
