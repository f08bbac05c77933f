"""Values as JSON text: an article's fields but title and body, its categories, a source's facts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

from feedservice.model import Attachment, Facts, Fields, Moment, Precision
from feedservice.store.tables.text import clean


class _Attachment(TypedDict, total=False):
    url: str
    name: str
    media_type: str | None
    length: int | None


class _Light(TypedDict, total=False):
    published: tuple[str, str]
    updated: tuple[str, str]
    summary: str
    language: str
    authors: tuple[str, ...]
    editor: str
    origins: tuple[str, ...]
    breadcrumb: tuple[str, ...]
    tags: tuple[str, ...]
    lead_image: str
    attachments: tuple[_Attachment, ...]
    extras: tuple[tuple[str, str], ...]


def pack_fields(fields: Fields) -> str:
    """All of `fields` except title and body; what is empty is left out. Equal fields give equal text."""
    light = _Light(
        summary=clean(fields.summary),
        authors=_clean_all(fields.authors),
        editor=clean(fields.editor),
        origins=_clean_all(fields.origins),
        breadcrumb=_clean_all(fields.breadcrumb),
        tags=_clean_all(fields.tags),
        attachments=tuple(_pack_attachment(attachment) for attachment in fields.attachments),
        extras=tuple((clean(label), clean(value)) for label, value in fields.extras),
    )
    light = _Light(**{name: value for name, value in light.items() if value})  # type: ignore[typeddict-item]
    if fields.published is not None:
        light["published"] = _pack_moment(fields.published)
    if fields.updated is not None:
        light["updated"] = _pack_moment(fields.updated)
    if fields.language is not None:
        light["language"] = clean(fields.language)
    if fields.lead_image is not None:
        light["lead_image"] = clean(fields.lead_image)
    return _dump(light)


def unpack_fields(title: str, text: str, body: str) -> Fields:
    """The fields that `pack_fields` was given, with their title and body."""
    light: _Light = json.loads(text)
    return Fields(
        title=title,
        published=_unpack_moment(light.get("published")),
        updated=_unpack_moment(light.get("updated")),
        summary=light.get("summary", ""),
        body=body,
        language=light.get("language"),
        authors=tuple(light.get("authors", ())),
        editor=light.get("editor", ""),
        origins=tuple(light.get("origins", ())),
        breadcrumb=tuple(light.get("breadcrumb", ())),
        tags=tuple(light.get("tags", ())),
        lead_image=light.get("lead_image"),
        attachments=tuple(Attachment(**attachment) for attachment in light.get("attachments", ())),
        extras=tuple((label, value) for label, value in light.get("extras", ())),
    )


def unpack_published(text: str) -> Moment | None:
    """Of the fields that `pack_fields` was given, when the article was published."""
    light: _Light = json.loads(text)
    return _unpack_moment(light.get("published"))


def pack_names(names: Iterable[str]) -> str:
    """A list of names, in order."""
    return _dump(_clean_all(names))


def unpack_names(text: str) -> tuple[str, ...]:
    """The names that `pack_names` was given."""
    return tuple(json.loads(text))


def pack_facts(facts: Facts) -> str:
    """Plain values by name."""
    return _dump(
        {clean(name): clean(value) if isinstance(value, str) else value for name, value in sorted(facts.items())}
    )


def unpack_facts(text: str) -> Facts:
    """The facts that `pack_facts` was given."""
    facts: Facts = json.loads(text)
    return facts


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _clean_all(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(clean(text) for text in texts)


def _pack_attachment(attachment: Attachment) -> _Attachment:
    return _Attachment(
        url=clean(attachment.url),
        name=clean(attachment.name),
        media_type=None if attachment.media_type is None else clean(attachment.media_type),
        length=attachment.length,
    )


def _pack_moment(moment: Moment) -> tuple[str, str]:
    # The offset is kept: it is the zone that the source told the time in.
    return moment.at.isoformat(), moment.precision.value


def _unpack_moment(packed: tuple[str, str] | None) -> Moment | None:
    return None if packed is None else Moment(datetime.fromisoformat(packed[0]), Precision(packed[1]))
