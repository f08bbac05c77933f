"""Where a page shows a file or a film in the place of an article's text."""

from __future__ import annotations

from feedservice.extract.headlines.headline import Headline
from feedservice.extract.markup.viewers import viewers_in
from feedservice.extract.page.density import Ground
from feedservice.extract.page.elements import Element, is_hidden


def showing(ground: Ground, headline: Headline, base_url: str) -> Element | None:
    """What holds the file or the film that a page shows under its headline in the place of a text."""
    tree = ground.tree
    if headline.element is None:
        return None
    start = tree.number[headline.element]
    for element, _ in viewers_in(tree.root, base_url):
        above = element.getparent()
        if above is None or tree.number[element] < start or ground.in_furniture(tree.number[element]):
            continue
        while (
            (more := above.getparent()) is not None
            and not tree.holds(more, headline.element)
            and ground.size_in(more) == ground.size_in(above)
        ):
            above = more
        return None if is_hidden(element) or above.tag in {"body", "html"} else above
    return None
