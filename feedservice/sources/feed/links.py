"""Where an entry leads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from feedservice.sources.addresses import absolute
from feedservice.sources.feed.values import Entry, dicts_of, string_of

_ALTERNATE = re.compile(r"(?:https?://www\.iana\.org/assignments/(?:link-)?relation/)?alternate", re.IGNORECASE)
"""The relation by its name and, as RFC 4287 §4.2.7.2 has it, by its address."""
_BARE_HOST = re.compile(
    r"(<link>\s*+(?:<!\[CDATA\[)?+\s*+)(?=www\.[\w-]{1,63}\.[\w.-]{2,63}(?:[/?\s<\]]))", re.IGNORECASE
)


def with_whole_links(xml: str) -> str:
    """A feed whose `<link>www.example.org/...</link>` have the scheme that they lack."""
    return _BARE_HOST.sub(r"\1http://", xml)


def link_of(entry: Entry, base: str, names: tuple[str, ...], *, rdf: bool) -> str | None:
    """The entry's own http(s) address; None where it tells none.

    names: the addresses that its id comes to. rdf: in RSS 1.0 the resource that an item is about is its link (§5.5).
    """
    told = [string_of(entry, "link") or next(iter(names), "")]
    links = [link for link in dicts_of(entry, "links") if _ALTERNATE.fullmatch(string_of(link, "rel"))]
    told += [string_of(link, "href") for link in links]
    told += [string_of(entry, "id")] if rdf else []
    return next((url for each in told if (url := absolute(base, each))), None)


def former_keys_of(entry: Entry, link: str | None, base: str, title_key: str) -> Iterator[str]:
    """What older releases told an entry without an id apart by, where they did not see its link as it is now."""
    if link is None or string_of(entry, "id"):
        return
    if absolute(base, string_of(entry, "link")) is None:
        yield title_key
    host = link.removeprefix("http://")
    if host != link and host.startswith("www."):
        yield urljoin(base, host)
