"""The only file that knows every part by name: puts the house together from the config.

Parts are imported where they are used, so that a role carries only what it needs: serving knows nothing of reading.
"""

from __future__ import annotations

import hashlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import astuple
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedservice import __version__

if TYPE_CHECKING:
    from feedservice.config.reading import Config, ConfiguredSource
    from feedservice.export import Exported, Exporting, Outlet
    from feedservice.model import Article, Feed, Revision, Site
    from feedservice.outbound import Door
    from feedservice.preview import Preview
    from feedservice.protocols import Get, PageReader, Source, Store
    from feedservice.publish import Published
    from feedservice.rebuild import Press, Step
    from feedservice.refresh import OpenSource, RefreshReport
    from feedservice.taking_back import Withdrawal
    from feedservice.web.hot import HotPath

_log = logging.getLogger(__name__)
_FETCHERS, _MOST_FETCHERS = 32, 256


def utc_now() -> datetime:
    """The one clock of the running service."""
    return datetime.now(UTC)


def load_config(path: str | None, environ: Mapping[str, str]) -> Config:
    """Read and check the configuration. Raises ConfigError with everything that is wrong with it."""
    from feedservice.config.reading import load
    from feedservice.sources import KINDS

    return load(path or environ.get("FEEDSERVICE_CONFIG") or "config.yaml", environ, KINDS)


def make_site(config: Config, authority: str = "") -> Site:
    """The service as its feeds name it; without a public base URL, the address that is served.

    authority: what the store settled on for the feeds' own ids; "" for a site of which no feed is written.
    """
    from feedservice.model import Site

    site, server = config.settings.site, config.settings.server
    host = "127.0.0.1" if server.host in ("0.0.0.0", "::") else server.host  # noqa: S104
    served = f"http://[{host}]:{server.port}" if ":" in host else f"http://{host}:{server.port}"
    return Site(
        title=site.title,
        base_url=(site.base_url or served).rstrip("/"),
        description=site.description,
        language=site.language,
        timezone=site.timezone,
        author=site.author,
        rights=site.rights,
        icon_url=site.icon_url,
        authority=authority,
        ttl=int(config.settings.feeds.ttl.total_seconds()),
    )


def open_store(config: Config) -> Store:
    """Open the store, brought up to date. Raises StoreError."""
    from feedservice.store import open_store as open_url

    return open_url(config.store_url, utc_now)


# ------------------------------------------------------------------------------------------------ sources


def open_sources(config: Config, door: Door, *, all_of_them: bool = False) -> dict[str, OpenSource]:
    """Every source that is enabled, ready to be read; with `all_of_them` the disabled ones too."""
    return {
        name: _open_source(config, source, door)
        for name, source in config.sources.items()
        if source.common.enabled or all_of_them
    }


def _open_source(config: Config, configured: ConfiguredSource, door: Door) -> OpenSource:
    from feedservice.admitting import rules_of, select_for
    from feedservice.refresh import OpenSource
    from feedservice.schedule import next_run
    from feedservice.sources import KINDS

    common, schedule = configured.common, config.settings.schedule
    kind = KINDS[common.kind]
    timezone = common.timezone or config.settings.site.timezone
    every = common.every or schedule.every

    def next_time(now: datetime) -> datetime | None:
        return next_run(configured.name, now, every=every, cron=common.cron, jitter=schedule.jitter, timezone=timezone)

    return OpenSource(
        name=configured.name,
        home=common.home or _own_address(configured) or make_site(config).base_url + "/",
        source=_bind(config, configured),
        get=_get_for(configured, door),
        pages=_page_reader(configured, timezone),
        shelf=None if common.category == "breadcrumb" else common.category or (),
        timezone=timezone,
        limit=common.limit,
        offer_wins=kind.offer_wins,
        next_run=next_time,
        resurfaces=config.settings.feeds.resurfaces,
        width=_width(config),
        heeds=common.every is None and common.cron is None,
        titled=bool(common.title),
        select=select_for(rules_of(config.settings.selections, config.settings.site.language), configured.name),
        merge=config.settings.feeds.duplicates == "merge",
    )


