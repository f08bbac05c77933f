"""How much of an HTML text is read. No parser is needed to know, so that whoever takes a text in can ask beforehand."""

from __future__ import annotations

import re

MAX_CHARS = 6_000_000
MAX_TAGS = 120_000

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_SOFT_HYPHENS = ("\u00ad", "&shy;", "&#173;", "&#xAD;", "&#xad;")
_XML_HEAD = re.compile(r"<\?xml\b[^>]{0,400}>")
_UNSEEN_BLOCK = re.compile(r"<(script|style|svg)\b", re.IGNORECASE)


def measured(text: str) -> tuple[str, str]:
    """An HTML text as it goes to the parser, and what there is too much of in it; "" where it can be read.

    At most MAX_CHARS characters are read, and MAX_TAGS tags besides those in scripts, styles and drawings.
    """
    if len(text) > MAX_CHARS:
        return text, f"is longer than {MAX_CHARS} characters"
    text = _CONTROLS.sub("", text).lstrip()
    for hyphen in _SOFT_HYPHENS:
        text = text.replace(hyphen, "")
    if head := _XML_HEAD.match(text):
        text = text[head.end() :]
    if text.count("<") > MAX_TAGS:
        text = _without_unseen(text)
    return text, f"has more than {MAX_TAGS} tags" if text.count("<") > MAX_TAGS else ""


def _without_unseen(text: str) -> str:
    """Cut scripts, styles and drawings out of the text; in linear time, whatever is in it."""
    lower = text.lower()
    kept: list[str] = []
    start = 0
    for found in _UNSEEN_BLOCK.finditer(text):
        if found.start() < start:
            continue
        closing = f"</{found.group(1).lower()}"
        end = lower.find(closing, found.end())
        if end < 0:
            break
        kept.append(text[start : found.start()])
        start = end + len(closing)
    kept.append(text[start:])
    return "<i".join(kept)
