"""Who wrote an article: by label, by-line, what the page states, dateline or signature; never the editor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from feedservice.extract.attribution.beside import alone, in_microdata, named, nicknamed
from feedservice.extract.attribution.linkedauthors import boxed, by_line, linked, shown_instead, written_by
from feedservice.extract.attribution.names import persons
from feedservice.extract.attribution.people import is_chinese, is_chinese_name
from feedservice.extract.attribution.signatures import (
    dateline,
    marked_line,
    own_line,
    signature,
    signed_below,
    taken_from,
)
from feedservice.extract.attribution.statedauthors import in_blog_name, in_json, in_meta
from feedservice.extract.attribution.unlabelled import with_paper
from feedservice.extract.dates.forms import find_moments
from feedservice.extract.page.dom import Tree
from feedservice.extract.page.labels import Label, first_piece
from feedservice.extract.prose.zone import Zone
from feedservice.extract.statements.stated import Stated
from feedservice.extract.text.wording import bare

Found = tuple[tuple[str, ...], str]

_NONE: Found = ((), "")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What an article and its page tell, among which its authors are looked for.

    head, tail: the labelled facts before and after the text. editor: who edited it, "" for nobody.
    """

    zone: Zone
    head: Sequence[Label]
    tail: Sequence[Label]
    stated: Stated
    editor: str
    origins: tuple[str, ...]
    body_text: str
    tree: Tree
    title: str


def find_authors(clues: Clues) -> Found:
    """The authors and how they were found; the surest place first."""
    ways = _chinese(clues) if is_chinese(clues.body_text[:500]) else _others(clues)
    return next((way for way in ways if way[0]), _NONE)


def _chinese(clues: Clues) -> tuple[Found, ...]:
    """What each way finds on a page in Chinese, the surest first."""
    zone, editor, origins, text = clues.zone, clues.editor, clues.origins, clues.body_text
    by_element = named(zone, clues.title, origins)
    person = all(is_chinese_name(name) for name in by_element[0])
    first = [*zone.head, *zone.lead]
    told = _stated(clues)
    # An account in Latin letters goes after whoever the text names in Chinese.
    is_han = any(_HAN.search(name) for name in told[0])
    return (
        _labelled(clues.head, ()),
        own_line(first),
        taken_from([*zone.inside[:3], *zone.closing]),
        with_paper(first),
        in_microdata(clues.tree),
        by_element if person else _NONE,
        told if is_han else _NONE,
        dateline("\n".join(line.text for line in zone.head[1:] if line.size <= 40), 8),
        dateline(text),
        _labelled((), clues.tail),
        signature(text, editor),
        signed_below([*zone.inside[-6:], *zone.tail[:4]], editor),
        told,
        marked_line(first[1:], text),
        by_element,
        _contributed([*clues.head, *clues.tail]),
        alone(zone, origins),
        nicknamed(zone, clues.title, origins),
    )


def _others(clues: Clues) -> tuple[Found, ...]:
    """What each way finds on a page in another language, the surest first."""
    zone, stated, origins = clues.zone, clues.stated, clues.origins
    return (
        shown_instead(_with_linked(in_json(stated, origins), linked(zone)), by_line(zone), clues.tree),
        linked(zone),
        _labelled(clues.head, ()),
        named(zone, clues.title, ()),
        by_line(zone),
        in_meta(stated, clues.editor, origins),
        written_by(zone),
        _labelled((), clues.tail),
        boxed(clues.tree),
        in_blog_name(stated),
    )


def _stated(clues: Clues) -> Found:
    """Who a page in Chinese states as its author, unless its system states who put the article online."""
    told = in_meta(clues.stated, clues.editor, clues.origins)
    by_system = told[1] == "meta author" and clues.stated.first("columnname", "contentsource")
    return _NONE if by_system and not _is_shown(told[0], clues.tree) else told


def _is_shown(names: tuple[str, ...], tree: Tree) -> bool:
    """Whether readers see one of these names on the page."""
    return any(name in line.text for name in names for line in tree.lines if not line.hidden)


def _with_linked(told: Found, shown: Found) -> Found:
    """The authors that the page states, or all those that it shows with links where it states only some of them."""
    more = {bare(name).lower() for name in shown[0]} > {bare(name).lower() for name in told[0]}
    return shown if told[0] and more else told


def _labelled(head: Sequence[Label], tail: Sequence[Label]) -> Found:
    for label in (*head, *tail):
        if label.kind == "author":
            text = first_piece(label.value)
            if not _HAN.search(text) and len(text.split()) > 6:
                continue
            if names := persons(_before_date(text)):
                return _with_correspondents(names, label, [*head, *tail]), f"label {label.name}"
    return _NONE


def _before_date(text: str) -> str:
    """The value of a label up to a date, or up to a bar, that it runs into: 秦明 2026-03-11 16:20."""
    dates = find_moments(text, "UTC")
    return re.split(r"\s[|｜]|[|｜]\s", text[: dates[0].start] if dates and dates[0].start else text)[0]


def _with_correspondents(names: tuple[str, ...], label: Label, labels: Sequence[Label]) -> tuple[str, ...]:
    """The names after 记者 with those after 通讯员 in the same line: 记者/张三 通讯员/李四."""
    if not label.word.endswith("记者"):
        return names
    others = [other for other in labels if other.word == "通讯员" and other.element is label.element]
    more = [name for other in others for name in persons(_before_date(first_piece(other.value)))]
    return tuple(dict.fromkeys([*names, *more]))


def _contributed(labels: Sequence[Label]) -> Found:
    """Whoever a text was sent in by, where that is people and no office: 供稿：张三."""
    for label in labels:
        if label.kind == "publisher" and label.word.startswith("供稿"):
            names = persons(_before_date(first_piece(label.value)))
            if names and all(is_chinese_name(name) for name in names):
                return names, f"label {label.name}"
    return _NONE
