"""One format's document of an edition: pieces that are there already, pieces written anew, and the gate for those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from feedservice.errors import GateError
from feedservice.model import Article, Card, Edition
from feedservice.protocols import Format
from feedservice.publish.chunks import chunk_of
from feedservice.publish.gate import check
from feedservice.publish.layout import Piece, Sheet
from feedservice.publish.manuscripts import Manuscripts
from feedservice.publish.pool import Pool
from feedservice.publish.stock import Stock

_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Item:
    """An article's item. article: None for a piece that was there already, and was checked when it was new."""

    card: Card
    piece: Piece
    article: Article | None = None


@dataclass(slots=True, kw_only=True)
class Composer:
    """Puts a document together. pool: what other feeds have written. max_bytes: how large it may be, None for any size.

    guilty: why articles had to be left out, by id. cut: how many of the oldest there was no room for.
    """

    format: Format
    edition: Edition
    stock: Stock
    pool: Pool
    manuscripts: Manuscripts
    now: datetime
    max_bytes: int | None
    guilty: dict[str, str] = field(default_factory=dict)
    cut: int = 0

    def compose(self, cards: Sequence[Card], keys: Sequence[bytes]) -> Sheet:
        """The sheet of these articles, or of as many of the first ones as there is room for, less the guilty ones.

        Raises GateError when no part of it passes.
        """
        items = self._items(cards, keys)
        try:
            return self._checked(items)
        except GateError as error:
            guilty = self._alone(items) or dict.fromkeys(error.articles, str(error))
            if not guilty:
                raise
            self.guilty |= guilty
            rest = [item for item in items if item.card.id not in guilty]
            if not rest:
                raise GateError(f"{error}; nor does any article pass alone", tuple(guilty)) from error
        return self._checked(rest)

    @property
    def _shelf(self) -> tuple[bytes, str]:
        return self.stock.shape, self.format.name

    def _items(self, cards: Sequence[Card], keys: Sequence[bytes]) -> list[_Item]:
        items: dict[str, _Item] = {}
        for card, key in zip(cards, keys, strict=True):
            if card.id in items:
                self.guilty[card.id] = "its id is there twice"
                continue
            there = self.stock.piece(key, self.format.between) or self.pool.get(*self._shelf, key)
            item = _Item(card, there) if there is not None else self._write(card, key)
            if item is not None:
                items[card.id] = item
        if self.guilty and not items:
            raise GateError(f"{next(iter(self.guilty.values()))}; nor does any article pass alone", tuple(self.guilty))
        return list(items.values())

    def _write(self, card: Card, key: bytes) -> _Item | None:
        self.manuscripts.fetch([card.seq])
        article = self.manuscripts.get(card.seq)
        if article is None:
            return None
        try:
            body = self.format.item(self.edition.showing(article))
        except ValueError as error:
            self.guilty[card.id] = f"cannot be written: {_one_line(error)}"
            return None
        return _Item(card, Piece(key, self.manuscripts.size(card.seq), chunk_of(body)), article)

    def _checked(self, items: Sequence[_Item]) -> Sheet:
        """The sheet of as many items as there is room for, once those that are new have passed the gate."""
        sheet, shown = self._fit(items)
        new = [item for item in shown if item.article is not None]
        trial = replace(sheet, pieces=tuple(item.piece for item in new)).body()
        articles = tuple(item.article for item in new if item.article is not None)
        check(trial, replace(self.edition, articles=articles), self.format, now=self.now, max_bytes=self.max_bytes)
        for item in new:
            self.pool.put(*self._shelf, item.piece)
        self.cut = len(items) - len(shown)
        return sheet

    def _fit(self, items: Sequence[_Item]) -> tuple[Sheet, Sequence[_Item]]:
        sheet = self._sheet(items)
        if self.max_bytes is None:
            return sheet, items
        excess = sheet.length - self.max_bytes
        if excess <= 0:
            return sheet, items
        kept = list(items)
        while excess > 0 and len(kept) > 1:
            excess -= kept.pop().piece.length + len(self.format.between)
        sheet = self._sheet(kept)
        if sheet.length > self.max_bytes:
            raise GateError(f"{sheet.length:,} bytes, where {self.max_bytes:,} are allowed")
        return sheet, kept

    def _sheet(self, items: Sequence[_Item]) -> Sheet:
        try:
            frame = self.format.frame(dated(self.edition, [item.card for item in items]))
        except ValueError as error:
            raise GateError(f"cannot be written: {_one_line(error)}") from error
        return Sheet(frame.opening, tuple(item.piece for item in items), frame.closing, self.format.between)

    def _alone(self, items: Sequence[_Item]) -> dict[str, str]:
        """Why new articles fail when each is written alone, by id."""
        found: dict[str, str] = {}
        for item in items:
            if item.article is not None:
                try:
                    self._checked([item])
                except GateError as error:
                    found[item.card.id] = str(error)
        return found


def dated(edition: Edition, cards: Sequence[Card]) -> Edition:
    """The edition with the date that these articles, and those taken back, give it."""
    shown = [card.arrival if edition.by_arrival else card.published for card in cards]
    gone = [card.withdrawn for card in edition.withdrawn if card.withdrawn is not None]
    dates = [*shown, *(card.updated for card in cards), *gone]
    return replace(edition, updated=max(dates, default=_BEFORE_ALL))


def _one_line(error: ValueError) -> str:
    return " ".join(str(error).split())[:300]
