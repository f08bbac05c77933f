"""Who asks: clients told apart by their addresses, also behind reverse proxies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

_SITE_BITS = 64
"""The last bits of an IPv6 address, of which every household and every server has all for itself (RFC 6177)."""
_LONGEST_FIELD = 1_000
_MOST = 10_000
"""How many names are remembered: to read an address costs more than an answer."""


class Clients:
    """Names the client of a request. proxies: the networks whose X-Forwarded-For is believed, and nobody else's."""

    def __init__(self, proxies: Sequence[str]) -> None:
        self._proxies = [ip_network(each, strict=False) for each in proxies]
        self._known = lru_cache(maxsize=_MOST)(self._name)

    def __call__(self, environ: dict[str, Any]) -> str:
        """An IPv4 address, or the first address of an IPv6 one's /64; what the server says where that is no address."""
        told = environ.get("HTTP_X_FORWARDED_FOR", "") if self._proxies else ""
        return self._known(environ.get("REMOTE_ADDR") or "", told[-_LONGEST_FIELD:])

    def _name(self, direct: str, forwarded: str) -> str:
        found = _address(direct)
        if found is None:
            return direct
        # Each proxy appends who asked it: what stands left of the first stranger, anybody may have written.
        hops = forwarded.split(",")
        while self._is_proxy(found) and hops:
            told = _address(hops.pop())
            if told is None:
                break
            found = told
        if isinstance(found, IPv6Address):
            return str(IPv6Address(int(found) >> _SITE_BITS << _SITE_BITS))
        return str(found)

    def _is_proxy(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._proxies)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
