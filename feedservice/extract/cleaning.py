"""Fields that never had a page, from feeds, APIs and folders, made as clean as those that had one."""

from __future__ import annotations

import re
from dataclasses import replace

from feedservice.extract.lawful import lawful
from feedservice.extract.markup.compose import compose
from feedservice.extract.markup.pictures import sources_in
from feedservice.extract.page.links import absolute
from feedservice.extract.page.parsing import parse_root
from feedservice.extract.sanitising import scrub
from feedservice.extract.summary import shortened
from feedservice.extract.text.language import language_of
from feedservice.extract.text.wording import encoded_once, legal, squeeze, unescape
from feedservice.model import Fields
from feedservice.words.marks import balanced

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>|<!--(?:(?!<!--|-->).){0,2000}+-->", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,12});")


def clean(fields: Fields, base_url: str) -> Fields:
    """The fields with the body sanitised, addresses absolute, tags out of texts; summary and lead image where missing.

    A title is text already: its source knows whether it came as HTML, so that `Vec<T>` can be told from markup.
    Raises Unreadable when the body is larger than the limits of `parsing`.
    """
    root = parse_root(f"<div>{fields.body}</div>") if fields.body else None
    blocks = compose(root, base_url) if root is not None else []
    text = "\n".join(block.text for block in blocks if block.text)
    lead = absolute(fields.lead_image, base_url)
    pictures = sources_in(blocks)
    files = tuple(
        replace(item, url=url, name=plain(item.name))
        for item in fields.attachments
        if (url := absolute(item.url, base_url))
    )
    cleaned = replace(
        fields,
        title=_tidy(fields.title),
        summary=shortened(plain(fields.summary)) or shortened(text),
        body=scrub("\n".join(block.html for block in blocks)),
        language=fields.language or language_of(f"{fields.title} {text}", None),
        authors=_plain_all(fields.authors),
        editor=plain(fields.editor),
        origins=_plain_all(fields.origins),
        breadcrumb=_plain_all(fields.breadcrumb),
        tags=_plain_all(fields.tags),
        lead_image=lead or (pictures[0] if pictures else None),
        attachments=files,
        extras=tuple((plain(name), plain(value)) for name, value in fields.extras if plain(value)),
    )
    return lawful(cleaned)


def plain(text: str) -> str:
    """A text without markup: tags gone, entities read once, white space squeezed, XML-illegal characters gone.

    So are characters that turn the direction of what comes after the text.
    """
    if "<" in text and _TAG.search(text):
        text = _TAG.sub(" ", text)
    if "&" in text and _ENTITY.search(text):
        text = unescape(text)
    return _tidy(text)


def _tidy(text: str) -> str:
    return squeeze(balanced(legal(encoded_once(text))))


def _plain_all(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for text in (plain(text) for text in texts) if text)
