"""What everything else stands on: the configuration, the clock, the store, and the service as its feeds name it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from feedservice import __version__

if TYPE_CHECKING:
    from feedservice.config.reading import Config
    from feedservice.errors import Fault
    from feedservice.model import Site
    from feedservice.outbound import Door
    from feedservice.protocols import Store


def utc_now() -> datetime:
    """The one clock of the running service."""
    return datetime.now(UTC)


def load_config(path: str | None, environ: Mapping[str, str], *, fetches: bool = True, pages: bool = True) -> Config:
    """Read and check the configuration. Raises ConfigError with everything that is wrong with it.

    fetches: whether its sources are to be read; who reads none needs no browser for those that are rendered.
    pages: whether the selectors of article pages are checked; who serves need not carry what knows of them.
    """
    from feedservice.config.misread import Checks
    from feedservice.config.reading import load
    from feedservice.sources import KINDS
    from feedservice.store.engines.url import check_url

    place = path or environ.get("FEEDSERVICE_CONFIG") or "config.yaml"
    checks = Checks(rule=_check_rule, store=check_url) if pages else Checks(store=check_url)
    config = load(place, environ, KINDS, checks)
    if fetches and any(source.common.render for source in config.sources.values()):
        _check_browser(config)
    return config


def _check_rule(field: str, selector: str) -> None:
    from feedservice.extract.rules import check_rule

    check_rule(field, selector)


def _check_browser(config: Config) -> None:
    from feedservice.errors import ConfigError
    from feedservice.outbound.rendering import missing

    lacking = missing(config.settings.fetch.chromium)
    if not lacking:
        return
    rendered = {name: source.common.render for name, source in config.sources.items()}
    raise ConfigError([_fault_at(config, f"sources.{name}.render", lacking, by) for name, by in rendered.items() if by])


def _fault_at(config: Config, key: str, problem: str, found: str = "") -> Fault:
    """A fault at a setting that is well-formed by itself."""
    from feedservice.errors import Fault

    origin = config.origins.get(key, "")
    line = origin.partition(", ")[0].rpartition(":")[2]
    place = (int(line), 1) if line.isdigit() else (0, 0)
    file = origin if origin.startswith("$") else config.path
    return Fault(file, *place, key, problem, found=found)


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
        email=site.email,
        rights=site.rights,
        icon_url=site.icon_url,
        authority=authority,
        ttl=int(config.settings.feeds.ttl.total_seconds()),
    )


def open_store(config: Config, *, make: bool = True) -> Store:
    """Open the store, brought up to date. make: whether one is made where there is none. Raises StoreError."""
    from feedservice.errors import StoreError
    from feedservice.store import open_store as open_url

    if not make and config.store_url.startswith("sqlite:"):
        path = Path(config.store_url.removeprefix("sqlite:///"))
        if not path.exists():
            raise StoreError(
                f"{path}: there is no such store; what makes one is `feedservice run`, `work` or `refresh`"
            )
    return open_url(config.store_url, utc_now)


@contextmanager
def open_door(config: Config) -> Iterator[Door]:
    """The way to the network, closed at the end."""
    from feedservice.outbound import open_door as open_it

    door = open_it(config.settings.fetch, utc_now, version=__version__)
    try:
        yield door
    finally:
        door.close()
