"""Which addresses may be connected to: an allow-list, because what nobody listed is the hole.

IPv6 is public only inside 2000::/3, the space that IANA hands out, minus what its special-purpose registry carves out
of it; IPv4 is public unless a registry (or a cloud's habit) says otherwise. Every form of IPv6 that embeds an IPv4
address lies outside, but for the mapped one, which is judged as the IPv4 address that it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# RFC 6890 and https://www.iana.org/assignments/iana-ipv4-special-registry, multicast (RFC 5771) and the former 6to4
# relays (RFC 7526) included. The AS112 and AMT blocks are reachable, and hold nothing that anybody publishes.
_REFUSED_V4 = tuple(
    IPv4Network(prefix)
    for prefix in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "168.63.129.16/32",  # the Azure platform's own services, at an address that looks public
    )
)
_UNICAST_V6 = IPv6Network("2000::/3")
# https://www.iana.org/assignments/iana-ipv6-special-registry
_REFUSED_V6 = tuple(
    IPv6Network(prefix)
    for prefix in (
        "2001::/23",  # IETF protocols: Teredo, ORCHID, benchmarking
        "2001:db8::/32",
        "2002::/16",  # 6to4 embeds any IPv4 address
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)


def parse_address(text: str) -> Address | None:
    """The address that `text` spells in the one canonical way of its family; a zone id (RFC 4007) is dropped."""
    try:
        return ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None


def is_public(address: str | Address) -> bool:
    """Whether anybody's public server may live at `address`; False for a text that is no address."""
    found = parse_address(address) if isinstance(address, str) else address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return found in _UNICAST_V6 and not any(found in network for network in _REFUSED_V6)
        found = found.ipv4_mapped
    return found is not None and not any(found in network for network in _REFUSED_V4)


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What the operator lets through all the same: host names as they stand in URLs, and networks."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def allow(self, host: str, address: str) -> bool:
        """Whether `host`, found at `address`, may be connected to."""
        if is_public(address) or host.lower().rstrip(".") in self.hosts:
            return True
        found = parse_address(address)
        if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        return found is not None and any(found in network for network in self.networks)


def read_exceptions(allow: Iterable[str]) -> Exceptions:
    """Sort what `FetchSettings.allow` holds: CIDR networks and addresses from host names."""
    hosts: set[str] = set()
    networks: list[Network] = []
    for entry in allow:
        try:
            networks.append(ip_network(entry.strip().strip("[]"), strict=False))
        except ValueError:
            hosts.add(entry.strip().lower().rstrip("."))
    return Exceptions(frozenset(hosts), tuple(networks))
