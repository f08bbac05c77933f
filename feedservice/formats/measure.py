"""How many bytes an article takes at most, in whichever of our formats: known before it is written, and for less."""

from __future__ import annotations

from itertools import islice

from feedservice.formats.head import feed_id, feed_title, feed_url, home_url
from feedservice.formats.item import Item, categories_scheme, item_of, publication_of
from feedservice.formats.urls import iter_pictures
from feedservice.model import Feed, Showing, Site

_ITEM, _AUTHOR, _CATEGORY, _TAG, _FILE, _ORIGIN, _IMAGE, _PICTURE = 330, 34, 40, 24, 110, 220, 36, 3
"""What stands around an item and each of its parts, in the format that is most verbose about it: names of elements,
dates, lengths."""
_PICTURES = 3
"""As many pictures of its text as a format names."""
_SUFFIX = "json"
"""Of RSS, Atom and JSON Feed: no other is longer."""


def most_bytes(showing: Showing) -> int:
    """At least as many bytes as the article takes in any format of the table, and what separates it from another.

    Equal values give equal numbers. For ordinary articles it is little more than the largest of them takes.
    """
    item, site = item_of(showing), showing.site
    own = (item.lead_image,) if item.lead_image else ()
    found = islice(iter_pictures(item.body), _PICTURES) if "<img" in item.body.lower() else ()
    # Where an article has no picture of its own, the first of its text stands in.
    pictures = list(dict.fromkeys((*own, *found)))[:_PICTURES]
    told = sum(
        (
            _text(item.id) + _text(item.summary) + len(item.language or ""),
            *(2 * (_text(url) + _IMAGE) for url in pictures[:1]),
            *(_text(author) + _AUTHOR for author in item.authors),
            _labels(item, site),
            *(_text(file.url) + _text(file.name) + len(file.media_type or "") + _FILE for file in item.attachments),
            max(_origin(item.origin, site) if item.origin else 0, _text(publication_of(showing)) + _TAG),
        )
    )
    shown = sum(_text(url) + _PICTURE for url in pictures)
    return _ITEM + _text(item.link) + _text(item.title) + _body(item.body) + max(told, shown)


def _labels(item: Item, site: Site) -> int:
    around = len(categories_scheme(site)) + _CATEGORY
    categories = sum(_text(slug) + _text(label) + around for slug, label in item.categories)
    return categories + sum(_text(tag) + _TAG for tag in item.tags)


def _origin(origin: Feed, site: Site) -> int:
    addresses = feed_id(site, origin.name), feed_url(site, origin.name, _SUFFIX), home_url(site, origin)
    return _ORIGIN + _text(feed_title(origin)) + sum(map(_text, addresses))


def _body(html: str) -> int:
    """HTML is text of an element, or of a JSON string, and stands there once."""
    in_xml = 4 * (html.count("&") + html.count("\r")) + 3 * (html.count("<") + html.count(">"))
    in_json = sum(map(html.count, '"\\\n\r\t'))
    return len(html.encode("utf-8", "replace")) + max(in_xml, in_json)


def _text(text: str) -> int:
    """Plain text may be written as HTML, and that as text or an attribute of XML: `&` as `&amp;amp;`."""
    escaped = 8 * text.count("&") + 7 * text.count("<") + 3 * text.count(">") + 5 * text.count('"') + text.count("\\")
    return len(text.encode("utf-8", "replace")) + escaped + 4 * sum(map(text.count, "\n\r\t"))
