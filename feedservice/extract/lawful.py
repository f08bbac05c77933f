"""Whatever finders and selectors brought, in the text that a store and a feed can hold. The last step of a reading."""

from __future__ import annotations

import re
from dataclasses import replace

from feedservice.model import Fields

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def lawful(fields: Fields) -> Fields:
    """The fields without characters outside XML 1.0 `Char` (§2.2), and without list entries that are nothing else.

    `&#8;` on a page is such a character. The store keeps none, so what is read anew could not be compared with it.
    """
    return replace(
        fields,
        title=_char(fields.title),
        summary=_char(fields.summary),
        body=_char(fields.body),
        language=_char(fields.language or "") or None,
        authors=_all(fields.authors),
        editor=_char(fields.editor),
        origins=_all(fields.origins),
        breadcrumb=_all(fields.breadcrumb),
        tags=_all(fields.tags),
        lead_image=_char(fields.lead_image or "") or None,
        attachments=tuple(
            replace(file, url=_char(file.url), name=_char(file.name), media_type=_char(file.media_type or "") or None)
            for file in fields.attachments
        ),
        extras=tuple((_char(label), _char(value)) for label, value in fields.extras if _char(value).strip()),
    )


def _all(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for text in map(_char, texts) if text.strip())


def _char(text: str) -> str:
    return _ILLEGAL.sub("", text)
