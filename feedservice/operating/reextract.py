"""Changed rules applied to the past: articles are read anew from the pages that were kept, without a request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from feedservice import digests, minting
from feedservice.errors import FetchError, SourceError, Unreadable
from feedservice.model import Article, Capture, Edit, Extraction, Fields, Known, Page
from feedservice.packing import unpack
from feedservice.protocols import Clock, Store, Writer
from feedservice.refreshing.completing import combine, read_article
from feedservice.refreshing.looks import with_arrivals
from feedservice.refreshing.opened import OpenSource
from feedservice.words.differences import Line, whole_difference

_AT_ONCE = 50
"""How many articles are stored in one transaction: few enough that nobody waits, and that little is done again."""


@dataclass(frozen=True, slots=True)
class Anew:
    """An article as the present rules read it. own: what its source says of it; fields: both as one.

    pages: the addresses of the pages that were kept. problem: what is wrong with a further page that was left out.
    """

    extraction: Extraction
    own: Fields
    fields: Fields
    pages: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """An article that the rules read otherwise now, or could not read. problem: why it is left as it was, if it is."""

    id: str
    url: str
    title: str
    lines: tuple[Line, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reextraction:
    """What came of reading a source's articles anew, in numbers of articles. stored: whether what changed was stored.

    refused: left as they were, since they could not be read or would have been worse. unkept: no page is kept of them.
    """

    source: str
    stored: bool
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    unkept: int = 0


def reextract(
    source: OpenSource,
    *,
    store: Store,
    clock: Clock,
    write: bool,
    step: Callable[[int, int, str], None],
    tell: Callable[[Reread], None],
) -> Reextraction:
    """Read all articles of a source anew, and store what is otherwise as revisions that move no id and no date.

    write: whether anything is stored; then the caller is the acting worker. step: called with how many of how many are
    done. tell: called for each article that changed or was refused, once that is stored. What was stored when it is cut
    short stays; the next run does the rest. Raises StoreError.
    """
    counts: Counter[str] = Counter()
    done = 0
    for articles in _some_at_once(store.every(source.name)):
        captures = store.captures(article.seq for article in articles)
        known = {each.seq: each for each in store.known(source.name, [article.key for article in articles]).values()}
        read = [_reread(source, article, captures.get(article.seq)) for article in articles]
        edits = [
            _edit(source, known[article.seq], fields)
            for article, (fields, told) in zip(articles, read, strict=True)
            if fields is not None
        ]
        if write and edits:
            with store.writing() as writer:
                writer.revise(_dated(writer, edits, known.values(), clock()), clock())
        for article, (fields, told) in zip(articles, read, strict=True):
            counts[_outcome(article, captures, fields, told)] += 1
            if told is not None:
                tell(told)
        done += len(articles)
        step(done, max(done, store.counts().get(source.name, 0)), source.name)
    return Reextraction(source=source.name, stored=write, **{name: n for name, n in counts.items() if name})


def read_anew(source: OpenSource, capture: Capture) -> Anew:
    """The article of a capture, as the present rules read it. Raises SourceError when they find none on it."""
    pages = unpack(capture)
    if not pages:
        raise Unreadable("the page that was kept is damaged: it is empty")
    url, first = next(iter(pages.items()))

    def fetch(asked: str) -> Page:
        if asked not in pages:
            raise FetchError(f"{asked}: was not kept", status=404)
        return pages[asked]

    read = read_article(source.pages, fetch, first)
    own = source.pages.clean(capture.offer, url)
    fields = combine(read.extraction.fields, own, offer_wins=source.offer_wins)
    return Anew(read.extraction, own, fields, tuple(pages), read.problem)


def _reread(source: OpenSource, article: Article, capture: Capture | None) -> tuple[Fields | None, Reread | None]:
    """What to store of an article, and what to tell of it; both None where there is nothing."""
    if capture is None or article.withdrawn:
        return None, None
    told = Reread(id=article.id, url=article.url, title=article.fields.title)
    try:
        fields = read_anew(source, capture).fields
    except SourceError as error:
        return None, replace(told, problem=str(error))
    before = article.fields
    if not digests.is_other(before, fields):
        return None, None
    lines = whole_difference(before, fields)
    lost = [name for name in ("title", "body") if getattr(before, name) and not getattr(fields, name)]
    if lost:
        return None, replace(told, lines=lines, problem=f"the rules find no {' and no '.join(lost)} on it any more")
    return fields, replace(told, lines=lines)


def _edit(source: OpenSource, known: Known, fields: Fields) -> Edit:
    """A revision that is not significant: the site has not edited anything."""
    return Edit(
        seq=known.seq,
        fields=fields,
        offer_digest=known.offer_digest,
        content_digest=digests.content_digest(fields),
        updated=None,
        feeds=source.selections(fields),
    )


def _dated(writer: Writer, edits: Sequence[Edit], known: Iterable[Known], now: datetime) -> tuple[Edit, ...]:
    """The edits with dates for the selections that take them."""
    published = {each.seq: each.published for each in known}
    joining = [published[edit.seq] for edit in edits if edit.feeds]
    return with_arrivals(edits, minting.decide_arrivals(joining, latest=writer.latest_arrival(), now=now))


def _outcome(article: Article, captures: Mapping[int, Capture], fields: Fields | None, told: Reread | None) -> str:
    """The count that an article belongs to; none for one that was withdrawn."""
    if article.withdrawn:
        return ""
    if article.seq not in captures:
        return "unkept"
    if told is None:
        return "unchanged"
    return "refused" if fields is None else "changed"


def _some_at_once(articles: Iterator[Article]) -> Iterator[Sequence[Article]]:
    while some := list(islice(articles, _AT_ONCE)):
        yield some
