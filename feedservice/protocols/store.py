"""What is remembered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

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
    FeedState,
    Intake,
    Known,
    Letter,
    Member,
    Revision,
    SourceState,
    Validators,
)


class Writer(Protocol):
    """The one open write transaction. Everything becomes visible together, or nothing does."""

    def taken(self, start: datetime, end: datetime) -> frozenset[datetime]:
        """The `published` instants already given to articles, start <= instant < end."""

    def latest_arrival(self) -> datetime | None:
        """The newest `arrival` of all articles."""

    def save(self, intake: Intake) -> tuple[Article, ...]:
        """Store what a refresh found; marks the feeds that it touches as stale. Returns the articles that are new, but
        for those that were taken back before."""

    def revise(self, edits: Iterable[Edit], at: datetime) -> tuple[int, ...]:
        """Store new revisions for which no page was asked anew: when articles were looked at stays as it was.

        Returns the seqs of those that say something else than what was stored."""

    def shed_captures(self, budget: int) -> None:
        """Let the captures that were taken first go, until all together take at most `budget` bytes, packed.

        Before them, those go that are dated in the future, by a clock that was ahead."""

    def resurface(self, seqs: Iterable[int], takes: Callable[[str], bool], at: datetime) -> None:
        """Have those of these articles that were revised at this time, as whole seconds, join anew the feeds that they
        are in, those whose names `takes` says yes to."""

    def put_state(self, state: SourceState) -> None:
        """Remember how a source is, and nothing else."""

    def define_feeds(self, feeds: Sequence[Feed], fingerprint: str) -> None:
        """Bring the configured feeds (`all`, sources, selections) up to date; those that changed become stale,
        with their archive pages.

        fingerprint: of all else that shapes documents (site, formats); when it is another, every feed becomes stale.
        Feeds that are configured no more stay, and stay served."""

    def name_feed(self, name: str, title: str) -> None:
        """Give a feed that still goes by its address the name that its source calls itself; the first one stays."""

    def rename_sources(self, renamed: Mapping[str, str]) -> frozenset[str]:
        """Hand the past of each of these sources to the one that it is called now, once: articles, ids, state, places
        in the feed. To one that has a past of its own, only the articles that both have offered. Both have feeds.

        Returns the old names under which nothing is left."""

    def ensure_category(self, path: tuple[CategoryStep, ...]) -> str:
        """The slug of a category, minted with all its ancestors when it is new. A slug never changes afterwards."""

    def carried(self, start: datetime, end: datetime) -> Iterator[Carried]:
        """The articles of the feed of everything that were published between, start <= instant <= end."""

    def told(self, source: str, start: datetime, end: datetime) -> Iterator[Carried]:
        """The articles that a source told of, withdrawn ones too, that were published between, in order of arrival, and
        what they claim; start <= instant <= end."""

    def bodies(self, seqs: Iterable[int]) -> Mapping[int, str]:
        """The bodies of these articles, by seq."""

    def retire(self, moved: Mapping[str, str], gone: Collection[str]) -> None:
        """Serve these feeds no more: from now on those in `moved` are found under another name, `gone` ones nowhere.

        Their documents are dropped. Remembered for good, with older moves, each brought to one hop. A category takes
        over the articles of one that moves to it, or what its readers may have missed. The given moves hold no circle,
        and nothing is both moved and gone."""

    def restore(self, names: Iterable[str]) -> None:
        """Serve these feeds again, where they were retired. A category gets what came on its shelf meanwhile."""

    def withdraw(self, id: str, at: datetime) -> bool:
        """Take back the article with this id or alias, for good: no refresh brings it back into a feed.

        The feeds that show it become stale. False, and nothing is done, for an unknown one or one withdrawn before."""

    def settle(self, name: str, value: str) -> str:
        """What was settled under this name; `value`, from now on, where nothing was yet."""

    def note(self, name: str, value: str) -> None:
        """Settle this name anew."""

    def admit(self, feed: str, seqs: Iterable[int], *, among: bool = False) -> None:
        """Put stored articles into a feed; those that are in it stay where they are. The feed becomes stale when it
        grew. among: those that it shows, and that arrived later, come behind them, as if these had always been there.
        """

    def post(self, letters: Sequence[Letter]) -> None:
        """Keep what was pushed, and have its sources read at once."""

    def file(self, source: str, letters: int, now: datetime) -> None:
        """A source's letters up to this number are done with; when others wait, it is to be read again at once."""

    def mark_stale(self, feeds: Iterable[str] | None = None, *, whole: bool = False, past: bool = False) -> None:
        """Have these feeds rebuilt; None for all. whole: without taking anything over from their documents. past: their
        archive pages too."""

    def put_documents(self, documents: Sequence[Document], fresh: Mapping[str, int]) -> Mapping[str, int]:
        """Publish documents whose identity bytes differ from the stored ones; the others keep every byte and date.

        fresh: by feed, the mark as of which it is fresh now (as `stale()` gave it). Returns how many documents changed,
        by feed; what did not change is left out."""

    def drop_documents(self, paths: Iterable[str]) -> None:
        """Serve the documents at these addresses no more, until they are published again."""

    def add_codings(self, documents: Sequence[Document]) -> int:
        """Publish these documents' further codings, where identity bytes are still these; tags and dates stay.

        Returns of how many they are."""

    def put_archive(self, feed: str, page: ArchivePage, documents: Sequence[Document], as_of: int) -> None:
        """Close a page of a feed's past, or renew one; documents that are unchanged keep their bytes and dates.

        as_of: the mark of the feed before the page's articles were read. Where it has a newer one, the page may be out
        of date already, and stays so."""


