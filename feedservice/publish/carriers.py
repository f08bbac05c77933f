"""In feeds of several sources, an article that was merged with others names everybody who carries it."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from feedservice.model import Article, Edition, FeedKind
from feedservice.protocols import Store

_SAID = {"zh": "来源：{}", "en": "Sources: {}"}
_BETWEEN = {"zh": "、"}


def with_carriers(store: Store, edition: Edition) -> Edition:
    """The edition, with the other sources of each article among its origins and at the end of its text.

    Feeds of one source stay as they are. Raises StoreError.
    """
    if edition.feed.kind is FeedKind.SOURCE:
        return edition
    carriers = store.carriers(article.seq for article in edition.articles)
    if not carriers:
        return edition
    articles = (
        _named(article, edition, carriers[article.seq]) if article.seq in carriers else article
        for article in edition.articles
    )
    return replace(edition, articles=tuple(articles))


def _named(article: Article, edition: Edition, others: tuple[str, ...]) -> Article:
    fields, language = article.fields, edition.site.language[:2].lower()
    own = fields.origins or (_title(edition, article.source),)
    names = tuple(dict.fromkeys((*own, *(_title(edition, source) for source in others))))
    said = _SAID.get(language, _SAID["en"]).format(_BETWEEN.get(language, ", ").join(names))
    body = f"{fields.body}<p>{escape(said)}</p>" if fields.body.strip() else ""
    return replace(article, fields=replace(fields, origins=names, body=body))


def _title(edition: Edition, source: str) -> str:
    feed = edition.origins.get(source)
    return feed.title if feed else source
