"""What one refresh found, remembered: new articles, those that another source has brought already, new revisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from feedservice.model import Arrival, Article, CategoryStep, FeedKind, Intake
from feedservice.store.articles.captures import drop_captures, put_captures
from feedservice.store.articles.reading import articles_by_seq
from feedservice.store.articles.recognise import Recognised, recognise, unlearned
from feedservice.store.articles.revising import PRESENT, admit_edited, memberships_of, revise
from feedservice.store.articles.withdrawing import note_absences, withdraw_articles
from feedservice.store.feeds.archives import spoil_archives
from feedservice.store.feeds.doubles import originals_of, put_duplicates, source_of
from feedservice.store.feeds.redirection import led_to
from feedservice.store.feeds.registry import ALL, ensure_feed, grow_feeds, mark_feeds, next_number, shelve
from feedservice.store.sources.states import put_source_state, put_source_validators
from feedservice.store.tables.batches import batches
from feedservice.store.tables.content import pack_fields, pack_names, unpack_names
from feedservice.store.tables.schema import articles, bodies, keys, memberships, names
from feedservice.store.tables.text import clean


class Shelves(NamedTuple):
    """Where articles are put. slugs: for each category's path, those on the way to it, outermost first.

    led_to: by the slug of one that has moved, those that hold its articles instead.
    """

    slugs: Mapping[tuple[CategoryStep, ...], tuple[str, ...]]
    led_to: Mapping[str, tuple[str, ...]]


def save_intake(connection: Connection, intake: Intake) -> tuple[Article, ...]:
    """Store what a refresh found and mark the feeds that it touches; returns the articles that are new.

    Raises StoreError for an edit of an article that is not there.
    """
    put_source_state(connection, intake.state)
    put_source_validators(connection, intake.source, intake.validators)
    touched: set[str] = set()
    for edit in intake.edits:
        touched |= revise(connection, edit, intake.at, looked=True) or set()
        admit_edited(connection, edit, intake.at)
    for seqs in batches(intake.checked):
        connection.execute(update(articles).where(articles.c.seq.in_(seqs)).values(checked=intake.at, **PRESENT))
    for seq, stamp in intake.stamps.items():
        connection.execute(update(articles).where(articles.c.seq == seq).values(offer_digest=stamp))
    note_absences(connection, intake.absent, intake.at)
    withdraw_articles(connection, intake.withdrawn, intake.at)
    _insert_names(connection, intake.source, unlearned(connection, intake))
    new: tuple[Article, ...] = ()
    if intake.arrivals:
        new, joined = _receive(connection, intake)
        touched |= joined
    # What is kept is the page of what is stored: an edit that came without a page leaves none.
    drop_captures(connection, [edit.seq for edit in intake.edits if edit.seq not in intake.captures])
    put_captures(connection, intake.source, intake.captures)
    mark_feeds(connection, touched)
    return new


def _receive(connection: Connection, intake: Intake) -> tuple[tuple[Article, ...], set[str]]:
    """Store the arrivals; returns the new articles, and the feeds that are touched."""
    ensure_feed(connection, ALL, FeedKind.ALL, intake.at)
    ensure_feed(connection, intake.source, FeedKind.SOURCE, intake.at)
    for selection in dict.fromkeys(name for arrival in intake.arrivals for name in arrival.feeds):
        ensure_feed(connection, selection, FeedKind.SELECTION, intake.at)
    paths = dict.fromkeys(path for arrival in intake.arrivals for path in arrival.categories if path)
    slugs = {path: shelve(connection, path, intake.at) for path in paths}
    shelves = Shelves(slugs, led_to(connection, chain.from_iterable(slugs.values())) if slugs else {})
    recognised = recognise(connection, intake)
    growth: Counter[str] = Counter()
    if recognised.fresh:
        growth.update(_insert(connection, intake, recognised.fresh, shelves))
    _insert_names(connection, intake.source, recognised)
    captured = {seq: arrival.capture for seq, arrival in recognised.fresh.items() if arrival.capture is not None}
    put_captures(connection, intake.source, captured)
    touched = set(growth)
    again = [(seq, arrival) for seq, arrival in recognised.again if not arrival.taken_back]
    merged = originals_of(connection, [seq for seq, _ in again])
    for seq, arrival in again:
        # What another source had brought first is shown by its own source alone, whoever brings it once more.
        known_as = replace(arrival, duplicate_of=merged.get(seq))
        joined, shown_in = _add_to(connection, seq, known_as, intake, intake.source, shelves)
        growth.update(joined if shown_in else ())
        touched |= shown_in
    originals = _merge(connection, recognised.fresh)
    originals += [(merged[seq], arrival) for seq, arrival in again if seq in merged]
    for seq, arrival in originals:
        whole = replace(arrival, duplicate_of=None)
        joined, shown_in = _add_to(connection, seq, whole, intake, source_of(connection, seq), shelves)
        growth.update(joined if shown_in else ())
        touched |= memberships_of(connection, seq)
    grow_feeds(connection, growth)
    gone = withdraw_articles(connection, _taken_back(connection, recognised, intake.source), intake.at)
    return articles_by_seq(connection, [seq for seq in recognised.fresh if seq not in gone]), touched


def _taken_back(connection: Connection, recognised: Recognised, source: str) -> list[int]:
    """What was taken back before it came; of what is stored already, only the source's own."""
    fresh = [seq for seq, arrival in recognised.fresh.items() if arrival.taken_back]
    again = [seq for seq, arrival in recognised.again if arrival.taken_back]
    return fresh + [seq for seq in again if source_of(connection, seq) == source]


