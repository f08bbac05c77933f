"""360's 快传号: JSON of articles with their text and up to three pictures for the list (《快传号合作方RSS接入规范》).

It knows no ids and no zones: an article is its address, and all times are Beijing's.
"""

from __future__ import annotations

import json

from feedservice.formats.dates import beijing
from feedservice.formats.item import item_of
from feedservice.formats.measure import most_bytes
from feedservice.formats.readback import read_kuaichuan
from feedservice.formats.urls import pictures_in
from feedservice.model import Edition, Showing
from feedservice.protocols import Format, Frame

_PICTURES = 3


def frame(edition: Edition) -> Frame:
    """What stands around the articles: nothing is said of the feed itself."""
    return Frame(b'{"data":[', b"]}")


def item(showing: Showing) -> bytes:
    """An article."""
    told = item_of(showing)
    first = (told.lead_image,) if told.lead_image else ()
    pictures = list(dict.fromkeys((*first, *pictures_in(told.body))))[:_PICTURES]
    said: dict[str, object] = {
        "title": told.title,
        "content": told.body,
        "image_list": pictures,
        "publish_time": beijing(told.published),
        "url": told.link,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


KUAICHUAN = Format(
    name="kuaichuan",
    suffix="kuaichuan.json",
    media_type="application/json; charset=utf-8",
    title="快传号",
    frame=frame,
    item=item,
    read=read_kuaichuan,
    bound=most_bytes,
    between=b",",
    dialect=True,
)
