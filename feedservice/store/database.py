"""The `Store` and the `Writer` on a database, each method one step to the file that knows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from feedservice.model import (
    ArchivePage,
    Article,
    Capture,
    CaptureBase,
    Card,
    Carried,
    CategoryStep,
    Document,
    DocumentHead,
    Edit,
    Feed,
    Intake,
    Known,
    Letter,
    Member,
    Revision,
    SourceState,
    Validators,
)
from feedservice.protocols import Clock, Watch
from feedservice.store.admission import admit_articles
from feedservice.store.archives import last_archive, put_archive, stale_archives
from feedservice.store.articles import (
    all_of_source,
    article_by_id,
    articles_by_seq,
    known_articles,
    newest_arrival,
    page_of_feed,
    published_between,
)
from feedservice.store.backend import Backend, reading, transaction
from feedservice.store.captures import captures_of, newest_base, shed_captures
from feedservice.store.documents import (
    add_codings,
    documents_above,
    documents_at,
    drop_documents,
    forget_layouts,
    heads_above,
    heads_at,
    partial_documents,
    replace_archive,
    replace_documents,
)
from feedservice.store.doubles import bodies_of, carried_between, carriers_of
from feedservice.store.feeds import (
    all_feeds,
    count_articles,
    freshen_feed,
    latest_number,
    mark_feeds,
    name_feed,
    put_feeds,
    shelve,
    stale_feeds,
    titles_of_categories,
)
from feedservice.store.history import history_of_article
from feedservice.store.inbox import count_letters, file_letters, last_letter, post_letters, waiting_letters
from feedservice.store.intake import save_intake
from feedservice.store.members import latest_members, members_after, rejoin
from feedservice.store.notes import replace_note, settle_note
from feedservice.store.retired import restore_feeds, retire_feeds, retired_feeds
from feedservice.store.revising import revise_articles
from feedservice.store.sources import (
    due_sources,
    put_source_state,
    source_state,
    source_states,
    source_validators,
)
from feedservice.store.withdrawing import find_article, withdraw_article, withdrawn_from_feed


class DatabaseWriter:
    """The one open write transaction. See `feedservice.protocols.Writer`."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def taken(self, start: datetime, end: datetime) -> frozenset[datetime]:
        return published_between(self._connection, start, end)

    def latest_arrival(self) -> datetime | None:
        return newest_arrival(self._connection)

    def save(self, intake: Intake) -> tuple[Article, ...]:
        return save_intake(self._connection, intake)

    def revise(self, edits: Iterable[Edit], at: datetime) -> tuple[int, ...]:
        return revise_articles(self._connection, edits, at)

    def shed_captures(self, budget: int) -> None:
        shed_captures(self._connection, budget)

    def resurface(self, seqs: Iterable[int], takes: Callable[[str], bool]) -> None:
        rejoin(self._connection, seqs, takes)

    def put_state(self, state: SourceState) -> None:
        put_source_state(self._connection, state)

    def define_feeds(self, feeds: Sequence[Feed], fingerprint: str) -> None:
        put_feeds(self._connection, feeds, fingerprint, self._clock())

    def name_feed(self, name: str, title: str) -> None:
        name_feed(self._connection, name, title)

    def ensure_category(self, path: tuple[CategoryStep, ...]) -> str:
        return shelve(self._connection, path, self._clock())[-1]

    def carried(self, start: datetime, end: datetime) -> Iterator[Carried]:
        return carried_between(self._connection, start, end)

    def bodies(self, seqs: Iterable[int]) -> dict[int, str]:
        return bodies_of(self._connection, seqs)

    def retire(self, moved: Mapping[str, str], gone: Collection[str]) -> None:
        retire_feeds(self._connection, moved, gone, self._clock())

    def restore(self, names: Iterable[str]) -> None:
        restore_feeds(self._connection, names)

    def withdraw(self, id: str, at: datetime) -> bool:
        return withdraw_article(self._connection, id, at)

    def settle(self, name: str, value: str) -> str:
        return settle_note(self._connection, name, value)

    def note(self, name: str, value: str) -> None:
        replace_note(self._connection, name, value)

    def admit(self, feed: str, seqs: Iterable[int]) -> None:
        admit_articles(self._connection, feed, seqs)

    def post(self, letters: Sequence[Letter]) -> None:
        post_letters(self._connection, letters)

    def file(self, source: str, letters: int, now: datetime) -> None:
        file_letters(self._connection, source, letters, now)

    def mark_stale(self, feeds: Iterable[str] | None = None, *, whole: bool = False) -> None:
        names = None if feeds is None else list(feeds)
        mark_feeds(self._connection, names)
        if whole:
            forget_layouts(self._connection, names)

    def put_documents(self, feed: str, documents: Sequence[Document], as_of: int) -> int:
        changed = replace_documents(self._connection, feed, documents, self._clock())
        freshen_feed(self._connection, feed, as_of)
        return changed

    def drop_documents(self, paths: Iterable[str]) -> None:
        drop_documents(self._connection, sorted(set(paths)))

    def add_codings(self, document: Document) -> bool:
        return add_codings(self._connection, document)

    def put_archive(self, feed: str, page: ArchivePage, documents: Sequence[Document]) -> None:
        put_archive(self._connection, feed, page)
        replace_archive(self._connection, feed, documents, self._clock())


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

    def acting(self) -> AbstractContextManager[None]:
        return self._backend.acting()

    @contextmanager
    def writing(self) -> Iterator[DatabaseWriter]:
        if self._writer == threading.get_ident():
            raise RuntimeError("writing() inside writing(): the inner one would wait for the outer one for ever")
        # Threads queue here, without a connection; processes queue in the database.
        with self._turn:
            self._writer = threading.get_ident()
            try:
                with transaction(self._backend) as connection:
                    yield DatabaseWriter(connection, self._clock)
            finally:
                self._writer = None

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

    def latest(self, feed: str, limit: int) -> tuple[Member, ...]:
        with self._reading() as connection:
            return latest_members(connection, feed, limit)

    def every(self, source: str) -> Iterator[Article]:
        return all_of_source(self._reading, source)

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

    def documents_since(self, version: int) -> tuple[Document, ...]:
        with self._reading() as connection:
            return documents_above(connection, version)

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

    def documents(self, paths: Sequence[str], codings: Collection[str] = ()) -> dict[str, Document]:
        with self._reading() as connection:
            return {document.path: document for document in documents_at(connection, paths, codings)}

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
