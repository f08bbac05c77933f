"""Pages that only a browser can make: rendered by an installed Chromium, which reaches nothing but through the door.

Every request that a page makes is taken from the browser and asked for by the door, with all that the door refuses;
what could slip past that (DNS, sockets, WebRTC) is sent to a proxy that is not there. The browser lives for one page.
Playwright lives in this room only; it is an extra dependency.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from requests.cookies import RequestsCookieJar

from feedservice.addresses.masking import shown
from feedservice.errors import FetchError, TooLarge
from feedservice.model import NotModified, Page, Validators
from feedservice.outbound.answering import is_html
from feedservice.outbound.door import Door
from feedservice.outbound.secrets import Secrets
from feedservice.outbound.visiting import Visit
from feedservice.protocols import Get

_SECONDS = 45.0


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
    scripts write dates by. seconds: how long one page may take, once its browser is there; then that is killed.
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

        def get(url: str, *, unless: Validators | None = None, accept: str = "*/*") -> Page | NotModified:
            return self._read(url, unless, secrets)

        return get

    def _read(self, url: str, unless: Validators | None, secrets: Secrets) -> Page | NotModified:
        jar = RequestsCookieJar()
        first = self._door.browse(url, jar, headers=secrets)
        if not is_html(first):
            return self._door.judge(first, unless)
        if lacking := missing(self._browser):
            raise FetchError(f"{shown(url)}: cannot be rendered: {lacking}")
        with self._door.browsers:
            visit = Visit(
                door=self._door,
                secrets=secrets,
                timezone=self._timezone,
                language=self._language,
                seconds=self._seconds,
                last=first,
            )
            body = visit.run(_fragment(url), jar, self._browser).encode("utf-8", "replace")
        if not is_html(visit.last):
            return self._door.judge(visit.last, unless)
        if len(body) > self._limit:
            raise TooLarge(f"{shown(url)}: more than the {self._limit} bytes allowed, rendered")
        # The validators of a page that scripts fill say nothing of what they fill it with.
        return self._door.judge(
            replace(visit.last, headers={"content-type": "text/html; charset=utf-8"}, body=body), unless
        )


def _fragment(url: str) -> str:
    _, mark, name = url.partition("#")
    return mark + name
