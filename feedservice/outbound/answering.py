"""What a browser is given of an answer that the door has got, and what it may do with it."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from feedservice.errors import FetchError
from feedservice.outbound.exchange import Answer
from feedservice.outbound.urls import read_target

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request, Route

MADE_UP = {
    "image": ("image/gif", bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")),
    "stylesheet": ("text/css", b""),
}
"""What pages are given in place of what nobody looks at. Of what fails they would make something else, or nothing."""
_PASSED_ON = ("content-type", "access-control-allow-origin", "access-control-allow-credentials")
FOR_NOBODY = {"access-control-allow-origin": "https://nobody.invalid"}
_SAVED = re.compile(r"octet-stream|zip|msword|officedocument|ms-excel|ms-powerpoint|rar|7z", re.IGNORECASE)


def is_html(answer: Answer) -> bool:
    """Whether an answer is a page that a browser would show."""
    told = answer.headers.get("content-type", "").lower()
    return "html" in told if told else answer.body.lstrip()[:1] == b"<"


def is_saved(answer: Answer) -> bool:
    """Whether a browser saves an answer, or does nothing at all, and goes on to show the page it is at."""
    kind = answer.headers.get("content-disposition", "").strip().lower()
    told = answer.headers.get("content-type", "")
    return answer.status in (204, 205) or kind.startswith("attachment") or _SAVED.search(told) is not None


def may_read(request: Request, answer: Answer) -> bool:
    """Whether a page's script may read what came over redirects, of which the browser knows nothing.

    The rest is for the browser to judge (https://fetch.spec.whatwg.org/#http-cors-protocol).
    """
    with suppress(FetchError):
        page = read_target(request.frame.url).origin
        if answer.target.origin in (read_target(request.url).origin, page):
            return True
        allowed = answer.headers.get("access-control-allow-origin", "")
        return allowed == "*" or read_target(allowed).origin == page
    return False


def is_own(request: Request, page: Page) -> bool:
    """Whether a page's own document is asked for, not that of a frame or of another window."""
    frame = request.frame
    return frame.parent_frame is None and bool(frame.page == page)


def refuse(route: Route, *, main: bool) -> None:
    """Let a request fail. main: it is for another page in place of the one that is shown, which stays."""
    if main:
        route.fulfill(status=204)  # after any other failure the browser shows an error page of its own
    else:
        route.abort()


def fulfill(route: Route, answer: Answer) -> None:
    """Give the browser what came."""
    # Where a server says nothing, Playwright would let pages of all other servers read its answer.
    headers = FOR_NOBODY | {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
    route.fulfill(status=answer.status, headers=headers, body=answer.body)
