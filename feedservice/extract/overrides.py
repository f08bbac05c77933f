"""Fields that the configuration's selectors find take the place of those found automatically."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from feedservice.config.settings import ArticleRules
from feedservice.extract.attribution.names import persons, split_origins
from feedservice.extract.dates.forms import parse_moment
from feedservice.extract.page.dom import Tree
from feedservice.extract.page.links import absolute
from feedservice.extract.rules import select_elements, select_text, select_texts
from feedservice.extract.text.wording import legal
from feedservice.model import Extraction, Fields

_FIELDS = {"origin": "origins", "author": "authors"}
"""Fields whose rule has another name."""


def overridden(
    extraction: Extraction, rules: ArticleRules, tree: Tree, source: str, base_url: str, timezone: str
) -> Extraction:
    """The extraction with every field that a selector finds replaced, and told so in `found`, or in `problems`."""
    fields, found = extraction.fields, dict(extraction.found)

    def text(name: str, selectors: tuple[str, ...], label: str = "") -> str:
        value, selector = select_text(selectors, tree, source, label)
        if value:
            found[name] = selector
        return legal(value)

    if value := text("title", rules.title):
        fields = replace(fields, title=value)
    published, updated = select_text(rules.published, tree, source), select_text(rules.updated, tree, source)
    fields = _times(fields, published, updated, timezone, found)
    if value := text("origins", rules.origin, "origin"):
        fields = replace(fields, origins=split_origins(value))
    if value := text("authors", rules.author, "author"):
        fields = replace(fields, authors=persons(value) or (value,))
    if value := text("editor", rules.editor, "editor"):
        fields = replace(fields, editor=value)
    if value := text("summary", rules.summary):
        fields = replace(fields, summary=value)
    fields = _lists(fields, rules, tree, source, base_url, found)
    failed = (f"the selector {selector!r} cannot be applied: {reason}" for selector, reason in tree.complaints.items())
    return Extraction(fields, found, tuple(failed), _unmatched(rules, found, tree))


def _unmatched(rules: ArticleRules, found: Mapping[str, str], tree: Tree) -> tuple[str, ...]:
    """The rules none of whose selectors gave its field what it has."""
    chains = {name: getattr(rules, name) for name in ArticleRules.model_fields}
    return tuple(
        name
        for name, chain in chains.items()
        if chain
        and not (
            any(select_elements((selector,), tree)[0] for selector in chain)
            if name == "drop"
            else found.get(_FIELDS.get(name, name)) in chain
        )
    )


def _lists(
    fields: Fields, rules: ArticleRules, tree: Tree, source: str, base_url: str, found: dict[str, str]
) -> Fields:
    """The picture and the way to the page, of which a selector may find several parts."""
    for selector in rules.lead_image:
        addresses = (absolute(item, base_url) for item in select_texts(selector, tree, source))
        if url := next((address for address in addresses if address), None):
            fields, found["lead_image"] = replace(fields, lead_image=url), selector
            break
    for selector in rules.breadcrumb:
        if steps := tuple(item for item in select_texts(selector, tree, source) if item):
            found["breadcrumb"] = selector
            return replace(fields, breadcrumb=steps)
    return fields


def _times(
    fields: Fields, published: tuple[str, str], updated: tuple[str, str], timezone: str, found: dict[str, str]
) -> Fields:
    """The times that selectors found, each with its selector; a text that is no date changes nothing."""
    if moment := parse_moment(published[0], timezone, None):
        fields, found["published"] = replace(fields, published=moment), published[1]
    if moment := parse_moment(updated[0], timezone, None):
        fields, found["updated"] = replace(fields, updated=moment), updated[1]
    return fields
