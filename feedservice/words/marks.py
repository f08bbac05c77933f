"""Characters that turn the direction of text (Unicode UAX #9): those that nobody ends would turn what comes after."""

from __future__ import annotations

import re

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ENDS_EMBEDDING, _ENDS_ISOLATE = "\u202c", "\u2069"
_ENDS = frozenset({_ENDS_EMBEDDING, _ENDS_ISOLATE})
_ISOLATES = frozenset("\u2066\u2067\u2068")

_NO_WIDTH = re.compile("[\u200b\u2060\ufeff]")


def balanced(text: str) -> str:
    """The text without embeddings, overrides and isolates that are not ended in it, and ends of none (UAX #9, BD9-11).

    The marks U+200E and U+200F turn nothing but themselves and stay, as do joiners.
    """
    found = list(_TURNING.finditer(text))
    if not found:
        return text
    paired: set[int] = set()
    opened: list[tuple[int, bool]] = []
    isolates = 0
    for place, character in ((each.start(), each[0]) for each in found):
        if character not in _ENDS:
            opened.append((place, character in _ISOLATES))
            isolates += character in _ISOLATES
        elif character == _ENDS_ISOLATE and isolates:
            # With an isolate end the embeddings that were begun in it.
            while not opened[-1][1]:
                opened.pop()
            isolates -= 1
            paired |= {opened.pop()[0], place}
        elif character == _ENDS_EMBEDDING and opened and not opened[-1][1]:
            paired |= {opened.pop()[0], place}
    return _TURNING.sub(lambda each: each[0] if each.start() in paired else "", text)


def without_width(text: str) -> str:
    """The text without zero-width spaces, word joiners and byte order marks, which part nothing that a reader sees.

    Joiners and non-joiners stay: scripts and emoji are written with them.
    """
    return text if text.isascii() else _NO_WIDTH.sub("", text)
