"""Where articles come from, and what reads their pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel

from feedservice.model import FIRST_READ, Extraction, Fields, Letter, Memory, Moment, Page, Reading, Seen
from feedservice.protocols.network import ConditionalGet


class Source(Protocol):
    """One place that articles come from, with its options bound. Knows nothing of the store."""

    def read(self, get: ConditionalGet, known: Callable[[str], bool], memory: Memory = FIRST_READ) -> Reading:
        """Read what is on offer now, newest first where the source has an order.

        known(key) tells whether an article is already stored: pages further back need not be read when all of a page
        is known. memory: what else is to be known of the reads before. Raises SourceError when nothing could be read.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a source is handed when it is opened. The functions are `extract`'s, bound by assembly; both are pure.

    base_folder: where relative paths in its options start. timezone: IANA name, for dates that come without a zone.
    decode: (body, raw Content-Type) -> text, never failing. parse_moment: (text, IANA zone, now or None) -> the time
    that the text tells, None when it tells none; `now` is what relative dates count from.
    limit: how many articles a first read looks at; further pages need not be read for more.
    letters: what was pushed to the source and waits for it, oldest first.
    """

    base_folder: str
    timezone: str
    decode: Callable[[bytes, str], str]
    parse_moment: Callable[[str, str, datetime | None], Moment | None]
    limit: int = 200
    letters: Callable[[], Sequence[Letter]] = tuple


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A row of the table `sources.KINDS`: the options of a kind, and how to open a source with them.

    options: a frozen pydantic model; the config's checks, messages, docs and JSON Schema derive from it.
    open: (options, what a source is handed) -> Source.
    reads_pages: offers of this kind may be stubs whose page has to be read.
    offer_wins: what the source says of an article is better than what stands on its page.
    pushed: it is told of articles instead of looking for them.
    selectors: the options that say where things stand; without them that is found automatically.
    """

    name: str
    summary: str
    options: type[BaseModel]
    open: Callable[[BaseModel, Opening], Source]
    reads_pages: bool = True
    offer_wins: bool = False
    pushed: bool = False
    selectors: frozenset[str] = frozenset()


def _name_alone(page: Page) -> Seen:
    return Seen(url=page.url, status=page.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReader:
    """What `extract` can do, bound by assembly to a source's rules and time zone. All are pure.

    read: the article on a page; raises Unreadable when there is none. clean: fields that never had a page (from a feed
    or a file) made as safe and whole as those of a page; its second argument is the base for relative links.
    next_pages: where a page's article goes on. join: an article and its further pages as one.
    glance: what any answer is at first sight; never fails. selectors: by field, those of the operator that every
    article is expected to match; `Extraction.found` tells which did.
    """

    read: Callable[[Page], Extraction]
    clean: Callable[[Fields, str], Fields]
    next_pages: Callable[[Page], tuple[str, ...]]
    join: Callable[[Extraction, Sequence[Extraction]], Extraction]
    glance: Callable[[Page], Seen] = _name_alone
    selectors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
