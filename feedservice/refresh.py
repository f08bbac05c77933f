"""An article's way through the house, told once: a source is read, and what is new or edited is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime

from feedservice import changes, health, minting
from feedservice.addresses.masking import shown_in
from feedservice.addresses.spellings import known_otherwise, spellings, under_noted_keys, without_twins
from feedservice.errors import SourceError
from feedservice.model import (
    Facts,
    Health,
    Known,
    Reading,
    Seen,
    SourceState,
)
from feedservice.packing import Packer
from feedservice.protocols import Clock, Store
from feedservice.refreshing import backlog, overlooking
from feedservice.refreshing.believing import evidence_of, evidence_of_failure, evidence_of_push, found_instead, is_news
from feedservice.refreshing.completing import Completed, Desk, Visit
from feedservice.refreshing.intaking import Found, intake_of, with_overlooked, with_refused
from feedservice.refreshing.links import Links, last_words, shared_links, to_look_for
from feedservice.refreshing.opened import OpenSource
from feedservice.refreshing.resuming import noted
from feedservice.schedule import polling

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
    state = store.state(source.name)
    before = backlog.reopened(health.forget_when_new(state, source.settings), state, source, clock())
    overlooked = overlooking.recall(before.facts, pushed=source.pushed)
    memory = backlog.memory_of(source, before, clock())
    rest, due = polling.rest_is_due(before.facts, clock()), overlooked.is_due(clock())
    anew = before is not state or rest or due or memory.first or polling.whole_is_due(before.facts, clock())
    asked = {} if anew else store.validators(source.name)
    visit = Visit(source.get, asked)
    try:
        reading = source.source.read(visit, lambda keys: _settled(source, store, overlooked, keys), memory)
    except SourceError as error:
        return _conclude(source, store, before, clock(), evidence_of_failure(error, visit, source.pages))
    if reading.unchanged:
        return _conclude(source, store, before, clock(), health.Evidence(unchanged=True), problems=reading.problems)
    reading, known, learned = _recognised(source, store, reading, overlooked)
    latest = last_words(reading.offers, known)
    surplus = () if source.pushed else backlog.surplus(reading, known, before, clock(), source.limit)
    past = {*(offer.key for offer in surplus), *overlooked.past_of(latest, known)}
    offers = [offer for offer in latest if offer.key not in past and not overlooked.holds_back(offer, clock())]
    plan = changes.plan(offers, known, source=source.name, now=clock(), limit=memory.most)
    completed = _complete(source, store, visit, plan, clock(), fetchers)
    evidence = _evidence(source, reading, plan, completed, overlooked, clock)
    found = Found(
        reading=reading,
        plan=plan,
        completed=completed,
        visit=visit,
        known=known,
        learned=learned,
        links=_links(source, store, reading, plan),
        taken=minting.count_taken(plan.new, source.name, lambda ids: store.known(source.name, ids)),
        whole=memory.again > 0,
        left=(*surplus, *(plan.left if before.last_success is None else ())),
    )
    problems = (*reading.problems, *found.told(), *(item.problem for item in completed if item.problem))
    return _conclude(source, store, before, clock(), evidence, problems=problems, found=found)


def _settled(
    source: OpenSource, store: Store, overlooked: overlooking.Overlooked, keys: Sequence[str]
) -> frozenset[str]:
    """Those whose articles are stored, or not to be read, under their keys or, where nobody pushed them, another
    spelling.

    One that another source brought, and this one never offered, is news here.
    """
    found = _among(source, store, overlooked, keys)
    if source.pushed:
        return found
    spelled = {key: spellings(key) for key in keys if key not in found}
    others = _among(source, store, overlooked, [other for some in spelled.values() for other in some])
    return found.union(key for key, some in spelled.items() if not others.isdisjoint(some))


def _among(source: OpenSource, store: Store, overlooked: overlooking.Overlooked, keys: Sequence[str]) -> frozenset[str]:
    left_out = frozenset(filter(overlooked.leaves_out, keys))
    asked = [key for key in keys if key not in left_out]
    known = store.known(source.name, asked) if asked else {}
    return left_out.union(
        key for key, each in known.items() if each.offered or each.withdrawn or each.source == source.name
    )


def _recognised(
    source: OpenSource, store: Store, reading: Reading, overlooked: overlooking.Overlooked
) -> tuple[Reading, Mapping[str, Known], Mapping[str, Known]]:
    """A reading with its offers under the keys of their articles, what is known of these, and what of that by another
    spelling of its address."""
    offers = reading.offers if source.pushed else without_twins(reading.offers)
    asked_for = [key for offer in offers for key in changes.keys_of(offer)]
    known = store.known(source.name, [*asked_for, *reading.withdrawn])
    if source.pushed:  # whoever sends an id means one article by it
        return replace(reading, offers=changes.recognise(offers, known)), known, {}
    learned = known_otherwise(
        offers,
        known,
        lambda keys: store.known(source.name, keys),
        source=source.name,
        is_noted=overlooked.__contains__,
    )
    known = {**known, **learned}
    offers = under_noted_keys(changes.recognise(offers, known), known, overlooked.__contains__)
    return replace(reading, offers=offers), known, learned


def _complete(
    source: OpenSource, store: Store, visit: Visit, plan: changes.Plan, now: datetime, fetchers: Executor
) -> Sequence[Completed]:
    wanted = [*plan.new, *(offer for _, offer in plan.edited), *(offer for _, offer in plan.look)]
    packer = Packer(store.capture_base(source.name), now) if source.keep and wanted else None
    desk = Desk(
        pages=source.pages,
        visit=visit,
        home=source.home,
        offer_wins=source.offer_wins,
        width=source.width,
        packer=packer,
    )
    return desk.complete_all(wanted, fetchers)


def _evidence(
    source: OpenSource,
    reading: Reading,
    plan: changes.Plan,
    completed: Sequence[Completed],
    overlooked: overlooking.Overlooked,
    clock: Clock,
) -> health.Evidence:
    if source.pushed:
        return evidence_of_push(plan, completed)
    return evidence_of(reading, plan, completed, clock(), overlooked)


def _links(source: OpenSource, store: Store, reading: Reading, plan: changes.Plan) -> Links:
    asked = to_look_for(plan.new)
    met = store.known(source.name, asked) if asked else {}
    shared = shared_links(reading.offers, pushed=source.pushed)
    return Links(source=source.name, shared=shared, met=met, pushed=source.pushed)


def _conclude(
    source: OpenSource,
    store: Store,
    before: SourceState,
    now: datetime,
    evidence: health.Evidence,
    *,
    problems: Iterable[str] = (),
    found: Found | None = None,
) -> RefreshReport:
    """Judge the read, and store what it brought if it is to be believed, all in one transaction."""
    verdict = health.judge(before, evidence, now, _came(source, store, before, evidence, now), source.timezone)
    changed = is_news(before, verdict)
    state = health.after(before, verdict, evidence, now)
    if verdict.health is Health.BROKEN:
        state = health.with_instead(state, _instead(source, evidence) if changed else health.instead_of(before))
    if found is not None and verdict.believable:
        state = replace(state, facts=_remembered(source, state, before, found, now))
    state = noted(replace(state, next_run=_next_run(source, store, state, now)), source)
    report = RefreshReport(
        source=source.name,
        health=verdict.health,
        reason=verdict.reason,
        problems=tuple(map(shown_in, problems)),
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
        intake = intake_of(source, writer, state, found, now)
        new = writer.save(intake)
        if source.pushed:
            writer.file(source.name, found.reading.letters, now)
        if not source.titled and found.reading.title:
            writer.name_feed(source.name, found.reading.title)
        if source.keep:
            writer.shed_captures(source.keep)
        writer.resurface([edit.seq for edit in intake.edits if edit.updated is not None], source.resurfaces, now)
    return replace(report, new=len(new), edited=len(intake.edits), withdrawn=len(intake.withdrawn))


def _remembered(source: OpenSource, state: SourceState, before: SourceState, found: Found, now: datetime) -> Facts:
    """A source's facts with what the next reads have to know of this one, which is believed."""
    reading = found.reading
    facts = polling.remember_whole(polling.remember(state.facts, reading.hints), now)
    facts = polling.remember_rest(facts, now, unfinished=reading.unfinished, depth=reading.depth)
    facts = backlog.remember_notes(backlog.remember_reopened(facts, reading), reading.notes)
    facts = backlog.remember_first(facts, before, reading, now, taken=found.plan.new)
    facts = with_refused(facts, found) if source.pushed else facts
    return with_overlooked(facts, found, now=now, pushed=source.pushed)


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
