"""Selectors of article pages as they stand in the file, each checked by whoever will use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from feedservice.config.marks import Place
from feedservice.config.settings import ArticleRules
from feedservice.config.wording import Complaint

CheckRule = Callable[[str, str], None]
"""Lets a selector for a field of ArticleRules through, or raises ValueError that says what is allowed."""


def misread(sources: object, check: CheckRule) -> Iterator[Complaint]:
    """What is wrong with the selectors of all sources, whatever else is wrong with these.

    Anything of another shape than the settings allow is passed over: that is told elsewhere.
    """
    for name, source in sources.items() if isinstance(sources, Mapping) else ():
        article = source.get("article") if isinstance(source, Mapping) else None
        for field, chain in article.items() if isinstance(article, Mapping) else ():
            if field in ArticleRules.model_fields:
                yield from _chain(("sources", name, "article", field), chain, check)


def _chain(place: Place, chain: object, check: CheckRule) -> Iterator[Complaint]:
    rows = enumerate(chain) if isinstance(chain, list) else ((None, chain),)
    for index, selector in rows:
        if not isinstance(selector, str):
            continue
        try:
            check(str(place[-1]), selector)
        except ValueError as error:
            here = place if index is None else (*place, index)
            yield Complaint(place=here, problem="not allowed", value=selector, has_value=True, allowed=str(error))
