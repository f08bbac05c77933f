"""An article's way through the house, told once: a source is read, and what is new or edited is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedservice import changes, health, minting, polling
from feedservice.believing import evidence_of, evidence_of_failure, evidence_of_push, found_instead, is_news
from feedservice.completing import Completed, Desk, Visit
from feedservice.errors import SourceError
from feedservice.looks import Look, weigh
from feedservice.merging import find_duplicates
from feedservice.model import (
    Arrival,
    Capture,
    Fields,
    Health,
    Intake,
    Known,
    Offer,
    Reading,
    Seen,
    SourceState,
    Validators,
)
from feedservice.opened import OpenSource
from feedservice.packing import Packer
from feedservice.protocols import Clock, Store, Writer

_LOOKED_BACK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshReport:
    """What came of a refresh, for people and logs.

    changed: the source is otherwise than after the read before. failures: broken reads in a row before this one.
    seen: what came instead, where it is broken. instead: what would be found without the operator's selectors.
    """

    source: str
    health: Health
    reason: str = ""
    new: int = 0
    edited: int = 0
    withdrawn: int = 0
    problems: tuple[str, ...] = ()
    changed: bool = True
    failures: int = 0
    seen: Seen | None = None
    instead: str = ""

    @property
    def failed(self) -> bool:
        """Whether the read was not to be believed, so that nothing of it was stored."""
        return self.health is Health.BROKEN


def refresh(source: OpenSource, *, store: Store, clock: Clock, fetchers: Executor) -> RefreshReport:
    """Read a source once and store what is new or edited. A failing source is a result, not an error.

    fetchers: runs the reading of articles' pages; `outbound` sees to it that no host is asked too much.
    Raises StoreError when the store cannot be used.
    """
    before = health.forget_when_new(store.state(source.name), source.settings)
    asked = {} if polling.whole_is_due(before.facts, clock()) else store.validators(source.name)
    visit = Visit(source.get, asked)
    try:
        reading = source.source.read(visit, lambda key: key in store.known(source.name, [key]))
    except SourceError as error:
        return _conclude(source, store, before, clock(), evidence_of_failure(error, visit, source.pages))
    if reading.unchanged:
        return _conclude(source, store, before, clock(), health.Evidence(unchanged=True), problems=reading.problems)
    known = store.known(source.name, [*(offer.key for offer in reading.offers), *reading.withdrawn])
    limit = len(reading.offers) if source.pushed else source.limit
    plan = changes.plan(reading.offers, known, source=source.name, now=clock(), limit=limit)
    wanted = [*plan.new, *(offer for _, offer in plan.edited), *(offer for _, offer in plan.look)]
    packer = Packer(store.capture_base(source.name), clock()) if source.keep and wanted else None
    desk = Desk(
        pages=source.pages,
        visit=visit,
        home=source.home,
        offer_wins=source.offer_wins,
        width=source.width,
        packer=packer,
    )
    completed = desk.complete_all(wanted, fetchers)
    evidence = evidence_of_push(plan, completed) if source.pushed else evidence_of(reading, plan, completed, clock())
    problems = (*reading.problems, *(item.problem for item in completed if item.problem))
    return _conclude(
        source,
        store,
        before,
        clock(),
        evidence,
        problems=problems,
        found=_Found(reading, plan, completed, visit, known),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    reading: Reading
    plan: changes.Plan
    completed: Sequence[Completed]
    visit: Visit
    known: Mapping[str, Known]


def _conclude(
    source: OpenSource,
    store: Store,
    before: SourceState,
    now: datetime,
    evidence: health.Evidence,
    *,
    problems: Iterable[str] = (),
    found: _Found | None = None,
) -> RefreshReport:
    """Judge the read, and store what it brought if it is to be believed, all in one transaction."""
    verdict = health.judge(before, evidence, now, _came(source, store, before, evidence, now), source.timezone)
    changed = is_news(before, verdict)
    state = health.after(before, verdict, evidence, now)
    if not verdict.believable:
        state = health.with_instead(state, _instead(source, evidence) if changed else health.instead_of(before))
    if found is not None and verdict.believable:
        facts = polling.remember(state.facts, found.reading.hints)
        state = replace(state, facts=polling.remember_whole(facts, now))
    state = replace(state, next_run=_next_run(source, store, state, now))
    report = RefreshReport(
        source=source.name,
        health=verdict.health,
        reason=verdict.reason,
        problems=tuple(problems),
        changed=changed,
        failures=before.failures,
        seen=health.seen_of(state),
        instead=health.instead_of(state),
    )
    with store.writing() as writer:
        if found is None or not verdict.believable:
            writer.put_state(state)
            if source.pushed:
                writer.file(source.name, 0, now)
            return report
        intake = _intake(source, writer, state, found, now)
        new = writer.save(intake)
        if source.pushed:
            writer.file(source.name, found.reading.letters, now)
        if not source.titled and found.reading.title:
            writer.name_feed(source.name, found.reading.title)
        if source.keep:
            writer.shed_captures(source.keep)
        writer.resurface([edit.seq for edit in intake.edits if edit.updated is not None], source.resurfaces, now)
    return replace(report, new=len(new), edited=len(intake.edits), withdrawn=len(intake.withdrawn))


def _next_run(source: OpenSource, store: Store, state: SourceState, now: datetime) -> datetime | None:
    """When the source is read again, by its own past where it adapts, and as it asks for where it heeds."""
    if source.adapts is None:
        planned = source.next_run(now)
    else:
        planned = source.adapts([member.card for member in store.latest(source.name, _LOOKED_BACK)], now)
    if planned is None or not source.heeds:
        return planned
    return polling.heed(planned, now, polling.recall(state.facts), source.longest_wait or polling.LONGEST)


def _came(
    source: OpenSource, store: Store, before: SourceState, evidence: health.Evidence, now: datetime
) -> tuple[datetime, ...]:
    """When the source's last articles were published, where its silence asks for that."""
    if not health.is_silent(before, evidence, now):
        return ()
    cards = (member.card for member in store.latest(source.name, _LOOKED_BACK))
    return tuple(min(card.published, card.arrival) for card in cards)


