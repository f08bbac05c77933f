"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), which feedparser does not read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from feedservice.errors import Unreadable
from feedservice.model import Attachment, Fields, Offer, Reading
from feedservice.sources.addresses import absolute
from feedservice.sources.dates import ParseMoment, read_time
from feedservice.sources.feed.identity import settle
from feedservice.sources.markup import paragraphs, text_of
from feedservice.sources.titles import title_from_text

Json = Mapping[str, object]
_MOST_ITEMS = 5_000
_CALL = re.compile(r"[\s\ufeff]*+(?:/\*\*/\s*+)?[A-Za-z_$][\w$.]{0,100}\(\s*(?=[{\[])")
_STRING_OR_COMMA = re.compile(r"(?P<string>\"(?:[^\"\\]|\\.)*+\"?+)|,(?=\s*+[\]}])", re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def without_call(text: str) -> str:
    """JSON out of the function call around it (JSONP); another text as it is."""
    call = _CALL.match(text)
    end = text.rstrip("; \t\r\n")
    return text[call.end() : len(end) - 1] if call and end.endswith(")") else text


def load(text: str) -> object:
    """The JSON in a text, also behind a BOM. Raises Unreadable when it is none, or nests too deep to be read.

    Line breaks in strings and commas behind the last of several are forgiven: templates write them.
    """
    text = text.lstrip("\ufeff \t\r\n")
    try:
        document = _loaded(text)
        if _SURROGATE.search(text):
            # Half of a pair is no character (RFC 8259 §8.2), and nobody could store it.
            document = json.loads(json.dumps(document, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from error
    return document


def _loaded(text: str) -> object:
    try:
        document: object = json.loads(text, strict=False)
    except ValueError as error:
        mended = _STRING_OR_COMMA.sub(lambda found: found["string"] or "", text)
        if mended == text:
            raise
        try:
            document = json.loads(mended, strict=False)
        except ValueError:
            raise error from None
    return document


def is_json_feed(document: object) -> bool:
    """Whether a JSON document is a JSON Feed; a missing version is forgiven where items have ids and content."""
    if not isinstance(document, dict):
        return False
    version, items = document.get("version"), document.get("items")
    if isinstance(version, str) and "jsonfeed.org" in version:
        return True
    return isinstance(items, list) and any(
        isinstance(item, dict) and "id" in item and ("content_html" in item or "content_text" in item)
        for item in items[:5]
    )


def read_json_feed(
    document: object, url: str, timezone: str, parse_moment: ParseMoment | None, *, full_text: str
) -> Reading:
    """Everything that a JSON Feed offers. Raises Unreadable when it has no list of items."""
    feed = cast(Json, document)
    items = feed.get("items")
    if not isinstance(items, list):
        raise Unreadable("a JSON Feed without items")
    entries = [item for item in items[:_MOST_ITEMS] if isinstance(item, dict)]
    language = _string(feed, "language")
    authors = _authors(feed)
    offers = [_offer(item, url, timezone, parse_moment, full_text, language) for item in entries]
    offers = [_by(offer, authors) for offer in offers]
    settled, problems = settle([offer for offer in offers if offer.key])
    if len(entries) < len(items):
        problems += (f"{len(items) - len(entries)} of {len(items)} items were left out",)
    return Reading(offers=settled, problems=problems, title=_string(feed, "title"))


def _by(offer: Offer, authors: tuple[str, ...]) -> Offer:
    """An offer with the feed's authors where the item names none (JSON Feed 1.1, items)."""
    return offer if offer.fields.authors else replace(offer, fields=replace(offer.fields, authors=authors))


def _offer(
    item: Json, base: str, timezone: str, parse_moment: ParseMoment | None, full_text: str, language: str
) -> Offer:
    link = _address(item, "url", base) or _address(item, "external_url", base)
    identity = item.get("id")
    if link is None and isinstance(identity, str) and identity.startswith(("http://", "https://")):
        link = absolute(base, identity)  # "ideally, the id is the full URL of the resource"
    key = str(identity) if isinstance(identity, (str, int, float)) and str(identity) else ""
    html, text = _string(item, "content_html"), _string(item, "content_text")
    complete = full_text == "feed" or link is None or (full_text == "auto" and bool(html or text))
    published = read_time(_date(item, "date_published"), timezone, parse_moment)
    modified = read_time(_date(item, "date_modified"), timezone, parse_moment)
    fields = Fields(
        title=title_from_text(_string(item, "title")),
        published=published or modified,  # a feed with one date only means the publication by it
        updated=modified if published and modified != published else None,
        summary=text_of(_string(item, "summary")),
        body=(html or paragraphs(text)) if complete else "",
        language=_string(item, "language") or language or None,
        authors=_authors(item),
        tags=tuple(tag for tag in _list(item, "tags") if isinstance(tag, str) and tag),
        lead_image=_address(item, "image", base) or _address(item, "banner_image", base),
        attachments=tuple(_attachments(item, base)),
    )
    return Offer(key=key or link or fields.title, url=link, permanent_id=key or None, fields=fields, complete=complete)


def _authors(item: Json) -> tuple[str, ...]:
    """The names of the authors, each once; `author`, which version 1.1 deprecated, only where `authors` names none."""
    return _names(_list(item, "authors")) or _names([item.get("author")])


def _names(authors: Sequence[object]) -> tuple[str, ...]:
    names = (_string(author, "name") for author in authors if isinstance(author, dict))
    return tuple(dict.fromkeys(name for name in names if name))


def _attachments(item: Json, base: str) -> Iterator[Attachment]:
    for file in _list(item, "attachments"):
        if isinstance(file, dict) and _address(file, "url", base):
            size = file.get("size_in_bytes")
            yield Attachment(
                url=_address(file, "url", base) or "",
                name=_string(file, "title"),
                media_type=_string(file, "mime_type") or None,
                length=size if isinstance(size, int) and 0 < size < 10**15 else None,
            )


def _string(value: Json, name: str) -> str:
    found = value.get(name)
    return found.strip() if isinstance(found, str) else ""


def _date(value: Json, name: str) -> str:
    """A date as text; some write Unix time."""
    found = value.get(name)
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else _string(value, name)


def _list(value: Json, name: str) -> Sequence[object]:
    found = value.get(name)
    return found if isinstance(found, list) else []


def _address(value: Json, name: str, base: str) -> str | None:
    text = _string(value, name)
    return absolute(base, text) if text else None
