"""From what a read found to what is stored of it: ids, dates, feeds and aliases of what is new, edits, validators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedservice import changes, digests, minting
from feedservice.addresses.masking import shown_in
from feedservice.addresses.spellings import plain
from feedservice.model import (
    Arrival,
    Capture,
    Facts,
    Fields,
    Health,
    Intake,
    Known,
    Offer,
    Reading,
    SourceState,
    Validators,
)
from feedservice.protocols import Writer
from feedservice.refreshing import overlooking, refusing
from feedservice.refreshing.believing import unread
from feedservice.refreshing.completing import Completed, Visit
from feedservice.refreshing.links import Links
from feedservice.refreshing.looks import Look, weigh, with_arrivals
from feedservice.refreshing.merging import find_duplicates
from feedservice.refreshing.moving import Moved, find_moved, moved_since, remember_moved
from feedservice.refreshing.opened import OpenSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one read found.

    completed: whole articles, in the order of the plan. known: what is stored of what is on offer, by key. learned:
    what of that is stored under another spelling of its key. links: which links name an article. taken: by key, how
    many ids that a new article would have are another one's. whole: the read did not stop at what is known. left: what
    it leaves out for good.
    """

    reading: Reading
    plan: changes.Plan
    completed: Sequence[Completed]
    visit: Visit
    known: Mapping[str, Known]
    learned: Mapping[str, Known]
    links: Links
    taken: Mapping[str, int]
    whole: bool
    left: Sequence[Offer]

    def told(self) -> tuple[str, ...]:
        """What is to be said of the read as a whole, in words."""
        left = 0 if self.left else len(self.plan.left)
        return (f"{left} more articles are new than are taken at once: they come later",) if left else ()


def with_refused(facts: Facts, found: Found) -> Facts:
    """The facts of a source that is told of articles, with those that could not be read; nobody tells of them again."""
    taken_back = dict.fromkeys(found.reading.withdrawn, "")
    tried = {item.offer.key: item.problem if item.fields is None else "" for item in found.completed}
    told = {**found.reading.refused, **taken_back, **tried}
    return refusing.remember(facts, {key: shown_in(why) for key, why in told.items()})


def with_overlooked(facts: Facts, found: Found, *, now: datetime, pushed: bool) -> Facts:
    """The facts with what could not be read, and with what is not to be read later either.

    pushed: what comes is only the latest that somebody told, and says nothing of the rest.
    """
    return overlooking.remember(
        facts,
        found.reading.offers,
        now,
        tried={item.offer.key for item in found.completed},
        failed=unread(found.completed, found.known),
        left_out=found.left,
        beyond=found.reading.beyond,
        paged=found.reading.paged,
        partial=found.reading.partial or pushed,
        whole=found.whole,
    )


def intake_of(source: OpenSource, writer: Writer, state: SourceState, found: Found, now: datetime) -> Intake:
    """What a read that is believed changes in the store. state: of the source, after it."""
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
        there=sum(item.fields is not None and not item.offer.complete for item in completed),
        well=state.health in (Health.WELL, Health.QUIET),
        feeds_of=source.selections,
        at_once=source.pushed,
    )
    taken_back = [found.known[key] for key in found.reading.withdrawn if key in found.known]
    published = {look.known.seq: look.known.published for look in looks}
    beside = [published[edit.seq] for edit in outcome.edits if edit.feeds]
    arrivals, joining = _arrivals(source, writer, new, found, now, beside)
    # Whoever keeps the folder, or pushes, says by a path or an id which article is meant.
    state, moved = (state, Moved({})) if source.whole else _moved(source, writer, state, arrivals, found, now)
    put_off = overlooking.recall(state.facts)
    unsettled = (*(item.offer for item in completed if item.passing), *plan.left)
    return Intake(
        source=source.name,
        at=now,
        state=state,
        arrivals=tuple(each for each in arrivals if each.key not in moved.seqs and each.key not in moved.past),
        edits=with_arrivals(outcome.edits, joining),
        checked=outcome.checked,
        absent=outcome.absent,
        withdrawn=(
            *outcome.withdrawn,
            *(known.seq for known in taken_back if known.source == source.name and not known.withdrawn),
        ),
        stamps=outcome.stamps,
        captures=outcome.captures,
        learned={**_learned(source, found), **moved.seqs},
        # Without validators the list is read again next time; what could not be read has it read when its time comes.
        validators=_validators(found) if all(offer.key in put_off for offer in unsettled) else {},
    )


