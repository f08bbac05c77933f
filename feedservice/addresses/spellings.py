"""The spellings of one address: with and without TLS, www, a slash at the end, and what only counts visitors.

A site that changes from one to another still means the same articles; nothing else about an address is free to change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from feedservice.model import Known, Offer

_TRACKING = re.compile(r"(?:utm_\w{1,30}|spm|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id)=", re.IGNORECASE)
_WEB = {"http": "https", "https": "http"}
_ORIGIN = re.compile(r"(https?)://([^/?#]+)")
_FRONT = re.compile(r"/*(?:(?:index|default|home)(?:\.\w{1,8})?/*)?", re.IGNORECASE)
_NUMERIC = re.compile(r"[\d.]+")


def plain(address: str) -> str:
    """An address without well-known fields that only say where its visitors come from (utm_source, spm, ...)."""
    parts = _parts(address)
    return address if parts is None else _joined(address, parts._replace(query=_untracked(parts.query)))


def spellings(name: str) -> tuple[str, ...]:
    """The other spellings of an address, the likeliest first; () for a name that is none.

    What follows an address on a line of its own (the title that tells it from others) stays as it is.
    """
    parts = _parts(name)
    if parts is None:
        return ()
    choices = product(
        (parts.path, *_paths(parts.path)),
        (parts.netloc, *_hosts(parts.netloc)),
        (parts.scheme, *([] if ":" in parts.netloc else [_WEB[parts.scheme]])),
        dict.fromkeys((parts.query, _untracked(parts.query))),
    )
    written = {
        _joined(name, SplitResult(scheme, host, path, query, parts.fragment)): (
            path != parts.path,
            host != parts.netloc,
            scheme != parts.scheme,
            query != parts.query,
        )
        for path, host, scheme, query in choices
    }
    written.pop(name, None)
    return tuple(sorted(written, key=lambda each: (sum(written[each]), written[each])))


def is_one(one: str, other: str) -> bool:
    """Whether two addresses are one, spelled in two ways or in one."""
    return one == other or _bare(one) == _bare(other)


def is_front_of(came: str, address: str) -> bool:
    """Whether an address is that of the front page of the site that another one is on: its root, or an index there."""
    parts, asked = _parts(came), _parts(address)
    if parts is None or asked is None or _untracked(parts.query) or not _FRONT.fullmatch(parts.path):
        return False
    hosts = [_without_www(each.netloc) for each in (parts, asked)]
    return hosts[0] == hosts[1] or hosts[0].endswith(f".{hosts[1]}") or hosts[1].endswith(f".{hosts[0]}")


def respelled(address: str, home: str, *, others: bool) -> str:
    """An address within a text as it would be with the scheme and host of `home`, where it is of the same site.

    others: those of other sites get its scheme too.
    """
    parts, model = _ORIGIN.match(address), _ORIGIN.match(home)
    if parts is None or model is None:
        return address
    if _without_www(parts[2]) == _without_www(model[2]):
        return f"{model[0]}{address[parts.end() :]}"
    return f"{model[1]}://{address[parts.end(1) + 3 :]}" if others else address


def homes(address: str) -> tuple[str, ...]:
    """The roots of an address's site in all spellings; () for what is no address."""
    parts = _parts(address)
    if parts is None:
        return ()
    hosts = (parts.netloc, *_hosts(parts.netloc))
    return tuple(f"{scheme}://{host}/" for scheme in (parts.scheme, _WEB[parts.scheme]) for host in hosts)


