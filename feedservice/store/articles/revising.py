"""New revisions of stored articles. What an article was before stays in its history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from feedservice.errors import StoreError
from feedservice.model import Edit, FeedKind
from feedservice.store.feeds.admission import Late, admit_articles
from feedservice.store.feeds.archives import spoil_archives
from feedservice.store.feeds.registry import ensure_feed, mark_feeds
from feedservice.store.tables.content import pack_fields
from feedservice.store.tables.schema import articles, bodies, memberships, revisions
from feedservice.store.tables.text import clean

PRESENT = {"absences": 0, "absent_since": None}
"""What is remembered of an article whose page is there."""


def revise_articles(connection: Connection, edits: Iterable[Edit], at: datetime) -> tuple[int, ...]:
    """Make edits the newest revisions of their articles, though nobody looked at these anew.

    Returns the seqs of those that say something else than what was stored. Marks the feeds that show them. Raises
    StoreError for an article that is not there.
    """
    changed: dict[int, set[str]] = {}
    for edit in edits:
        touched = revise(connection, edit, at, looked=False)
        if touched is not None:
            changed[edit.seq] = touched
        admit_edited(connection, edit, at)
    mark_feeds(connection, {feed for touched in changed.values() for feed in touched})
    return tuple(changed)


def admit_edited(connection: Connection, edit: Edit, at: datetime) -> None:
    """Put an edited article into the selections that take it as it is now."""
    for selection in edit.feeds:
        ensure_feed(connection, selection, FeedKind.SELECTION, at)
        late = None if edit.arrival is None else Late(edit.arrival, at)
        admit_articles(connection, selection, [edit.seq], late=late)


def revise(connection: Connection, edit: Edit, at: datetime, *, looked: bool) -> set[str] | None:
    """Make an edit the newest revision of its article, and keep the one before; returns the feeds that show it.

    None for one that says what is stored already: it is no revision, only its digests are remembered. looked: whether
    the article's page was there at that time.
    """
    here = articles.c.seq == edit.seq
    old = connection.execute(select(articles, bodies.c.body).join_from(articles, bodies).where(here)).one_or_none()
    if old is None:
        raise StoreError(f"there is no article {edit.seq} to edit")
    title, fields, body = clean(edit.fields.title), pack_fields(edit.fields), clean(edit.fields.body)
    is_other = (title, fields, body) != (old.title, old.fields, old.body)
    values: dict[str, object] = {"offer_digest": edit.offer_digest, "content_digest": edit.content_digest}
    if looked:
        values |= {"checked": at, **PRESENT}
    if is_other:
        kept = ("seq", "significant", "updated", "content_digest", "title", "fields", "body")
        former = {name: getattr(old, name) for name in kept}
        connection.execute(insert(revisions), {**former, "number": old.revision, "taken_at": old.revised})
        connection.execute(update(bodies).where(bodies.c.seq == edit.seq).values(body=body))
        values |= {
            "title": title,
            "fields": fields,
            "revision": old.revision + 1,
            "revised": at,
            "significant": edit.updated is not None,
            "updated": old.updated if edit.updated is None else max(old.updated, edit.updated),
        }
    connection.execute(update(articles).where(here).values(values))
    if not is_other:
        return None
    spoil_archives(connection, [edit.seq])
    return memberships_of(connection, edit.seq)


def memberships_of(connection: Connection, seq: int) -> set[str]:
    """The feeds that an article is in."""
    return set(connection.scalars(select(memberships.c.feed).where(memberships.c.seq == seq)))
