"""What a source would bring, shown and not stored: what is on offer, and one article with how each field was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from feedservice.errors import SourceError
from feedservice.model import Fields, Moment, NotModified, Offer, Page
from feedservice.opened import OpenSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What came of a look at a source.

    offers: title, address and date of each. article: what the first readable one says, by field. found: how each of
    its fields was found. way: how the list was. problems: what went wrong on the way. drop: selectors that were left
    out for this look; lines: the source's configuration without them.
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
    reading = source.source.read(get, lambda key: True)
    problems = list(reading.problems)
    shown = Preview(source=source.name, offers=tuple(_told(offer) for offer in reading.offers[:limit]))
    for offer in reading.offers[:3]:
        try:
            fields, found = _look(source, offer)
        except SourceError as error:
            problems.append(str(error))
            continue
        return Preview(
            source=source.name,
            offers=shown.offers,
            article=say(fields),
            found=found,
            way=reading.way,
            problems=tuple(problems),
        )
    return Preview(source=source.name, offers=shown.offers, way=reading.way, problems=tuple(problems))


def _look(source: OpenSource, offer: Offer) -> tuple[Fields, Mapping[str, str]]:
    if offer.complete or offer.url is None:
        return source.pages.clean(offer.fields, offer.url or source.home), {}
    page = source.get(offer.url)
    if isinstance(page, NotModified):
        return offer.fields, {}
    extraction = source.pages.read(page)
    return extraction.fields, extraction.found


def _told(offer: Offer) -> tuple[str, str, str]:
    return offer.fields.title, offer.url or offer.key, _date(offer.fields.published)


def _date(moment: Moment | None) -> str:
    if moment is None:
        return ""
    return moment.at.date().isoformat() if moment.precision == "day" else moment.at.isoformat()


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
