"""Addresses: written as RFC 3986 asks, and found again in HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

from feedservice.formats.text import legal

_KEPT = "%/:?#[]@!$&'()*+,;=-._~"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"(https?://(?:[^/?#@]*@)?)([^/?#:@\[\]]{1,255})(.*)", re.IGNORECASE | re.DOTALL)
_WEB = re.compile(r"https?://[^/\s]\S*", re.IGNORECASE)

_NAMES = ("src", "href", "poster", "cite", "srcset", "data", "action", "background", "longdesc")
# The values are looked ahead at, not consumed: a quotation mark in the text must not hide the tag behind it.
_VALUE = re.compile(r"""=(?=\s*(?:"([^"]*)|'([^']*))?)""")
_TAG = re.compile(r"<[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"?|'([^']*)'?|([^\s>]*)))?""")


def web_url(url: str) -> str:
    """The address percent-encoded where RFC 3986 asks for it, an international host in ASCII (RFC 5891).

    What is encoded already stays as it is; an address that needs nothing is returned as it came.
    """
    url = _STRAY_PERCENT.sub("%25", legal(url).strip())
    return quote(url if url.isascii() else _with_ascii_host(url), safe=_KEPT)


def is_web(url: str) -> bool:
    """Whether an address is absolute, http or https."""
    return _WEB.fullmatch(url) is not None


def _with_ascii_host(url: str) -> str:
    parts = _HOST.fullmatch(url)
    if parts is None or parts[2].isascii():
        return url
    try:
        return parts[1] + parts[2].encode("idna").decode("ascii") + parts[3]
    except UnicodeError:
        return url


def urls_in(html: str) -> list[str]:
    """Every address that the attributes of an HTML fragment name, character references resolved. In linear time.

    First a quick look that takes text such as `href="x"` for an attribute; only when it finds something that is not an
    address of the web, or a value without quotation marks, the tags are taken apart.
    """
    quick = _look_alikes(html)
    if quick is not None and all(map(is_web, quick)):
        return quick
    return [url for _, name, value in _attributes(html) if name in _NAMES for url in _addresses(name, value)]


def pictures_in(html: str) -> list[str]:
    """The addresses of the pictures that an HTML fragment shows, each once, those of the web only."""
    return list(iter_pictures(html))


def iter_pictures(html: str) -> Iterator[str]:
    """`pictures_in`, one after another: the fragment is read as far as somebody asks."""
    seen: set[str] = set()
    for tag, name, value in _attributes(html):
        if (tag, name) == ("img", "src") and (url := web_url(unescape(value))) not in seen and is_web(url):
            seen.add(url)
            yield url


def _look_alikes(html: str) -> list[str] | None:
    found: list[str] = []
    for match in _VALUE.finditer(html):
        before = html[max(0, match.start() - 40) : match.start()].rstrip().lower()
        if before.endswith(_NAMES) or not before:
            value = match[1] if match[1] is not None else match[2]
            if value is None:
                return None
            found += _addresses(before, value)
    return found


def _attributes(html: str) -> Iterator[tuple[str, str, str]]:
    at = 0
    while (tag := _TAG.search(html, at)) is not None:
        at = tag.end()
        while (found := _ATTRIBUTE.match(html, at)) is not None:
            at = found.end()
            yield tag[0][1:].lower(), found[1].lower(), found[2] or found[3] or found[4] or ""


def _addresses(name: str, value: str) -> list[str]:
    value = unescape(value)
    if name.endswith("srcset"):
        return [part.split()[0] for part in re.split(r",\s+", value) if part.split()]
    return [value.strip()]
