"""What is answered for feeds that are no more at an address: where they are now, or that they are gone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

from feedservice.web.answers import Fields, not_allowed, options, short

_PATH = re.compile(r"/feeds/(?P<name>[^/.]+)(?P<page>/archive/[0-9]+)?\.(?P<suffix>[a-z]+(?:\.[a-z]+)?)")
_DAY = 24 * 3600
_KEPT = "%/:?#[]@!$&'()*+,;=-._~"
Answer = tuple[str, Fields, bytes]


def name_in(path: str) -> str:
    """The feed that a document's address belongs to; "" for an address of nothing of the kind."""
    found = _PATH.fullmatch(path)
    return found["name"] if found else ""


def answer_moved(
    path: str,
    query: str,
    method: str,
    *,
    retired: Mapping[str, str | None],
    is_served: Callable[[str], bool],
    base_url: str,
) -> Answer | None:
    """301 to where a feed is now, in the same format (RFC 9110 §15.4.2), or 410 when it is gone (§15.5.11).

    retired: by name, where each is found now, in one hop. is_served: whether there is a document at a path: nobody is
    sent to an address that has none. None: there is nothing to tell.
    """
    found = _PATH.fullmatch(path)
    if found is None or found["name"] not in retired:
        return None
    if method not in ("GET", "HEAD"):
        return options() if method == "OPTIONS" else not_allowed()
    target = retired[found["name"]]
    if target is None:
        return short("410 Gone", "This feed is gone for good; / lists those that are there.")
    if not is_served(f"/feeds/{target}.{found['suffix']}"):
        return None
    address = quote(f"{base_url}/feeds/{target}{found['page'] or ''}.{found['suffix']}", safe=_KEPT)
    # PEP 3333 hands bytes over as Latin-1; many a script sends Chinese words as they are.
    asked = quote(query.encode("latin-1", "replace"), safe=_KEPT)
    return _moved(f"{address}?{asked}" if asked else address)


def _moved(address: str) -> Answer:
    body = f"This feed is at {address} now.\n".encode()
    fields: Fields = [
        ("Location", address),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", f"max-age={_DAY}"),
        ("X-Content-Type-Options", "nosniff"),
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Expose-Headers", "Location"),
    ]
    return "301 Moved Permanently", fields, body
