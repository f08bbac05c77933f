"""The grammar of credits: who is named in the role of a writer, and who only for other work.

A credit is a run of groups, each a role with names after it (本报记者 张三、李四 通讯员/王五 摄影 赵六). A medium may
stand before a role, names before the first one (张三 记者 李四), and what somebody did after a name (张三/文 李四/图).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedservice.extract.attribution.people import (
    is_chinese_name,
    is_dotted_name,
    is_full_name,
    joined_characters,
    may_be_name,
    without_nation,
)
from feedservice.extract.text.folding import folded
from feedservice.extract.text.wording import squeeze

_H = r"[\u3400-\u9fff]"
_QUALIFIED = (
    rf"(?:本报|本報|本网|本網|本刊|本台|本社|特约|特約|特派|首席|见习|見習|实习|實習|全媒体?|全媒體|融媒体?|文字|学生|校园"
    rf"|资深|高级|深度|驻{_H}{{2,6}}?(?:特派)?(?=记者))"
)
_MARK = r"\s?[:：/／|｜丨]+\s?"
_DESKS = (
    "社会|国际|生活|娱乐|体育|财经|政治|地方|综合|焦点|即时|影剧|网络|网路|中国|大陆|两岸|科技|健康|消费|旅游|国内|产业"
)
_ROLE = re.compile(
    folded(
        rf"(?P<other>(?:摄影|攝影|视频|影像|图片)(?:记者|記者)|(?:责任|值班|执行|本期|本版|网络|栏目|新媒体|见习)?(?:编辑|編輯)|责编"
        rf"|(?:责任)?校对|校審|审[核校稿阅读]|编审|[初复终]审|(?:总)?监制|统筹|(?:总)?策划|出品人?|签发|制[图作]|绘[图制]|插[画图]"
        rf"|漫画|海报|剪辑|摄像|设计|运营|值班[主领][任导]|播音|主播|朗读|配音|翻译|口述|指导(?:老师|教师)|出镜|导演"
        rf"|(?:摄影|攝影|图片|图源|供图|视频|美编|排版|后期|题图|主编|副主编|总编)(?!{_H}{{0,2}}(?:报道|報導|报导)))"
        rf"|(?P<write>(?:{_QUALIFIED}){{0,4}}(?:记者|記者|通讯员|通訊員|实习生|實習生|评论员|評論員|撰稿人?|撰文|执笔|執筆|采写|採寫"
        rf"|专栏作[者家]|特约作者|主笔|报道员|编译|編譯)|作者|图文|文图|(?:文|图|圖|摄|摄影|视频)(?:\s?[/／、&+]\s?(?:文|图|圖|摄影|摄|影|视频)){{1,2}}"
        rf"|(?<!{_H})(?:文字|文|整理|采访|記錄|记录)(?={_MARK})|(?:{_DESKS})(?:新闻)?中心(?=[／/])|^(?:文字|文|整理|采访)(?=\s))"
        rf"|(?P<picture>(?<!{_H})(?:图|圖|摄|影)(?={_MARK}))"
        rf"|(?P<wrote>(?<=[\s/／|｜])(?:文字?|采写|整理|撰文)(?=$|[\s、，,]))"
        rf"|(?P<shot>(?<=[\s/／|｜])(?:图片?|圖|摄影?|攝影?|影|供图|提供)(?=$|[\s、，,]))"
    )
)
_REPORTED = re.compile(
    r"(?:摄影|图文|综合|綜合|联合|联合采访|现场|实习)?(?:报道|報導|报导|報道)|(?:综合|綜合)(?:外电|外電|整理)?|采访整理|整合|汇总|等$"
)
_KIND_OF_REPORT = re.compile(r"(?:报道|报导|专电)$")
_SPACED = frozenset(["文字", "文", "整理", "采访"])
_PLACED = re.compile(rf"{_H}{{0,6}}?(?:报道|報導|报导|報道|[专專]?[电電]|讯|訊)")
_SHOT_BY = re.compile(rf"^{_H}{{2,4}}?(?:摄|攝|供图|提供|制图|图|译)$")
_MEDIUM = re.compile(
    rf"{_H}{{1,12}}?(?:[报報網网台刊社端]|新闻|新聞|中心|在线|融媒体?|全媒体?|频道|传媒|周[刊末]|杂志|号|视频|观察|评论|早知道)$"
)
_NAMELESS = re.compile(r"[的了对从向与说称据受让被给]|告诉|接受|采访|来自|表示|近日|日前")
_SPLIT = re.compile(r"[\s、，,;；/／|｜丨&＆+]+|(?<=\w)\s*[和及与]\s*(?=\w{2,3}$)")
_ASIDE = re.compile(r"《[^《》]{1,30}》|[（(\[【][^（()）\[\]【】]{0,40}[)）\]】]")
_MARKS = re.compile(r"[□■●◎◆▲○★△▶►◇•]")
_EDGES = " \t:：,，。.;；|｜/／丨()（）[]【】〔〕—-"
_OTHER_FACTS = re.compile(
    r"[\s|｜/／]+(?:(?:文章|稿件|信息)?来源|稿源|来自|出处|(?:发布)?时间|日期|发布|字号|点击|阅读|浏览|单位|联系)[^\s:：]{0,4}[:：].*$"
)
_COUNTED = re.compile(r"[\s|｜]+(?:点击|阅读|浏览)[^\s:：]{0,4}[:：]\s?\d*\s?(?=[|｜])")
"""A counter between bars, which says nothing of what stands behind the next: 阅读： | 文 / 张三."""
_DAY = re.compile(r"(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日")
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Credit:
    """writers: who wrote. whole: whether nothing but roles, names and media is in the text. roles: whether any is."""

    writers: tuple[str, ...] = ()
    whole: bool = False
    roles: bool = False


def credit_of(text: str) -> Credit:
    """Read a text as a credit."""
    if len(text) > _LONGEST:
        return Credit()
    text = joined_characters(_MARKS.sub(" ", _without_asides(squeeze(text).strip(_EDGES))))
    text = _OTHER_FACTS.sub("", _COUNTED.sub(" ", _DAY.sub(" ", text))).strip(_EDGES)
    roles = list(_ROLE.finditer(folded(text)))
    if not roles:
        return Credit()
    reading = _Reading()
    reading.before(text[: roles[0].start()])
    for place, role in enumerate(roles):
        end = roles[place + 1].start() if place + 1 < len(roles) else len(text)
        reading.group(role, text[role.end() : end], last=place + 1 == len(roles))
    return Credit(reading.writers(), reading.whole, roles=True)


def credit_within(text: str) -> Credit:
    """The credit that a line ends with, from the word on that its first role is in: 来源：示例日报 本报记者 张三."""
    text = squeeze(text)
    role = _ROLE.search(folded(text))
    start = text.rfind(" ", 0, role.start()) + 1 if role else 0
    return credit_of(text[start:]) if start else Credit()


def _without_asides(text: str) -> str:
    return _ASIDE.sub(
        lambda found: found[0] if without_nation(text[found.start() :]) != text[found.start() :] else " ", text
    )


class _Reading:
    """What was read of a credit so far: names that are sure, and names of which the next word may tell other work."""

    def __init__(self) -> None:
        self.sure: list[str] = []
        self.open: list[str] = []
        self.whole = True
        self.writing = True
        self.prefixed = False
        self.named = True
        self.first = ""

    def before(self, text: str) -> None:
        """What stands before the first role: the medium, or names."""
        *apart, glued = _SPLIT.split(text) if text else [""]
        for piece in apart:
            self._piece(piece, strict=True)
        if not glued:
            return
        if is_chinese_name(glued) and not _MEDIUM.fullmatch(glued):
            self.first = glued
        elif _NAMELESS.search(glued) or len(glued) > 20:
            self.whole = False

    def group(self, role: re.Match[str], text: str, last: bool) -> None:
        """A role, and what stands after it up to the next."""
        words = _words(text)
        pieces = [piece for piece, _ in words]
        kind = "picture" if role.lastgroup == "shot" and self.prefixed and pieces else role.lastgroup
        if kind == "wrote":
            self._close()
            self.writing = True
        elif kind == "shot" or (kind in {"other", "picture"} and not pieces and last):
            self.open.clear()
        elif kind in {"other", "picture"}:
            self._close()
            self.writing, self.named = False, False
        elif pieces and (self.writing or self.named):
            self.prefixed = role.start() == 0 and role[0] in {"文", "文字"} and text.startswith(" ")
            self.writing, self.named = True, False
        doubtful = role[0] in _SPACED and not re.match(_MARK, text)
        for number, (piece, struck) in enumerate(words):
            if struck and number and is_place_of_report(piece):
                continue
            ends = number + 1 == len(words)
            strict = doubtful or (number == 0 and bool(text) and text[0] not in _EDGES)
            self._piece(piece, strict, glued=ends and not last and not text.endswith(tuple(_EDGES + "、")))

    def writers(self) -> tuple[str, ...]:
        """Everybody who wrote; a name glued to the first role where no other follows it: 张三记者."""
        self._close()
        names = self.sure or ([self.first] if self.first and self.whole else [])
        return tuple(dict.fromkeys(names))

    def _close(self) -> None:
        if self.writing:
            self.sure += self.open
        self.open.clear()

    def _piece(self, piece: str, strict: bool, glued: bool = False) -> None:
        """A word among names. glued: the next role follows without a space, so that it may be that role's medium."""
        name = _named_in(piece)
        if _MEDIUM.fullmatch(piece) or (glued and not is_chinese_name(name)):
            return
        self.named = True
        if not self.writing or _SHOT_BY.match(piece) or not name:
            return
        if may_be_name(name) and (not strict or is_chinese_name(name) or is_dotted_name(name)):
            self.open.append(name)
        else:
            self.whole = False


def _words(text: str) -> list[tuple[str, bool]]:
    """The words among names, each with whether it stands behind a stroke."""
    found: list[tuple[str, bool]] = []
    start, struck = 0, False
    for mark in (*_SPLIT.finditer(text), None):
        if word := text[start : mark.start() if mark else None].strip(_EDGES):
            found.append((word, struck))
        if mark:
            start, struck = mark.end(), "/" in mark[0] or "／" in mark[0]
    return found


def is_place_of_report(word: str) -> bool:
    """Whether a word behind a stroke tells where or how a report was made, and nobody's full name: 台南報導."""
    found = _KIND_OF_REPORT.search(folded(word))
    return found is not None and not is_full_name(word[: found.start()])


def _named_in(piece: str) -> str:
    """The name in a word, "" where it is only the place and the kind of a report: 张三报道, 台北報導."""
    if may_be_name(piece):
        return piece
    rest = _REPORTED.sub("", piece).strip(_EDGES)
    if is_chinese_name(rest):
        return rest
    return "" if _PLACED.fullmatch(piece) else without_nation(rest)
