"""In feeds of several sources, an article that was merged with others names everybody who carries it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from html import escape

from feedservice.model import Article, Edition

_SAID = {"zh": "来源：{}", "en": "Sources: {}"}
_BETWEEN = {"zh": "、"}


def titles_of(sources: Iterable[str], edition: Edition) -> tuple[str, ...]:
    """What these sources are called."""
    return tuple(_title(edition, source) for source in sources)


def named(article: Article, edition: Edition, others: tuple[str, ...]) -> Article:
    """The article with the other publications that carry it among its origins and at the end of its text."""
    fields, language = article.fields, edition.site.language[:2].lower()
    own = fields.origins or (_title(edition, article.source),)
    names = tuple(dict.fromkeys((*own, *others)))
    said = _SAID.get(language, _SAID["en"]).format(_BETWEEN.get(language, ", ").join(names))
    body = f"{fields.body}<p>{escape(said)}</p>" if fields.body.strip() else ""
    return replace(article, fields=replace(fields, origins=names, body=body))


def _title(edition: Edition, source: str) -> str:
    feed = edition.origins.get(source)
    return feed.title if feed else source
