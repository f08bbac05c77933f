"""Addresses as texts: what is asked for, read once and the same way everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from feedservice.addresses.masking import shown
from feedservice.errors import FetchError, Forbidden

PORTS = {"http": 80, "https": 443}
"""The usual ones, which no address has to name."""
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_AFTER_HOST = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://[^/?#]*)(.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Target:
    """One place to ask: everything that is decided about a URL is decided from these, never from its text.

    url: absolute, without user name and fragment. host: as it is looked up, lower case, no brackets.
    credentials: USER:PASSWORD as it stood in the URL (still percent-encoded), None where there was none.
    """

    url: str
    scheme: str
    host: str
    port: int
    credentials: str | None = None

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port (RFC 6454 §4)."""
        return self.scheme, self.host, self.port

    @property
    def site(self) -> str:
        """HOST:PORT: what politeness counts by."""
        return f"{self.host}:{self.port}"


def read_target(url: str) -> Target:
    """Read a URL (RFC 3986). Raises Forbidden for all but http and https, FetchError for what is no address at all."""
    # Blanks in a path are encoded, as browsers do it; in a host they mean that somebody wants to confuse.
    text = _AFTER_HOST.sub(lambda match: match[1] + match[2].replace(" ", "%20"), url.strip(" \t\r\n"))
    if _CONTROL.search(text) or "\\" in text:
        raise FetchError(f"{shown(url)}: not an address: it holds blanks, control characters or backslashes")
    parsed = _parse(text)
    scheme = (parsed.scheme or "").lower()
    if scheme not in PORTS:
        raise Forbidden(f"{shown(url)}: only http and https are fetched")
    host = (parsed.host or "").strip("[]").lower()
    port = parsed.port if parsed.port is not None else PORTS[scheme]
    if not host or len(host) > 253 or not 0 < port < 65536:
        raise FetchError(f"{shown(url)}: not an address: its host or port is missing or impossible")
    bare = parsed._replace(auth=None, fragment=None, path=parsed.path or "/")
    return Target(bare.url, scheme, host, port, parsed.auth)


def follow(target: Target, location: str) -> Target:
    """Where a Location field leads from `target` (RFC 9110 §10.2.2). Raises like `read_target`."""
    try:
        joined = urljoin(target.url, _as_written(location).strip())
    except ValueError:
        raise FetchError(f"{shown(target.url)}: leads to something that is no address") from None
    return read_target(joined)


def _as_written(location: str) -> str:
    """A field that was read as Latin-1: what servers write into it is UTF-8, or bytes that only they understand."""
    try:
        raw = location.encode("latin-1")
    except UnicodeError:
        return location
    try:
        return raw.decode("utf-8")
    except UnicodeError:
        return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in raw)


def _parse(url: str) -> Url:
    try:
        parsed = parse_url(url)
    except LocationParseError:
        return _parse_international(url)
    return parsed if (parsed.host or "").isascii() else _parse_international(url)


def _parse_international(url: str) -> Url:
    """For host names that only mean something after the mapping of UTS 46, as browsers do it."""
    import idna

    match = re.match(r"([A-Za-z][A-Za-z0-9+.-]*://)((?:[^/?#]*@)?)([^/?#@:\[\]]+)(.*)", url, re.DOTALL)
    if match is not None and not match[3].isascii():
        try:
            host = idna.encode(match[3], uts46=True).decode("ascii")
            return parse_url(f"{match[1]}{match[2]}{host}{match[4]}")
        except (idna.IDNAError, LocationParseError):
            pass
    raise FetchError(f"{shown(url)}: not an address: its host or port is missing or impossible")
