"""Small readings of HTML text that need no parser: its words, its size, whether it was cut."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from html import unescape as unescape_all

_TAG = re.compile(r"<(?:/?[A-Za-z!][^<>]{0,5000})>")
_UNSEEN = re.compile(r"<(script|style)\b", re.IGNORECASE)
_ENDS = {name: re.compile(rf"</{name}\s*+>", re.IGNORECASE) for name in ("script", "style")}
_LONGEST_TAG = 2_000
_LONGEST_UNSEEN = 200_000
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|kbd|mark|p|q|s|small|span|strike|strong|sub|sup|tt|u|var)"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_ATTRIBUTE = r"[\s/]*+[^\s=>/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+"
_TOO_LONG = re.compile(r"&#(?=\d{8})\d+;?")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_CUT = re.compile(
    r"(?:\[?(?:\.{3}|…)+\]?|(?:read|see|view|continue|learn)\s+(?:the\s+)?(?:more|full|whole|rest|reading)\b.{0,60}"
    r"|weiterlesen|lire la suite|leer más|阅读(?:全文|更多|原文)"
    r"|查看(?:全文|更多|详情|详细|原文)|[\[【(（]\s*(?:详细|全文|更多|详情))"
    r"[\s\]】)）>»›→。.]*\Z",
    re.IGNORECASE,
)


def unescape(text: str) -> str:
    """A text with its character references resolved (HTML §13.2.5.80), those beyond all characters to U+FFFD."""
    return unescape_all(_TOO_LONG.sub("\ufffd", text))


def has_crowded_tag(text: str, most: int) -> bool:
    """Whether a tag has more than `most` attributes: parsers compare each of them with all others. In linear time."""
    return any(tag[1] for tag in _crowded_tag(most).finditer(text))


@cache
def _crowded_tag(most: int) -> re.Pattern[str]:
    # The tag is taken whole, so that nothing within it is looked at twice.
    return re.compile(rf"<[A-Za-z][^\s>/]*+(?:{_ATTRIBUTE}){{0,{most}}}+({_ATTRIBUTE})?")


def text_of(html: str) -> str:
    """The words of a piece of HTML, on one line."""
    if "<" in html:
        html = _TAG.sub(" ", without_scripts(html))
    return " ".join(unescape(html).split())


def without_scripts(html: str) -> str:
    """HTML without its scripts and styles, as far as they end. In linear time."""
    if "<s" not in html.lower():
        return html
    parts: list[str] = []
    ends = dict.fromkeys(_ENDS, (-1, -1))
    place = 0
    for opened in _UNSEEN.finditer(html):
        if opened.start() < place:
            continue
        inside = html.find(">", opened.end(), opened.end() + _LONGEST_TAG + 1) + 1
        name = opened[1].lower()
        if inside and ends[name][0] < inside:
            end = _ENDS[name].search(html, inside)
            ends[name] = end.span() if end else (len(html) + _LONGEST_UNSEEN + 1, len(html))
        if inside and ends[name][0] - inside <= _LONGEST_UNSEEN:
            parts += [html[place : opened.start()], " "]
            place = ends[name][1]
    return "".join(parts) + html[place:]


def plain_title(text: str) -> str:
    """A title without the inline markup that some put into it; <R&D> and other angle brackets stay."""
    return " ".join(_INLINE.sub(" ", text).split()) if "<" in text else " ".join(text.split())


def title_from_html(text: str) -> str:
    """A title from where it may be HTML: without inline markup, character references resolved."""
    return " ".join(unescape(plain_title(text)).split())


def count_words(text: str) -> int:
    """How many words; in Chinese, Japanese and Korean each character is one."""
    return sum(1 for _ in _WORD.finditer(text))


def is_cut(text: str) -> bool:
    """Whether a text ends as the beginning of a longer one does: …, [...], 查看全文, Read more."""
    return _CUT.search(text[-200:].rstrip()) is not None


def paragraphs(text: str) -> str:
    """Plain text as HTML paragraphs."""
    blocks = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip())
    return "\n".join(
        "<p>" + escape(block.strip(), quote=False).replace("\n", "<br>") + "</p>" for block in blocks if block.strip()
    )
