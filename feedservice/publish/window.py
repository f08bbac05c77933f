"""What a feed without an archive shows: the articles that joined it last, those aside that were withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from feedservice.errors import StoreDamaged
from feedservice.model import Document, Member
from feedservice.protocols import Format, Store


def latest_shown(
    store: Store, feed: str, items: int, formats: Sequence[Format], served: Mapping[str, Document]
) -> tuple[Member, ...]:
    """The members that a feed shows, at most `items`, oldest first. Raises StoreError.

    served: its documents by address, as `Store.packed` gave them. Older articles take the places of withdrawn ones as
    far back as the feed shows them already, and no further: what left it would be news again to readers that have
    forgotten it. A feed that was never served has nothing to bring back, and is full.
    """
    counted = store.latest(feed, items)
    if all(member.card.withdrawn is None for member in counted):
        return counted
    good = store.latest(feed, items, withdrawn=False)
    if not served:
        return good
    known = frozenset(_ids(formats, served.values()))
    first = min([member.joined for member in good if member.card.id in known] + [counted[0].joined])
    return tuple(member for member in good if member.joined >= first)


def _ids(formats: Sequence[Format], served: Iterable[Document]) -> tuple[str, ...]:
    """The ids that a feed shows, as the first of its documents tells them that can be read."""
    by_suffix = {row.suffix: row for row in formats if not row.dialect}
    for document in served:
        row = by_suffix.get(document.path.rpartition(".")[2])
        try:
            ids = row.read(document.identity()).ids if row is not None else None
        except (StoreDamaged, ValueError):
            continue
        if ids is not None:
            return ids
    return ()
