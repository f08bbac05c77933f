"""A browser's cookies and the door's, one for the other: each keeps the server and the path that it is for."""

from __future__ import annotations

from contextlib import suppress
from http.cookiejar import Cookie
from typing import TYPE_CHECKING

from requests.cookies import RequestsCookieJar, create_cookie

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

_LOCAL = ".local"  # what http.cookiejar hangs on names without a dot


def cookies_of(context: BrowserContext) -> RequestsCookieJar:
    """All cookies that a browser has, those of its scripts too."""
    jar = RequestsCookieJar()
    for each in context.cookies():
        jar.set_cookie(
            create_cookie(  # type: ignore[no-untyped-call]
                each["name"],
                each["value"],
                domain=_in_jar(each["domain"]),
                path=each["path"],
                secure=each["secure"],
                expires=int(each["expires"]) if each["expires"] > 0 else None,
                rest={"HttpOnly": None} if each["httpOnly"] else {},
            )
        )
    return jar


def put_cookies(context: BrowserContext, jar: RequestsCookieJar, before: RequestsCookieJar) -> None:
    """Have a browser do to its cookies what was done to those of `before`, which are in `jar` now."""
    from playwright.sync_api import Error

    old, new = _by_place(before), _by_place(jar)
    for gone in old.keys() - new.keys():
        context.clear_cookies(name=gone[0], domain=gone[1].removesuffix(_LOCAL), path=gone[2])
    for place, cookie in new.items():
        if place not in old or old[place].value != cookie.value:
            with suppress(Error):  # a cookie that no browser takes
                context.add_cookies(
                    [
                        {
                            "name": cookie.name,
                            "value": cookie.value or "",
                            "domain": cookie.domain.removesuffix(_LOCAL),
                            "path": cookie.path,
                            "secure": cookie.secure,
                            "httpOnly": cookie.has_nonstandard_attr("HttpOnly"),
                            "expires": cookie.expires if cookie.expires is not None else -1,
                        }
                    ]
                )


def _by_place(jar: RequestsCookieJar) -> dict[tuple[str, str, str], Cookie]:
    return {(each.name, each.domain, each.path): each for each in jar}


def _in_jar(domain: str) -> str:
    return domain if "." in domain or ":" in domain else domain + _LOCAL
