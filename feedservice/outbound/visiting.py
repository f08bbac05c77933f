"""One page in one browser: what it asks for is asked for by the door, side by side, and read when it stands still."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from requests.cookies import RequestsCookieJar

from feedservice.addresses.masking import shown
from feedservice.errors import FetchError
from feedservice.outbound.answering import FOR_NOBODY, MADE_UP, fulfill, is_html, is_own, is_saved, may_read, refuse
from feedservice.outbound.browser import running
from feedservice.outbound.cookies import cookies_of, put_cookies
from feedservice.outbound.door import Door
from feedservice.outbound.exchange import Answer
from feedservice.outbound.secrets import Secrets
from feedservice.outbound.urls import read_target
from feedservice.words import signs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

_TICK = 0.05
_LOOK = 0.5
_STILL = 0.9
_SETTLING = 10.0
_MARGIN = 2.0
_MOST_REQUESTS = 200
_MOST_DOCUMENTS = 10
_SIDE_BY_SIDE = 6
_FEW = 400
_GONE = {404, 410}
_UNWANTED = {"media", "font", "websocket", "eventsource", "manifest", "ping", "texttrack"}
_READ_BY_SCRIPTS = {"fetch", "xhr"}
_LEADS_ON = re.compile(r"<meta\b[^>]{0,200}http-equiv=.?refresh", re.IGNORECASE)
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


@dataclass(slots=True, kw_only=True)
class Visit:
    """A page, from its first answer on. last: the answer that it is made of, as it came; where it leads to something
    that is no page of HTML, that. seconds: after how many to give up, counted from when its browser is there.
    """

    door: Door
    secrets: Secrets
    timezone: str
    language: str
    seconds: float
    last: Answer
    _until: float = 0.0
    _ready: Answer | None = None
    _requests: int = 0
    _documents: int = 0
    _settles: float = 0.0
    _waiting: int = 0
    _over: bool = False
    _fault: FetchError | None = None

    def run(self, route: str, jar: RequestsCookieJar, browser: str) -> str:
        """The page as it stands when nothing moves any more. Raises FetchError.

        route: the fragment of its address, by which scripts choose what they show.
        """
        from playwright.sync_api import Error, sync_playwright

        self._ready = self.last
        url = self.last.target.url
        fetchers = ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="renderer")
        try:
            with running(browser, _ARGUMENTS, self.seconds) as endpoint:
                self._until = self._settles = time.monotonic() + self.seconds
                with sync_playwright() as driver:
                    chromium = driver.chromium.connect_over_cdp(endpoint, timeout=self._left())
                    try:
                        return self._show(self._context(chromium, jar), url + route, fetchers)
                    finally:
                        chromium.close()  # else Playwright leaves a folder behind
        except (Error, OSError) as error:
            told = " ".join(str(error).split("Call log", 1)[0].split())[:200]
            raise FetchError(f"{shown(url)}: Chromium could not render it: {told}") from error
        finally:
            fetchers.shutdown(wait=False, cancel_futures=True)

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

    def _show(self, context: BrowserContext, url: str, fetchers: ThreadPoolExecutor) -> str:
        page = context.new_page()
        context.route("**/*", lambda route: self._take(context, page, route, fetchers))
        context.route_web_socket("**/*", lambda socket: socket.close())
        page.on("domcontentloaded", lambda _: self._settle_anew())
        page.goto(url, wait_until="commit", timeout=self._left())
        try:
            return self._settled(page)
        finally:
            self._over = True
            while self._waiting:
                page.wait_for_timeout(_TICK * 1_000)

    def _settle_anew(self) -> None:
        self._settles = time.monotonic() + _SETTLING

    def _settled(self, page: Page) -> str:
        """The page once it stands still for a second with no request under way, or when its time is over."""
        before, since, looked = "", time.monotonic(), 0.0
        while (now := time.monotonic()) < min(self._settles, self._until - _MARGIN):
            page.wait_for_timeout(_TICK * 1_000)
            if self._fault is not None:
                raise self._fault
            if not is_html(self.last):
                return ""
            since = now if self._waiting else since
            if self._waiting or now - looked < _LOOK:
                continue
            looked, content = now, _content(page)
            if content != before:
                before, since = content, now
            elif content and now - since >= _STILL and not self._is_on_its_way(page, content):
                return content
        return _content(page) or before

    def _is_on_its_way(self, page: Page, content: str) -> bool:
        """Whether a page that stands still is one that leads to another in a while: a challenge, a shell."""
        from playwright.sync_api import Error

        if self.last.status >= 400 and self.last.status not in _GONE:
            return "<script" in content
        if not (signs.in_markup(content) or signs.is_shell(content) or _LEADS_ON.search(content[:100_000])):
            return False
        try:
            words: object = page.evaluate("document.body ? document.body.innerText.trim().length : 0")
        except Error:  # it has gone on just now
            return True
        return isinstance(words, int) and words < _FEW

    def _take(self, context: BrowserContext, page: Page, route: Route, fetchers: ThreadPoolExecutor) -> None:
        """Have the door ask for what the browser wants, or refuse it."""
        from playwright.sync_api import Error

        with suppress(Error):  # whoever asked is gone meanwhile
            request = route.request
            self._requests += 1
            main = request.is_navigation_request() and is_own(request, page)
            if made_up := MADE_UP.get(request.resource_type):
                route.fulfill(headers=FOR_NOBODY | {"content-type": made_up[0]}, body=made_up[1])
            elif main and self._ready is not None:
                self.last, self._ready = self._ready, None
                fulfill(route, self.last)
            elif self._refuses(request, main=main):
                refuse(route, main=main)
            else:
                self._waiting += 1
                try:
                    self._answer(context, page, route, fetchers)
                finally:
                    self._waiting -= 1

    def _refuses(self, request: Request, *, main: bool) -> bool:
        self._documents += main
        framed = request.is_navigation_request() and not main
        unwanted = request.method != "GET" or request.resource_type in _UNWANTED
        return unwanted or framed or self._requests > _MOST_REQUESTS or self._documents > _MOST_DOCUMENTS

    def _answer(self, context: BrowserContext, page: Page, route: Route, fetchers: ThreadPoolExecutor) -> None:
        """Give the browser what the door gets. Others are given theirs meanwhile: Playwright runs them in turn."""
        request = route.request
        main = request.is_navigation_request()
        before = cookies_of(context)
        jar = before.copy()
        coming = fetchers.submit(self.door.browse, request.url, jar, headers=self.secrets)
        while not coming.done():
            if self._over:
                return
            page.wait_for_timeout(_TICK * 1_000)
        try:
            answer = coming.result()
        except FetchError as error:
            self._fault = error if main else self._fault
            refuse(route, main=main)
            return
        put_cookies(context, jar, before)
        if main:
            self._go_on(route, answer)
        elif request.resource_type in _READ_BY_SCRIPTS and not may_read(request, answer):
            route.abort()
        else:
            fulfill(route, answer)

    def _go_on(self, route: Route, answer: Answer) -> None:
        """Show the page that another leads to; at its own address, where that was reached over redirects."""
        if is_saved(answer):
            refuse(route, main=True)
        elif not is_html(answer):
            self.last = answer
            refuse(route, main=True)
        elif answer.target.url != read_target(route.request.url).url:
            self._ready = answer
            place = json.dumps(answer.target.url).replace("<", "\\u003c")
            body = f"<script>location.replace({place} + location.hash)</script>"
            route.fulfill(headers={"content-type": "text/html"}, body=body)
        else:
            self.last = answer
            fulfill(route, answer)

    def _left(self) -> float:
        """Milliseconds, at least one."""
        return max(1.0, (self._until - time.monotonic()) * 1_000)


def _content(page: Page) -> str:
    """The page as it stands; "" while it is on its way to another. Raises FetchError for the browser's own errors."""
    from playwright.sync_api import Error

    if page.url.startswith("chrome-error:"):
        raise FetchError("the page leads to an address that cannot be shown")
    try:
        content: str = page.content()
    except Error:
        if page.is_closed():
            raise
        return ""
    return content
