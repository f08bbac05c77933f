"""The acting worker: reads the sources that are due, many at once, and rebuilds what that changed, in one thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from feedservice.errors import StoreError
from feedservice.protocols import Clock, Store
from feedservice.refresh import OpenSource, RefreshReport, refresh

_log = logging.getLogger(__name__)
_BREATH = 1.0


class Worker:
    """Runs refreshes and rebuilds until it is stopped. One source is never read twice at once.

    rebuild: writes all stale feeds; called from one thread only.
    """

    def __init__(
        self,
        *,
        store: Store,
        sources: Mapping[str, OpenSource],
        clock: Clock,
        workers: int,
        fetchers: Executor,
        rebuild: Callable[[], object],
    ) -> None:
        self._store = store
        self._sources = sources
        self._clock = clock
        self._workers = workers
        self._fetchers = fetchers
        self._rebuild = rebuild
        self._refreshers = ThreadPoolExecutor(workers, thread_name_prefix="refresh")
        self._running: set[str] = set()
        self._lock = threading.Lock()
        self._stale = threading.Event()
        self._stopping = threading.Event()
        self._rebuilder = threading.Thread(target=self._rebuild_when_stale, name="rebuild")

    def start(self) -> None:
        """Give every source its first time and begin to rebuild what is stale already."""
        with self._store.writing() as writer:
            states = {state.name: state for state in self._store.states()}
            for state in states.values():
                if state.next_run is not None and state.name not in self._sources:
                    writer.put_state(replace(state, next_run=None))
            for name in self._sources:
                state = states.get(name) or self._store.state(name)
                if state.next_run is None:
                    writer.put_state(replace(state, next_run=self._clock()))
        self._stale.set()
        self._rebuilder.start()

    def tick(self) -> None:
        """Hand the sources that are due to the refreshers, as many as there are free hands."""
        with self._lock:
            free = self._workers - len(self._running)
            running = frozenset(self._running)
        if free <= 0 or self._stopping.is_set():
            return
        due = self._store.due(self._clock(), free + len(running))
        for name in [name for name in due if name in self._sources and name not in running][:free]:
            with self._lock:
                self._running.add(name)
            self._refreshers.submit(self._refresh, name).add_done_callback(partial(self._see, name))

    def rebuild_soon(self) -> None:
        """Have the rebuilding thread look for stale feeds."""
        self._stale.set()

    def stop(self) -> None:
        """Let what is running end, start nothing new, and return when all is still."""
        self._stopping.set()
        self._stale.set()
        self._refreshers.shutdown(wait=True, cancel_futures=True)
        if self._rebuilder.is_alive():
            self._rebuilder.join()

    def _refresh(self, name: str) -> None:
        try:
            report = refresh(self._sources[name], store=self._store, clock=self._clock, fetchers=self._fetchers)
            tell(report)
            if report.new or report.edited:
                self._stale.set()
        except StoreError:
            _log.exception("source %s: the store could not be used", name)
        finally:
            with self._lock:
                self._running.discard(name)

    def _see(self, name: str, done: Future[None]) -> None:
        """A bug stops its job and is seen; the source waits for its next turn like every other."""
        if done.cancelled() or (bug := done.exception()) is None:
            return
        _log.critical("source %s: the refresh stopped on a bug", name, exc_info=bug)
        state = replace(self._store.state(name), next_run=self._sources[name].next_run(self._clock()))
        with self._store.writing() as writer:
            writer.put_state(state)

    def _rebuild_when_stale(self) -> None:
        while True:
            self._stale.wait()
            if self._stopping.is_set():
                return
            self._stale.clear()
            try:
                self._rebuild()
            except StoreError:
                _log.exception("feeds could not be rebuilt; the last good ones stay served")
                self._stopping.wait(_BREATH)
                self._stale.set()


def tell(report: RefreshReport) -> None:
    """Log what came of a refresh."""
    for problem in report.problems:
        _log.warning("source %s: %s", report.source, problem)
    if report.failed:
        _log.error("source %s is broken: %s", report.source, report.reason)
    else:
        reason = f" ({report.reason})" if report.reason else ""
        _log.info(
            "source %s is %s%s: %d new, %d edited", report.source, report.health, reason, report.new, report.edited
        )
