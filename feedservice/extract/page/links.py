"""Addresses on a page: made absolute, percent-encoded, and refused when they are not for the web."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from feedservice.addresses.joining import plainly_joined

_STRIPPED = re.compile(r"[\x00-\x20\x7f\u200b\ufeff]+$|^[\x00-\x20\x7f\u200b\ufeff]+|[\t\r\n]")
_PATH_SAFE = "/%:@!$&'()*+,;=-._~|"
_QUERY_SAFE = _PATH_SAFE + "?[]"
_SCHEMES = frozenset({"http", "https"})


def absolute(url: str | None, base_url: str) -> str | None:
    """The address made absolute and percent-encoded (RFC 3986 §2.1); None when it is not http or https, or no address.

    What is percent-encoded already stays as it is.
    """
    if not url or len(url) > 4_000:
        return None
    if plain := plainly_joined(base_url, url):
        return plain
    url = _STRIPPED.sub("", url)
    if not url or url.startswith("#"):
        return None
    try:
        parts = urlsplit(urljoin(base_url, url.replace("\\", "/")))
        host = parts.hostname
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or not host:
        return None
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if not re.fullmatch(r"[A-Za-z0-9._:-]+", name):
        return None
    netloc = (f"[{name}]" if ":" in name else name) + (f":{port}" if port is not None else "")
    path = quote(_loose_percents(parts.path), safe=_PATH_SAFE)
    query = quote(_loose_percents(parts.query), safe=_QUERY_SAFE)
    fragment = quote(_loose_percents(parts.fragment), safe=_QUERY_SAFE)
    return urlunsplit((parts.scheme.lower(), netloc, path, query, fragment))


def _loose_percents(text: str) -> str:
    """Encode the percent signs that begin no escape."""
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)


def link(url: str | None, base_url: str) -> str | None:
    """As `absolute`, but mailto: and tel: are links too."""
    if url and url.strip().lower().startswith(("mailto:", "tel:")):
        return quote(_STRIPPED.sub("", url), safe=_QUERY_SAFE + "#")
    return absolute(url, base_url)
