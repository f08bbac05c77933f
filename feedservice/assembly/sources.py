"""Configured sources, made ready to be read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from feedservice.assembly.site import make_site
from feedservice.assembly.timing import timing_of

if TYPE_CHECKING:
    from feedservice.config.reading import Config, ConfiguredSource
    from feedservice.outbound import Door
    from feedservice.protocols import Get, PageReader, Source, Store
    from feedservice.refreshing.believing import Automatic
    from feedservice.refreshing.opened import OpenSource

_FETCHERS, _MOST_FETCHERS = 32, 256
_LETTERS = 100
"""How many letters of one source are admitted in one transaction."""

_LEAST_LOOKED_AT = 200
"""How many articles a first read looks at: what it leaves out is no news to later reads that go as far."""


def open_sources(config: Config, door: Door, store: Store, *, all_of_them: bool = False) -> dict[str, OpenSource]:
    """Every source that is enabled, ready to be read; with `all_of_them` the disabled ones too."""
    return {
        name: open_source(config, source, door, store)
        for name, source in config.sources.items()
        if source.common.enabled or all_of_them
    }


def open_source(config: Config, configured: ConfiguredSource, door: Door, store: Store | None = None) -> OpenSource:
    """One source, ready to be read. store: where letters wait for it; without one there are none."""
    from feedservice.refreshing.admitting import rules_of, select_for
    from feedservice.refreshing.opened import OpenSource
    from feedservice.sources import KINDS

    common, settings = configured.common, config.settings
    kind, timezone = KINDS[common.kind], _timezone(config, configured)
    timing = timing_of(configured, settings.schedule, timezone, pushed=kind.pushed)
    return OpenSource(
        name=configured.name,
        home=common.home or own_address(configured) or make_site(config).base_url + "/",
        source=_bind(config, configured, store),
        get=_get_for(config, configured, door),
        pages=_page_reader(configured, timezone),
        automatic=_automatic(config, configured, timezone),
        settings=_settings_of(configured),
        rhythm=timing.rhythm,
        shelf=None if common.category == "breadcrumb" else common.category or (),
        timezone=timezone,
        limit=common.limit,
        offer_wins=kind.offer_wins,
        pushed=kind.pushed,
        whole=not kind.reads_pages,
        next_run=timing.next_run,
        resurfaces=settings.feeds.resurfaces,
        width=_width(config),
        heeds=timing.heeds,
        adapts=timing.adapts,
        longest_wait=timing.longest_wait,
        titled=bool(common.title),
        select=select_for(rules_of(settings.selections, settings.site.language), configured.name),
        keep=settings.pages.keep,
        merge=settings.feeds.duplicates == "merge",
    )


def _timezone(config: Config, configured: ConfiguredSource) -> str:
    """The zone of a source's dates that come without one."""
    return configured.common.timezone or config.settings.site.timezone


def _width(config: Config) -> int:
    """How many pages of one source are asked for at once; no host is ever asked for more than it may be."""
    return max(config.settings.fetch.per_host, _FETCHERS // config.settings.schedule.workers)


def count_fetchers(config: Config) -> int:
    """How many threads fetch pages: enough that a slow source leaves the others theirs."""
    return min(_MOST_FETCHERS, max(_FETCHERS, _width(config) * config.settings.schedule.workers))


def _bind(config: Config, configured: ConfiguredSource, store: Store | None) -> Source:
    from feedservice.extract import decode, parse_moment
    from feedservice.protocols import Opening
    from feedservice.sources import KINDS

    letters = partial(store.letters, configured.name, _LETTERS) if store is not None else tuple
    opening = Opening(
        base_folder=config.folder,
        timezone=_timezone(config, configured),
        decode=decode,
        parse_moment=parse_moment,
        limit=max(configured.common.limit, _LEAST_LOOKED_AT),
        letters=letters,
    )
    return KINDS[configured.common.kind].open(configured.options, opening)


def _get_for(config: Config, configured: ConfiguredSource, door: Door) -> Get:
    headers = {name: value.get_secret_value() for name, value in configured.common.headers.items()}
    if configured.common.render:
        from feedservice.outbound.rendering import Renderer

        fetch, language = config.settings.fetch, config.settings.site.language
        timezone = _timezone(config, configured)
        renderer = Renderer(door, fetch.chromium, limit=fetch.max_bytes, timezone=timezone, language=language)
        return renderer.for_source(headers, home=own_address(configured))
    return door.for_source(headers, home=own_address(configured)) if headers else door.get


def _automatic(config: Config, configured: ConfiguredSource, timezone: str) -> Automatic | None:
    from feedservice.config.trimming import selectors_of, without_selectors
    from feedservice.refreshing.believing import Automatic
    from feedservice.sources import KINDS

    kind = KINDS[configured.common.kind]
    if not selectors_of(configured, kind):
        return None
    plain = without_selectors(configured, kind)
    return Automatic(_bind(config, plain, None), _page_reader(plain, timezone))


def _settings_of(configured: ConfiguredSource) -> str:
    """Which settings a source is read by; secrets do not count, nor do they shine through."""
    from hashlib import sha256

    common = configured.common.model_dump_json(include={"kind", "article"})
    return sha256(f"{common} {configured.options.model_dump_json()}".encode()).hexdigest()[:16]


def _page_reader(configured: ConfiguredSource, timezone: str) -> PageReader:
    from feedservice import extract
    from feedservice.allowance import bounded
    from feedservice.protocols import PageReader

    rules = configured.common.article
    return PageReader(
        read=bounded(lambda page: extract.extract(page, rules, timezone)),
        clean=bounded(extract.clean),
        next_pages=bounded(extract.next_pages),
        join=bounded(extract.join),
        glance=bounded(extract.glance),
        selectors={
            name: chain
            for name, chain in (("title", rules.title), ("body", rules.body), ("published", rules.published))
            if chain
        },
    )


def own_address(configured: ConfiguredSource) -> str:
    """The first address that a source reads; "" for one that reads none."""
    address = configured.options.model_dump().get("url")
    if isinstance(address, (list, tuple)):
        address = address[0] if address else ""
    return address if isinstance(address, str) else ""


def passing_source(url: str) -> ConfiguredSource:
    """A source that no config names: whatever is found at an address."""
    from feedservice.config.reading import ConfiguredSource
    from feedservice.config.settings import SourceSettings
    from feedservice.sources import KINDS

    options = KINDS["auto"].options.model_validate({"url": url})
    return ConfiguredSource(name="preview", common=SourceSettings(kind="auto"), options=options)
