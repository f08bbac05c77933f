"""Tags with more attributes than any page needs: a parser compares each of them with all others."""

from __future__ import annotations

import re

_MAX_ATTRIBUTES = 60
_ATTRIBUTE = r"[\s/]*+[^\s>/][^\s=>/]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+"
# Every alternative is taken whole, so that nothing is looked at twice; the last group is what is too much.
_MARKUP = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    rf"|</?+([A-Za-z][^\s>/]*+)(?:{_ATTRIBUTE}){{0,{_MAX_ATTRIBUTES}}}+((?:{_ATTRIBUTE})*+)",
    re.DOTALL,
)
_CLOSING = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}
"""How elements end in which no tag is a tag (HTML 13.2.5)."""


def without_crowds(text: str) -> str:
    """The HTML text with at most 60 attributes left in each tag; in linear time, whatever is in it."""
    kept: list[str] = []
    done = place = 0
    while found := _MARKUP.search(text, place):
        place = found.end()
        if found[2]:
            kept += (text[done : found.start(2)], " ")
            done = place
        closing = _CLOSING.get((found[1] or "").lower())
        if closing is not None and text[found.start() + 1] != "/":
            end = closing.search(text, place)
            if end is None:
                break
            place = end.start()
    return "".join((*kept, text[done:])) if kept else text
