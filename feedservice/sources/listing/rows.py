"""From a row of a list to an item: whose link it is, the whole title, the date beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml.html import HtmlElement

from feedservice.model import Moment
from feedservice.sources.listing.habits import NONE, Habits, addition, texts_in
from feedservice.sources.listing.links import Link, join_pieces, pieces_of, text_within
from feedservice.sources.rowdates import Calendar, find_date

_CUT = re.compile(r"\s*(?:\.{2,}|…+|。{2,})\s*$")
_MARKS = re.compile(
    r"^[\s·•●○■□▪◆◇►▶>»›*-]+(?=\S)|^[\[【(（]?(?:置顶|顶|推荐|热|new|hot|top)[\]】)）]\s*|\s*\bnew!?$", re.IGNORECASE
)
_ONLY_DATE = re.compile(
    r"[\[(（【]?\s*(?:发布|更新)?(?:时间|日期)?\s*[:：]?\s*(?:(?:19|20)\d\d\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
    r"(?:\s+\d{1,2}[:：]\d\d(?:[:：]\d\d)?)?\s*[\])）】]?"
)
_DATE_END = re.compile(r"\s*[\[(（【]?\s*(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?\s*[\])）】]?\s*$")
_TITLE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:tit(?:le)?|bt|headline|name|subject|ttl|heading)(?:[\s_\d-]|$)", re.IGNORECASE
)
_BLOCKS = frozenset(
    {"div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "ul", "li", "section", "header", "figure"}
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ROW_TEXT = 3_000


@dataclass(frozen=True, slots=True)
class Item:
    """One article as a list shows it. date: None when the list shows none."""

    url: str
    title: str
    date: Moment | None = None


def make_item(
    link: Link,
    row: HtmlElement,
    twins: Iterable[Link],
    calendar: Calendar,
    *,
    habits: Habits = NONE,
    beside: str = "",
) -> Item:
    """The item of a row. twins: other links of the row to the same address (a picture, [详细]).

    habits: what the rows of the list have in common. beside: the text outside the row that holds its date.
    """
    title = title_of(link.element, habits)
    headed = _is_headline(link.element, row)
    for twin in twins:
        other = title_of(twin.element, habits)
        heads = not headed and len(other) > 1 and _is_headline(twin.element, row)
        if heads or (len(title) < 2 and len(other) > len(title)):
            title, headed = other, headed or heads
    date = find_date(beside, calendar, link.url) if beside else date_of(link, row, calendar)
    return Item(link.url, title, date)


def _is_headline(link: HtmlElement, row: HtmlElement) -> bool:
    """Whether a link of the row is in a heading."""
    for above in link.iterancestors():
        if above.tag in _HEADINGS:
            return above is row or row in above.iterancestors()
        if above is row:
            return False
    return False


def title_of(element: HtmlElement, habits: Habits = NONE) -> str:
    """The headline that a link carries: its text, or its title attribute where the text was cut."""
    text = clean_title(_headline(element, habits))
    told = clean_title(" ".join((element.get("title") or "").split()))
    if not told:
        return text or clean_title(_alternative(element))
    if addition(text, told) and any(addition(text, told) in added for added in habits.additions):
        return text
    stem = _CUT.sub("", text)
    if not text or (told.startswith(stem) and len(told) >= len(stem) and len(told) < 400):
        return told
    if stem != text and _alike(told, stem):
        return told
    return text


def clean_title(text: str) -> str:
    """A title without bullets, pins and a date at its end."""
    text = _MARKS.sub("", text)
    shorter = _DATE_END.sub("", text)
    return (shorter if len(shorter) >= 4 else text).strip()


def date_of(link: Link, row: HtmlElement, calendar: Calendar) -> Moment | None:
    """The date that a row shows: a <time>, else beside the link, else inside it."""
    for element in row.iter("time"):
        for text in (element.get("datetime") or "", text_within(element)):
            moment = find_date(text.replace("T", " "), calendar, link.url) if text else None
            if moment is not None:
                return moment
    beside = _text_beside(link.element, row)
    return find_date(beside, calendar, link.url) or _date_inside(link.element, calendar, link.url)


def _headline(element: HtmlElement, habits: Habits) -> str:
    inner = [node for node in element.iter() if isinstance(node.tag, str) and node is not element]
    for node in inner:
        if node.tag in _HEADINGS and text_within(node):
            return _without_labels(node, habits)
    for node in inner:
        if _TITLE_CLASS.search(node.get("class") or "") and text_within(node):
            return _without_labels(node, habits)
    pieces = texts_in(element)
    kept = [piece for piece in pieces if not _ONLY_DATE.fullmatch(piece)]
    kept = [piece for piece in kept if piece not in habits.labels] or kept
    if not any(node.tag in _BLOCKS for node in inner):
        return " ".join((" ".join(kept) or " ".join(pieces)).split())
    return next((piece for piece in kept if len(piece) >= 4), " ".join(kept))


def _without_labels(node: HtmlElement, habits: Habits) -> str:
    pieces = texts_in(node)
    return " ".join([piece for piece in pieces if piece not in habits.labels] or pieces)


def _alternative(element: HtmlElement) -> str:
    label = element.get("aria-label") or ""
    images = (image.get("alt") or image.get("title") or "" for image in element.iter("img"))
    return " ".join((label or next((text for text in images if text.strip()), "")).split())


def _alike(told: str, stem: str) -> bool:
    """Whether a title attribute can be the whole of a cut text that differs in its first characters only."""
    return len(stem) >= 4 and stem[:12] in told


def _text_beside(link: HtmlElement, row: HtmlElement) -> str:
    """A row's text without that of the link, as far as a date can be."""
    if row is link:
        return ""
    return join_pieces(pieces_of(row, without=link), _ROW_TEXT)


def _date_inside(link: HtmlElement, calendar: Calendar, url: str) -> Moment | None:
    pieces = texts_in(link)[:50]
    for piece in pieces:
        if _ONLY_DATE.fullmatch(piece):
            moment = find_date(" ".join(pieces) if len(piece) < 8 else piece, calendar, url)
            if moment is not None:
                return moment
    ending = _DATE_END.search(" ".join(pieces)[-200:])
    if ending is not None:
        return find_date(ending[0], calendar, url)
    return find_date(" ".join(pieces), calendar, url) if len(pieces) > 1 and len(" ".join(pieces)) < 200 else None
