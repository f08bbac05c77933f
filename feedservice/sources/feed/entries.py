"""From a parsed feed to what is on offer: feedparser reads the XML, what it finds is sorted into our fields here."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import feedparser

from feedservice.errors import Unreadable
from feedservice.model import Attachment, Fields, Moment, Offer, Reading
from feedservice.sources.addresses import absolute
from feedservice.sources.dates import ParseMoment, read_time
from feedservice.sources.feed.bounds import MOST_ENTRIES, well_formed, within_bounds
from feedservice.sources.feed.cut import is_cut_off, without_cut_entry
from feedservice.sources.feed.identity import as_addresses, settle
from feedservice.sources.feed.texts import (
    Text,
    descriptions_are_whole,
    has_content,
    is_teaser,
    text_of_entry,
    with_own_dots,
)
from feedservice.sources.feed.values import Entry, dict_of, dicts_of, string_of
from feedservice.sources.hints import hints_of_feed
from feedservice.sources.markup import text_of
from feedservice.sources.titles import title_from_markup, title_from_text

_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp)(?:[?#]|\Z)", re.IGNORECASE)
_FACE = re.compile(r"/(?:[\w-]{1,60}\.)?(?:gr)?avatars?\d{0,3}(?:\.[\w.-]{1,200})?/", re.IGNORECASE)
_NEXT_MAIL = re.compile(r"\)\s{0,9}[,;]?\s{0,9}(?:mailto:)?[^\s(),;<>@]{1,100}@[^\s(),;<>]{1,100}\s{0,9}\(")
_DETAILS = ("title_detail", "summary_detail")
_TRIPS = (LookupError, TypeError, ValueError, AttributeError, AssertionError, RecursionError)
"""What feedparser raises when damage in a feed leads it astray."""
_BASED = re.compile(r"\sxml:base\s*=|<(?:[\w.-]{1,30}:)?feed[\s>]")
"""Where relative addresses inside articles have a base of their own (XML Base, RFC 4287 §2). Elsewhere it is the
article's address, as on its page."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a feed is to be read: the zone of zoneless times, who reads human dates, where full texts come from."""

    timezone: str
    parse_moment: ParseMoment | None
    full_text: str


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
    marked, typed = has_content(text), parsed.version.startswith("atom")
    texts = with_own_dots([text_of_entry(entry, marked=marked, typed=typed) for entry in entries])
    whole = descriptions_are_whole(texts)
    language = string_of(feed, "language") or None
    offers = [
        _offer(entry, text, manner, url, language, whole=whole, typed=typed)
        for entry, text in zip(entries, texts, strict=True)
    ]
    cut = is_cut_off(text)
    if not offers and (cut or not (string_of(feed, "title") or string_of(feed, "link"))):
        raise Unreadable("the feed is cut off before its first entry" if cut else "a feed without anything in it")
    if cut:
        offers = without_cut_entry(text, offers)
    settled, problems = settle([offer for offer in offers if not _is_void(offer)] or offers)
    if cut:
        problems += ("the feed is cut off at its end",)
    if surplus:
        problems += (f"only the first {MOST_ENTRIES:,} entries were read; {surplus:,} were left out",)
    title = text_of(string_of(feed, "title"))
    return Reading(offers=settled, problems=problems, title=title, hints=hints_of_feed(text), partial=cut)


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


def _offer(
    entry: Entry, text: Text, manner: Manner, base: str, language: str | None, *, whole: bool, typed: bool
) -> Offer:
    guid = string_of(entry, "id")
    former = as_addresses(guid, _base(entry, base)) if typed else ()
    link = absolute(base, string_of(entry, "link") or next(iter(former), ""))
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
    return Offer(
        key=guid or link or title_key,
        url=link,
        permanent_id=guid or None,
        fields=fields,
        complete=complete,
        former_keys=former,
    )


