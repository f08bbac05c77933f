"""One request and its answer, everything foreign translated. Redirects, robots and manners are decided elsewhere."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import BadStatusLine, RemoteDisconnected
from typing import cast

from requests import ConnectionError as LostConnection
from requests import PreparedRequest, RequestException, Response
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from feedservice.addresses.masking import shown
from feedservice.config.settings import FetchSettings
from feedservice.errors import FetchError, Forbidden
from feedservice.outbound.adapter import GuardedAdapter, proxies
from feedservice.outbound.bodies import Raw, read_body
from feedservice.outbound.connecting import Dialer, RefusedAddress
from feedservice.outbound.urls import Target

_REDIRECTS = {301, 302, 303, 307, 308}


class NoAnswer(FetchError):
    """The server could not be reached, fell silent or broke off: it may be dead."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. body: empty unless the status is a success, or that of an error is wanted too. location: set for
    redirects only. led: a page led to it, of which alone the server would say that it is as it was."""

    target: Target
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    location: str | None = None
    led: bool = False


@dataclass(frozen=True, slots=True)
class Wire:
    """Sends requests, guarded and within the thread's patience."""

    adapter: GuardedAdapter
    dialer: Dialer
    settings: FetchSettings

    def __call__(
        self,
        target: Target,
        headers: Mapping[str, str],
        jar: RequestsCookieJar,
        *,
        limit: int,
        cut: bool = False,
        whole: bool = False,
    ) -> Answer:
        """Ask `target`; its body is read where the answer is a success.

        headers: ready to be sent. jar: cookies of this one fetch, for servers that set one and redirect to themselves.
        limit, cut: as in `read_body`. whole: the body of an error is read too. Raises NoAnswer, Forbidden, TooLarge,
        FetchError; any status is an answer.
        """
        with _translated(target):
            response = self._send(target, headers, jar)
            try:
                extract_cookies_to_jar(jar, response.request, response.raw)  # type: ignore[no-untyped-call]
                return self._receive(target, response, limit=limit, cut=cut, whole=whole)
            finally:
                response.close()

    def _send(self, target: Target, headers: Mapping[str, str], jar: RequestsCookieJar) -> Response:
        request = _prepared(target, headers, jar)
        if self.settings.proxy:
            self._judge_for_proxy(target)
        left = self.dialer.patience.left()
        connect = min(left, self.settings.connect_timeout.total_seconds())
        read = min(left, self.settings.read_timeout.total_seconds())
        chosen = dict(proxies(self.settings.proxy))
        for kept in range(self.settings.per_host, -1, -1):
            self.dialer.patience.dialled = False
            try:
                return self.adapter.send(request, stream=True, timeout=(connect, read), verify=True, proxies=chosen)
            except LostConnection:
                # A kept connection that the server has closed meanwhile says nothing of the server (RFC 9112 §9.3.1).
                if self.dialer.patience.dialled or not kept:
                    raise
        raise AssertionError("the last round returns or raises")

    def _judge_for_proxy(self, target: Target) -> None:
        # The proxy looks names up itself, and may know some that nobody else does; those it is left to judge.
        try:
            self.dialer.candidates(target.host, target.port)
        except OSError:
            return

    def _receive(self, target: Target, response: Response, *, limit: int, cut: bool, whole: bool) -> Answer:
        status = response.status_code
        headers = {name.lower(): value for name, value in response.headers.items()}
        location = _location(response, target) if status in _REDIRECTS else None
        body = b""
        if 200 <= status < 300 or (whole and status >= 400):
            raw = cast("Raw", response.raw)
            body = read_body(raw, headers, limit=limit, where=shown(target.url), cut=cut)
            if (
                not body
                and status < 300
                and status != 204
                and not {"content-length", "transfer-encoding"} & set(headers)
            ):
                # A connection that is lost within the headers looks like this, and like nothing else that is of use.
                raise NoAnswer(f"{shown(target.url)}: the answer broke off")
        elif status == 304:
            response.raw.drain_conn()
        return Answer(target, status, headers, body, location)


def _location(response: Response, target: Target) -> str | None:
    """Where a redirect leads; None where it does not say. Raises FetchError where it says two things."""
    told = {value.strip() for value in response.raw.headers.getlist("location")} - {""}
    if len(told) > 1:
        raise FetchError(f"{shown(target.url)}: leads to several addresses at once", status=response.status_code)
    return next(iter(told), None)


def _prepared(target: Target, headers: Mapping[str, str], jar: RequestsCookieJar) -> PreparedRequest:
    request = PreparedRequest()
    told = CaseInsensitiveDict(headers)
    own = told.pop("Cookie", "")  # with a field of that name the jar would be left out
    try:
        request.prepare(method="GET", url=target.url, headers=told, cookies=jar)
    except (RequestException, ValueError):  # its text would repeat the URL and the header
        raise FetchError(f"{shown(target.url)}: cannot be asked for") from None
    if own:
        request.headers["Cookie"] = _with_cookies(own, request.headers.get("Cookie", ""))
    return request


def _with_cookies(own: str, set_: str) -> str:
    """The configured cookies and those that the server has set meanwhile, which win (RFC 6265 §5.3)."""
    names = {pair.partition("=")[0].strip() for pair in set_.split(";")}
    pairs = [pair.strip() for pair in own.split(";") if pair.partition("=")[0].strip() not in names]
    return "; ".join([*pairs, set_] if set_ else pairs)


@contextmanager
def _translated(target: Target) -> Iterator[None]:
    """Turn what requests, urllib3 and the system raise into our errors.

    Only the root of their chain is kept: what lies above repeats the whole URL, its secrets included.
    """
    try:
        yield
    except RefusedAddress as error:
        raise Forbidden(f"{shown(target.url)}: {error}") from None
    except (RequestException, HTTPError, OSError) as error:
        root = _root(error)
        raise NoAnswer(f"{shown(target.url)}: {_in_words(root)}") from root


def _root(error: BaseException) -> BaseException:
    seen = {id(error)}
    while True:
        context = None if error.__suppress_context__ else error.__context__
        inner = error.__cause__ or context or getattr(error, "reason", None)
        if inner is None and error.args and isinstance(error.args[0], BaseException):
            inner = error.args[0]
        if not isinstance(inner, BaseException) or id(inner) in seen:
            return error
        seen.add(id(inner))
        error = inner


def _in_words(root: BaseException) -> str:
    if isinstance(root, TimeoutError):
        return "timed out"
    if isinstance(root, BadStatusLine) and not isinstance(root, RemoteDisconnected):
        return f"what it answers is no HTTP: {' '.join(str(root).split())[:100]!r}"
    if isinstance(root, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted: {root.verify_message}"
    if isinstance(root, OSError) and root.strerror:
        return root.strerror
    text = " ".join(str(root).split())
    return text[:200] if text else type(root).__name__
