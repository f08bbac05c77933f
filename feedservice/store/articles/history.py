"""What an article was: its revisions, oldest first."""

from __future__ import annotations

from sqlalchemy import Connection, select

from feedservice.model import Revision
from feedservice.store.articles.reading import names_to_seqs
from feedservice.store.tables.content import unpack_fields
from feedservice.store.tables.schema import articles, bodies, revisions

_NEWEST = (
    select(
        articles.c.revision.label("number"),
        articles.c.revised.label("taken_at"),
        articles.c.significant,
        articles.c.updated,
        articles.c.title,
        articles.c.fields,
        bodies.c.body,
    )
    .select_from(articles)
    .join(bodies)
)
_FORMER = select(
    revisions.c.number,
    revisions.c.taken_at,
    revisions.c.significant,
    revisions.c.updated,
    revisions.c.title,
    revisions.c.fields,
    revisions.c.body,
).order_by(revisions.c.number)


def history_of_article(connection: Connection, id: str) -> tuple[Revision, ...]:
    """Every revision of the article with this id or alias, oldest first, the newest too; () for an unknown one."""
    seq = next(iter(names_to_seqs(connection, [id]).values()), None)
    if seq is None:
        return ()
    rows = [
        *connection.execute(_FORMER.where(revisions.c.seq == seq)),
        *connection.execute(_NEWEST.where(articles.c.seq == seq)),
    ]
    found = {
        row.number: Revision(
            number=row.number,
            taken_at=row.taken_at,
            significant=row.significant,
            updated=row.updated,
            fields=unpack_fields(row.title, row.fields, row.body),
        )
        for row in rows
    }
    return tuple(found[number] for number in sorted(found))
