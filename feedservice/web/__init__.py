"""HTTP: documents out of memory, everything else by Flask. Knows nothing of how a document came to be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from feedservice.config.settings import FeedSettings, ServerSettings
    from feedservice.model import Site
    from feedservice.protocols import Clock, Counter, Store
    from feedservice.web.hot import HotPath

__all__ = ["limited", "make_app"]

_LENT = 0.2
"""The part of the memory for documents in which those that are asked for most stand a second time, see `porch`."""


def limited(app: WSGIApplication, server: ServerSettings, clock: Clock) -> WSGIApplication:
    """The application as clients are to meet it: with their budgets in front, or just itself where none are set."""
    if server.per_hour is None:
        return app
    from feedservice.web.clients import Clients
    from feedservice.web.limits import Budgets, Limited

    return Limited(app, Clients(server.proxies), Budgets(server.per_hour, clock))


def make_app(
    store: Store,
    *,
    site: Site,
    feeds: FeedSettings,
    server: ServerSettings,
    counters: Mapping[str, Counter] = MappingProxyType({}),
    clock: Clock = lambda: datetime.now(UTC),
) -> HotPath:
    """The WSGI application of one serving process; `start()` loads the documents and begins to watch the store.

    It owns `store` from now on: `close()` closes it. counters: where articles are pushed to, by source.
    """
    from feedservice.web.answers import Manner
    from feedservice.web.app import make_flask
    from feedservice.web.cutting import Cuts
    from feedservice.web.deltas import Deltas
    from feedservice.web.front import FrontPage
    from feedservice.web.hot import HotPath
    from feedservice.web.past import Past
    from feedservice.web.patient import Patient
    from feedservice.web.shelf import Shelf
    from feedservice.web.watcher import Watcher

    manner = Manner(ttl=int(feeds.ttl.total_seconds()), site=site)
    read = Patient(store.document)
    lent = int(server.memory * _LENT)
    shelf = Shelf(store, manner, room=server.memory - lent, read=read)
    watcher = Watcher(store, shelf, FrontPage(store, site), read.close)
    deltas = Deltas() if server.deltas else None
    past, cuts = Past(read, manner), Cuts(manner)
    behind = make_flask(watcher.ready)
    if counters:
        from feedservice.web.pushing import add_push_api

        add_push_api(behind, store, counters, clock)
    return HotPath(shelf, past, cuts, deltas, behind=behind, watcher=watcher, lent=lent)
