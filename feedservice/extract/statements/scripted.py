"""What a page's scripts hold of the article: times and names in its state, where the page shows none.

Pages that draw themselves keep what they draw in variables and in JSON: `var ct = "1659274471"`, `"publishTime":"…"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from feedservice.extract.dates.forms import parse_moment
from feedservice.extract.page.dom import Tree
from feedservice.extract.text.wording import squeeze, unescape

_MAX = 1_500_000
_TIMES = (
    "datePublished", "publish_time", "publishTime", "publish_date", "publishDate", "published_at", "publishedAt",
    "publicationDate", "publication_date", "firstPublished", "first_published", "publishedDate", "published_date",
    "publishedTime", "published_time", "pubtime", "pubTime", "pub_time", "pubDate", "PubDate", "pubdate",
    "PublishTime", "publishtime", "pub_date", "postDate", "post_date", "releaseTime", "releaseDate",
    "createTime", "create_time", "var ct", "window.ct", "ptime",
)  # fmt: skip
_PUBLICATIONS = (
    "var nickname", "mediaName", "media_name", "sourceName", "source_name", "articleSource", "article_source",
    "copyFrom", "copyfrom", "source",
)  # fmt: skip
_VALUE = re.compile(
    r"""["']?\s*[:=]\s*(?:\w{1,20}\(\s*)?(?:(?P<quote>\\?["'])(?P<text>[^"'\\<>{}]{1,60}(?:\\u[0-9a-f]{4}[^"'\\<>{}]{0,60})*)(?P=quote)|(?P<number>1\d{9}(?:\d{3})?)\b)""",
)
_MOST = 40


@dataclass(frozen=True, slots=True)
class Scripts:
    """The text of the scripts that stand in a page, data among them; nothing is looked for until it is asked for."""

    texts: tuple[str, ...] = ()

    def times(self, timezone: str) -> Iterator[tuple[str, str]]:
        """Names of times of publication and their values, each name once, where all its values tell one day."""
        for name in _TIMES:
            values = [value for value in self._values(name) if parse_moment(value, timezone, None)]
            days = {moment.at.date() for value in values if (moment := parse_moment(value, timezone, None))}
            if len(days) == 1:
                yield name, values[0]

    @property
    def publication(self) -> str:
        """The publication or the account that a script names; "" when none does, or several differ."""
        for name in _PUBLICATIONS:
            values = dict.fromkeys(value for value in self._values(name) if not value.startswith(("http", "/")))
            if len(values) == 1:
                return next(iter(values))
        return ""

    def _values(self, name: str) -> list[str]:
        found: list[str] = []
        for text in self.texts:
            place = text.find(name)
            while place >= 0 and len(found) < _MOST:
                end = place + len(name)
                value = _VALUE.match(text, end)
                if value and not text[place - 1 : place].isalnum():
                    found.append(squeeze(unescape(value["text"] or value["number"] or "")))
                place = text.find(name, end)
        return [value for value in found if value]


def scripts_of(tree: Tree) -> Scripts:
    """The scripts of a page in its order, without those that state JSON-LD; the longest left out past a size."""
    scripts = [
        script.text
        for script in tree.root.iter("script")
        if script.text and len(script.text) > 20 and "ld+json" not in (script.get("type") or "")
    ]
    left = _MAX
    taken: set[int] = set()
    # The longest are programs; what is in them is none of the page's own data, and must not use up the room of it.
    for place in sorted(range(len(scripts)), key=lambda place: len(scripts[place])):
        if len(scripts[place]) <= left:
            taken.add(place)
            left -= len(scripts[place])
    return Scripts(tuple(text for place, text in enumerate(scripts) if place in taken))
