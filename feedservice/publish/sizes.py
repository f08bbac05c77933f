"""How large articles and documents may be, and what gives way when they are larger.

Two measures: `written_size` says whether an article is told in full, `most_bytes` what room it takes among others. The
first is about right, and stays as it is, since what was served in full stays so; the second is never too small.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import TypeVar

from feedservice.model import Article, Edition, Showing
from feedservice.protocols import Format

Thing = TypeVar("Thing")
MEASURE = "most bytes of any format"
"""How articles are measured: numbers that were remembered of another measure are not to be mixed with these."""
_AROUND = 10_000
_ANY_PAGE = 10**9
"""As many digits as a page's number has."""
_LARGEST_ARTICLE = 1_000_000
_TAG = re.compile(r"<[^>]*>?")
_SUMMARY, _LOOKED_AT = 200, 20_000


def article_limit(max_bytes: int) -> int:
    """How large an article may be, written, in a feed of so many bytes: Google News reads 1 MB of each.

    Half of the feed at most, so that one always fits.
    """
    return min(_LARGEST_ARTICLE, max_bytes // 2)


def room_alone(max_bytes: int) -> int:
    """How many bytes an item may take in a feed of so many, where it is the only one: the rest stands around it."""
    return max_bytes - min(_AROUND, max_bytes // 5)


def written_size(article: Article) -> int:
    """How many bytes an article takes in XML, about: its texts in UTF-8, those of the body with markup escaped."""
    fields = article.fields
    body = fields.body
    escaped = 3 * (body.count("<") + body.count(">")) + 4 * body.count("&")
    others = (article.id, article.url, str(replace(fields, body="")))
    return escaped + sum(len(text.encode("utf-8", "replace")) for text in (body, *others))


def told_briefly(article: Article) -> Article:
    """The article with a summary and a link in place of its body."""
    fields = article.fields
    said = fields.summary or unescape(_TAG.sub(" ", fields.body[:_LOOKED_AT]))
    summary = " ".join(said.split())[:_SUMMARY]
    link = f'<p><a href="{escape(article.url)}">{escape(fields.title or article.url, quote=False)}</a></p>'
    body = f"<p>{escape(summary, quote=False)}</p>{link}"
    return replace(article, fields=replace(fields, summary=summary, body=body))


def most_bytes(showing: Showing, formats: Sequence[Format]) -> int:
    """At least as many bytes as the article takes in any of these formats; 0 where none can write it.

    Equal values give equal numbers.
    """
    bounds = dict.fromkeys(row.bound for row in formats if row.bound is not None)
    try:
        known = [bound(showing) for bound in bounds if bound is not None]
    except ValueError:
        # Then it cannot be written either, which is told of where that is tried.
        known = []
    return max([*known, *(_written(row, showing) for row in formats if row.bound is None)], default=0)


def _written(row: Format, showing: Showing) -> int:
    try:
        return len(row.item(showing)) + len(row.between)
    except ValueError:
        return 0


@dataclass(frozen=True, slots=True)
class Room:
    """How many bytes the articles of a document of `max_bytes` may take together. around: what is written around them
    at most; it is asked for only where that matters."""

    max_bytes: int
    around: Callable[[], int]

    def for_as_much_as(self, size: int) -> int:
        """The room that there is for what takes `size` in all: half of the document always."""
        half = self.max_bytes // 2
        return half if size <= half else max(half, self.max_bytes - self.around())


def most_around(edition: Edition, formats: Sequence[Format]) -> int:
    """What these formats write around the articles of a feed at most, in bytes, whichever page it goes on at."""
    longest = 0
    for row in formats:
        try:
            frame = row.frame(replace(edition, articles=(), prev_archive=_ANY_PAGE))
        except ValueError:
            # Told of where the document is written.
            continue
        longest = max(longest, len(frame.opening) + len(frame.closing))
    return longest


def most_that_fit(articles: Sequence[Thing], max_bytes: int, size: Callable[[Sequence[Thing]], int]) -> int:
    """How many of the newest articles a document of `max_bytes` holds, at least one; `size` grows with their number."""
    return max(1, bisect_right(range(1, len(articles) + 1), max_bytes, key=lambda count: size(articles[:count])))
