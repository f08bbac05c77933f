"""A feed's articles -> an edition -> bytes -> gate -> the documents that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from feedservice.config.settings import FeedSettings
from feedservice.errors import GateError
from feedservice.model import Article, Document, Edition, Feed, Site
from feedservice.protocols import Clock, Format, Store
from feedservice.publish.codings import make_document
from feedservice.publish.gate import check
from feedservice.publish.sizes import article_limit, most_that_fit, told_briefly, written_size

_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What came of writing a feed.

    documents_changed: how many documents have new bytes. shortened: ids of articles too large for a feed, told by
    summary and link. isolated: (article's id, reason) of those left out. failures: what went wrong with whole formats,
    whose last good document stays.
    """

    feed: str
    documents_changed: int = 0
    shortened: tuple[str, ...] = ()
    isolated: tuple[tuple[str, str], ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Press:
    """One format, the moment of writing, and the room there is."""

    format: Format
    now: datetime
    max_bytes: int


def publish_feed(
    store: Store,
    feed: Feed,
    mark: int,
    *,
    formats: Sequence[Format],
    site: Site,
    settings: FeedSettings,
    clock: Clock,
    origins: Mapping[str, Feed],
    titles: Mapping[str, str],
) -> Published:
    """Write a feed in every format and publish what changed; the feed is then fresh as of `mark`.

    mark: as `Store.stale()` gave it, before the articles are read. origins: each source's feed, by source. titles: of
    categories, by slug. An article that the gate refuses is left out and told of; a format that fails as a whole keeps
    its last good document. Nothing is written, compressed or checked while the store's write transaction is open.
    Raises StoreError when the store cannot be used.
    """
    now = clock().replace(microsecond=0)
    articles, shortened, isolated = _sized(store.articles(feed.name, settings.items), article_limit(settings.max_bytes))
    edition = Edition(feed=feed, site=site, articles=(), updated=_BEFORE_ALL, origins=origins, category_titles=titles)
    edition = _with(edition, articles)
    failures: list[str] = []
    documents: list[Document] = []
    for row in formats:
        try:
            body, guilty = _pass(edition, _Press(format=row, now=now, max_bytes=settings.max_bytes))
        except GateError as error:
            failures.append(f"{row.title}: {error}")
            continue
        for article, reason in guilty.items():
            isolated.setdefault(article, f"{row.title}: {reason}")
        path = f"/feeds/{feed.name}.{row.suffix}"
        documents.append(make_document(store, path, feed.name, row.media_type, body, now))
    with store.writing() as writer:
        changed = writer.put_documents(feed.name, documents, mark)
    return Published(
        feed=feed.name,
        documents_changed=changed,
        shortened=shortened,
        isolated=tuple(isolated.items()),
        failures=tuple(failures),
    )


def _sized(articles: Sequence[Article], limit: int) -> tuple[tuple[Article, ...], tuple[str, ...], dict[str, str]]:
    """The articles no larger than `limit` bytes; ids of those that were made so; why others are left out, by id."""
    kept: list[Article] = []
    shortened: list[str] = []
    left_out: dict[str, str] = {}
    for article in articles:
        if written_size(article) <= limit:
            kept.append(article)
        elif written_size(brief := told_briefly(article)) <= limit:
            kept.append(brief)
            shortened.append(article.id)
        else:
            left_out[article.id] = f"it takes more than {limit:,} bytes even without its body"
    return tuple(kept), tuple(shortened), left_out


def _with(edition: Edition, articles: Sequence[Article]) -> Edition:
    """The edition with these articles, and with the date that they give it."""
    dates = (date for article in articles for date in (article.published, article.updated))
    return replace(edition, articles=tuple(articles), updated=max(dates, default=_BEFORE_ALL))


def _pass(edition: Edition, press: _Press) -> tuple[bytes, dict[str, str]]:
    """The bytes of an edition that pass the gate, and why articles had to be left out, by id.

    Raises GateError when no part of it passes.
    """
    try:
        return _fit(edition, press), {}
    except GateError as error:
        guilty = _guilty(edition, press) or dict.fromkeys(error.articles, str(error))
        rest = [article for article in edition.articles if article.id not in guilty]
        if not guilty:
            raise
        if not rest:
            raise GateError(f"{error}; nor does any article pass alone", tuple(guilty)) from error
    return _fit(_with(edition, rest), press), guilty


def _fit(edition: Edition, press: _Press) -> bytes:
    """The checked bytes of the edition, or of as many of its newest articles as there is room for. Raises GateError."""
    body = _write(edition, press)
    if len(body) > press.max_bytes and edition.articles:
        articles = edition.articles
        count = most_that_fit(articles, press.max_bytes, lambda some: len(_write(_with(edition, some), press)))
        edition = _with(edition, articles[:count])
        body = _write(edition, press)
    check(body, edition, press.format, now=press.now, max_bytes=press.max_bytes)
    return body


def _guilty(edition: Edition, press: _Press) -> dict[str, str]:
    """Why articles fail when each is written alone, by id."""
    found: dict[str, str] = {}
    for article in edition.articles:
        try:
            _fit(_with(edition, [article]), press)
        except GateError as error:
            found[article.id] = str(error)
    return found


def _write(edition: Edition, press: _Press) -> bytes:
    try:
        return press.format.render(edition)
    except ValueError as error:
        raise GateError(f"cannot be written: {' '.join(str(error).split())[:300]}") from error
