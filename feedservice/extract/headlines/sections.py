"""Headings that are no headline by what the page itself makes of them: steps of its trail, entries of its contents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedservice.extract.page.dom import Tree
from feedservice.extract.page.elements import Element, inner_text, names_of
from feedservice.extract.text.wording import bare

_TRAIL = re.compile(r"bread-?_?crumb")
_NAMED = "headline"


@dataclass(frozen=True, slots=True)
class Sections:
    """named: what says that it holds the headline, where the h1 is but a step of the trail.

    listed: the texts of the links that lead to a place in the page.
    """

    named: frozenset[Element]
    listed: frozenset[str]

    def is_step(self, element: Element) -> bool:
        """Whether an element stands in the trail of a page that names its headline elsewhere."""
        return bool(self.named) and element.tag == "h1" and _in_trail(element)

    def is_listed(self, text: str) -> bool:
        """Whether a link to a place in the same page has this text."""
        return bare(text).lower() in self.listed


def sections_of(tree: Tree) -> Sections:
    """What a page tells of its own headings."""
    steps = any(_in_trail(element) for element in tree.root.iter("h1"))
    headlines = (
        item for item in tree.root.iter("div", "span", "p", "h1", "h2", "h3") if item.get("itemprop") == _NAMED
    )
    named = frozenset(item for item in headlines if steps and bare(inner_text(item)) and not _in_trail(item))
    links = (link for link in tree.root.iter("a") if len(link.get("href") or "") > 1 and link.get("href", "")[0] == "#")
    return Sections(named, frozenset(bare(inner_text(link)).lower() for link in links))


def _in_trail(element: Element) -> bool:
    return any(
        _TRAIL.search(names_of(above) + (above.get("itemtype") or "").lower())
        for above in (element, *element.iterancestors())
        if above.tag not in {"body", "html"}
    )