def _width(config: Config) -> int:
    """How many pages of one source are asked for at once; no host is ever asked for more than it may be."""
    return max(config.settings.fetch.per_host, _FETCHERS // config.settings.schedule.workers)


def _fetchers(config: Config) -> int:
    """How many threads fetch pages: enough that a slow source leaves the others theirs."""
    return min(_MOST_FETCHERS, max(_FETCHERS, _width(config) * config.settings.schedule.workers))


def _bind(config: Config, configured: ConfiguredSource) -> Source:
    from feedservice.extract import decode, parse_moment
    from feedservice.protocols import Opening
    from feedservice.sources import KINDS

    timezone = configured.common.timezone or config.settings.site.timezone
    opening = Opening(base_folder=config.folder, timezone=timezone, decode=decode, parse_moment=parse_moment)
    return KINDS[configured.common.kind].open(configured.options, opening)


def _get_for(configured: ConfiguredSource, door: Door) -> Get:
    headers = {name: value.get_secret_value() for name, value in configured.common.headers.items()}
    return door.for_source(headers, home=_own_address(configured)) if headers else door.get


def _page_reader(configured: ConfiguredSource, timezone: str) -> PageReader:
    from feedservice import extract
    from feedservice.protocols import PageReader

    rules = configured.common.article
    return PageReader(
        read=lambda page: extract.extract(page, rules, timezone),
        clean=extract.clean,
        next_pages=extract.next_pages,
        join=extract.join,
    )


def _own_address(configured: ConfiguredSource) -> str:
    address = configured.options.model_dump().get("url")
    if isinstance(address, (list, tuple)):
        address = address[0] if address else ""
    return address if isinstance(address, str) else ""


@contextmanager
def open_door(config: Config) -> Iterator[Door]:
    """The way to the network, closed at the end."""
    from feedservice.outbound import open_door as open_it

    door = open_it(config.settings.fetch, utc_now, version=__version__)
    try:
        yield door
    finally:
        door.close()


def _feeds(config: Config) -> tuple[Feed, ...]:
    from feedservice.admitting import feeds_of
    from feedservice.model import Feed, FeedKind

    site = make_site(config)
    everything = Feed(
        name="all", kind=FeedKind.ALL, title=site.title, description=site.description, home_url=f"{site.base_url}/"
    )
    of_sources = (
        Feed(
            name=source.name,
            kind=FeedKind.SOURCE,
            title=source.common.title or source.name,
            home_url=source.common.home or _own_address(source),
        )
        for source in config.sources.values()
    )
    return (everything, *of_sources, *feeds_of(config.settings.selections))


def define(config: Config, store: Store) -> Press:
    """Tell the store of the feeds and categories that the config names; what changed becomes stale.

    Feeds that were moved or are gone are retired, and selections that changed look through what is stored.

    Returns what it takes to write feeds. Raises StoreError, also for a name that another kind of feed has already.
    """
    from feedservice.admitting import admit, rules_of
    from feedservice.formats import FORMATS
    from feedservice.minting import category_steps
    from feedservice.rebuild import Press

    paths = {
        source.common.category
        for source in config.sources.values()
        if source.common.category and source.common.category != "breadcrumb"
    }
    with store.writing() as writer:
        site = make_site(config, writer.settle("authority", _authority(config)))
        press = Press(formats=FORMATS, site=site, settings=config.settings.feeds, clock=utc_now)
        writer.define_feeds(_feeds(config), _fingerprint(press))
        slugs = [writer.ensure_category(category_steps(path)) for path in sorted(paths)]
        moved, gone = config.settings.feeds.moved, config.settings.feeds.gone
        writer.restore({*config.sources, *config.settings.selections, *slugs} - {*moved, *gone})
        writer.retire(moved, gone)
    admit(store, rules_of(config.settings.selections, config.settings.site.language))
    return press


def _authority(config: Config) -> str:
    """Who mints the feeds' ids, and since when (RFC 4151 §2.1); only the first start of a store asks."""
    host = urlsplit(make_site(config).base_url).hostname or "localhost"
    return f"{'localhost' if ':' in host else host},{utc_now().year}"


def _fingerprint(press: Press) -> str:
    """Of all that shapes documents besides the articles."""
    rows = [(row.name, row.suffix, row.media_type) for row in press.formats]
    shape = (__version__, astuple(press.site), press.settings.model_dump_json(exclude={"moved", "gone"}), rows)
    return hashlib.sha256(repr(shape).encode()).hexdigest()


# ------------------------------------------------------------------------------------------------ commands


def refresh(config: Config, names: Sequence[str], step: Step) -> tuple[RefreshReport, ...]:
    """Read these sources now, all enabled ones where none is named, and rebuild what that changed.

    Raises StoreBusy while another process is the acting worker.
    """
    from feedservice.rebuild import rebuild as rebuild_stale
    from feedservice.refresh import refresh as refresh_one

    store = open_store(config)
    with store.acting(), open_door(config) as door, ThreadPoolExecutor(_fetchers(config)) as fetchers:
        press = define(config, store)
        sources = open_sources(config, door, all_of_them=bool(names))
        reports = []
        for done, name in enumerate(names or sources, start=1):
            reports.append(refresh_one(sources[name], store=store, clock=utc_now, fetchers=fetchers))
            step(done, len(names or sources), name)
        rebuild_stale(store, press)
    store.close()
    return tuple(reports)


def rebuild(config: Config, names: Sequence[str], step: Step) -> tuple[Published, ...]:
    """Write these feeds anew, all where none is named, changed or not. Raises StoreBusy like `refresh`."""
    from feedservice.rebuild import make_stale
    from feedservice.rebuild import rebuild as rebuild_stale

    store = open_store(config)
    with store.acting():
        press = define(config, store)
        make_stale(store, names or None)
        published = rebuild_stale(store, press, step=step)
    store.close()
    return tuple(result for result in published if not names or result.feed in names)


def export(config: Config, to: str) -> Exported:
    """Bring a folder or bucket up to date with all that is published. Raises ExportError when it cannot be used."""
    from feedservice.export import export as export_to
    from feedservice.export import open_target

    store = open_store(config)
    try:
        return export_to(_outlet(config, store), open_target(to))
    finally:
        store.close()


def _outlet(config: Config, store: Store) -> Outlet:
    from feedservice.export import Outlet
    from feedservice.formats import FORMATS

    ttl = int(config.settings.feeds.ttl.total_seconds())
    suffixes = tuple(row.suffix for row in FORMATS)
    return Outlet(store=store, site=make_site(config), ttl=ttl, suffixes=suffixes, clock=utc_now)


def configured_target(config: Config) -> str | None:
    """Where feeds are exported to all the time; a relative path is taken from the config's folder."""
    to = config.settings.export.to
    return to if to is None or to.startswith("s3://") else str(Path(config.folder) / to)


def _exporting(config: Config, store: Store) -> Exporting | None:
    from feedservice.export import Exporting, open_target
    from feedservice.export import export as export_to

    to = configured_target(config)
    if to is None:
        return None
    outlet = _outlet(config, store)
    return Exporting(lambda pages, go_on: export_to(outlet, open_target(to), changed=pages, go_on=go_on))


def withdraw(config: Config, names: Sequence[str]) -> Withdrawal:
    """Take back the articles of these ids or addresses, and rewrite their feeds, or leave that to the acting worker."""
    from feedservice.errors import StoreBusy
    from feedservice.rebuild import rebuild as rebuild_stale
    from feedservice.taking_back import Withdrawal, take_back

    store = open_store(config)
    before = store.stale()
    articles = take_back(store, names, utc_now())
    feeds = tuple(sorted(name for name, mark in store.stale().items() if before.get(name) != mark))
    rewritten = False
    try:
        if feeds:
            with store.acting():
                rebuild_stale(store, define(config, store))
            rewritten = True
    except StoreBusy:
        _log.info("the acting worker rewrites the feeds")
    finally:
        store.close()
    return Withdrawal(articles=articles, feeds=feeds, rewritten=rewritten)


def history(config: Config, name: str) -> tuple[Article | None, tuple[Revision, ...]]:
    """The article of an id or address, None where there is none, and all its versions, oldest first."""
    store = open_store(config)
    try:
        article = store.find(name)
        return article, store.history(article.id) if article else ()
    finally:
        store.close()


def preview(config: Config, name: str, limit: int) -> Preview:
    """Look at a source, by its name or at any address, without storing anything.

    Raises SourceError when it cannot be read.
    """
    from feedservice.preview import preview as look

    configured = config.sources[name] if name in config.sources else _passing_source(name)
    with open_door(config) as door:
        return look(_open_source(config, configured, door), limit)


def _passing_source(url: str) -> ConfiguredSource:
    """A source that no config names: whatever is found at an address."""
    from feedservice.config.reading import ConfiguredSource
    from feedservice.config.settings import SourceSettings
    from feedservice.sources import KINDS

    options = KINDS["auto"].options.model_validate({"url": url})
    return ConfiguredSource(name="preview", common=SourceSettings(kind="auto"), options=options)


# ------------------------------------------------------------------------------------------------ roles


def serving_app(config_path: str | None) -> HotPath:
    """The web application of one serving process, loaded and watching the store."""
    from feedservice.allocation import give_back, release
    from feedservice.web import make_app

    give_back()
    config = load_config(config_path, os.environ)
    settings = config.settings
    app = make_app(open_store(config), site=make_site(config), feeds=settings.feeds, server=settings.server)
    app.start()
    release()
    return app


def serve(config: Config) -> int:
    """Serve until told to stop; returns the exit code."""
    from feedservice.web.server import serve as serve_forever

    open_store(config).close()
    os.environ["FEEDSERVICE_CONFIG"] = config.path
    server = config.settings.server
    return serve_forever("feedservice.wsgi:create_app", host=server.host, port=server.port, processes=server.processes)


def work(config: Config) -> int:
    """Be the acting worker until told to stop; returns the exit code. Raises StoreBusy when there is one already."""
    from feedservice.allocation import give_back, then_release
    from feedservice.companion import end_with_parent
    from feedservice.rebuild import make_stale
    from feedservice.rebuild import rebuild as rebuild_stale
    from feedservice.schedule import Schedule
    from feedservice.working import Worker

    give_back()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    end_with_parent(stopping.set)
    store, settings = open_store(config), config.settings
    with store.acting(), open_door(config) as door, ThreadPoolExecutor(_fetchers(config)) as fetchers:
        press = define(config, store)
        exporting = _exporting(config, store)
        write_stale = then_release(partial(rebuild_stale, store, press))
        worker = Worker(
            store=store,
            sources=open_sources(config, door),
            clock=utc_now,
            workers=settings.schedule.workers,
            fetchers=fetchers,
            rebuild=exporting.after(write_stale) if exporting else write_stale,
        )

        def full_rebuild() -> None:
            make_stale(store, None)
            worker.rebuild_soon()

        schedule = Schedule(
            tick=worker.tick,
            rebuild=full_rebuild,
            rebuild_cron=settings.schedule.rebuild,
            timezone=settings.site.timezone,
            clock=utc_now,
        )
        worker.start()
        schedule.start()
        if exporting:
            exporting.start()
        _log.info("working: %d sources", len(config.sources))
        stopping.wait()
        _log.info("stopping: what is running ends first")
        schedule.stop()
        worker.stop()
        if exporting:
            exporting.stop()
    store.close()
    return 0


def run(config: Config) -> int:
    """Both roles on one machine: serve here, work in a companion process; returns the exit code."""
    from feedservice.companion import Companion

    open_store(config).close()
    command = [sys.executable, "-m", "feedservice", "--config", config.path, "work"]
    companion = Companion(command, os.environ)
    companion.start()
    try:
        return serve(config)
    finally:
        companion.stop()
