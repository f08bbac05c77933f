"""A page as a tree whose elements are numbered, and as its lines. Everything that comes later walks this tree."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from feedservice.errors import Unreadable
from feedservice.extract.page.elements import Element
from feedservice.extract.page.lines import Line, read_lines
from feedservice.extract.page.parsing import parse_root


class Tree:
    """A page that was parsed: its elements numbered in document order, and its lines."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.complaints: dict[str, str] = {}
        """The operator's selectors that could not be applied to this page, with the reason."""
        self.elements: list[Element] = [item for item in root.iter() if isinstance(item.tag, str)]
        self.number: dict[Element, int] = {item: index for index, item in enumerate(self.elements)}
        self._last: list[int] = self._numbered_ends()
        self.lines: list[Line] = list(read_lines(root))
        self.line_numbers: list[int] = [self.number[line.block] for line in self.lines]
        self._order = sorted(range(len(self.lines)), key=self.line_numbers.__getitem__)
        self._sorted_numbers = [self.line_numbers[place] for place in self._order]

    def _numbered_ends(self) -> list[int]:
        last = list(range(len(self.elements)))
        for index in range(len(self.elements) - 1, 0, -1):
            parent = self.elements[index].getparent()
            if parent is not None:
                above = self.number[parent]
                last[above] = max(last[above], last[index])
        return last

    def span(self, element: Element) -> tuple[int, int]:
        """The numbers of an element and of the last element inside it."""
        index = self.number[element]
        return index, self._last[index]

    def holds(self, outer: Element, inner: Element) -> bool:
        """Whether `inner` is `outer` or inside it."""
        first, last = self.span(outer)
        return first <= self.number[inner] <= last

    def lines_of(self, element: Element) -> list[Line]:
        """The lines whose text stands inside the element."""
        first, last = self.span(element)
        start, end = bisect_left(self._sorted_numbers, first), bisect_right(self._sorted_numbers, last)
        return [self.lines[place] for place in sorted(self._order[start:end])]


def parse(text: str) -> Tree:
    """Build the tree of an HTML page.

    Raises Unreadable when there is nothing in it, or more than the limits of `parsing` allow.
    """
    root = parse_root(text)
    if root is None:
        raise Unreadable("the page is empty")
    return Tree(root)