class Watch(Protocol):
    """Tells a serving process, cheaply, that documents were published. For one thread."""

    def changed(self) -> bool:
        """Whether a document changed since the last call (the first one: since the watch began).

        Raises StoreError, StoreSetBack also where the store holds less than then.
        """


class Store(Protocol):
    """What is remembered. All datetimes aware; every method is safe to call from any thread."""

    def acting(self) -> AbstractContextManager[None]:
        """Be the acting worker until the block ends or the process dies. Raises StoreBusy when somebody else is."""

    def writing(self) -> AbstractContextManager[Writer]:
        """Open the one write transaction; waits for its turn; commits at the end, rolls back on any exception.

        Of the acting worker, raises StoreBusy when another one took its place, StoreSetBack when the store lost what it
        wrote, and StoreTooNew when a newer program has upgraded the store.
        """

    # sources
    def state(self, source: str) -> SourceState:
        """The remembered state; a fresh one for a source never seen."""

    def states(self) -> tuple[SourceState, ...]:
        """The remembered states of all sources, by name."""

    def due(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Names of sources whose next_run is not after `now`, longest due first. By index, whatever the number."""

    def letters(self, source: str, limit: int) -> tuple[Letter, ...]:
        """What was pushed to a source and waits to be admitted, oldest first. What takes some of it back further on
        stands behind it, under the number of the last of it."""

    def letter(self, source: str, key: str) -> Letter | None:
        """The newest letter about an article that waits still."""

    def name_now(self, source: str) -> str:
        """What a source is called since it was renamed: whoever answers for it may not know yet."""

    def waiting(self, source: str) -> int:
        """How many letters wait for a source."""

    def validators(self, source: str) -> Mapping[str, Validators]:
        """By address, what its servers gave a source to ask again with."""

    def known(self, source: str, keys: Iterable[str]) -> Mapping[str, Known]:
        """What is stored of these keys of a source; also under ids and aliases (a key may be an old address)."""

    # articles
    def article(self, id: str) -> Article | None:
        """The article with this id or alias, withdrawn ones too."""

    def find(self, name: str) -> Article | None:
        """The article with this id, alias or address, for people's questions; None also where several share it."""

    def history(self, id: str) -> tuple[Revision, ...]:
        """Every version of the article with this id or alias, oldest first, the newest too; () for an unknown one."""

    def withdrawn(self, feed: str, limit: int) -> tuple[Card, ...]:
        """A feed's articles that were withdrawn last, the latest withdrawal first."""

    def contents(self, seqs: Iterable[int]) -> Mapping[int, Article]:
        """These articles, whole, by seq."""

    def articles(self, feed: str, limit: int, *, before: tuple[datetime, int] | None = None) -> tuple[Article, ...]:
        """A feed's articles, newest first (published, then seq, both descending); `before` continues after that pair.

        Withdrawn articles are left out."""

    def members(
        self, feed: str, after: int, *, upto: int | None = None, limit: int | None = None
    ) -> tuple[Member, ...]:
        """What joined a feed after `after`, up to and including `upto`, oldest first; withdrawn articles too."""

    def latest(self, feed: str, limit: int, *, withdrawn: bool = True) -> tuple[Member, ...]:
        """What joined a feed last, oldest first; withdrawn articles too, unless they are not wanted."""

    def arrival_ahead(self, now: datetime) -> datetime | None:
        """The newest `arrival` of all articles, where one came to us after `now`: the clock was ahead. Else None."""

    def every(self, source: str, *, offered: bool = False) -> Iterator[Article]:
        """All articles that a source brought, oldest first, in bounded memory. offered: those too that it offers after
        another one brought them."""

    def captures(self, seqs: Iterable[int]) -> Mapping[int, Capture]:
        """What was kept of the pages of these articles, by seq; all of it is held in memory."""

    def capture_base(self, source: str) -> CaptureBase | None:
        """The newest of the pages that the captures of a source are packed against."""

    # feeds
    def feeds(self) -> tuple[Feed, ...]:
        """All feeds: `all`, sources, categories (parents before children), selections; in a stable order."""

    def stale(self) -> Mapping[str, int]:
        """Feeds whose documents may be out of date, with the mark to hand back to put_documents. By index."""

    def feed_states(self, names: Sequence[str]) -> Mapping[str, FeedState]:
        """What these feeds have behind them, by name."""

    def last_archive(self, feed: str) -> ArchivePage | None:
        """The newest closed page of a feed."""

    def stale_archives(self, feed: str, limit: int) -> tuple[ArchivePage, ...]:
        """Closed pages of a feed whose documents may be out of date, oldest first."""

    def carriers(self, seqs: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
        """By seq, the other sources that brought these articles too, nearly word for word; only where there are any."""

    def retired(self) -> Mapping[str, str | None]:
        """By name, where each retired feed is found now, in one hop; None for those that are gone."""

    def category_titles(self) -> Mapping[str, str]:
        """The titles of all categories, by slug."""

    # documents
    def heads_since(self, version: int) -> tuple[DocumentHead, ...]:
        """Documents with a version above `version`, without their bytes, oldest change first; those that were dropped
        have no codings."""

    def document(self, path: str, codings: Collection[str] = ()) -> Document | None:
        """The document at an address. codings: only these are wanted of it; all where none is named."""

    def packed(self, paths: Sequence[str]) -> Mapping[str, Document]:
        """By address, the documents at these few addresses, where there are any, without a coding and as gzip.

        Nothing is unpacked or looked at: bytes without a coding are omitted where they are not stored.
        """

    def partial(self, limit: int) -> tuple[str, ...]:
        """Addresses of documents whose codings are not all there yet, the oldest change first. By index."""

    def heads(self, paths: Sequence[str]) -> tuple[DocumentHead, ...]:
        """The documents at these addresses without their bytes, where there are any, in the order of the addresses."""

    def version(self) -> int:
        """The newest document version."""

    def counts(self) -> Mapping[str, int]:
        """How many articles each feed holds."""

    # the store itself
    def watch(self) -> Watch:
        """Start to watch for published documents, from now on."""

    def close(self) -> None:
        """Let go of every connection. The store cannot be used afterwards."""
