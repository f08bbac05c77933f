"""Text as feeds may carry it: XML's characters only, on one line, plain, of bounded length."""

from __future__ import annotations

import re
from html import escape, unescape

# Everything outside XML 1.0's Char production (https://www.w3.org/TR/xml/#charsets).
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = re.compile(r"\s+")
# What a browser takes for text, and what it does not: https://html.spec.whatwg.org/#tokenization
_PIECE = re.compile(
    r"<(?P<hidden>script|style|head|title|template)\b.*?(?:</(?P=hidden)\b[^>]*>?|\Z)|<!--.*?(?:-->|\Z)"
    r"|</?(?P<tag>[a-z][a-z0-9]*)[^>]*>?|<[/!?][^>]*>?|(?P<text>[^<]+|<)",
    re.IGNORECASE | re.DOTALL,
)
_REFERENCE_OPENS = re.compile(r"&(?=[a-zA-Z#])")
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s"}
    | {"samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr"}
)
_CUTS = "。！？；.!?;，, "


def legal(text: str) -> str:
    """`text` without the characters that no XML document can hold, lone surrogates included."""
    return _ILLEGAL.sub("", text)


def one_line(text: str) -> str:
    """Plain text on one line: legal characters, white space squeezed. Tags stay: `<R&D>` may be a headline's own."""
    return _SPACE.sub(" ", legal(text)).strip()


def plain(html: str, enough: int) -> str:
    """The first words of an HTML fragment on one line: all of them, or at least `enough` characters."""
    said: list[str] = []
    length, needed = 0, enough
    for piece in _PIECE.finditer(html):
        tag, text = piece["tag"], piece["text"]
        if text:
            said.append(text)
            length += len(legal("".join(text.split())))
            if "&" in text:
                # Character references are at most 33 characters long.
                needed = enough * 34
            if length > needed:
                break
        elif tag and tag.lower() not in _INLINE:
            said.append(" ")
    return one_line(unescape("".join(said)))


def shorten(text: str, length: int) -> str:
    """The beginning of a plain text, at most `length` characters, cut at the end of a sentence where one is near."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    cut = max(head.rfind(mark) for mark in _CUTS)
    return (head[: cut + 1] if cut > length // 2 else head).rstrip(_CUTS) + "…"


def as_html(text: str) -> str:
    """Plain text for a place that is read as HTML, RSS's description: escaped only where it would be misread.

    Many a bridge shows a description as it stands, so "a & b > c" stays; "R&D" and "a < b" would not be valid HTML.
    """
    return _REFERENCE_OPENS.sub("&amp;", text).replace("<", "&lt;")


def paragraph(text: str, href: str = "") -> str:
    """An HTML paragraph of plain text, as a link when there is an address for it."""
    inner = escape(text, quote=False)
    return f'<p><a href="{escape(href)}">{inner}</a></p>' if href else f"<p>{inner}</p>"
