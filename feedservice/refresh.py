"""An article's way through the house, told once: a source is read, and what is new or edited is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from feedservice import changes, health, minting, polling
from feedservice.admitting import Select
from feedservice.errors import FetchError, SourceError, TooLarge, Unreadable
from feedservice.looks import Look, weigh
from feedservice.merging import find_duplicates
from feedservice.model import (
    Arrival,
    Attachment,
    CategoryStep,
    Extraction,
    Fields,
    Health,
    Intake,
    NotModified,
    Offer,
    Page,
    Reading,
    SourceState,
    Validators,
)
from feedservice.protocols import Clock, Get, PageReader, Source, Store, Writer

_MOST_PAGES = 20
_ENOUGH_FAILURES = 3
_GONE = frozenset({404, 410})
_PAGE_TYPES = ("html", "xml")
Shelf = tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSource:
    """A configured source, ready to be read.

    home: its page for people. shelf: the category path for all its articles; None for each one's own breadcrumb, an
    empty path for no category. offer_wins: what the source says of an article is better than what stands on its page.
    next_run: when it is read again after a read at the given time. select: the selections that take an article, by its
    fields and the paths of its categories. merge: whether articles that another source brought first are looked for, to
    be told as one. resurfaces: whether edited articles come to the top of a feed again.
    heeds: when the source asks to be read more seldom, it is. titled: its feed has a name; else what it calls itself.
    """

    name: str
    home: str
    source: Source
    get: Get
    pages: PageReader
    shelf: Shelf
    timezone: str
    limit: int
    offer_wins: bool
    next_run: Callable[[datetime], datetime | None]
    select: Select = lambda fields, categories: ()
    merge: bool = False
    resurfaces: Callable[[str], bool] = lambda feed: False
    heeds: bool = False
    titled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshReport:
    """What came of a refresh, for people and logs."""

    source: str
    health: Health
    reason: str = ""
    new: int = 0
    edited: int = 0
    withdrawn: int = 0
    problems: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the read was not to be believed, so that nothing of it was stored."""
        return self.health is Health.BROKEN


@dataclass(frozen=True, slots=True)
class _Completed:
    """An offer after its page was read. fields: None when there is nothing to store; then `problem` says why."""

    offer: Offer
    fields: Fields | None
    problem: str = ""
    passing: bool = False
    unreadable: bool = False
    gone: bool = False


@dataclass(slots=True)
class _Visit:
    """One refresh's way to the network: asks conditionally with what is remembered, and remembers what it is told."""

    get: Get
    before: Mapping[str, Validators]
    after: dict[str, Validators] = field(default_factory=dict)

    def __call__(self, url: str, *, conditional: bool = False, accept: str = "*/*") -> Page | NotModified:
        answer = self.get(url, unless=self.before.get(url) if conditional else None, accept=accept)
        if conditional and isinstance(answer, Page):
            self.after[url] = answer.validators
        return answer

    def page(self, url: str) -> Page:
        """Fetch `url` unconditionally. Raises FetchError, also for a server that answers 304 all the same."""
        answer = self(url)
        if isinstance(answer, NotModified):
            raise FetchError(f"{url}: 304 to an unconditional request", status=304)
        return answer


def refresh(source: OpenSource, *, store: Store, clock: Clock, fetchers: Executor) -> RefreshReport:
    """Read a source once and store what is new or edited. A failing source is a result, not an error.

    fetchers: runs the reading of articles' pages; `outbound` sees to it that no host is asked too much.
    Raises StoreError when the store cannot be used.
    """
    before = store.state(source.name)
    visit = _Visit(source.get, store.validators(source.name))
    try:
        reading = source.source.read(visit, lambda key: key in store.known(source.name, [key]))
    except SourceError as error:
        return _conclude(source, store, before, clock(), health.Evidence(error=str(error)))
    if reading.unchanged:
        return _conclude(source, store, before, clock(), health.Evidence(unchanged=True), problems=reading.problems)
    known = store.known(source.name, [offer.key for offer in reading.offers])
    plan = changes.plan(reading.offers, known, source=source.name, now=clock(), limit=source.limit)
    wanted = [*plan.new, *(offer for _, offer in plan.edited), *(offer for _, offer in plan.look)]
    completed = list(fetchers.map(lambda offer: _complete(source, visit, offer), wanted))
    evidence = _evidence(reading, plan, completed)
    problems = (*reading.problems, *(item.problem for item in completed if item.problem))
    return _conclude(
        source, store, before, clock(), evidence, problems=problems, found=_Found(reading, plan, completed, visit)
    )


