"""The `Writer` on a database: one open transaction, each method one step to the file that knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from feedservice.model import (
    ArchivePage,
    Article,
    Carried,
    CategoryStep,
    Document,
    Edit,
    Feed,
    Intake,
    Letter,
    SourceState,
)
from feedservice.protocols import Clock
from feedservice.store.articles.captures import shed_captures
from feedservice.store.articles.intake import save_intake
from feedservice.store.articles.reading import newest_arrival, published_between
from feedservice.store.articles.revising import revise_articles
from feedservice.store.articles.withdrawing import withdraw_article
from feedservice.store.documents.replacing import (
    add_codings,
    as_of_marks,
    drop_documents,
    forget_layouts,
    replace_archive,
    replace_documents,
)
from feedservice.store.feeds.admission import admit_articles
from feedservice.store.feeds.archives import put_archive, spoil_past
from feedservice.store.feeds.doubles import bodies_of, carried_between, told_between
from feedservice.store.feeds.members import rejoin
from feedservice.store.feeds.registry import freshen_feeds, mark_feeds, name_feed, put_feeds, shelve
from feedservice.store.feeds.retired import restore_feeds, retire_feeds
from feedservice.store.sources.inbox import file_letters, post_letters
from feedservice.store.sources.renaming import rename_sources
from feedservice.store.sources.states import put_source_state
from feedservice.store.tables.notes import replace_note, settle_note


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
        shed_captures(self._connection, budget, self._clock())

    def resurface(self, seqs: Iterable[int], takes: Callable[[str], bool], at: datetime) -> None:
        rejoin(self._connection, seqs, takes, at)

    def put_state(self, state: SourceState) -> None:
        put_source_state(self._connection, state)

    def define_feeds(self, feeds: Sequence[Feed], fingerprint: str) -> None:
        put_feeds(self._connection, feeds, fingerprint, self._clock())

    def name_feed(self, name: str, title: str) -> None:
        name_feed(self._connection, name, title)

    def rename_sources(self, renamed: Mapping[str, str]) -> frozenset[str]:
        return rename_sources(self._connection, renamed)

    def ensure_category(self, path: tuple[CategoryStep, ...]) -> str:
        return shelve(self._connection, path, self._clock())[-1]

    def carried(self, start: datetime, end: datetime) -> Iterator[Carried]:
        return carried_between(self._connection, start, end)

    def told(self, source: str, start: datetime, end: datetime) -> Iterator[Carried]:
        return told_between(self._connection, source, start, end)

    def bodies(self, seqs: Iterable[int]) -> dict[int, str]:
        return bodies_of(self._connection, seqs)

    def retire(self, moved: Mapping[str, str], gone: Collection[str]) -> None:
        retire_feeds(self._connection, moved, gone, self._clock())

    def restore(self, names: Iterable[str]) -> None:
        restore_feeds(self._connection, names, self._clock())

    def withdraw(self, id: str, at: datetime) -> bool:
        return withdraw_article(self._connection, id, at)

    def settle(self, name: str, value: str) -> str:
        return settle_note(self._connection, name, value)

    def note(self, name: str, value: str) -> None:
        replace_note(self._connection, name, value)

    def admit(self, feed: str, seqs: Iterable[int], *, among: bool = False) -> None:
        admit_articles(self._connection, feed, seqs, among=among)

    def post(self, letters: Sequence[Letter]) -> None:
        post_letters(self._connection, letters)

    def file(self, source: str, letters: int, now: datetime) -> None:
        file_letters(self._connection, source, letters, now)

    def mark_stale(self, feeds: Iterable[str] | None = None, *, whole: bool = False, past: bool = False) -> None:
        names = None if feeds is None else list(feeds)
        mark_feeds(self._connection, names)
        if whole:
            forget_layouts(self._connection, names)
        if past:
            spoil_past(self._connection, names)

    def put_documents(self, documents: Sequence[Document], fresh: Mapping[str, int]) -> Mapping[str, int]:
        changed = replace_documents(self._connection, as_of_marks(self._connection, documents, fresh), self._clock())
        freshen_feeds(self._connection, fresh)
        return changed

    def drop_documents(self, paths: Iterable[str]) -> None:
        drop_documents(self._connection, sorted(set(paths)))

    def add_codings(self, documents: Sequence[Document]) -> int:
        return add_codings(self._connection, documents)

    def put_archive(self, feed: str, page: ArchivePage, documents: Sequence[Document], as_of: int) -> None:
        put_archive(self._connection, feed, page, as_of)
        replace_archive(self._connection, as_of_marks(self._connection, documents, {feed: as_of}), self._clock())
