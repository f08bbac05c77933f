"""The strings of scripts, as JavaScript and JSON write them."""

from __future__ import annotations

import re

LONGEST = 600_000
"""Characters of a string that is read."""
_ESCAPES = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "", "b": "", "f": "", "0": ""}


def string_at(script: str, start: int, quote: str) -> tuple[str, int]:
    """The string that begins there, its escapes resolved, and where it ends; "" where it is too long.

    quote: the mark that ends it, with the stroke before it where the data are a string of a script themselves.
    """
    twice = len(quote) > 1
    place = start
    while (place := script.find(quote, place, start + LONGEST)) >= 0:
        strokes = 0
        while script[place - 1 - strokes] == "\\":
            strokes += 1
        if strokes % 2 == 0:
            value = script[start:place]
            for _ in range(2 if twice else 1):
                value = _unescaped(value)
            return value, place + len(quote)
        place += len(quote)
    return "", start


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    plain = _ESCAPES.sub(lambda one: _character(one[1] or one[2], one[3]), text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _character(code: str | None, char: str | None) -> str:
    return chr(int(code, 16)) if code else _ESCAPED.get(char or "", char or "")
