"""Who asks for too much is told to wait (RFC 6585 §4): 429, with Retry-After in seconds (RFC 9110 §10.2.3).

A client's budget fills evenly. A whole document takes one of it, an answer without a body (304, HEAD) a twentieth. The
latter is never refused, nor is the first fetch of a feed. Each process counts what it answers itself.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from feedservice.web.answers import Fields, short

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

    from feedservice.protocols import Clock

_HOUR = 3600
_LIGHT = 1 / 20
"""What an answer without a body takes of a budget."""
_MOST_CLIENTS, _MOST_FETCHES = 10_000, 50_000
"""How many clients' budgets are remembered, and how many first fetches; the oldest are forgotten, and begin anew."""
_DOCUMENTS = ("/feeds/", "/opml.xml")
_PAGES = "/archive/"
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")


class Budgets:
    """What each client has left. per_hour: how much it is given in an hour, and has at most. For one process."""

    def __init__(self, per_hour: int, clock: Clock) -> None:
        self._most = float(per_hour)
        self._rate = per_hour / _HOUR
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._fetched: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, client: str) -> int:
        """After how many seconds a client may have a document; 0 for now."""
        left, _ = self._now(client)
        return 0 if left >= 1 else math.ceil(round((1 - left) / self._rate, 3))

    def take(self, client: str, price: float) -> None:
        """Take the price of an answer; nobody comes to owe anything."""
        with self._lock:
            left, now = self._now(client)
            _remember(self._left, client, (max(0.0, left - price), now), _MOST_CLIENTS)

    def knows(self, client: str, path: str) -> bool:
        """Whether a client has fetched from an address before."""
        return (client, path) in self._fetched

    def fetched(self, client: str, path: str) -> None:
        """Remember that it has."""
        with self._lock:
            _remember(self._fetched, (client, path), None, _MOST_FETCHES)

    def _now(self, client: str) -> tuple[float, float]:
        """(what is left, the present). A clock that is set back gives nothing, and takes nothing."""
        now = self._clock().timestamp()
        left, then = self._left.get(client, (self._most, now))
        # Sums of parts, such as sixty sixtieths, come a little short of a whole.
        return min(self._most, round(left + max(0.0, now - then) * self._rate, 9)), now


class Limited:
    """A WSGI application in front of another: documents for who has a budget, everything else for everybody."""

    def __init__(self, app: WSGIApplication, clients: Callable[[dict[str, Any]], str], budgets: Budgets) -> None:
        self.behind = app
        self._clients = clients
        self._budgets = budgets

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD") or not path.startswith(_DOCUMENTS):
            return self.behind(environ, start_response)
        client = self._clients(environ)
        wait = self._budgets.wait(client) if method == "GET" and self._is_again(client, path) else 0
        if wait and not any(environ.get(name) for name in _CONDITIONS):
            return _refuse(wait, start_response)
        begun: list[tuple[str, Fields]] = []

        def begin(status: str, fields: Fields, _: object = None) -> Callable[[bytes], object]:
            begun.append((status, fields))
            return _unwritten

        body = self.behind(environ, begin)
        status, fields = begun[-1]
        whole = method == "GET" and status.startswith("2")
        if wait and whole:
            return _refuse(wait, start_response)
        self._budgets.take(client, 1 if whole else _LIGHT)
        if whole:
            self._budgets.fetched(client, path)
        start_response(status, fields)
        return body

    def _is_again(self, client: str, path: str) -> bool:
        """Whether this is no first fetch of a feed; the pages of its past are no feeds."""
        return _PAGES in path or self._budgets.knows(client, path)


def _refuse(wait: int, start_response: StartResponse) -> Iterable[bytes]:
    words = f"You have asked for much; ask again in {wait} s. What has not changed (If-None-Match) is answered always."
    status, fields, body = short("429 Too Many Requests", words, ("Retry-After", str(wait)))
    start_response(status, fields)
    return [body]


def _unwritten(_: bytes) -> None:
    raise NotImplementedError("documents are returned, not written")


def _remember(kept: OrderedDict[Any, Any], key: object, value: object, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > most:
        kept.popitem(last=False)
