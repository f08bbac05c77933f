"""Which links name an article: most do, but not the page that a show or a status board links to from all entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedservice.duplicates import title_key
from feedservice.model import Fields, Known, Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What is known of the links of one reading.

    shared: those that several of its entries have in common. met: articles that are stored under one of its links.
    pushed: whoever sends an id means one article by it, whatever it links to.
    """

    source: str
    shared: frozenset[str]
    met: Mapping[str, Known]
    pushed: bool

    def names(self, offer: Offer, fields: Fields) -> bool:
        """Whether the link of a new offer, `fields` when whole, is a name of its article.

        A stored article of the same source with that link is this one, under another key, where their headlines agree.
        """
        if offer.url is None or offer.url == offer.key:
            return offer.url is not None
        before = self.met.get(offer.url)
        if offer.url in self.shared or (self.pushed and before is not None):
            return False
        if before is None or before.source != self.source:
            return True
        return _headline(before.title) in {_headline(fields.title), _headline(offer.fields.title)}


def shared_links(offers: Sequence[Offer], *, pushed: bool) -> frozenset[str]:
    """The links that entries under several keys and titles have in common; of what was pushed, under several keys."""
    told: dict[str, dict[str, str]] = defaultdict(dict)
    for offer in offers:
        if offer.url:
            told[offer.url][offer.key] = offer.key if pushed else offer.fields.title
    return frozenset(link for link, titles in told.items() if len(set(titles.values())) > 1)


def to_look_for(new: Sequence[Offer]) -> list[str]:
    """The links of new offers under which the same article may be stored already."""
    return [offer.url for offer in new if offer.url and offer.url != offer.key]


def last_words(offers: Sequence[Offer], known: Mapping[str, Known]) -> tuple[Offer, ...]:
    """Of offers, newest first, that tell of one stored article under several names, the first."""
    told: dict[int | str, Offer] = {}
    for offer in offers:
        told.setdefault(known[offer.key].seq if offer.key in known else offer.key, offer)
    return tuple(told.values())


def _headline(title: str) -> str:
    return title_key(title) or title
