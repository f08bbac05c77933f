"""Which publication an article is from (来源): by label, by name of the element, by its place beside the date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from feedservice.extract.dates import find_moments
from feedservice.extract.elements import Element, names_of
from feedservice.extract.labels import EDGES, Label, first_piece, is_label_word, without_stoppers
from feedservice.extract.lines import Line
from feedservice.extract.names import split_origins
from feedservice.extract.people import is_chinese_name, is_full_name
from feedservice.extract.scripted import Scripts
from feedservice.extract.stated import Stated
from feedservice.extract.wording import bare, squeeze
from feedservice.extract.zone import Zone

Found = tuple[str, str]

_NONE: Found = ("", "")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LABEL_BEFORE = re.compile(r"^(?:(?:稿件|文章|信息|新闻|内容|本文)?来源|稿源|出处)\s*[:：]?\s*")


def find_origins(
    zone: Zone, head: Sequence[Label], tail: Sequence[Label], stated: Stated, scripts: Scripts, title: str
) -> tuple[tuple[str, ...], str]:
    """The publications that an article is from and how they were found; the surest place first."""
    shown = labelled(head, "origin")
    if found := stated.first("contentsource"):
        name = cleaned(found[1])
        if name and not (shown[0] and bare(name) in bare(shown[0])):
            return split_origins(name), f"meta {found[0]}"
    chinese = any(_HAN.search(line.text) for line in zone.head[:8]) or bool(_HAN.search(title))
    ways: tuple[Callable[[], Found], ...] = (
        lambda: shown,
        lambda: _unlabelled(zone, title) if chinese else _NONE,
        lambda: labelled([label for label in tail if _tells_the_article(label)], "origin"),
        lambda: _in_meta(stated),
        lambda: _in_scripts(scripts, title) if chinese else _NONE,
        lambda: labelled(head, "publisher"),
        lambda: _account(zone, title) if chinese else _NONE,
        lambda: labelled([label for label in head if _OFFICE.match(label.name)], "extra"),
    )
    for way in ways:
        name, how = way()
        if name:
            return split_origins(name), how
    return (), ""


_OFFICE = re.compile(r"(?:发文|制发)(?:机关|机构|单位|部门)")
_NOBODY = re.compile(r"^(?:未知|不详|暂无|无|佚名|null|none|https?:.*)$", re.IGNORECASE)
_REPORTERS = re.compile(r"(?:^|\s)(?:(?:本报|本网|本台|特约)?(?:记者|通讯员)\s|文\s?[/／丨]).*$", re.DOTALL)


def labelled(labels: Iterable[Label], kind: str) -> Found:
    """The first value of a kind of label that is a name, and how it was found."""
    for label in labels:
        value = first_piece(label.value) if label.kind == kind else ""
        value = _without_people(cleaned(_REPORTERS.sub("", value)))
        if value and not (label.name in {"发布者", "发布人"} and is_chinese_name(value)):
            return value, f"label {label.name}"
    return _NONE


def _without_people(text: str) -> str:
    """A publication without the names that follow it behind a bar: 示例日报 | 张三 李四."""
    first, *others = re.split(r"\s?[|｜]\s?", text)
    people = [name for other in others for name in re.split(r"[、\s]+", other)]
    return first if first and people and all(is_chinese_name(name) for name in people) else text


def cleaned(text: str) -> str:
    """A name without the brackets it ends in; "" when it is a date, a number or a sentence."""
    text = squeeze(text).strip(EDGES)
    if text.count(")") > text.count("(") or text.count("）") > text.count("（"):
        text = re.split(r"[)）]", text)[0]
    dates = find_moments(text, "UTC")
    if dates:
        text = text[: dates[0].start].strip(EDGES) or text[dates[-1].end :].strip(EDGES)
    text = _CLOSING.sub("", text).strip(EDGES)
    if not text or len(text) > 60 or text.isdigit() or _NOBODY.match(text) or re.search(r"[。！？]", text):
        return ""
    return text


_CLOSING = re.compile(r"[(（](?:[^()（）]{0,40}|[^()（）]{0,12}(?:记者|通讯员)[^()（）]{0,40}[)）])$")
"""Brackets at the end of a name: those that were cut off, and those with the reporters in them."""


def _tells_the_article(label: Label) -> bool:
    """资料来源 at the end names where the facts are from, not the article."""
    return not label.name.startswith(("资料", "图片", "数据"))


def _in_meta(stated: Stated) -> Found:
    for name in ("source", "mediaid", "article:source", "og:article:source"):
        value = cleaned(_LABEL_BEFORE.sub("", stated.meta.get(name, "")))
        if value and not value.startswith("http"):
            return value, f"meta {name}"
    return _NONE


def _in_scripts(scripts: Scripts, title: str) -> Found:
    name = _source_name(_LABEL_BEFORE.sub("", scripts.publication), title)
    return (name, "script") if name else _NONE


_SOURCE_NAMES = re.compile(
    r"source|media(?![-_](?:title|meta|content|area|wrp))|laiyuan|origin(?!al)|from|publisher|copyfrom"
    r"|\bly\b|\bjs_name\b|meta_nickname",
    re.IGNORECASE,
)
_NOT_SOURCE = re.compile(
    r"^(?:来自|发布于|编辑于|发表于|IP|网友|评论|首页|正文|原创|转载|专栏|订阅|更多|返回|查看|展开|收起|登录"
    r"|注册|我要|打印|字[体号大小]|\+|关闭|关注|"
    r"微信|微博|微博|分享|扫|复制|QQ|空间|收藏|点赞|举报|人参与|参与|跟|听新闻|朗读|语音|放大|缩小|正常|标准"
    r"|默认|加入|官方账号|作者)|^(?:字|大|中|小|[TA][+-]?|北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西"
    r"|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)[市省]?$|官方账号$|\d{3,}|(?:参与|评论|阅读|浏览|点击|摄)$|记者|記者|通讯员|编辑"
    r"|瀏覽|發[布佈表]|點擊|傳送|推荐文章|只看该作者|^(?:阅读|浏览)|^第.{1,5}版|^[上下]一[版篇页条]|^\d+\s?[条个條]"
    r"|手机版|链接|来源于?$|^\W*>|>>|频道$|时间|日期",
)


def _unlabelled(zone: Zone, title: str) -> Found:
    """A publication's name that stands without a label beside the date, or in an element that is named as a source."""
    for line in zone.head:
        for piece in line.pieces:
            around = _names_around(piece.element)
            if _SOURCE_NAMES.search(around) and (name := _source_name(piece.text, title)):
                return name, f"class {around.strip().split()[0]}"
    people = {
        squeeze(piece.text) for line in zone.head for piece in line.pieces if _NICKNAMES.search(names_of(piece.element))
    }
    for lines in (zone.head, zone.above):
        for index, line in enumerate(lines):
            if line.size <= 40 and find_moments(line.text, "UTC"):
                for text in _beside(lines, index):
                    if (name := _source_name(text, title)) and not is_full_name(name) and name not in people:
                        return name, "beside the date"
    return _NONE


