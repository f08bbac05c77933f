"""What sites ask of robots (RFC 9309), and how long that is remembered."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from protego import Protego

from feedservice.addresses.masking import shown
from feedservice.errors import FetchError, Forbidden
from feedservice.outbound.connecting import Patience
from feedservice.outbound.exchange import Answer, NoAnswer
from feedservice.outbound.manners import Manners, NotNow
from feedservice.outbound.urls import PORTS, Target
from feedservice.protocols import Clock

NAME = "feedservice"
LONGEST = 512 * 1024  # RFC 9309 §2.5: at least 500 kibibytes are to be read
_KEPT = timedelta(hours=24)
_KEPT_WITHOUT_ANSWER = timedelta(minutes=10)
_PATIENCE = timedelta(days=7)
_MANY_ORIGINS = 500
_LONGEST_DELAY = 10.0
_AGENT = re.compile(r"\s*user[- ]?agent\b\s*:?\s*([^#]*)", re.IGNORECASE)

Origin = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class _Rules:
    """parsed: None where everything is allowed. shut: nothing is allowed for now, as the server is in trouble, and was
    since `failing`."""

    since: datetime
    until: datetime
    parsed: Protego | None = None
    shut: bool = False
    failing: datetime | None = None

    def fresh(self, now: datetime) -> bool:
        return self.since <= now < self.until


@dataclass(slots=True)
class Robots:
    """Safe to use from any thread. fetch: (address of a robots.txt) -> the final answer, redirects followed."""

    fetch: Callable[[Target], Answer]
    clock: Clock
    manners: Manners
    patience: Patience
    _rules: dict[Origin, _Rules] = field(default_factory=dict)
    _reading: dict[Origin, threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, target: Target) -> None:
        """Raise Forbidden where the site's robots.txt does not want `target` to be read, NotNow while it cannot say."""
        rules = self._rules.get(target.origin)
        if rules is None or not rules.fresh(self.clock()):
            with self._alone(target):
                rules = self._rules.get(target.origin)
                if rules is None or not rules.fresh(self.clock()):
                    rules = self._remember(target.origin, self._read(target, rules))
        if rules.shut:
            seconds = max(1, round((rules.until - self.clock()).total_seconds()))
            raise NotNow(f"{shown(target.url)}: the site's robots.txt fails", retry_after=seconds)
        if rules.parsed is None:
            return
        if not rules.parsed.can_fetch(target.url, NAME):
            raise Forbidden(f"{shown(target.url)}: robots.txt says no")
        delay = rules.parsed.crawl_delay(NAME) or 0.0
        # Longer than this, and no article would ever be read in the same go as the list that it stands on.
        most = self.manners.settings.total_timeout.total_seconds() / 3
        self.manners.slow_down(target.site, min(delay, _LONGEST_DELAY, most))

    def _read(self, target: Target, before: _Rules | None) -> _Rules:
        scheme, host, port = target.origin
        name = f"[{host}]" if ":" in host else host
        # With the usual port in their address, some servers take a host for another one.
        place = name if port == PORTS[scheme] else f"{name}:{port}"
        address = Target(f"{scheme}://{place}/robots.txt", scheme, host, port, target.credentials)
        try:
            answer = self.fetch(address)
        except (NoAnswer, NotNow):
            raise  # the host does not answer at all, and would not for the page either
        except FetchError:
            answer = None
        now = self.clock()
        if answer is not None and (answer.status == 429 or answer.status >= 500):
            return _in_trouble(before, now)
        parsed = None
        if answer is not None and 200 <= answer.status < 300:
            parsed = Protego.parse(only_ours(answer.body.decode("utf-8-sig", errors="replace")))
        return _Rules(now, now + _KEPT, parsed)

    def _remember(self, origin: Origin, rules: _Rules) -> _Rules:
        with self._lock:
            self._rules.pop(origin, None)
            self._rules[origin] = rules
            while len(self._rules) > _MANY_ORIGINS:
                del self._rules[next(iter(self._rules))]
        return rules

    @contextmanager
    def _alone(self, target: Target) -> Iterator[None]:
        """Be the only one who reads this robots.txt; the others wait for what comes of it."""
        with self._lock:
            if len(self._reading) > _MANY_ORIGINS:
                self._reading = {origin: lock for origin, lock in self._reading.items() if lock.locked()}
            lock = self._reading.setdefault(target.origin, threading.Lock())
        with self.patience.waiting():
            got = lock.acquire(timeout=max(0.0, self.patience.spare))
        if not got:
            raise NotNow(f"{shown(target.url)}: its robots.txt is still being read", retry_after=60)
        try:
            yield
        finally:
            lock.release()


def _in_trouble(before: _Rules | None, now: datetime) -> _Rules:
    """What holds while a server cannot say: what it said last, that everything is allowed included, else nothing.

    RFC 9309 §2.3.1.4 lets old rules live on, and a site that never says anything be read after some time, 30 days for
    instance. A week is enough for us: it is forgotten with each restart.
    """
    until = now + _KEPT_WITHOUT_ANSWER
    if before is not None and not before.shut:
        return _Rules(now, until, before.parsed)
    failing = before.failing if before is not None and before.failing is not None else now
    return _Rules(now, until, shut=now - failing < _PATIENCE, failing=min(failing, now))


def only_ours(text: str) -> str:
    """A robots.txt without the names of other robots.

    A thousand names before a thousand rules make a million rules for the parser: a file of 45 kB took 160 MB.
    """
    lines: list[str] = []
    for line in text.splitlines():
        agent = _AGENT.match(line)
        if agent is None:
            lines.append(line)
            continue
        name = agent[1].strip().lower().partition("/")[0]
        kept = f"User-agent: {name if name in (NAME, '*') else 'another'}"
        if not lines or lines[-1] != kept:
            lines.append(kept)
    return "\n".join(lines)
