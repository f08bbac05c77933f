"""The documents of the whole site: the list of its feeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from feedservice.model import Document, Feed, FeedKind, Site
from feedservice.protocols import Clock, Store
from feedservice.publish.codings import encode, identity

Render = Callable[[Sequence[Feed], Site, datetime], bytes]
_SECOND = timedelta(seconds=1)


def publish_list(store: Store, path: str, media_type: str, render: Render, *, site: Site, clock: Clock) -> int:
    """Write the list of the feeds that hold something and publish it if it changed; returns how many changed.

    render: writes the list, dated by its third argument. An unchanged list keeps its date, and so its bytes.
    Raises StoreError when the store cannot be used.
    """
    counts, retired = store.counts(), store.retired()
    shown = (feed for feed in store.feeds() if feed.name not in retired)
    feeds = [feed for feed in shown if feed.kind is FeedKind.ALL or counts.get(feed.name)]
    stored = store.document(path)
    now = clock().replace(microsecond=0)
    if stored is not None:
        if stored.media_type == media_type and identity(stored) == render(feeds, site, stored.last_modified):
            return 0
        # As the store will date it: what changed is never dated as what it was before.
        now = max(now, stored.last_modified + _SECOND)
    body = render(feeds, site, now)
    document = Document(
        path=path, feed="", media_type=media_type, last_modified=now, representations=encode(body), partial=True
    )
    with store.writing() as writer:
        return writer.put_documents("", [document], 0)