@dataclass(frozen=True, slots=True)
class _Found:
    reading: Reading
    plan: changes.Plan
    completed: Sequence[_Completed]
    visit: _Visit


def _complete(source: OpenSource, visit: _Visit, offer: Offer) -> _Completed:
    """The whole article behind an offer, its page and further pages read where it is a stub."""
    if offer.complete or offer.url is None:
        return _Completed(offer, source.pages.clean(offer.fields, offer.url or source.home))
    try:
        page = visit.page(offer.url)
        if page.content_type and not any(kind in page.content_type for kind in _PAGE_TYPES):
            return _Completed(offer, source.pages.clean(_file_as_article(offer, page), offer.url))
        extraction, problem = _read_whole(source.pages, visit, page)
    except Unreadable as error:
        return _Completed(offer, None, f"{offer.url}: {error}", passing=True, unreadable=True)
    except FetchError as error:
        return _Completed(offer, None, str(error), passing=not _is_final(error), gone=error.status in _GONE)
    own, fields = source.pages.clean(offer.fields, offer.url), extraction.fields
    return _Completed(offer, changes.merge(own, fields) if source.offer_wins else changes.merge(fields, own), problem)


def _read_whole(pages: PageReader, visit: _Visit, page: Page) -> tuple[Extraction, str]:
    """An article with its further pages, and what is wrong with one that was left out: it is gone, or no article.

    Raises FetchError for one that failed to come, which may come next time.
    """
    first = pages.read(page)
    rest: list[Extraction] = []
    problem = ""
    for url in pages.next_pages(page)[:_MOST_PAGES]:
        try:
            rest.append(pages.read(visit.page(url)))
        except Unreadable as error:
            problem = f"{url}: {error}"
        except FetchError as error:
            if not _is_final(error):
                raise
            problem = str(error)
    return (pages.join(first, rest) if rest else first), problem


def _is_final(error: FetchError) -> bool:
    """Whether asking again before the source tells something else is of no use."""
    return error.status in _GONE or isinstance(error, TooLarge)


def _file_as_article(offer: Offer, page: Page) -> Fields:
    """What a list says of an article that is a file (a PDF, say): the file becomes its attachment."""
    media_type = page.content_type.split(";")[0].strip().lower()
    file = Attachment(url=page.url, name=offer.fields.title, media_type=media_type, length=len(page.body))
    return replace(offer.fields, attachments=(*offer.fields.attachments, file))


