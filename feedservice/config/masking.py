"""What must not be shown: passwords inside addresses, and the values of settings that are named like secrets.

Each word is looked through once, so that long lines take no longer than they are long.
"""

from __future__ import annotations

import re
from collections.abc import Callable

MASK = "***"
_FEW_LETTERS = 3
_WORD = re.compile(r"[^\s'\"]+")
_LOGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}://[^/@:]*:")
_LABEL = re.compile(r"(?<![\w-])(?P<name>[\w-]++)[\"']?\s*+:\s++(?=\S)")
_NAMED = re.compile("(?i)cookie|authorization|token|secret|passw|api-?_?key|credential")
_VARIABLE = re.compile(r"[\"']?\$\{[^}]*\}[\"']?")


def mask_line(line: str) -> str:
    """A line of a configuration with stars over what looks like a secret; every column stays where it is."""
    line = _without_passwords(line, _stars)
    for label in _LABEL.finditer(line):
        if _NAMED.search(label["name"]):
            return line[: label.end()] + _stars(line[label.end() :])
    return line


def mask_address(address: str) -> str:
    """An address without its password."""
    return _without_passwords(address, lambda secret: MASK)


def cover_value(text: str, value: str, cover: str) -> str:
    """A text without a value that must not be shown; one of a few letters stands within words by chance."""
    if len(value) > _FEW_LETTERS:
        return text.replace(value, cover)
    return re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", lambda match: cover, text)


def _without_passwords(text: str, cover: Callable[[str], str]) -> str:
    def one(match: re.Match[str]) -> str:
        word = match[0]
        login, end = _LOGIN.search(word), word.rfind("@")
        if login is None or end <= login.end():
            return word
        return word[: login.end()] + cover(word[login.end() : end]) + word[end:]

    return _WORD.sub(one, text)


def _stars(secret: str) -> str:
    return secret if _VARIABLE.fullmatch(secret.strip()) else "*" * len(secret)
