"""The door itself: from a URL to a page, over redirects, each of them judged like the first."""

from __future__ import annotations

import hashlib
import threading
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote_to_bytes

from requests.cookies import RequestsCookieJar

from feedservice.addresses.masking import shown
from feedservice.config.settings import FetchSettings
from feedservice.errors import FetchError
from feedservice.model import NotModified, Page, Validators
from feedservice.outbound.exchange import Answer, Wire
from feedservice.outbound.leading import leads_to
from feedservice.outbound.manners import Manners
from feedservice.outbound.retrying import read_retry_after
from feedservice.outbound.robots import LONGEST, Robots
from feedservice.outbound.secrets import Secrets
from feedservice.outbound.urls import Target, follow, read_target
from feedservice.protocols import Clock, Get

_MOST_REDIRECTS = 5
_LONGEST_VALIDATOR = 1_000
_PAUSE_UNASKED = 60
_MOST_BROWSERS = 2


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is asked for: with which headers, and for which place alone some of them are.

    robots: it is a robots.txt, of which the beginning is enough, and which no robots.txt forbids. jar: cookies, each
    for its own server. whole: what stands in errors is wanted too.
    """

    headers: Mapping[str, str]
    secrets: Secrets = field(default_factory=Secrets)
    robots: bool = False
    jar: RequestsCookieJar = field(default_factory=RequestsCookieJar)
    whole: bool = False
    onward: bool = False

    def headers_for(self, target: Target, first: Target) -> dict[str, str]:
        headers = dict(self.headers)
        if first.credentials is not None and target.origin == first.origin:
            token = b64encode(unquote_to_bytes(first.credentials)).decode("ascii")
            headers["Authorization"] = f"Basic {token}"
        headers.update(self.secrets.for_target(target))
        return headers


class Door:
    """Safe to use from any thread. Made by `open_door`."""

    def __init__(
        self, settings: FetchSettings, clock: Clock, wire: Wire, *, version: str, sleep: Callable[[float], None]
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._wire = wire
        self._manners = Manners(settings, clock, sleep, wire.dialer.patience)
        self._robots = Robots(self._read_robots, clock, self._manners, wire.dialer.patience)
        contact = " ".join(settings.contact.split())
        self.agent = f"feedservice/{version} (+{contact})" if contact else f"feedservice/{version}"
        """The User-Agent that every request is sent with."""
        self.browsers = threading.BoundedSemaphore(_MOST_BROWSERS)
        """Held by whoever has a browser running: each takes some hundred MB."""

    def get(self, url: str, *, unless: Validators | None = None, accept: str = "*/*") -> Page | NotModified:
        """Fetch `url` with GET, as protocols.Get says.

        unless: asks conditionally (RFC 9110 §13.1); equal bytes count as not modified, too.
        Raises Forbidden for an address that is not public, for a scheme but http and https and where robots.txt says
        no; TooLarge beyond `max_bytes`; FetchError for all else, with `retry_after` where it is known.
        """
        return self._fetch(url, unless, accept, Secrets())

    def for_source(self, headers: Mapping[str, str], home: str) -> Get:
        """A Get that sends extra, secret headers to the server of `home` and to nobody else, redirects included."""
        secrets = Secrets.only_for(home, headers)

        def get(url: str, *, unless: Validators | None = None, accept: str = "*/*") -> Page | NotModified:
            return self._fetch(url, unless, accept, secrets)

        return get

    def browse(self, url: str, jar: RequestsCookieJar, *, headers: Secrets) -> Answer:
        """What a browser gets at `url`: any status is an answer, and comes with its body. Redirects are followed.

        jar: the browser's cookies, and then also those that servers set on the way. Raises like `get` where nothing
        comes at all.
        """
        wish = _Wish(self._told("text/html, */*;q=0.8"), headers, jar=jar, whole=True)
        self._wire.dialer.patience.start(self._settings.total_timeout.total_seconds())
        return self._over_redirects(read_target(url), wish)

    def close(self) -> None:
        """Let go of all connections."""
        self._wire.adapter.close()

    def _fetch(self, url: str, unless: Validators | None, accept: str, secrets: Secrets) -> Page | NotModified:
        wish = _Wish(self._told(accept) | _conditions(unless), secrets, onward=True)
        self._wire.dialer.patience.start(self._settings.total_timeout.total_seconds())
        return self.judge(self._over_redirects(read_target(url), wish), unless)

    def _over_redirects(self, first: Target, wish: _Wish) -> Answer:
        target, led = first, False
        for _ in range(_MOST_REDIRECTS + 1):
            if self._settings.robots and not wish.robots:
                self._robots.check(target)
            answer = replace(self._ask(target, first, wish), led=led)
            after = _onward(answer) if wish.onward and answer.location is None else None
            if answer.location is None and after is None:
                return answer
            target, led = after or follow(target, answer.location or ""), led or after is not None
        raise FetchError(f"{shown(first.url)}: more than {_MOST_REDIRECTS} redirects", status=answer.status)

    def _ask(self, target: Target, first: Target, wish: _Wish) -> Answer:
        limit = min(LONGEST, self._settings.max_bytes) if wish.robots else self._settings.max_bytes
        headers = wish.headers_for(target, first)
        with self._manners.turn(target.site):
            answer = self._wire(target, headers, wish.jar, limit=limit, cut=wish.robots, whole=wish.whole)
        if answer.status in (429, 503):
            waits = read_retry_after(answer.headers.get("retry-after", ""), self._clock())
            if waits is None and answer.status == 429:
                waits = _PAUSE_UNASKED
            if waits:
                self._manners.leave_alone(target.site, waits, f"it answered {answer.status}")
        return answer

    def _read_robots(self, address: Target) -> Answer:
        return self._over_redirects(address, _Wish(self._told("text/plain, */*;q=0.5"), robots=True))

    def _told(self, accept: str) -> dict[str, str]:
        return {"User-Agent": self.agent, "Accept": accept, "Accept-Encoding": "gzip, deflate"}

    def judge(self, answer: Answer, unless: Validators | None) -> Page | NotModified:
        """What came as a page; equal bytes count as not modified. Raises FetchError for all but a success."""
        url, status = answer.target.url, answer.status
        if status == 304 and _conditions(unless):
            return NotModified(url)
        if not 200 <= status < 300 or status == 206:
            waits = read_retry_after(answer.headers.get("retry-after", ""), self._clock())
            raise FetchError(f"{shown(url)}: the server answered {status}", status=status, retry_after=waits)
        digest = hashlib.sha256(answer.body).hexdigest()
        if unless is not None and unless.body_digest == digest:
            return NotModified(url)
        return Page(
            url=url,
            status=status,
            content_type=answer.headers.get("content-type", ""),
            body=answer.body,
            headers=answer.headers,
            validators=Validators(
                etag=None if answer.led else _validator(answer.headers.get("etag")),
                last_modified=None if answer.led else _validator(answer.headers.get("last-modified")),
                body_digest=digest,
            ),
        )


def _conditions(unless: Validators | None) -> dict[str, str]:
    if unless is None:
        return {}
    told = {"If-None-Match": _validator(unless.etag), "If-Modified-Since": _validator(unless.last_modified)}
    return {name: value for name, value in told.items() if value}


def _onward(answer: Answer) -> Target | None:
    """Where a page leads that is nothing else; None where it leads nowhere that could be read, or to itself."""
    place = leads_to(answer)
    if place is None:
        return None
    try:
        target = follow(answer.target, place)
    except FetchError:
        return None
    return target if target.url != answer.target.url else None


def _validator(value: str | None) -> str | None:
    """A validator that can be sent back as it came, else None."""
    if not value or len(value) > _LONGEST_VALIDATOR or not value.isprintable():
        return None
    return value if all(ord(character) < 256 for character in value) else None
