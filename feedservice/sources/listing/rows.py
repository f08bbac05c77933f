"""From a row of a list to an item: whose link it is, the whole title, the date beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from feedservice.model import Moment
from feedservice.sources.listing.habits import NONE, Habits, addition, texts_in
from feedservice.sources.listing.links import Link, pieces_of, text_within
from feedservice.sources.listing.showing import DATE_END, DATE_START, date_among, date_of, only_date
from feedservice.sources.rowdates import Calendar
from feedservice.words.marks import balanced, without_width

_CUT = re.compile(r"\s*(?:\.{2,}|…+|。{2,})\s*$")
_MARKS = re.compile(
    r"^[\s·•●○■□▪◆◇►▶>»›*—–-]+(?=\S)|^[\[【(（]?(?:置顶|顶|推荐|热|new|hot|top)[\]】)）]\s*|\s*\bnew!?$", re.IGNORECASE
)
_TITLE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:tit(?:le)?|bt|headline|name|subject|ttl|heading)(?:[\s_\d-]|$)", re.IGNORECASE
)
_BLOCKS = frozenset(
    {"div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "ul", "li", "section", "header", "figure"}
)
_OPENED = "([（【 \t"
_COUNTING = re.compile(r"(?<![a-z])(?:page)?(?:views?|counts?|hits?|nums?)(?![a-z])", re.IGNORECASE)
_COUNT = re.compile(r"\d[\d,.]*\s?[kKwW万萬]?\+?")
_A_HEADLINE = 30
_SHORTEST = 4
_NUMBER = re.compile(r"\d+")
_DAY_ALONE = re.compile(r"\d{1,2}\s?日?")
"""What headings say that are set large for the day of an article, and are no headline."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


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
    above: str = "",
) -> Item:
    """The item of a row. twins: other links of the row to the same address (a picture, [详细]).

    habits: what the rows of the list have in common. beside: the texts that hold its date, on a line each, where they
    stand outside the row or in a column that is named for it. above: the headline in or over the row, where the list
    has headlines there.
    """
    told = date_among(beside.split("\n"), calendar, link.url) if beside else None
    date = told or date_of(link, row, calendar)
    title = title_of(link.element, habits, date)
    headed = _is_headline(link.element, row)
    for twin in twins:
        other = title_of(twin.element, habits, date)
        heads = not headed and len(other) > 1 and _is_headline(twin.element, row)
        if heads or (len(title) < 2 and len(other) > len(title)):
            title, headed = other, headed or heads
    if not headed:
        if not title or habits.is_name(title):
            title = clean_title(above) or _told_beside(link.element, row) or title
        else:
            title = _heading_within(link, row, title) or title
    return Item(link.url, title, date)


def _heading_within(link: Link, row: HtmlElement, title: str) -> str:
    """The heading of a row whose link, or its title attribute, says it and more: "Read more about" it."""
    if row is link.element:
        return ""
    for node in islice(row.iter(*_HEADINGS), 3):
        text = text_within(node)
        if len(text) >= _SHORTEST and any(_ends_with(told, text) for told in (title, link.text)):
            return clean_title(text)
    return ""


def _ends_with(told: str, heading: str) -> bool:
    """Whether a link says a heading, and before it no more than the heading does: a kicker is none."""
    return told.endswith(heading) and len(heading) < len(told) <= 2 * len(heading)


def _told_beside(link: HtmlElement, row: HtmlElement) -> str:
    """What a row says beside a link that says no more than "PDF" or 查看: the longest of its texts that is no date."""
    if row is link:
        return ""
    pieces = (" ".join(piece[:600].split()) for piece in islice(pieces_of(row, without=link), 200))
    told = [piece for piece in pieces if len(piece) >= 4 and not only_date(piece)]
    longest = max(told, key=lambda piece: min(len(piece), _A_HEADLINE), default="")
    stem = _CUT.sub("", longest)
    whole = (node.get("title") or "" for node in islice(row.iter(), 100)) if len(stem) < len(longest) else ()
    return clean_title(next((title for title in whole if title.startswith(stem)), longest))


