"""The articles of a feed on their way to print: told apart without being read, and read only to be written anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from feedservice.model import Article, Card, Edition, FeedKind
from feedservice.protocols import Format, Store
from feedservice.publish.carriers import named, titles_of
from feedservice.publish.sizes import most_bytes, told_briefly, written_size


@dataclass(slots=True, kw_only=True)
class Manuscripts:
    """What is known and what has been read of a feed's articles.

    edition: the feed that shows them. formats: all that it may be written in, now or at another time. limit: how large
    an article may be, as `written_size` knows it; alone: and an item of it, in bytes. shortened: ids of those that are
    told by summary and link. refused: why others cannot be shown at all, by id.
    """

    store: Store
    edition: Edition
    formats: Sequence[Format]
    limit: int
    alone: int
    shortened: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    _carriers: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _keys: dict[int, bytes] = field(default_factory=dict)
    _arrivals: dict[int, datetime] = field(default_factory=dict)
    _articles: dict[int, Article | None] = field(default_factory=dict)
    _sizes: dict[int, int] = field(default_factory=dict)

    def keys(self, cards: Sequence[Card]) -> list[bytes]:
        """For each article a digest of all that its item depends on, in this feed and in any format. Raises StoreError.

        What is the same for all articles is left out: the site, the limit, and the program itself.
        """
        new = [card for card in cards if card.seq not in self._keys]
        if new and self.edition.feed.kind is not FeedKind.SOURCE:
            carriers = self.store.carriers(card.seq for card in new)
            self._carriers |= {seq: titles_of(sources, self.edition) for seq, sources in carriers.items()}
        for card in new:
            self._keys[card.seq], self._arrivals[card.seq] = self._key(card), card.arrival
        return [self._keys[card.seq] for card in cards]

    def _key(self, card: Card) -> bytes:
        edition = self.edition
        origin = edition.origins.get(card.source)
        told = (
            *(card.seq, card.id, card.source, card.revision, card.categories),
            *(instant.timestamp() for instant in (card.published, card.updated)),
            card.arrival.timestamp() if edition.by_arrival else None,
            origin and (origin.name, origin.title, origin.home_url),
            card.source == edition.feed.name,
            [edition.category_titles.get(slug, "") for slug in card.categories],
            self._carriers.get(card.seq, ()),
        )
        return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).digest()[:16]

    def fetch(self, seqs: Iterable[int]) -> None:
        """Read these articles, all at once, those that have not been read yet. Raises StoreError."""
        wanted = [seq for seq in seqs if seq not in self._articles]
        if not wanted:
            return
        for seq, article in self.store.contents(wanted).items():
            others = self._carriers.get(seq)
            shown = named(article, self.edition, others) if others else article
            shown = replace(shown, arrival=self._arrivals.get(seq, shown.arrival))  # which may be another in each feed
            self._articles[seq], self._sizes[seq] = self._sized(shown)

    def size(self, seq: int) -> int:
        """The room that an article that was read takes at most, as it is shown and in whichever format, in bytes."""
        return self._sizes[seq]

    def get(self, seq: int) -> Article | None:
        """An article that was read, as it is shown; None for one that is too large to be."""
        return self._articles[seq]

    def _sized(self, article: Article) -> tuple[Article | None, int]:
        size, fault = self._measured(article)
        if not fault:
            return article, size
        brief = told_briefly(article)
        size, fault = self._measured(brief)
        if not fault:
            self.shortened.append(article.id)
            return brief, size
        self.refused[article.id] = f"{fault} even without its body"
        return None, 0

    def _measured(self, article: Article) -> tuple[int, str]:
        """The room that an article takes at most; and why it is too large to be shown so, where it is."""
        if written_size(article) > self.limit:
            return 0, f"it takes more than {self.limit:,} bytes"
        size = most_bytes(self.edition.showing(article), self.formats)
        return size, f"it takes more than {self.alone:,} bytes" if size > self.alone else ""