def _instead(source: OpenSource, evidence: health.Evidence) -> str:
    """What would be found without the operator's selectors; not looked for where nothing came at all."""
    unreached = evidence.error and (evidence.seen is None or not evidence.seen.url)
    return "" if unreached or source.automatic is None else found_instead(source.name, source.automatic, source.get)


def _intake(source: OpenSource, writer: Writer, state: SourceState, found: _Found, now: datetime) -> Intake:
    plan, completed = found.plan, found.completed
    new = [(item.offer, item.fields, item.capture) for item in completed[: len(plan.new)] if item.fields is not None]
    looks = [
        Look(known, item.offer, item.fields, item.gone, item.capture)
        for (known, _), item in zip((*plan.edited, *plan.look), completed[len(plan.new) :], strict=True)
    ]
    outcome = weigh(
        looks,
        now,
        pages=len(completed),
        well=state.health in (Health.WELL, Health.QUIET),
        feeds_of=source.selections,
        at_once=source.pushed,
    )
    taken_back = [found.known[key] for key in found.reading.withdrawn if key in found.known]
    whole = not any(item.passing for item in completed)
    return Intake(
        source=source.name,
        at=now,
        state=state,
        arrivals=_arrivals(source, writer, new, _shared_links(found.reading.offers), now),
        edits=outcome.edits,
        checked=outcome.checked,
        absent=outcome.absent,
        withdrawn=(
            *outcome.withdrawn,
            *(known.seq for known in taken_back if known.source == source.name and not known.withdrawn),
        ),
        stamps=outcome.stamps,
        captures=outcome.captures,
        # Without validators the list is read again next time, and with it what could not be read today.
        validators=_validators(found) if whole else {},
    )


def _arrivals(
    source: OpenSource,
    writer: Writer,
    new: Sequence[tuple[Offer, Fields, Capture | None]],
    shared: Set[str],
    now: datetime,
) -> tuple[Arrival, ...]:
    """shared: links that name no article."""
    named = [replace(offer, url=None) if offer.url in shared else offer for offer, *_ in new]
    names = [minting.mint_id(offer, source.name) for offer in named]
    claims = [fields.published for _, fields, _ in new]
    instants = [claim.at for claim in claims if claim is not None]
    taken = writer.taken(min([*instants, now]) - timedelta(days=2), now + timedelta(seconds=1)) if new else frozenset()
    published = minting.decide_published(claims, taken=taken, now=now, timezone=source.timezone)
    arrivals = minting.decide_arrivals(published, latest=writer.latest_arrival(), now=now)
    made = [
        Arrival(
            id=names[index],
            key=offer.key,
            url=offer.url or minting.link_without_page(source.home, offer.key),
            published=published[index],
            updated=changes.first_updated(published[index], fields, now),
            arrival=arrivals[index],
            fields=fields,
            offer_digest=changes.offer_digest(offer),
            content_digest=changes.content_digest(fields),
            categories=source.categories(fields),
            feeds=source.selections(fields),
            capture=capture,
            aliases=(offer.url,) if offer.url and offer.url not in {names[index], *shared} else (),
        )
        for index, (offer, fields, capture) in enumerate(new)
    ]
    # The oldest arrives first, so that the order of arrival tells the same story as the dates; of equal ones, the last.
    made.reverse()
    made.sort(key=lambda each: each.arrival)
    return find_duplicates(writer, made, source.name) if source.merge else tuple(made)


def _shared_links(offers: Sequence[Offer]) -> frozenset[str]:
    """The links that entries under several keys and titles have in common: a show's page, say. They name no article."""
    titles: dict[str, dict[str, str]] = defaultdict(dict)
    for offer in offers:
        if offer.url and offer.key != offer.url:
            titles[offer.url][offer.key] = offer.fields.title
    return frozenset(link for link, told in titles.items() if len(set(told.values())) > 1)


def _validators(found: _Found) -> dict[str, Validators]:
    return {url: told for url, told in found.visit.after.items() if url not in found.reading.volatile}
