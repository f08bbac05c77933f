"""Labelled facts in lines such as "发布日期：2024-09-25 21:01 来源：天津日报 作者：张三 字号：大 中 小"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feedservice.extract.page.elements import Element
from feedservice.extract.page.lines import Line
from feedservice.extract.text.folding import folded
from feedservice.extract.text.wording import bare, squeeze

_GAP = r"[\s\u3000]{0,4}"


def _spaced(word: str) -> str:
    """A pattern for a Chinese word that may be set with spaces inside, for folded text: 来　源."""
    return _GAP.join(re.escape(char) for char in folded(word))


def _any(words: str) -> str:
    return "|".join(_spaced(word) if not word.isascii() else re.escape(word) for word in words.split())


_KINDS = {
    "origin": _any(
        "信息来源 文章来源 稿件来源 新闻来源 内容来源 本文来源于 本文来源 资料来源 消息来源 文稿来源 图文来源 转载来源 "
        "媒体来源 来源网站 来源媒体 来源单位 来源部门 发布来源 来源于 来源自 来源 稿源 文章出处 出处 转载自 转载于 "
        "转自 摘自 来自"
    )
    + r"|(?<![a-z])sources?|quelle|fuente|fonte",
    "author": _any(
        "文章作者 本文作者 特约作者 作者 撰稿人 撰稿 撰文 执笔 采写 文字 图文 文图 供稿人 本报记者 本网记者 "
        "记者 通讯员 投稿人 笔者"
    )
    + r"|(?<![a-z])(?:author|written by|autor|auteur|autore)s?",
    "editor": _any(
        "责任编辑 责编 本文编辑 本期编辑 值班编辑 网络编辑 网页编辑 栏目编辑 执行编辑 编辑 编审 选稿 见习编辑 实习编辑"
    )
    + r"|(?<![a-z])editors?",
    "updated": _any(
        "最后更新时间 最后更新日期 最近更新时间 最近更新日期 上次更新时间 更新时间 更新日期 "
        "最后更新于 最后更新 最近更新 最后修改时间 最后修改日期 最后修改 修改时间 修改日期 修订时间 更新于 更新"
    )
    + r"|(?<![a-z])(?:last )?(?:updated|modified)(?: (?:on|at|date))?|(?:zuletzt )?aktualisiert(?: am)?|stand"
    r"|mis à jour(?: le)?|actualizado(?: el)?|atualizad[oa](?: em)?|aggiornato(?: il)?",
    "made": _any("成文日期 成文时间 印发日期 印发时间 签发日期 发文日期 发文时间 生成日期 生成时间 形成日期 制发日期"),
    "published": _any(
        "发布时间 发布日期 发表时间 发表日期 发稿时间 发稿日期 刊发时间 刊登时间 上传时间 上传日期 录入时间 "
        "添加时间 添加日期 录入日期 公开时间 公开日期 公布日期 公布时间 信息时间 刊发日期 出版日期 见报日期 "
        "上线时间 创建日期 建立时间 建立日期 建档时间 建档日期 上架时间 上架日期 上版时间 上版日期 张贴时间 张贴日期 "
        "稿件时间 创建时间 提交时间 上网时间 播发时间 日期时间 发布于 发表于 时间 日期 发布 出版时间 出版"
    )
    + r"|(?<![a-z])(?:publish(?:ed)?|posted|created)(?: (?:date|on|at|time))?|(?<![a-z])date"
    r"|veröffentlicht(?: am)?|erstellt(?: am)?|datum|publié(?: le)?|publicado(?: el| em)?|pubblicato(?: il)?"
    r"|fecha|data",
    "publisher": _any(
        "发布机构 发布单位 发布部门 发布机关 发布者 发布人 信息发布 发布方 供稿单位 供稿部门 供稿 信息提供 "
        "提供单位 报送单位"
    ),
    "extra": _any(
        "信息索引号 索引号 索引码 发文字号 文件编号 文号 编号 发文机关 发文机构 发文单位 发文部门 制发机关 "
        "发布文号 主题分类 主题词 信息分类 信息类别 组配分类 分类 公文种类 文种 "
        "有效性 是否有效 效力状态 有效期 公开方式 公开类别 公开范围 公开责任部门 公开形式 公开程序 公开时限 "
        "体裁分类 体裁 服务对象 生效日期 实施日期 施行日期 废止日期 失效日期 "
        "信息名称 名称 标题 主题 统一登记号 登记号 所属主题 内容概述 所属机构 责任部门 地区 行政区划"
    ),
    "noise": _any(
        "图片编辑 美术编辑 视觉编辑 版面编辑 图片 摄影 审核人 审稿人 签发人 校对人 责任人 "
        "单位 录入者 录入人 录入 译者 翻译 "
        "审核 审校 校对 校审 责任校对 初审 复审 终审 审稿 审读 总监制 监制 签发 字体大小 字体 字号 大小 打印 列印 "
        "分享到 分享至 分享 浏览次数 浏览量 浏览数 浏览 阅读次数 阅读量 阅读数 阅读 点击次数 点击数 点击率 点击量 "
        "点击 访问次数 访问量 人气 关注度 评论数 评论 "
        "浏览人次 点阅次数 点阅率 点阅数 点阅 "
        "收藏 纠错 举报 点赞 语音播报 朗读 扫一扫 保护视力色 视力保护色 视力保护 背景色 关键词 关键字 标签 责任者 "
        "热度 下载 责任 订阅 关注 上一篇 下一篇 主办单位 承办单位 主管单位 附件 相关链接 电话 联系电话 邮箱 地址 "
        "邮编 联系人"
    ),
}
_FIRSTS = "".join(sorted({word[0] for words in _KINDS.values() for word in words.split("|") if not word.isascii()}))
_LATIN_FIRSTS = "acdeflmpqsuvwz"
_LABEL = re.compile(
    # What no label begins with is passed over at once: a third of the time.
    rf"(?=[\[【（(]?[{_FIRSTS}{_LATIN_FIRSTS}])(?P<open>[\[【（(]?)(?:"
    + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items())
    + r")(?P<close>[\]】]?)[\s\u3000]{0,3}"
    r"(?P<colon>[:：︰∶]|(?<=[\]】])|(?<=更新|发布)[/／](?=\d{4})|(?<=posted )@|[|｜丨/／](?=[^\s\d])"
    r"|[/／]\s(?=[\u4e00-\u9fff])|(?=\x1f))",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[:：︰∶\]】|｜丨]")
_QUOTES = "“‘「『"
"""Marks that a label is only spoken of behind: 凡注明“来源：示例网”的作品."""
_STARTS = frozenset(["", "\x1f", " ", "|", "｜", "\xa0"])
_STOPPERS = re.compile(
    r"[\s\x1f|｜]*(?:打\s?印|列印|字\s?[号体]|分\s?享|举报|浏览|阅读\s?[:：\d]|点击|收藏|纠错|关闭窗口|我要"
    r"|扫一扫|转发|已阅|人参与|跟贴|跟帖|订阅|T\s?[+-]|大\s?中\s?小|\+\s?关注"
    r"|(?:(?<![\u4e00-\u9fff])|(?=.{2}\s?[:：(（\d]))(?:评论(?!员)|关注|参与)).*$",
    re.DOTALL,
)
EDGES = " \t\r\n\x1f\u3000\xa0|｜,，;；:：.。·•-–—/、【】[]>＞»\"'“”"


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled fact: its kind, the label as the page has it, and the text up to the next label."""

    kind: str
    name: str
    value: str
    element: Element

    @property
    def word(self) -> str:
        """The label folded, for telling which one it is."""
        return folded(self.name)


