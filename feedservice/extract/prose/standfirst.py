"""What stands between a headline and the text and is part of it: a first paragraph, the number of a document."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from feedservice.extract.headlines.headline import Headline
from feedservice.extract.page.density import Ground
from feedservice.extract.page.elements import Element
from feedservice.extract.page.lines import text_of
from feedservice.extract.page.noise import name_words
from feedservice.extract.text.vocabulary import vocabulary
from feedservice.extract.text.wording import bare

_LEAD_NAMES = vocabulary(
    "lead leadtext intro introduction abstract vorspann chapeau teaser-text art_summary zhaiyao daodu ingress"
    " perex sapo chapo bajada copete entradilla manchet"
)
_STANDFIRST_NAMES = vocabulary("excerpt standfirst dek")
_SENTENCE = re.compile(r"[.。!！?？…][\"'”’»）)]?$")


def lead_of(ground: Ground, headline: Headline, root: Element) -> Element | None:
    """A first paragraph that stands between headline and body, and is named as one."""
    if headline.element is None:
        return None
    tree = ground.tree
    start, end = tree.span(headline.element)[1] + 1, tree.number[root]
    for number in range(start, min(end, start + 80)):
        element = tree.elements[number]
        if (
            _is_lead(element)
            and not tree.holds(element, root)
            and (number < start + 12 or not ground.in_furniture(number))
        ):
            size = ground.size_in(element)
            if 8 <= size <= 200 and ground.links_in(element) < 0.3 * size:
                return element
    return None


_SAME = 40
"""How many characters two texts begin with in common, when one is the other cut short."""


def _is_lead(element: Element) -> bool:
    """Whether an element is named as a first paragraph; names that second titles have too need a whole sentence."""
    words = name_words(element)
    if words & _STANDFIRST_NAMES:
        return bool(_SENTENCE.search(text_of(element)))
    return bool(words & _LEAD_NAMES)


def described(ground: Ground, headline: Headline, root: Element, descriptions: Sequence[str]) -> Element | None:
    """A first paragraph between headline and body that the page describes the article with; no mere second title."""
    if headline.element is None:
        return None
    tree = ground.tree
    start, end = tree.span(headline.element)[1] + 1, tree.number[root]
    wanted = {bare(text)[:_SAME] for text in descriptions if len(bare(text)) >= _SAME}
    for line, number in zip(tree.lines, tree.line_numbers, strict=True):
        if start <= number < end and 8 <= line.size <= 200 and not line.hidden and _begins(line.text, wanted):
            apart = not tree.holds(line.block, root) and line.link_share < 0.3
            return line.block if apart and _SENTENCE.search(line.text) else None
    return None


def _begins(text: str, wanted: Collection[str]) -> bool:
    """Whether a line begins as one of these texts does, be it behind a place: Exampletown. The council ..."""
    line = bare(text)
    return any(beginning in line[: _SAME + _PLACE] for beginning in wanted)


_PLACE = 25


_NUMBER = re.compile(
    r"[（(]?\s*[\u4e00-\u9fff]{1,16}(?:[〔\[（(【]\s*(?:19|20)\d\d\s*[〕\]）)】]\s*(?:第\s*)?\d{1,5}\s*号"
    r"|令\s?第?\s?[\d〇零一二三四五六七八九十百]{1,6}\s?号)\s*[）)]?"
    r"|[（(](?:19|20)\d\d年\d{1,2}月\d{1,2}日[^（()）]{4,80}(?:通过|公布|发布|批准|修正|修订)[）)]"
)
"""The number of a document, or by whom and when a law was passed, where that fills a line."""
_MOST = 100
_CELLS = frozenset(["td", "th", "dd", "li"])


def number_of(ground: Ground, headline: Headline, root: Element) -> Element | None:
    """The number of the document, in a line of its own between headline and text; not as a fact in a table."""
    if headline.element is None:
        return None
    tree = ground.tree
    start, end = tree.span(headline.element)[1], tree.number[root]
    before = ""
    for number, line in zip(tree.line_numbers, tree.lines, strict=True):
        if not start < number < end:
            continue
        labelled, before = before.endswith(("：", ":")) or line.block.tag in _CELLS, line.text
        if line.hidden or labelled or ground.size_in(line.block) > _MOST or tree.holds(line.block, root):
            continue
        # An order and its number are often set in two lines: 示例市人民政府令 第128号.
        if _NUMBER.fullmatch(" ".join(part.text for part in tree.lines_of(line.block))):
            return line.block
    return None
