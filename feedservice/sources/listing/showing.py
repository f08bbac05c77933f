"""The date that a row of a list shows, piece by piece: a day that its summary tells of is not that of the article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from lxml.html import HtmlElement

from feedservice.model import Moment, Precision
from feedservice.sources.dates import from_epoch, month_named
from feedservice.sources.listing.habits import texts_in
from feedservice.sources.listing.links import Link, classes_of, pieces_of, text_within
from feedservice.sources.rowdates import Calendar, Spot, find_date, is_month, spot_date

_ONLY_DATE = re.compile(
    r"[\[(（【]?\s*(?:发布|更新)?(?:时间|日期)?\s*[:：]?\s*"
    r"(?:(?:(?:(?:19|20)\d\d|(?:民[国國])?\s?1[01]\d)\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
    r"|\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:19|20)\d\d)"
    r"(?:\s+\d{1,2}[:：]\d\d(?:[:：]\d\d)?)?\s*[\])）】]?"
)
_ONLY_NAMED = re.compile(
    r"(?:[^\W\d_]{3,12},?\s+)?(?:([^\W\d_]{3,12})\.?\s+\d{1,2}(?:st|nd|rd|th)?"
    r"|\d{1,2}(?:\.|st|nd|rd|th)?\s+(?:de\s+)?([^\W\d_]{3,12})\.?)(?:,?\s+|\s+de\s+)(?:19|20)\d\d",
    re.IGNORECASE,
)
DATE_START = re.compile(
    r"[\[(（【]?\s*((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s*[\])）】:：|]\s*|\s+)(?=\S)"
)
DATE_END = re.compile(r"\s*[\[(（【]?\s*(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?\s*[\])）】]?\s*$")
_IN_BRACKETS = re.compile(r"[\[(（【]\s?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s?[\])）】]$")
"""A day in brackets at the end of a headline that has others in it: 2024年5月6日示例快报(2024-05-07)."""
_NAMED = re.compile(
    r"(?:^|[-_])(?:(?:pub|post|news|list|add|create|update)?[-_]?(?:date|time)s?|rq|riqi|shijian)(?:[-_]|$)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[|｜•]|(?<=\s)·(?=\s)|[\xa0\u3000] ?[\xa0\u3000]")
_LABEL = (
    r"(?:(?:发布|發布|發佈|发表|發表|更新|公布|公開|登録|录入|添加|创建|上传)(?:于|於)?(?:时间|時間|日期|日|：|:)?|时间|時間|日期|작성일|등록일"
    r"|(?:posted|published|updated|created|added|date|time|on|at|am|um|den|le|el|il)(?![^\W\d_]))"
)
_ASIDE = re.compile(
    rf"(?:[\W_]|{_LABEL}|(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]|[(（]?[月火水木金土日월화수목금토일](?:曜日?|요일)?[)）]"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?(?![^\W\d_])"
    r"|[上下]午|오[전후]|午[前後]|[ap]\.?m\b|\d{1,2}[:：]\d\d(?:[:：]\d\d)?)*",
    re.IGNORECASE,
)
_ORDINALS = frozenset({"st", "nd", "rd", "th"})
"""What stands above the line behind a day: 3<sup>rd</sup> Nov."""
_YEAR = re.compile(r"(?:19|20)\d\d|年")
_DIGIT = re.compile(r"\d")
_SECONDS = re.compile(r"\d{9,13}")
_NUMBERS = re.compile(r"\d{1,4}(?!\d)|[年月日号號년월일]")
_WORD = re.compile(r"[^\W\d_]+")
_LABELLED = re.compile(rf"{_LABEL}[\s:：]*$", re.IGNORECASE)
_BEFORE, _AFTER = re.compile(r"(?:^|[\s\]】)）/:：,–—-])[\[【(（]?$"), re.compile(r"[\]】)）]?(?:$|[\s/–—-])")
_SENTENCE = re.compile(r"[，。；！？…!?;]|\.(?:\s++(?!\d)|$)")  # but for No. 12
_MOST_PIECES, _MOST_ELEMENTS, _LONGEST = 200, 150, 3_000
_SHORT, _BARE = 80, 60


def only_date(text: str) -> bool:
    """Whether a text is a date and nothing else, whatever day it is."""
    if len(text) > _BARE or not _DIGIT.search(text):
        return False
    if _ONLY_DATE.fullmatch(text):
        return True
    named = _ONLY_NAMED.fullmatch(text)
    return named is not None and month_named(named[1] or named[2]) is not None


def day_alone(text: str, calendar: Calendar) -> date | None:
    """The day of a text that tells it whole and nothing else, but for the day of the week."""
    spot = spot_date(text, calendar) if len(text) <= _BARE and _YEAR.search(text) else None
    if spot is None or not spot.whole or not _ASIDE.fullmatch(f"{text[: spot.start]} {text[spot.end :]}"):
        return None
    return spot.moment.at.date()


def date_of(link: Link, row: HtmlElement, calendar: Calendar) -> Moment | None:
    """The date that a row shows: a <time>, else beside the link, else inside it."""
    for element in row.iter("time"):
        for text in (element.get("datetime") or "", text_within(element)):
            counted = from_epoch(float(text)) if _SECONDS.fullmatch(text) else None
            moment = counted or (find_date(text.replace("T", " "), calendar, link.url) if text else None)
            if moment is not None:
                return moment
    beside = () if row is link.element else islice(pieces_of(row, without=link.element), _MOST_PIECES)
    named = [spot for node in _named(row, link.element) if (spot := _spot(node, calendar, link.url))]
    found = _among(beside, calendar, link.url, named)
    return found or _date_inside(link.element, calendar, link.url)


def date_among(pieces: Iterable[str], calendar: Calendar, address: str = "") -> Moment | None:
    """The date that stands among the texts of a row, one for each node of the page; None where it is but told of.

    A text that is nothing but a date comes first, then one that stands apart: labelled, or at an end of a short text.
    """
    return _among(pieces, calendar, address, ())


def _among(pieces: Iterable[str], calendar: Calendar, address: str, named: Sequence[Spot]) -> Moment | None:
    texts = [" ".join(part.split()) for piece in pieces for part in _SEPARATOR.split(piece[:_LONGEST])]
    texts = [text for text in texts if text and text not in _ORDINALS]
    bare = [*named, *_bare(texts, calendar, address)]
    if bare:
        return next((spot for spot in bare if spot.whole), bare[0]).moment
    return next((spot.moment for text in texts if (spot := _apart(text, calendar, address))), None)


def _named(row: HtmlElement, link: HtmlElement) -> Iterator[HtmlElement]:
    """The elements of a row whose class says that they hold a date."""
    # Rows of damaged pages lie one in another, so that each holds all that come after it.
    for node in islice(row.iter(), _MOST_ELEMENTS):
        names = node.get("class") if isinstance(node.tag, str) and node is not link else None
        if names and any(map(_NAMED.search, classes_of(names).split())):
            yield node


def _spot(node: HtmlElement, calendar: Calendar, address: str) -> Spot | None:
    text = text_within(node, _BARE)
    return spot_date(text, calendar, address) if len(text) <= _BARE else None


def _bare(texts: Sequence[str], calendar: Calendar, address: str) -> Iterator[Spot]:
    """The dates of those texts that are nothing but a date; one may be split over several that follow one another."""
    run: list[str] = []
    dated = False
    for text in (*texts, ""):
        spot = spot_date(text, calendar, address) if 0 < len(text) <= _BARE else None
        alone = spot is not None and _ASIDE.fullmatch(f"{text[: spot.start]} {text[spot.end :]}")
        if alone or (0 < len(text) <= _BARE and _is_part(text, calendar)):
            whole = spot is not None and spot.whole
            if whole and dated and (joined := spot_date(" ".join(run), calendar, address)):
                yield joined
            if whole and (dated or not any(":" in part for part in run)):
                run = []  # a date on its own needs nothing of the numbers before it
            run.append(text)
            dated = dated or whole
            continue
        if run and (joined := spot_date(" ".join(run), calendar, address)):
            yield joined
        run, dated = [], False


def _is_part(text: str, calendar: Calendar) -> bool:
    """Whether a text can be a part of a date: a day, a month by its name, a year, a time of day."""
    rest = _NUMBERS.sub(" ", text)
    if _ASIDE.fullmatch(rest):
        return rest != text
    named = _WORD.search(rest)
    if named is None or _ASIDE.fullmatch(rest.replace(named[0], "", 1)) is None:
        return False
    return is_month(named[0], calendar)


def _apart(text: str, calendar: Calendar, address: str) -> Spot | None:
    """The date of a text that holds more, where it stands apart from what the text tells."""
    spot = spot_date(text[: 2 * _SHORT], calendar, address)
    if spot is None:
        return None
    before, after = text[: spot.start], text[spot.end :]
    ends = _AFTER.match(after) is not None
    opens = not before.strip(" [【(（") and ends
    if opens and before.strip() and spot.whole:
        return spot  # [2021-03-01] and a summary, however long
    if len(text) > _SHORT:
        return None
    timed = spot.plain and spot.moment.precision is not Precision.DAY
    if ends and (_LABELLED.search(before) or (opens and timed)):
        return spot
    if _SENTENCE.search(before) or _SENTENCE.search(after):
        return None
    apart = spot.whole and spot.plain and ends and _BEFORE.search(before)
    closes = not after.strip(" ]】)）") and ((spot.whole and spot.plain) or _BEFORE.search(before))
    return spot if timed or opens or apart or closes else None


def _date_inside(link: HtmlElement, calendar: Calendar, url: str) -> Moment | None:
    pieces = texts_in(link)[:50]
    bare = next(iter(_bare(pieces, calendar, url)), None)
    if bare is not None:
        return bare.moment
    if behind := next((found for piece in pieces if (found := _IN_BRACKETS.search(piece[-_BARE:]))), None):
        return find_date(behind[0], calendar, url)
    text = " ".join(pieces)
    ending = DATE_END.search(text[-200:]) or DATE_START.match(text)
    if ending is not None:
        return find_date(ending[0], calendar, url)
    return date_among(pieces, calendar, url) if len(pieces) > 1 else None
