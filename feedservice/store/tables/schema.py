"""The tables as the newest migration leaves them. A test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
    text,
)

from feedservice.store.tables.columns import CleanText, Instant, KeyText, PackedText

metadata = MetaData()

# SQLite makes a column its row number only when it is called INTEGER; there, that holds 64 bits.
_SEQ = BigInteger().with_variant(Integer, "sqlite")

counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Numbers that only grow and are never given twice: `article`, `joined`, `letter`, `mark`, `version`; and `captures`,
the bytes that these take, so that nobody has to add them up."""

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", CleanText, nullable=False),
    sqlite_with_rowid=False,
)

sources = Table(
    "sources",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("health", Text, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("since", Instant),
    Column("failures", Integer, nullable=False),
    Column("next_run", Instant),
    Column("last_run", Instant),
    Column("last_success", Instant),
    Column("last_new", Instant),
    Column("facts", Text, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_sources_next_run", sources.c.next_run, sources.c.name)

validators = Table(
    "validators",
    metadata,
    Column("source", CleanText, primary_key=True),
    Column("url", CleanText, primary_key=True),
    Column("etag", CleanText),
    Column("last_modified", CleanText),
    Column("body_digest", CleanText),
    sqlite_with_rowid=False,
)

feeds = Table(
    "feeds",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("description", CleanText, nullable=False),
    Column("home_url", CleanText, nullable=False),
    Column("parent", CleanText),
    Column("created", Instant, nullable=False),
    Column("mark", BigInteger),
    Column("articles", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""`mark` is set while documents may be out of date; `articles` counts the memberships that are not hidden."""
Index("ix_feeds_mark", feeds.c.mark, sqlite_where=feeds.c.mark.is_not(None), postgresql_where=feeds.c.mark.is_not(None))
Index("ix_feeds_parent", feeds.c.parent)

articles = Table(
    "articles",
    metadata,
    Column("seq", _SEQ, primary_key=True, autoincrement=False),
    Column("id", CleanText, nullable=False),
    Column("source", CleanText, nullable=False),
    Column("key", CleanText, nullable=False),
    Column("url", CleanText, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("fields", Text, nullable=False),
    Column("categories", Text, nullable=False),
    Column("published", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("arrival", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("revised", Instant, nullable=False),
    Column("significant", Boolean, nullable=False),
    Column("withdrawn", Instant),
    Column("absences", Integer, nullable=False),
    Column("absent_since", Instant),
    Column("checked", Instant, nullable=False),
    Column("offer_digest", CleanText, nullable=False),
    Column("content_digest", CleanText, nullable=False),
)
"""The newest revision of each article, without its body. `revised` is when that revision came to us."""
Index("ix_articles_arrival", articles.c.arrival)

bodies = Table(
    "bodies",
    metadata,
    Column("seq", _SEQ, ForeignKey("articles.seq"), primary_key=True, autoincrement=False),
    Column("body", PackedText, nullable=False),
)
"""Apart from the articles, so that a walk over articles does not read their bodies."""

revisions = Table(
    "revisions",
    metadata,
    Column("seq", _SEQ, ForeignKey("articles.seq"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("taken_at", Instant, nullable=False),
    Column("significant", Boolean, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("content_digest", CleanText, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("fields", Text, nullable=False),
    Column("body", PackedText, nullable=False),
)
"""What articles were before; the newest revision is in `articles` and `bodies`."""

names = Table(
    "names",
    metadata,
    Column("iri", KeyText, primary_key=True),
    Column("seq", _SEQ, ForeignKey("articles.seq"), nullable=False),
    sqlite_with_rowid=False,
)
"""Every name that an article answers to: its id and its aliases. No two articles share one."""

keys = Table(
    "keys",
    metadata,
    Column("source", CleanText, primary_key=True),
    Column("key", KeyText, primary_key=True),
    Column("seq", _SEQ, ForeignKey("articles.seq"), nullable=False),
    sqlite_with_rowid=False,
)
"""What each source calls the articles that it offers."""

memberships = Table(
    "memberships",
    metadata,
    Column("feed", CleanText, ForeignKey("feeds.name"), primary_key=True),
    Column("published", Instant, primary_key=True),
    Column("seq", _SEQ, ForeignKey("articles.seq"), primary_key=True, autoincrement=False),
    Column("hidden", Boolean, nullable=False),
    Column("joined", BigInteger, nullable=False),
    Column("arrival", Instant),
    Column("came", Instant),
    sqlite_with_rowid=False,
)
"""Which feeds an article is in, ancestors of its categories included. The key's order makes any page of a feed one
range of it, read backwards. `hidden` is set while the article is withdrawn, so that finding a page needs no other
table. `joined` grows with every article that comes into a feed: readers are shown what joined, whatever its date.
`arrival` is set for one that came into the feed later than to us, at `came`: its article's own is behind what the feed
has served since."""
Index("ix_memberships_seq", memberships.c.seq)
Index("ix_memberships_joined", memberships.c.feed, memberships.c.joined, unique=True)
Index(
    "ix_memberships_arrival",
    memberships.c.arrival,
    sqlite_where=memberships.c.arrival.is_not(None),
    postgresql_where=memberships.c.arrival.is_not(None),
)
Index(
    "ix_memberships_hidden",
    memberships.c.feed,
    memberships.c.seq,
    sqlite_where=memberships.c.hidden,
    postgresql_where=memberships.c.hidden,
)

archives = Table(
    "archives",
    metadata,
    Column("feed", CleanText, ForeignKey("feeds.name"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("after", BigInteger, nullable=False),
    Column("upto", BigInteger, nullable=False),
    Column("stale", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
"""The closed pages of each feed's past: the members with after < joined <= upto. `stale` when the page's documents may
be out of date."""
Index(
    "ix_archives_stale",
    archives.c.feed,
    archives.c.number,
    sqlite_where=archives.c.stale,
    postgresql_where=archives.c.stale,
)

capture_bases = Table(
    "capture_bases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("source", CleanText, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("packed", LargeBinary, nullable=False),
)
"""Pages that captures are packed against; each source uses its newest one, that of the highest number."""
Index("ix_capture_bases_number", capture_bases.c.number, unique=True)
Index("ix_capture_bases_source", capture_bases.c.source, capture_bases.c.number)

captures = Table(
    "captures",
    metadata,
    Column("seq", _SEQ, ForeignKey("articles.seq"), primary_key=True, autoincrement=False),
    Column("taken", Instant, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("base", Text, ForeignKey("capture_bases.name"), nullable=False),
    Column("title", CleanText, nullable=False),
    Column("fields", Text, nullable=False),
    Column("body", PackedText, nullable=False),
    Column("packed", LargeBinary, nullable=False),
)
"""The pages of articles as they came, the latest of each, and what their source itself said of them (`title`, `fields`,
`body`)."""
Index("ix_captures_taken", captures.c.taken, captures.c.seq)
Index("ix_captures_base", captures.c.base)

documents = Table(
    "documents",
    metadata,
    Column("path", CleanText, primary_key=True),
    Column("feed", CleanText, nullable=False),
    Column("media_type", CleanText, nullable=False),
    Column("last_modified", Instant, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("etag", CleanText, nullable=False),
    Column("layout", LargeBinary, nullable=False, server_default=text("''")),
    Column("partial", Boolean, nullable=False, server_default=false()),
    sqlite_with_rowid=False,
)
"""`etag` is that of the identity bytes: it says whether a rebuilt document is another. `version` is 0 for archive
pages: serving processes do not follow them, and read them when somebody asks. `layout` is for whoever writes the next
one. `partial` is set while codings are still to be made."""
Index("ix_documents_version", documents.c.version)
Index(
    "ix_documents_partial",
    documents.c.version,
    sqlite_where=documents.c.partial,
    postgresql_where=documents.c.partial,
)

inbox = Table(
    "inbox",
    metadata,
    Column("source", CleanText, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("key", KeyText, nullable=False),
    Column("text", PackedText, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
"""What was pushed and waits for the worker. `text` is empty where an article is to be taken back."""
Index("ix_inbox_key", inbox.c.source, inbox.c.key)

duplicates = Table(
    "duplicates",
    metadata,
    Column("seq", _SEQ, ForeignKey("articles.seq"), primary_key=True, autoincrement=False),
    Column("original", _SEQ, ForeignKey("articles.seq"), nullable=False),
    Column("published", Instant, nullable=False),
    sqlite_with_rowid=False,
)
"""Articles that another source brought first: only their own source's feed shows them. `published` is the article's."""
Index("ix_duplicates_original", duplicates.c.original)
Index("ix_duplicates_published", duplicates.c.published)

retired = Table(
    "retired",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("target", CleanText),
    Column("since", Instant, nullable=False),
    sqlite_with_rowid=False,
)
"""Feed names that are served no more: moved to `target`, one hop away, or gone where that is NULL."""

representations = Table(
    "representations",
    metadata,
    Column("path", CleanText, ForeignKey("documents.path"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("coding", CleanText, nullable=False),
    Column("etag", CleanText, nullable=False),
    Column("omitted", BigInteger, nullable=False, server_default=text("0")),
    Column("body", LargeBinary, nullable=False),
)
"""`omitted`: how many bytes are not in `body`, since they are what the gzip bytes unpack to: all or none."""
