"""What the rows of one list have in common: words that many of them repeat, how they write day and month."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, pairwise

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from feedservice.sources.listing.links import UNSEEN
from feedservice.sources.markup import count_words
from feedservice.sources.rowdates import SHORT_DATE, Calendar, full_year

_LEAST_ROWS = 3
_LEAST_SHARE = 0.2
_MOST_PIECES = 200
_MOST_SHORT = 0.6
_MOST_NAMED, _A_NAME = 0.5, 5
_AHEAD = timedelta(days=31)
_MONTHS_FIRST = re.compile(
    r"America/(?:New_York|Chicago|Denver|Phoenix|Los_Angeles|Anchorage|Detroit|Boise)|US/|Pacific/Honolulu"
)
_YEAR_FIRST, _DAY_FIRST, _MONTH_FIRST = (1, 3, 4), (4, 3, 1), (4, 1, 3)
_WRITTEN_YEAR_FIRST = re.compile(
    r"Asia/(?:Shanghai|Chongqing|Harbin|Urumqi|Hong_Kong|Macau|Taipei|Seoul|Pyongyang|Tokyo)|PRC|ROC|ROK|Japan"
)
_SIZE = re.compile(r"[\s,;(（\[]*+\d[\d.,]{0,9}\s?[KMG]i?B(?:ytes)?\b[)）\]]?+", re.IGNORECASE)
_OF_A_FILE = re.compile(
    r"\b(?:downloads?|pdf|herunterladen|télécharger|descargar|scarica(?:re)?|baixar|pobierz|скачать)\b|下载|下載|附件",
    re.IGNORECASE,
)
_TWO_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Habits:
    """What many rows of a list repeat, and what is no part of their headlines therefore.

    labels: texts that links hold beside the headline (新闻, Company news).
    additions: what title attributes say more than the links' texts (点击查看, opens in a new window).
    names: what links say that half of the list say (PDF, 查看), sizes of files left out: their headlines stand beside
    them.
    marked: words that are marked inside headlines, as what was searched for is: no labels at their beginning.
    """

    labels: frozenset[str] = frozenset()
    additions: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()

    def texts_in(self, element: HtmlElement) -> list[str]:
        """The texts inside an element, without labels where others are left."""
        pieces = texts_in(element, whole=self.labels)
        if len(pieces) > 1 and pieces[0] in self.marked:
            pieces[:2] = [pieces[0] + pieces[1]]
        return [piece for piece in pieces if piece not in self.labels] or pieces

    def is_name(self, title: str) -> bool:
        """Whether a title is what half of the list say."""
        return bool(self.names) and without_size(title) in self.names


NONE = Habits()


def habits_of(elements: Sequence[HtmlElement]) -> Habits:
    """What the links of a list have in common."""
    labels: Counter[str] = Counter()
    additions: Counter[str] = Counter()
    names: Counter[str] = Counter()
    marked: set[str] = set()
    for element in elements:
        pieces = list(dict.fromkeys(texts_in(element, marked)))
        names[without_size(" ".join(pieces))] += 1
        if len(pieces) > 1:
            labels.update(pieces)
        added = addition(" ".join(pieces), " ".join((element.get("title") or "").split()))
        if added:
            additions[added] += 1
    least = max(_LEAST_ROWS, len(elements) * _LEAST_SHARE)
    most = max(_LEAST_ROWS, len(elements) * _MOST_NAMED)
    return Habits(
        labels=frozenset(text for text, times in labels.items() if times >= least and text not in marked),
        additions=frozenset(text for text, times in additions.items() if times >= least),
        names=frozenset(
            text
            for text, times in names.items()
            if times >= most and text and (count_words(text) <= _A_NAME or _OF_A_FILE.search(text))
        ),
        marked=frozenset(marked),
    )


def without_size(text: str) -> str:
    """What a link says without the size of the file that it leads to."""
    return _SIZE.sub(" ", text).strip() if "B" in text.upper() else text


def texts_in(element: HtmlElement, marked: set[str] | None = None, whole: Collection[str] | None = None) -> list[str]:
    """The texts inside an element, each on one line, the first 200 nodes.

    What is marked inside a text, as search results mark what was asked for, is no text of its own; nor is what one
    begins with, where `whole` is told: what may stand before a text. marked: takes in what is marked.
    """
    pieces: list[str] = []
    inside: set[HtmlElement] = set()
    walk = iterwalk(element, events=("start", "end"))
    for event, node in islice(walk, 4 * _MOST_PIECES):
        if node.tag in UNSEEN and event == "start":
            walk.skip_subtree()
            continue
        text = (node.text if event == "start" else node.tail if node is not element else "") or ""
        if not text.strip():
            continue
        touches = bool(pieces) and not (pieces[-1][-1:].isspace() or text[:1].isspace())
        joins = event == "start" and node is not element and touches and _is_marked(node)
        if joins:
            inside.add(node)
            if marked is not None:
                marked.add(" ".join(text.split()))
        begins = event == "end" and whole is not None and node.tag in _ASKED and pieces[-1:] == [node.text]
        if joins or (touches and (node in inside or (begins and not _stands_apart(pieces[-1], whole or ())))):
            pieces[-1] += text[:3_000]
        else:
            pieces.append(text[:3_000])
    return [piece for piece in (" ".join(text.split()) for text in pieces) if piece][:_MOST_PIECES]


def _is_marked(node: HtmlElement) -> bool:
    """Whether an element marks words of the text right before it, and no day."""
    before = node.getprevious()
    above = node.getparent()
    text = before.tail if before is not None else above.text if above is not None else ""
    return node.tag in _MARKS and bool((text or "").strip()) and not _DATED.search(node.text or "")


def _stands_apart(text: str, labels: Collection[str]) -> bool:
    """Whether what a text begins with is a label or a pin."""
    plain = " ".join(text.split())
    return plain in labels or bool(_PIN.fullmatch(plain) or _DATED.search(plain))


_PIN = re.compile(r"\W*(?:置?顶|热门?|推荐|最新|图文?|视频|专题|公告|通知|new|hot|top)\W*", re.IGNORECASE)
_ASKED = frozenset({"em", "mark", "font"})
_DATED = re.compile(r"\d\s?[-/.月日:：]|^\D?\d{1,2}$")
_MARKS = frozenset({"em", "mark", "font", "b", "strong", "i"})


def addition(text: str, told: str) -> str:
    """What a title attribute says before or behind a link's text; "" when it says something else or no more."""
    if not text or len(told) <= len(text):
        return ""
    if told.startswith(text):
        return told[len(text) :]
    return told[: -len(text)] if told.endswith(text) else ""


