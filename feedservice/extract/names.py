"""Splitting names: of people, and of publications."""

from __future__ import annotations

import re

from feedservice.extract.wording import squeeze

_HAN = re.compile(r"[\u3400-\u9fff]")
_PREFIX = re.compile(
    r"^(?:(?:[\u4e00-\u9fff·]{2,14}?)?(?:记者|記者|通讯员|通訊員|评论员|专栏作者)\s*[:：/／]?"
    r"|(?:特约|首席|见习|实习)?(?:记者|通讯员|评论员|撰稿人?|作者|文|摄影)\s*[:：/／]?|by\s|von\s|par\s|por\s)\s*",
    re.IGNORECASE,
)
_ROLES = re.compile(r"(?<=[\s、，,；;])(?:本报|本网|实习|见习|特约|首席)?(?:记者|通讯员|实习生|摄影|文字)(?=\s)")
_REPORT = re.compile(r"[／/][\u4e00-\u9fff]{0,8}(?:報導|报道)$")
_ASIDE = re.compile(r"[（(][^（()）]*[)）]?$")
_SUFFIX = re.compile(r"\s*(?:(?<=\s)(?:文|摄|图|整合|编译|综合)|报道|等|[／/]\s*(?:文|.{0,10}報導)$|[，,]?系.*)$")
_SPLIT = re.compile(r"\s*(?:[、;；/／&＆|｜]|，|,|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bи\b)\s*")
_DIGITS = re.compile(r"\d{3}|^\d+$")
_NOT_NAME = re.compile(
    r"^(?:admin|administrator|editor|staff|root|user|webmaster|未知|佚名|匿名|管理员|编辑|系统管理员|超级管理员"
    r"|小编|无|本站|本站编辑|网站编辑|网络|网络整理|关注|已关注|发表于|发布于|编辑于|如若转载.*|转载请注明.*|请注明.*|来源.*|佚名|不详|暂无|本站原创|原创|转载|投稿|"
    r"本站整理|整理|综合整理|版权所有.*|\w*_mobile)$",
    re.IGNORECASE,
)


def persons(text: str) -> tuple[str, ...]:
    """The people named in a text such as "本报记者 王乐文 方 敏" or "By Jane Doe and John Roe"."""
    text = squeeze(text).strip(" \t:：,，。.;；|()（）[]【】")
    if not text or len(text) > 160:
        return ()
    names: list[str] = []
    text = _ROLES.sub(" ", _PREFIX.sub("", _REPORT.sub("", text)))
    for part in _SPLIT.split(text):
        if _HAN.search(part):
            names += _spaced(_ASIDE.sub("", _SUFFIX.sub("", _PREFIX.sub("", part.strip()))).strip(" .。:：()（）"))
        else:
            names.append(part.strip())
    names = _without_offices([_untitled(name) for name in names])
    good = [name for name in names if 1 < len(name) <= 60 and not _DIGITS.search(name) and not _NOT_NAME.match(name)]
    return tuple(dict.fromkeys(good[:12]))


_TITLES = (
    r"教授|研究员|院士|院长|主任|部长|主席|书记|局长|厅长|处长|科长|校长|所长|会长|理事长|秘书长|董事长|总裁|总经理|学者|专家|博士"
    r"|评论员|分析师|经济学家|律师|主编|作家|代表|委员|馆长|教师|老师"
)
_TITLED = re.compile(rf"^.*(?:{_TITLES})(?=[\u4e00-\u9fff]{{2,4}}$)")
_EMPLOYED = re.compile(
    r"^[\u4e00-\u9fff]{2,}(?:大学|学院|研究院|研究所|科学院|社科院|党校|中学|小学|医院)(?=[\u4e00-\u9fff]{2,3}$)"
)
_TITLE_ONLY = re.compile(rf"(?:.{{3,}}|副)?(?:{_TITLES})")
_EMPLOYER = re.compile(
    r".{2,}(?:大学|学院|研究院|研究所|科学院|中心|党校|集团|公司|协会|医院|中学|小学|支队|法院|局|委|办|处|科|社)"
)
_OTHER_WORK = re.compile(r"^(?:摄影|图片|制图|剪辑|视频|编辑|责编|校对|审核)[\u4e00-\u9fff]{0,4}$")
_WRITING = re.compile(r"^(?:本报|本网|实习|见习)?(?:记者|通讯员|实习生|撰文)(?=[\u4e00-\u9fff]{2,3}$)")


def _untitled(name: str) -> str:
    """A name without the office that stands right before it: 示例大学教授张三, 示例大学历史学院李四."""
    for pattern in (_TITLED, _EMPLOYED):
        found = pattern.match(name)
        if found and is_chinese_name(rest := name[found.end() :]) and not _OFFICE.search(rest):
            return rest
    return name


def _without_offices(names: list[str]) -> list[str]:
    """The names without those that are offices of somebody named beside them, or of those who did other work."""
    names = [_WRITING.sub("", name) for name in names]
    people = [name for name in names if not _TITLE_ONLY.fullmatch(name) and not _OTHER_WORK.match(name)]
    if any(is_chinese_name(name) and not _EMPLOYER.fullmatch(name) for name in people):
        people = [name for name in people if not _EMPLOYER.fullmatch(name)]
    return people or names


def _spaced(text: str) -> list[str]:
    """Chinese names with spaces between them, or inside them: 王乐文 方 敏."""
    parts = text.split()
    if not all(_HAN.fullmatch(char) or char == "·" for part in parts for char in part):
        return [text]
    if any(len(part) > 5 for part in parts):
        return [text]
    names: list[str] = []
    index = 0
    while index < len(parts):
        part = parts[index]
        if len(part) == 1 and index + 1 < len(parts) and len(parts[index + 1]) == 1:
            part += parts[index + 1]
            index += 1
        names.append(part)
        index += 1
    return names


def split_origins(text: str) -> tuple[str, ...]:
    """The publications named in a source line, in order; joined again with 、 they are what the page has.

    Names that hold — or - stay whole.
    """
    return tuple(part for part in (squeeze(part) for part in text.split("、")) if part)


_SURNAMES = frozenset(
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟"
    "姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯"
    "江尹薛闫雷段龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪季穆包柯焦温岳齐葛祝詹华左耿关安甘代申"
    "查裴凌舒成焦柳邢路牛聂栗阮喻游颜翟梅盛项殷"
    "倪祁单蒲明庞樊管鲁卞南涂解尚费童应屈辛颛司欧上官诸葛尧宫宁岑冉符芦苗裘桂房佟鲍纪商牟仇卓蓝娄隋冀党连霍甄栾"
    "巩臧景连晏干车束虞席雍初"
)


def is_chinese_name(text: str) -> bool:
    """Whether a text looks like the name of one Chinese person: a common surname and one to three characters more."""
    return 2 <= len(text) <= 4 and all(_HAN.match(char) for char in text) and text[0] in _SURNAMES


_OFFICE = re.compile(r"[省市县区镇网报社台刊界局院街路部委厅号版室园库店馆系处科组队团]$")


def is_full_name(text: str) -> bool:
    """Whether a text is surely a Chinese person's full name: three characters that end like no office and no place."""
    return len(text) == 3 and is_chinese_name(text) and not _OFFICE.search(text)