def _insert(connection: Connection, intake: Intake, fresh: Mapping[int, Arrival], shelves: Shelves) -> list[str]:
    """Insert new articles; returns the feeds that they are in, once for each article."""
    next_number(connection, "article", len(fresh))
    connection.execute(insert(articles), [_row(seq, arrival, intake, shelves) for seq, arrival in fresh.items()])
    connection.execute(insert(bodies), [{"seq": seq, "body": arrival.fields.body} for seq, arrival in fresh.items()])
    joined = [
        (feed, arrival.published, seq)
        for seq, arrival in fresh.items()
        for feed in _feeds_of(arrival, intake.source, shelves)
    ]
    first = next_number(connection, "joined", len(joined))
    rows = [
        {"feed": feed, "published": published, "seq": seq, "hidden": False, "joined": number}
        for number, (feed, published, seq) in enumerate(joined, first)
    ]
    connection.execute(insert(memberships), rows)
    return [feed for feed, _, _ in joined]


def _merge(connection: Connection, fresh: Mapping[int, Arrival]) -> list[tuple[int, Arrival]]:
    """Remember which new articles another source brought first; returns those first ones, as if they came once more."""
    found = {seq: arrival.duplicate_of for seq, arrival in fresh.items() if arrival.duplicate_of is not None}
    put_duplicates(connection, found, {seq: fresh[seq].published for seq in found})
    return [(original, fresh[seq]) for seq, original in found.items()]


def _row(seq: int, arrival: Arrival, intake: Intake, shelves: Shelves) -> dict[str, object]:
    return {
        "seq": seq,
        "id": arrival.id,
        "source": intake.source,
        "key": arrival.key,
        "url": arrival.url,
        "title": arrival.fields.title,
        "fields": pack_fields(arrival.fields),
        "categories": pack_names(_categories_of(arrival, shelves)),
        "published": arrival.published,
        "updated": arrival.updated,
        "first_seen": intake.at,
        "arrival": arrival.arrival,
        "revision": 1,
        "revised": intake.at,
        "significant": True,
        "withdrawn": None,
        **PRESENT,
        "checked": intake.at,
        "offer_digest": arrival.offer_digest,
        "content_digest": arrival.content_digest,
    }


def _insert_names(connection: Connection, source: str, recognised: Recognised) -> None:
    if recognised.keys:
        rows = [{"source": source, "key": key, "seq": seq} for key, seq in recognised.keys.items()]
        connection.execute(insert(keys), rows)
    if recognised.names:
        connection.execute(insert(names), [{"iri": name, "seq": seq} for name, seq in recognised.names.items()])


def _add_to(
    connection: Connection, seq: int, arrival: Arrival, intake: Intake, source: str, shelves: Shelves
) -> tuple[list[str], set[str]]:
    """Put a stored article into the source's feed and the categories that it is offered under as well.

    There it is news, and has the date of what came with it: its own may be behind what these feeds have served since.
    Returns the feeds that it was not in before, and the feeds that show something new: none for a withdrawn article.
    """
    query = select(articles.c.published, articles.c.categories, articles.c.withdrawn).where(articles.c.seq == seq)
    published, packed, withdrawn = connection.execute(query).one()
    before = memberships_of(connection, seq)
    joined = [feed for feed in _feeds_of(arrival, source, shelves) if feed not in before]
    if joined:
        late = {"arrival": arrival.arrival, "came": intake.at}
        row = {"published": published, "seq": seq, "hidden": withdrawn is not None, **late}
        first = next_number(connection, "joined", len(joined))
        rows = [{"feed": feed, "joined": number, **row} for number, feed in enumerate(joined, first)]
        connection.execute(insert(memberships), rows)
    categories = unpack_names(packed)
    more = [slug for slug in _categories_of(arrival, shelves) if slug not in categories]
    if not more:
        return joined, set() if withdrawn else set(joined)
    connection.execute(
        update(articles).where(articles.c.seq == seq).values(categories=pack_names((*categories, *more)))
    )
    spoil_archives(connection, [seq])
    return joined, set() if withdrawn else before | set(joined)


def _feeds_of(arrival: Arrival, source: str, shelves: Shelves) -> Iterable[str]:
    if arrival.duplicate_of is not None:
        return (clean(source),)
    slugs = [slug for path in arrival.categories if path for slug in shelves.slugs[path]]
    here = chain.from_iterable(shelves.led_to.get(slug, (slug,)) for slug in slugs)
    return dict.fromkeys((ALL, clean(source), *here, *arrival.feeds))


def _categories_of(arrival: Arrival, shelves: Shelves) -> Iterable[str]:
    return dict.fromkeys(shelves.slugs[path][-1] for path in arrival.categories if path)
