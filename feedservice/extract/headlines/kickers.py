"""The words of a headline alone: without the kicker that stands before them in the same heading, and what hangs behind.

<h1><span class=kicker>Climate</span><span class=visually-hidden>: </span>Drill till it burns</h1>
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedservice.extract.page.elements import Element, inner_text, names_of
from feedservice.extract.text.wording import bare, squeeze, words

_KICKER = re.compile(
    r"kicker|roof-?line|dachzeile|spitzmarke|top-?line|high-?line|over-?line|(?:over|super|pre|head)-?title|eyebrow|surtitre"
    r"|antet[ií]tulo|sobret[ií]tulo|occhiello|topic|categor|rubrik|ressort|title-?header|prefix|(?:^|[\s_-])(?:label|flag)",
)
_BEHIND = re.compile(
    r"header-?link|hash-?link|permalink|edit-?section|comments?-?(?:count|link)|audio|button|btn|share|(?:^|[\s_-])(?:date|meta|time|tip|badge|tools?)(?:$|[\s_-])"
)
_BEHIND_TAGS = frozenset(["small", "time", "button", "audio", "svg", "script", "style"])
_DAY = re.compile(r"[\[(（【]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】]?")
_FACTS = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}.*\d:\d\d|(?:来源|作者|发布时间)\s*[:：]")
_TOOLS = frozenset(["edit", "bearbeiten", "modifier", "editar", "modifica", "permalink", "print", "drucken"])
_TITLE, _NOTE = 8, 3
_UNSEEN = re.compile(r"visually-?hidden|hidden|invisible|sr-only|screen-reader")
_STAMPS = frozenset(["原创", "转载", "独家", "置顶", "推荐", "视频", "图集", "图文", "头条", "新"])
_SPANS = frozenset(["span", "small", "em", "strong", "b", "i"])
_MARK = re.compile(r"^[\W_]{1,3}$")


def headline_alone(element: Element, titles: Sequence[str] = ()) -> str:
    """The headline in a heading of several parts; "" where the heading is the headline as it stands.

    titles: what the page calls itself; a title that sets the first part off tells that it is a kicker.
    """
    parts = _parts(_innermost(element))
    whole = len(parts)
    while len(parts) > 1 and (_is_behind(parts[-1]) or _is_note(parts, titles)):
        parts.pop()
    least = 1
    if len(parts) > 1 and (_is_before(parts) or _is_set_off(parts, titles) or _is_rest(parts[1:], parts[0], titles)):
        del parts[0]
        least = 2
        while len(parts) > 1 and _MARK.match(parts[0][1]):
            del parts[0]
    text = _joined(parts)
    return text if len(parts) < whole and words(text) >= least else ""


def _is_note(parts: Sequence[tuple[Element | None, str]], titles: Sequence[str]) -> bool:
    """Whether the last part is a word or two beside a whole title: how many comments, for whom it is; no subtitle."""
    return words(parts[-1][1]) <= _NOTE and _is_rest(parts[:-1], parts[-1], titles)


def _joined(parts: Sequence[tuple[Element | None, str]]) -> str:
    return squeeze(" ".join(text for _, text in parts))


def _is_rest(
    rest: Sequence[tuple[Element | None, str]], part: tuple[Element | None, str], titles: Sequence[str]
) -> bool:
    """Whether an element stands beside words that are a whole title of the page."""
    alone = bare(_joined(rest)).lower()
    return part[0] is not None and len(alone) >= _TITLE and any(bare(title).lower() == alone for title in titles)


def _innermost(element: Element) -> Element:
    """The element itself, or the only one in it that holds all its words."""
    for _ in range(6):
        children = [child for child in element if isinstance(child.tag, str) and squeeze(inner_text(child))]
        if len(children) != 1 or squeeze(element.text or "") or squeeze(children[0].tail or ""):
            break
        element = children[0]
    return element


def _parts(element: Element) -> list[tuple[Element | None, str]]:
    """The runs of text right inside an element, each with the child that it is in."""
    parts: list[tuple[Element | None, str]] = [(None, squeeze(element.text or ""))]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in {"script", "style", "svg"}:
            parts.append((child, squeeze(inner_text(child))))
        parts.append((None, squeeze(child.tail or "")))
    return [part for part in parts if part[1]]


def _is_behind(part: tuple[Element | None, str]) -> bool:
    child, text = part
    if child is None:
        return False
    if child.tag in _BEHIND_TAGS or _BEHIND.search(names_of(child)) or _FACTS.search(text) or _DAY.fullmatch(text):
        return True
    leads_here = child.tag == "a" and (child.get("href") or "").startswith("#")
    return (leads_here and words(text) < 2) or (text.strip("[] ").lower() in _TOOLS)


def _is_set_off(parts: list[tuple[Element | None, str]], titles: Sequence[str]) -> bool:
    """Whether the first part is in an element of its own, and a title has a dash or a bar between it and the rest."""
    (first, text), (rest, following) = parts[:2]
    if first is None or rest is not None or first.tag not in _SPANS or len(parts) > 2:
        return False
    start = re.compile(re.escape(text) + r"\s*[-–—|]\s*" + re.escape(following[:12]), re.IGNORECASE)
    return any(start.match(title) for title in titles)


def _is_before(parts: list[tuple[Element | None, str]]) -> bool:
    """Whether the first part is a kicker: by its name, as a stamp, or by the mark behind it that nobody sees."""
    first, text = parts[0]
    if first is None:
        return False
    if text in _STAMPS or _KICKER.search(names_of(first)):
        return True
    second, mark = parts[1]
    unseen = second is not None and (second.get("aria-hidden") or _UNSEEN.search(names_of(second)))
    return len(parts) > 2 and bool(unseen) and bool(_MARK.match(mark))
