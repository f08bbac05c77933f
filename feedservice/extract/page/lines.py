"""The lines of text that a reader of a page would see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from feedservice.extract.page.elements import BLOCKS, UNSEEN, Element, is_hidden
from feedservice.extract.text.wording import squeeze, words

# The readings above Chinese characters stand between them in the markup, and would be words of the headline.
_LEFT_OUT = UNSEEN | {"rt", "rp"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text inside one inline element."""

    text: str
    element: Element


@dataclass(slots=True)
class Line:
    """The text of one block, up to where the next one begins. `block` is the nearest block element around it."""

    block: Element
    pieces: list[Piece] = field(default_factory=list)
    hidden: bool = False
    links: int = 0
    text: str = ""
    size: int = 0

    @property
    def link_share(self) -> float:
        """Which part of the words is in links: 0 to 1."""
        return self.links / self.size if self.size else 0.0


class _Reader:
    """Collects pieces into lines while the tree is walked."""

    def __init__(self, root: Element) -> None:
        self.blocks: list[Element] = [root]
        self.inlines: list[Element] = [root]
        self.line = Line(root)
        self.links = 0
        self.hidden = 0
        self.done: list[Line] = []

    def add(self, text: str | None) -> None:
        if text and (clean := squeeze(text)):
            if text[0].isspace() and self.line.pieces:
                clean = " " + clean
            if text[-1].isspace():
                clean += " "
            self.line.pieces.append(Piece(clean, self.inlines[-1]))
            count = words(clean)
            self.line.size += count
            if self.links:
                self.line.links += count
        elif text and self.line.pieces and not self.line.pieces[-1].text.endswith(" "):
            last = self.line.pieces[-1]
            self.line.pieces[-1] = Piece(last.text + " ", last.element)

    def end(self) -> None:
        line = self.line
        if line.pieces:
            line.text = squeeze("".join(piece.text for piece in line.pieces))
            line.hidden = self.hidden > 0
            self.done.append(line)
        self.line = Line(self.blocks[-1])


def read_lines(root: Element) -> Iterator[Line]:
    reader = _Reader(root)
    walk = etree.iterwalk(root, events=("start", "end", "comment"))
    for event, item in walk:
        tag = item.tag
        if event == "start":
            if tag in _LEFT_OUT and item is not root:
                walk.skip_subtree()
                continue
            _open(reader, item, tag)
            reader.add(item.text)
        else:
            if (event == "end" and tag not in _LEFT_OUT) or item is root:
                _close(reader, item, tag)
            if item is not root:
                reader.add(item.tail)
        if reader.done:
            yield from reader.done
            reader.done.clear()
    reader.end()
    yield from reader.done


def _open(reader: _Reader, item: Element, tag: str) -> None:
    if tag in BLOCKS:
        reader.end()
        reader.blocks.append(item)
        reader.line.block = item
    elif tag == "br":
        reader.end()
    reader.inlines.append(item)
    reader.links += tag == "a"
    reader.hidden += is_hidden(item)


def _close(reader: _Reader, item: Element, tag: str) -> None:
    if tag in BLOCKS:
        reader.end()
        reader.blocks.pop()
        reader.line.block = reader.blocks[-1]
    reader.inlines.pop()
    reader.links -= tag == "a"
    reader.hidden -= is_hidden(item)


def text_of(element: Element) -> str:
    """The visible text inside an element, white space squeezed."""
    return squeeze(" ".join(line.text for line in read_lines(element)))
