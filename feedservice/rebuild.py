"""The feeds that changed are written anew, in every format. One thread at a time: feedgen is not made for more."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from feedservice import publish
from feedservice.errors import StoreError
from feedservice.formats.opml import MEDIA_TYPE as OPML_TYPE
from feedservice.formats.opml import render_opml
from feedservice.model import Feed, FeedKind, FeedState
from feedservice.protocols import Store
from feedservice.publish import Pool, Prepared, Press, Published

_log = logging.getLogger(__name__)
_TOGETHER, _MOST_BYTES = 16, 12_000_000
"""How many feeds, and bytes of them, are published in one transaction: an article is then in all its feeds at once."""
Step = Callable[[int, int, str], None]
"""Called after each feed with how many are done, how many there are, and the feed's name."""


def rebuild(store: Store, press: Press, *, step: Step = lambda done, of, feed: None) -> tuple[Published, ...]:
    """Write every feed that is stale, those too that become it meanwhile, until none is left that can be done now.

    Several feeds become the served ones together. A feed that fails its checks keeps its last good documents and is
    reported. A bug stops the feed that it shows in, which stays stale. Raises StoreError when the store cannot be used.
    """
    queue, pool = _Queue(store), Pool()
    published: list[Published] = []
    while names := queue.next():
        batch: list[Prepared] = []
        states = store.feed_states(names)
        for name in names:
            prepared = _prepare(store, press, queue, pool, name, states[name])
            if isinstance(prepared, Published):
                published.append(prepared)
            else:
                batch.append(prepared)
                queue.leave(name, again=prepared.again)
            if sum(each.size for each in batch) > _MOST_BYTES:
                break
        published += publish.publish(store, batch)
        for place, each in enumerate(batch, start=queue.done - len(batch) + 1):
            step(place, queue.done + queue.waiting, each.feed)
    for result in published:
        tell(result)
    # Also when nothing was stale: whoever was killed after the last feed has left the list behind.
    feeds = tuple(queue.feeds.values())
    publish.publish_list(
        store, feeds, "/opml.xml", OPML_TYPE, render_opml, site=press.site, clock=press.clock, shape=press.shape
    )
    return tuple(published)


def rebuild_to_the_end(
    store: Store, press: Press, *, step: Step = lambda done, of, feed: None
) -> tuple[Published, ...]:
    """Rebuild until archives are whole too, whose pages are written so many at once; each feed is told of once.

    For whoever is not asked again: a worker rebuilds again by itself, after the news of meanwhile. Raises StoreError.
    """
    told: dict[str, Published] = {}
    unfinished = True
    while unfinished:
        written = rebuild(store, press, step=step)
        for result in written:
            told[result.feed] = _both(told[result.feed], result) if result.feed in told else result
        unfinished = any(result.unfinished for result in written)
    return tuple(told.values())


def _both(before: Published, after: Published) -> Published:
    """What came of writing a feed twice."""
    return replace(
        after,
        documents_changed=max(before.documents_changed, after.documents_changed),
        shortened=tuple(dict.fromkeys((*before.shortened, *after.shortened))),
        isolated=tuple((dict(before.isolated) | dict(after.isolated)).items()),
        pages=tuple(dict.fromkeys((*before.pages, *after.pages))),
    )


class _Queue:
    """The feeds that are stale, a few at a time: half of them those that became it last, so that news never waits for
    all feeds to be written anew; the other half those that have waited longest."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known = -1
        self._stale: Mapping[str, int] = {}
        self._begun: dict[str, int] = {}
        self.done = 0
        """How many feeds were handed out, those that were twice counted twice."""
        self._left: set[str] = set()
        self.feeds: dict[str, Feed] = {}
        self.origins: dict[str, Feed] = {}
        self.titles: Mapping[str, str] = {}

    @property
    def waiting(self) -> int:
        """How many feeds are stale still."""
        return sum(self._waits(name, mark) for name, mark in self._stale.items())

    def next(self) -> list[str]:
        """Names of feeds to write now; () when all is done that can be. Raises StoreError."""
        self._stale = self._store.stale()
        newest = max(self._stale.values(), default=0)
        if newest > self._known:
            self._load(newest)
        waiting = [name for name, mark in self._stale.items() if self._waits(name, mark) and name in self.feeds]
        waiting.sort(key=self._stale.__getitem__)
        half = _TOGETHER // 2
        return list(dict.fromkeys((*waiting[: -half - 1 : -1], *waiting[:half])))

    def begin(self, name: str) -> int:
        """The mark as of which a feed is written now."""
        self.done += 1
        self._begun[name] = self._stale[name]
        return self._stale[name]

    def leave(self, name: str, *, again: bool) -> None:
        """A feed was written; `again`: it wants to be once more, at another time."""
        if again:
            self._left.add(name)

    def _waits(self, name: str, mark: int) -> bool:
        return name not in self._left and self._begun.get(name, -1) < mark

    def _load(self, newest: int) -> None:
        feeds = self._store.feeds()
        self.feeds = {feed.name: feed for feed in feeds}
        self.origins = {feed.name: feed for feed in feeds if feed.kind is FeedKind.SOURCE}
        self.titles = {feed.name: feed.title for feed in feeds if feed.kind is FeedKind.CATEGORY}
        self._known = newest


def _prepare(
    store: Store, press: Press, queue: _Queue, pool: Pool, name: str, state: FeedState
) -> Prepared | Published:
    """A feed that was written; or what is to be told of it when a bug stopped that."""
    mark = queue.begin(name)
    try:
        return publish.prepare_feed(
            store, press, queue.feeds[name], state, mark, origins=queue.origins, titles=queue.titles, pool=pool
        )
    except StoreError:
        raise
    except Exception as bug:  # noqa: BLE001 - seen, and not allowed to keep the other feeds from being written
        _log.critical("feed %s: its writing stopped on a bug", name, exc_info=True)
        return Published(feed=name, failures=(f"a bug: {bug!r}",))


def finish(store: Store, go_on: Callable[[], bool] = lambda: True) -> int:
    """Make the codings that rebuilding left for later; returns of how many documents. Raises StoreError."""
    return publish.finish_documents(store, go_on)


def tell(result: Published) -> None:
    """Log what an operator has to know of a feed that was written."""
    for article, reason in result.isolated:
        _log.warning("feed %s: article %s was left out: %s", result.feed, article, reason)
    for document in result.cut:
        _log.warning("feed %s was cut: %s", result.feed, document)
    for failure in result.failures:
        _log.error("feed %s keeps its last good document: %s", result.feed, failure)


def make_stale(store: Store, names: Iterable[str] | None, *, past: bool = False) -> None:
    """Have these feeds written anew and whole at the next rebuild, changed or not; None for all.

    past: their archive pages too, of which there may be many times as many. Raises StoreError.
    """
    with store.writing() as writer:
        writer.mark_stale(names, whole=True, past=past)
