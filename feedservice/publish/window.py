"""What a feed that is served already may show of its older articles: nothing that left it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from feedservice.errors import StoreDamaged
from feedservice.model import Document, Member
from feedservice.protocols import Format, Store
from feedservice.publish.layout import count_items


def latest_shown(
    store: Store, feed: str, items: int, formats: Sequence[Format], served: Mapping[str, Document]
) -> tuple[Member, ...]:
    """The members that a feed without an archive shows, at most `items`, oldest first. Raises StoreError.

    served: its documents by address, as `Store.packed` gave them. Older articles take the places of withdrawn ones, and
    those that are there when it may hold more, as far back as the feed shows them already, and no further: what left it
    would be news again to readers that have forgotten it. A feed that was never served has nothing to bring back, and
    is full.
    """
    counted = store.latest(feed, items)
    if all(member.card.withdrawn is None for member in counted):
        return counted[_behind(counted, formats, served) :]
    good = store.latest(feed, items, withdrawn=False)
    if not served:
        return good
    first = _first_known((*good, *counted), formats, served)
    return tuple(member for member in good if member.joined >= (counted[0].joined if first is None else first))


def count_left(members: Sequence[Member], formats: Sequence[Format], served: Mapping[str, Document]) -> int:
    """How many of the oldest members had left the feed when what is served of it was written.

    members: what joined after its newest archive page. Those that were withdrawn alone have not left it.
    """
    behind = _behind(members, formats, served)
    return behind if any(member.card.withdrawn is None for member in members[:behind]) else 0


def _behind(members: Sequence[Member], formats: Sequence[Format], served: Mapping[str, Document]) -> int:
    """How many members joined before all that the feed shows; none where it shows nothing of them."""
    told = [count_items(document.layout) for _, document in _told(formats, served)]
    if not told or max(told) >= len(members):
        return 0
    first = _first_known(members, formats, served)
    return 0 if first is None else sum(member.joined < first for member in members)


def _first_known(members: Iterable[Member], formats: Sequence[Format], served: Mapping[str, Document]) -> int | None:
    """Where the first of those members joined that the feed shows."""
    known = frozenset(shown_ids(formats, served))
    return min((member.joined for member in members if member.card.id in known), default=None)


def shown_ids(formats: Sequence[Format], served: Mapping[str, Document]) -> tuple[str, ...]:
    """The ids that a feed shows, as the first of its documents tells them that can be read."""
    for row, document in _told(formats, served):
        try:
            ids = row.read(document.identity()).ids
        except (StoreDamaged, ValueError):
            continue
        if ids is not None:
            return ids
    return ()


def _told(formats: Sequence[Format], served: Mapping[str, Document]) -> list[tuple[Format, Document]]:
    """The documents that tell all of a feed, with their formats."""
    by_suffix = {row.suffix: row for row in formats if not row.dialect}
    suffixes = {document.path.rpartition("/")[2].partition(".")[2]: document for document in served.values()}
    return [(by_suffix[suffix], document) for suffix, document in suffixes.items() if suffix in by_suffix]
