"""How each field of an article was found: its page, as it was kept, is read once more and asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as field_names
from datetime import datetime, timedelta
from html import unescape

from feedservice.errors import SourceError
from feedservice.model import Article, CategoryStep, FeedKind, Fields, Moment, Precision
from feedservice.operating.preview import say
from feedservice.operating.reextract import Anew, read_anew
from feedservice.protocols import Store
from feedservice.refreshing.opened import OpenSource
from feedservice.words.noticing import lines_of

_UNKEPT = (
    "no page is kept of this article: its source told it whole, it is a file, it was read before pages were kept, or "
    "the page had to make room (pages.keep)"
)
_BY_THE_SOURCE = "told by the source"
_ROOM = {
    Precision.DAY: timedelta(days=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.SECOND: timedelta(seconds=1),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing about an article. how: where it comes from.

    now: what the present rules find, where that is something else; then it is this that `how` tells of.
    """

    name: str
    value: str
    how: str = ""
    now: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Where everything about an article comes from.

    decided: what was decided of it once. fields: what it says. taken: when the page came that was kept; None where none
    is kept. problem: why the fields could not be explained.
    """

    decided: tuple[Fact, ...]
    fields: tuple[Fact, ...]
    taken: datetime | None = None
    pages: tuple[str, ...] = ()
    problem: str = ""


def explain(article: Article, *, store: Store, source: OpenSource | None) -> Explanation:
    """Explain a stored article. source: as it is configured now; None where it is no more. Raises StoreError."""
    decided = _decided(article, store, source)
    said = tuple(Fact(name, value) for name, value in _said(article.fields).items())
    capture = store.captures([article.seq]).get(article.seq)
    taken = capture.taken if capture else None
    if source is None:
        gone = f"there is no source {article.source!r} in the configuration any more, whose rules could be asked"
        return Explanation(decided=decided, fields=said, taken=taken, problem=gone)
    if capture is None:
        return Explanation(decided=decided, fields=said, problem=_UNKEPT)
    try:
        anew = read_anew(source, capture)
    except SourceError as error:
        return Explanation(decided=decided, fields=said, taken=taken, problem=str(error))
    facts = _explained(article.fields, anew, source)
    return Explanation(decided=decided, fields=facts, taken=taken, pages=anew.pages, problem=anew.problem)


def _explained(fields: Fields, anew: Anew, source: OpenSource) -> tuple[Fact, ...]:
    stored, now = _said(fields), _said(anew.fields)
    names = dict.fromkeys((*stored, *now))
    return tuple(
        Fact(
            name,
            stored.get(name, ""),
            _how(name, anew, source),
            now.get(name, "") if now.get(name, "") != stored.get(name, "") else None,
        )
        for name in names
    )


def _said(fields: Fields) -> dict[str, str]:
    said = {
        **say(fields),
        "tags": "、".join(fields.tags),
        "language": fields.language or "",
        "body": "\n".join(unescape(line) for line in lines_of(fields.body)),
    }
    return {name: value for name, value in said.items() if value}


def _how(name: str, anew: Anew, source: OpenSource) -> str:
    """Who told a field as it is read now: the page, and by what it was found there; or the source."""
    field = name if name in {each.name for each in field_names(Fields)} else "extras"
    told = [
        (anew.extraction.fields, anew.extraction.found.get(field, "the page")),
        (anew.own, _BY_THE_SOURCE),
    ]
    value = getattr(anew.fields, field)
    ordered = reversed(told) if source.offer_wins else told
    return next((how for fields, how in ordered if value and getattr(fields, field) == value), "")


def _decided(article: Article, store: Store, source: OpenSource | None) -> tuple[Fact, ...]:
    history = store.history(article.id)
    first = history[0].fields if history else article.fields
    significant = sum(revision.significant for revision in history)
    titles = store.category_titles()
    shelves = ", ".join(f"{titles.get(slug, slug)} ({slug})" for slug in article.categories)
    facts = [
        Fact("id", article.id, _id_from(article)),
        Fact("url", article.url, "the link that it was first offered with"),
        Fact("source", article.source, f"its key there: {article.key}"),
        Fact("category", shelves, _shelf_from(article, first, store, source)),
        Fact("published", article.published.isoformat(), _published_from(article, first.published, source)),
        Fact("updated", article.updated.isoformat(), _updated_from(article, significant)),
        Fact("first seen", article.first_seen.isoformat()),
        Fact("revisions", str(article.revision), f"{significant} significant"),
    ]
    if article.withdrawn:
        facts.append(Fact("withdrawn", article.withdrawn.isoformat()))
    return tuple(fact for fact in facts if fact.value)


def _id_from(article: Article) -> str:
    # By the name that its source had then.
    if article.id.startswith("urn:uuid:") and article.id != article.key:
        return "made of the source's name and its key, for it had no address"
    return "its first address" if article.id == article.url else "the source's own id"


def _shelf_from(article: Article, first: Fields, store: Store, source: OpenSource | None) -> str:
    """What puts an article where it is: today's setting or what is told of it, as far as it leads there indeed."""
    if source is None:
        return ""
    by_place = {(feed.parent, feed.title): feed.name for feed in store.feeds() if feed.kind is FeedKind.CATEGORY}
    by_what = _BY_THE_SOURCE if source.whole else "the way to its page (breadcrumb)"
    by_what = by_what if source.shelf is None else "the source's setting"
    for fields, when in ((article.fields, ""), (first, ", as it was when it came")):
        if {_slug(path, by_place) for path in source.categories(fields)} == set(article.categories):
            return f"{by_what}{when}"
    return "as it was decided when it came, or by another source"


def _slug(path: Sequence[CategoryStep], by_place: Mapping[tuple[str | None, str], str]) -> str | None:
    """The category at the end of a path; None where there is none yet."""
    slug: str | None = None
    for step in path:
        slug = by_place.get((slug, step.title))
        if slug is None:
            return None
    return slug


def _published_from(article: Article, claim: Moment | None, source: OpenSource | None) -> str:
    """How the date was decided from what was told at first sight."""
    sight = "when it was pushed" if source is not None and source.pushed else "when it was first seen"
    if claim is None:
        return f"nobody tells a date: {sight}"
    told = claim.at.astimezone(article.published.tzinfo).replace(microsecond=0)
    if told == article.published and claim.precision is not Precision.DAY:
        return f"as told, to the {claim.precision}"
    if told <= article.published < told + _ROOM[claim.precision]:
        return f"told to the {claim.precision}: a second of its own within that"
    return f"told as {claim.at.isoformat()}, which cannot be or was that day: {sight}"


def _updated_from(article: Article, significant: int) -> str:
    if significant > 1:
        return "its last significant edit"
    return "no edit since" if article.updated == article.published else "told by its page at first sight"
