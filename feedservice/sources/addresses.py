"""Addresses as they stand in pages and feeds, made absolute; which of them belong to one site."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from feedservice.addresses.joining import plainly_joined

_LONGEST = 4_000
_SPACE = re.compile(r"[\x00-\x20\x7f\u3000]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_AFTER_PATH = re.compile(r"[?#]")
_SESSION = re.compile(r";jsessionid=[^/;]*+", re.IGNORECASE)
_SESSION_FIELD = re.compile(r"(?:\A|(?<=&))(?:jsessionid|phpsessid|aspsessionid\w{0,20})=[^&]*+(?:&|\Z)", re.IGNORECASE)
_ROUTE = re.compile(r"#[/!]+[^/!]")
_SAFE = "/%?#&=+,;:@!$'()*[]~|{}"
_SECOND_LEVEL = re.compile(
    r"ac|com?|edu|go[vb]?|mil|net?|nom|org?|re|sch|bj|sh|tj|cq|he|sx|nm|ln|jl|hl|js|zj|ah|fj|jx|sd|ha|hb|hn|gd|gx|hi|sc|gz|yn"
    r"|xz|sn|gs|qh|nx|xj|tw|hk|mo"
)


def absolute(base: str, reference: str) -> str | None:
    """The http(s) address that a reference in a document at `base` comes to, without its fragment's white space.

    A backslash in front of the query is a slash, as browsers read it (URL Standard §4.4). The number of a visit
    (;jsessionid=, PHPSESSID=) is left out: it would make every visit's address another one.

    None for other schemes (javascript:, mailto:, data:), for what is too long, and for what is no address at all.
    """
    reference = reference.strip("\x00\t\n\x0b\x0c\r \u3000\xa0")
    if not reference or len(reference) > _LONGEST or _SURROGATE.search(reference):
        return None
    if "sess" not in reference.lower() and (plain := plainly_joined(base, reference)):
        return plain
    if "\\" in reference:
        reference = _with_slashes(reference)
    reference = _SPACE.sub(lambda run: "" if run[0].strip(" \u3000") else "%20", reference)
    try:
        parts = urlsplit(urljoin(base, reference))
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    path, query = _without_session(parts.path, parts.query)
    return urlunsplit(parts._replace(path=_quoted(path), query=_quoted(query)))


def _with_slashes(reference: str) -> str:
    after = _AFTER_PATH.search(reference)
    end = after.start() if after else len(reference)
    return reference[:end].replace("\\", "/") + reference[end:]


def _without_session(path: str, query: str) -> tuple[str, str]:
    if "session" in path.lower():
        path = _SESSION.sub("", path)
    if "sess" in query.lower():
        shorter = _SESSION_FIELD.sub("", query)
        query = query if shorter == query else shorter.removesuffix("&")
    return path, query


def leads_elsewhere(reference: str) -> bool:
    """Whether a link leads away from its page: not where it is but a fragment, unless that names a page to a script."""
    return bool(reference) and (not reference.startswith("#") or _ROUTE.match(reference) is not None)


def _quoted(text: str) -> str:
    return text if text.isascii() else quote(text, safe=_SAFE)


def site_of(url: str) -> str:
    """The registrable domain of an address, near enough: example.com.cn, example.org, an IP address, a bare host."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    labels = host.split(".")
    if len(labels) < 3 or labels[-1].isdecimal() or ":" in host:
        return host
    width = 3 if len(labels[-1]) == 2 and _SECOND_LEVEL.fullmatch(labels[-2]) else 2
    return ".".join(labels[-width:])


def without_fragment(url: str) -> str:
    """An address without what follows its #, except where that names the page to a script (#/news/1, #!news)."""
    head, mark, fragment = url.partition("#")
    return url if mark and fragment.startswith(("/", "!")) else head
