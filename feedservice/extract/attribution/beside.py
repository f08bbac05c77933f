"""Who wrote an article, by where a name stands: in an element named for the author, beside the date, as a nickname."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from feedservice.extract.attribution.linkedauthors import BY_WORDS, NO_NAME
from feedservice.extract.attribution.names import persons
from feedservice.extract.attribution.people import is_chinese_name, is_full_name, is_person, is_province
from feedservice.extract.dates.forms import find_moments
from feedservice.extract.page.controls import is_pressed
from feedservice.extract.page.dom import Tree
from feedservice.extract.page.elements import Element, inner_text, names_of
from feedservice.extract.page.labels import read_labels
from feedservice.extract.prose.zone import Zone
from feedservice.extract.text.wording import squeeze

Found = tuple[tuple[str, ...], str]

_NONE: Found = ((), "")
_AUTHOR_NAMES = re.compile(
    r"(?:^|[\s_-])(?:post|entry|article|news|con\d)?[-_]?(?:author|byline|zuozhe|writer|reporter|autor|auteur)"
    r"|rich_media_meta_text",
    re.IGNORECASE,
)


_TOUCHING = re.compile(r"(?<=[^\W\d_\u3040-\u30ff\u3400-\u9fff])\0(?=[^\W\d_\u3040-\u30ff\u3400-\u9fff])")
"""Where elements side by side touch that spaces part on the window: By, Jane Doe."""


def in_microdata(tree: Tree) -> Found:
    """The person whom the page marks as its author (schema.org), where it marks one alone."""
    marked = [element for element in tree.elements if element.get("itemprop") == "author"][:_MARKED]
    names = [name for element in marked for name in islice(_names_in(element), 1)]
    people = persons(names[0]) if len(set(names)) == 1 and not NO_NAME.search(names[0]) else ()
    return (people, "microdata author") if len(people) == 1 else _NONE


_MARKED = 5


def _names_in(element: Element) -> Iterator[str]:
    """What is marked as the name of an author inside the element that tells of him."""
    if (element.get("itemtype") or "").endswith("Organization"):
        return
    for item in islice(element.iter(), _MOST_INSIDE):
        if item.get("itemprop") == "name" and (name := squeeze(item.get("content") or inner_text(item))):
            yield name


_MOST_INSIDE = 40


def named(zone: Zone, title: str, origins: tuple[str, ...]) -> Found:
    """The words of an element that is named as the author's."""
    for line in [*zone.head, *zone.above, *zone.lead]:
        if line.size > 30:
            continue
        texts = [_undated(piece.text) for piece in line.pieces if _is_author(piece.element)]
        for text in [_TOUCHING.sub(" ", "\0".join(texts)).replace("\0", ""), *texts]:
            name = BY_WORDS.sub("", squeeze(text)).strip(" ,|·•-–—@")
            name = re.split(r"\s[|·•–—-]\s|\s?\|", name)[0]
            if not name or NO_NAME.search(name) or len(name) >= 60 or name in title or is_province(name):
                continue
            names = tuple(
                name for name in _people_alone(persons(name)) if not (is_province(name) or NO_NAME.search(name))
            )
            if not any(is_person(name) for name in names) and (apart := tuple(filter(is_person, map(squeeze, texts)))):
                return apart, "author's element"
            if names and not set(names) <= set(origins):
                return names, "author's element"
    return _NONE


def _people_alone(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names without the place or office behind them, and without what is a link's words: Jane Doe, Exampletown."""
    people = tuple(name for name in names if is_person(name))
    if people:
        return tuple(name for name in people if not _SHOUTED.search(name)) or people
    return tuple(name for name in names if not _is_phrase(name))


_SHOUTED = re.compile(r"\b[^\W\d_a-z]{3,}\b")
"""A word in capitals, as in the names of stations and agencies."""


def _is_phrase(text: str) -> bool:
    """Whether a text goes on in small letters, as names do not: Report error."""
    return " " in text and text.split()[-1].islower()


def _undated(text: str) -> str:
    for found in reversed(find_moments(text, "UTC")):
        text = text[: found.start] + text[found.end :]
    return text


def _is_author(element: Element) -> bool:
    if element.tag in {"dt", "th", "label"}:
        return False
    above = element.getparent()
    if any(item is not None and _NO_AUTHOR.search(names_of(item)) for item in (element, above)):
        return False
    for item in (element, above):
        if item is not None and (
            _AUTHOR_NAMES.search(names_of(item)) or item.get("rel") == "author" or item.get("itemprop") == "author"
        ):
            return True
    return False


_NO_AUTHOR = re.compile(r"nick[-_]?name(?=[\s_-])|(?<![a-z])(?:badge|bio|avatar|desc)(?![a-z])", re.IGNORECASE)
"""What stands in elements named for the author and is none: the account, what somebody tells of himself."""
_LONGEST = 1_000


def alone(zone: Zone, origins: tuple[str, ...]) -> Found:
    """A person's full name that stands alone beside the date or the publication."""
    for place, line in enumerate(zone.head[1:8], start=1):
        near = zone.head[max(1, place - 1) : place + 2]
        if (
            line.size > 40
            or is_pressed(line)
            or any(label.kind in {"editor", "noise"} for label in read_labels([line]))
            or not any(
                find_moments(other.text[:_LONGEST], "UTC") or any(name in other.text for name in origins)
                for other in near
            )
        ):
            continue
        bars = re.split(r"\s?[|｜]\s?", line.text)
        if len(bars) > 2 and (names := persons(bars[-1])) and all(is_chinese_name(name) for name in names):
            return names, "beside the date"
        for piece in line.pieces:
            name = squeeze(piece.text).strip(" |·")
            if is_full_name(name) and name not in origins:
                return (name,), "beside the date"
        names = persons(line.text) if line.size <= 16 else ()
        if any(is_full_name(name) for name in names) and all(is_chinese_name(name) for name in names):
            return names, "beside the date"
    return _NONE


def nicknamed(zone: Zone, title: str, origins: tuple[str, ...]) -> Found:
    """The nickname of whoever wrote on a blog or a forum, where an element is named for it."""
    for line in (*zone.head, *zone.above):
        for piece in line.pieces if line.size <= 30 else ():
            name = squeeze(piece.text).strip(" @·|:：")
            if (
                _NICKNAMES.search(names_of(piece.element))
                and 2 <= len(name) <= 24
                and name not in origins
                and name not in title
                and not NO_NAME.search(name)
                and persons(name)
            ):
                return (name,), "nickname"
    return _NONE


_NICKNAMES = re.compile(r"nick[-_]?name|user[-_]?name|\buname\b|note-author|author[-_]?name|\bauthi\b", re.IGNORECASE)
