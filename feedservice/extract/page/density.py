"""Where on a page the prose is: the element that most of it gathers in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice

from feedservice.extract.page.dom import Tree
from feedservice.extract.page.elements import Element, inner_text, names_of
from feedservice.extract.page.imprint import imprint_of
from feedservice.extract.page.lines import Line
from feedservice.extract.page.noise import is_collapsed, is_furniture, is_layout, is_talk, name_words
from feedservice.extract.text.vocabulary import vocabulary
from feedservice.extract.text.wording import squeeze

_STOPS = re.compile(r"[。！？；!?;]|[.:…](?:\s|$|[”\"»])|[，,、]")
_ADDRESS = re.compile(r"\s*https?://\S+\s*")
_PARAGRAPHS = vocabulary("p blockquote pre li dd dt td th h1 h2 h3 h4 h5 h6")
_MOSTLY = 0.5
_FADING = (1.0, 0.55, 0.3, 0.16, 0.08)


class Ground:
    """A page's lines with what each is worth, and running sums to add them up by element."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._sizes = self._running([line.size for line in tree.lines])
        self._links = self._running([line.links for line in tree.lines])
        raw = _without_copies(tree.lines)
        self.furniture = _furniture_spans(tree, self._running(raw))
        self._inside = _marks(self.furniture, len(tree.elements))
        self.values = [
            0.0 if line.hidden or self._inside[number] else value
            for line, number, value in zip(tree.lines, tree.line_numbers, raw, strict=True)
        ]
        self._prose = self._running(self.values)
        self._anchors = self._running(
            [
                0 if self._inside[number] else _anchors(line)
                for line, number in zip(tree.lines, tree.line_numbers, strict=True)
            ]
        )

    def _running(self, values: Sequence[float]) -> list[float]:
        """Sums of line values by element number: sums[n] is what stands in the elements before number n."""
        sums = [0.0] * (len(self.tree.elements) + 1)
        for number, value in zip(self.tree.line_numbers, values, strict=True):
            sums[number + 1] += value
        for index in range(1, len(sums)):
            sums[index] += sums[index - 1]
        return sums

    def _within(self, sums: list[float], element: Element) -> float:
        first, last = self.tree.span(element)
        return sums[last + 1] - sums[first]

    def forget_imprint(self, found: Element) -> bool:
        """Take what tells of the site at the foot of the page for no prose, where most in an element is that.

        Whether it was so.
        """
        places = imprint_of(self.tree.lines, self.values)
        inside = [place for place in places if self.tree.holds(found, self.tree.lines[place].block)]
        told = sum(self.values[place] for place in inside)
        if not told or told < _MOSTLY * self.prose_in(found):
            return False
        for place in places:
            self.values[place] = 0.0
        self._prose = self._running(self.values)
        return True

    def in_furniture(self, number: int) -> bool:
        """Whether the element of that number is inside one that says that it is no article."""
        return self._inside[number]

    def size_in(self, element: Element) -> float:
        """How many words an element holds."""
        return self._within(self._sizes, element)

    def links_in(self, element: Element) -> float:
        """How many words inside an element are in links."""
        return self._within(self._links, element)

    def anchors_in(self, element: Element) -> float:
        """How many links with text an element holds, furniture left out."""
        return self._within(self._anchors, element)

    def prose_in(self, element: Element) -> float:
        """How many words of prose an element holds, furniture left out."""
        return self._within(self._prose, element)


def _prose(line: Line) -> float:
    """How many words of prose a line is worth: none for menus, captions and headlines."""
    if line.link_share > 0.5 or line.size < 8 or _ADDRESS.fullmatch(line.text):
        return 0.0
    stops = len(_STOPS.findall(line.text))
    if not stops:
        return 0.0
    return line.size * (1 - line.link_share) * (1.0 if stops > 1 or line.size > 25 else 0.6)


_LONG, _FEWEST = 20, 3
_MOST, _SOME = 0.4, 0.2
"""What share of the page's prose stands there again where that is a copy: inside the page, and as a page of its own."""