_NICKNAMES = re.compile(r"nick[-_]?name|user[-_]?name", re.IGNORECASE)
"""Elements for the nickname of whoever wrote on a platform: no publication's name."""


def _names_around(element: Element) -> str:
    above = element.getparent() if element.tag == "a" else element
    return names_of(element) + (names_of(above) if above is not None else "")


def _beside(lines: Sequence[Line], index: int) -> Iterator[str]:
    """What stands beside the date of a line: after it, before it, in the next short line, in the one above."""
    line = lines[index]
    dates = find_moments(line.text, "UTC")
    pieces = [piece.text for piece in line.pieces]
    if len(pieces) == 1:
        yield re.split(r"  |(?<=\S)\s[|｜]\s", line.text[dates[-1].end :].lstrip(" |｜"))[0]
        yield re.split(r"\s{1,}", line.text[: dates[0].start].strip())[-1]
    yield from _after_date(pieces)
    yield from _before_date(pieces)
    for other in lines[index + 1 : index + 2]:
        if other.size <= 12 and "：" not in other.text and not find_moments(other.text, "UTC"):
            yield other.text
    for other in lines[max(1, index - 1) : index]:
        if found := _JOINED.match(other.text):
            yield found["paper"]
        elif other.size <= 12 and len(other.pieces) == 1:
            yield other.text


