"""What goes on until it is stopped: serving, working, and both."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from feedservice.assembly.feeds import define, make_exporting
from feedservice.assembly.pushing import make_counters
from feedservice.assembly.site import load_config, make_site, open_door, open_store, utc_now
from feedservice.assembly.sources import count_fetchers, open_sources

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from feedservice.config.reading import Config
    from feedservice.errors import StoreError

_log = logging.getLogger(__name__)
_PATIENCE = 5.0
_KEEPS = "SIGHUP: the worker goes on by the configuration that it began with; to take over another one, restart it"


def serving_app(config_path: str | None) -> WSGIApplication:
    """The web application of one serving process, loaded and watching the store."""
    from feedservice.allocation import give_back, release
    from feedservice.web import limited, make_app

    give_back()
    config = load_config(config_path, os.environ, fetches=False, pages=False)
    settings = config.settings
    app = make_app(
        open_store(config),
        site=make_site(config),
        feeds=settings.feeds,
        server=settings.server,
        counters=make_counters(config),
        clock=utc_now,
    )
    app.start()
    release()
    return limited(app, settings.server, utc_now)


def check_serving(config_path: str) -> None:
    """See whether a serving process would start. Raises FeedserviceError with the reason when it would not."""
    open_store(load_config(config_path, os.environ, fetches=False)).close()


def serve(
    config_path: str,
    *,
    host: str,
    port: int,
    processes: int,
    limited: bool,
    checking: Sequence[str] = (),
    listening: Callable[[], None] = lambda: None,
) -> int:
    """Serve until told to stop, by a configuration and on a store that were found good; returns the exit code.

    limited: whether the application must know who asks. checking: the command that does what `check_serving` does,
    before processes are replaced. listening: called when the address is ours.
    """
    from feedservice.web.server import serve as serve_forever

    os.environ["FEEDSERVICE_CONFIG"] = config_path
    return serve_forever(
        "feedservice.wsgi:create_app",
        host=host,
        port=port,
        processes=processes,
        porch=not limited,
        checking=checking,
        listening=listening,
    )


def work(config: Config) -> int:
    """Be the acting worker until told to stop; returns the exit code.

    Raises StoreBusy when there is one already, and when another one took over while the database was out of reach;
    StoreTooNew when a newer program upgrades the store.
    """
    from feedservice.allocation import give_back, then_release
    from feedservice.companion import end_with_parent
    from feedservice.rebuild import finish, make_stale
    from feedservice.rebuild import rebuild as rebuild_stale
    from feedservice.schedule import Schedule
    from feedservice.working import Worker

    give_back()
    stopping = threading.Event()
    lost: list[StoreError] = []
    _heed_signals(stopping)
    end_with_parent(stopping.set)

    def give_way(error: StoreError) -> None:
        lost.append(error)
        stopping.set()

    store, settings = open_store(config), config.settings
    with (
        _ending_in_time(stopping, lost),
        store.acting(),
        open_door(config) as door,
        ThreadPoolExecutor(count_fetchers(config)) as fetchers,
    ):
        press = define(config, store)
        exporting = make_exporting(config, store)
        write_stale = then_release(partial(rebuild_stale, store, press))
        finish_rest = partial(finish, store)
        worker = Worker(
            store=store,
            sources=open_sources(config, door, store),
            clock=utc_now,
            workers=settings.schedule.workers,
            fetchers=fetchers,
            rebuild=exporting.after(write_stale) if exporting else write_stale,
            finish=exporting.after_finishing(finish_rest) if exporting else finish_rest,
            displaced=give_way,
        )

        def full_rebuild() -> None:
            make_stale(store, None)
            worker.rebuild_soon()

        schedule = Schedule(
            tick=worker.tick,
            rebuild=full_rebuild,
            rebuild_cron=settings.schedule.rebuild,
            timezone=settings.site.timezone,
            clock=utc_now,
        )
        worker.start()
        schedule.start()
        if exporting:
            exporting.start()
        _log.info("working: %d sources", len(config.sources))
        stopping.wait()
        _log.info("stopping: what is running ends first")
        schedule.stop()
        worker.stop()
        if exporting:
            exporting.stop()
    store.close()
    if lost:
        raise lost[0]
    return 0


@contextmanager
def _ending_in_time(stopping: threading.Event, lost: Sequence[StoreError]) -> Iterator[None]:
    """Have the process end five seconds after it was told to stop, whatever it is still at.

    A site may take minutes for what is asked of it. All that is stored or exported is written whole or not at all.
    """
    ended = threading.Event()

    def watch() -> None:
        stopping.wait()
        if not ended.wait(_PATIENCE):
            _log.warning("stopping: what is not done by now is left, and done after the next start")
            for error in lost:
                _log.error("%s", error)
            os._exit(1 if lost else 0)

    threading.Thread(target=watch, name="ending", daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def _heed_signals(stopping: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    signal.signal(signal.SIGHUP, lambda *_: _log.warning(_KEEPS))


def run(
    config_path: str,
    *,
    host: str,
    port: int,
    processes: int,
    limited: bool,
    checking: Sequence[str] = (),
    listening: Callable[[], None] = lambda: None,
) -> int:
    """Both roles on one machine, as `serve`: serve here, work in a companion process; returns the exit code."""
    from feedservice.companion import Companion

    companion = Companion([sys.executable, "-m", "feedservice", "--config", config_path, "work"], os.environ)
    companion.start()
    try:
        return serve(
            config_path,
            host=host,
            port=port,
            processes=processes,
            limited=limited,
            checking=checking,
            listening=listening,
        )
    finally:
        companion.stop()
