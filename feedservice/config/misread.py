"""What others can tell of values as they stand in the file: selectors of article pages, the store's address."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from feedservice.config.marks import Place
from feedservice.config.settings import ArticleRules, StoreSettings
from feedservice.config.wording import Complaint
from feedservice.errors import StoreError


def _take_rule(field: str, selector: str) -> None:
    """Let every selector through."""


def _take_store(url: str) -> None:
    """Let every address through."""


@dataclass(frozen=True, slots=True)
class Checks:
    """What the rooms that will use a value can tell of it. Each lets what it is given through where nothing is said.

    rule: a selector for a field of ArticleRules; raises ValueError that says what is allowed. store: the address of a
    store; raises StoreError.
    """

    rule: Callable[[str, str], None] = _take_rule
    store: Callable[[str], None] = _take_store


NO_CHECKS = Checks()


def misread(data: Mapping[str, object], checks: Checks) -> Iterator[Complaint]:
    """What is wrong with the selectors of all sources, and with the store's address, whatever else is wrong.

    Anything of another shape than the settings allow is passed over: that is told elsewhere.
    """
    yield from _store(data.get("store"), checks)
    sources = data.get("sources")
    for name, source in sources.items() if isinstance(sources, Mapping) else ():
        article = source.get("article") if isinstance(source, Mapping) else None
        for field, chain in article.items() if isinstance(article, Mapping) else ():
            if field in ArticleRules.model_fields:
                yield from _chain(("sources", name, "article", field), chain, checks)


def _chain(place: Place, chain: object, checks: Checks) -> Iterator[Complaint]:
    rows = enumerate(chain) if isinstance(chain, list) else ((None, chain),)
    for index, selector in rows:
        if not isinstance(selector, str):
            continue
        try:
            checks.rule(str(place[-1]), selector)
        except ValueError as error:
            here = place if index is None else (*place, index)
            yield Complaint(place=here, problem="not allowed", value=selector, has_value=True, allowed=str(error))


def _store(store: object, checks: Checks) -> Iterator[Complaint]:
    url = store.get("url") if isinstance(store, Mapping) else None
    try:
        if isinstance(url, str):
            checks.store(StoreSettings(url=url).url)
    except ValidationError:
        return
    except StoreError as error:
        yield Complaint(place=("store", "url"), problem=str(error))