def _evidence(reading: Reading, plan: changes.Plan, completed: Sequence[_Completed]) -> health.Evidence:
    failures = [item.problem for item in completed if item.passing and not item.unreadable]
    if len(failures) == len(completed) >= _ENOUGH_FAILURES:
        return health.Evidence(error=f"none of {len(failures)} articles' pages could be read: {failures[0]}")
    from_pages = [item for item in completed if not item.offer.complete and item.offer.url]
    read = [item.fields for item in from_pages if item.fields is not None]
    return health.Evidence(
        offers=len(reading.offers),
        distinct_titles=len({offer.fields.title for offer in reading.offers}),
        pages_read=len(read),
        pages_unreadable=sum(item.unreadable for item in from_pages),
        page_titles=len({fields.title for fields in read}),
        new=sum(item.fields is not None for item in completed[: len(plan.new)]),
    )


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
    verdict = health.judge(before, evidence, now)
    state = health.after(before, verdict, evidence, now)
    if found is not None and verdict.believable:
        state = replace(state, facts=polling.remember(state.facts, found.reading.hints))
    planned = source.next_run(now)
    if planned is not None and source.heeds:
        planned = polling.heed(planned, now, polling.recall(state.facts))
    state = replace(state, next_run=planned)
    report = RefreshReport(source=source.name, health=verdict.health, reason=verdict.reason, problems=tuple(problems))
    with store.writing() as writer:
        if found is None or not verdict.believable:
            writer.put_state(state)
            return report
        intake = _intake(source, writer, state, found, now)
        new = writer.save(intake)
        if not source.titled and found.reading.title:
            writer.name_feed(source.name, found.reading.title)
        writer.resurface([edit.seq for edit in intake.edits if edit.updated is not None], source.resurfaces)
    return replace(report, new=len(new), edited=len(intake.edits), withdrawn=len(intake.withdrawn))


def _intake(
    source: OpenSource, writer: Writer, state: SourceState, found: _Found, now: datetime
) -> Intake:
    plan, completed = found.plan, found.completed
    new = [(item.offer, item.fields) for item in completed[: len(plan.new)] if item.fields is not None]
    looks = [
        Look(known, item.offer, item.fields, item.gone)
        for (known, _), item in zip((*plan.edited, *plan.look), completed[len(plan.new) :], strict=True)
    ]
    outcome = weigh(
        looks,
        now,
        pages=len(completed),
        well=state.health is Health.WELL,
        feeds_of=lambda fields: source.select(fields, _categories(source, fields)),
    )
    whole = not any(item.passing for item in completed)
    return Intake(
        source=source.name,
        at=now,
        state=state,
        arrivals=_arrivals(source, writer, new, now),
        edits=outcome.edits,
        checked=outcome.checked,
        absent=outcome.absent,
        withdrawn=outcome.withdrawn,
        stamps=outcome.stamps,
        # Without validators the list is read again next time, and with it what could not be read today.
        validators=_validators(found) if whole else {},
    )


def _arrivals(
    source: OpenSource, writer: Writer, new: Sequence[tuple[Offer, Fields]], now: datetime
) -> tuple[Arrival, ...]:
    claims = [fields.published for _, fields in new]
    instants = [claim.at for claim in claims if claim is not None]
    taken = writer.taken(min([*instants, now]) - timedelta(days=2), now + timedelta(seconds=1)) if new else frozenset()
    published = minting.decide_published(claims, taken=taken, now=now, timezone=source.timezone)
    arrivals = minting.decide_arrivals(published, latest=writer.latest_arrival(), now=now)
    made = [
        Arrival(
            id=minting.mint_id(offer, source.name),
            key=offer.key,
            url=offer.url or minting.link_without_page(source.home, offer.key),
            published=published[index],
            updated=changes.first_updated(published[index], fields, now),
            arrival=arrivals[index],
            fields=fields,
            offer_digest=changes.offer_digest(offer),
            content_digest=changes.content_digest(fields),
            categories=_categories(source, fields),
            feeds=source.select(fields, _categories(source, fields)),
            aliases=(offer.url,) if offer.url and offer.url != minting.mint_id(offer, source.name) else (),
        )
        for index, (offer, fields) in enumerate(new)
    ]
    # The oldest arrives first, so that the order of arrival tells the same story as the dates.
    made.reverse()
    return find_duplicates(writer, made, source.name) if source.merge else tuple(made)


def _validators(found: _Found) -> dict[str, Validators]:
    return {url: told for url, told in found.visit.after.items() if url not in found.reading.volatile}


def _categories(source: OpenSource, fields: Fields) -> tuple[tuple[CategoryStep, ...], ...]:
    path = minting.path_from_breadcrumb(fields.breadcrumb) if source.shelf is None else source.shelf
    return (minting.category_steps(path),) if path else ()
