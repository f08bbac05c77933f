"""How large articles and documents may be, and what gives way when they are larger."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape, unescape

from feedservice.model import Article

_LARGEST_ARTICLE = 1_000_000
_TAG = re.compile(r"<[^>]*>?")
_SUMMARY, _LOOKED_AT = 200, 20_000


def article_limit(max_bytes: int) -> int:
    """How large an article may be, written, in a feed of so many bytes: Google News reads 1 MB of each.

    Half of the feed at most, so that one always fits.
    """
    return min(_LARGEST_ARTICLE, max_bytes // 2)


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


def most_that_fit(articles: Sequence[Article], max_bytes: int, size: Callable[[Sequence[Article]], int]) -> int:
    """How many of the newest articles a document of `max_bytes` holds, at least one; `size` grows with their number."""
    return max(1, bisect_right(range(1, len(articles)), max_bytes, key=lambda count: size(articles[:count])))
