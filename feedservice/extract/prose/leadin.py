"""Where an article's text begins in its container: after the headline and the line of date and source."""

from __future__ import annotations

import re

from feedservice.extract.markup.writer import Block
from feedservice.extract.text.folding import folded
from feedservice.extract.text.wording import bare, words

_BYLINE = re.compile(
    r"^[\W_]{0,3}(?:(?:信息|文章|稿件|新闻|内容|资料)?来\s*源|(?:发布|发表|发稿|更新|编辑|修改|录入"
    r"|成文)?(?:时间|日期)|发布(?:于|者|人|机构|单位)|"
    r"(?:作\s*者|记者|撰文|编辑|责任编辑|责编|校对|审核|浏览|阅读|点击)(?:量|数|次数)?)\s*[:：|丨]|"
    r"^(?:by|von|par|por|di|da|author|posted|published|updated|publish date|veröffentlicht|aktualisiert|publié"
    r"|publicado|erstellt|written by|text)\b.{0,120}$|"
    r"(?:字\s*(?:号|体)|字体大小)\s*[:：]?\s*[【\[（(]?\s*(?:大|小|特大|T)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.。!！?？…][\"'”’»）)]?$")


_MARKS = re.compile(r"[:：|｜]\s*\S")
_STANDFIRST = 45
"""How many words at most stand before the line of date and author; what comes after more is no such line."""


def without_lead_in(blocks: list[Block], title: str) -> list[Block]:
    """Begin after the headline and the line of date and source, where those stand inside the container.

    A first paragraph over that line is kept, be the headline inside the container or over it. A line that tells no time
    of day and has more text before it than behind it is the one that a short notice is signed with.
    """
    wanted = bare(title).lower()
    behind = sum(block.size for block in blocks)
    pictured = any(block.kind in {"figure", "media"} for block in blocks)
    prose = start = before = 0
    lead: set[int] = set()
    for index, block in enumerate(blocks[:40]):
        text = bare(block.text).lower()
        behind -= block.size
        is_title = bool(wanted) and text == wanted and prose < 20 and (behind > 0 or pictured)
        is_byline = (
            prose < _STANDFIRST
            and tells_of_it(block.text, block.size, heading=block.kind == "h")
            and (before <= behind or _timed(block.text))
            and not _signs(block.text, blocks[start:index])
            and not (
                _WHEN.match(block.text) and any(_WHERE.match(other.text) for other in blocks[index + 1 : index + 3])
            )
        )
        if is_title or is_byline:
            start, before = index + 1, 0
            lead = set() if is_title else lead
            continue
        before += block.size
        if block.kind in {"p", "quote", "list", "table"} and block.size > 12:
            prose += block.size
            if block.kind == "p" and block.links < 0.3 and _SENTENCE.search(block.text):
                lead.add(index)
        if prose > 70:
            break
    return [
        block
        for index, block in enumerate(blocks)
        if index >= start or index in lead or block.kind in {"figure", "media", "caption"}
    ]


def tells_of_it(text: str, size: int, *, heading: bool = False) -> bool:
    """Whether a line of so many words is one of date and source, by its labels or its date."""
    end = text.rstrip("”’」』")
    if end.endswith(("？", "！")) or (size > _LABEL and end.endswith("。")):
        return False
    if size < 40 and _BYLINE.search(folded(text)):
        return True
    most = 40 if len(_MARKS.findall(text)) > 1 else 25
    return size < most and (not heading or bool(_SOURCED.search(folded(text)))) and _dated(text)


_LABEL = 12
_WHEN, _WHERE = re.compile(r"^\W*时\s*间\s*[:：]"), re.compile(r"^\W*(?:地\s*点|主\s*讲|会\s*议|主持)")
"""When and where something takes place, as a notice tells in lines of their own."""


def _signs(text: str, before: list[Block]) -> bool:
    """Whether a day, with an office before it at most, is what the notice above it is signed with.

    What a notice encloses stands behind it and is longer: 现将规划印发给你们。示例市人民政府 2026年8月30日.
    """
    if _SIGNED.fullmatch(text):
        return any(block.text.endswith("。") for block in before)
    return bool(_DAY_ALONE.fullmatch(text)) and any(block.text.endswith(("：", ":")) for block in before)


_SIGNED = re.compile(
    r"(?!\W*(?:发布|更新|发表)?(?:时间|日期|于))[^:：|｜丨]{0,40}(?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日\W*"
)
_DAY_ALONE = re.compile(r"\W*(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}\W*")


def _timed(text: str) -> bool:
    """Whether a line has a date with a time of day behind it."""
    found = _DATED.search(text)
    return found is not None and _CLOCK.search(text, found.end()) is not None


_CLOCK = re.compile(r"\b[012]?\d[:：][0-5]\d")
_SOURCED = re.compile(r"来\s?源\s?[:：]")
"""A heading with a date in it is the line of date and source where it has this: <h4>2022-01-15 来源：示例日报</h4>."""


_DATED = re.compile(
    r"(?:19|20)\d\d\s?[-./年]\s?\d{1,2}\s?[-./月]\s?\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|"
    r"(?:\d{1,2}(?:st|nd|rd|th|\.)?,? (?:of |de )?[^\W\d]{3,12}\.?,? (?:de )?(?:19|20)\d\d"
    r"|[^\W\d]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d)",
)


def _dated(text: str) -> bool:
    found = _DATED.search(text)
    if not found:
        return False
    rest = text[: found.start()] + text[found.end() :]
    sentence = re.search(r"[。！？!?；;]\s*$|[,，].*[,，]", rest) or (rest.rstrip().endswith(".") and words(rest) > 7)
    return len(rest) < 80 and not sentence
