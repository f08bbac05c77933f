"""From a row of JSON to an offer, whichever way its fields were found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from feedservice.model import Fields, Moment, Offer
from feedservice.sources.addresses import absolute, without_fragment
from feedservice.sources.dates import ParseMoment, read_time
from feedservice.sources.jsonlists import JsonList, Row, scalar, texts
from feedservice.sources.markup import count_words, is_cut, paragraphs, text_of, title_from_html

_WHOLE_ARTICLE = 40
"""From how many words on a field named content is taken for the text of the article."""
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
    identity = scalar(value(row, "key"))
    return Offer(key=url or identity or title, url=url, fields=fields, complete=complete)


def offers_of(listing: JsonList, manner: JsonManner) -> tuple[Offer, ...]:
    """The articles of a list that was found in JSON by itself."""
    offers = (offer_of(row, listing.value, manner) for row in listing.rows)
    return tuple({offer.key: offer for offer in offers if offer is not None}.values())


def _is_complete(body: str, url: str | None, full_text: str) -> bool:
    if not body or full_text == "page":
        return False
    if url is None or full_text == "feed":
        return True
    words = text_of(body)
    return count_words(words) >= _WHOLE_ARTICLE and not is_cut(words)


def _time(row: Row, value: Value, name: str, manner: JsonManner) -> Moment | None:
    told = value(row, name)
    # WordPress gives each time twice; the one in UTC does not need the site's zone.
    exact = next((row[key] for key in _gmt_keys(row, told)), None)
    if exact is not None:
        return read_time(scalar(exact), "UTC")
    return read_time(scalar(told), manner.timezone, manner.parse_moment)


def _gmt_keys(row: Row, told: object) -> list[str]:
    return [f"{key}_gmt" for key, held in row.items() if held is told and f"{key}_gmt" in row]


def _several(value: object) -> tuple[str, ...]:
    found = texts(value) if isinstance(value, list) else texts([value])
    return tuple(text for text in map(text_of, found) if text and len(text) <= 100)