def _is_headline(link: HtmlElement, row: HtmlElement) -> bool:
    """Whether a link of the row is in a heading, or holds one."""
    if any(text_within(node) for node in link.iter(*_HEADINGS)):
        return True
    for above in link.iterancestors():
        if above.tag in _HEADINGS:
            return above is row or row in above.iterancestors()
        if above is row:
            return False
    return False


def title_of(element: HtmlElement, habits: Habits = NONE, date: Moment | None = None) -> str:
    """The headline that a link carries: its text, or its title attribute where the text was cut.

    date: the article's, where it is known.
    """
    text = clean_title(_without_count(_headline(element, habits), element), date)
    told = clean_title(" ".join((element.get("title") or "").split()), date)
    if not told:
        return text or clean_title(_alternative(element), date)
    if addition(text, told) and any(addition(text, told) in added for added in habits.additions):
        return text
    stem = _CUT.sub("", text)
    if not text or (told.startswith(stem) and len(told) >= len(stem) and len(told) < 400):
        return told
    if stem != text and _alike(told, stem):
        return told
    return text


def _without_count(text: str, element: HtmlElement) -> str:
    """The headline without how often it was read, where that is the last thing that the link holds."""
    last = next(
        (node for node in reversed(list(element.iter())) if isinstance(node.tag, str) and text_within(node)), None
    )
    if last is None or last is element or (last.tail or "").strip() or not _COUNTING.search(last.get("class") or ""):
        return text
    count = text_within(last)
    return text.removesuffix(count).rstrip() or text if _COUNT.fullmatch(count) else text


def clean_title(text: str, date: Moment | None = None) -> str:
    """A title without marks that nobody sees, bullets, pins and a date at its end, or one apart at its beginning.

    date: the article's, where it is known: another day is one that the title tells of.
    """
    text = _MARKS.sub("", balanced(without_width(text)))
    opening = DATE_START.match(text) if date is not None else None
    if opening is not None and _is_day(opening[0], date) and len(text) - opening.end() >= _SHORTEST:
        text = text[opening.end() :]
    ending = DATE_END.search(text)
    if ending is not None and ending.start() >= _SHORTEST and (date is None or _is_day(ending[0], date)):
        text = text[: ending.start()]
    return text.rstrip(_OPENED).strip()


def _is_day(text: str, date: Moment | None) -> bool:
    return date is not None and tuple(map(int, _NUMBER.findall(text))) == (date.at.year, date.at.month, date.at.day)


def _headline(element: HtmlElement, habits: Habits) -> str:
    inner = [node for node in element.iter() if isinstance(node.tag, str) and node is not element]
    for node in inner:
        if node.tag in _HEADINGS and (text := text_within(node)) and not _DAY_ALONE.fullmatch(text):
            return " ".join(habits.texts_in(node))
    for node in inner:
        if _TITLE_CLASS.search(node.get("class") or "") and (text := text_within(node)) and not only_date(text):
            return " ".join(habits.texts_in(node))
    pieces = texts_in(element)
    kept = [piece for piece in habits.texts_in(element) if not only_date(piece)]
    kept = kept or [piece for piece in pieces if not only_date(piece)]
    if not any(node.tag in _BLOCKS for node in inner):
        return " ".join((" ".join(kept) or " ".join(pieces)).split())
    return next((piece for piece in kept if len(piece) >= 4), " ".join(kept))


def _alternative(element: HtmlElement) -> str:
    label = element.get("aria-label") or ""
    images = (image.get("alt") or image.get("title") or "" for image in element.iter("img"))
    return " ".join((label or next((text for text in images if text.strip()), "")).split())


def _alike(told: str, stem: str) -> bool:
    """Whether a title attribute can be the whole of a cut text that differs in its first characters only."""
    return len(stem) >= 4 and stem[:12] in told
