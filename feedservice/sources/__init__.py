"""Where articles come from. To add a kind: one new file or room with its SourceKind, and one line in this table.

`feed`, `listing`, `json_api`, `sitemap`, `folder` and `push` are kinds; `auto.py` finds out which of them an address
is, and `discovery.py` which feeds a page announces. What several of them need: `options.py` and `selectors.py` (what
operators say), `turning.py` (lists that go on), `hints.py` (when to read again); `addresses.py`, `titles.py`,
`dates.py` and `rowdates.py` (where articles are, what they are called, of when); `markup.py`, `xmltext.py` and
`packed.py` (bytes as they come); `jsonlists.py` and `json_offers.py` (articles in JSON of whatever shape).
"""

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