def read_labels(lines: Sequence[Line]) -> list[Label]:
    """Every labelled fact of these lines, in order. A value may stand in the line after its label."""
    found: list[Label] = []
    for index, line in enumerate(lines):
        if line.size > 150 or len(line.text) > 1_500 or (not _MARKS.search(line.text) and len(line.text) > 24):
            continue
        text = "\x1f".join(piece.text for piece in line.pieces) + "\x1f"
        labels = list(_labels_in(text))
        for place, match in enumerate(labels):
            end = labels[place + 1].start() if place + 1 < len(labels) else len(text)
            value = text[match.end() : end]
            if not value.strip(EDGES) and place + 1 == len(labels):
                value = _next_value(line, lines[index + 1 : index + 2])
            found.append(Label(_kind(match), _name(match, text), value, line.block))
    return found


def _labels_in(text: str) -> Iterator[re.Match[str]]:
    """The labels of a text. Of a word that is none, what stands behind its gap may be one: 来源：示例发布 时间：."""
    wanted = folded(text)
    place = 0
    while match := _LABEL.search(wanted, place):
        fits = _is_label(text, match)
        if fits:
            yield match
        place = match.end() if fits or match.end() == match.start() else match.start() + 1


def _kind(match: re.Match[str]) -> str:
    return next(kind for kind in _KINDS if match.group(kind))


