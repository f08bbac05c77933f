"""Who wrote an article: by label, by-line, what the page states, dateline or signature; never the editor."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedservice.extract.authorbox import boxed_author
from feedservice.extract.dates import find_moments
from feedservice.extract.dom import Tree
from feedservice.extract.elements import Element, names_of
from feedservice.extract.labels import Label, first_piece
from feedservice.extract.lines import Line
from feedservice.extract.names import is_chinese_name, is_full_name, persons
from feedservice.extract.origins import joined_people
from feedservice.extract.stated import Stated
from feedservice.extract.statedauthors import in_blog_name, in_json, in_meta
from feedservice.extract.wording import squeeze
from feedservice.extract.zone import Zone

Found = tuple[tuple[str, ...], str]

_NONE: Found = ((), "")
_HAN = re.compile(r"[\u3400-\u9fff]")
_OWN_LINE = re.compile(
    r"^[□■●◎◆▲【（(]?\s?(?:(?:[\u4e00-\u9fff·]{2,14}?)?(?:记者|記者|通讯员|评论员|专栏作者|特约作者|撰稿人?)"
    r"|(?:采写|执笔|撰文|图文|文图|文字|文)\s*(?=[/／|丨｜:：])(?:[/／|丨｜:：]\s*图?片?\s*)+"
    r"(?:[\u4e00-\u9fff·]{2,14}?(?:记者|通讯员|评论员|专栏作者|特约作者))?)"
    r"\s*[:：/／]?\s*(?P<names>[^\d，。；！？,;!?【】（）()]{2,60}?)[】）)]?(?:\s*(?:来源|编辑|责编|校对|审核|摄影|图片?[/:：]).{0,60})?$"
)
_LINE_END = re.compile(
    r"(?:^|[\s|])(?:本报|本网|本刊|本台|特约|见习|实习)?(?:记者|通讯员)\s*[:：]?\s*(?P<names>[\u4e00-\u9fff·\s、]{2,30})$"
)
_BY = re.compile(
    r"^(?:by|von|par|por|di|de|av|af|door|autor:?|text:?|words by|written by|posted by"
    r"|story by)\s+(?P<names>[^\d|]{3,80}?)(?:\s*[|,–-].*)?$",
    re.IGNORECASE,
)
_BY_WORDS = re.compile(
    r"^\W*(?:(?:posted|written|words|story|published|text|review)?\s*(?:by|von|par|por|di|av|af|door|od"
    r"|autor(?:in)?|auteur|author)\b\s*:?|(?:posted|veröffentlicht|publié|publicado)\b.{0,12}$)\s*",
    re.IGNORECASE,
)
_AUTHOR_NAMES = re.compile(
    r"(?:^|[\s_-])(?:post|entry|article|news|con\d)?[-_]?(?:author|byline|zuozhe|writer|reporter|autor|auteur)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|people|profile|staff|by|redakteur|columnist|contributors?)/[^/]",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"[:：]|\d{2}|\.{3}|…|编辑|责编|选稿|\b(?:minutes?|ago|read|views?|comments?|updated|published|posted|share|follow"
    r"|contact|more)\b",
    re.IGNORECASE,
)


def find_authors(
    zone: Zone,
    head: Sequence[Label],
    tail: Sequence[Label],
    stated: Stated,
    editor: str,
    origins: tuple[str, ...],
    body_text: str,
    tree: Tree,
    title: str,
) -> Found:
    """The authors and how they were found; the surest place first."""
    if _HAN.search(body_text[:500]):
        named = _named(zone, title, origins)
        person = all(is_chinese_name(name) for name in named[0])
        ways = [
            _labelled(head, ()),
            _own_line([*zone.head, *zone.lead]),
            named if person else _NONE,
            in_meta(stated, editor, origins),
            _dateline("\n".join(line.text for line in zone.head[1:] if line.size <= 40), 8),
            _dateline(body_text, 3),
            _labelled((), tail),
            _signature(body_text, editor),
            named,
            _contributed([*head, *tail]),
            _alone(zone, origins),
            _nicknamed(zone, title, origins),
        ]
    else:
        ways = [
            in_json(stated, origins),
            _linked(zone),
            _labelled(head, ()),
            _named(zone, title, ()),
            _by_line(zone),
            in_meta(stated, editor, origins),
            _labelled((), tail),
            _boxed(tree),
            in_blog_name(stated),
        ]
    return next((way for way in ways if way[0]), _NONE)


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
    if not label.name.endswith("记者"):
        return names
    others = [other for other in labels if other.name == "通讯员" and other.element is label.element]
    more = [name for other in others for name in persons(_before_date(first_piece(other.value)))]
    return tuple(dict.fromkeys([*names, *more]))


def _contributed(labels: Sequence[Label]) -> Found:
    """Whoever a text was sent in by, where that is people and no office: 供稿：张三."""
    for label in labels:
        if label.kind == "publisher" and label.name.startswith("供稿"):
            names = persons(_before_date(first_piece(label.value)))
            if names and all(is_chinese_name(name) for name in names):
                return names, f"label {label.name}"
    return _NONE


def _alone(zone: Zone, origins: tuple[str, ...]) -> Found:
    """A person's full name that stands alone beside the date or the publication."""
    for place, line in enumerate(zone.head[1:8], start=1):
        near = zone.head[max(1, place - 1) : place + 2]
        if line.size > 40 or not any(
            find_moments(other.text, "UTC") or any(name in other.text for name in origins) for other in near
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


def _own_line(lines: Sequence[Line]) -> Found:
    """A line of its own with the reporters' names: 本报记者 张三 李四, 张三/天津日报; or a part of a line."""
    for line in lines:
        if line.size > 40:
            continue
        for text in _parts(line.text):
            found = _OWN_LINE.match(text) or _LINE_END.search(text) or _WRITTEN.search(text)
            names = persons(found["names"] if found else joined_people(line))
            if names and all(len(name) <= 5 or not _HAN.search(name) for name in names):
                return names, "own line"
    return _NONE


_WRITTEN = re.compile(
    r"(?:^|\s)文\s?[/／丨]\s?(?:[\u4e00-\u9fff·]{0,8}?(?:记者|通讯员))?\s?"
    r"(?P<names>[\u4e00-\u9fff·]{2,4}(?:[、\s][\u4e00-\u9fff·]{2,4}){0,3}?)(?=$|\s(?:图|摄))"
)


def _parts(text: str) -> list[str]:
    """A line before its date, and what bars and strokes divide of the rest."""
    dates = find_moments(text, "UTC")
    if not dates:
        return [text, *re.split(r"\s[/／|｜]\s", text)[:-1]]
    before = text[: dates[0].start].strip()
    after = [part.strip(" |｜/／") for part in re.split(r"\s[/／|｜]\s", text[dates[-1].end :])]
    return [part for part in (before, *after) if part] or [text]


def _nicknamed(zone: Zone, title: str, origins: tuple[str, ...]) -> Found:
    """The nickname of whoever wrote on a blog or a forum, where an element is named for it."""
    for line in (*zone.head, *zone.above):
        for piece in line.pieces if line.size <= 30 else ():
            name = squeeze(piece.text).strip(" @·|:：")
            if (
                _NICKNAMES.search(names_of(piece.element))
                and 2 <= len(name) <= 24
                and name not in origins
                and name not in title
                and not _NO_NAME.search(name)
                and persons(name)
            ):
                return (name,), "nickname"
    return _NONE


_NICKNAMES = re.compile(r"nick[-_]?name|user[-_]?name|\buname\b|note-author|author[-_]?name|\bauthi\b", re.IGNORECASE)


def _named(zone: Zone, title: str, origins: tuple[str, ...]) -> Found:
    """The words of an element that is named as the author's."""
    for line in [*zone.head, *zone.above]:
        if line.size > 30:
            continue
        texts = [_undated(piece.text) for piece in line.pieces if _is_author(piece.element)]
        for text in ["".join(texts), *texts]:
            name = _BY_WORDS.sub("", squeeze(text)).strip(" ,|·•-–—@")
            name = re.split(r"\s[|·•–—-]\s|\s?\|", name)[0]
            if not name or _NO_NAME.search(name) or len(name) >= 60 or name in title:
                continue
            if (names := persons(name)) and not set(names) <= set(origins):
                return names, "author's element"
    return _NONE


def _undated(text: str) -> str:
    for found in reversed(find_moments(text, "UTC")):
        text = text[: found.start] + text[found.end :]
    return text


def _is_author(element: Element) -> bool:
    for item in (element, element.getparent()):
        if item is not None and (
            _AUTHOR_NAMES.search(names_of(item)) or item.get("rel") == "author" or item.get("itemprop") == "author"
        ):
            return True
    return False


def _linked(zone: Zone) -> Found:
    """Links to an author's own page."""
    for line in [*zone.head, *zone.above]:
        names = [
            squeeze(piece.text)
            for piece in line.pieces
            if piece.element.tag == "a"
            and (piece.element.get("rel") == "author" or _ADDRESS.search(piece.element.get("href") or ""))
        ]
        good = [
            name
            for name in names
            if not _NO_NAME.search(name) and 3 <= len(name) < 50 and not _BY_WORDS.fullmatch(name)
        ]
        if good:
            return tuple(dict.fromkeys(good)), "link to the author"
    return _NONE


def _by_line(zone: Zone) -> Found:
    for line in zone.head:
        found = _BY.match(line.text) if line.size <= 14 else None
        if found and (names := persons(found["names"])):
            return names, "by-line"
    return _NONE


def _boxed(tree: Tree) -> Found:
    name = boxed_author(tree)
    return ((name,), "author's box") if name else _NONE


_DATELINE = re.compile(
    r"[（(](?:[\u4e00-\u9fff]{0,12})?(?:记者|通讯员)\s*[:：]?\s*(?P<names>[\u4e00-\u9fff·、/／\s\u3000]{2,40}?)(?:"
    r"\s(?:报道|整合|摄影报道))?[)）]|"
    r"日电\s?[（(](?P<agency>[\u4e00-\u9fff·、\s]{2,20})[)）]|"
    r"(?:[\u4e00-\u9fff]{2,10}|讯\s{1,3})记者\s?(?P<more>[\u4e00-\u9fff]{2,4}?(?:[、\s][\u4e00-\u9fff]{2,4}?){0,4})\s?(?:"
    r"\d{1,2}月\d{1,2}日)?(?:报道|电|讯|$)"
)
_SIGNATURE = re.compile(
    r"[（(](?:作者[:：]?|(?:文|图)+[/／](?:图|摄)?\s?[:：]?|(?:[\u4e00-\u9fff·]{2,12}?)?(?:记者|通讯员)\s?[:：]?"
    r"|[\u4e00-\u9fff]{4,16}(?=\s))?\s*"
    r"(?P<names>[\u4e00-\u9fff·]{2,4}(?:[、\s\u3000]+[\u4e00-\u9fff·]{1,4}){0,5})(?:\s?(?:文|图)[/／](?:文|图|摄))?[)）]\s*$"
)
_WRITER = re.compile(r"(?:[（(](?:本文)?作者|^\s*作者简介)\s*[:：]?\s*(?P<name>[\u4e00-\u9fff·]{2,4}?)\s*[，,、系为是]")


def _dateline(text: str, most: int) -> Found:
    """The reporters named where a report begins: （记者张三、李四）, 东方网记者张三5月13日报道."""
    for line in text.split("\n")[:most]:
        found = _DATELINE.search(line[:120])
        names = persons(found["names"] or found["agency"] or found["more"] or "") if found else ()
        if names and all(is_chinese_name(name) for name in names):
            return names, "dateline"
    return _NONE


def _signature(body_text: str, editor: str) -> Found:
    """The name in brackets that a text ends with: （张三）, （作者：张三，系某某大学教授）."""
    for line in reversed(body_text.split("\n")[-4:]):
        found = _SIGNATURE.search(line[-60:]) or _OWN_LINE.match(line[:120])
        names = persons(found["names"]) if found and not re.search(r"[摄图]", found["names"]) else ()
        if names and all(is_chinese_name(name) for name in names) and names[0] not in editor:
            return names, "signature"
        if is_full_name(line.strip()):
            return (line.strip(),), "signature"
        writer = _WRITER.search(line)
        if writer and is_chinese_name(writer["name"]):
            return (writer["name"],), "signature"
    return _NONE