def _without_copies(lines: Sequence[Line]) -> list[float]:
    """What each line is worth as prose: nothing where it is of a second copy of the text, as for printers."""
    values = [_prose(line) for line in lines]
    seen: dict[str, int] = {}
    again: dict[int, int] = {}
    for place, (line, value) in enumerate(zip(lines, values, strict=True)):
        if value < _LONG or line.hidden:
            continue
        first = seen.setdefault(line.text, place)
        if first != place:
            again[place] = first
    if len({lines[place].text for place in again}) < _FEWEST:
        return values
    share = sum(values[place] for place in again) / sum(values)
    if share > (_SOME if any(_is_apart(lines[first], lines[place]) for place, first in again.items()) else _MOST):
        for place, first in again.items():
            values[first if _is_printed(lines[first]) and not _is_printed(lines[place]) else place] = 0.0
    return values


def _is_apart(one: Line, other: Line) -> bool:
    """Whether two lines stand in different parts of the page, so that it is there as a whole twice."""
    tops = [list(line.block.iterancestors())[-3:-2] for line in (one, other)]
    return tops[0] != tops[1]


_PRINT = re.compile(r"(?<!hidden-)(?<!no-)(?<!no)print(?!-(?:none|hidden))", re.IGNORECASE)


def _is_printed(line: Line) -> bool:
    """Whether a line stands in an element that is named for being printed."""
    return any(_PRINT.search(names_of(element)) for element in islice(line.block.iterancestors(), 4))


def _anchors(line: Line) -> int:
    return len({piece.element for piece in line.pieces if piece.element.tag == "a"})


def _marks(spans: list[tuple[int, int]], count: int) -> list[bool]:
    marks = [False] * count
    for first, last in spans:
        marks[first : last + 1] = [True] * (last + 1 - first)
    return marks


def _furniture_spans(tree: Tree, prose: list[float]) -> list[tuple[int, int]]:
    """The outermost furniture, by element numbers. What holds much of the page's prose is none, whatever its name."""
    total = prose[-1] or 1.0
    sentences: dict[Element, bool] = {}
    named = [
        (element, *tree.span(element))
        for element in tree.elements
        if is_furniture(element) and not _is_in_sentence(element, sentences)
    ]
    shares: dict[tuple[str, str], float] = defaultdict(float)
    classes: dict[str, float] = defaultdict(float)
    for element, first, last in named:
        share = (prose[last + 1] - prose[first]) / total
        shares[_kind(element)] += share
        if element.tag in _PARAGRAPHS:
            classes[element.get("class") or ""] += share
    spans: list[tuple[int, int]] = []
    inside = -1
    for element, first, last in named:
        if first <= inside:
            continue
        held = prose[last + 1] - prose[first]
        if held >= 10 and is_collapsed(element):
            continue
        if element.tag in _PARAGRAPHS and is_layout(element) and (held >= 10 or classes[_kind(element)[1]] > 0.2):
            continue
        share = shares[_kind(element)] if held and is_layout(element) else held / total
        if share <= (0.9 if is_talk(element) else 0.4):
            spans.append((first, last))
            inside = last
    return spans


_INLINE = frozenset(["span", "a", "em", "i", "b", "strong", "sup", "cite", "abbr"])


_OVER = vocabulary("tooltip popup popups modal modals overlay lightbox sr-only visually-hidden visuallyhidden")


def _is_in_sentence(element: Element, sentences: dict[Element, bool]) -> bool:
    """Whether words of a paragraph stand on both sides of an element, as around the number of a reference.

    Not so what is shown over the page, nor words that the element beside it says all the same. sentences: what is known
    of the paragraphs, so that each is looked at once.
    """
    above = element.getparent()
    if element.tag not in _INLINE or above is None or above.tag != "p" or name_words(element) & _OVER:
        return False
    if above not in sentences:
        beside = " ".join(child.tail or "" for child in above)
        sentences[above] = len((above.text or "").split()) > 2 and len(beside.split()) > 5
    if not sentences[above]:
        return False
    text = squeeze(inner_text(element))
    twins = [twin for twin in (element.getprevious(), element.getnext()) if twin is not None]
    return not any(isinstance(twin.tag, str) and squeeze(inner_text(twin)) == text for twin in twins)


