"""What every format says of an article, worked out once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from feedservice.formats.dates import in_zone
from feedservice.formats.head import author_of, feed_title
from feedservice.formats.text import legal, one_line, paragraph, plain, shorten
from feedservice.formats.urls import is_web, web_url
from feedservice.model import Article, Attachment, Card, Feed, Fields, Showing, Site

_SUMMARY, _MADE_TITLE, _TITLE = 200, 60, 1_000
_UNTITLED = {"zh": "无题"}
_OWN_DATE = {"zh": "发布日期：{}"}
_NO_LENGTH = 10**15
"""Bytes; no file is as long."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_MEDIA_TYPE = re.compile(
    r"\s*([A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*)\s*(?:;.*)?", re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article ready to be written: every text legal in XML, every date in the site's zone, nothing required empty.

    title, summary: plain text. body: HTML. categories: (slug, title). tags: those that are no category's title.
    language: RFC 5646, None where it is the feed's own or nobody knows it. lead_image, attachments: http(s) only, with
    media types and lengths that can be true. origin: the source's feed, where the feed is not that source's own.
    """

    id: str
    link: str
    title: str
    summary: str
    body: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]
    categories: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    language: str | None
    lead_image: str | None
    attachments: tuple[Attachment, ...]
    origin: Feed | None

    @property
    def is_permalink(self) -> bool:
        """Whether the id is an address that leads to the article."""
        return self.id == self.link and is_web(self.id)

    @property
    def enclosure(self) -> Attachment | None:
        """The one file that RSS may enclose: the first whose type and length are known."""
        return next((file for file in self.attachments if file.media_type and file.length), None)


def categories_scheme(site: Site) -> str:
    """The scheme that tells category slugs from tags (RFC 4287 §4.2.2.2); as permanent as the feeds' ids."""
    return web_url(f"tag:{site.authority}:categories")


def entry_id(site: Site, article: Article | Card) -> str:
    """The permanent id that every format gives an article."""
    return legal(article.id) or web_url(f"tag:{site.authority}:articles/{article.seq}")


def item_of(showing: Showing) -> Item:
    """An article, ready to be written."""
    article, site = showing.article, showing.site
    fields = article.fields
    link = web_url(article.url)
    published = in_zone(article.arrival if showing.by_arrival else article.published, site.timezone)
    told = one_line(fields.summary) or plain(fields.body, _SUMMARY)
    title = _title(fields, told, site)
    own_date = _own_date(showing)
    attachments = _attachments(fields)
    categories = tuple((slug, one_line(title) or slug) for slug, title in showing.categories)
    image = web_url(fields.lead_image or "")
    return Item(
        id=entry_id(site, article),
        link=link,
        title=title,
        summary=shorten(f"{own_date} {told or title}".strip(), _SUMMARY),
        body=(paragraph(own_date) if own_date else "") + _body(fields, told or title, attachments),
        published=published,
        updated=max(in_zone(article.updated, site.timezone), published),
        authors=_authors(showing),
        categories=categories,
        tags=_tags(fields, {label for _, label in categories}),
        language=_language(fields, site),
        lead_image=image if is_web(image) else None,
        attachments=attachments,
        origin=None if showing.at_home else showing.origin,
    )


def publication_of(showing: Showing) -> str:
    """Where the article comes from, never empty: the publications that it names, else the source, else the site."""
    named = dict.fromkeys(map(one_line, showing.article.fields.origins))
    told = " ".join(name for name in named if name)
    return told or (feed_title(showing.origin) if showing.origin else author_of(showing.site))


def _own_date(showing: Showing) -> str:
    """The source's own day in words, where the feed tells another as the article's date; else ""."""
    article, zone = showing.article, showing.site.timezone
    day = in_zone(article.published, zone).date()
    if not showing.by_arrival or day == in_zone(article.arrival, zone).date():
        return ""
    return _OWN_DATE.get(showing.site.language[:2].lower(), "Published: {}").format(day.isoformat())


def _title(fields: Fields, told: str, site: Site) -> str:
    title = shorten(one_line(fields.title), _TITLE) or shorten(told, _MADE_TITLE)
    return title or _UNTITLED.get((fields.language or site.language)[:2].lower(), "Untitled")


def _body(fields: Fields, told: str, attachments: tuple[Attachment, ...]) -> str:
    body = legal(fields.body)
    if body.strip():
        return body
    files = (paragraph(one_line(file.name) or file.url, file.url) for file in attachments)
    return "".join((paragraph(told), *files))


def _authors(showing: Showing) -> tuple[str, ...]:
    """Who wrote it; else the publication it comes from; else the source: an entry has an author (RFC 4287 §4.1.2)."""
    fields = showing.article.fields
    named = dict.fromkeys(map(one_line, fields.authors or fields.origins))
    names = tuple(name for name in named if name)
    return names or (feed_title(showing.origin) if showing.origin else author_of(showing.site),)


def _tags(fields: Fields, labels: set[str]) -> tuple[str, ...]:
    return tuple(tag for tag in dict.fromkeys(map(one_line, fields.tags)) if tag and tag not in labels)


def _language(fields: Fields, site: Site) -> str | None:
    language = fields.language or ""
    if not _LANGUAGE.fullmatch(language) or language.lower() == site.language.lower():
        return None
    return language


def _attachments(fields: Fields) -> tuple[Attachment, ...]:
    files = (replace(file, url=web_url(file.url)) for file in fields.attachments)
    return tuple(
        replace(file, media_type=_media_type(file.media_type), length=_length(file.length))
        for file in files
        if is_web(file.url)
    )


def _length(told: int | None) -> int | None:
    return told if told is not None and 0 < told < _NO_LENGTH else None


def _media_type(text: str | None) -> str | None:
    """Type and subtype alone (RFC 6838 §4.2), in lower case; None for what is not one."""
    match = _MEDIA_TYPE.fullmatch(text or "")
    return match[1].lower() if match else None
