"""Who wrote an article, where its own text says so: in lines of their own, in its first words, in its last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from feedservice.extract.attribution.credits import credit_of, credit_within, is_place_of_report
from feedservice.extract.attribution.names import persons
from feedservice.extract.attribution.people import is_chinese_name, is_full_name, joined_characters
from feedservice.extract.dates.forms import find_moments
from feedservice.extract.page.controls import is_pressed
from feedservice.extract.page.lines import Line
from feedservice.extract.page.noise import is_of_another
from feedservice.extract.text.vocabulary import vocabulary
from feedservice.extract.text.wording import squeeze

Found = tuple[tuple[str, ...], str]

_NONE: Found = ((), "")
_LONGEST = 90
_FIRST, _LAST = 3, 4
_H = r"[\u4e00-\u9fff]"
_BRACKETS = re.compile(r"[（(【\[〔]([^（()）【】\[\]〔〕]{2,120})[)）】\]〕]")
_OPENING = re.compile(
    r"^(?:【[^【】]{2,12}】)?[^（(【〔。！？]{0,40}?(?P<news>讯|訊|电|電|消息|报道)?\s?[（(【\[〔]([^（()）【】\[\]〔〕]{2,120})[)）】\]〕]"
)
_WIRED = re.compile(
    rf"{_H}{{0,10}}?(?:記者|记者|特[派约約][員员])\s?(?P<people>(?:{_H}{{2,4}}[、\s])*)(?P<last>{_H}{{4,9}})\s?\d{{1,2}}日"
    r"(?:[专專綜综]?[合外]{0,2}[电電]|[讯訊])[^。]{0,6}"
)
"""Reporters with the place and the day of their report run into one: 中央社記者王小明台北5日電."""
_PLACES = vocabulary(
    "台北 臺北 新北 桃園 台中 臺中 台南 臺南 高雄 基隆 新竹 苗栗 彰化 南投 雲林 嘉義 屏東 宜蘭 花蓮 台東 臺東 "
    "澎湖 金門 馬祖 連江 台北市 新北市 桃園市 台中市 台南市 高雄市 北京 上海 香港 澳門 東京 首爾 曼谷 新加坡 倫敦 "
    "巴黎 柏林 紐約 華盛頓 洛杉磯 舊金山 日內瓦 布魯塞爾 莫斯科"
)
_ANNOUNCED = re.compile(
    r"^(?:.{0,30}?(?:讯|消息|[）)])\s?)?(?P<credit>[^，。！？“”]{0,16}?(?:记者|記者|通讯员)[^，。！？：“”]{2,50}?)"
    r"(?:报道|報導|[专專]?[电電]|[\u4e00-\u9fff]{0,4}讯|摄影报道)(?:[\s：:，,]|$)"
)
_REPORTERS = re.compile(
    rf"(?P<credit>{_H}{{2,14}}记者\s?{_H}{{2,4}}(?:[、\s]{_H}{{2,4}}){{0,4}}?)\s?\d{{1,2}}月\d{{1,2}}日(?:报道|电|讯)"
)
_ALONE = re.compile(rf"^[□■●◎◆▲○★—\-–\s]*(?P<names>{_H}[\u4e00-\u9fff·\s、]{{1,30}})$")
_MARKED = re.compile(r"^[□■●◎◆▲○★]|^[-—–]{1,2}\s?(?=[\u4e00-\u9fff])")
_WRITER = re.compile(
    rf"(?:[（(](?:本文)?(?:系)?(?:特约)?作者|^\s*(?:作者简介|关于作者|本文作者))\s*[:：]?\s*(?P<name>{_H}[\u4e00-\u9fff·]{{1,12}}?)\s*(?:[，,、：:系为是]|\s(?=系|为|是)|$)"
)
_ABOUT = re.compile(r"[（(【]?(?:本文)?作者(?:单位)?[\s:：]?(?:系|为|是|单位|現|现)")
_PICTURED = re.compile(r"[摄攝译]$|^.{3}图$")
_EMPLOYED = re.compile(rf"^{_H}{{4,20}}\s(?={_H}{{2,4}}(?:[\s、]|$))")


def own_line(lines: Iterable[Line]) -> Found:
    """A line, or a part of one between bars and dates, that is nothing but a credit: 本报记者 张三 李四."""
    for line in lines:
        links = line.link_share > 0.9
        for text in _parts(line.text) if line.size <= _LONGEST and not is_pressed(line) else ():
            credit = credit_within(text)
            names = credited(text) or (credit.writers if credit.whole else ())
            if names and (not links or all(map(is_chinese_name, names))):
                return names, "own line"
    return _NONE


_TAKEN_FROM = re.compile(
    r"^\W{0,3}(?:本文|文章|本篇|内容)(?:来自|来源|首发于?|转自|转载自|原载于?|出自|经).{0,60}?[\s，,。；|｜丨(（]作者\s?[:：丨|｜]\s?"
    r"(?P<names>[^，,。；;：:（()）]{2,40}?)\s*(?=责任?编辑|责编|编辑|校对|[题头]?图|[，,。；;（()）]|$)"
)


def taken_from(lines: Iterable[Line]) -> Found:
    """Whoever a line names that tells where a text was published first: 本文来自微信公众号：示例，作者：张三."""
    for line in lines:
        found = _TAKEN_FROM.match(line.text) if line.size <= _LONGEST else None
        if found and (names := persons(found["names"])):
            return names, "line of the first publication"
    return _NONE


def credited(text: str) -> tuple[str, ...]:
    """The writers of a text that is nothing but a credit; none where it holds other words."""
    credit = credit_of(text)
    return credit.writers if credit.whole else ()


_BARS = re.compile(r"\s(?:[|｜]|(?<!文\s)[/／])\s")
"""What divides a line; a stroke behind 文 belongs to the name after it: 2024-05-06 | 文 / 张三."""


def _parts(text: str) -> list[str]:
    """A line before its date, and what bars and strokes divide of the rest."""
    dates = find_moments(text, "UTC")
    if not dates:
        bars = _BARS.split(text)
        return [text, *(bars if len(bars) > 2 else bars[:-1])]
    before = text[: dates[0].start].strip()
    after = [part.strip(" |｜/／") for part in _BARS.split(text[dates[-1].end :])]
    return [part for part in (before, *after) if part] or [text]


def marked_line(lines: Iterable[Line], body_text: str) -> Found:
    """Names that stand alone in a line after a mark (□ 张三), or anywhere where the text tells of its author below."""
    told = bool(_ABOUT.search(body_text[-400:]))
    for line in lines:
        found = _ALONE.match(line.text) if line.size <= 20 else None
        if not found or not (told or _MARKED.match(line.text)):
            continue
        names = tuple(re.split(r"[、\s]+", joined_characters(found["names"]).strip()))
        if all(is_chinese_name(name) for name in names):
            return names, "line after a mark"
    return _NONE


def dateline(text: str, most: int = _FIRST) -> Found:
    """The reporters named where a report begins: （记者张三、李四）, 东方网记者张三5月13日报道."""
    for line in text.split("\n")[:most]:
        if names := _opened(line[:200]):
            return names, "dateline"
    return _NONE


def _opened(line: str) -> tuple[str, ...]:
    if found := _OPENING.match(line):
        names = _wired(found[2]) or credited(found[2]) or (_bare_names(found[2]) if found["news"] else ())
        if names:
            return names
    for pattern in (_ANNOUNCED, _REPORTERS):
        found = pattern.search(line)
        if found and (names := credited(_without_place(found["credit"]))):
            return names
    return credited(line) if len(line) <= _LONGEST else ()


def _wired(text: str) -> tuple[str, ...]:
    """The reporters of a report that tells its place and day behind the last of them, without anything between."""
    found = _WIRED.fullmatch(squeeze(text))
    if found is None:
        return ()
    last = found["last"]
    # Names have three characters, places at least two; where both can be, a name of two has a place behind it.
    sizes = (2, 3) if last[2:] in _PLACES else (3, 2)
    size = next((size for size in sizes if is_chinese_name(last[:size]) and len(last) >= size + 2), 0)
    return _bare_names(f"{found['people']}{last[:size]}") if size else ()


def _without_place(credit: str) -> str:
    """A credit that the word for a report follows, without the place of it: 记者张三／台南."""
    people, stroke, last = credit.rpartition("／" if "／" in credit else "/")
    return people if stroke and is_place_of_report(f"{last}报道") else credit


def _bare_names(text: str) -> tuple[str, ...]:
    """Names without any role: 张三 李四, 张三、李四."""
    names = tuple(name for name in re.split(r"[、，,\s]+", joined_characters(text)) if name)
    return names if names and all(is_chinese_name(name) and not _PICTURED.search(name) for name in names) else ()


def signature(body_text: str, editor: str) -> Found:
    """Whoever a text is signed by at its end: （张三）, （作者：张三，系某某大学教授）, 本报记者 张三."""
    for line in reversed(body_text.split("\n")[-_LAST:]):
        names = _signed(line)
        if names and names[0] not in editor:
            return names, "signature"
    return _NONE


def signed_below(lines: Sequence[Line], editor: str) -> Found:
    """A credit in brackets or in a line of its own below the text."""
    for line in lines:
        if line.size <= _LONGEST and line.link_share < 0.5 and not is_of_another(line.block):
            names = credited(line.text)
            if names and names[0] not in editor:
                return names, "signature"
    return _NONE


def _signed(line: str) -> tuple[str, ...]:
    text = line.strip()
    if len(text) <= _LONGEST and (names := credited(text)):
        return names
    if is_full_name(text):
        return (text,)
    writer = _WRITER.search(text)
    if writer and (is_chinese_name(writer["name"]) or "·" in writer["name"]):
        return (writer["name"],)
    inner = _last_bracket(text[-140:])
    if not inner:
        return _glued(text)
    return credited(inner) or _bare_names(inner) or _bare_names(_EMPLOYED.sub("", squeeze(inner)))


def _last_bracket(text: str) -> str:
    """What is in the brackets that a text ends with, but a note on its pictures."""
    found = [*_BRACKETS.finditer(text)]
    return found[-1][1] if found and not text[found[-1].end() :].strip(" 。.　") else ""


def _glued(text: str) -> tuple[str, ...]:
    """A credit that follows the last sentence in the same paragraph: ……。示例日报记者：张三."""
    last = re.split(r"[。！？”]\s?", text[-80:])[-1]
    return credited(last) if 4 <= len(last) <= 40 and last != text else ()
