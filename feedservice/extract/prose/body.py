"""The article's body: chosen among candidates, cut free of furniture, rewritten as blocks."""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from feedservice.extract.headlines.headline import Headline
from feedservice.extract.markup.compose import compose
from feedservice.extract.markup.writer import Block
from feedservice.extract.page.density import Ground, densest
from feedservice.extract.page.elements import Element, is_hidden
from feedservice.extract.page.lines import Line
from feedservice.extract.page.noise import is_body_name
from feedservice.extract.prose.showing import showing
from feedservice.extract.prose.standfirst import described, lead_of, number_of
from feedservice.extract.prose.trim import dropped_in, trimmed
from feedservice.extract.text.wording import bare

_SECOND_OPINION_LIMIT = 25_000
"""Pages with more elements than this are read without trafilatura, so that the time stays bounded."""

_MOST = 0.9


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks of an article, the element they stand in, and how that was found."""

    blocks: list[Block]
    root: Element | None
    how: str

    @property
    def html(self) -> str:
        return "\n".join(block.html for block in self.blocks)

    @property
    def text(self) -> str:
        """The words of the body, pictures and their captions left out."""
        return "\n".join(block.text for block in self.blocks if block.text and block.kind != "caption")


def find_body(
    ground: Ground,
    headline: Headline,
    base_url: str,
    unwanted: Collection[Element] = (),
    descriptions: Sequence[str] = (),
) -> Body:
    """The article's body; without blocks when the page has none.

    unwanted: elements to leave out whatever they are. descriptions: how the page describes the article.
    """
    root, how = _root(ground, headline)
    if root is not None and ground.forget_imprint(root):
        root, how = _of_the_rest(ground, headline, base_url)
    body = Body([], None, "")
    if root is not None and not _is_beside(ground, root, headline):
        body = _read(ground, headline, base_url, unwanted, descriptions, root, how)
    if not body.blocks and (shown := showing(ground, headline, base_url)) is not None:
        return _read(ground, headline, base_url, unwanted, descriptions, shown, f"shown in {_label(shown)}")
    if not body.blocks and root is not None:
        return _read(ground, headline, base_url, unwanted, descriptions, root, how)
    return body


def _read(
    ground: Ground,
    headline: Headline,
    base_url: str,
    unwanted: Collection[Element],
    descriptions: Sequence[str],
    root: Element,
    how: str,
) -> Body:
    """What is inside an element as a body, with a first paragraph that stands before it."""
    blocks = compose(root, base_url, {*unwanted, *dropped_in(root, ground)})
    lead = lead_of(ground, headline, root)
    if lead is None:
        lead = described(ground, headline, root, descriptions)
    for before in (lead, number_of(ground, headline, root)):
        if before is not None:
            blocks = compose(before, base_url, {*unwanted, *dropped_in(before, ground)}) + blocks
    return Body(_once(trimmed(blocks, headline.text)), root, how)


def _root(ground: Ground, headline: Headline) -> tuple[Element | None, str]:
    own = densest(ground, headline.element)
    other = None if own is not None and _is_clear(ground, own) else _second_opinion(ground)
    if (own is not None and ground.prose_in(own) >= _LEAST) or other is not None:
        chosen, how = _settled(ground, own, other, headline)
        return _out_of_part(ground, chosen, headline), how
    named = _named(ground, headline)
    if named is not None:
        return named, f"named {_label(named)}"
    return own, f"density {_label(own)}" if own is not None else ""


def _of_the_rest(ground: Ground, headline: Headline, base_url: str) -> tuple[Element | None, str]:
    """What holds the text where most that was found first only told of the site; pictures go before a few words."""
    own = densest(ground, headline.element)
    if own is not None and ground.prose_in(own) >= _LEAST:
        return own, f"density {_label(own)}"
    if (named := _named(ground, headline)) is not None:
        return named, f"named {_label(named)}"
    if (shown := showing(ground, headline, base_url)) is not None:
        return shown, f"shown in {_label(shown)}"
    return own, f"density {_label(own)}"


_LEAST = 30
_NEAR = 8


def _out_of_part(ground: Ground, chosen: Element | None, headline: Headline) -> Element | None:
    """What is named as the text around what holds its prose: around a table, or with whom it is sent to before it."""
    if chosen is None or headline.element is None:
        return chosen
    tree = ground.tree
    above = next((element for element in islice(chosen.iterancestors(), _NEAR) if is_body_name(element)), None)
    if above is None or tree.number[above] <= tree.number[headline.element]:
        return chosen
    more = ground.size_in(above) - ground.size_in(chosen)
    if chosen.tag in {"td", "table"}:
        links = ground.links_in(above) - ground.links_in(chosen)
        return above if 8 * links < more < 4 * ground.size_in(chosen) else chosen
    first = tree.lines_of(above)[0] if 0 < more <= _ADDRESSEES else None
    return above if first is not None and first.size == more and first.text.endswith(("：", ":")) else chosen


_ADDRESSEES = 120


_FEW = 120


def _is_beside(ground: Ground, root: Element, headline: Headline) -> bool:
    """Whether the only text of a page is short and stands before its headline, as notices in another column do."""
    if headline.element is None or ground.prose_in(root) > _FEW:
        return False
    return ground.tree.span(root)[1] < ground.tree.number[headline.element]


def _is_clear(ground: Ground, own: Element) -> bool:
    """Whether nobody else has to be asked: nearly all of the page's prose is in an element that holds little else."""
    prose = ground.prose_in(own)
    return prose >= _MOST * ground.prose_in(ground.tree.root) and prose >= _MOST * ground.size_in(own)


