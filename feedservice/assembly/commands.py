"""What is asked for once, from the command line."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from feedservice.assembly.feeds import define, make_outlet
from feedservice.assembly.site import open_door, open_store, utc_now
from feedservice.assembly.sources import count_fetchers, open_source, open_sources, passing_source

if TYPE_CHECKING:
    from feedservice.config.reading import Config
    from feedservice.export import Exported
    from feedservice.model import Article, Revision, SourceState
    from feedservice.operating.explain import Explanation
    from feedservice.operating.preview import Preview
    from feedservice.operating.reextract import Reextraction, Reread
    from feedservice.operating.taking_back import Withdrawal
    from feedservice.publish import Published
    from feedservice.rebuild import Step
    from feedservice.refresh import RefreshReport
    from feedservice.store.engines.copying import Copied

_log = logging.getLogger(__name__)


def refresh(config: Config, names: Sequence[str], step: Step) -> tuple[RefreshReport, ...]:
    """Read these sources now, all enabled ones where none is named, and rebuild what that changed.

    Raises StoreBusy while another process is the acting worker.
    """
    from feedservice.errors import StoreError
    from feedservice.model import Health
    from feedservice.rebuild import finish, rebuild_to_the_end
    from feedservice.refresh import RefreshReport
    from feedservice.refresh import refresh as refresh_one

    with (
        closing(open_store(config)) as store,
        store.acting(),
        open_door(config) as door,
        ThreadPoolExecutor(count_fetchers(config)) as fetchers,
    ):
        press = define(config, store)
        sources = open_sources(config, door, store, all_of_them=bool(names))
        reports = []
        for done, name in enumerate(names or sources, start=1):
            try:
                report = refresh_one(sources[name], store=store, clock=utc_now, fetchers=fetchers)
            except StoreError:
                raise
            except Exception as bug:  # noqa: BLE001 - seen, and not allowed to keep the other sources from being read
                _log.critical("source %s: the refresh stopped on a bug", name, exc_info=bug)
                report = RefreshReport(
                    source=name, health=Health.BROKEN, reason=f"the refresh stopped on a bug: {bug!r}"
                )
            reports.append(report)
            step(done, len(names or sources), name)
        rebuild_to_the_end(store, press)
        finish(store)
    return tuple(reports)


def rebuild(
    config: Config, names: Sequence[str], step: Step, check: Callable[[Set[str]], object] = lambda known: None
) -> tuple[Published, ...]:
    """Write these feeds anew with all their archive pages, all feeds where none is named, changed or not.

    check: is handed the names of all feeds there are before anything is written, and may refuse. Raises StoreBusy like
    `refresh`.
    """
    from feedservice.rebuild import finish, make_stale, rebuild_to_the_end

    with closing(open_store(config)) as store, store.acting():
        press = define(config, store)
        check({feed.name for feed in store.feeds()} - store.retired().keys())
        make_stale(store, names or None, past=True)
        published = rebuild_to_the_end(store, press, step=step)
        finish(store)
    return tuple(result for result in published if not names or result.feed in names)


def feed_names(config: Config) -> frozenset[str]:
    """The names of all feeds that the store knows."""
    with closing(open_store(config)) as store:
        return frozenset(feed.name for feed in store.feeds())


def export(config: Config, to: str) -> Exported:
    """Bring a folder or bucket up to date with all that is published. Raises ExportError when it cannot be used."""
    from feedservice.export import export as export_to
    from feedservice.export import open_target

    with closing(open_store(config, make=False)) as store:
        return export_to(make_outlet(config, store), open_target(to))


def withdraw(config: Config, names: Sequence[str]) -> Withdrawal:
    """Take back the articles of these ids or addresses, and rewrite their feeds, or leave that to the acting worker."""
    from feedservice.errors import StoreBusy
    from feedservice.operating.taking_back import Withdrawal, take_back
    from feedservice.rebuild import finish, rebuild_to_the_end

    with closing(open_store(config, make=False)) as store:
        before = store.stale()
        articles = take_back(store, names, utc_now())
        feeds = tuple(sorted(name for name, mark in store.stale().items() if before.get(name) != mark))
        rewritten = False
        try:
            if feeds:
                with store.acting():
                    rebuild_to_the_end(store, define(config, store))
                    finish(store)
                rewritten = True
        except StoreBusy:
            _log.info("the acting worker rewrites the feeds")
    return Withdrawal(articles=articles, feeds=feeds, rewritten=rewritten)


def history(config: Config, name: str) -> tuple[Article | None, tuple[Revision, ...]]:
    """The article of an id or address, None where there is none, and all its versions, oldest first."""
    with closing(open_store(config, make=False)) as store:
        article = store.find(name)
        return article, store.history(article.id) if article else ()


def reextract(config: Config, name: str, *, dry_run: bool, step: Step, tell: Callable[[Reread], None]) -> Reextraction:
    """Apply the present rules to the pages that were kept of a source's articles, and rebuild what that changed.

    dry_run: nothing is stored, and another process may be the acting worker. Raises StoreBusy like `refresh`.
    """
    from feedservice.operating.reextract import reextract as reextract_all
    from feedservice.rebuild import finish, rebuild_to_the_end

    with (
        closing(open_store(config, make=False)) as store,
        open_door(config) as door,
        nullcontext() if dry_run else store.acting(),
    ):
        source = open_source(config, config.sources[name], door)
        press = None if dry_run else define(config, store)
        told = reextract_all(source, store=store, clock=utc_now, write=not dry_run, step=step, tell=tell)
        if press is not None:
            rebuild_to_the_end(store, press)
            finish(store)
        return told


def explain(config: Config, name: str) -> tuple[Article | None, Explanation | None]:
    """The article of an id or address, None where there is none, and where everything about it comes from."""
    from feedservice.operating.explain import explain as explain_article

    with closing(open_store(config, make=False)) as store:
        article = store.find(name)
        if article is None:
            return None, None
        with open_door(config) as door:
            configured = config.sources.get(article.source)
            source = open_source(config, configured, door) if configured else None
            return article, explain_article(article, store=store, source=source)


def preview(config: Config, name: str, limit: int, *, automatic: bool = False) -> Preview:
    """Look at a source, by its name or at any address, without storing anything.

    automatic: as it would be without its selectors. Raises SourceError when it cannot be read.
    """
    from feedservice.config.trimming import lines_of, selectors_of, without_selectors
    from feedservice.operating.preview import preview as look
    from feedservice.sources import KINDS

    configured = config.sources[name] if name in config.sources else passing_source(name)
    kind = KINDS[configured.common.kind]
    plain = without_selectors(configured, kind) if automatic else configured
    with open_door(config) as door:
        shown = look(open_source(config, plain, door), limit)
    if not automatic:
        return shown
    return replace(shown, drop=selectors_of(configured, kind), lines=lines_of(config, plain))


def states(config: Config, names: Sequence[str]) -> tuple[SourceState, ...]:
    """How these configured sources are, all where none is named."""
    with closing(open_store(config, make=False)) as store:
        known = {state.name: state for state in store.states()}
        return tuple(known.get(name) or store.state(name) for name in names or config.sources)


def adopt(config: Config, origin: Config, step: Step) -> Copied:
    """Copy what the store of another configuration holds into this one's, which holds nothing yet.

    Raises StoreError: where both name one store, the other one is not there, or this one is in use; StoreBusy while a
    worker acts on either.
    """
    from feedservice.errors import StoreError
    from feedservice.store.engines.copying import copy_store

    if origin.store_url == config.store_url:
        raise StoreError(f"{origin.path} names the same store as {config.path}: there is nothing to take over")
    return copy_store(origin.store_url, config.store_url, step)
