"""How often a host may be asked, and when it is left alone.

Three rules for each host: so many requests at once and so long between two; silence for as long as it asks for
(Retry-After); and once it gives no answer, longer and longer breaks, so that a dead host costs six tries a day at most.
Nobody waits here for longer than a fetch may take: who would have to is told when to come back.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from feedservice.config.settings import FetchSettings
from feedservice.errors import FetchError
from feedservice.outbound.connecting import Patience
from feedservice.outbound.exchange import NoAnswer
from feedservice.protocols import Clock

# After the first failure none, because one says little; a seventh try is due 26 hours after the first.
_BREAKS = (timedelta(0), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
_REMEMBERED = timedelta(days=1)
_MANY_HOSTS = 1_000


class NotNow(FetchError):
    """The host is left alone for now; `retry_after` says for how long. Nothing was sent."""


@dataclass(slots=True)
class _Host:
    """active: requests under way. coming: whether one of them waits for its turn still, so that others stand in line.

    turn: when the next may start. shut: from when until when nothing is sent, and why. failures: tries in a row that
    got no answer.
    """

    delay: timedelta
    active: int = 0
    coming: bool = False
    turn: datetime | None = None
    shut: tuple[datetime, datetime, str] | None = None
    failures: int = 0

    def shut_for(self, now: datetime) -> int:
        """Seconds that the host is to be left alone, 0 for none. A clock that was turned back opens it."""
        if self.shut is None or not self.shut[0] <= now < self.shut[1]:
            return 0
        return math.ceil((self.shut[1] - now).total_seconds())

    def wait(self, now: datetime) -> timedelta:
        """How long until the next request may start; never more than the delay, whatever the clock did."""
        return timedelta(0) if self.turn is None else min(max(self.turn - now, timedelta(0)), self.delay)

    def idle(self, now: datetime) -> bool:
        """Whether it need not be remembered; of one that gave no answer the next breaks are short ones then."""
        remembers = self.failures > 0 and self.turn is not None and now - self.turn < _REMEMBERED
        return not self.active and not remembers and not self.shut_for(now) and not self.wait(now)


@dataclass(slots=True)
class Manners:
    """Safe to use from any thread; hosts are named HOST:PORT. sleep: seconds."""

    settings: FetchSettings
    clock: Clock
    sleep: Callable[[float], None]
    patience: Patience
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def turn(self, site: str) -> Iterator[None]:
        """Wait for the host's turn, and hold it for one request. Raises NotNow when that would take too long."""
        with self.patience.waiting():
            host, wait = self._enter(site)
        failures = host.failures
        try:
            if wait:
                self._wait(host, wait)
            yield
        except NoAnswer as error:
            self._leave(host, answered=False, failures=failures, why=str(error))
            raise
        except BaseException:
            self._leave(host, answered=None, failures=failures)
            raise
        self._leave(host, answered=True, failures=failures)

    def leave_alone(self, site: str, seconds: int, why: str) -> None:
        """Send nothing to the host for this long."""
        with self._changed:
            self._shut(self._host(site), timedelta(seconds=seconds), why)

    def slow_down(self, site: str, seconds: float) -> None:
        """Put at least this long between two requests to the host."""
        with self._changed:
            host = self._host(site)
            host.delay = max(self.settings.delay, timedelta(seconds=seconds))

    def _enter(self, site: str) -> tuple[_Host, float]:
        ends = time.monotonic() + self.patience.spare
        with self._changed:
            while True:
                host, now = self._host(site), self.clock()
                if seconds := host.shut_for(now):
                    why = host.shut[2] if host.shut else ""
                    raise NotNow(f"{site}: left alone for {seconds} s: {why}", retry_after=seconds)
                # Whether a silent host is back is found out by one request, not by many.
                if host.active < (1 if host.failures else self.settings.per_host) and not host.coming:
                    break
                if not self._changed.wait(max(0.0, ends - time.monotonic())):
                    raise NotNow(f"{site}: too many requests at once", retry_after=self._a_while())
            wait = host.wait(now)
            if wait.total_seconds() > ends - time.monotonic():
                raise NotNow(f"{site}: its turn is far away", retry_after=math.ceil(wait.total_seconds()))
            host.turn = now + wait + host.delay
            host.active += 1
            host.coming = bool(wait)
            return host, wait.total_seconds()

    def _wait(self, host: _Host, seconds: float) -> None:
        try:
            self.sleep(seconds)
        finally:
            with self._changed:
                host.coming = False
                self._changed.notify_all()
        self.patience.waited(seconds)

    def _leave(self, host: _Host, *, answered: bool | None, failures: int, why: str = "") -> None:
        with self._changed:
            host.active -= 1
            if answered:
                host.failures = 0
            elif answered is False and host.failures == failures:  # requests that fail together fail once
                host.failures += 1
                gap = _BREAKS[min(host.failures, len(_BREAKS)) - 1]
                self._shut(host, gap, f"no answer {host.failures} times in a row, the last time {why}")
            self._changed.notify_all()

    def _shut(self, host: _Host, time_: timedelta, why: str) -> None:
        now = self.clock()
        if time_ and timedelta(seconds=host.shut_for(now)) < time_:
            host.shut = (now, now + time_, why)

    def _host(self, site: str) -> _Host:
        if site not in self._hosts and len(self._hosts) >= _MANY_HOSTS:
            now = self.clock()
            self._hosts = {name: host for name, host in self._hosts.items() if not host.idle(now)}
        return self._hosts.setdefault(site, _Host(self.settings.delay))

    def _a_while(self) -> int:
        return math.ceil(self.settings.total_timeout.total_seconds())
