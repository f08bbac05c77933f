"""Where a page shows a file, a film or pictures in the place of an article's text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from feedservice.extract.headlines.headline import Headline
from feedservice.extract.markup.media import extension, image_url
from feedservice.extract.markup.viewers import viewers_in
from feedservice.extract.page.density import Ground
from feedservice.extract.page.elements import Element, is_hidden
from feedservice.extract.page.links import absolute
from feedservice.extract.page.noise import is_body_name

_PICTURES = frozenset(["jpg", "jpeg", "png", "gif", "webp", "bmp"])
_MOST = 200
"""At how many pictures and links behind the headline is looked at most."""
_TITLE = 6
_REMARK = 120
"""How many words stand beside pictures at most: captions, who sent them in."""


def showing(ground: Ground, headline: Headline, base_url: str) -> Element | None:
    """What holds the files, films or pictures that a page shows under its headline in the place of a text."""
    tree = ground.tree
    if headline.element is None:
        return None
    start = tree.span(headline.element)[1]
    listed = _listed(ground, start)
    for element in _shown(ground, start, base_url):
        number = tree.number[element]
        if number <= start or ground.in_furniture(number) or any(map(is_hidden, (element, *element.iterancestors()))):
            continue
        if any(tree.number[block] < number and not tree.holds(block, element) for block in listed):
            return None
        above = _around(ground, element, headline.element)
        near = element.getparent()
        if above is None or near is None or above.tag in {"body", "html"}:
            continue
        if element.tag == "img" and (_leads_away(ground, above) or _leads_away(ground, near)):
            continue
        return above
    return None


def _listed(ground: Ground, start: int) -> list[Element]:
    """The first blocks behind a headline that are headlines with a link, as on the page of a list."""
    lines = zip(ground.tree.line_numbers, ground.tree.lines, strict=True)
    found = (line.block for place, line in lines if place > start and line.size >= _TITLE and line.link_share > 0.5)
    return list(islice(found, 2))


def _leads_away(ground: Ground, holder: Element) -> bool:
    """Whether most words beside a picture are links, as beside the sign of a way through the site."""
    return 3 * ground.links_in(holder) > ground.size_in(holder)


def _shown(ground: Ground, start: int, base_url: str) -> Iterator[Element]:
    """What is shown, in the order in which it is trusted: viewers and players, then pictures, then links to files."""
    tree = ground.tree
    yield from (element for element, _ in islice(viewers_in(tree.root, base_url), _MOST))
    behind = [element for element in tree.elements[start:] if element.tag in _SHOWING][:_MOST]
    yield from (element for element in behind if element.tag in {"video", "audio"})
    pictures = [element for element in behind if element.tag == "img" and _is_shown(element, base_url)]
    yield from sorted(pictures, key=lambda picture: not _is_in_text(picture))
    yield from (
        element
        for element in behind
        if element.tag == "a" and extension(absolute(element.get("href"), base_url) or "") not in {"", "mp4"}
    )


_SHOWING = frozenset(["img", "a", "video", "audio"])
_NEAR = 6


def _is_shown(picture: Element, base_url: str) -> bool:
    """Whether a picture is no sign, and leads at most to a larger copy of itself."""
    link = next((above for above in islice(picture.iterancestors(), _NEAR) if above.tag == "a"), None)
    href = (link.get("href") or "") if link is not None else ""
    leads = href and not href.startswith(("#", "javascript:")) and href.rpartition(".")[2].lower() not in _PICTURES
    return not leads and image_url(picture, base_url) is not None


def _is_in_text(picture: Element) -> bool:
    return any(is_body_name(above) for above in islice(picture.iterancestors(), _NEAR))


def _around(ground: Ground, element: Element, headline: Element) -> Element | None:
    """What holds an element and what is shown beside it, with few words that lead nowhere.

    The headline too where all of them stand side by side.
    """
    tree = ground.tree
    above = element.getparent()
    while above is not None and (more := above.getparent()) is not None:
        gained = ground.size_in(more) - ground.size_in(above)
        anchors = ground.anchors_in(more) - ground.anchors_in(above)
        if tree.holds(more, headline):
            flat = more is headline.getparent() and more.tag not in {"body", "html"} and gained <= _REMARK
            return more if flat and not anchors else above
        if gained and (gained > _REMARK or anchors or is_body_name(above)):
            return above
        above = more
    return above
