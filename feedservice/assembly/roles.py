"""What goes on until it is stopped: serving, working, and both."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from queue import Empty, SimpleQueue
from types import FrameType
from typing import TYPE_CHECKING

from feedservice.assembly.feeds import define, make_exporting
from feedservice.assembly.pushing import make_counters
from feedservice.assembly.site import load_config, make_site, open_door, open_store, utc_now
from feedservice.assembly.sources import count_fetchers, open_sources
from feedservice.errors import StoreBusy

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from feedservice.config.reading import Config
    from feedservice.errors import StoreError
    from feedservice.export import Exporting
    from feedservice.protocols import Store
    from feedservice.publish import Press
    from feedservice.refreshing.opened import OpenSource
    from feedservice.running.worker import Worker
    from feedservice.schedule import Schedule

_log = logging.getLogger(__name__)
_KEEPS = "SIGHUP: the worker goes on by the configuration that it began with; to take over another one, restart it"
_STOP = "stop"
_PATIENCE = 5.0
_TURN = 10.0
_INTERRUPTED = 130


def serving_app(config_path: str | None) -> WSGIApplication:
    """The web application of one serving process, loaded and watching the store."""
    from feedservice.running.allocation import give_back, release
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
    """Be the acting worker until told to stop, and five seconds more at most; returns the exit code.

    Raises StoreBusy when there is one already, for whose end the companion of `run` waits, and when another one took
    over while the database was out of reach; StoreTooNew when a newer program upgrades the store; StoreSetBack when
    that holds less than was written to it.
    """
    from feedservice.running.allocation import give_back
    from feedservice.running.companion import end_with_parent

    give_back()
    told: SimpleQueue[str] = SimpleQueue()
    lost: list[StoreError] = []
    _heed_signals(told)
    end_with_parent(lambda: told.put(_STOP))

    def give_way(error: StoreError) -> None:
        lost.append(error)
        told.put(_STOP)

    store = open_store(config)
    with ExitStack() as place, open_door(config) as door, ThreadPoolExecutor(count_fetchers(config)) as fetchers:
        place.callback(store.close)
        if not _take_place(place, store, told):
            return 0
        press, exporting = define(config, store), make_exporting(config, store)
        sources = open_sources(config, door, store)
        worker = _make_worker(config, store, press, sources, fetchers, exporting, displaced=give_way)
        schedule = _make_schedule(config, store, worker)
        worker.start()
        schedule.start()
        if exporting:
            exporting.start()
        _log.info("working: %d source%s", len(sources), "" if len(sources) == 1 else "s")
        while not _is_told_to_stop(told):
            pass
        _log.info("stopping: what is running ends first")
        end = _end_after(_PATIENCE, 1 if lost else 0)
        schedule.stop()
        worker.stop()
        if exporting:
            exporting.stop()
    end.cancel()
    if lost:
        raise lost[0]
    return 0


def _take_place(place: ExitStack, store: Store, told: SimpleQueue[str]) -> bool:
    """Be the acting worker until `place` is left; False when told to stop before.

    Raises StoreBusy where another one is, unless this is a companion: that would only be started again, each minute.
    """
    from feedservice.running.companion import is_attached

    waits = False
    while True:
        try:
            place.enter_context(store.acting())
        except StoreBusy as busy:
            if not is_attached():
                raise
            if not waits:
                _log.info("%s; when that ends, this one takes over", busy)
            waits = True
        else:
            return True
        if _is_told_to_stop(told, _TURN):
            return False


def _is_told_to_stop(told: SimpleQueue[str], patience: float | None = None) -> bool:
    """Wait for a word, so long at most; whether it is the last one."""
    try:
        word = told.get(timeout=patience)
    except Empty:
        return False
    if word != _STOP:
        _log.warning(word)
    return word == _STOP


def _make_worker(
    config: Config,
    store: Store,
    press: Press,
    sources: Mapping[str, OpenSource],
    fetchers: Executor,
    exporting: Exporting | None,
    *,
    displaced: Callable[[StoreError], None],
) -> Worker:
    """The worker on its store; where files are exported, they follow each rebuild."""
    from feedservice.rebuild import finish, rebuild
    from feedservice.running.allocation import then_release
    from feedservice.running.worker import Worker

    write_stale = then_release(partial(rebuild, store, press))
    finish_rest = partial(finish, store)
    return Worker(
        store=store,
        sources=sources,
        clock=utc_now,
        workers=config.settings.schedule.workers,
        fetchers=fetchers,
        rebuild=exporting.after(write_stale) if exporting else write_stale,
        finish=exporting.after_finishing(finish_rest) if exporting else finish_rest,
        displaced=displaced,
    )


def _make_schedule(config: Config, store: Store, worker: Worker) -> Schedule:
    """What calls the worker: each second for the sources that are due, and at its time for a rebuild of everything."""
    from feedservice.rebuild import make_stale
    from feedservice.schedule import Schedule

    def full_rebuild() -> None:
        make_stale(store, None)
        worker.rebuild_soon()

    return Schedule(
        tick=worker.tick,
        rebuild=full_rebuild,
        rebuild_cron=config.settings.schedule.rebuild,
        timezone=config.settings.site.timezone,
        clock=utc_now,
    )


def _heed_signals(told: SimpleQueue[str]) -> None:
    """Have signals told to whoever waits for a word.

    They come between any two steps of the main thread, which may be about to write to the log, or to wait: a handler
    that takes a lock waits for ever for what it has interrupted. Putting into this queue takes none.
    """
    presses: list[int] = []

    def press(number: int, frame: FrameType | None) -> None:
        presses.append(number)
        if len(presses) > 1:
            os._exit(_INTERRUPTED)
        told.put(_STOP)

    signal.signal(signal.SIGINT, press)
    # However often: who stops `run` may tell its worker too.
    signal.signal(signal.SIGTERM, lambda *_: told.put(_STOP))
    signal.signal(signal.SIGHUP, lambda *_: told.put(_KEEPS))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGHUP])


def _end_after(patience: float, code: int) -> threading.Timer:
    """The end after `patience` seconds, whatever still runs, unless it is cancelled.

    A site may take minutes to answer. Every write survives that, and what was not stored is read again.
    """

    def end() -> None:
        _log.warning("stopped: what was still running is done again at the next start")
        os._exit(code)

    timer = threading.Timer(patience, end)
    timer.daemon = True
    timer.start()
    return timer


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
    from feedservice.running.companion import Companion

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
