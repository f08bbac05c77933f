"""Who an article comes from: origins (来源), authors, and the editor, who is neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedservice.extract.authors import find_authors
from feedservice.extract.dates import find_moments
from feedservice.extract.dom import Tree
from feedservice.extract.elements import names_of
from feedservice.extract.labels import EDGES, Label, first_piece, is_label_word, without_stoppers
from feedservice.extract.lines import Line
from feedservice.extract.names import split_origins
from feedservice.extract.stated import Stated
from feedservice.extract.wording import bare, squeeze
from feedservice.extract.zone import Zone

_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Byline:
    """Origins, authors and editor, each with how it was found; "" and () where there are none."""

    origins: tuple[str, ...] = ()
    origins_how: str = ""
    authors: tuple[str, ...] = ()
    authors_how: str = ""
    editor: str = ""
    editor_how: str = ""


def read_byline(
    zone: Zone, head: Sequence[Label], tail: Sequence[Label], stated: Stated, body_text: str, tree: Tree
) -> Byline:
    """Find origins, authors and editor in the labelled facts before and after the text, and in what the page states."""
    labels = [*head, *tail]
    editor, editor_how = _labelled([label for label in labels if label.name.startswith("责")], "editor")
    if not editor:
        editor, editor_how = _labelled(labels, "editor")
    origins, origins_how = _origins(zone, head, tail, stated)
    editors = " ".join(label.value for label in labels if label.kind in {"editor", "staff"})
    authors, authors_how = find_authors(zone, head, tail, stated, editors, origins, body_text, tree)
    return Byline(origins, origins_how, authors, authors_how, editor, editor_how)


def _labelled(labels: Iterable[Label], kind: str) -> tuple[str, str]:
    for label in labels:
        if label.kind == kind and (value := _clean(first_piece(label.value))):
            return value, f"label {label.name}"
    return "", ""


def _clean(text: str) -> str:
    """A name without the brackets it ends in; "" when it is a date, a number or a sentence."""
    text = squeeze(text).strip(EDGES)
    if text.count(")") > text.count("(") or text.count("）") > text.count("（"):
        text = re.split(r"[)）]", text)[0]
    text = re.sub(r"[(（][^()（）]{0,40}$", "", text).strip(EDGES)
    dates = find_moments(text, "UTC")
    if dates:
        text = text[: dates[0].start].strip(EDGES) or text[dates[-1].end :].strip(EDGES)
    if not text or len(text) > 60 or text.isdigit() or re.search(r"[。！？]", text):
        return ""
    return text


def _origins(zone: Zone, head: Sequence[Label], tail: Sequence[Label], stated: Stated) -> tuple[tuple[str, ...], str]:
    shown, how = _labelled(head, "origin")
    if found := stated.first("contentsource"):
        name = _clean(found[1])
        if name and not (shown and bare(name) in bare(shown)):
            return split_origins(name), f"meta {found[0]}"
    if not shown:
        shown, how = _unlabelled(zone)
    if not shown:
        shown, how = _labelled([label for label in tail if _in_brackets_free(label)], "origin")
    if not shown:
        for name in ("source", "mediaid", "article:source", "og:article:source"):
            value = _clean(re.sub(r"^(?:稿件|文章|信息)?来源[:：]", "", stated.meta.get(name, "")))
            if value and not value.startswith("http"):
                shown, how = value, f"meta {name}"
                break
    if not shown:
        shown, how = _labelled(head, "publisher")
    return (split_origins(shown), how) if shown else ((), "")


def _in_brackets_free(label: Label) -> bool:
    """资料来源 at the end names where the facts are from, not the article."""
    return not label.name.startswith(("资料", "图片", "数据"))


_SOURCE_NAMES = re.compile(r"source|media|laiyuan|origin|from|publisher|copyfrom|\bly\b", re.IGNORECASE)
_NOT_SOURCE = re.compile(
    r"^(?:来自|发布于|编辑于|发表于|IP|网友|评论|首页|正文|原创|转载|专栏|订阅|更多|返回|查看|展开|收起|登录"
    r"|注册|我要|打印|字|大|中|小|T|A|\+|关闭|"
    r"微信|微博|微博|分享|扫|复制|QQ|空间|收藏|点赞|举报|人参与|参与|跟|听新闻|朗读|语音|放大|缩小|正常|标准"
    r"|默认|加入|官方账号|作者|北京|上海|广东)|官方账号$|\d{3,}|(?:参与|评论|阅读|浏览|点击)$",
)


def _unlabelled(zone: Zone) -> tuple[str, str]:
    """A publication's name that stands without a label beside the date, or in an element that is named as a source."""
    for line in zone.head:
        for piece in line.pieces:
            above = piece.element.getparent() if piece.element.tag == "a" else piece.element
            around = names_of(piece.element) + (names_of(above) if above is not None else "")
            if _SOURCE_NAMES.search(around) and (name := _source_name(piece.text)):
                return name, f"class {around.strip().split()[0]}"
    for index, line in enumerate(zone.head):
        if not _HAN.search("".join(piece.text for piece in zone.head[0].pieces)) and not _HAN.search(line.text):
            continue
        dates = find_moments(line.text, "UTC")
        if not dates or line.size > 40:
            continue
        rest = line.text[dates[-1].end :]
        pieces = [piece.text for piece in line.pieces]
        for text in [
            rest.split("  ")[0] if len(pieces) == 1 else "",
            *_after_date(pieces),
            *_next_line(zone.head[index + 1 : index + 2]),
        ]:
            if name := _source_name(text):
                return name, "beside the date"
    return "", ""


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


def _next_line(lines: Sequence[Line]) -> list[str]:
    return [
        line.text for line in lines if line.size <= 12 and "：" not in line.text and not find_moments(line.text, "UTC")
    ]


def _source_name(text: str) -> str:
    name = without_stoppers(squeeze(text)).strip(EDGES)
    if re.search(r"[，,]\s*\S", text) or is_label_word(name):
        return ""
    if (
        not 2 <= len(name) <= 24
        or not _HAN.search(name)
        or _NOT_SOURCE.search(name)
        or re.search(r"[：:。！？!?]", name)
    ):
        return ""
    return "" if find_moments(name, "UTC") else name