def _moved(
    source: OpenSource, writer: Writer, state: SourceState, arrivals: Sequence[Arrival], found: Found, now: datetime
) -> tuple[SourceState, Moved]:
    """The state of a source that may have moved, and the arrivals that are stored under other keys, with their seqs."""
    moved = find_moved(
        writer,
        arrivals,
        found.reading.offers,
        found.known,
        source.name,
        since=moved_since(state.facts, now),
        unread=[item.offer for item in found.completed[: len(found.plan.new)] if item.fields is None],
    )
    facts = remember_moved(state.facts, moved.seqs, found.reading.offers, now)
    state = replace(state, facts=overlooking.leave_out(facts, moved.past))
    keys = {arrival.key for arrival in arrivals}
    return state, moved._replace(seqs={key: seq for key, seq in moved.seqs.items() if key in keys})


def _learned(source: OpenSource, found: Found) -> dict[str, int]:
    """The new spellings of keys; of what another source brought only once this one has offered it, which is news."""
    return {
        key: known.seq
        for key, known in found.learned.items()
        if known.source == source.name or known.offered or known.withdrawn
    }


def _aliases(id: str, offer: Offer, found: Found) -> tuple[str, ...]:
    """The names of a new article besides its id: its address, and what it is stored under for another source.

    offer: without its address where that is not its own.
    """
    names = [offer.url or id]
    if offer.key in found.learned:
        names.append(found.learned[offer.key].id)
    if offer.url is not None and offer.url == offer.key:
        names.append(plain(offer.url))
    return tuple(name for name in dict.fromkeys(names) if name != id)


def _arrivals(
    source: OpenSource,
    writer: Writer,
    new: Sequence[tuple[Offer, Fields, Capture | None]],
    found: Found,
    now: datetime,
    beside: Sequence[datetime],
) -> tuple[tuple[Arrival, ...], tuple[datetime, ...]]:
    """The new articles, and arrivals for what is edited beside them, published at these times: for what that joins."""
    named = [offer if found.links.names(offer, fields) else replace(offer, url=None) for offer, fields, _ in new]
    names = [minting.mint_id(offer, source.name, taken=found.taken.get(offer.key, 0)) for offer in named]
    claims = [fields.published for _, fields, _ in new]
    came = [offer.came for offer in named]
    instants = [*(claim.at for claim in claims if claim is not None), *(at for at in came if at is not None)]
    taken = writer.taken(min([*instants, now]) - timedelta(days=2), now + timedelta(seconds=1)) if new else frozenset()
    published = minting.decide_published(claims, taken=taken, now=now, timezone=source.timezone, came=came)
    arrivals = minting.decide_arrivals((*published, *beside), latest=writer.latest_arrival(), now=now)
    made = [
        Arrival(
            id=names[index],
            key=offer.key,
            url=offer.url or minting.link_without_page(source.home, names[index]),
            published=published[index],
            updated=changes.first_updated(published[index], fields, now),
            arrival=arrivals[index],
            fields=fields,
            offer_digest=digests.offer_digest(offer),
            content_digest=digests.content_digest(fields),
            categories=() if offer.key in found.reading.withdrawn else source.categories(fields),
            feeds=() if offer.key in found.reading.withdrawn else source.selections(fields),
            capture=capture,
            taken_back=offer.key in found.reading.withdrawn,
            aliases=_aliases(names[index], named[index], found),
        )
        for index, (offer, fields, capture) in enumerate(new)
    ]
    # The oldest arrives first, so that the order of arrival tells the same story as the dates; of equal ones, the last.
    made.reverse()
    made.sort(key=lambda each: each.arrival)
    come = find_duplicates(writer, made, source.name) if source.merge else tuple(made)
    return come, arrivals[len(published) :]


def _validators(found: Found) -> dict[str, Validators]:
    return {url: told for url, told in found.visit.after.items() if url not in found.reading.volatile}
