"""Times told from the moment of reading: 3小时前, 2時間前, 2시간 전, 2 часа назад, منذ ساعتين, yesterday. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

_UNITS = {
    1: "秒 초 seconds? secs? секунд[уы]? ثاني(?:ة|تين) ثوان[ٍي]?",
    60: "分钟 分鐘 分 분 minutes? mins? минут[уы]? мин دقيق(?:ة|تين) دقائق",
    3_600: "小时 小時 時間 钟头 鐘頭 시간 hours? hrs? час(?:а|ов)? ساع(?:ة|تين|ات)",
    86_400: "天 日 일 days? день дня дней يوم(?:ين|ًا|ا)? أيام ايام",
    604_800: "星期 周 週間? 주일? weeks? недел[юиь] أسبوع(?:ين)? أسابيع",
    2_592_000: "[かヶケカ]?月 개월 달 months? месяц(?:а|ев)? شهر(?:ين|ًا|ا)? أشهر شهور",
    31_536_000: "年 년 years? год(?:а)? лет سن(?:ة|تين|وات) عام(?:ين)?",
}
_SECONDS = [
    (re.compile("|".join(f"(?:{unit})" for unit in units.split()), re.IGNORECASE), seconds)
    for seconds, units in _UNITS.items()
]
_ANY = "|".join(sorted((unit for units in _UNITS.values() for unit in units.split()), key=len, reverse=True))
_NUMBERS = {"两": 2, "兩": 2, **{char: value for value, char in enumerate("〇一二三四五六七八九十")}}
_HALF = frozenset({"半", "half an"})
_NUMBER = r"\d{1,4}|[一两兩二三四五六七八九十半]|half an|an?\b|one"
_AGO = re.compile(
    rf"(?<![\d.,:])(?P<n>{_NUMBER})\s{{0,3}}[个個]?\s{{0,3}}(?P<unit>{_ANY})[钟鐘]?"
    r"\s{0,3}(?:[之以]?前(?![後后])|전에?(?![^\W\d_])|ago\b|назад)"
    r"|(?<!\w)(?P<alone>секунду|минуту|час|день|неделю|месяц|год)\sназад"
    rf"|(?<!\w)منذ\s{{1,3}}(?:(?P<many>\d{{1,4}})\s{{0,3}})?(?P<since>{_ANY})(?!\w)",
    re.IGNORECASE,
)
_NAMED_DAYS = {
    "前天": 2, "昨天": 1, "昨日": 1, "今天": 0, "今日": 0, "yesterday": 1, "today": 0,
    "그저께": 2, "어제": 1, "오늘": 0, "вчера": 1, "сегодня": 0, "أمس": 1, "اليوم": 0,
}  # fmt: skip
_NAMED = re.compile("|".join(_NAMED_DAYS), re.IGNORECASE)
_NOW = re.compile(
    r"(?<![^\W\d_])(?:刚刚|剛剛|刚才|剛才|たった今|방금(?:\s?전)?|только что|الآن|just now|moments? ago)(?![^\W\d_])",
    re.IGNORECASE,
)
_DUAL = "ين"
_LONGEST = timedelta(days=36_525)
"""What is longer ago is history, and may be before all that a date can tell."""
SIGNS = "|".join(("[前刚剛今昨]", "ago", "전", "방금", "назад", "только", "منذ", "الآن", *_NAMED_DAYS))
"""A pattern of what a text holds at least that tells such a time."""


@dataclass(frozen=True, slots=True)
class Ago:
    """How long before the moment of reading, and where a text says so.

    days: it is told in days or more, so that the time of day is not. named: yesterday and its like, behind which a time
    of day may stand.
    """

    start: int
    end: int
    back: timedelta
    days: bool = False
    named: bool = False


def find_ago(text: str) -> Ago | None:
    """The first time in a text that is told from the moment of reading; None when there is none."""
    if now := _NOW.search(text):
        return Ago(*now.span(), timedelta())
    if ago := _AGO.search(text):
        unit = ago["unit"] or ago["alone"] or ago["since"]
        seconds = next(seconds for form, seconds in _SECONDS if form.fullmatch(unit))
        back = timedelta(seconds=seconds * _count(ago, unit))
        if back <= _LONGEST:
            return Ago(*ago.span(), back, days=seconds >= 86_400)
    if named := _NAMED.search(text):
        return Ago(*named.span(), timedelta(days=_NAMED_DAYS[named[0].lower()]), days=True, named=True)
    return None


def _count(ago: re.Match[str], unit: str) -> float:
    told = (ago["n"] or ago["many"] or "").lower()
    if told in _HALF:
        return 0.5
    if told.isdecimal():
        return int(told)
    if not told and ago["since"] and unit.endswith(_DUAL):
        return 2
    return _NUMBERS.get(told, 1)