def _settled(
    ground: Ground, own: Element | None, other: Element | None, headline: Headline
) -> tuple[Element | None, str]:
    """Choose between the own finding and the second opinion."""
    if own is None or other is None or own is other:
        chosen = own if own is not None else other
        return chosen, f"density {_label(chosen)}" if own is not None else f"trafilatura {_label(chosen)}"
    tree = ground.tree
    if tree.holds(other, own):
        gained = ground.prose_in(other) - ground.prose_in(own)
        links = ground.anchors_in(other) - ground.anchors_in(own)
        if gained > 0.08 * ground.prose_in(own) and gained / (1 + links) > 9:
            return other, f"trafilatura {_label(other)}"
    elif tree.holds(own, other):
        share = ground.prose_in(other) / (ground.prose_in(own) or 1.0)
        if other.tag != "p" and 0.25 < share < 0.8:
            return other, f"trafilatura {_label(other)}"
    elif (both := _both(ground, own, other)) is not None:
        return both, f"density and trafilatura {_label(both)}"
    elif ground.prose_in(other) > 0.15 * ground.prose_in(own) and (
        _distance(ground, other, headline) <= _distance(ground, own, headline)
    ):
        return other, f"trafilatura {_label(other)}"
    return own, f"density {_label(own)}"


def _both(ground: Ground, own: Element, other: Element) -> Element | None:
    """What holds two parts of a text side by side, where it holds hardly anything besides."""
    lineage = set(own.iterancestors())
    above = next((element for element in other.iterancestors() if element in lineage), None)
    if above is None or above.tag in {"body", "html"}:
        return None
    prose = ground.prose_in(own) + ground.prose_in(other)
    links = ground.anchors_in(own) + ground.anchors_in(other)
    fits = ground.prose_in(above) <= 1.05 * prose and ground.anchors_in(above) < links + 8
    return above if fits else None


def _distance(ground: Ground, root: Element, headline: Headline) -> int:
    """How far behind the headline an element begins; what begins before it is far away."""
    if headline.element is None:
        return 0
    gap = ground.tree.span(root)[1] - ground.tree.number[headline.element]
    return gap if gap >= 0 else 100_000 - gap


def _label(element: Element | None) -> str:
    if element is None:
        return ""
    name = f"#{element.get('id')}" if element.get("id") else "." + ".".join((element.get("class") or "").split()[:2])
    return f"<{element.tag}{name if len(name) > 1 else ''}>"


def _second_opinion(ground: Ground) -> Element | None:
    """The element in which trafilatura finds the text."""
    tree = ground.tree
    if len(tree.elements) > _SECOND_OPINION_LIMIT:
        return None
    import trafilatura

    try:
        text = trafilatura.extract(copy.deepcopy(tree.root), fast=True, include_comments=False)
    except ValueError:
        # It resolves references once more, and no number of 4,300 digits is read (sys.set_int_max_str_digits).
        return None
    starts = {key for line in (text or "").split("\n") if len(key := _key(line)) >= 12}
    hits = [line for line in tree.lines if line.size >= 6 and _key(line.text) in starts]
    return _smallest_around(ground, hits)


def _key(text: str) -> str:
    return re.sub(r"^[-|\s]+", "", bare(text))[:30]


def _smallest_around(ground: Ground, lines: Iterable[Line]) -> Element | None:
    """The smallest element around nearly all of these lines, by words."""
    sums: dict[Element, int] = {}
    total = 0
    for line in lines:
        total += line.size
        holder: Element | None = line.block
        while holder is not None:
            sums[holder] = sums.get(holder, 0) + line.size
            holder = holder.getparent()
    around = [element for element, value in sums.items() if value >= 0.95 * total]
    return max(around, key=lambda element: ground.tree.number[element]) if around else None


def _named(ground: Ground, headline: Headline) -> Element | None:
    """The element that is named as an article's text and holds the most words outside links, after the headline."""
    start = ground.tree.number[headline.element] if headline.element is not None else 0
    best: tuple[float, Element] | None = None
    for element in ground.tree.elements:
        if ground.tree.number[element] < start or not is_body_name(element) or is_hidden(element):
            continue
        size = ground.size_in(element) - ground.links_in(element)
        if size > 0 and not ground.in_furniture(ground.tree.number[element]) and (best is None or size > 1.2 * best[0]):
            best = (size, element)
    return best[1] if best else None


_SAME = 40
"""How many characters two texts begin with in common, when one is the other cut short."""


def _once(blocks: list[Block]) -> list[Block]:
    """The blocks without a first paragraph that one of the next begins with all the same."""
    first = next((place for place, block in enumerate(blocks) if len(bare(block.text)) >= _SAME), None)
    if first is None:
        return blocks
    start = bare(blocks[first].text)[:_SAME]
    again = any(bare(block.text).startswith(start) for block in blocks[first + 1 : first + 6])
    return [*blocks[:first], *blocks[first + 1 :]] if again else blocks
