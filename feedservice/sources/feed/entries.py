"""From a parsed feed to what is on offer: feedparser reads the XML, what it finds is sorted into our fields here."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import feedparser

from feedservice.errors import Unreadable
from feedservice.model import Fields, Offer, Reading
from feedservice.sources.dates import ParseMoment, read_time
from feedservice.sources.feed.bounds import MOST_ENTRIES, well_formed, within_bounds
from feedservice.sources.feed.cut import is_cut_off, without_cut_entry
from feedservice.sources.feed.files import files_of, is_image, lead_image_of
from feedservice.sources.feed.identity import as_addresses, settle
from feedservice.sources.feed.links import former_keys_of, link_of
from feedservice.sources.feed.texts import (
    Text,
    descriptions_are_whole,
    has_content,
    is_teaser,
    text_of_entry,
    with_own_dots,
)
from feedservice.sources.feed.times import Read, in_one_order, times_of
from feedservice.sources.feed.values import Entry, dict_of, dicts_of, string_of
from feedservice.sources.hints import hints_of_feed
from feedservice.sources.markup import text_of, without_scripts
from feedservice.sources.titles import title_from_markup, title_from_text

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


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds for all entries of a feed.

    base: what relative addresses start from. read: reads a date. whole: descriptions are whole articles. typed: text
    says whether it is HTML, as in Atom. rdf: it is RSS 1.0 or 0.90.
    """

    base: str
    language: str | None
    read: Read
    full_text: str
    whole: bool
    typed: bool
    rdf: bool


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
    ordered = in_one_order(entries)
    around = _Around(
        base=url,
        language=string_of(feed, "language") or None,
        read=lambda told: read_time(ordered(told), manner.timezone, manner.parse_moment),
        full_text=manner.full_text,
        whole=descriptions_are_whole(texts),
        typed=typed,
        rdf=parsed.version in ("rss090", "rss10"),
    )
    offers = [_offer(entry, text, around) for entry, text in zip(entries, texts, strict=True)]
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


def _offer(entry: Entry, text: Text, around: _Around) -> Offer:
    guid = string_of(entry, "id")
    former = as_addresses(guid, _base(entry, around.base)) if around.typed else ()
    link = link_of(entry, around.base, former, rdf=around.rdf)
    complete = _is_complete(text, link, around)
    published, updated = times_of(entry, around.read)
    files = list(files_of(entry))
    fields = Fields(
        title=_title(entry, typed=around.typed),
        published=published,
        updated=updated,
        summary=text.summary,
        body=text.html if complete else "",
        language=(_language(entry) or around.language) if complete else None,
        authors=tuple(dict.fromkeys(_authors(entry))),
        origins=_origins(entry),
        tags=tuple(dict.fromkeys(_tags(entry))),
        lead_image=lead_image_of(entry, files),
        attachments=tuple(file for file in files if not is_image(file)),
    )
    title_key = f"{_title(entry, typed=False)}\n{fields.summary[:200]}"
    return Offer(
        key=guid or link or title_key,
        url=link,
        permanent_id=guid or None,
        fields=fields,
        complete=complete,
        former_keys=(*former, *former_keys_of(entry, link, around.base, title_key)),
    )


def _is_void(offer: Offer) -> bool:
    """Whether an entry says nothing at all: beside others it is none, some programs put one into each of theirs."""
    return offer.url is None and replace(offer.fields, language=None) == Fields() and not offer.key.strip()


def _base(entry: Entry, base: str) -> str:
    """What relative addresses in an entry start from (XML Base)."""
    return next((told for name in _DETAILS if (told := string_of(dict_of(entry, name), "base"))), base)


def _is_complete(text: Text, link: str | None, around: _Around) -> bool:
    if link is None or around.full_text == "feed":
        return True
    if around.full_text == "page" or not text.html:
        return False
    return (text.whole or around.whole) and not is_teaser(text)


def _language(entry: Entry) -> str:
    """The entry's own language: dc:language, else xml:lang of its text."""
    details = [*dicts_of(entry, "content")[:1], dict_of(entry, "summary_detail"), dict_of(entry, "title_detail")]
    return string_of(entry, "language") or next((told for one in details if (told := string_of(one, "language"))), "")


def _title(entry: Entry, *, typed: bool) -> str:
    title = string_of(entry, "title")
    title = without_scripts(title) if typed else title
    kind = string_of(dict_of(entry, "title_detail"), "type")
    return title_from_text(title) if kind == "text/plain" else title_from_markup(title)


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
