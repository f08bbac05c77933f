"""The documents of the whole site: the list of its feeds."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from feedservice.errors import StoreDamaged
from feedservice.model import Document, Feed, FeedKind, Site
from feedservice.protocols import Clock, Store
from feedservice.publish.codings import encode

Render = Callable[[Sequence[Feed], Site, datetime], bytes]
_log = logging.getLogger(__name__)
_SECOND = timedelta(seconds=1)


def publish_list(
    store: Store,
    feeds: Sequence[Feed],
    path: str,
    media_type: str,
    render: Render,
    *,
    site: Site,
    clock: Clock,
    shape: str = "",
) -> int:
    """Write the list of those feeds that hold something and publish it if it changed; returns how many changed.

    feeds: all, as `Store.feeds()` gave them. render: writes the list, dated by its third argument. An unchanged list
    keeps its date, and so its bytes. shape: tells this program and its settings from others. Raises StoreError when the
    store cannot be used.
    """
    shown = _shown(store, feeds)
    made_of = hashlib.sha256(repr((shape, media_type, site, shown)).encode("utf-8", "surrogatepass")).digest()
    stored = _stored(store, path)
    if stored is not None and stored.layout == made_of:
        return 0
    now = clock().replace(microsecond=0)
    if stored is not None:
        if stored.media_type == media_type and stored.identity() == render(shown, site, stored.last_modified):
            return _put(store, replace(stored, layout=made_of))
        # As the store will date it: what changed is never dated as what it was before.
        now = max(now, stored.last_modified + _SECOND)
    coded = encode(render(shown, site, now))
    return _put(
        store,
        Document(
            path=path,
            feed="",
            media_type=media_type,
            last_modified=now,
            representations=coded,
            layout=made_of,
            partial=True,
            packed=True,
        ),
    )


def _shown(store: Store, feeds: Sequence[Feed]) -> list[Feed]:
    """The feeds that are served and hold something; that of everything is always one of them."""
    counts, retired = store.counts(), store.retired()
    served = (feed for feed in feeds if feed.name not in retired)
    return [feed for feed in served if feed.kind is FeedKind.ALL or counts.get(feed.name)]


def _stored(store: Store, path: str) -> Document | None:
    """The list as it is served, if it is there and whole."""
    try:
        return store.document(path, ["identity"])
    except StoreDamaged as error:
        _log.error("%s; it is written anew", error)
        return None


def _put(store: Store, document: Document) -> int:
    with store.writing() as writer:
        return sum(writer.put_documents([document], {}).values())
