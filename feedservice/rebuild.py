"""The feeds that changed are written anew, in every format. One thread at a time: feedgen is not made for more."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from feedservice import publish
from feedservice.config.settings import FeedSettings
from feedservice.errors import StoreError
from feedservice.formats.opml import MEDIA_TYPE as OPML_TYPE
from feedservice.formats.opml import render_opml
from feedservice.model import Feed, FeedKind, Site
from feedservice.protocols import Clock, Format, Store
from feedservice.publish import Prepared, Published

_log = logging.getLogger(__name__)
_TOGETHER = 8_000_000
"""How many bytes of feeds are published in one transaction: an article is then in all its feeds at once."""
Step = Callable[[int, int, str], None]
"""Called after each feed with how many are done, how many there are, and the feed's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What it takes to write feeds. shape: tells this program and its settings from others."""

    formats: Sequence[Format]
    site: Site
    settings: FeedSettings
    clock: Clock
    shape: str = ""


def rebuild(store: Store, press: Press, *, step: Step = lambda done, of, feed: None) -> tuple[Published, ...]:
    """Write every feed that is stale. A feed that fails its checks keeps its last good documents and is reported.

    Several feeds become the served ones together. A bug stops the feed that it shows in, which stays stale. Raises
    StoreError when the store cannot be used.
    """
    stale = store.stale()
    feeds = store.feeds()
    wanted = [feed for feed in feeds if feed.name in stale]
    origins = {feed.name: feed for feed in feeds if feed.kind is FeedKind.SOURCE}
    titles = store.category_titles()
    published: list[Published] = []
    batch: list[Prepared] = []
    for done, feed in enumerate(wanted, start=1):
        prepared = _prepare(store, press, feed, stale[feed.name], origins, titles)
        if isinstance(prepared, Published):
            published.append(prepared)
        else:
            batch.append(prepared)
        if done == len(wanted) or sum(each.size for each in batch) > _TOGETHER:
            published += publish.publish(store, batch)
            batch = []
        step(done, len(wanted), feed.name)
    for result in published:
        tell(result)
    # Also when nothing was stale: whoever was killed after the last feed has left the list behind.
    publish.publish_list(store, "/opml.xml", OPML_TYPE, render_opml, site=press.site, clock=press.clock)
    return tuple(published)


def _prepare(
    store: Store, press: Press, feed: Feed, mark: int, origins: Mapping[str, Feed], titles: Mapping[str, str]
) -> Prepared | Published:
    """A feed that was written; or what is to be told of it when a bug stopped that."""
    try:
        return publish.prepare_feed(
            store,
            feed,
            mark,
            formats=press.formats,
            site=press.site,
            settings=press.settings,
            clock=press.clock,
            origins=origins,
            titles=titles,
            shape=press.shape,
        )
    except StoreError:
        raise
    except Exception as bug:  # noqa: BLE001 - seen, and not allowed to keep the other feeds from being written
        _log.critical("feed %s: its writing stopped on a bug", feed.name, exc_info=True)
        return Published(feed=feed.name, failures=(f"a bug: {bug!r}",))


def finish(store: Store, go_on: Callable[[], bool] = lambda: True) -> int:
    """Make the codings that rebuilding left for later; returns of how many documents. Raises StoreError."""
    return publish.finish_documents(store, go_on)


def tell(result: Published) -> None:
    """Log what an operator has to know of a feed that was written."""
    for article, reason in result.isolated:
        _log.warning("feed %s: article %s was left out: %s", result.feed, article, reason)
    for failure in result.failures:
        _log.error("feed %s keeps its last good document: %s", result.feed, failure)


def make_stale(store: Store, names: Iterable[str] | None) -> None:
    """Have these feeds written anew and whole at the next rebuild, changed or not; None for all."""
    with store.writing() as writer:
        writer.mark_stale(names, whole=True)
