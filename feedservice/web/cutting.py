"""A feed cut to what a bridge asks for in its query: `limit`, `title_include`, `title_exclude` (RSSHub's parameters).

Nothing is rendered: items are taken out of the published bytes, whose markup is our own. The work is bounded by the
document's size, and answers are kept, so that the same query on the same document is cut once.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from itertools import islice
from urllib.parse import parse_qs

from feedservice.model import Coded, DocumentHead
from feedservice.web.answers import Entry, Manner
from feedservice.web.items import LISTS, suffix_of, take_apart

_NAMES = ("limit", "title_include", "title_exclude")
_LONGEST_QUERY, _LONGEST, _MOST_WORDS = 8_192, 300, 20
_MOST_KEPT, _MOST_BYTES = 64, 4_000_000
_LIMIT = re.compile(r"[1-9][0-9]{0,3}")
_TITLE = re.compile(rb"<title[^>]*>([^<]*)</title>")
_ESCAPED = re.compile(r"&(?:amp;)*+lt;[A-Za-z/!?]")
"""A title that RSS holds as HTML, for something in it looks like a tag."""
_ELSEWHERE = re.compile(
    rb'<(?:atom:)?link(?=[^<>]*? rel="(?:first|previous|next|last|prev-archive|next-archive)")[^<>]*>'
    rb'|"next_url":"[^"]*",'
)
"""Where a feed goes on: whoever followed that from a cut one would miss what was cut off."""


class BadQuery(Exception):
    """The query asks for something that cannot be; the message says what may."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What is asked for. limit: how many items; include, exclude: words of which a title must have one, or none."""

    limit: int | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def takes(self, title: str) -> bool:
        """Whether an item with this title is wanted; case does not matter."""
        plain = title.casefold()
        wanted = not self.include or any(word in plain for word in self.include)
        return wanted and not any(word in plain for word in self.exclude)


def read_query(query: str) -> Cut | None:
    """What a query string asks for; None when it names none of the parameters. Raises BadQuery."""
    if not any(name in query for name in _NAMES):
        return None
    if len(query) > _LONGEST_QUERY:
        raise BadQuery("The query is too long.")
    # Others' parameters, such as those by which clicks are counted, are not our affair, however many.
    ours = "&".join(part for part in query.split("&") if part.partition("=")[0] in _NAMES)
    # PEP 3333 hands bytes over as Latin-1; many a script sends Chinese words as they are.
    text = ours.encode("latin-1", "replace").decode("utf-8", "replace")
    given = {name: values[-1] for name, values in parse_qs(text).items()}
    if not given:
        return None
    if any(len(value) > _LONGEST for value in given.values()):
        raise BadQuery(f"A value is too long: {_LONGEST} characters at most.")
    limit = given.get("limit")
    if limit is not None and not _LIMIT.fullmatch(limit):
        raise BadQuery("limit is a number from 1 to 9999.")
    return Cut(
        limit=int(limit) if limit else None,
        include=_words(given.get("title_include", "")),
        exclude=_words(given.get("title_exclude", "")),
    )


def _words(text: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(word.strip().casefold() for word in text.split("|") if word.strip()))
    if len(words) > _MOST_WORDS:
        raise BadQuery(f"At most {_MOST_WORDS} words, with | between them.")
    return words


def cut(body: bytes, suffix: str, wanted: Cut) -> bytes:
    """The document with only the items that are wanted, in their order; in linear time."""
    parts = take_apart(body, suffix)
    taken = (item for item in parts.items if wanted.takes(_title(item, suffix)))
    alone = replace(parts, head=_ELSEWHERE.sub(b"", parts.head), tail=_ELSEWHERE.sub(b"", parts.tail))
    return alone.with_only(islice(taken, wanted.limit))


def _title(item: bytes, suffix: str) -> str:
    if suffix in LISTS:
        title = json.loads(item).get("title", "")
        return title if isinstance(title, str) else ""
    found = _TITLE.search(item)
    title = unescape(found[1].decode()) if found else ""
    return unescape(title) if suffix == "rss" and _ESCAPED.search(title) else title


class Cuts:
    """Cut documents, the latest asked for kept: so many of them, and so many bytes."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self._kept: OrderedDict[tuple[str, str, datetime | None, Cut], Entry] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def entry(self, entry: Entry, body: Callable[[], bytes | None], wanted: Cut) -> Entry | None:
        """The cut document, ready to be answered. body: gives the identity bytes; None when they are no more."""
        # The date too: bytes may come back that were there before, under a later date.
        key = (entry.path, entry.pieces["identity"].etag, entry.last_modified, wanted)
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        whole = body()
        if whole is None or entry.last_modified is None:
            return None
        made = self._prepared(entry, entry.last_modified, cut(whole, suffix_of(entry.path), wanted))
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._bytes += _size(made)
            while len(self._kept) > _MOST_KEPT or self._bytes > _MOST_BYTES:
                self._bytes -= _size(self._kept.popitem(last=False)[1])
        return made

    def _prepared(self, entry: Entry, last_modified: datetime, body: bytes) -> Entry:
        bodies = {"identity": body, "gzip": gzip.compress(body, compresslevel=6, mtime=0)}
        head = DocumentHead(
            path=entry.path,
            feed="",
            media_type=dict(entry.pieces["identity"].full)["Content-Type"],
            last_modified=last_modified,
            version=entry.version,
            codings=tuple(Coded(name, _tag(coded), len(coded)) for name, coded in bodies.items()),
        )
        return replace(self._manner.entry(head), pinned=bodies)


def _size(entry: Entry) -> int:
    return sum(map(len, (entry.pinned or {}).values()))


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:22]}"'
