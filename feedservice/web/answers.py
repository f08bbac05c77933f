"""What is sent: status lines and header fields, made once per document and never again per request."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

from feedservice.model import Coded, DocumentHead, Site

Fields = list[tuple[str, str]]
_STALE_IF_ERROR = 7 * 24 * 3600
_METHODS = "GET, HEAD, OPTIONS"
_CSP = "default-src 'none'; frame-ancestors 'none'"
PAGE_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One representation as it is answered: the fields of a 200 and of a 304."""

    coding: str
    etag: str
    full: Fields
    unmodified: Fields


@dataclass(frozen=True, slots=True)
class Entry:
    """An address that is answered from memory. pinned: bodies that are held here for good, by coding."""

    path: str
    version: int
    last_modified: datetime | None
    modified_text: str
    pieces: Mapping[str, Piece]
    pinned: Mapping[str, bytes] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What all documents are answered with.

    ttl: seconds that a reader may keep them. stale: and may show them still while it asks anew; twice as many if None.
    """

    ttl: int
    site: Site
    stale: int | None = None

    def entry(self, head: DocumentHead) -> Entry:
        """The prepared answers for a document."""
        modified = format_datetime(head.last_modified, usegmt=True)
        shared: Fields = [
            ("Last-Modified", modified),
            ("Cache-Control", self._caching()),
            ("Vary", "Accept-Encoding"),
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Expose-Headers", "ETag, Last-Modified, Link"),
            *self._links(head.path),
        ]
        pieces = {each.coding: _piece(head.media_type, each, shared) for each in head.codings}
        return Entry(head.path, head.version, head.last_modified, modified, pieces)

    def _caching(self) -> str:
        stale = 2 * self.ttl if self.stale is None else self.stale
        return f"max-age={self.ttl}, stale-while-revalidate={stale}, stale-if-error={_STALE_IF_ERROR}"

    def _links(self, path: str) -> Fields:
        """The publisher's links of WebSub, on feeds only and only when there is a hub (WebSub §4)."""
        if not self.site.hubs or not path.startswith("/feeds/"):
            return []
        hubs = [f'<{quote(hub, safe=_KEPT)}>; rel="hub"' for hub in self.site.hubs]
        return [("Link", ", ".join([*hubs, f'<{quote(self.site.base_url + path, safe=_KEPT)}>; rel="self"']))]


_KEPT = "%/:?#[]@!$&'()*+,;=-._~"


def _piece(media_type: str, each: Coded, shared: Sequence[tuple[str, str]]) -> Piece:
    coded = [("Content-Encoding", each.coding)] if each.coding != "identity" else []
    full = [
        ("Content-Type", media_type),
        *coded,
        ("Content-Length", str(each.length)),
        ("ETag", each.etag),
        *shared,
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", _CSP),
    ]
    return Piece(each.coding, each.etag, full, [("ETag", each.etag), *shared])


def page_entry(path: str, media_type: str, bodies: Mapping[str, bytes]) -> Entry:
    """A page that is held in memory whole: asked for anew each time, and 304 while it stands still."""
    pieces = {}
    for coding, body in bodies.items():
        etag = f'"{hashlib.sha256(body).hexdigest()[:22]}"'
        shared: Fields = [("Cache-Control", "no-cache"), ("Vary", "Accept-Encoding")]
        coded = [("Content-Encoding", coding)] if coding != "identity" else []
        full: Fields = [
            ("Content-Type", media_type),
            *coded,
            ("Content-Length", str(len(body))),
            ("ETag", etag),
            *shared,
            *page_fields(),
        ]
        pieces[coding] = Piece(coding, etag, full, [("ETag", etag), *shared])
    return Entry(path, 0, None, "", pieces, bodies)


def page_fields() -> Iterable[tuple[str, str]]:
    """What every page for people carries."""
    return (
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Content-Security-Policy", PAGE_CSP),
    )


def short(status: str, text: str, *more: tuple[str, str]) -> tuple[str, Fields, bytes]:
    """A short answer in words that nobody may keep."""
    body = f"{text}\n".encode()
    fields: Fields = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Access-Control-Allow-Origin", "*"),
        *more,
    ]
    return status, fields, body


def not_allowed() -> tuple[str, Fields, bytes]:
    """For methods that a document does not know (RFC 9110 §15.5.6)."""
    return short("405 Method Not Allowed", f"Only {_METHODS}.", ("Allow", _METHODS))


def options() -> tuple[str, Fields, bytes]:
    """For OPTIONS, which browsers send before they ask with validators from another origin."""
    fields: Fields = [
        ("Allow", _METHODS),
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Methods", _METHODS),
        ("Access-Control-Allow-Headers", "If-None-Match, If-Modified-Since"),
        ("Access-Control-Max-Age", "86400"),
    ]
    return "204 No Content", fields, b""