def _is_void(offer: Offer) -> bool:
    """Whether an entry says nothing at all: beside others it is none, some programs put one into each of theirs."""
    return offer.url is None and replace(offer.fields, language=None) == Fields() and not offer.key.strip()


def _base(entry: Entry, base: str) -> str:
    """What relative addresses in an entry start from (XML Base)."""
    return next((told for name in _DETAILS if (told := string_of(dict_of(entry, name), "base"))), base)


def _is_complete(text: Text, link: str | None, full_text: str, *, whole: bool) -> bool:
    if link is None or full_text == "feed":
        return True
    if full_text == "page" or not text.html:
        return False
    return (text.whole or whole) and not is_teaser(text)


def _title(entry: Entry) -> str:
    title = string_of(entry, "title")
    kind = string_of(dict_of(entry, "title_detail"), "type")
    return title_from_text(title) if kind == "text/plain" else title_from_markup(title)


def _times(entry: Entry, manner: Manner) -> tuple[Moment | None, Moment | None]:
    """When it was published and updated. A feed with one date only means the publication by it."""
    found = [
        read_time(string_of(entry, name), manner.timezone, manner.parse_moment)
        for name in ("published", "created", "updated")
    ]
    published = found[0] or found[1]
    return published or found[2], found[2] if published and found[2] != published else None


def _authors(entry: Entry) -> Iterator[str]:
    for author in [*dicts_of(entry, "authors"), dict_of(entry, "author_detail")]:
        yield from _names(text_of(string_of(author, "name")))
    if not dicts_of(entry, "authors") and not dict_of(entry, "author_detail") and string_of(entry, "author"):
        yield from _names(text_of(string_of(entry, "author")))


def _names(told: str) -> Iterator[str]:
    """The names in what feedparser leaves of `mail (name), mail (name)` when it has taken the first address out."""
    for part in _NEXT_MAIL.split(told):
        name = part.removeprefix("mailto:").strip()
        name = name.removeprefix("(") if ")" not in name else name
        name = name[1:-1] if name[:1] == name[-1:] == '"' else name
        if name:
            yield name


def _origins(entry: Entry) -> tuple[str, ...]:
    source = entry.get("source")
    title = string_of(source, "title") if isinstance(source, Mapping) else ""
    return (text_of(title),) if title else ()


def _tags(entry: Entry) -> Iterator[str]:
    for tag in dicts_of(entry, "tags"):
        name = text_of(string_of(tag, "label") or string_of(tag, "term"))
        if name:
            yield name


def _files(entry: Entry) -> Iterator[Attachment]:
    """Enclosures and Media RSS contents, each address once."""
    seen: set[str] = set()
    links = [link for link in dicts_of(entry, "links") if string_of(link, "rel") == "enclosure"]
    for item in [*links, *dicts_of(entry, "media_content")]:
        url = string_of(item, "href") or string_of(item, "url")
        if not url or url in seen:
            continue
        seen.add(url)
        length = string_of(item, "length") or string_of(item, "filesize")
        media_type = string_of(item, "type") or ("image/*" if string_of(item, "medium") == "image" else "")
        yield Attachment(
            url=url,
            name=text_of(string_of(item, "title")),
            media_type=media_type or None,
            length=int(length) if length.isdecimal() and len(length) < 16 and int(length) > 0 else None,
        )


def _is_image(file: Attachment) -> bool:
    return (file.media_type or "").startswith("image/") or (not file.media_type and _IMAGE.search(file.url) is not None)


def _lead_image(entry: Entry, files: Sequence[Attachment]) -> str | None:
    """The first picture that an entry tells of, unless it is the author's face."""
    pictures = [file.url for file in files if _is_image(file)]
    pictures += [string_of(item, "url") for item in dicts_of(entry, "media_thumbnail")]
    pictures.append(string_of(dict_of(entry, "image"), "href"))
    return next((url for url in pictures if url and not _FACE.search(url)), None)