def months_first(texts: Iterable[str], calendar: Calendar) -> bool:
    """Whether 3/4/2024 is in March, judged by all dates of a list.

    A 13th month there is not, articles are not of a day far ahead, lists are sorted; else as the zone's people write.
    """
    dates = [(int(found[1]), int(found[2]), int(found[3])) for text in texts if (found := _TWO_NUMBERS.search(text))]
    if any(one > 12 for one, _, _ in dates):
        return False
    if any(two > 12 for _, two, _ in dates):
        return True
    latest = _latest(calendar)
    as_days, as_months = (
        (sum(day > (latest.year, latest.month, latest.day) for day in days), _breaks(days))
        for days in ([(year, two, one) for one, two, year in dates], [(year, one, two) for one, two, year in dates])
    )
    american = _MONTHS_FIRST.match(calendar.timezone) is not None
    return as_months <= as_days if american else as_months < as_days


def _latest(calendar: Calendar) -> date:
    """The last day that an article may be of: notices tell of days to come."""
    return calendar.now.date() + _AHEAD if calendar.now else date.max


def short_order(texts: Iterable[str], calendar: Calendar) -> tuple[int, int, int] | None:
    """Which groups of SHORT_DATE are year, month and day; None where less than three fifths of a list have one.

    By what is a day, what is in order, where the years differ least, and how the zone's people write.
    """
    found = [SHORT_DATE.search(text) for text in texts]
    dates = [match for match in found if match]
    if len(dates) < max(2, _MOST_SHORT * len(found)):
        return None
    home = bool(_WRITTEN_YEAR_FIRST.fullmatch(calendar.timezone))
    orders = (_YEAR_FIRST, _DAY_FIRST, _MONTH_FIRST) if home else (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST)
    latest = _latest(calendar)
    best = None
    for order in orders:
        parts = [[int(match[group]) for group in order] for match in dates]
        try:
            days = [date(full_year(year), month, day) for year, month, day in parts]
        except ValueError:
            continue
        breaks = _breaks([(day.year, day.month, day.day) for day in days])
        rank = sum(day > latest for day in days), breaks, len({day.year for day in days})
        if best is None or rank < best[0]:
            best = rank, order
    return best[1] if best else None


def _breaks(days: Sequence[tuple[int, int, int]]) -> int:
    """How many neighbours stand out of order, whichever of both orders the list is in."""
    rising = sum(one > two for one, two in pairwise(days))
    falling = sum(one < two for one, two in pairwise(days))
    return min(rising, falling)
