"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json

from feedservice.formats.dates import rfc3339
from feedservice.formats.head import feed_id, feed_title, feed_url, head_of, home_url
from feedservice.formats.item import Item, item_of
from feedservice.formats.measure import most_bytes
from feedservice.formats.paging import document_url, paging_links
from feedservice.formats.readback import JSON_FEED, read_json
from feedservice.formats.text import one_line
from feedservice.model import Attachment, Edition, Feed, Showing, Site
from feedservice.protocols import Format, Frame

Json = dict[str, object]
_SUFFIX = "json"


def frame(edition: Edition) -> Frame:
    """The feed itself; its items come last."""
    head = head_of(edition)
    feed: Json = {
        "version": JSON_FEED,
        "title": head.title,
        "home_page_url": head.home_url,
        "feed_url": document_url(edition, _SUFFIX),
        "next_url": dict(paging_links(edition, _SUFFIX)).get("prev-archive"),
        "description": head.description,
        "icon": head.icon_url,
        "authors": [{"name": head.author}],
        "language": head.language,
        "hubs": [{"type": "WebSub", "url": hub} for hub in head.hubs],
        "follow_challenge": dict(zip(("feed_id", "user_id"), edition.claim, strict=True)) if edition.claim else None,
    }
    return Frame(_written({**_filled(feed), "items": []}).removesuffix(b"]}"), b"]}")


def item(showing: Showing) -> bytes:
    """An article as an item of a feed."""
    return _written(_told(item_of(showing), showing.site))


def _written(told: Json) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _told(item: Item, site: Site) -> Json:
    told: Json = {
        "id": item.id,
        "url": item.link,
        "title": item.title,
        "content_html": item.body,
        "summary": item.summary,
        "image": item.lead_image,
        "date_published": rfc3339(item.published),
        "date_modified": rfc3339(item.updated),
        "authors": [{"name": name} for name in item.authors],
        "tags": [*dict.fromkeys(label for _, label in item.categories), *item.tags],
        "language": item.language,
        "attachments": [_attachment(file) for file in item.attachments],
        "_source": _source(item.origin, site) if item.origin else None,
    }
    return _filled(told)


def _attachment(file: Attachment) -> Json:
    told: Json = {
        "url": file.url,
        # Required; a file whose type nobody knows is a stream of bytes (RFC 2046 §4.5.1).
        "mime_type": file.media_type or "application/octet-stream",
        "title": one_line(file.name),
        "size_in_bytes": file.length,
    }
    return _filled(told)


def _source(origin: Feed, site: Site) -> Json:
    """What Atom says in atom:source, as an extension of our own."""
    return {
        "id": feed_id(site, origin.name),
        "title": feed_title(origin),
        "feed_url": feed_url(site, origin.name, _SUFFIX),
        "home_page_url": home_url(site, origin),
    }


def _filled(told: Json) -> Json:
    return {name: value for name, value in told.items() if value}


JSON = Format(
    name="json",
    suffix=_SUFFIX,
    media_type="application/feed+json; charset=utf-8",
    title="JSON Feed",
    frame=frame,
    item=item,
    read=read_json,
    bound=most_bytes,
    between=b",",
)
