"""Files and pictures that an entry tells of beside its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from feedservice.model import Attachment
from feedservice.sources.feed.values import Entry, dict_of, dicts_of, string_of
from feedservice.sources.markup import text_of

_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp)(?:[?#]|\Z)", re.IGNORECASE)
_FACE = re.compile(r"/(?:[\w-]{1,60}\.)?(?:gr)?avatars?\d{0,3}(?:\.[\w.-]{1,200})?/", re.IGNORECASE)
_BARE_IMAGE = re.compile(
    r"<image>(?=\s*+(?:<!\[CDATA\[)?+\s*+https?://[^<\]]{1,2000}+(?:\]\]>)?+\s*+</image>)([^<]*+(?:<!\[CDATA\[[^<]*+)?+)</image>"
)
_LEAD = "leadimage"


def with_bare_images_apart(xml: str) -> str:
    """A feed whose `<image>address</image>` have a name of their own: feedparser knows only channels' images."""
    return _BARE_IMAGE.sub(rf"<{_LEAD}>\1</{_LEAD}>", xml)


def files_of(entry: Entry) -> Iterator[Attachment]:
    """Enclosures and Media RSS contents, each address once."""
    seen: set[str] = set()
    links = [link for link in dicts_of(entry, "links") if string_of(link, "rel") == "enclosure"]
    for item in [*links, *dicts_of(entry, "media_content")]:
        url = string_of(item, "href") or string_of(item, "url")
        if not url or url in seen:
            continue
        seen.add(url)
        length = string_of(item, "length") or string_of(item, "filesize")
        media_type = string_of(item, "type") or ("image/*" if string_of(item, "medium") == "image" else "")
        yield Attachment(
            url=url,
            name=text_of(string_of(item, "title")),
            media_type=media_type or None,
            length=int(length) if length.isdecimal() and len(length) < 16 and int(length) > 0 else None,
        )


def is_image(file: Attachment) -> bool:
    """Whether a file is a picture, by its type or else by its name."""
    return (file.media_type or "").startswith("image/") or (not file.media_type and is_picture(file.url))


def is_picture(url: str) -> bool:
    """Whether an address ends as those of pictures do."""
    return _IMAGE.search(url) is not None


def lead_image_of(entry: Entry, files: Sequence[Attachment]) -> str | None:
    """The first picture that an entry tells of, unless it is the author's face."""
    pictures = [file.url for file in files if is_image(file)]
    pictures += [string_of(item, "url") for item in dicts_of(entry, "media_thumbnail")]
    pictures += [string_of(dict_of(entry, "image"), "href"), string_of(entry, _LEAD)]
    pictures += [url for url in [string_of(entry, "href")] if is_picture(url)]  # <image><url>
    return next((url for url in pictures if url and not _FACE.search(url)), None)
