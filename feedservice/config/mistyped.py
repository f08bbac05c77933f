"""Signs that look right and are not YAML's: what a Chinese keyboard or a copied page leaves in a file."""

from __future__ import annotations

import re
from collections.abc import Sequence

UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Characters that take no room on a screen, as ranges of a pattern."""
_ODD = f"\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000{UNSEEN}"
_EDGES = re.compile(f"^ *[{_ODD}]|[{_ODD}]$|[{UNSEEN}]")
_NAME = r"[A-Za-z0-9_-]+"
_COLON = re.compile(rf"^ *(?:- +)?{_NAME} ?(：)")
_SPACE = re.compile(rf"^ *(?:- +)?(?:(?=[{_ODD}][ {_ODD}]*{_NAME} ?[:：])|{_NAME}:)([{_ODD}])")
_MEANT = re.compile(rf"({_NAME}) ?(?:：(?!//)|:(?!//|\s|$))")


def odd_name(name: str) -> str:
    """What is wrong with the spaces of a name; "" where nothing is."""
    found = _EDGES.search(name)
    return _of_space(found[0].strip(" ")) if found else ""


def odd_line(lines: Sequence[str], line: int) -> tuple[int, int, str] | None:
    """Which sign made YAML stumble in a line, counted from 1: its line and column, and what is wrong with it.

    It is looked for there and in the line with something in it that stands above.
    """
    above = next((at for at in range(line - 1, 0, -1) if _is_read(lines[at - 1])), 0)
    for at in (above, line):
        text = lines[at - 1] if 0 < at <= len(lines) else ""
        if found := _COLON.search(text):
            return at, found.start(1) + 1, "a Chinese colon (：); after a name stands : and a space"
        if found := _SPACE.search(text):
            return at, found.start(1) + 1, _of_space(found[1])
    return None


def with_colon(text: str) -> str:
    """How a text is meant that begins with a name and a Chinese colon, or no space behind it; "" for any other text."""
    found = _MEANT.match(text)
    return f"{found[1]}: ... (a colon and a space behind each name)" if found else ""


def _is_read(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _of_space(sign: str) -> str:
    return f"another kind of space (U+{ord(sign[0]):04X}); YAML takes plain ones alone"
