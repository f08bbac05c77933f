"""Facts with a label that have no field of their own: 索引号, 文号, 发文机关, 主题分类 ..."""

from __future__ import annotations

import re

from feedservice.extract.headlines.headline import Headline
from feedservice.extract.page.density import Ground
from feedservice.extract.page.labels import EDGES, read_labels
from feedservice.extract.page.lines import Line
from feedservice.extract.prose.zone import Zone
from feedservice.extract.text.folding import folded
from feedservice.extract.text.wording import squeeze

_KINDS = frozenset({"extra", "made", "publisher"})
_HOLLOW = frozenset({"标题", "名称", "信息名称", "主题", "分类", "编号", "地区", "信息发布"})
_NUMBER = re.compile(r"^[\u4e00-\u9fff]{2,12}[〔\[（(【]\s*(?:19|20)\d\d\s*[〕\]）)】]\s*(?:第\s*)?\d{1,5}\s*号$")
_LONGEST, _LONGEST_NAME = 120, 30


def read_extras(ground: Ground, zone: Zone, headline: Headline) -> tuple[tuple[str, str], ...]:
    """The labelled extras near an article, in page order, each label once; empty ones are left out."""
    lines = [*zone.above, *zone.head]
    tables = [
        line
        for line in ground.tree.lines
        if not line.hidden and line.block.tag in {"td", "th", "li", "dt", "dd", "span", "p", "div"} and line.size <= 40
    ]
    found: dict[str, str] = {}
    for label in read_labels(lines if len(lines) > 40 else _merged(lines, tables[:400])):
        if label.kind not in _KINDS or label.word in _HOLLOW:
            continue
        value = squeeze(label.value.replace("\x1f", " ")).strip(
            EDGES.replace("〕", "").replace("【", "").replace("】", "").replace("[", "").replace("]", "")
        )
        if value and len(value) <= _LONGEST and value != headline.text:
            found.setdefault(label.name, value)
    if not {"文号", "发文字号"} & {*map(folded, found)}:
        numbers = (line.text.strip("（()） ") for line in [*zone.head, *zone.inside[:4]])
        if number := next(filter(_NUMBER.match, numbers), ""):
            found["文号"] = number
    return tuple(found.items())


_OFFICES = (
    "发布机构",
    "发布机关",
    "发布单位",
    "发文机关",
    "发文机构",
    "发文单位",
    "制发机关",
    "公开责任部门",
    "责任部门",
    "所属机构",
)


def office_in(extras: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """The office that labelled facts name as whose a document is, and the label; "" where none does."""
    told = {folded(name): (name, value) for name, value in extras}
    for office in _OFFICES:
        name, value = told.get(office, ("", ""))
        if value and len(value) <= _LONGEST_NAME and not any(map(str.isdigit, value)):
            return value, f"label {name}"
    return "", ""


def _merged(near: list[Line], others: list[Line]) -> list[Line]:
    known = {id(line) for line in near}
    return [line for line in others if id(line) not in known] + near
