"""The `Store` on a database, each method one step to the file that knows."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from feedservice.errors import StoreSetBack
from feedservice.model import (
    ArchivePage,
    Article,
    Capture,
    CaptureBase,
    Card,
    Document,
    DocumentHead,
    Feed,
    FeedState,
    Known,
    Letter,
    Member,
    Revision,
    SourceState,
    Validators,
)
from feedservice.protocols import Clock, Watch
from feedservice.store.articles.captures import captures_of, newest_base
from feedservice.store.articles.history import history_of_article
from feedservice.store.articles.reading import (
    all_of_source,
    arrival_ahead,
    article_by_id,
    articles_by_seq,
    known_articles,
    page_of_feed,
)
from feedservice.store.articles.withdrawing import find_article, withdrawn_from_feed
from feedservice.store.documents.reading import (
    documents_at,
    heads_above,
    heads_at,
    packed_documents,
    partial_documents,
)
from feedservice.store.engines.backend import Backend, reading, transaction
from feedservice.store.engines.upgrade import newest, refuse_newer
from feedservice.store.feeds.archives import feed_states, last_archive, stale_archives
from feedservice.store.feeds.doubles import carriers_of
from feedservice.store.feeds.members import latest_members, members_after
from feedservice.store.feeds.registry import (
    all_feeds,
    count_articles,
    latest_number,
    stale_feeds,
    titles_of_categories,
)
from feedservice.store.feeds.retired import retired_feeds
from feedservice.store.sources.inbox import count_letters, last_letter, waiting_letters
from feedservice.store.sources.renaming import name_now
from feedservice.store.sources.states import (
    due_sources,
    source_state,
    source_states,
    source_validators,
)
from feedservice.store.writer import DatabaseWriter


class DatabaseStore:
    """What is remembered, in a database. See `feedservice.protocols.Store`.

    Connections are made when they are needed and must not be taken into a forked child: open a store of its own there.
    """

    def __init__(self, backend: Backend, clock: Clock) -> None:
        self._backend = backend
        self._clock = clock
        self._reading = partial(reading, backend)
        self._turn = threading.Lock()
        self._writer: int | None = None
        self._acts = False
        self._reached = 0
        self._known = newest()

    @contextmanager
    def acting(self) -> Iterator[None]:
        with self._backend.acting():
            self._acts, self._reached = True, 0
            try:
                yield
            finally:
                self._acts = False

    @contextmanager
    def writing(self) -> Iterator[DatabaseWriter]:
        if self._writer == threading.get_ident():
            raise RuntimeError("writing() inside writing(): the inner one would wait for the outer one for ever")
        # Threads queue here, without a connection; processes queue in the database.
        with self._turn:
            self._writer = threading.get_ident()
            try:
                with transaction(self._backend) as connection:
                    if self._acts:
                        # Who only takes letters in does no harm to a store whose meaning it does not know.
                        refuse_newer(self._backend.name, connection, self._known)
                        self._refuse_earlier(connection)
                    yield DatabaseWriter(connection, self._clock)
                    reached = latest_number(connection, "version") if self._acts else 0
                # Only now is it committed.
                self._reached = reached
            finally:
                self._writer = None

    def _refuse_earlier(self, connection: Connection) -> None:
        """Raises StoreSetBack where the store lost what this worker has written: what it knows may be lost too."""
        if latest_number(connection, "version") < self._reached:
            raise StoreSetBack(
                f"{self._backend.name}: it holds less than this worker wrote to it, as after a fail-over to a replica"
                " that lagged behind: the worker begins anew with what is there"
            )

    def state(self, source: str) -> SourceState:
        with self._reading() as connection:
            return source_state(connection, source)

    def states(self) -> tuple[SourceState, ...]:
        with self._reading() as connection:
            return source_states(connection)

    def due(self, now: datetime, limit: int) -> tuple[str, ...]:
        with self._reading() as connection:
            return due_sources(connection, now, limit)

    def letters(self, source: str, limit: int) -> tuple[Letter, ...]:
        with self._reading() as connection:
            return waiting_letters(connection, source, limit)

    def letter(self, source: str, key: str) -> Letter | None:
        with self._reading() as connection:
            return last_letter(connection, source, key)

    def name_now(self, source: str) -> str:
        with self._reading() as connection:
            return name_now(connection, source)

    def waiting(self, source: str) -> int:
        with self._reading() as connection:
            return count_letters(connection, source)

    def validators(self, source: str) -> dict[str, Validators]:
        with self._reading() as connection:
            return source_validators(connection, source)

    def known(self, source: str, keys: Iterable[str]) -> dict[str, Known]:
        with self._reading() as connection:
            return known_articles(connection, source, keys)

    def article(self, id: str) -> Article | None:
        with self._reading() as connection:
            return article_by_id(connection, id)

    def find(self, name: str) -> Article | None:
        with self._reading() as connection:
            return find_article(connection, name)

    def history(self, id: str) -> tuple[Revision, ...]:
        with self._reading() as connection:
            return history_of_article(connection, id)

    def withdrawn(self, feed: str, limit: int) -> tuple[Card, ...]:
        with self._reading() as connection:
            return withdrawn_from_feed(connection, feed, limit)

    def contents(self, seqs: Iterable[int]) -> dict[int, Article]:
        with self._reading() as connection:
            return {article.seq: article for article in articles_by_seq(connection, list(seqs))}

    def articles(self, feed: str, limit: int, *, before: tuple[datetime, int] | None = None) -> tuple[Article, ...]:
        with self._reading() as connection:
            return page_of_feed(connection, feed, limit, before)

    def members(
        self, feed: str, after: int, *, upto: int | None = None, limit: int | None = None
    ) -> tuple[Member, ...]:
        with self._reading() as connection:
            return members_after(connection, feed, after, upto=upto, limit=limit)

    def latest(self, feed: str, limit: int, *, withdrawn: bool = True) -> tuple[Member, ...]:
        with self._reading() as connection:
            return latest_members(connection, feed, limit, withdrawn=withdrawn)

    def arrival_ahead(self, now: datetime) -> datetime | None:
        with self._reading() as connection:
            return arrival_ahead(connection, now)

    def every(self, source: str, *, offered: bool = False) -> Iterator[Article]:
        return all_of_source(self._reading, source, offered=offered)

    def captures(self, seqs: Iterable[int]) -> dict[int, Capture]:
        with self._reading() as connection:
            return captures_of(connection, seqs)

    def capture_base(self, source: str) -> CaptureBase | None:
        with self._reading() as connection:
            return newest_base(connection, source)

    def feeds(self) -> tuple[Feed, ...]:
        with self._reading() as connection:
            return all_feeds(connection)

    def stale(self) -> dict[str, int]:
        with self._reading() as connection:
            return stale_feeds(connection)

    def feed_states(self, names: Sequence[str]) -> dict[str, FeedState]:
        with self._reading() as connection:
            return feed_states(connection, names)

    def last_archive(self, feed: str) -> ArchivePage | None:
        with self._reading() as connection:
            return last_archive(connection, feed)

    def stale_archives(self, feed: str, limit: int) -> tuple[ArchivePage, ...]:
        with self._reading() as connection:
            return stale_archives(connection, feed, limit)

    def carriers(self, seqs: Iterable[int]) -> dict[int, tuple[str, ...]]:
        with self._reading() as connection:
            return carriers_of(connection, seqs)

    def retired(self) -> dict[str, str | None]:
        with self._reading() as connection:
            return retired_feeds(connection)

    def category_titles(self) -> dict[str, str]:
        with self._reading() as connection:
            return titles_of_categories(connection)

    def heads_since(self, version: int) -> tuple[DocumentHead, ...]:
        with self._reading() as connection:
            return heads_above(connection, version)

    def partial(self, limit: int) -> tuple[str, ...]:
        with self._reading() as connection:
            return partial_documents(connection, limit)

    def heads(self, paths: Sequence[str]) -> tuple[DocumentHead, ...]:
        with self._reading() as connection:
            return heads_at(connection, paths)

    def document(self, path: str, codings: Collection[str] = ()) -> Document | None:
        with self._reading() as connection:
            return next(iter(documents_at(connection, [path], codings)), None)

    def packed(self, paths: Sequence[str]) -> dict[str, Document]:
        with self._reading() as connection:
            return {document.path: document for document in packed_documents(connection, paths)}

    def version(self) -> int:
        with self._reading() as connection:
            return latest_number(connection, "version")

    def counts(self) -> dict[str, int]:
        with self._reading() as connection:
            return count_articles(connection)

    def watch(self) -> Watch:
        return self._backend.watch()

    def close(self) -> None:
        self._backend.close()
