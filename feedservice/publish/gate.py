"""The gate: what was rendered is parsed back and checked before anybody may see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from feedservice.errors import GateError
from feedservice.model import Article, Edition
from feedservice.protocols import Format, ReadBack

_WEB = re.compile(r"https?://[^/\s]\S*", re.IGNORECASE)
_ABSOLUTE = re.compile(r"(?:https?://[^/\s]|tag:|urn:|mailto:|tel:|data:image/|#)\S*", re.IGNORECASE)
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
# What XML 1.0's Char production leaves out of UTF-8: control characters, U+FFFE and U+FFFF.
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_NONCHARACTERS = ("\ufffe".encode(), "\uffff".encode())


def check(document: bytes, edition: Edition, format: Format, *, now: datetime, max_bytes: int | None) -> None:
    """Let a rendered document through. Raises GateError with what is wrong, and with whose fault it is where known.

    max_bytes: None for a document of any size.
    """
    if max_bytes is not None and len(document) > max_bytes:
        raise GateError(f"{len(document):,} bytes, where {max_bytes:,} are allowed")
    try:
        document.decode("utf-8")
        if document.translate(None, _CONTROLS) != document or any(each in document for each in _NONCHARACTERS):
            raise GateError("it has characters that no feed may have")
        seen = format.read(document)
    except ValueError as error:
        raise GateError(f"not readable: {' '.join(str(error).split())[:300]}") from error
    _check_whole(seen, edition, format)
    faults = dict(_faults(seen, edition, now))
    if faults:
        raise GateError(next(iter(faults.values())), tuple(faults))


def document_path(edition: Edition, format: Format) -> str:
    """Where an edition is served in a format: the feed itself, or the archive page that it is."""
    page = "" if edition.archive is None else f"/archive/{edition.archive}"
    return f"/feeds/{edition.feed.name}{page}.{format.suffix}"


def _check_whole(seen: ReadBack, edition: Edition, format: Format) -> None:
    path = document_path(edition, format)
    if seen.self_url is not None and not (_WEB.fullmatch(seen.self_url) and seen.self_url.endswith(path)):
        raise GateError(f"it says that it is at {seen.self_url!r}, and is at {path!r}")
    if seen.title is not None and not seen.title.strip():
        raise GateError("the feed has no title")
    counts = [len(told) for told in (seen.ids, seen.titles, seen.dates) if told is not None]
    if any(count != len(edition.articles) for count in counts):
        raise GateError(f"{counts[0]} items, where {len(edition.articles)} articles are")
    for url in seen.urls:
        if not _ABSOLUTE.fullmatch(url):
            raise GateError(f"the URL {url[:200]!r} is not absolute")


def _faults(seen: ReadBack, edition: Edition, now: datetime) -> Iterator[tuple[str, str]]:
    """(article's id, what is wrong with its item) for each that has something wrong."""
    known: set[str] = set()
    ids = (article.id for article in edition.articles) if seen.ids is None else seen.ids
    for article, read_id, title, date in zip(edition.articles, ids, seen.titles, seen.dates, strict=True):
        dated = replace(article, published=article.arrival) if edition.by_arrival else article
        reason = "its id is there twice" if read_id in known else _fault(dated, read_id, title, date, now)
        known.add(read_id)
        if reason:
            yield article.id, reason


def _fault(article: Article, read_id: str, title: str, date: datetime, now: datetime) -> str:
    if read_id != article.id or not _IRI.fullmatch(read_id):
        return f"its id {article.id!r} is no absolute IRI, or is read back as {read_id!r}"
    if not _WEB.fullmatch(article.url):
        return f"its link {article.url!r} is no address of the web"
    if not title.strip():
        return "its title is empty"
    if date != article.published.replace(microsecond=0):
        return f"its date {article.published} is read back as {date}"
    # What had come by then was dated by a clock that may have been set back since.
    return f"its date {date} lies in the future" if date > max(now, article.first_seen) else ""