_JOINED = re.compile(
    r"^(?P<people>[\u4e00-\u9fff·]{2,4}(?:[\s、][\u4e00-\u9fff·]{2,4}){0,3})\s?[/／]\s?(?P<paper>[\u4e00-\u9fff]{3,16})$"
)
"""People and their paper in one line: 石佳/中国青年报."""


def with_paper(lines: Iterable[Line]) -> tuple[tuple[str, ...], str]:
    """The people of a line that names them with their paper."""
    for line in lines:
        found = _JOINED.match(line.text) if line.size <= 40 else None
        people = tuple(re.split(r"[\s、]", found["people"])) if found else ()
        if people and all(is_chinese_name(name) for name in people):
            return people, "line with the paper"
    return (), ""


def _after_date(pieces: list[str]) -> list[str]:
    """The pieces of a line that come after the one with the date in it."""
    seen = False
    rest: list[str] = []
    for piece in pieces:
        dates = find_moments(piece, "UTC")
        seen = seen or bool(dates)
        text = piece[dates[-1].end :] if dates else piece
        if seen and (is_label_word(text) or text.rstrip().endswith(("：", ":"))):
            break
        if seen:
            rest.append(text)
    return rest


def _before_date(pieces: list[str]) -> list[str]:
    """The pieces of a line that come before the one with the date in it, the nearest first."""
    before: list[str] = []
    for piece in pieces:
        if dates := find_moments(piece, "UTC"):
            before.append(piece[: dates[0].start])
            break
        before.append(piece)
    return [text for text in reversed(before) if text.strip() and not is_label_word(text)]


def _account(zone: Zone, title: str) -> Found:
    """The account that an article is published by, where its name stands in an element for the author."""
    for line in (*zone.head, *zone.above):
        for piece in line.pieces if line.size <= 16 else ():
            name = _source_name(piece.text, title)
            if name and not is_chinese_name(name) and _ACCOUNT_NAMES.search(_names_around(piece.element)):
                return name, "account"
    return _NONE


_ACCOUNT_NAMES = re.compile(r"author|account|nick[-_]?name|user[-_]?name|profile|\bname\b", re.IGNORECASE)


def _source_name(text: str, title: str) -> str:
    name = without_stoppers(_unquoted(squeeze(text))).strip(EDGES)
    if re.search(r"[，,]\s*\S", text) or is_label_word(name) or _is_title(name, title):
        return ""
    if (
        not 2 <= len(name) <= 24
        or not (_HAN.search(name) or _LATIN.fullmatch(name))
        or _NOT_SOURCE.search(name)
        or re.search(r"[：:。！？!?|｜]", name)
    ):
        return ""
    return "" if find_moments(name, "UTC") else re.sub(r"\[[^\]]*$|\[[^\]]*\]$", "", name)


def _unquoted(text: str) -> str:
    """The name of a paper out of its marks: 《 示例日报 》（."""
    found = re.match(r"^[\s(（]*《\s?([^《》]{2,20}?)\s?》", text)
    return found[1] if found else text


def _is_title(name: str, title: str) -> bool:
    """Whether a text is the headline, or so much of it that it is no name."""
    return bool(name) and bare(name) in bare(title) and len(bare(name)) > 0.5 * len(bare(title))


_LATIN = re.compile(r"[A-Z][A-Za-z]{2,}(?:[ .-]?[A-Za-z0-9]+){0,3}")
"""A publication that a Chinese page calls by a Latin name: CSDN, GameForce."""
