"""Feeds: those that are configured, those that categories mint, and which of them are out of date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from sqlalchemy import Connection, bindparam, insert, select, update

from feedservice.errors import StoreError
from feedservice.model import CategoryStep, Feed, FeedKind
from feedservice.store.feeds.archives import spoil_past
from feedservice.store.tables.batches import batches
from feedservice.store.tables.notes import replace_note
from feedservice.store.tables.schema import counters, feeds, retired
from feedservice.store.tables.text import clean

ALL = "all"
_LONGEST_SLUG = 80
_ORDER = tuple(FeedKind)
_FEED = select(feeds.c.name, feeds.c.kind, feeds.c.title, feeds.c.description, feeds.c.home_url, feeds.c.parent)
# Made once: each feed that is rebuilt asks these, and putting one together costs more than the answer.
_NUMBER = select(counters.c.value).where(counters.c.name == bindparam("counter"))
_RAISED = (
    update(counters)
    .where(counters.c.name == bindparam("counter"))
    .values(value=counters.c.value + bindparam("amount", type_=counters.c.value.type))
    .returning(counters.c.value)
)
_COUNTS = select(feeds.c.name, feeds.c.articles)
_STALE = select(feeds.c.mark, feeds.c.name).where(
    feeds.c.mark.is_not(None), feeds.c.name.not_in(select(retired.c.name))
)
_FRESH = update(feeds).where(feeds.c.name == bindparam("feed"), feeds.c.mark <= bindparam("as_of")).values(mark=None)


def next_number(connection: Connection, counter: str, amount: int = 1) -> int:
    """The first of `amount` numbers that were never given before."""
    last: int = connection.scalars(_RAISED, {"counter": counter, "amount": amount}).one()
    return last - amount + 1


def latest_number(connection: Connection, counter: str) -> int:
    """The last number that was given; 0 when none was."""
    found: int = connection.scalars(_NUMBER, {"counter": counter}).one()
    return found


def all_feeds(connection: Connection) -> tuple[Feed, ...]:
    """Every feed: `all`, sources, categories (parents before children), selections; each kind by name."""
    found = {row[0]: _feed(*row) for row in connection.execute(_FEED).all()}

    def place(feed: Feed) -> tuple[int, tuple[str, ...]]:
        way = [feed.name]
        while (parent := found[way[0]].parent) is not None and parent in found and parent not in way:
            way.insert(0, parent)
        return _ORDER.index(feed.kind), tuple(way)

    return tuple(sorted(found.values(), key=place))


def stale_feeds(connection: Connection) -> dict[str, int]:
    """The feeds whose documents may be out of date, with the mark that made them so; by mark, then name.

    Retired feeds have no documents.
    """
    return {name: mark for mark, name in sorted((mark, name) for mark, name in connection.execute(_STALE))}


def titles_of_categories(connection: Connection) -> dict[str, str]:
    """The title of each category, by its slug."""
    rows = connection.execute(select(feeds.c.name, feeds.c.title).where(feeds.c.kind == FeedKind.CATEGORY.value))
    return dict(sorted(tuple(row) for row in rows))


def count_articles(connection: Connection) -> dict[str, int]:
    """How many articles each feed holds."""
    return dict(sorted(map(tuple, connection.execute(_COUNTS).all())))


def mark_feeds(connection: Connection, marked: Iterable[str] | None) -> None:
    """Have these feeds rebuilt; None for all. Names that no feed has are passed over."""
    if marked is None:
        connection.execute(update(feeds).values(mark=next_number(connection, "mark")))
        return
    todo = sorted(set(marked))
    mark = next_number(connection, "mark") if todo else 0
    for some in batches(todo):
        connection.execute(update(feeds).where(feeds.c.name.in_(some)).values(mark=mark))


def grow_feeds(connection: Connection, growth: Mapping[str, int]) -> None:
    """Count so many more articles in each of these feeds."""
    if growth:
        connection.execute(
            update(feeds)
            .where(feeds.c.name == bindparam("feed"))
            .values(articles=feeds.c.articles + bindparam("more")),
            [{"feed": feed, "more": more} for feed, more in sorted(growth.items())],
        )


def freshen_feeds(connection: Connection, marks: Mapping[str, int]) -> None:
    """The documents of these feeds are as of these marks; a later mark stays."""
    if marks:
        connection.execute(_FRESH, [{"feed": name, "as_of": mark} for name, mark in sorted(marks.items())])


def put_feeds(connection: Connection, configured: Sequence[Feed], fingerprint: str, now: datetime) -> None:
    """Bring configured feeds up to date and mark those that changed; all of them when the fingerprint is another.

    What a feed says of itself stands on its archive pages too, which are written anew with it. A source's name and page
    stand in every feed that shows its articles: when they change, all feeds are marked.
    Raises StoreError for a name that a feed of another kind has already: its address is taken.
    """
    changed: set[str] = set()
    everything = replace_note(connection, "fingerprint", fingerprint)
    stored = {name: _feed(name, *rest) for name, *rest in connection.execute(_FEED)}
    for feed in configured:
        before = stored.get(clean(feed.name))
        if before is None:
            insert_feed(connection, feed, now)
        elif before.kind is not feed.kind:
            raise StoreError(
                f"the feed name {feed.name!r} belongs to a {before.kind.value} already, whose address never changes:"
                f" name the {feed.kind.value} otherwise"
            )
        elif _columns(before) != _columns(_named(feed, before)):
            connection.execute(update(feeds).where(feeds.c.name == feed.name), _columns(_named(feed, before)))
            everything = everything or feed.kind is FeedKind.SOURCE
        else:
            continue
        changed.add(clean(feed.name))
    touched = None if everything else changed
    spoil_past(connection, touched)
    mark_feeds(connection, touched)


def name_feed(connection: Connection, name: str, title: str) -> None:
    """Give a feed that still goes by its address a title. It stands in every feed that shows its articles."""
    told, here = clean(title), (feeds.c.name == name, feeds.c.title == name)
    if told in ("", name):
        return
    if connection.execute(update(feeds).where(*here).values(title=told)).rowcount:
        spoil_past(connection, None)
        mark_feeds(connection, None)


def insert_feed(connection: Connection, feed: Feed, now: datetime) -> None:
    """A new feed, empty and in need of its first documents."""
    connection.execute(
        insert(feeds),
        {
            "name": feed.name,
            "created": now,
            "mark": next_number(connection, "mark"),
            "articles": 0,
            **_columns(feed),
        },
    )


def ensure_feed(connection: Connection, name: str, kind: FeedKind, now: datetime) -> None:
    """Make sure that there is a feed for articles to be put in, before the configuration has described it.

    Raises StoreError when a feed of another kind has the name.
    """
    found = connection.scalars(select(feeds.c.kind).where(feeds.c.name == name)).one_or_none()
    if found is None:
        insert_feed(connection, Feed(name=name, kind=kind, title=name), now)
    elif found != kind.value:
        raise StoreError(f"the feed name {name!r} belongs to a {found} already: name the {kind.value} otherwise")


def shelve(connection: Connection, path: Sequence[CategoryStep], now: datetime) -> tuple[str, ...]:
    """The slugs along a category's path, outermost first; those that are new are minted.

    A category is the titles on the way to it: the same path always finds the same slugs. Raises ValueError for an
    empty path.
    """
    if not path:
        raise ValueError("a category's path has at least one step")
    slugs: list[str] = []
    for step in path:
        parent = slugs[-1] if slugs else None
        query = select(feeds.c.name).where(
            feeds.c.kind == FeedKind.CATEGORY.value, feeds.c.parent == parent, feeds.c.title == step.title
        )
        slug: str | None = connection.scalars(query).one_or_none()
        if slug is None:
            slug = _free_slug(connection, step.slug, parent)
            insert_feed(connection, Feed(name=slug, kind=FeedKind.CATEGORY, title=step.title, parent=parent), now)
        slugs.append(slug)
    return tuple(slugs)


def _free_slug(connection: Connection, wanted: str, parent: str | None) -> str:
    wanted = clean(wanted)[:_LONGEST_SLUG] or "category"
    if not _is_taken(connection, wanted):
        return wanted
    base = wanted if parent is None else f"{parent}-{wanted}"
    for number in count(1):
        ending = "" if number == 1 else f"-{number}"
        slug = base[: _LONGEST_SLUG - len(ending)].rstrip("-") + ending
        if not _is_taken(connection, slug):
            return slug
    raise AssertionError("count() ended")


def _is_taken(connection: Connection, name: str) -> bool:
    # `all` is spoken for, even before the first configuration has defined it; a retired name leads elsewhere for good.
    given = select(feeds.c.name).where(feeds.c.name == name)
    given_once = select(retired.c.name).where(retired.c.name == name)
    return name == ALL or connection.scalars(given.union(given_once)).first() is not None


def _named(feed: Feed, before: Feed) -> Feed:
    """The feed as configured; where nobody gave it a title, with the one that it was given since."""
    return replace(feed, title=before.title) if feed.title == feed.name else feed


def _columns(feed: Feed) -> dict[str, str | None]:
    return {
        "kind": feed.kind.value,
        "title": clean(feed.title),
        "description": clean(feed.description),
        "home_url": clean(feed.home_url),
        "parent": feed.parent,
    }


def _feed(name: str, kind: str, title: str, description: str, home_url: str, parent: str | None) -> Feed:
    return Feed(name=name, kind=FeedKind(kind), title=title, description=description, home_url=home_url, parent=parent)
