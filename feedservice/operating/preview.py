"""What a source would bring, shown and not stored: what is on offer, and one article with how each field was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

from feedservice.errors import SourceError
from feedservice.model import Extraction, Fields, Moment, NotModified, Offer, Page
from feedservice.refreshing.opened import OpenSource
from feedservice.words.noticing import lines_of

_EDGE = 60
"""So many characters of the text are shown at each end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What came of a look at a source.

    offers: title, address and date of each. article: what the first readable one says, by field. found: how each of
    its fields was found. way: how the list was. problems: what went wrong on the way, and rules that found nothing.
    drop: selectors that were left out for this look; lines: the source's configuration without them.
    """

    source: str
    offers: tuple[tuple[str, str, str], ...] = ()
    article: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)
    way: str = ""
    problems: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def preview(source: OpenSource, limit: int) -> Preview:
    """Read a source as if for the first time. Raises SourceError when nothing could be read."""

    def get(url: str, *, conditional: bool = False, accept: str = "*/*") -> Page | NotModified:
        return source.get(url, accept=accept)

    # Every article counts as known, so that only the first page of a list is read.
    reading = source.source.read(get, frozenset)
    problems = list(reading.problems)
    shown = Preview(source=source.name, offers=tuple(_told(offer) for offer in reading.offers[:limit]))
    for offer in reading.offers[:3]:
        try:
            looked = _look(source, offer)
        except SourceError as error:
            problems.append(str(error))
            continue
        return Preview(
            source=source.name,
            offers=shown.offers,
            article={**say(looked.fields), **_body(looked.fields)},
            found=looked.found,
            way=reading.way,
            problems=(*problems, *looked.problems, *map(_missed, looked.unmatched)),
        )
    return Preview(source=source.name, offers=shown.offers, way=reading.way, problems=tuple(problems))


def _look(source: OpenSource, offer: Offer) -> Extraction:
    if offer.complete or offer.url is None:
        return Extraction(source.pages.clean(offer.fields, offer.url or source.home))
    page = source.get(offer.url)
    return Extraction(offer.fields) if isinstance(page, NotModified) else source.pages.read(page)


def _told(offer: Offer) -> tuple[str, str, str]:
    return offer.fields.title, offer.url or offer.key, _date(offer.fields.published)


def _date(moment: Moment | None) -> str:
    if moment is None:
        return ""
    return moment.at.date().isoformat() if moment.precision == "day" else moment.at.isoformat()


def _body(fields: Fields) -> dict[str, str]:
    """The first and the last words of the text, by which a wrong selector is seen, and how long it is."""
    text = " ".join(unescape(line) for line in lines_of(fields.body))
    if not text:
        return {"body": "(empty)"}
    shown = text if len(text) <= 2 * _EDGE else f"{text[:_EDGE].rstrip()} … {text[-_EDGE:].lstrip()}"
    return {"body": f"{shown} ({len(text):,} characters)"}


def _missed(rule: str) -> str:
    otherwise = "it leaves nothing out" if rule == "drop" else "the field is found automatically"
    return f"article.{rule}: none of its selectors finds anything that can be used on this page; {otherwise}"


def say(fields: Fields) -> dict[str, str]:
    """An article's fields in words, those that are there; the text is left out."""
    said = {
        "title": fields.title,
        "published": _date(fields.published),
        "updated": _date(fields.updated),
        "origins": "、".join(fields.origins),
        "authors": "、".join(fields.authors),
        "editor": fields.editor,
        "breadcrumb": " > ".join(fields.breadcrumb),
        "summary": fields.summary,
        "lead_image": fields.lead_image or "",
        "attachments": " ".join(attachment.url for attachment in fields.attachments),
        **dict(fields.extras),
    }
    return {name: value for name, value in said.items() if value}
