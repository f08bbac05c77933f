"""Which publication an article is from (来源): by label, by what the page states, by its place beside the date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from feedservice.extract.attribution.names import split_origins
from feedservice.extract.attribution.people import is_chinese, is_chinese_name
from feedservice.extract.attribution.unlabelled import account, paper_of_reporter, source_name, unlabelled
from feedservice.extract.dates.forms import find_moments
from feedservice.extract.page.dom import Tree
from feedservice.extract.page.labels import EDGES, Label, first_piece
from feedservice.extract.prose.zone import Zone
from feedservice.extract.statements.scripted import Scripts
from feedservice.extract.statements.stated import Stated
from feedservice.extract.text.folding import folded
from feedservice.extract.text.wording import bare, squeeze

Found = tuple[str, str]

_NONE: Found = ("", "")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LABEL_BEFORE = re.compile(r"^(?:(?:稿件|文章|信息|新闻|内容|本文)?来源|稿源|出处)\s*[:：]?\s*")


def find_origins(
    zone: Zone,
    head: Sequence[Label],
    tail: Sequence[Label],
    stated: Stated,
    scripts: Scripts,
    title: str,
    tree: Tree,
    steps: tuple[str, ...],
) -> tuple[tuple[str, ...], str]:
    """The publications that an article is from and how they were found; the surest place first.

    steps: the way to the page.
    """
    shown = labelled(head, "origin")
    if found := stated.first("contentsource"):
        name = cleaned(found[1])
        if name and not (shown[0] and (bare(name) in bare(shown[0]) or _is_told(shown, head, name))):
            return split_origins(name), f"meta {found[0]}"
    chinese = any(_HAN.search(line.text) for line in zone.head[:8]) or bool(_HAN.search(title))
    chinese = chinese and is_chinese("".join((title, *(line.text for line in (*zone.head[:8], *zone.inside[:8])))))
    ways: tuple[Callable[[], Found], ...] = (
        lambda: shown,
        lambda: unlabelled(zone, title, stated, tree, steps, left_open=_is_left_open(head)) if chinese else _NONE,
        lambda: paper_of_reporter(zone.head) if chinese else _NONE,
        lambda: labelled([label for label in tail if _tells_the_article(label)], "origin"),
        lambda: _in_meta(stated),
        lambda: _in_scripts(scripts, title) if chinese else _NONE,
        lambda: labelled(head, "publisher"),
        lambda: account(zone, title) if chinese else _NONE,
        lambda: labelled([label for label in head if _OFFICE.match(label.word)], "extra"),
        lambda: _wired(zone) if chinese else _NONE,
    )
    for way in ways:
        name, how = way()
        if name:
            return split_origins(name), how
    return (), ""


def _is_left_open(head: Sequence[Label]) -> bool:
    """Whether there is a label for the publication with nothing behind it: 发布时间：2024-05-06 来源： 浏览次数：."""
    return any(label.kind == "origin" and not label.value.strip(EDGES) for label in head)


def _is_told(shown: Found, head: Sequence[Label], name: str) -> bool:
    """Whether the page shows another publication than its data have, whole and under the word for it."""
    labels = [label for label in head if label.kind == "origin"]
    if len(labels) != 1 or not labels[0].word.endswith("来源") or bare(shown[0]) in bare(name):
        return False
    return not _CUT.search(labels[0].value)


_CUT = re.compile(r"…|\.\.")


def _wired(zone: Zone) -> Found:
    """The agency whose report it is, as its first sentence tells: 新华社北京11月2日电."""
    found = next((found for line in zone.inside[:4] if (found := _WIRED.match(line.text[:80]))), None)
    return (found["agency"], "dateline") if found else _NONE


_WIRED = re.compile(
    r"[\W_]*+据?(?!本|该|我)(?P<agency>[\u4e00-\u9fff]{1,5}?[社网])[\u4e00-\u9fff、，\s]{0,16}?\d{1,2}月\d{1,2}日(?:[专專综綜]?[电電])"
)
_OFFICE = re.compile(r"(?:发文|制发)(?:机关|机构|单位|部门)")
_NOBODY = re.compile(
    r"^(?:未知|不详|暂无|无|佚名|null|none|https?:.*|admin\w*|root|(?:系统|网站|超级)?管理员)$", re.IGNORECASE
)
_LOGIN = re.compile(r"[a-z][a-z\d_.-]{1,19}")
"""The account of whoever put an article online: 发布人：xcb."""
_REPORTERS = re.compile(r"(?:^|\s)(?:(?:本报|本网|本台|特约)?(?:记者|通讯员)\s|文\s?[/／丨]).*$", re.DOTALL)


def labelled(labels: Iterable[Label], kind: str) -> Found:
    """The first value of a kind of label that is a name, and how it was found."""
    for label in labels:
        value = first_piece(label.value) if label.kind == kind else ""
        value = name_in(value)
        if value and not (label.word in {"发布者", "发布人"} and (is_chinese_name(value) or _LOGIN.fullmatch(value))):
            return value, f"label {label.name}"
    return _NONE


def name_in(value: str) -> str:
    """The publication or the editor in the value of a label; "" where it is no name."""
    people = _REPORTERS.search(folded(value))
    return _without_people(cleaned(value[: people.start() if people else None]))


def _without_people(text: str) -> str:
    """A publication without the names that follow it behind a bar: 示例日报 | 张三 李四."""
    first, *others = re.split(r"\s?[|｜]\s?", text)
    people = [name for other in others for name in re.split(r"[、\s]+", other)]
    return first if first and people and all(is_chinese_name(name) for name in people) else text


def cleaned(text: str) -> str:
    """A name without the brackets it ends in; "" when it is a date, a number or a sentence."""
    text = squeeze(text).strip(EDGES)
    text = _BRACKETED.sub(r"\1", text)
    if text.count(")") > text.count("(") or text.count("）") > text.count("（"):
        text = re.split(r"[)）]", text)[0]
    dates = find_moments(text, "UTC")
    if dates:
        text = text[: dates[0].start].strip(EDGES) or text[dates[-1].end :].strip(EDGES)
    text = _quoted_whole(_CLOSING.sub("", text).strip(EDGES))
    if not text or len(text) > 60 or text.isdigit() or _NOBODY.match(text) or re.search(r"[。！？]", text):
        return ""
    return text


def _quoted_whole(text: str) -> str:
    """A name with both quotes of those that lie at an end of it: 微信公众号“示例发布”."""
    opened, closed = text.count("“"), text.count("”")
    return f"{text}”" if opened == closed + 1 else f"“{text}" if closed == opened + 1 else text


_BRACKETED = re.compile(r"^[（(]([^()（）]{2,20})[)）]$")
_CLOSING = re.compile(r"[(（](?:[^()（）]{0,40}|[^()（）]{0,12}(?:记者|通讯员)[^()（）]{0,40}[)）])$")
"""Brackets at the end of a name: those that were cut off, and those with the reporters in them."""


def _tells_the_article(label: Label) -> bool:
    """资料来源 at the end names where the facts are from, not the article."""
    return not label.word.startswith(("资料", "图片", "数据"))


def _in_meta(stated: Stated) -> Found:
    for name in ("source", "mediaid", "article:source", "og:article:source"):
        value = cleaned(_without_label(stated.meta.get(name, "")))
        if value and not value.startswith("http"):
            return value, f"meta {name}"
    return _NONE


def _without_label(text: str) -> str:
    label = _LABEL_BEFORE.match(folded(text))
    return text[label.end() if label else 0 :]


def _in_scripts(scripts: Scripts, title: str) -> Found:
    name = source_name(_without_label(scripts.publication), title)
    return (name, "script") if name else _NONE
