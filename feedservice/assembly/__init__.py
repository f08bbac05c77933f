"""The only room that knows every part by name: puts the house together from the config.

Parts are imported where they are used, so that a role carries only what it needs: serving knows nothing of reading.
"""

from __future__ import annotations

from feedservice.assembly.commands import (
    adopt,
    explain,
    export,
    feed_names,
    history,
    preview,
    rebuild,
    reextract,
    refresh,
    states,
    withdraw,
)
from feedservice.assembly.feeds import configured_target, define
from feedservice.assembly.roles import check_serving, run, serve, serving_app, work
from feedservice.assembly.site import load_config, make_site, open_door, open_store, utc_now
from feedservice.assembly.sources import open_sources

__all__ = [
    "adopt",
    "check_serving",
    "configured_target",
    "define",
    "explain",
    "export",
    "feed_names",
    "history",
    "load_config",
    "make_site",
    "open_door",
    "open_sources",
    "open_store",
    "preview",
    "rebuild",
    "reextract",
    "refresh",
    "run",
    "serve",
    "serving_app",
    "states",
    "utc_now",
    "withdraw",
    "work",
]
