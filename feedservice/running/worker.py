"""The acting worker: reads the sources that are due, many at once, and rebuilds what that changed, in one thread."""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Set
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from feedservice import health
from feedservice.addresses.masking import shown_in
from feedservice.complaints import Complaints
from feedservice.errors import StoreBusy, StoreError, StoreSetBack, StoreTooNew
from feedservice.model import Health
from feedservice.protocols import Clock, Store
from feedservice.refresh import RefreshReport, refresh
from feedservice.refreshing.opened import OpenSource
from feedservice.refreshing.resuming import resume

_log = logging.getLogger(__name__)
_BREATH, _LONGEST_BREATH = 1.0, 15.0
_REST, _LONGEST_REST = timedelta(minutes=1), timedelta(minutes=15)
_FEEDS, _DUE = "all feeds", "what is due"  # which are no sources' names
# Between two threads that look at the clock some time may pass.
_SLIGHT = timedelta(seconds=10)
_SECONDS = re.compile(r"\b\d+ s\b")


class Worker:
    """Runs refreshes and rebuilds until it is stopped. One source is never read twice at once.

    rebuild: writes all stale feeds. finish: does what that left for later, as long as what it is handed says yes. Both
    are called from one thread only. displaced: called when another worker has taken this one's place, or a newer
    program or an earlier state the store, so that all that this one reads is read in vain.
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
        finish: Callable[[Callable[[], bool]], object] = lambda go_on: None,
        displaced: Callable[[StoreError], object] = lambda error: None,
    ) -> None:
        self._store = store
        self._sources = sources
        self._clock = clock
        self._workers = workers
        self._fetchers = fetchers
        self._rebuild = rebuild
        self._finish = finish
        self._displaced = displaced
        self._refreshers = ThreadPoolExecutor(workers, thread_name_prefix="refresh")
        self._running: set[str] = set()
        self._resting: dict[str, datetime] = {}
        self._complaints = Complaints()
        self._told: dict[str, frozenset[str]] = {}
        self._noticed = 0
        self._more_wait = False
        self._last_tick: datetime | None = None
        self._turned_back = False
        self._lock = threading.Lock()
        self._stale = threading.Event()
        self._stopping = threading.Event()
        self._press = ThreadPoolExecutor(1, thread_name_prefix="rebuild")
        self._rebuilder = threading.Thread(target=self._rebuild_when_stale, name="rebuild")

    def start(self) -> None:
        """Give every source a time that stands and begin to rebuild what is stale already."""
        self._resume()
        self._stale.set()
        self._rebuilder.start()

    def tick(self) -> None:
        """Hand the sources that are due to the refreshers, as many as there are free hands."""
        now = self._clock()
        with self._lock:
            self._turned_back |= self._last_tick is not None and now < self._last_tick - _SLIGHT
            self._last_tick = now
            self._resting = {name: until for name, until in self._resting.items() if now < until <= now + _LONGEST_REST}
            free = self._workers - len(self._running)
            passed_over = frozenset(self._running) | self._resting.keys()
        if free <= 0 or self._stopping.is_set():
            return
        waiting = self._waiting(now, passed_over, free + 1)
        self._more_wait = len(waiting) > free
        for name in waiting[:free]:
            with self._lock:
                if name in self._running or len(self._running) >= self._workers:
                    continue
                self._running.add(name)
            try:
                self._refreshers.submit(self._refresh, name).add_done_callback(partial(self._see, name))
            except RuntimeError:  # it was stopped meanwhile
                return

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
        self._press.shutdown()

    def _resume(self) -> None:
        """Give every source a next time that stands, and those that are configured no more none."""
        why: Counter[str] = Counter()
        with self._store.writing() as writer:
            now = self._clock()
            states = {state.name: state for state in self._store.states()}
            for state in states.values():
                if state.next_run is not None and state.name not in self._sources:
                    writer.put_state(replace(state, next_run=None))
            for name, source in self._sources.items():
                before = states.get(name) or self._store.state(name)
                # A second apart: an update may have changed the settings of them all.
                state, reason = resume(before, source, now, now + timedelta(seconds=sum(why.values())))
                if state != before:
                    writer.put_state(state)
                why.update([reason] if reason else [])
        for reason, count in why.items():
            _log.warning("%d sources have %s, and are read sooner", count, reason)

    def _waiting(self, now: datetime, passed_over: Set[str], most: int) -> list[str]:
        """The sources that are due and free; some of those that are due may not be known here."""
        limit = most + len(passed_over)
        while True:
            due = self._due(now, limit)
            waiting = [name for name in due if name in self._sources and name not in passed_over]
            if len(waiting) >= most or len(due) < limit:
                return waiting
            limit *= 2

    def _due(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Who is due; nobody while the store does not answer, which is said once."""
        try:
            if self._turned_back:
                self._resume()
                self._turned_back = False
            due = self._store.due(now, limit)
            self._notice(self._store.stale())
        except StoreError as error:
            self._tell_if_displaced(error)
            self._complaints.met(_DUE, f"nothing is read: {error}")
            return ()
        if self._complaints.ended(_DUE):
            _log.info("the store answers again")
        return due

    def _notice(self, stale: Mapping[str, int]) -> None:
        """Have feeds rebuilt that somebody else made stale, once for each mark (`feedservice withdraw`, say)."""
        newest = max(stale.values(), default=0)
        if newest > self._noticed:
            self._noticed = newest
            self._stale.set()

    def _refresh(self, name: str) -> None:
        try:
            report = refresh(self._sources[name], store=self._store, clock=self._clock, fetchers=self._fetchers)
            tell(report, self._told.get(name, frozenset()))
            self._told[name] = frozenset(map(_lasting, report.problems))
            self._complaints.ended(name)
            if report.new or report.edited or report.withdrawn:
                self._stale.set()
        except StoreError as error:
            self._tell_if_displaced(error)
            # Its site is not to be asked over and over for what cannot be stored.
            self._rest(name, self._complaints.met(name, f"source {name}: nothing could be stored: {error}"))
        except BaseException:
            self._rest(name)
            raise
        finally:
            with self._lock:
                self._running.discard(name)

    def _rest(self, name: str, times: int = 1) -> None:
        """Leave a source alone for a while whose next time could not be stored: it would be due again at once."""
        with self._lock:
            self._resting[name] = self._clock() + min(times * _REST, _LONGEST_REST)

    def _see(self, name: str, done: Future[None]) -> None:
        """The hand that is free takes the next source. A bug stops its job and is seen; its source is not lost."""
        if done.cancelled():
            return
        bug = done.exception()
        if bug is not None:
            self._tell_of_bug(name, bug)
        if self._more_wait:
            self.tick()

    def _tell_of_bug(self, name: str, bug: BaseException) -> None:
        reason = shown_in(f"a bug stopped the read: {type(bug).__name__}: {bug}")
        level = logging.DEBUG if reason in self._told.get(name, frozenset()) else logging.CRITICAL
        _log.log(level, "source %s: the refresh stopped on a bug", name, exc_info=bug)
        self._told[name] = frozenset([reason])
        try:
            with self._store.writing() as writer:
                now, before = self._clock(), self._store.state(name)
                verdict = health.Verdict(Health.BROKEN, reason, believable=False)
                state = health.after(before, verdict, health.Evidence(error=reason), now)
                writer.put_state(replace(state, next_run=self._sources[name].next_run(now)))
        except StoreError as error:
            self._tell_if_displaced(error)
            _log.error("source %s: nothing could be stored: %s", name, error)

    def _tell_if_displaced(self, error: StoreError) -> None:
        """Tell that this worker must not go on, if that is why; whatever else the store refuses may pass."""
        if isinstance(error, StoreBusy | StoreSetBack | StoreTooNew):
            self._displaced(error)

    def _rebuild_when_stale(self) -> None:
        while True:
            self._stale.wait()
            if self._stopping.is_set():
                return
            self._stale.clear()
            problem = self._press.submit(self._rebuild_and_finish).exception()
            if isinstance(problem, StoreError):
                self._tell_if_displaced(problem)
                told = f"feeds could not be rebuilt; the last good ones stay served: {problem}"
                self._stopping.wait(min(self._complaints.met(_FEEDS, told) * _BREATH, _LONGEST_BREATH))
                self._stale.set()
            elif problem is not None:
                _log.critical("the rebuild stopped on a bug; the last good feeds stay served", exc_info=problem)
            elif self._complaints.ended(_FEEDS):
                _log.info("feeds are rebuilt again")

    def _rebuild_and_finish(self) -> None:
        self._rebuild()
        self._finish(lambda: not self._stale.is_set())


def _lasting(problem: str) -> str:
    """A problem without the seconds in it: how long a host is left alone grows less by itself."""
    return _SECONDS.sub("# s", problem)


def tell(report: RefreshReport, before: Set[str] = frozenset()) -> None:
    """Log what came of a refresh. That a source is broken, quiet or back is told once, when it comes to be so.

    before: the problems of the read before, which need not be told again.
    """
    for problem in report.problems:
        level = logging.DEBUG if _lasting(problem) in before else logging.WARNING
        _log.log(level, "source %s: %s", report.source, problem)
    if report.failed:
        level = logging.ERROR if report.changed else logging.DEBUG
        seen = f"seen instead: {report.seen}" if report.seen else ""
        reason = "; ".join(part for part in (report.reason, seen, report.instead) if part)
        _log.log(level, "source %s is broken: %s", report.source, reason)
        return
    if report.failures:
        _log.warning("source %s is read again, after %d broken reads in a row", report.source, report.failures)
    level = logging.WARNING if report.health is Health.QUIET and report.changed else logging.INFO
    told = f"{report.health} ({report.reason})" if report.reason else report.health
    _log.log(level, "source %s is %s: %d new, %d edited", report.source, told, report.new, report.edited)
