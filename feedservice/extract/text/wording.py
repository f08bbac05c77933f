"""Text without its white space, its character references resolved, and how many words it has."""

from __future__ import annotations

import re
from html import unescape as unescape_all

_NO_WIDTH = "\u200b\u2060\ufeff"
"""White space to us, and not to `str.split`."""
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\ufdd0-\ufdef\x7f-\x84\x86-\x9f]")
_TWICE = re.compile("[\u00c2\u00c3][\u00a0-\u00bf]")
_COUNTED = 1_000_000
_OWN_ESCAPES = ("&amp;", "&lt;", "&gt;")
_TOO_LONG = re.compile(r"&#(?=\d{8})\d+;?")


def squeeze(text: str) -> str:
    """The text with every run of white space, ideographic and zero-width space included, made one space."""
    return " ".join(_spaced(text).split())


def bare(text: str) -> str:
    """The text without any white space, for comparing."""
    return "".join(_spaced(text).split())


def _spaced(text: str) -> str:
    for mark in _NO_WIDTH:
        text = text.replace(mark, " ")
    return text


def words(text: str) -> int:
    """How many words a text has, as far as its first million characters go; an East Asian character counts as one."""
    return _WORD.subn("", text[:_COUNTED])[1]


def legal(text: str) -> str:
    """The text without characters that XML 1.0 does not allow."""
    return _ILLEGAL.sub("", text)


def encoded_once(text: str) -> str:
    """The text as it was before its site encoded it in UTF-8 twice ("SayunÂ´s"), when it can be nothing else."""
    if not _TWICE.search(text):
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def unescape(text: str) -> str:
    """The text with its character references resolved (HTML 13.2.5.80), those beyond all characters to U+FFFD."""
    if text.count("&") == sum(map(text.count, _OWN_ESCAPES)):
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return unescape_all(_TOO_LONG.sub("\ufffd", text))
