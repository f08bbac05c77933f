"""Where articles come from. To add a kind: one new file with its SourceKind, one line in this table."""

from __future__ import annotations

from collections.abc import Mapping

from feedservice.protocols import SourceKind
from feedservice.sources.auto import AUTO
from feedservice.sources.feed import FEED
from feedservice.sources.folder import FOLDER
from feedservice.sources.json_api import JSON
from feedservice.sources.listing import LISTING
from feedservice.sources.push import PUSH
from feedservice.sources.sitemap import SITEMAP

KINDS: Mapping[str, SourceKind] = {kind.name: kind for kind in (FOLDER, FEED, LISTING, JSON, SITEMAP, AUTO, PUSH)}
