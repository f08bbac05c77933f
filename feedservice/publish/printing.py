"""An edition -> bytes that pass the gate, in one format after another; what is at fault is left out and told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from feedservice.errors import GateError
from feedservice.model import Article, Document, Edition
from feedservice.protocols import Format, Store
from feedservice.publish.carriers import with_carriers
from feedservice.publish.codings import make_document
from feedservice.publish.gate import check, document_path
from feedservice.publish.sizes import article_limit, most_that_fit, told_briefly, written_size

_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Notes:
    """What an operator has to know of the printing of a feed and its archive.

    shortened: ids of articles told by summary and link. isolated: why articles were left out, by id. failures: whole
    formats that did not pass, whose last good document stays. pages: the numbers of the archive pages that were stored.
    """

    shortened: list[str] = field(default_factory=list)
    isolated: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printer:
    """What prints editions: the formats, the moment of writing, how large a document may be, and what went wrong."""

    store: Store
    formats: Sequence[Format]
    now: datetime
    max_bytes: int
    notes: Notes = field(default_factory=Notes)

    def documents(self, edition: Edition) -> tuple[Document, ...]:
        """The documents of an edition, one for each format that passes the gate; stored ones are reused where equal.

        Articles come in the order of their dates, newest first; the edition's date is theirs. Raises StoreError.
        """
        edition = with_carriers(self.store, edition)
        edition = _with(edition, _sized(_in_order(edition), article_limit(self.max_bytes), self.notes))
        documents: list[Document] = []
        for row in self.formats:
            try:
                body, guilty = _pass(edition, _Press(format=row, now=self.now, max_bytes=self.max_bytes))
            except GateError as error:
                self.notes.failures.append(f"{row.title}: {error}")
                continue
            for article, reason in guilty.items():
                self.notes.isolated.setdefault(article, f"{row.title}: {reason}")
            path = document_path(edition, row)
            documents.append(make_document(self.store, path, edition.feed.name, row.media_type, body, self.now))
        return tuple(documents)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Press:
    """One format, the moment of writing, and the room there is."""

    format: Format
    now: datetime
    max_bytes: int


def _in_order(edition: Edition) -> list[Article]:
    def key(article: Article) -> tuple[datetime, int]:
        shown = article.arrival if edition.by_arrival else article.published
        return max(shown, article.updated) if edition.by_update else shown, article.seq

    return sorted(edition.articles, key=key, reverse=True)


def _sized(articles: Sequence[Article], limit: int, notes: Notes) -> tuple[Article, ...]:
    """The articles no larger than `limit` bytes, or made so."""
    kept: list[Article] = []
    for article in articles:
        if written_size(article) <= limit:
            kept.append(article)
        elif written_size(brief := told_briefly(article)) <= limit:
            kept.append(brief)
            notes.shortened.append(article.id)
        else:
            notes.isolated[article.id] = f"it takes more than {limit:,} bytes even without its body"
    return tuple(kept)


def _with(edition: Edition, articles: Sequence[Article]) -> Edition:
    """The edition with these articles, and with the date that they give it."""
    shown = [article.arrival if edition.by_arrival else article.published for article in articles]
    dates = [*shown, *(article.updated for article in articles)]
    gone = [article.withdrawn for article in edition.withdrawn if article.withdrawn is not None]
    return replace(edition, articles=tuple(articles), updated=max([*dates, *gone], default=_BEFORE_ALL))


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
