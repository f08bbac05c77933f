"""Who wrote an article, in the ways of pages that are not in Chinese: links to authors, by-lines, the author's box."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedservice.extract.attribution.authorbox import boxed_author
from feedservice.extract.attribution.names import persons
from feedservice.extract.attribution.people import is_person, without_aside
from feedservice.extract.page.dom import Tree
from feedservice.extract.page.elements import Element
from feedservice.extract.page.lines import Line
from feedservice.extract.page.noise import is_of_another
from feedservice.extract.prose.zone import Zone
from feedservice.extract.text.wording import squeeze

Found = tuple[tuple[str, ...], str]

_NONE: Found = ((), "")
_BY = re.compile(
    r"^(?:by|von|par|por|di|de|av|af|door|από|autor:?|text:?|words by|written by|posted by"
    r"|story by)(?:\s*:\s*|\s+)(?P<names>[^\d|]{3,80}?)(?:\s*[|,–-].*)?$",
    re.IGNORECASE,
)
_DATED_BY = re.compile(r"\d[^a-z]{0,4}\bby\s+(?P<names>[^\d|·]{5,60}?)(?:\s*[|,·].*)?$", re.IGNORECASE)
_LEAD = re.compile(r"^\W*(?:(?:written|posted|published|article|story|words)\s)?by\s*:?\s*", re.IGNORECASE)
_ALONE = re.compile(r"^\W*(?:von|par|por|di|door|av|af|od|από|autor(?:in|es?)?|auteurs?)\W*$", re.IGNORECASE)
_BELOW = re.compile(r"^\W*(?:(?:written|article|story|words)\s+by|(?:the\s)?authors?\s*:?$)\s*:?\s*", re.IGNORECASE)
"""What leads to a name before a text, and after it, where "by" alone may be of another article."""
BY_WORDS = re.compile(
    r"^\W*(?:(?:posted|written|words|story|published|text|review)?\s*(?:by|von|par|por|di|av|af|door|od|από"
    r"|autor(?:in)?|auteur|author)\b\s*:?|(?:posted|veröffentlicht|publié|publicado)\b.{0,12}$)\s*",
    re.IGNORECASE,
)
NO_NAME = re.compile(
    r"[:：]|\d{2}|\.{3}|…|编辑|责编|选稿|关注|公众号|点击|蓝字|\b(?:minutes?|ago|read|views?|comments?|updated|published|posted|share|follow"
    r"|contact|more|profile|account)\b|^(?:on|in|at|am|um|le|el|il|the|and|著者|作者|執筆者?|筆者|저자|글쓴이)$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|people|profile|staff|by|redakteur|columnist|contributors?|team|journalists?"
    r"|reporters?)/[^/]",
    re.IGNORECASE,
)


def linked(zone: Zone) -> Found:
    """Links to an author's own page."""
    for line in [*zone.head, *zone.above]:
        names = [without_aside(squeeze(text)) for text in _linked_texts(line)]
        good = [
            name for name in names if not NO_NAME.search(name) and 3 <= len(name) < 50 and not BY_WORDS.fullmatch(name)
        ]
        if good:
            return tuple(dict.fromkeys(good)), "link to the author"
    return _NONE


def _linked_texts(line: Line) -> Iterator[str]:
    """The words of each link to an author; those that its parts hold only where they are a person's name."""
    for piece in line.pieces:
        link: Element | None = piece.element
        while link is not None and link is not line.block and link.tag != "a":
            link = link.getparent()
        if link is None or link.tag != "a":
            continue
        if link.get("rel") == "author" or _ADDRESS.search(link.get("href") or ""):
            if link is piece.element:
                yield piece.text
            elif is_person(name := BY_WORDS.sub("", squeeze(piece.text))):
                yield name


def by_line(zone: Zone) -> Found:
    """A line such as By Jane Doe, or one that ends so behind a date."""
    for line in zone.head:
        found = _BY.match(line.text) if line.size <= 14 else None
        if found and (names := persons(found["names"])):
            return names, "by-line"
    for line in [*zone.head, *reversed(zone.above)]:
        found = _DATED_BY.search(line.text) if line.size <= 20 else None
        if found and all(map(is_person, names := persons(found["names"]))) and names:
            return names, "by-line"
    return _NONE


def written_by(zone: Zone) -> Found:
    """A line such as Written by Jane Doe under the text; or one without a name, and the next with nothing else."""
    for lines, words in ((zone.head, _LEAD), (zone.head, _ALONE), (zone.tail, _BELOW)):
        for place, line in enumerate(lines):
            found = words.match(line.text) if line.size <= 12 and not is_of_another(line.block) else None
            if found is None:
                continue
            after = [other.text for other in lines[place + 1 : place + 2] if other.size <= 8]
            names = persons(line.text[found.end() :] or "".join(after))
            if names and all(map(is_person, names)):
                return names, "by-line"
    return _NONE


def shown_instead(told: Found, shown: Found, tree: Tree) -> Found:
    """The person of the by-line, where those that the page states are not among its words: they only put it online."""
    if not told[0] or not shown[0] or not all(map(is_person, shown[0])):
        return told
    words = " ".join(line.text for line in tree.lines if not line.hidden).lower()
    return told if any(name.lower() in words for name in told[0]) else shown


def boxed(tree: Tree) -> Found:
    """The box that introduces the author."""
    name = boxed_author(tree)
    return ((name,), "author's box") if name else _NONE
