"""Streams of teasers for other articles inside a body: again and again a headline that is a link, words, a date."""

from __future__ import annotations

from collections import defaultdict

from feedservice.extract.dates.forms import find_moments
from feedservice.extract.page.density import Ground
from feedservice.extract.page.elements import Element

_FEWEST = 4
_LONGEST = 150
_PROSE_LEFT = 30


def teasers_in(root: Element, ground: Ground) -> list[Element]:
    """The teasers inside an element; none where hardly anything else is in it, for then they are its contents."""
    tree = ground.tree
    first, last = tree.span(root)
    found = [
        teaser for element in tree.elements[first : last + 1] for teaser in _alike(element) if _may_be(teaser, ground)
    ]
    families: dict[Element | None, list[Element]] = defaultdict(list)
    for element in found:
        families[element.getparent()].append(element)
    teasers: list[Element] = []
    for family in families.values():
        if len(family) >= _FEWEST and all(_is_teaser(element, ground) for element in family):
            teasers += family
    rest = ground.prose_in(root) - sum(ground.prose_in(teaser) for teaser in teasers)
    return teasers if rest >= _PROSE_LEFT else []


def _alike(parent: Element) -> list[Element]:
    """The children of an element that share tag and classes with most of the others."""
    if len(parent) < _FEWEST:
        return []
    kinds: dict[tuple[str, str], list[Element]] = defaultdict(list)
    for child in parent:
        if isinstance(child.tag, str):
            kinds[child.tag, child.get("class") or ""].append(child)
    return [child for kind in kinds.values() if len(kind) >= _FEWEST for child in kind]


def _may_be(element: Element, ground: Ground) -> bool:
    return bool(
        element.tag not in {"p", "tr"}
        and len(element)
        and 12 <= ground.size_in(element) <= _LONGEST
        and ground.links_in(element)
    )


def _is_teaser(element: Element, ground: Ground) -> bool:
    """Whether an element is headed by a link, goes on without one, and tells a date or repeats the link."""
    lines = ground.tree.lines_of(element)
    if len(lines) < 2 or lines[0].link_share < 0.9 or all(line.link_share > 0.9 for line in lines):
        return False
    addresses = [anchor.get("href") for anchor in element.iter("a")]
    again = len(set(addresses)) < len(addresses)
    return again or any(find_moments(line.text, "UTC") for line in lines[1:])
