"""The pages for people, as they are served: the front page and its style sheet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources

from feedservice.model import Site
from feedservice.protocols import Store
from feedservice.web.answers import Entry, Piece

_STYLE = "/static/front.css"
SITE_PAGES = ("/", _STYLE)
"""The addresses of what is no document of the store."""


def site_pages(store: Store, site: Site, paths: Iterable[str]) -> Iterator[tuple[Entry, Mapping[str, bytes]]]:
    """Each page with its bodies by coding. paths: every document that is served. Raises StoreError."""
    from feedservice.web.front import FrontPage

    style = resources.files("feedservice.web").joinpath("static/front.css").read_bytes()
    yield _style_entry(style), {"identity": style}
    front = FrontPage(store, site).entry(paths)
    yield front, front.pinned or {}


def _style_entry(body: bytes) -> Entry:
    etag = f'"{hashlib.sha256(body).hexdigest()[:22]}"'
    fields = [("Content-Type", "text/css; charset=utf-8"), ("Cache-Control", "public, max-age=3600")]
    return Entry(_STYLE, 0, None, "", {"identity": Piece("identity", etag, fields, [])})