def without_twins(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """The offers without those that differ from another one's key by nothing but what counts visitors.

    The one whose key is plain is kept, else the first.
    """
    plains = {offer.key: plain(offer.key) for offer in offers}
    if all(key == short for key, short in plains.items()):
        return tuple(offers)
    kept: dict[str, str] = {}
    for key, short in plains.items():
        kept.setdefault(short, short if short in plains else key)
    return tuple(offer for offer in offers if kept[plains[offer.key]] == offer.key)


class _Claim(NamedTuple):
    """One way in which an offer may be a stored article. rank: of the spelling; the likeliest is 0."""

    rank: int
    place: int
    key: str
    known: Known


def known_otherwise(
    offers: Sequence[Offer],
    known: Mapping[str, Known],
    look_up: Callable[[Iterable[str]], Mapping[str, Known]],
    *,
    source: str,
    is_noted: Callable[[str], bool] = lambda key: False,
) -> dict[str, Known]:
    """What is stored under another spelling of a key, of offers none of whose own keys is known; by their own keys.

    is_noted: whether a key was looked for in vain before, so that its other spellings need not be.
    An article that is offered by its own name is no other's, and of two offers for one article the likelier has it:
    what stands side by side is two.
    """
    taken = {known[key].seq for offer in offers for key in _keys(offer) if key in known}
    unknown = [
        (place, offer)
        for place, offer in enumerate(offers)
        if not any(key in known for key in _keys(offer)) and not is_noted(offer.key)
    ]
    ways = [
        (rank, place, key, spelling)
        for place, offer in unknown
        for key in (*offer.former_keys, offer.key, *([offer.url] if offer.shared and offer.url else []))
        for rank, spelling in enumerate(spellings(key))
    ]
    found = look_up(dict.fromkeys(spelling for *_, spelling in ways)) if ways else {}
    claims = [
        _Claim(rank, place, key, found[spelling])
        for rank, place, key, spelling in ways
        if spelling in found and _may_be(found[spelling], offers[place], key, source)
    ]
    settled: dict[str, Known] = {}
    served: set[int] = set()
    for claim in sorted(claims, key=lambda claim: (claim.rank, claim.place)):
        if claim.place not in served and claim.known.seq not in taken:
            served.add(claim.place)
            taken.add(claim.known.seq)
            settled[claim.key] = claim.known
    return settled


def under_noted_keys(
    offers: Sequence[Offer], known: Mapping[str, Known], is_noted: Callable[[str], bool]
) -> tuple[Offer, ...]:
    """The offers, those that are not known under the spelling of their key that something is noted under.

    Never one that another offer has for its own.
    """
    taken = {offer.key for offer in offers}
    named: list[Offer] = []
    for offer in offers:
        key = offer.key
        if key not in known and not is_noted(key):
            key = next((each for each in spellings(key) if each not in taken and is_noted(each)), key)
            taken.add(key)
        named.append(offer if key == offer.key else replace(offer, key=key))
    return tuple(named)


def _keys(offer: Offer) -> tuple[str, ...]:
    return (offer.key, *offer.former_keys)


def _may_be(known: Known, offer: Offer, key: str, source: str) -> bool:
    """Whether an article that is stored under another spelling can be taken for an offer's.

    One that another source brought is, where the offer joins it: by an address or a permanent id of its own. By an
    address that it shares, an offer is only what is called the same.
    """
    if offer.shared and key == offer.url and known.title.split() != offer.fields.title.split():
        return False
    if known.source == source or known.offered or known.withdrawn:
        return True
    return offer.key in (offer.url, offer.permanent_id)


def _parts(name: str) -> SplitResult | None:
    """The parts of an http(s) address, up to the end of its line; None for any other name."""
    if not name.startswith(("http://", "https://")):
        return None
    try:
        parts = urlsplit(name.partition("\n")[0])
    except ValueError:
        return None
    return parts if parts.netloc and "@" not in parts.netloc else None


def _joined(name: str, parts: SplitResult) -> str:
    return parts.geturl() + "".join(name.partition("\n")[1:])


def _untracked(query: str) -> str:
    if not _TRACKING.search(query):
        return query
    return "&".join(field for field in query.split("&") if not _TRACKING.match(field))


def _paths(path: str) -> tuple[str, ...]:
    return (path.rstrip("/"),) if path.endswith("/") else (f"{path}/",)


def _hosts(host: str) -> tuple[str, ...]:
    if host.startswith("www."):
        return (host.removeprefix("www."),)
    return (f"www.{host}",) if "." in host and not _NUMERIC.fullmatch(host.partition(":")[0]) else ()


def _without_www(host: str) -> str:
    return host.removeprefix("www.")


def _bare(address: str) -> str:
    parts = _parts(address)
    if parts is None:
        return address
    scheme = parts.scheme if ":" in parts.netloc else "https"
    host, path, query = _without_www(parts.netloc), parts.path.rstrip("/"), _untracked(parts.query)
    return _joined(address, SplitResult(scheme, host, path, query, parts.fragment))
