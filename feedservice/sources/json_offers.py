"""From a row of JSON to an offer, whichever way its fields were found."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from feedservice.model import Fields, Moment, Offer
from feedservice.sources.addresses import absolute, without_fragment
from feedservice.sources.dates import ParseMoment, read_time
from feedservice.sources.jsonlists import JsonList, Row, scalar, texts
from feedservice.sources.markup import count_words, is_cut, paragraphs, text_of, title_from_html

_WHOLE_ARTICLE = 40
"""From how many words on a field named content is taken for the text of the article."""
_GMT = re.compile(r"_?gmt\Z", re.IGNORECASE)
Value = Callable[[Row, str], object]
"""What a row holds of a field (title, url, published, ...); None when it holds nothing."""


@dataclass(frozen=True, slots=True)
class JsonManner:
    """How rows are read: what relative addresses start from, the zone of zoneless times, where full texts come from."""

    base: str
    timezone: str
    parse_moment: ParseMoment | None
    full_text: str = "auto"


def offer_of(row: Row, value: Value, manner: JsonManner) -> Offer | None:
    """The article in a row; None when it has neither an address nor a text, or no title with it."""
    url = absolute(manner.base, scalar(value(row, "url")))
    url = without_fragment(url) if url else None
    body = scalar(value(row, "body"))
    complete = _is_complete(body, url, manner.full_text)
    title = title_from_html(scalar(value(row, "title")))
    if not title or (url is None and not complete):
        return None
    image = scalar(value(row, "image"))
    fields = Fields(
        title=title,
        published=_time(row, value, "published", manner),
        updated=_time(row, value, "updated", manner),
        summary=text_of(scalar(value(row, "summary")))[:1_000],
        body=(body if "<" in body else paragraphs(body)) if complete else "",
        authors=_several(value(row, "author")),
        origins=_several(value(row, "origin")),
        tags=_several(value(row, "tags")),
        lead_image=absolute(manner.base, image) if image else None,
    )
    return Offer(key=url or identity_of(row, value) or title, url=url, fields=fields, complete=complete)


def identity_of(row: Row, value: Value) -> str:
    """What a row calls itself; "" when it has no id."""
    return scalar(value(row, "key"))


@dataclass(frozen=True, slots=True)
class SharedLinks:
    """What is known of addresses that rows have in common, page after page of one reading."""

    told: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def settle(self, offers: Sequence[tuple[Offer, str]]) -> tuple[Offer, ...]:
        """Offers, each with what its row calls itself, told apart by that where their addresses do not.

        An address that rows under several ids and titles share is that of a page which shows any of them. An article is
        found again under the other of the two, whoever was beside it when it came.
        """
        for offer, identity in offers:
            if identity and offer.url and offer.key == offer.url:
                self.told[offer.url][identity] = offer.fields.title
        shared = {url for url, titles in self.told.items() if len(set(titles.values())) > 1}
        return tuple(
            _told_apart(offer, identity, shared=offer.url in shared) if identity and offer.key == offer.url else offer
            for offer, identity in offers
        )


def _told_apart(offer: Offer, identity: str, *, shared: bool) -> Offer:
    return replace(offer, key=identity, shared=True) if shared else replace(offer, former_keys=(identity,))


def offers_of(listing: JsonList, manner: JsonManner) -> tuple[Offer, ...]:
    """The articles of a list that was found in JSON by itself."""
    found = ((offer_of(row, listing.value, manner), identity_of(row, listing.value)) for row in listing.rows)
    offers = SharedLinks().settle([(offer, identity) for offer, identity in found if offer is not None])
    return tuple({offer.key: offer for offer in offers}.values())


def _is_complete(body: str, url: str | None, full_text: str) -> bool:
    if not body or full_text == "page":
        return False
    if url is None or full_text == "feed":
        return True
    words = text_of(body)
    return count_words(words) >= _WHOLE_ARTICLE and not is_cut(words)


def _time(row: Row, value: Value, name: str, manner: JsonManner) -> Moment | None:
    told = value(row, name)
    if told is None:
        return None
    # WordPress gives each time twice; the one in UTC does not need the site's zone.
    for key in [key for key, held in row.items() if held is told]:
        local = _GMT.sub("", key)
        moment = read_time(scalar(row.get(key if local != key else f"{key}_gmt")), "UTC")
        if moment is not None:
            return moment
        if local != key and local in row:
            told = row[local]
    return read_time(scalar(told), manner.timezone, manner.parse_moment)


def _several(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    found = texts(value) if isinstance(value, list) else texts([value])
    return tuple(text for text in map(text_of, found) if text and len(text) <= 100)
