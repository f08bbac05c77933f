"""From a parsed feed to what is on offer: feedparser reads the XML, what it finds is sorted into our fields here."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import feedparser

from feedservice.errors import Unreadable
from feedservice.model import Attachment, Fields, Moment, Offer, Reading
from feedservice.sources.addresses import absolute
from feedservice.sources.dates import ParseMoment, read_time
from feedservice.sources.feed.bounds import MOST_ENTRIES, well_formed, within_bounds
from feedservice.sources.feed.cut import is_cut_off, without_cut_entry
from feedservice.sources.feed.identity import settle
from feedservice.sources.hints import hints_of_feed
from feedservice.sources.markup import count_words, is_cut, paragraphs, text_of, title_from_html

_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp)(?:[?#]|\Z)", re.IGNORECASE)
_LONGEST_SUMMARY = 1_000
_WHOLE_ARTICLE = 250
"""From how many words on the usual description of a feed is taken for the whole article."""
_TRIPS = (LookupError, TypeError, ValueError, AttributeError, AssertionError, RecursionError)
"""What feedparser raises when damage in a feed leads it astray."""
_BASED = re.compile(r"\sxml:base\s*=|<(?:[\w.-]{1,30}:)?feed[\s>]")
"""Where relative addresses inside articles have a base of their own (XML Base, RFC 4287 §2). Elsewhere it is the
article's address, as on its page."""
Entry = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a feed is to be read: the zone of zoneless times, who reads human dates, where full texts come from."""

    timezone: str
    parse_moment: ParseMoment | None
    full_text: str


@dataclass(frozen=True, slots=True)
class Text:
    """What an entry says of its own text. whole: it is marked as the content, not as a description of it."""

    html: str
    summary: str
    whole: bool


def read_feed(xml: bytes, url: str, manner: Manner) -> Reading:
    """Everything that an XML feed offers. `xml` is repaired UTF-8; `url` is what relative addresses start from.

    Raises Unreadable when there is neither an entry nor a feed around it.
    """
    text = xml.decode()
    xml, surplus = within_bounds(xml)
    parsed = _parse(xml, url, based=_BASED.search(text) is not None)
    feed = parsed.feed
    entries: list[Entry] = [dict(entry) for entry in parsed.entries[:MOST_ENTRIES]]
    surplus += len(parsed.entries) - len(entries)
    texts = [_text(entry) for entry in entries]
    whole = _descriptions_are_whole(texts)
    language = _string(feed, "language") or None
    offers = [
        _offer(entry, text, manner, url, language, whole=whole) for entry, text in zip(entries, texts, strict=True)
    ]
    cut = is_cut_off(text)
    if not offers and (cut or not (_string(feed, "title") or _string(feed, "link"))):
        raise Unreadable("the feed is cut off before its first entry" if cut else "a feed without anything in it")
    if cut:
        offers = without_cut_entry(text, offers)
    settled, problems = settle(offers)
    if cut:
        problems += ("the feed is cut off at its end",)
    if surplus:
        problems += (f"only the first {MOST_ENTRIES:,} entries were read; {surplus:,} were left out",)
    return Reading(offers=settled, problems=problems, title=text_of(_string(feed, "title")), hints=hints_of_feed(text))


def _parse(xml: bytes, url: str, *, based: bool) -> feedparser.FeedParserDict:
    """What feedparser makes of a feed; where that trips over the damage, of what can be mended of it."""
    try:
        return _run_feedparser(xml, url, based=based)
    except _TRIPS:
        pass
    try:
        return _run_feedparser(well_formed(xml), url, based=based)
    except _TRIPS as error:
        raise Unreadable(f"damaged beyond reading: {error!r}") from error


def _run_feedparser(xml: bytes, url: str, *, based: bool) -> feedparser.FeedParserDict:
    # A stream, never a string: feedparser would fetch a string that is an address and open one that is a path.
    return feedparser.parse(
        io.BytesIO(xml),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        resolve_relative_uris=based,
        sanitize_html=False,
    )


def _offer(entry: Entry, text: Text, manner: Manner, base: str, language: str | None, *, whole: bool) -> Offer:
    guid = _string(entry, "id")
    link = absolute(base, _string(entry, "link"))
    complete = _is_complete(text, link, manner.full_text, whole=whole)
    published, updated = _times(entry, manner)
    files = list(_files(entry))
    fields = Fields(
        title=_title(entry),
        published=published,
        updated=updated,
        summary=text.summary,
        body=text.html if complete else "",
        language=language if complete else None,
        authors=tuple(dict.fromkeys(_authors(entry))),
        origins=_origins(entry),
        tags=tuple(dict.fromkeys(_tags(entry))),
        lead_image=_lead_image(entry, files),
        attachments=tuple(file for file in files if not _is_image(file)),
    )
    title_key = f"{fields.title}\n{fields.summary[:200]}"
    return Offer(key=guid or link or title_key, url=link, permanent_id=guid or None, fields=fields, complete=complete)


def _is_complete(text: Text, link: str | None, full_text: str, *, whole: bool) -> bool:
    if link is None or full_text == "feed":
        return True
    if full_text == "page" or not text.html:
        return False
    return (text.whole or whole) and not is_cut(text_of(text.html[-2000:]))


def _descriptions_are_whole(texts: Sequence[Text]) -> bool:
    """Whether a feed without marked content gives whole articles as descriptions, judged by all of them together."""
    words = [text_of(text.html) for text in texts if not text.whole and text.html]
    if not words:
        return False
    cut = sum(is_cut(text) for text in words)
    return cut * 4 < len(words) and median(count_words(text) for text in words) >= _WHOLE_ARTICLE


def _text(entry: Entry) -> Text:
    contents = [_as_html(content) for content in _dicts(entry, "content")]
    detail = _dict(entry, "summary_detail")
    description = _as_html(detail) if detail else ""
    body = max(contents, key=len, default="")
    if not body or (description and len(description) > 2 * len(body)):
        return Text(description, _shorten(text_of(description)), whole=False)
    summary = text_of(description) if description and description not in contents else ""
    return Text(body, _shorten(summary), whole=True)


def _as_html(content: Mapping[str, object]) -> str:
    value = _string(content, "value", strip=False)
    if _string(content, "type") == "text/plain" and "<" not in value:
        return paragraphs(value) if value.strip() else ""
    return value.strip()


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_SUMMARY else text[: _LONGEST_SUMMARY - 1].rstrip() + "…"


def _title(entry: Entry) -> str:
    title = _string(entry, "title")
    kind = _string(_dict(entry, "title_detail"), "type")
    return " ".join(title.split()) if kind == "text/plain" else title_from_html(title)


def _times(entry: Entry, manner: Manner) -> tuple[Moment | None, Moment | None]:
    """When it was published and updated. A feed with one date only means the publication by it."""
    found = [
        read_time(_string(entry, name), manner.timezone, manner.parse_moment)
        for name in ("published", "created", "updated")
    ]
    published = found[0] or found[1]
    return published or found[2], found[2] if published and found[2] != published else None


def _authors(entry: Entry) -> Iterator[str]:
    for author in [*_dicts(entry, "authors"), _dict(entry, "author_detail")]:
        name = text_of(_string(author, "name"))
        if name:
            yield name
    if not _dicts(entry, "authors") and not _dict(entry, "author_detail") and _string(entry, "author"):
        yield text_of(_string(entry, "author"))


def _origins(entry: Entry) -> tuple[str, ...]:
    source = entry.get("source")
    title = _string(source, "title") if isinstance(source, Mapping) else ""
    return (text_of(title),) if title else ()


def _tags(entry: Entry) -> Iterator[str]:
    for tag in _dicts(entry, "tags"):
        name = text_of(_string(tag, "label") or _string(tag, "term"))
        if name:
            yield name


def _files(entry: Entry) -> Iterator[Attachment]:
    """Enclosures and Media RSS contents, each address once."""
    seen: set[str] = set()
    links = [link for link in _dicts(entry, "links") if _string(link, "rel") == "enclosure"]
    for item in [*links, *_dicts(entry, "media_content")]:
        url = _string(item, "href") or _string(item, "url")
        if not url or url in seen:
            continue
        seen.add(url)
        length = _string(item, "length") or _string(item, "filesize")
        media_type = _string(item, "type") or ("image/*" if _string(item, "medium") == "image" else "")
        yield Attachment(
            url=url,
            name=text_of(_string(item, "title")),
            media_type=media_type or None,
            length=int(length) if length.isdecimal() and len(length) < 16 and int(length) > 0 else None,
        )


def _is_image(file: Attachment) -> bool:
    return (file.media_type or "").startswith("image/") or (not file.media_type and _IMAGE.search(file.url) is not None)


def _lead_image(entry: Entry, files: Sequence[Attachment]) -> str | None:
    for file in files:
        if _is_image(file):
            return file.url
    for item in _dicts(entry, "media_thumbnail"):
        if _string(item, "url"):
            return _string(item, "url")
    return _string(_dict(entry, "image"), "href") or None


def _string(value: Mapping[str, object], name: str, *, strip: bool = True) -> str:
    # Past feedparser's own `get`, which warns and answers with another field.
    found = dict.get(value, name) if isinstance(value, dict) else value.get(name)
    text = found if isinstance(found, str) else ""
    return text.strip() if strip else text


def _dict(value: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = dict.get(value, name) if isinstance(value, dict) else value.get(name)
    return found if isinstance(found, Mapping) else {}


def _dicts(value: Mapping[str, object], name: str) -> Sequence[Mapping[str, object]]:
    found = dict.get(value, name) if isinstance(value, dict) else value.get(name)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []
