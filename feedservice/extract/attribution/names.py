"""Splitting names: of people, and of publications."""

from __future__ import annotations

import re

from feedservice.extract.attribution.credits import credit_of
from feedservice.extract.attribution.people import (
    PROVINCES,
    is_chinese_name,
    is_dotted_name,
    is_office,
    joined_characters,
    without_aside,
    without_nation,
)
from feedservice.extract.text.wording import squeeze

_HAN = re.compile(r"[\u3400-\u9fff]")
_BY = re.compile(r"^(?:by|von|par|por)\s+", re.IGNORECASE)
_REPORT = re.compile(r"[／/][\u4e00-\u9fff]{0,8}(?:報導|报道)$")
_STROKE = re.compile(r"[／/]")
_BOOK = re.compile(r"《[^《》]{1,30}》.*$")
_ASIDE = re.compile(r"[（(][^（()）]*[)）]?$")
_SUFFIX = re.compile(r"\s*(?:(?<=\s)(?:文|摄|图|整合|编译|综合)|报道|等|[／/]\s*(?:文|.{0,10}報導)$|[，,]?系.*)$")
_SPLIT = re.compile(r"\s*(?:[、;；/／&＆|｜]|，|,|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bи\b)\s*")
_ADDRESS = re.compile(
    r"[(（<\[]?\s*(?:https?://|www\.|mailto:|[\w.+-]{1,64}@[\w-]{1,64}\.)[^\s)）>\]]{0,300}\s*[)）>\]]?"
)
"""An address beside a name, with its brackets."""
_NO_NAME = re.compile(r"\d{3}|^\d+$|[？！。]")
_NOT_NAME = re.compile(
    r"^(?:admin|administrator|editor|staff|root|user|webmaster|未知|佚名|匿名|管理员|编辑|系统管理员|超级管理员"
    r"|小编|代表作|无|本站|本站编辑|网站编辑|网络|网络整理|关注|已关注|发表于|发布于|编辑于|如若转载.*|转载请注明.*|请注明.*|来源.*|佚名|不详|暂无|本站原创|原创|转载|投稿|"
    r"本站整理|整理|综合整理|版权所有.*|\w*_mobile)$",
    re.IGNORECASE,
)


def persons(text: str) -> tuple[str, ...]:
    """The people named in a text such as "本报记者 王乐文 方 敏" or "By Jane Doe and John Roe"."""
    text = without_nation(_ADDRESS.sub(" ", squeeze(text)).strip(" \t:：,，。.;；|()（）【】")).strip("[]")
    if not text or len(text) > 160:
        return ()
    credit = credit_of(text)
    if credit.writers:
        return credit.writers[:12]
    if credit.whole and credit.roles and _STROKE.search(text):
        return ()
    names: list[str] = []
    text = _BY.sub("", _REPORT.sub("", _BOOK.sub(" ", text)))
    for part in _SPLIT.split(text):
        if _HAN.search(part):
            names += _spaced(_ASIDE.sub("", _SUFFIX.sub("", part.strip())).strip(" .。:：()（）"))
        else:
            names.append(without_aside(part.strip()))
    names = _without_offices([_untitled(name) for name in names])
    good = [name for name in names if 1 < len(name) <= 60 and not _NO_NAME.search(name) and not _NOT_NAME.match(name)]
    return tuple(dict.fromkeys(good[:12]))


_TITLES = (
    r"教授|研究员|院士|院长|主任|部长|主席|书记|局长|厅长|处长|科长|校长|所长|会长|理事长|秘书长|董事长|总裁|总经理|学者|专家|博士"
    r"|评论员|分析师|经济学家|律师|主编|作家|代表|委员|馆长|教师|老师"
)
_TITLED = re.compile(rf"^.*(?:{_TITLES})(?=[\u4e00-\u9fff]{{2,4}}$)")
_EMPLOYED = re.compile(
    r"^[\u4e00-\u9fff]{2,}(?:大学|学院|研究院|研究所|科学院|社科院|党校|中学|小学|医院)(?=[\u4e00-\u9fff]{2,3}$)"
)
_SEATS = "|".join(
    [
        *sorted(PROVINCES),
        "中国",
        "中共",
        "中央",
        "国家",
        "全国",
        "清华",
        "复旦",
        "南开",
        "同济",
        "中山",
        "暨南",
        "厦门",
        "武汉",
        "南京",
        "西安",
        "成都",
    ]
)
_EMPLOYED_BEHIND = re.compile(
    rf"^(?P<name>[\u4e00-\u9fff]{{2,3}})(?:{_SEATS})[\u4e00-\u9fff]{{0,12}}?"
    r"(?:大学|学院|研究院|研究所|研究中心|科学院|社科院|党校)[\u4e00-\u9fff]*$"
)
"""An employer that runs into the name before it; where it begins only the place in its name tells."""
_TITLE_ONLY = re.compile(rf"(?:.{{3,}}|副)?(?:{_TITLES})")
_EMPLOYER = re.compile(
    r".{2,}(?:大学|学院|研究院|研究所|科学院|中心|党校|集团|公司|协会|医院|中学|小学|支队|法院|局|委|办|处|科|社|部|院|厅|会|馆|站|校|厂|室"
    r"|[日晚早时周商都导青快]报|都市报|报社|电视台|电台|融媒体?|新闻|网)|团委|党委|工会"
)
_OTHER_WORK = re.compile(r"^(?:摄影|图片|制图|剪辑|视频|编辑|责编|校对|审核)[\u4e00-\u9fff]{0,4}$")


def _untitled(name: str) -> str:
    """A name without the office right before it, or the employer right behind: 示例大学教授张三, 李四北京大学教授."""
    for pattern in (_TITLED, _EMPLOYED):
        found = pattern.match(name)
        if found and is_chinese_name(rest := name[found.end() :]) and not is_office(rest):
            return rest
    found = _EMPLOYED_BEHIND.match(name)
    return found["name"] if found and is_chinese_name(found["name"]) else name


def _without_offices(names: list[str]) -> list[str]:
    """The names without those that are offices of somebody named beside them, or of those who did other work."""
    people = [name for name in names if not _TITLE_ONLY.fullmatch(name) and not _OTHER_WORK.match(name)]
    if any(is_chinese_name(name) and not _EMPLOYER.fullmatch(name) for name in people):
        people = [name for name in people if (not _EMPLOYER.fullmatch(name) and len(name) < 5) or is_dotted_name(name)]
    return people or names


def _spaced(text: str) -> list[str]:
    """Chinese names with spaces between them, or inside them: 王乐文 方 敏."""
    parts = joined_characters(text).split()
    if not all(_HAN.fullmatch(char) or char == "·" for part in parts for char in part):
        return [text]
    return parts if all(len(part) <= 5 or is_dotted_name(part) for part in parts) or _named_last(parts) else [text]


def _named_last(parts: list[str]) -> bool:
    """Whether the last word is a name and those before it are offices: 党委宣传部 李欣然."""
    return len(parts) > 1 and is_chinese_name(parts[-1]) and all(_EMPLOYER.fullmatch(part) for part in parts[:-1])


def split_origins(text: str) -> tuple[str, ...]:
    """The publications named in a source line, in order; joined again with 、 they are what the page has.

    Names that hold — or - stay whole.
    """
    return tuple(part for part in (squeeze(part) for part in text.split("、")) if part)
