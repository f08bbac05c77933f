"""Columns of tables: which are the headlines where rows have a link in several cells, which the day of publication."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from lxml.html import HtmlElement

from feedservice.sources.listing.links import Link, text_within
from feedservice.sources.listing.scoring import weight

_CELLS = ("td", "th")
_LEAST_SHARE = 0.5
_MOST_CELLS = 30
_MOST_TABLES = 20
_LONGEST_LABEL = 40
_PUBLISHED = re.compile(
    r"(?:信息)?(?:发布|發布|發佈|公布|公開|公开|上网|上線|上线|公告|公示|刊登|刊載|掲載|登載)(?:时间|時間|日期|日)"
    r"|(?:date )?(?:published|posted|released|opened)(?: on| date)?|(?:publication|release|posting) date"
    r"|date of (?:publication|release)|veröffentlicht(?: am)?|veröffentlichung(?:sdatum)?|einstelldatum"
    r"|(?:date de )?publi(?:cation|é le)|mise en ligne|(?:fecha de )?publicación|publicado(?: el| em)?"
    r"|(?:data d[ei] )?pub(?:licação|blicazione)|data publikacji|дата публикации|опубликовано|등록일|작성일|게시일",
    re.IGNORECASE,
)
"""How the column of a table is headed that holds the days of publication, beside others of decisions and deadlines."""


def of_columns(links: Sequence[Link]) -> Sequence[Link]:
    """The links of a table without those of columns that say less than half of what the best one says: numbers, names.

    All of them where most rows hold one, and where the columns are alike, as in a grid of headlines.
    """
    if not links or _place(links[0], {}) is None:
        return links  # all stand in equal places
    numbers: dict[HtmlElement, int] = {}
    places = [_place(link, numbers) for link in links]
    rows = Counter(place[0] for place in places if place)
    if not rows or sum(rows.values()) < len(links) or sum(times > 1 for times in rows.values()) * 2 < len(rows):
        return links
    words: dict[int, list[float]] = defaultdict(list)
    for link, place in zip(links, places, strict=True):
        if place:
            words[place[1]].append(weight(link.text))
    usual = {column: sum(told) / len(told) for column, told in words.items()}
    best = max(usual.values())
    return [link for link, place in zip(links, places, strict=True) if place and usual[place[1]] >= _LEAST_SHARE * best]


def _place(link: Link, numbers: dict[HtmlElement, int]) -> tuple[HtmlElement, int] | None:
    """The row of a table that a link stands in, and the number of its cell.

    numbers: those of the cells of all rows before, so that no row is counted twice.
    """
    cell = next((above for above in link.element.iterancestors() if above.tag in _CELLS), None)
    row = cell.getparent() if cell is not None else None
    if cell is None or row is None:
        return None
    if cell not in numbers:
        numbers.update((child, number) for number, child in enumerate(row))
    return row, numbers[cell]


def days_of_columns(rows: Iterable[HtmlElement]) -> Mapping[HtmlElement, str]:
    """For each row of a table what it says in the column that is headed as the day of publication, where one is.

    Lists whose first row is the head of columns (<li><span>名称</span><span>发布日期</span></li>) are tables too.
    """
    columns: dict[HtmlElement, tuple[int, int] | None] = {}
    days: dict[HtmlElement, str] = {}
    for row in rows:
        table = next(row.iterancestors("table"), None) if row.tag == "tr" else row.getparent()
        if table is None or (table not in columns and len(columns) >= _MOST_TABLES):
            continue
        if table not in columns:
            columns[table] = _published_column(table, row)
        wanted = columns[table]
        cells = _cells(row) if wanted else []
        if wanted and len(cells) == wanted[1]:
            days[row] = text_within(cells[wanted[0]])
    return days


def _published_column(table: HtmlElement, row: HtmlElement) -> tuple[int, int] | None:
    """The number of the column, and how many there are; None where the head of the table names none."""
    head = next(table.iter("tr") if row.tag == "tr" else table.iterchildren(row.tag))
    cells = [] if head is row else _cells(head)
    for number, cell in enumerate(cells):
        if _PUBLISHED.fullmatch(text_within(cell, _LONGEST_LABEL).strip(" :：*↑↓▲▼")):
            return number, len(cells)
    return None


def _cells(row: HtmlElement) -> list[HtmlElement]:
    """The cells of a row; none where there are more than a list has, or one takes the place of several."""
    kinds = _CELLS if row.tag == "tr" else ("div", "span", "p", "b", "i", "em", "a", "time", "h3", "h4")
    cells = list(islice(row.iterchildren(*kinds), _MOST_CELLS + 1))
    return [] if len(cells) > _MOST_CELLS or any(cell.get("colspan", "1") != "1" for cell in cells) else cells
