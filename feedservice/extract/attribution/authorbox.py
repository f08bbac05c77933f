"""The box beside an article that introduces its author: a portrait, a name, "all articles by"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedservice.extract.attribution.people import is_person
from feedservice.extract.page.dom import Tree
from feedservice.extract.page.elements import Element, names_of
from feedservice.extract.page.noise import is_talk
from feedservice.extract.text.wording import bare, squeeze

_BOX = re.compile(
    r"(?:^|\s)(?:(?:about|post|entry|article|single)[-_]?)?(?:the[-_]?)?author(?:[-_]?(?:bio|box|info|card|profile"
    r"|details|about|section|block|widget))?(?=\s|$)|about[-_]?(?:the[-_]?)?author",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"^(?:(?:all|more|view all|see all)?\s*(?:articles|posts|stories)?\s*(?:by|from)|about(?: the author)?"
    r"|(?:alles|mehr"
    r"|alle (?:artikel|beiträge)) von|über|written by|author|autor(?:in)?|von|par|por|di|af|av|door)\s*:?\s+",
    re.IGNORECASE,
)
_MOST_WORDS = 160


def boxed_author(tree: Tree) -> str:
    """The name in the author's box; "" where there is none, or where several boxes name several people."""
    names: dict[str, str] = {}
    for element in tree.elements:
        if not _BOX.search(names_of(element)) or _is_elsewhere(element):
            continue
        name = next(_names(element, tree), "")
        if name:
            names.setdefault(bare(name).lower(), name)
    return next(iter(names.values())) if len(names) == 1 else ""


def _is_elsewhere(element: Element) -> bool:
    """Whether a box belongs to a comment, or to another article in a list."""
    return any(is_talk(above) or above.tag in {"li", "nav"} for above in (element, *element.iterancestors()))


def _names(element: Element, tree: Tree) -> Iterator[str]:
    """What looks like a person's name among the first lines of a box."""
    lines = tree.lines_of(element)
    if sum(line.size for line in lines) > _MOST_WORDS:
        return
    for line in lines[:3]:
        text = _LEAD_IN.sub("", squeeze(line.text)).strip(" ,.:|–-")
        if is_person(text):
            yield text
