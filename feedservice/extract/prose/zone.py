"""The lines around an article that tell of it: between headline and text, and right after the text."""

from __future__ import annotations

from dataclasses import dataclass, field

from feedservice.extract.headlines.headline import Headline
from feedservice.extract.markup.writer import Block
from feedservice.extract.page.density import Ground
from feedservice.extract.page.dom import Tree
from feedservice.extract.page.lines import Line
from feedservice.extract.prose.body import Body
from feedservice.extract.prose.leadin import tells_of_it

_BEFORE, _AFTER, _ABOVE, _LEAD, _CLOSING = 60, 14, 8, 8, 6


@dataclass(frozen=True, slots=True)
class Zone:
    """above: just before the headline. head: from the headline to the first block of the body. tail: after the
    last block.

    inside: the lines of the body's container. lead: the short lines that the body begins with.
    below: those of date and source that the body leaves out between its first paragraph and the next.
    closing: the last lines of the container, and those that the last block of the body ends with.
    """

    above: list[Line]
    head: list[Line]
    tail: list[Line]
    inside: list[Line]
    lead: list[Line] = field(default_factory=list)
    below: list[Line] = field(default_factory=list)
    closing: list[Line] = field(default_factory=list)


def zone_of(ground: Ground, headline: Headline, body: Body) -> Zone:
    """Sort the page's lines by where they stand to headline and body."""
    tree = ground.tree
    shown = [(number, line) for number, line in zip(tree.line_numbers, tree.lines, strict=True) if not line.hidden]
    head = tree.number[headline.element] if headline.element is not None else None
    inside = tree.lines_of(body.root) if body.root is not None else []
    texts = [block for block in body.blocks if block.text]
    within = [block for block in texts if body.root is not None and tree.holds(body.root, block.element)]
    begin = min((tree.number[block.element] for block in within or texts or _pictures(tree, body, head)), default=None)
    end = max((tree.span(block.element)[1] for block in texts), default=None)
    if begin is None and body.root is not None:
        begin, end = tree.span(body.root)
    elif begin is not None and end is None:
        end = max(tree.span(block.element)[1] for block in _pictures(tree, body, head))
    if begin is None:
        begin = head + 40 if head is not None else 0
    start = head if head is not None and head <= begin else None
    if start is None:
        early = [line for number, line in shown if number < begin][-15:] or inside[:12]
        lead = _lead(shown, begin, end)
        return Zone([], early, _after(shown, end), inside, lead, closing=_closing(tree, inside, end))
    above = [line for number, line in shown if number < start and line.size <= 40][-_ABOVE:]
    between = _between(shown, start, begin)
    if begin <= tree.span(headline.element)[1] if headline.element is not None else False:
        between = [line for number, line in shown if start <= number][:12]
    below = _below(shown, [tree.span(block.element) for block in within[:2]])
    closing = _closing(tree, inside, end)
    return Zone(above, between[:_BEFORE], _after(shown, end), inside, _lead(shown, begin, end), below, closing)


def _closing(tree: Tree, inside: list[Line], end: int | None) -> list[Line]:
    """The last lines of a container; before them those that its text ends with, where more stands behind it."""
    text = [line for line in inside if end is not None and tree.number[line.block] <= end][-_CLOSING:]
    last = inside[-_CLOSING:]
    return [*(line for line in text if not any(line is other for other in last)), *last]


def _pictures(tree: Tree, body: Body, head: int | None) -> list[Block]:
    """The pictures after the headline, of which an article without a word consists."""
    return [block for block in body.blocks if head is not None and tree.number[block.element] > head]


def _below(shown: list[tuple[int, Line]], spans: list[tuple[int, int]]) -> list[Line]:
    if len(spans) < 2:
        return []
    start, end = spans[0][1], spans[1][0]
    lines = [line for number, line in shown if start < number < end and line.link_share < 0.5]
    return [line for line in lines if tells_of_it(line.text, line.size)][:1]


def _between(shown: list[tuple[int, Line]], start: int, begin: int) -> list[Line]:
    """The lines from the headline to the body; those too that stand right in the element which holds both."""
    first = next((place for place, (number, _) in enumerate(shown) if number >= start), len(shown))
    last = next((place for place, (number, _) in enumerate(shown) if place > first and number >= begin), first)
    return [line for place, (number, line) in enumerate(shown) if start <= number < begin or first < place < last]


def _lead(shown: list[tuple[int, Line]], begin: int, end: int | None) -> list[Line]:
    """Short lines at the very start of a body: what tells of the article may stand behind a portrait or a subtitle."""
    first = [line for number, line in shown if begin <= number and (end is None or number <= end)][:_LEAD]
    prose = next((place for place, line in enumerate(first) if line.size > 60 or _is_sentence(line)), len(first))
    return [line for line in first[:prose] if line.size <= 24]


def _is_sentence(line: Line) -> bool:
    return line.size > 30 and line.text.endswith(("。", "！", "？", "”"))


def _after(shown: list[tuple[int, Line]], end: int | None) -> list[Line]:
    return [] if end is None else [line for number, line in shown if number > end][:_AFTER]
