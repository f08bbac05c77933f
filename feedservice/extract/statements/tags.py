"""The keywords that a page gives its article."""

from __future__ import annotations

import re

from feedservice.extract.page.dom import Tree
from feedservice.extract.statements.stated import Stated
from feedservice.extract.text.wording import bare, squeeze

_SPLIT = re.compile(r"\s*[,，;；、|]\s*")
_MOST, _LONGEST, _WORD = 12, 30, 8


def tags_of(tree: Tree, stated: Stated, title: str) -> tuple[tuple[str, ...], str]:
    """The article's keywords, from article:tag, JSON-LD or the meta name, and where they are from.

    title: the headline, which many pages put among the keywords.
    """
    listed = [
        squeeze(item.get("content") or "") for item in tree.root.iter("meta") if item.get("property") == "article:tag"
    ]
    if tags := _clean(listed):
        return tags, "article:tag"
    keywords = stated.article.get("keywords")
    rows = (
        [str(item) for item in keywords if isinstance(item, str)]
        if isinstance(keywords, list)
        else [stated.text("keywords")]
    )
    if tags := _clean([part for row in rows for part in _SPLIT.split(row)]):
        return tags, "json-ld keywords"
    text = stated.meta.get("keywords") or stated.meta.get("news_keywords") or ""
    headline = bare(title)
    parts = [part for part in _SPLIT.split(text) if len(headline) <= _WORD or headline not in bare(part)]
    if len(parts) == 1 and " " in parts[0] and re.search(r"[\u4e00-\u9fff]", parts[0]):
        parts = parts[0].split()
    return _clean(parts), "meta keywords"


def _clean(parts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in (squeeze(part) for part in parts) if 1 < len(part) <= _LONGEST))[:_MOST]
