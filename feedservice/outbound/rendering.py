"""Pages that only a browser can make: rendered by an installed Chromium, which reaches nothing but through the door.

Every request that a page makes is taken from the browser and asked for by the door, with all that the door refuses;
what could slip past that (DNS, sockets, WebRTC) is sent to a proxy that is not there. The browser lives for one page.
Playwright lives here only; it is an extra dependency.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from requests.cookies import RequestsCookieJar

from feedservice.addresses.masking import shown
from feedservice.errors import FetchError, TooLarge
from feedservice.model import NotModified, Validators
from feedservice.model import Page as Found
from feedservice.outbound.browser import running
from feedservice.outbound.cookies import cookies_of, put_cookies
from feedservice.outbound.door import Door
from feedservice.outbound.exchange import Answer
from feedservice.outbound.secrets import Secrets
from feedservice.outbound.urls import read_target
from feedservice.protocols import Get

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

_SECONDS = 45.0
_SETTLING = 10.0
_STILL = 0.5
_MOST_REQUESTS = 200
_UNWANTED = {"media", "font", "websocket", "eventsource", "manifest", "ping", "texttrack"}
_MADE_UP = {
    "image": ("image/gif", bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")),
    "stylesheet": ("text/css", b""),
}
"""What pages are given in place of what nobody looks at. Of what fails they would make something else, or nothing."""
_PASSED_ON = ("content-type", "access-control-allow-origin", "access-control-allow-credentials")
_FOR_NOBODY = {"access-control-allow-origin": "https://nobody.invalid"}
_READ_BY_SCRIPTS = {"fetch", "xhr"}
_ARGUMENTS = (
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--renderer-process-limit=1",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--js-flags=--max-old-space-size=256",
)


def missing(browser: str) -> str:
    """What has to be installed before pages can be rendered, in words; "" when all is there."""
    if find_spec("playwright") is None:
        return 'the extra "chromium" is not installed: pip install "feedservice[chromium]"'
    if not os.access(browser, os.X_OK) or not Path(browser).is_file():
        return f"there is no Chromium at {browser}: apt-get install chromium, or set fetch.chromium"
    return ""


class Renderer:
    """Reads pages like a Get, as they are when their scripts have run. Safe to use from any thread.

    browser: the path of a Chromium. limit: bytes that a rendered page may have. timezone, language: the reader's, which
    scripts write dates by. seconds: how long one page may take; then its browser is killed.
    """

    def __init__(
        self,
        door: Door,
        browser: str,
        *,
        limit: int,
        timezone: str = "UTC",
        language: str = "en",
        seconds: float = _SECONDS,
    ) -> None:
        self._door = door
        self._timezone = timezone
        self._language = language
        self._browser = browser
        self._limit = limit
        self._seconds = seconds

    def for_source(self, headers: Mapping[str, str], home: str) -> Get:
        """A Get that renders. What is no page of HTML comes as it is; equal pages count as not modified.

        headers: secret ones, for the server of `home` alone. Raises like `Door.get`.
        """
        secrets = Secrets.only_for(home, headers) if headers else Secrets()

        def get(url: str, *, unless: Validators | None = None, accept: str = "*/*") -> Found | NotModified:
            return self._read(url, unless, secrets)

        return get

    def _read(self, url: str, unless: Validators | None, secrets: Secrets) -> Found | NotModified:
        visit = _Visit(self._door, secrets, self._timezone, self._language)
        jar = RequestsCookieJar()
        first = visit.ask(url, jar)
        if not _is_html(first):
            return self._door.judge(first, unless)
        if lacking := missing(self._browser):
            raise FetchError(f"{shown(url)}: cannot be rendered: {lacking}")
        with self._door.browsers:
            visit.until = time.monotonic() + self._seconds
            body = visit.run(first, _fragment(url), jar, self._browser).encode("utf-8", "replace")
        if len(body) > self._limit:
            raise TooLarge(f"{shown(url)}: more than the {self._limit} bytes allowed, rendered")
        # The validators of a page that scripts fill say nothing of what they fill it with.
        return self._door.judge(
            replace(visit.last, headers={"content-type": "text/html; charset=utf-8"}, body=body), unless
        )


def _is_html(answer: Answer) -> bool:
    told = answer.headers.get("content-type", "").lower()
    return "html" in told if told else answer.body.lstrip()[:1] == b"<"


def _may_read(request: Request, answer: Answer) -> bool:
    """Whether a page's script may read what came over redirects, of which the browser knows nothing.

    The rest is for the browser to judge (https://fetch.spec.whatwg.org/#http-cors-protocol).
    """
    page = read_target(request.frame.url).origin
    if answer.target.origin in (read_target(request.url).origin, page):
        return True
    allowed = answer.headers.get("access-control-allow-origin", "")
    if allowed == "*":
        return True
    with suppress(FetchError):
        return read_target(allowed).origin == page
    return False


def _fragment(url: str) -> str:
    _, mark, name = url.partition("#")
    return mark + name


@dataclass(slots=True)
class _Visit:
    """One page in one browser. last: the answer that the page was made of, as it came. until: when to give up."""

    door: Door
    secrets: Secrets
    timezone: str
    language: str
    until: float = 0.0
    requests: int = 0
    first: Answer | None = None
    _last: Answer | None = None

    @property
    def last(self) -> Answer:
        assert self._last is not None  # noqa: S101 - set before anything is rendered
        return self._last

    def ask(self, url: str, jar: RequestsCookieJar) -> Answer:
        return self.door.browse(url, jar, headers=self.secrets)

    def run(self, first: Answer, route: str, jar: RequestsCookieJar, browser: str) -> str:
        """The page as it stands when nothing moves any more. Raises FetchError.

        route: the fragment of its address, by which scripts choose what they show.
        """
        from playwright.sync_api import Error, sync_playwright

        self.first = self._last = first
        where = shown(first.target.url)
        try:
            with running(browser, _ARGUMENTS, self._left() / 1_000) as endpoint, sync_playwright() as driver:
                chromium = driver.chromium.connect_over_cdp(endpoint, timeout=self._left())
                try:
                    return self._show(self._context(chromium, jar), first.target.url + route)
                finally:
                    chromium.close()  # else Playwright leaves a folder behind
        except (Error, OSError) as error:
            told = " ".join(str(error).split("Call log", 1)[0].split())[:200]
            raise FetchError(f"{where}: Chromium could not render it: {told}") from error

    def _context(self, chromium: Browser, jar: RequestsCookieJar) -> BrowserContext:
        context = chromium.new_context(
            service_workers="block",
            accept_downloads=False,
            user_agent=self.door.agent,
            timezone_id=self.timezone,
            locale=self.language,
        )
        put_cookies(context, jar, RequestsCookieJar())
        return context

    def _show(self, context: BrowserContext, url: str) -> str:
        context.route("**/*", lambda route: self._answer(context, route))
        context.route_web_socket("**/*", lambda socket: socket.close())
        page = context.new_page()
        page.goto(url, wait_until="domcontentloaded", timeout=self._left())
        return self._settled(page)

    def _settled(self, page: Page) -> str:
        """The page once it stands still for half a second with no request under way, or when its time is over."""
        from playwright.sync_api import Error
        from playwright.sync_api import TimeoutError as StillBusy

        until = min(self.until, time.monotonic() + _SETTLING)
        before = ""
        while time.monotonic() < until:
            try:
                page.wait_for_load_state("networkidle", timeout=max(1.0, (until - time.monotonic()) * 1_000))
            except StillBusy:
                break
            try:
                shown_now: str = page.content()
            except Error:  # it is on its way to another page
                shown_now = ""
            if shown_now and shown_now == before:
                return shown_now
            before = shown_now
            page.wait_for_timeout(_STILL * 1_000)
        content: str = page.content()
        return content

    def _answer(self, context: BrowserContext, route: Route) -> None:
        """Give the browser what the door gets, or nothing."""
        request = route.request
        self.requests += 1
        main = request.is_navigation_request() and request.frame.parent_frame is None
        if request.resource_type in _MADE_UP:
            media_type, body = _MADE_UP[request.resource_type]
            route.fulfill(headers=_FOR_NOBODY | {"content-type": media_type}, body=body)
            return
        unwanted = request.method != "GET" or request.resource_type in _UNWANTED
        framed = request.is_navigation_request() and not main
        if unwanted or framed or self.requests > _MOST_REQUESTS or time.monotonic() > self.until:
            route.abort()
            return
        answer, self.first = self.first, None
        if answer is None or not main:
            before = cookies_of(context)
            jar = before.copy()
            try:
                answer = self.ask(request.url, jar)
            except FetchError:
                route.abort()
                return
            put_cookies(context, jar, before)
        if main:
            self._last = answer
        elif request.resource_type in _READ_BY_SCRIPTS and not _may_read(request, answer):
            route.abort()
            return
        # Where a server says nothing, Playwright would let pages of all other servers read its answer.
        headers = _FOR_NOBODY | {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
        route.fulfill(status=answer.status, headers=headers, body=answer.body)

    def _left(self) -> float:
        """Milliseconds, at least one."""
        return max(1.0, (self.until - time.monotonic()) * 1_000)
