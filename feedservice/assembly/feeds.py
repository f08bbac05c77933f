"""The feeds that a configuration names, and what it takes to write and to export them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import astuple, replace
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedservice import __version__
from feedservice.assembly.site import make_site, utc_now
from feedservice.assembly.sources import own_address

if TYPE_CHECKING:
    from feedservice.config.reading import Config
    from feedservice.export import Exporting, Outlet
    from feedservice.model import Feed
    from feedservice.protocols import Store
    from feedservice.publish import Press


def _feeds(config: Config) -> tuple[Feed, ...]:
    from feedservice.model import Feed, FeedKind
    from feedservice.refreshing.admitting import feeds_of

    site = make_site(config)
    everything = Feed(
        name="all", kind=FeedKind.ALL, title=site.title, description=site.description, home_url=f"{site.base_url}/"
    )
    of_sources = (
        Feed(
            name=source.name,
            kind=FeedKind.SOURCE,
            title=source.common.title or source.name,
            home_url=source.common.home or own_address(source),
        )
        for source in config.sources.values()
    )
    return (everything, *of_sources, *feeds_of(config.settings.selections))


def define(config: Config, store: Store) -> Press:
    """Tell the store of the feeds and categories that the config names; what changed becomes stale.

    Feeds that were moved or are gone are retired, and selections that changed look through what is stored.

    Returns what it takes to write feeds. Raises StoreError, also for a name that another kind of feed has already.
    """
    from feedservice.formats import FORMATS
    from feedservice.minting import category_steps
    from feedservice.publish import Press
    from feedservice.refreshing.admitting import admit, rules_of

    paths = {
        source.common.category
        for source in config.sources.values()
        if source.common.category and source.common.category != "breadcrumb"
    }
    retired = store.retired()
    with store.writing() as writer:
        site = make_site(config, writer.settle("authority", _authority(config)))
        press = Press(formats=FORMATS, site=site, settings=config.settings.feeds, clock=utc_now)
        press = replace(press, shape=_fingerprint(press))
        writer.define_feeds(_feeds(config), press.shape)
        renamed = _renamed(config, retired)
        emptied = writer.rename_sources(renamed)
        slugs = [writer.ensure_category(category_steps(path)) for path in sorted(paths)]
        moved, gone = config.settings.feeds.moved, config.settings.feeds.gone
        writer.restore({*config.sources, *config.settings.selections, *slugs} - {*moved, *gone})
        # The feed of a source that has its old name back moves there too.
        writer.retire({old: renamed[old] for old in emptied - {*gone}} | moved, gone)
        writer.shed_captures(config.settings.pages.keep)
    feeds = config.settings.feeds
    rules = rules_of(config.settings.selections, config.settings.site.language)
    admit(store, rules, room=0 if feeds.archive else feeds.items)
    return press


def _renamed(config: Config, retired: Mapping[str, str | None]) -> dict[str, str]:
    """By the name that it had, the name of each source that is called otherwise now: its feed has moved.

    retired: the feeds that were moved before; whose old name is configured again has it back.
    """
    moved = config.settings.feeds.moved
    found = {target: name for name, target in retired.items() if target is not None and name not in moved}
    for old in moved:
        new = moved[old]
        while new in moved:  # the configuration lets no circle through
            new = moved[new]
        found[old] = new
    return {old: new for old, new in found.items() if new in config.sources and old not in config.sources}


def _authority(config: Config) -> str:
    """Who mints the feeds' ids, and since when (RFC 4151 §2.1); only the first start of a store asks."""
    host = urlsplit(make_site(config).base_url).hostname or "localhost"
    return f"{'localhost' if ':' in host else host},{utc_now().year}"


def _fingerprint(press: Press) -> str:
    """Of all that shapes documents besides the articles."""
    rows = [(row.name, row.suffix, row.media_type) for row in press.formats]
    guests = [(name, version(name)) for name in ("feedgen", "lxml")]
    settings = press.settings.model_dump_json(exclude={"moved", "gone"})
    shape = (__version__, _code_digest(), guests, astuple(press.site), settings, rows)
    return hashlib.sha256(repr(shape).encode()).hexdigest()


def _code_digest() -> str:
    """Of the code that writes documents: between two releases it changes too, and then what it wrote is out of date."""
    digest = hashlib.sha256()
    for room in ("formats", "publish"):
        files = sorted(resources.files(f"feedservice.{room}").iterdir(), key=lambda file: file.name)
        for file in files:
            if file.name.endswith(".py"):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def make_outlet(config: Config, store: Store) -> Outlet:
    """What is exported: all that the store has published."""
    from feedservice.export import Outlet
    from feedservice.formats import FORMATS

    ttl = int(config.settings.feeds.ttl.total_seconds())
    suffixes = tuple(row.suffix for row in FORMATS if not row.dialect)
    return Outlet(store=store, site=make_site(config), ttl=ttl, suffixes=suffixes, clock=utc_now)


def configured_target(config: Config) -> str | None:
    """Where feeds are exported to all the time; a relative path is taken from the config's folder."""
    to = config.settings.export.to
    return to if to is None or to.startswith("s3://") else str(Path(config.folder) / to)


def make_exporting(config: Config, store: Store) -> Exporting | None:
    """The export that follows every rebuild; None where none is configured."""
    from feedservice.export import Exporting, open_target
    from feedservice.export import export as export_to

    to = configured_target(config)
    if to is None:
        return None
    outlet = make_outlet(config, store)
    return Exporting(lambda pages, go_on: export_to(outlet, open_target(to), changed=pages, go_on=go_on))