def _kind(element: Element) -> tuple[str, str]:
    return element.tag, element.get("class") or ""


def densest(ground: Ground, headline: Element | None = None) -> Element | None:
    """The element that most of the page's prose gathers in; None when there is none.

    headline: what stands before it counts little, unless it is most of the page.
    """
    scores: dict[Element, float] = {}
    start = ground.tree.number[headline] if headline is not None else 0
    rows = list(zip(ground.tree.line_numbers, ground.tree.lines, ground.values, strict=True))
    after = sum(value for number, _, value in rows if number >= start)
    early = 0.15 if after > 0.25 * sum(ground.values) else 1.0
    for number, line, value in rows:
        if value <= 0:
            continue
        weighed = value * early if number < start else value
        holder: Element | None = line.block if line.block.tag not in _PARAGRAPHS else line.block.getparent()
        for fading in _FADING:
            if holder is None:
                break
            scores[holder] = scores.get(holder, 0.0) + weighed * fading
            holder = holder.getparent()
    if not scores:
        return None
    best = max(scores.items(), key=lambda row: (row[1], ground.tree.number[row[0]]))[0]
    while best.tag in {"tbody", "thead", "tfoot", "tr"} and (above := best.getparent()) is not None:
        best = above
    return _widened(ground, _out_of_list(ground, best))


def _out_of_list(ground: Ground, element: Element) -> Element:
    """What holds a list or a table of data, where words besides it stand there: an article is seldom one alone."""
    above = element.getparent()
    listed = element.tag in {"ul", "ol", "dl"} or (element.tag == "table" and element.find(".//th") is not None)
    if not listed or above is None or above.tag in {"body", "html"}:
        return element
    words = ground.size_in(above) - ground.size_in(element)
    links = ground.links_in(above) - ground.links_in(element)
    return above if words > 2 * links and words < 4 * ground.size_in(element) else element


_MOST_TWINS = 2_000


def _has_twin(ground: Ground, above: Element, element: Element) -> bool:
    """Whether an element by the same names holds prose too: an article in two parts, with something set between them.

    Not so in lists, nor where each stands in an article or a talk of its own.
    """
    names = element.get("class")
    if not names:
        return False
    for twin in islice(above.iter(element.tag), _MOST_TWINS):
        if twin is element or twin.get("class") != names or ground.prose_in(twin) < 0.3 * ground.prose_in(element):
            continue
        holders = [
            holder for holder in twin.iterancestors() if holder is not above and ground.tree.holds(above, holder)
        ]
        if not any(holder.tag in {"article", "li"} or is_talk(holder) for holder in holders):
            return True
    return False


_FIRST_PART = 20
"""How many words of prose the first part of a text has at least that is set in a box of its own."""


def _goes_on(ground: Ground, element: Element) -> bool:
    """Whether an element goes on with what one of the same names right before it began; not so lists and talks."""
    names = element.get("class")
    if not names or element.tag in {"li", "article", "td", "tr"} or is_talk(element):
        return False
    return any(
        before.tag == element.tag and before.get("class") == names and ground.prose_in(before) >= _FIRST_PART
        for before in islice(element.itersiblings(preceding=True), 3)
    )


def _widened(ground: Ground, element: Element) -> Element:
    """Climb while what stands beside the element is prose of the same kind, and not a list of teasers."""
    chosen = element
    above = element.getparent()
    while above is not None and above.tag != "html":
        gained = ground.prose_in(above) - ground.prose_in(chosen)
        links = ground.anchors_in(above) - ground.anchors_in(chosen)
        each = gained / (1 + links)
        much = gained > 0.08 * ground.prose_in(chosen)
        if (much and (each > 35 or (each > 9 and _has_twin(ground, above, chosen)))) or (
            each > 5 and _goes_on(ground, chosen)
        ):
            chosen = above
        above = above.getparent()
    return chosen