def _name(match: re.Match[str], text: str) -> str:
    """The label as the text has it that was folded for the match, without its spaces."""
    return bare(text[slice(*match.span(_kind(match)))])


def _is_label(text: str, match: re.Match[str]) -> bool:
    """Whether the word is a label and not the end of another word: 的时间：, 出版编辑：."""
    before = text[match.start() - 1 : match.start()]
    if (
        not match["colon"]
        and not match["close"]
        and len(text) > 24
        and not (before in _STARTS and match.end() == text.find("\x1f", match.start()))
    ):
        return False
    if before in _QUOTES and before:
        return False
    if match["open"] or not before or before in ' \x1f\u3000\xa0|｜,，;；。.)）】]>、/&·•\t\n-—"”':
        return True
    if _kind(match) in {"noise", "origin", "author", "editor", "updated"}:
        return not before.isascii() or not before.isalpha()
    return before.isdigit() or before in ":："


def _next_value(line: Line, following: Sequence[Line]) -> str:
    """The text of the next line, where it is the other cell of the same row."""
    if not following:
        return ""
    other = following[0]
    text = "\x1f".join(piece.text for piece in other.pieces)
    if other.size > 40 or _LABEL.search(folded(text) + "\x1f") or (other.link_share > 0.9 and other.size > 12):
        return ""
    above = line.block.getparent()
    near = above is not None and (other.block is above or other.block.getparent() is above)
    return (
        text if near and line.block.tag in {"td", "th", "dt", "div", "span", "li", "b", "strong", "p", "label"} else ""
    )


def labelled_in(text: str, kind: str) -> str | None:
    """What a text tells under a label of this kind, up to a label of another; None where none begins it.

    Before the label only a date or other labelled facts may stand.
    """
    text += "\x1f"
    labels = list(_labels_in(text))
    place = next((place for place, match in enumerate(labels) if _kind(match) == kind), None)
    if place is None:
        return None
    before = text[: labels[place].start()]
    if before.strip(EDGES) and not place and not re.match(r"\D{0,4}\d{1,4}[-/.年]", before):
        return None
    rest = (match.start() for match in labels[place + 1 :] if _kind(match) != kind)
    return without_stoppers(text[labels[place].end() : next(rest, len(text))])


def is_label_word(text: str) -> bool:
    """Whether a text is nothing but a label."""
    match = _LABEL.match(folded(squeeze(text)).rstrip(":：") + "：")
    return match is not None and match.end() > len(squeeze(text).rstrip(":："))


def first_piece(value: str) -> str:
    """The value of a label where it is one name or a run of names: up to the next piece that is not joined to it."""
    parts = [part for part in value.split("\x1f") if part.strip(EDGES) or part.strip() in {"、", ",", "，"}]
    taken = ""
    for part in parts:
        if taken and not (
            taken.rstrip().endswith(("、", "，", ",", "&", "/"))
            or part.lstrip().startswith(("、", "，", ",", "&", "/"))
        ):
            break
        taken += part
    return without_stoppers(taken)


def without_stoppers(text: str) -> str:
    """Cut what follows the value in the same run of text: print, share, counters."""
    found = _STOPPERS.search(folded(text))
    return text[: found.start() if found else None].strip(EDGES)
