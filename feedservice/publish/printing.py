"""An edition -> the documents that pass the gate, one format after another; what is at fault is left out and told of.

Items that stay as they are were checked when they were new, and are taken over from the document as it was. Each new
one is written, and checked inside the frame of the feed, before anybody may see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from feedservice.errors import GateError
from feedservice.model import Card, Document, Edition
from feedservice.protocols import Format, Store
from feedservice.publish.binding import Binder
from feedservice.publish.composing import Composer
from feedservice.publish.gate import document_path
from feedservice.publish.layout import Sheet
from feedservice.publish.manuscripts import Manuscripts
from feedservice.publish.pool import Pool
from feedservice.publish.stock import Stock, stock_of


@dataclass(slots=True, kw_only=True)
class Notes:
    """What an operator has to know of the printing of a feed and its archive.

    isolated: why articles were left out, by id. cut: from which documents the oldest articles were left out for want of
    room, and how many. failures: whole formats that did not pass, whose last good document stays. pages: the numbers of
    the archive pages that were stored.
    """

    isolated: dict[str, str] = field(default_factory=dict)
    cut: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printer:
    """What prints the editions of a feed.

    now: the moment of writing. max_bytes: how large a document may be, None for any size. stocks: by format, the feed's
    documents as they were. pool: items that other feeds have written. notes: what went wrong.
    """

    store: Store
    formats: Sequence[Format]
    now: datetime
    max_bytes: int | None
    manuscripts: Manuscripts
    stocks: Mapping[str, Stock]
    pool: Pool
    notes: Notes = field(default_factory=Notes)

    def of_page(self, edition: Edition) -> Printer:
        """A printer of an archive page, made of the page as it was; of the feed as it was where there is none yet.

        A page is as large as its articles are: what it left out would be nowhere.
        """
        rows = [row for row in self.formats if not row.dialect]
        stored = self.store.packed([document_path(edition, row) for row in rows])
        stocks = {
            row.name: stock_of(stored.get(document_path(edition, row)), self.stocks[row.name].shape)
            if stored
            else self.stocks[row.name].lent()
            for row in rows
        }
        return replace(self, formats=rows, stocks=stocks, max_bytes=None)

    def sizes(self, cards: Sequence[Card]) -> list[int]:
        """The room that each of these articles takes at most, in whichever format, in bytes. Raises StoreError."""
        known = [self._known_size(key) for key in self.manuscripts.keys(cards)]
        self.manuscripts.fetch(card.seq for card, size in zip(cards, known, strict=True) if size is None)
        return [size or self.manuscripts.size(card.seq) for card, size in zip(cards, known, strict=True)]

    def _known_size(self, key: bytes) -> int | None:
        for name, stock in self.stocks.items():
            if size := stock.size(key):
                return size
            if piece := self.pool.get(stock.shape, name, key):
                return piece.size
        return None

    def documents(self, edition: Edition, cards: Sequence[Card]) -> tuple[Document, ...]:
        """The documents of an edition that shows these articles, one for each format that passes the gate.

        Articles are shown in the order of their dates, newest first; the edition's date is theirs. Raises StoreError.
        """
        cards = _in_order(edition, cards)
        keys = self.manuscripts.keys(cards)
        for row in self.formats:
            wanted = zip(cards[: row.most], keys, strict=False)
            self.manuscripts.fetch(card.seq for card, key in wanted if not self._is_there(row, key))
        documents: list[Document] = []
        for row in self.formats:
            sheet = self._compose(row, edition, cards[: row.most], keys[: row.most])
            if sheet is None:
                continue
            documents.append(self._binder(edition, row).document(document_path(edition, row), sheet))
        return tuple(documents)

    def _binder(self, edition: Edition, row: Format) -> Binder:
        return Binder(
            feed=edition.feed.name,
            media_type=row.media_type,
            stock=self.stocks[row.name],
            made=self.pool.segments,
            now=self.now,
        )

    def _is_there(self, row: Format, key: bytes) -> bool:
        stock = self.stocks[row.name]
        return stock.has(key) or self.pool.get(stock.shape, row.name, key) is not None

    def _compose(self, row: Format, edition: Edition, cards: Sequence[Card], keys: Sequence[bytes]) -> Sheet | None:
        composer = Composer(
            format=row,
            edition=edition,
            stock=self.stocks[row.name],
            pool=self.pool,
            manuscripts=self.manuscripts,
            now=self.now,
            max_bytes=self.max_bytes,
        )
        try:
            sheet = self._sheet(composer, cards, keys)
        except GateError as error:
            self.notes.failures.append(f"{row.title}: {error}")
            return None
        for article, reason in composer.guilty.items():
            self.notes.isolated.setdefault(article, f"{row.title}: {reason}")
        if composer.cut:
            articles = f"the oldest {composer.cut} of {composer.cut + len(sheet.pieces)} articles"
            self.notes.cut.append(f"{row.title}: {self.max_bytes:,} bytes have no room for {articles}")
        return sheet

    def _sheet(self, composer: Composer, cards: Sequence[Card], keys: Sequence[bytes]) -> Sheet:
        """Raises GateError; but a page of an archive that is not there yet rather is empty than a hole in the walk."""
        try:
            return composer.compose(cards, keys)
        except GateError:
            if composer.edition.archive is None or composer.stock.document is not None:
                raise
            return replace(composer, guilty={}).compose((), ())


def _in_order(edition: Edition, cards: Sequence[Card]) -> list[Card]:
    def key(card: Card) -> tuple[datetime, int]:
        shown = card.arrival if edition.by_arrival else card.published
        return max(shown, card.updated) if edition.by_update else shown, card.seq

    return sorted(cards, key=key, reverse=True)
